"""The mails about a version of the checklist: to the second person, and back to the one who proposed it."""

from django.conf import settings
from django.urls import reverse

from ace_partners.core.mail import queue
from ace_partners.core.models import User
from ace_partners.core.rights import Role


def checklist_proposed(checklist, *, by):
    """To every approver but the one who proposed it."""
    approvers = User.objects.filter(is_active=True, ace_roles__role=Role.APPROVER).exclude(pk=by.pk).order_by("pk")
    _send("proposed", checklist, approvers, "vetting:checklist_publish", by=by, text=checklist.what_changes)


def checklist_returned(checklist, proposer, *, by, reason):
    """To the one who had proposed it."""
    _send("returned", checklist, [proposer], "vetting:checklist", by=by, text=reason)


def _send(event, checklist, people, page, *, by, text):
    queue(
        f"vetting/email/checklist_{event}",
        to=people,
        context={
            "version": checklist.version,
            "text": text,
            "link": settings.SITE_URL + reverse(page, args=[checklist.version]),
        },
        dedupe=f"checklist-{event}-{checklist.pk}-{checklist.lock_version}",
        topic=f"checklist-{checklist.pk}",
        by=by,
    )
