"""The mails of screening: one function per event (see `notifications`). They name organisations, never people."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from ace_partners.core.mail import queue
from ace_partners.core.models import User
from ace_partners.core.rights import Role
from vetting.notifications import colleagues


def _link(name, *args):
    return settings.SITE_URL + reverse(name, args=args)


def _screeners(partner, *, but=()):
    """Officers and the direction, each once, without those who belong to the organisation."""
    return {
        user.pk: user for role in (Role.REVIEWER, Role.APPROVER) for user in colleagues(role, partner, but=but)
    }.values()


def hits_found(screening, count, *, by):
    """To the officers, also to the one who pressed the button: somebody has to propose a verdict."""
    partner = screening.partner
    context = {"partner": partner, "count": count, "link": _link("vetting:screening", screening.pk)}
    to = colleagues(Role.REVIEWER, partner)
    queue("vetting/email/hits_found", to=to, context=context, dedupe=f"hits-found-{screening.pk}", by=by)


def run_finished(*, organisations, hits, by):
    """One mail for a whole run over the network, instead of one per organisation."""
    context = {"organisations": organisations, "hits": hits, "link": _link("vetting:hit_list")}
    to = User.objects.filter(is_active=True, ace_roles__role=Role.REVIEWER).order_by("pk")
    dedupe = f"screening-run-{timezone.now().isoformat()}"
    queue("vetting/email/screening_run", to=to, context=context, dedupe=dedupe, topic="screening-run", by=by)


def verdict_proposed(hit, *, by):
    context = {"partner": hit.partner, "link": _link("vetting:hit", hit.pk)}
    queue(
        "vetting/email/verdict_proposed",
        to=_screeners(hit.partner, but=[by]),
        context=context,
        dedupe=f"verdict-proposed-{hit.pk}-{hit.lock_version}",
        topic=f"hit-{hit.pk}",
        by=by,
    )


def verdict_sent_back(hit, *, to, reason, by):
    context = {"partner": hit.partner, "reason": reason, "link": _link("vetting:hit", hit.pk)}
    dedupe = f"verdict-sent-back-{hit.pk}-{hit.lock_version}"
    queue("vetting/email/verdict_sent_back", to=[to], context=context, dedupe=dedupe, by=by)


def hit_confirmed(hit, *, by):
    context = {"partner": hit.partner, "link": _link("vetting:hit", hit.pk)}
    dedupe = f"hit-confirmed-{hit.pk}-{hit.lock_version}"
    queue("vetting/email/hit_confirmed", to=_screeners(hit.partner, but=[by]), context=context, dedupe=dedupe, by=by)
