"""What the pages and the paper of a capacity plan show: its steps as they stand today, its progress, the trainings."""

from dataclasses import dataclass

from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from vetting import phrases
from vetting.models import FINDING_CHOICES, UNFINISHED, ActionStatus, CapacityAction, TrainingAttendance
from vetting.rules import plans as rules
from vetting.scoring import Outcome

FINDINGS = dict(FINDING_CHOICES)
TONES = {
    ActionStatus.TODO: "none",
    ActionStatus.IN_PROGRESS: "progress",
    ActionStatus.EVIDENCE_RECEIVED: "progress",
    ActionStatus.VALIDATED: "good",
    ActionStatus.DROPPED: "neutral",
}


@dataclass(frozen=True)
class StepFacts:
    """One step today. `late`: days since it was missed; `ace_late`: the evidence came in time and ACE has not answered."""

    step: CapacityAction
    gap: str  # ACE's finding on the item when it decided
    late: int
    ace_late: bool
    suspends: bool  # missed, and the approval hangs on it

    @property
    def tone(self):
        return "bad" if self.late else TONES[self.step.status]

    @property
    def rows(self):
        """What was agreed, for components/summary_list.html; what was not agreed is not shown as a gap."""
        step = self.step
        rows = [
            {"label": _("What ACE found"), "value": str(self.gap)},
            {"label": _("The question"), "value": step.item.question},
            {"label": _("Who does it"), "value": step.responsible},
            {"label": _("What ACE does to help"), "value": step.support},
            {"label": _("Evidence expected"), "value": str(step.evidence_type or "")},
            {"label": _("Day agreed"), "value": self.due},
        ]
        return [row for row in rows if row["value"]]

    @property
    def due(self):
        """The day agreed, and the first one where the direction gave more time."""
        extensions = list(self.step.extensions.all())
        if not extensions:
            return phrases.day(self.step.due_on)
        words = _("%(day)s (first agreed: %(first)s)")
        return words % {"day": phrases.day(self.step.due_on), "first": phrases.day(extensions[0].was_due_on)}


@dataclass(frozen=True)
class PlanFacts:
    """A plan today. A dropped step counts neither as done nor as to do."""

    plan: object
    in_force: bool
    steps: tuple[StepFacts, ...]
    trainings: tuple[TrainingAttendance, ...]

    @property
    def validated(self):
        return sum(row.step.status == ActionStatus.VALIDATED for row in self.steps)

    @property
    def total(self):
        return sum(row.step.status != ActionStatus.DROPPED for row in self.steps)

    @property
    def progress(self):
        """How far the plan is, in words."""
        words = _("%(done)s of %(total)s steps validated")
        return words % {"done": self.validated, "total": self.total}

    @property
    def suspending(self):
        """The missed steps that suspend the approval today."""
        return [row for row in self.steps if row.suspends]

    @property
    def to_do(self):
        """The steps that lie with the organisation, first due first."""
        return [row for row in self.steps if row.step.status in rules.WITH_ORGANISATION] if self.in_force else []

    @property
    def is_condition(self):
        """An approval hangs on the steps; otherwise they lead to a new assessment."""
        return self.plan.decision.outcome == Outcome.CONDITIONAL


def plan_facts(plan, today=None):
    """The PlanFacts of a plan that carries its decision; six queries, whatever its length."""
    today = today or timezone.localdate()
    steps = plan.actions.select_related("item__criterion", "evidence_type").prefetch_related(
        "evidence__document__type", "evidence__document__file", "extensions"
    )
    trainings = TrainingAttendance.objects.filter(partner=plan.partner_id).select_related("session")
    return PlanFacts(
        plan=plan,
        in_force=rules.is_in_force(plan),
        steps=tuple(step_facts(step, plan, today) for step in steps),
        trainings=tuple(trainings.order_by("-session__held_on", "-session__pk")),
    )


def with_steps(plans, today=None):
    """Annotate plans with steps_total, steps_validated, steps_late, steps_waiting and next_due, for lists."""
    today = today or timezone.localdate()
    unfinished = Q(actions__status__in=UNFINISHED)
    return plans.annotate(
        steps_total=Count("actions", filter=~Q(actions__status=ActionStatus.DROPPED)),
        steps_validated=Count("actions", filter=Q(actions__status=ActionStatus.VALIDATED)),
        steps_late=Count("actions", filter=Q(actions__in=CapacityAction.objects.missed(today))),
        steps_waiting=Count("actions", filter=Q(actions__status=ActionStatus.EVIDENCE_RECEIVED)),
        next_due=Min("actions__due_on", filter=unfinished),
    )


def step_facts(step, plan, today=None):
    """The StepFacts of one step of `plan`, which carries its decision and partner."""
    today = today or timezone.localdate()
    step.plan = plan  # its decision and partner are read already
    late = rules.days_missed(step, today) if rules.is_in_force(plan) else 0
    conditional = plan.decision.outcome == Outcome.CONDITIONAL
    return StepFacts(
        step=step,
        gap=FINDINGS.get(_answers(plan.decision).get(step.item.code), ""),
        late=late,
        ace_late=step.due_on < today and rules.came_in_time(step),
        suspends=bool(late and conditional and step.condition_id),
    )


def _answers(decision):
    """item code → ACE's finding, as the decision was founded on it."""
    return {row["code"]: row["answer"] for row in decision.assessment.get("items", ())}
