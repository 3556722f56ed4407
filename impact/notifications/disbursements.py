"""The mails about payments. None carries an amount: each leads to a page that asks for a sign-in."""

from django.urls import reverse

from ace_partners.core import mail
from ace_partners.core.rights import PARTNER_ROLES, Role
from vetting.notifications.people import colleagues, members


def disbursement_proposed(disbursement, *, by):
    """To the direction, without who proposed and who belongs to the organisation: a payment waits for approval."""
    to = colleagues(Role.APPROVER, _project(disbursement).partner, but=[by])
    _queue("disbursement_proposed", disbursement, to=to, by=by)


def disbursement_paid(disbursement, *, by):
    """To everybody of the organisation, who read its agreement: money is on its way."""
    project = _project(disbursement)
    path = reverse("impact_space:agreement", args=[project.code])
    _queue("disbursement_paid", disbursement, to=members(project.partner, PARTNER_ROLES), by=by, path=path)


def disbursement_cancelled(disbursement, *, by, reason):
    """To who proposed it, unless that is who cancels."""
    to = [user for user in [disbursement.proposed_by] if user != by and user.is_active]
    _queue("disbursement_cancelled", disbursement, to=to, by=by, reason=reason)


def _project(disbursement):
    return disbursement.installment.agreement.project


def _queue(name, disbursement, *, to, by, path=None, **extra):
    """A newer mail about a payment replaces an unsent older one to the same person."""
    context = {
        "project": _project(disbursement),
        "number": disbursement.installment.number,
        "path": path or reverse("impact:disbursement", args=[disbursement.pk]),
        **extra,
    }
    mail.queue(
        f"impact/email/{name}",
        to=to,
        context=context,
        dedupe=f"disbursement-{disbursement.pk}-{name}",
        by=by,
        topic=f"disbursement-{disbursement.pk}",
    )
