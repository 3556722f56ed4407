"""The mails about a version of the checklist: to the second person, and back to the one who proposed it."""

from ace_partners.core.mail import link_to, queue
from ace_partners.core.rights import Role
from vetting.notifications.people import accounts


def checklist_proposed(checklist, *, by):
    """To every approver but the one who proposed it."""
    approvers = accounts(Role.APPROVER).exclude(pk=by.pk)
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
            "link": link_to(page, checklist.version),
        },
        dedupe=f"checklist-{event}-{checklist.pk}-{checklist.lock_version}",
        topic=f"checklist-{checklist.pk}",
        by=by,
    )
