"""What a missed day of a capacity plan does, everywhere at once; how progress is counted; who sees a plan."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import UserFactory
from partners.models import Partner
from partners.tests.factories import MembershipFactory, PartnerFactory
from vetting import actions, holds
from vetting.actions import plans
from vetting.models import ActionStatus, CapacityAction, CapacityPlan
from vetting.plan_facts import plan_facts, with_steps
from vetting.rules import plans as rules
from vetting.standing import standing_of, with_standing
from vetting.tests.factories import (
    DecisionFactory,
    assessed,
    current,
    editor_of,
    in_review,
    proposal_values,
    signatory_of,
)
from vetting.tests.factories_plans import fresh, plan_for, received, step_for

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(english):
    """Sentences are compared as they are written in the code."""


@pytest.fixture
def step():
    return step_for()


@pytest.fixture
def editor(step):
    return editor_of(step.plan.partner)


def in_days(n):
    """The site, n days from now."""
    return time_machine.travel(timezone.now() + timedelta(days=n), tick=False)


# --- a missed day ------------------------------------------------------------------------------------------------


def seen_everywhere(partner):
    """(standing of one, standing in lists, kinds of holds) of an organisation today."""
    listed = with_standing(Partner.objects.filter(pk=partner.pk)).get().standing_code
    return standing_of(partner).code, listed, [hold.kind for hold in holds.open_holds(partner)]


FREE = ("conditional", "conditional", [])
SUSPENDED = ("suspended", "suspended", [holds.MISSED_CONDITION])


def test_the_day_itself_is_still_in_time_and_the_next_suspends(step):
    with in_days(60):
        assert seen_everywhere(step.plan.partner) == FREE
    with in_days(61):
        assert seen_everywhere(step.plan.partner) == SUSPENDED
        assert rules.days_missed(fresh(step)) == 1


def test_the_whole_chain_from_a_real_decision(reviewer, other_reviewer, approver):
    dossier = assessed(in_review(reviewer), reviewer, C1_2="partial")
    item = dossier.items.get(code="C1.2")
    steps = [(item, "Tenir l'AG", timezone.localdate() + timedelta(days=90))]
    values = proposal_values(outcome="conditional", steps=steps)
    actions.propose(dossier, by=reviewer, seen=dossier.lock_version, **values)
    decision = actions.approve(dossier, by=approver, seen=current(dossier).lock_version, no_link=True)
    step = decision.plan.actions.get()

    assert seen_everywhere(decision.partner) == FREE
    with in_days(91):
        assert seen_everywhere(decision.partner) == SUSPENDED
        received(step, editor_of(decision.partner))
        plans.validate(fresh(step), by=other_reviewer, seen=1)
        assert seen_everywhere(decision.partner) == FREE


def test_evidence_in_time_protects_however_late_ace_is(step, editor):
    received(step, editor)

    with in_days(200):
        assert seen_everywhere(step.plan.partner) == FREE
        [row] = plan_facts(step.plan).steps
        assert (row.late, row.ace_late, row.suspends) == (0, True, False)


def test_evidence_after_the_day_does_not_lift_the_suspension_its_validation_does(step, editor, reviewer):
    with in_days(61):
        received(step, editor)
        assert seen_everywhere(step.plan.partner) == SUSPENDED
        plans.validate(fresh(step), by=reviewer, seen=1)
        assert seen_everywhere(step.plan.partner) == FREE
        assert standing_of(step.plan.partner).conditions == ()


def test_more_time_lifts_the_suspension(step, approver):
    with in_days(61):
        new = timezone.localdate() + timedelta(days=5)
        plans.extend(step, by=approver, seen=0, due_on=new, reason="Route coupée.")
        assert seen_everywhere(step.plan.partner) == FREE


def test_sent_back_after_its_day_a_step_is_missed(step, editor, reviewer):
    received(step, editor)
    with in_days(61):
        plans.send_back(fresh(step), by=reviewer, seen=1, reason="Il manque la page 2.")
        assert seen_everywhere(step.plan.partner) == SUSPENDED


def test_a_missed_step_before_approval_suspends_nothing(reviewer):
    step = step_for(outcome="to_strengthen")

    with in_days(61):
        assert seen_everywhere(step.plan.partner) == ("to_strengthen", "to_strengthen", [])
        [row] = plan_facts(step.plan).steps
        assert (row.late, row.suspends) == (1, False)


def test_a_new_decision_ends_it(step):
    with in_days(61):
        DecisionFactory(partner=step.plan.partner, outcome="approved")
        assert seen_everywhere(step.plan.partner) == ("approved", "approved", [])


def test_one_row_and_the_query_say_the_same_about_being_missed(editor, reviewer):
    """`rules.is_missed` is the twin of `CapacityActionQuerySet.missed`."""
    today = timezone.localdate()
    partner = PartnerFactory()
    user = editor_of(partner)
    rows = []
    for status in ActionStatus:
        for due in (-1, 0, 1):
            for at in (-2, 0, None):
                step = step_for(PartnerFactory())
                changes = {"status": status, "due_on": today + timedelta(days=due)}
                changes["evidence_at"] = timezone.now() + timedelta(days=at) if at is not None else None
                if status == ActionStatus.VALIDATED:
                    changes |= {"validated_by": user, "validated_at": timezone.now()}
                CapacityAction.objects.filter(pk=step.pk).update(**changes)
                rows.append(fresh(step))

    missed = set(CapacityAction.objects.missed(today).values_list("pk", flat=True))

    assert missed == {row.pk for row in rows if rules.is_missed(row, today)}
    assert 0 < len(missed) < len(rows)


# --- progress ----------------------------------------------------------------------------------------------------


def test_progress_counts_no_dropped_step_and_lists_count_alike(reviewer):
    plan = plan_for(outcome="to_strengthen", items=("C1.2", "C3.1", "C4.1"))
    editor = editor_of(plan.partner)
    first, second, third = plan.actions.all()
    received(first, editor)
    plans.validate(fresh(first), by=reviewer, seen=1)
    received(second, editor)
    plans.drop(third, by=reviewer, seen=0, reason="Plus utile.")

    facts = plan_facts(CapacityPlan.objects.get(pk=plan.pk))
    row = with_steps(CapacityPlan.objects.all()).get()

    assert (facts.validated, facts.total, facts.progress) == (1, 2, "1 of 2 steps validated")
    assert (row.steps_validated, row.steps_total, row.steps_waiting, row.steps_late) == (1, 2, 1, 0)
    assert row.next_due == second.due_on
    with in_days(61):
        assert with_steps(CapacityPlan.objects.all()).get().steps_late == 0  # the evidence came in time


def test_plans_are_seen_by_their_organisation_and_by_ace_alone(step, editor, reviewer, ace_admin, auditor):
    own, stranger = signatory_of(step.plan.partner), signatory_of(PartnerFactory())
    inside = MembershipFactory(
        partner=step.plan.partner, role=Role.VIEWER, user=UserFactory(roles=[Role.REVIEWER])
    ).user

    assert [CapacityPlan.objects.visible_to(user).exists() for user in (own, reviewer, inside)] == [True] * 3
    assert [CapacityPlan.objects.visible_to(user).exists() for user in (stranger, ace_admin, auditor)] == [False] * 3
    assert [CapacityAction.objects.visible_to_team(user).exists() for user in (reviewer, own, inside)] == [
        True,
        False,
        False,
    ]
