"""A capacity plan without the road to its decision, and trainings; `actions.plans.open_plan` makes the plan itself."""

from datetime import timedelta

import factory
from django.utils import timezone

from ace_partners.core.tests.factories import UserFactory
from partners.tests.factories import DocumentFactory, PartnerFactory
from vetting.actions import plans
from vetting.models import (
    CapacityAction,
    ChecklistItem,
    DecisionCondition,
    ProposalStep,
    TrainingAttendance,
    TrainingSession,
)
from vetting.scoring import Outcome
from vetting.tests.factories import DecisionFactory


def plan_for(partner=None, *, by=None, outcome=Outcome.CONDITIONAL, items=("C1.2", "C3.1"), days=60, **decision):
    """The plan of a decision taken now: one step per item, due `days` from today; each a condition if conditional."""
    decision = DecisionFactory(partner=partner or PartnerFactory(), outcome=outcome, **decision)
    due_on = timezone.localdate() + timedelta(days=days)
    for item in ChecklistItem.objects.filter(criterion__checklist=decision.dossier.checklist, code__in=items):
        facts = {"item": item, "action": f"Action {item.code}", "due_on": due_on}
        ProposalStep.objects.create(
            proposal=decision.proposal, responsible="Le secrétariat", support="Un modèle et un appui", **facts
        )
        if outcome == Outcome.CONDITIONAL:
            DecisionCondition.objects.create(decision=decision, **facts)
    return plans.open_plan(decision, by=by or UserFactory())


def step_for(partner=None, **more):
    """One step, the only one of its plan."""
    return plan_for(partner, items=("C1.2",), **more).actions.get()


def with_document(step, by):
    """A document of the organisation's file, attached to the step by `by`. Returns it."""
    document = DocumentFactory(partner=step.plan.partner, title="Procès-verbal")
    plans.attach_document(step, document, by=by)
    return document


def received(step, by):
    """Sent to ACE with one document."""
    with_document(step, by)
    return plans.send_evidence(step, by=by, seen=fresh(step).lock_version)


def fresh(step):
    """The step as the database has it."""
    return CapacityAction.objects.get(pk=step.pk)


class TrainingSessionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TrainingSession

    title = factory.Sequence(lambda n: f"Formation {n}")
    held_on = factory.LazyFunction(timezone.localdate)
    added_by = factory.SubFactory(UserFactory)


class TrainingAttendanceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TrainingAttendance

    session = factory.SubFactory(TrainingSessionFactory)
    partner = factory.SubFactory(PartnerFactory)
    women = 3
    men = 0
