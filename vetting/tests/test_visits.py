"""Visits: planned, recorded with findings and actions, cancelled; every step by source and role."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ace_partners.core import audit
from ace_partners.core.errors import NotAllowed, Stale
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import UserFactory
from partners.tests.factories import MembershipFactory, PartnerFactory
from vetting.actions import visits as actions
from vetting.models import Visit, VisitPoint, VisitStatus
from vetting.rules import visits as rules
from vetting.tests.factories import signatory_of
from vetting.tests.factories_following import VisitFactory, VisitPointFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(english):
    """Sentences are compared as they are written in the code."""


def day(days):
    return timezone.localdate() + timedelta(days=days)


PLAN = {"purpose": "Voir le puits", "visitors": "Deux chargés"}


def test_a_visit_is_planned_recorded_and_followed_up(me_officer, reviewer):
    visit = actions.plan_visit(PartnerFactory(), by=me_officer, planned_on=day(0), **PLAN)
    points = [("Le puits est ouvert", "", None), ("Le clôturer", "La coopérative", day(10))]

    visit = actions.record_visit(
        visit, by=reviewer, seen=0, held_on=day(0), account="Le site est propre.", points=points
    )
    found = list(VisitPoint.objects.filter(visit=visit).values_list("text", "responsible", "due_on", "done_on"))
    point = actions.close_point(visit.points.last(), by=me_officer, seen=visit.lock_version)

    assert (visit.status, visit.held_on, visit.account) == ("held", day(0), "Le site est propre.")
    assert found == [(*points[0], None), (*points[1], None)]
    assert point.done_on == day(0)
    assert [event.action for event in audit.history(visit)] == ["visit.point_done", "visit.record", "visit.plan"]


def test_a_visit_is_not_planned_for_the_past(reviewer):
    with pytest.raises(NotAllowed, match="today or later"):
        actions.plan_visit(PartnerFactory(), by=reviewer, planned_on=day(-1), **PLAN)


@pytest.mark.parametrize("role", [Role.APPROVER, Role.ADMIN, Role.AUDITOR])
def test_no_other_role_plans(role):
    with pytest.raises(NotAllowed, match="plans a visit"):
        actions.plan_visit(PartnerFactory(), by=UserFactory(roles=[role]), planned_on=day(1), **PLAN)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"held_on": 1}, "a day to come is not possible"),
        ({"account": " "}, "what was seen"),
        ({"points": [(" ", "", None)]}, "Line 1: write the finding"),
        ({"points": [("a", "", None), ("b", "Elle", None)]}, "Line 2: an action has somebody"),
        ({"points": [("a", "", 5)]}, "Line 1: an action has somebody"),
        ({"points": [("a", "Elle", -1)]}, "Line 1: the day of an action is not before the visit"),
    ],
)
def test_a_record_that_is_wrong_writes_nothing(reviewer, facts, sentence):
    visit = VisitFactory()
    facts = {"held_on": 0, "account": "Vu.", "points": [], **facts}
    facts["held_on"] = day(facts["held_on"])
    facts["points"] = [(text, who, None if due is None else day(due)) for text, who, due in facts["points"]]

    with pytest.raises(NotAllowed, match=sentence):
        actions.record_visit(visit, by=reviewer, seen=0, **facts)

    assert (Visit.objects.get().status, VisitPoint.objects.count()) == ("planned", 0)


def test_a_cancelled_visit_says_why(reviewer):
    visit = VisitFactory()
    with pytest.raises(NotAllowed, match="Say why"):
        actions.cancel_visit(visit, by=reviewer, seen=0, reason="")

    visit = actions.cancel_visit(visit, by=reviewer, seen=0, reason="La route est coupée.")

    assert (visit.status, audit.latest(visit).reason) == ("cancelled", "La route est coupée.")


def test_an_action_is_done_once_a_finding_never(reviewer):
    point = VisitPointFactory()
    finding = VisitPointFactory(visit=point.visit, due_on=None, responsible="")
    actions.close_point(point, by=reviewer, seen=0)

    with pytest.raises(NotAllowed, match="done already"):
        actions.close_point(point, by=reviewer, seen=1)
    with pytest.raises(NotAllowed, match="is not an action"):
        actions.close_point(finding, by=reviewer, seen=1)
    with pytest.raises(Stale):
        actions.close_point(point, by=reviewer, seen=0)


@pytest.mark.parametrize("role", [Role.APPROVER, Role.ADMIN, Role.AUDITOR])
def test_no_other_role_closes_an_action(role):
    with pytest.raises(NotAllowed, match="marks an action as done"):
        actions.close_point(VisitPointFactory(), by=UserFactory(roles=[role]), seen=0)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ME_OFFICER, Role.APPROVER, Role.ADMIN, Role.AUDITOR, Role.EDITOR])
@pytest.mark.parametrize("status", VisitStatus.values)
@pytest.mark.parametrize("name", [move.name for move in rules.VISIT.moves])
def test_each_step_by_source_and_role(name, status, role):
    visit = VisitFactory(status=status, held_on=day(0), account="Vu.")
    member = role == Role.EDITOR
    user = MembershipFactory(partner=visit.partner, role=role).user if member else UserFactory(roles=[role])
    move = rules.VISIT[name]

    assert (rules.against_stepping(visit, name, user) == []) == (status in move.sources and role in move.actors)


def test_an_organisation_does_not_see_visits():
    visit = VisitFactory()

    assert not Visit.objects.visible_to(signatory_of(visit.partner)).exists()
