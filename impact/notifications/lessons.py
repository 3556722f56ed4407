"""The mails about a lesson of ACE's work pages: to whoever may publish it, and back to its writer."""

from django.urls import reverse

from ace_partners.core import mail
from ace_partners.core.models import User
from ace_partners.core.rights import CASE_ROLES, PARTNER_ROLES
from vetting.notifications.people import members


def lesson_proposed(lesson, *, by):
    """Into the mail of the day of the case roles, without its writer and who belongs to the organisation."""
    to = User.objects.filter(is_active=True, ace_roles__role__in=CASE_ROLES)
    to = to.exclude(pk__in=[by.pk, lesson.written_by_id])
    if lesson.partner:
        to = to.exclude(pk__in=members(lesson.partner, PARTNER_ROLES).values("pk"))
    _queue("lesson_proposed", lesson, to.distinct().order_by("pk"), by=by, in_digest=True)


def lesson_returned(lesson, *, by, reason):
    """To its writer, with what has to be worked on; nothing to say to whoever returns their own."""
    to = [user for user in [lesson.written_by] if user != by and user.is_active]
    _queue("lesson_returned", lesson, to, by=by, text=reason.strip())


def _queue(name, lesson, to, *, by, in_digest=False, **extra):
    mail.queue(
        f"impact/email/{name}",
        to=to,
        context={"lesson": lesson, "path": reverse("impact:lesson", args=[lesson.pk]), **extra},
        dedupe=f"{name}-{lesson.pk}-{lesson.lock_version}",
        by=by,
        topic=f"lesson-{lesson.pk}",
        in_digest=in_digest,
    )
