"""Visits by ACE: planned, recorded with their points, cancelled; actions marked as done."""

from django.db import transaction
from django.utils import timezone

from ace_partners.core import audit
from ace_partners.core.errors import refuse
from ace_partners.core.machine import claim_version, perform
from vetting.models import Visit, VisitPoint
from vetting.rules import visits as rules


@transaction.atomic
def plan_visit(partner, *, by, planned_on, purpose, visitors, place=None):
    """Put a visit into the calendar. Returns the Visit."""
    refuse(rules.against_planning(partner, by, planned_on))
    visit = Visit.objects.create(
        partner=partner,
        place=place,
        planned_on=planned_on,
        purpose=purpose.strip(),
        visitors=visitors.strip(),
        added_by=by,
    )
    audit.record("visit.plan", visit, by=by, after={"planned_on": planned_on.isoformat()})
    return visit


@transaction.atomic
def record_visit(visit, *, by, seen, held_on, account, points=()):
    """Write down what was seen. `points`: (text, responsible, due_on); without the last two a finding, else an action."""
    refuse(rules.against_account(held_on, account, points))
    changes = {"held_on": held_on, "account": account.strip()}
    visit = _move(visit, "record", by=by, seen=seen, **changes)
    VisitPoint.objects.bulk_create(
        VisitPoint(visit=visit, text=text.strip(), responsible=responsible.strip(), due_on=due_on)
        for text, responsible, due_on in points
    )
    return visit


@transaction.atomic
def cancel_visit(visit, *, by, seen, reason):
    return _move(visit, "cancel", by=by, seen=seen, reason=reason.strip())


@transaction.atomic
def close_point(point, *, by, seen):
    """Mark an action as done today. `seen` is the version of the visit: its points move under its lock."""
    visit = claim_version(point.visit, seen=seen)
    point = VisitPoint.objects.select_related("visit__partner").get(pk=point.pk)
    refuse(rules.against_closing_point(point, by))
    point.done_on = timezone.localdate()
    point.save(update_fields=["done_on"])
    audit.record("visit.point_done", visit, by=by, after={"point": point.pk})
    return point


def _move(visit, name, *, by, seen, reason="", **changes):
    against = rules.against_moving_visit
    return perform(rules.VISIT, visit, name, by=by, seen=seen, against=against, reason=reason, **changes)
