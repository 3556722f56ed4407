"""The mails about a version of an indicator: to the second person, and back to the one who proposed it."""

from django.urls import reverse

from ace_partners.core import mail
from ace_partners.core.rights import Role
from vetting.notifications.people import accounts


def indicator_proposed(indicator, *, by):
    """To every approver but the one who proposed it."""
    approvers = accounts(Role.APPROVER).exclude(pk=by.pk)
    _send("indicator_proposed", indicator, approvers, "impact:indicator_publish", by=by, text=indicator.what_changes)


def indicator_returned(indicator, proposer, *, by, reason):
    """To the one who had proposed it."""
    _send("indicator_returned", indicator, [proposer], "impact:indicator", by=by, text=reason)


def _send(name, indicator, people, page, *, by, text):
    mail.queue(
        f"impact/email/{name}",
        to=people,
        context={"indicator": indicator, "text": text, "path": reverse(page, args=[indicator.code])},
        dedupe=f"{name}-{indicator.pk}-{indicator.lock_version}",
        by=by,
        topic=f"indicator-{indicator.pk}",
    )
