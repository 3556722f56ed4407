"""The lanes that follow a decision: each kind of row appears for those who can act, and goes when its work is done."""

import pytest
from django.utils import timezone

from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import UserFactory
from ace_partners.desk.figures.team import lanes_of
from partners.models import Relationship
from partners.tests.factories import MembershipFactory, PartnerFactory
from vetting.actions import measures, reviews
from vetting.models import CapacityAction, CapacityPlan, ChecklistItem, Flag, Proposal
from vetting.tests.factories import DecisionFactory, ProposalFactory, signatory_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def whys(user, code):
    return [card.why for card in next(lane for lane in lanes_of(user) if lane.code == code).cards]


@pytest.fixture
def partner():
    row = PartnerFactory(status=Relationship.ACTIVE)
    DecisionFactory(partner=row)
    return row


def test_a_measure_waits_for_everybody_but_the_one_who_proposed_it(partner, reviewer, approver):
    measure = measures.propose_measure(partner, by=reviewer, kind="end", reason="Fin.")

    assert whys(approver, "second_person") == ["A measure is proposed: End the relationship"]
    assert whys(reviewer, "second_person") == []
    measures.approve_measure(measure, by=approver, seen=measure.lock_version)
    assert whys(approver, "second_person") == []


def test_a_replacing_decision_waits_for_the_direction(partner, reviewer, approver):
    decision = partner.decisions.get()
    ProposalFactory(dossier=decision.dossier, kind="correction", motive="…", replaces=decision, proposed_by=reviewer)

    assert whys(approver, "second_person") == ["A decision in place of the one in force is proposed"]
    assert whys(reviewer, "second_person") == []
    Proposal.objects.filter(kind="correction").update(returned_at=timezone.now(), returned_by=approver)
    assert whys(approver, "second_person") == []


def test_reviews_flags_and_evidence_wait_for_ace(partner, reviewer, me_officer):
    decision = partner.decisions.get()
    reviews.ask_review(decision, by=signatory_of(partner), grounds="…")
    Flag.objects.create(
        partner=partner, category="finance", tone="concern", severity="watch", text="…", raised_by=me_officer
    )
    plan = CapacityPlan.objects.create(partner=partner, decision=decision)
    CapacityAction.objects.create(
        plan=plan, item=ChecklistItem.objects.get(code="C1.2"), action="…", due_on=timezone.localdate(),
        status="evidence_received", evidence_at=timezone.now(),
    )  # fmt: skip

    expected = {
        "The organisation asks for a review",
        "A flag that the organisation was not told of yet",
        "Evidence for step C1.2 waits to be validated",
    }
    assert set(whys(reviewer, "follow_up")) == expected


def test_a_member_of_the_organisation_sees_nothing_of_it_here(partner, reviewer):
    """An ACE officer who belongs to the organisation has no ACE right on it."""
    measures.propose_measure(partner, by=reviewer, kind="end", reason="Fin.")
    both = UserFactory(roles=[Role.REVIEWER, Role.APPROVER])
    MembershipFactory(user=both, partner=partner, role=Role.VIEWER)

    assert whys(both, "second_person") == []
