"""Suspending, lifting, ending a relationship: proposed by one person, put into force by another (design §1.2)."""

from django.db import transaction
from django.utils import timezone

from ace_partners.core import audit
from ace_partners.core.errors import refuse
from ace_partners.core.machine import perform
from partners.actions import move_relationship
from partners.models import Partner
from vetting.actions.holds import mark_lifted
from vetting.models import Hold, HoldKind, Measure, MeasureKind
from vetting.notifications import reviews as notifications
from vetting.rules import measures as rules


@transaction.atomic
def propose_measure(partner, *, by, kind, reason, review_on=None):
    """Write the measure down for a second person; nothing changes for the organisation yet. Returns the Measure."""
    partner = Partner.objects.select_for_update().get(pk=partner.pk)
    refuse(rules.against_proposing_measure(partner, by, kind, review_on))
    measure = Measure.objects.create(
        partner=partner,
        kind=kind,
        reason=reason.strip(),
        review_on=review_on if kind == MeasureKind.SUSPEND else None,
        proposed_by=by,
    )
    audit.record("measure.propose", measure, by=by, after={"kind": kind})
    notifications.measure_proposed(measure, by=by)
    return measure


@transaction.atomic
def approve_measure(measure, *, by, seen):
    """Put the measure into force: the relationship moves, a suspension holds payments, the organisation is told why."""
    measure = _decide(measure, "approve", by=by, seen=seen)
    move_relationship(measure.partner, measure.kind, by=by, reason=measure.reason)
    if measure.kind == MeasureKind.SUSPEND:
        hold = Hold.objects.create(
            partner=measure.partner, kind=HoldKind.SUSPENSION, reason=measure.reason, measure=measure, set_by=by
        )
        audit.record("hold.set", hold, by=by, after={"kind": hold.kind, "measure": measure.pk})
    else:
        _lift_suspension(measure, by)
    notifications.measure_in_force(measure, by=by)
    return measure


@transaction.atomic
def return_measure(measure, *, by, seen, reason):
    """Do not approve: the one who proposed reads why, the organisation nothing, because nothing happened to it."""
    measure = _decide(measure, "return", by=by, seen=seen, reason=reason)
    notifications.measure_returned(measure, by=by, reason=reason.strip())
    return measure


def _decide(measure, name, *, by, seen, reason=""):
    changes = {"decided_by": by, "decided_at": timezone.now()}
    against = rules.against_moving_measure
    return perform(rules.MEASURE, measure, name, by=by, seen=seen, against=against, reason=reason, **changes)


def _lift_suspension(measure, by):
    """The hold of the suspension ends with it; holds put for other reasons stay (unlocking one never opens another)."""
    holds = Hold.objects.select_for_update().filter(
        partner=measure.partner, kind=HoldKind.SUSPENSION, lifted_at__isnull=True
    )
    for hold in holds:
        mark_lifted(hold, by=by, reason=measure.reason)
        audit.record("hold.lift", hold, by=by, after={"measure": measure.pk})
