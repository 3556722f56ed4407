"""The standing of a partner, derived and never stored: its decision in force, that decision's validity, its conditions.

Suspended is a partner that two persons suspended, or that missed a condition of its approval: that is the rule which
the decision itself announced (design §5). Public data only: outcome, dates, result and score per criterion, which
conditions are open and until when. Neither the reasons, nor the words of a condition, nor holds leave the closed pages;
those join `vetting.holds` to it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Subquery, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models import Relationship
from vetting.holds import missed_conditions
from vetting.models import (
    CRITERION_RESULT_CHOICES,
    UNFINISHED,
    CapacityAction,
    Checklist,
    Decision,
    Dossier,
    DossierStatus,
)
from vetting.scoring import Outcome

NOT_ASSESSED, IN_PROGRESS, EXPIRED, SUSPENDED = "not_assessed", "in_progress", "expired", "suspended"
STANDING_CHOICES = [
    (NOT_ASSESSED, _("Not assessed")),
    (IN_PROGRESS, _("Due diligence under way")),
    (Outcome.APPROVED.value, _("Approved")),
    (Outcome.CONDITIONAL.value, _("Approved with conditions")),
    (Outcome.TO_STRENGTHEN.value, _("To strengthen first")),
    (Outcome.DECLINED.value, _("Declined")),
    (Outcome.EXCLUDED.value, _("Excluded")),
    (SUSPENDED, _("Suspended")),
    (EXPIRED, _("To be re-assessed")),
]
LABELS = dict(STANDING_CHOICES)
RESULT_LABELS = dict(CRITERION_RESULT_CHOICES)

# Before the first submission nothing is being verified yet, and a draft is nobody's business (design §1.6).
UNDER_WAY = (
    DossierStatus.SUBMITTED,
    DossierStatus.IN_REVIEW,
    DossierStatus.CHANGES_REQUESTED,
    DossierStatus.PROPOSED,
)


@dataclass(frozen=True)
class CriterionStanding:
    code: str
    number: int
    title: str
    result: str
    label: str
    score: Decimal | None  # percent


@dataclass(frozen=True)
class ConditionStanding:
    item_code: str
    subject: str
    due_on: date


@dataclass(frozen=True)
class Standing:
    code: str
    label: str
    decided_at: datetime | None
    valid_until: date | None
    criteria: tuple[CriterionStanding, ...]
    conditions: tuple[ConditionStanding, ...]


def with_standing(partners):
    """Annotate partners with standing_code, standing_decided_at and standing_valid_until; filterable by the code."""
    in_force = Decision.objects.in_force().filter(partner=OuterRef("pk"))
    return partners.annotate(
        standing_outcome=Subquery(in_force.values("outcome")[:1]),
        standing_decided_at=Subquery(in_force.values("decided_at")[:1]),
        standing_valid_until=Subquery(in_force.values("valid_until")[:1]),
    ).annotate(
        standing_code=Case(
            When(standing_outcome=Outcome.EXCLUDED, then=Value(Outcome.EXCLUDED.value)),
            When(_suspended(timezone.localdate()), then=Value(SUSPENDED)),
            When(_lapsed(timezone.localdate()), then=Value(EXPIRED)),
            When(standing_outcome__isnull=False, then=F("standing_outcome")),
            When(Exists(_under_way().filter(partner=OuterRef("pk"))), then=Value(IN_PROGRESS)),
            default=Value(NOT_ASSESSED),
            output_field=CharField(),
        )
    )


def _lapsed(today):
    return Q(standing_valid_until__lt=today)


def _suspended(today):
    return Q(status=Relationship.SUSPENDED) | Q(
        Exists(missed_conditions(today).filter(plan__partner=OuterRef("pk"))), standing_outcome=Outcome.CONDITIONAL
    )


def _under_way():
    return Dossier.objects.filter(status__in=UNDER_WAY)


def standing_of(partner):
    """The Standing of one partner; criteria are always there, "not assessed" before the first decision."""
    decision = Decision.objects.in_force().filter(partner=partner).first()
    if decision is None:
        code = IN_PROGRESS if _under_way().filter(partner=partner).exists() else NOT_ASSESSED
        return Standing(code, LABELS[code], None, None, _criteria_not_assessed(), ())
    code = _code(partner, decision, timezone.localdate())
    return Standing(
        code, LABELS[code], decision.decided_at, decision.valid_until, _criteria(decision), _conditions(decision)
    )


def _code(partner, decision, today):
    if decision.outcome == Outcome.EXCLUDED:
        return decision.outcome
    conditional = decision.outcome == Outcome.CONDITIONAL
    if partner.status == Relationship.SUSPENDED or (
        conditional and missed_conditions(today).filter(plan__decision=decision).exists()
    ):
        return SUSPENDED
    lapsed = decision.valid_until is not None and decision.valid_until < today
    return EXPIRED if lapsed else decision.outcome


def _criteria_not_assessed():
    checklist = Checklist.objects.current()
    criteria = checklist.criteria.all() if checklist else ()
    return tuple(_criterion(criterion, "not_assessed", None) for criterion in criteria)


def _criteria(decision):
    return tuple(
        _criterion(row.criterion, row.result, row.score) for row in decision.criteria.select_related("criterion")
    )


def _criterion(criterion, result, score):
    return CriterionStanding(criterion.code, criterion.number, criterion.title, result, RESULT_LABELS[result], score)


def _conditions(decision):
    """The conditions still open, each with the day it is due now: a validated step closes its condition."""
    steps = {step.condition_id: step for step in CapacityAction.objects.filter(condition__decision=decision)}
    return tuple(
        ConditionStanding(row.item.code, row.item.section, steps[row.pk].due_on if row.pk in steps else row.due_on)
        for row in decision.conditions.select_related("item")
        if row.pk not in steps or steps[row.pk].status in UNFINISHED
    )
