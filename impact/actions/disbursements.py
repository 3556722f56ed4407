"""Money that leaves for one planned payment: proposed by one person, approved by another, recorded as paid.

Each step asks again, under the lock, everything that could stop the payment. Names are screened before, outside the
transaction of the step: what is found must stay when it makes the step refused.
"""

from django.db import transaction
from django.utils import timezone

from ace_partners.core import audit
from ace_partners.core.errors import refuse
from ace_partners.core.machine import perform
from impact.models import Agreement, Disbursement
from impact.notifications import disbursements as notifications
from impact.rules import agreements as rules
from partners.models import Partner
from vetting.actions.screening import screen_if_stale
from vetting.models import ScreeningReason, ScreeningResult


def found_by_screening(installment, *, by):
    """Screen the organisation if its screening does not count any more; whether that found a name.

    A page asks this before the step, and answers with a redirect if so: a refused step leaves nothing behind.
    """
    screening = _screen(installment, by)
    return screening is not None and screening.result == ScreeningResult.HITS


def _screen(installment, by):
    return screen_if_stale(installment.agreement.project.partner, reason=ScreeningReason.PAYMENT, by=by)


def propose(installment, *, by, amount, note=""):
    """First person: propose money for a planned payment, in its currency. Returns the Disbursement. Raises NotAllowed."""
    _screen(installment, by)
    return _propose(installment, by, amount, note)


@transaction.atomic
def _propose(installment, by, amount, note):
    _hold_still(installment)
    refuse(rules.against_proposing(installment, by) or rules.against_amount(installment, amount))
    row = Disbursement.objects.create(
        installment=installment,
        amount=amount,
        currency=installment.currency,
        note=note.strip(),
        proposed_by=by,
        proposed_at=timezone.now(),
    )
    after = {"installment": installment.number, "amount": str(amount), "currency": row.currency}
    audit.record("disbursement.proposed", row, by=by, after=after)
    notifications.disbursement_proposed(row, by=by)
    return row


def _hold_still(installment):
    """The organisation and its calendar under a lock: two proposals for one payment wait for each other."""
    Partner.objects.select_for_update().get(pk=installment.agreement.project.partner_id)
    agreement = Agreement.objects.select_for_update().get(pk=installment.agreement_id)
    agreement.project = installment.agreement.project
    installment.agreement = agreement  # as it is now: its approval may have ended since the page was read


def approve(disbursement, *, by, seen):
    """Second person: the payment may leave. Raises Stale, NotAllowed."""
    _screen(disbursement.installment, by)
    return _step(disbursement, "approve", by=by, seen=seen, approved_by=by, approved_at=timezone.now())


@transaction.atomic
def _step(disbursement, name, *, by, seen, **changes):
    _hold_still(disbursement.installment)
    return perform(rules.DISBURSEMENT, disbursement, name, by=by, seen=seen, against=rules.against_moving, **changes)


def pay(disbursement, *, by, seen, paid_on, payment_reference):
    """Record that the money left on `paid_on`, and tell the organisation. Raises Stale, NotAllowed."""
    _screen(disbursement.installment, by)
    return _pay(disbursement, by, seen, paid_on, payment_reference.strip())


@transaction.atomic
def _pay(disbursement, by, seen, paid_on, payment_reference):
    refuse(rules.against_paid_on(disbursement, paid_on))
    facts = {"paid_on": paid_on, "payment_reference": payment_reference}
    row = _step(disbursement, "pay", by=by, seen=seen, **facts)
    notifications.disbursement_paid(row, by=by)
    return row


@transaction.atomic
def cancel(disbursement, *, by, seen, reason):
    """Give a proposed or approved payment up, with the reason; its line of the calendar is free again. Raises Stale, NotAllowed."""
    row = _step(disbursement, "cancel", by=by, seen=seen, reason=reason)
    notifications.disbursement_cancelled(row, by=by, reason=reason.strip())
    return row
