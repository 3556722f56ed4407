"""The mails about an agreement: to the direction while it waits for a second person, to the organisation once it binds."""

from django.urls import reverse

from ace_partners.core import mail
from ace_partners.core.rights import PARTNER_ROLES, Role
from vetting.notifications.people import colleagues, members


def agreement_waiting(agreement, *, by):
    """To the direction, without who wrote it and who belongs to the organisation."""
    to = colleagues(Role.APPROVER, agreement.project.partner, but=[by])
    _queue("agreement_waiting", agreement, "impact:agreement", to=to, by=by)


def agreement_approved(agreement, *, by):
    """To everybody of the organisation, who read its agreement."""
    to = members(agreement.project.partner, PARTNER_ROLES)
    _queue("agreement_approved", agreement, "impact_space:agreement", to=to, by=by)


def _queue(name, agreement, page, *, to, by):
    project = agreement.project
    path = reverse(page, args=[project.code])
    mail.queue(
        f"impact/email/{name}",
        to=to,
        context={"agreement": agreement, "project": project, "partner": project.partner, "path": path},
        dedupe=f"agreement-{agreement.pk}-{agreement.lock_version}-{name}",
        by=by,
        topic=f"agreement-{agreement.pk}",
    )
