"""Reviews of decisions and measures that take two persons: who may what, and what each leaves behind."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from ace_partners.core.errors import NotAllowed, Stale
from ace_partners.core.models import AuditEvent, OutgoingMail
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import UserFactory
from partners.models import Relationship
from partners.tests.factories import MembershipFactory, PartnerFactory
from vetting.actions import measures, reviews
from vetting.holds import open_holds
from vetting.models import Decision, Hold, HoldKind, Measure, MeasureStatus, ReviewStatus
from vetting.rules import measures as measure_rules
from vetting.rules import reviews as review_rules
from vetting.standing import standing_of
from vetting.tests.factories import DecisionFactory, FindingFactory, editor_of, signatory_of, viewer_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def decision():
    return DecisionFactory(outcome="declined", partner=PartnerFactory(status=Relationship.APPLICANT))


@pytest.fixture
def asked(decision):
    return reviews.ask_review(decision, by=signatory_of(decision.partner), grounds="Le PV existe, page 3.")


@pytest.fixture
def heard(asked, reviewer):
    return reviews.hear_review(asked, by=reviewer, seen=asked.lock_version)


# --- asking ------------------------------------------------------------------------------------------------------


def test_a_signatory_asks_and_those_who_did_not_decide_are_told(decision, reviewer, approver):
    review = reviews.ask_review(decision, by=signatory_of(decision.partner), grounds=" Le PV existe. ")

    assert (review.status, review.grounds) == (ReviewStatus.ASKED, "Le PV existe.")
    told = set(OutgoingMail.objects.filter(kind__endswith="review_asked").values_list("to_user", flat=True))
    assert told == {reviewer.pk, approver.pk}
    assert AuditEvent.objects.filter(action="review.ask", target_id=str(review.pk)).exists()


@pytest.mark.parametrize("make", [viewer_of, editor_of])
def test_only_a_signatory_asks(decision, make):
    with pytest.raises(NotAllowed, match="Only a signatory"):
        reviews.ask_review(decision, by=make(decision.partner), grounds="…")


def test_a_review_is_asked_once_in_thirty_days_about_the_decision_in_force(decision):
    signatory = signatory_of(decision.partner)
    last = review_rules.last_day_to_ask(decision)

    assert last == timezone.localdate(decision.decided_at) + timedelta(days=30)
    assert review_rules.against_asking(decision, signatory, today=last) == []
    assert "could be asked until" in review_rules.against_asking(decision, signatory, today=last + timedelta(days=1))[0]

    reviews.ask_review(decision, by=signatory, grounds="…")
    assert "asked already" in review_rules.against_asking(decision, signatory)[0]

    newer = DecisionFactory(partner=decision.partner)
    decision = Decision.objects.get(pk=decision.pk)
    assert newer.replaces == decision
    assert any("newer decision" in reason for reason in review_rules.against_asking(decision, signatory))


# --- hearing -----------------------------------------------------------------------------------------------------


def test_who_decided_or_examined_cannot_hear(asked):
    author = UserFactory(roles=[Role.REVIEWER])
    FindingFactory(dossier=asked.decision.dossier, item=_an_item(asked), author=author)
    deciders = [asked.decision.proposed_by, asked.decision.approved_by]
    for user in deciders:
        user.ace_roles.create(role=Role.REVIEWER)

    for user in [*deciders, author]:
        with pytest.raises(NotAllowed, match="somebody else has to hear"):
            reviews.hear_review(asked, by=type(user).objects.get(pk=user.pk), seen=asked.lock_version)


def _an_item(review):
    return review.decision.dossier.checklist.criteria.first().items.first()


def test_the_one_who_hears_concludes(heard, other_reviewer, reviewer):
    with pytest.raises(NotAllowed, match="hears this review"):
        reviews.uphold(heard, by=other_reviewer, seen=heard.lock_version, conclusion="Vu.")
    with pytest.raises(NotAllowed, match="Say why"):
        reviews.uphold(heard, by=reviewer, seen=heard.lock_version, conclusion="  ")

    closed = reviews.uphold(heard, by=reviewer, seen=heard.lock_version, conclusion="La page 3 est d'une autre année.")

    assert (closed.status, closed.heard_by) == (ReviewStatus.UPHELD, reviewer)
    body = OutgoingMail.objects.get(kind__endswith="review_upheld").body
    assert "La page 3 est d'une autre année." in body


def test_two_cannot_take_one_review(asked, reviewer, other_reviewer):
    reviews.hear_review(asked, by=reviewer, seen=asked.lock_version)

    with pytest.raises(Stale):
        reviews.hear_review(asked, by=other_reviewer, seen=asked.lock_version)


def test_the_organisation_withdraws_and_can_ask_again(heard):
    signatory = heard.asked_by
    closed = reviews.withdraw_review(heard, by=signatory, seen=heard.lock_version)

    assert closed.status == ReviewStatus.WITHDRAWN
    assert review_rules.against_asking(closed.decision, signatory) == []


def test_varied_without_a_decision_is_refused_by_the_database(heard):
    with pytest.raises(IntegrityError), transaction.atomic():
        type(heard).objects.filter(pk=heard.pk).update(status=ReviewStatus.VARIED)


# --- measures ----------------------------------------------------------------------------------------------------


@pytest.fixture
def partner():
    row = PartnerFactory(status=Relationship.ACTIVE)
    DecisionFactory(partner=row)
    return row


def propose(partner, by, kind="suspend", **more):
    soon = timezone.localdate() + timedelta(days=60)
    return measures.propose_measure(partner, by=by, kind=kind, reason="Rapports manquants.", review_on=soon, **more)


def test_a_suspension_takes_two_and_holds_and_shows(partner, reviewer, approver):
    member = signatory_of(partner)
    measure = propose(partner, reviewer)
    assert (standing_of(partner).code, open_holds(partner)) == ("approved", ())

    measures.approve_measure(measure, by=approver, seen=measure.lock_version)
    partner.refresh_from_db()

    assert (partner.status, standing_of(partner).code) == (Relationship.SUSPENDED, "suspended")
    assert [hold.sentence for hold in open_holds(partner)] == ["Rapports manquants."]
    mail = OutgoingMail.objects.get(kind__endswith="measure_in_force")
    assert mail.to_user == member
    assert "Rapports manquants." in mail.body


def test_lifting_ends_its_own_hold_and_no_other(partner, reviewer, approver):
    suspension = propose(partner, reviewer)
    measures.approve_measure(suspension, by=approver, seen=suspension.lock_version)
    other = Hold.objects.create(partner=partner, kind=HoldKind.FINANCE, reason="Facture.", set_by=reviewer)
    partner.refresh_from_db()

    lifting = propose(partner, reviewer, kind="lift")
    measures.approve_measure(lifting, by=approver, seen=lifting.lock_version)
    partner.refresh_from_db()

    assert (partner.status, standing_of(partner).code) == (Relationship.ACTIVE, "approved")
    assert [hold.row for hold in open_holds(partner)] == [other]


def test_who_proposed_never_approves(partner):
    both = UserFactory(roles=[Role.REVIEWER, Role.APPROVER])
    measure = propose(partner, both)

    with pytest.raises(NotAllowed, match="another person has to decide"):
        measures.approve_measure(measure, by=both, seen=measure.lock_version)
    with pytest.raises(IntegrityError), transaction.atomic():
        Measure.objects.filter(pk=measure.pk).update(decided_by=both)


def test_a_measure_not_approved_changes_nothing_and_says_why(partner, reviewer, approver):
    measure = propose(partner, reviewer)
    with pytest.raises(NotAllowed, match="Say why"):
        measures.return_measure(measure, by=approver, seen=measure.lock_version, reason="")

    measures.return_measure(measure, by=approver, seen=measure.lock_version, reason="Trop tôt.")
    partner.refresh_from_db()

    assert partner.status == Relationship.ACTIVE
    assert Measure.objects.get().status == MeasureStatus.RETURNED
    mails = OutgoingMail.objects.filter(kind__endswith="measure_returned")
    assert [mail.to_user for mail in mails] == [reviewer]
    assert not OutgoingMail.objects.filter(kind__endswith="measure_in_force").exists()


@pytest.mark.parametrize(
    ("status", "kinds"),
    [
        ("prospect", []),
        ("applicant", []),
        ("active", ["suspend", "end"]),
        ("suspended", ["lift", "end"]),
        ("ended", []),
    ],
)
def test_the_relationship_decides_which_measures_are_open(status, kinds, reviewer):
    row = PartnerFactory(status=status)

    assert measure_rules.kinds_open_to(row) == kinds
    for kind in {"suspend", "lift", "end"} - set(kinds):
        with pytest.raises(NotAllowed, match="this measure is not open"):
            propose(row, reviewer, kind=kind)


def test_a_suspension_says_when_it_is_looked_at_again_and_only_one_measure_waits(partner, reviewer, approver):
    with pytest.raises(NotAllowed, match="on which day"):
        measures.propose_measure(partner, by=reviewer, kind="suspend", reason="…")
    with pytest.raises(NotAllowed, match="Only a due-diligence officer"):
        propose(partner, approver)

    propose(partner, reviewer)
    with pytest.raises(NotAllowed, match="already waits"):
        propose(partner, reviewer, kind="end")


MOVES = [(machine, move) for machine in (measure_rules.MEASURE, review_rules.REVIEW) for move in machine.moves]


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(("machine", "move"), MOVES, ids=lambda value: getattr(value, "name", ""))
def test_the_table_says_who(machine, move, role, partner, decision):
    """Role × move: a role outside the table is told so, one inside it never for its role."""
    user = (
        UserFactory(roles=[role])
        if role in {"reviewer", "me_officer", "approver", "admin", "auditor"}
        else MembershipFactory(partner=decision.partner, role=role).user
    )
    if machine is review_rules.REVIEW:
        row = reviews.ask_review(decision, by=signatory_of(decision.partner), grounds="…")
        against = review_rules.against_moving_review(row, move, user)
    else:
        row = propose(partner, UserFactory(roles=[Role.REVIEWER]))
        against = measure_rules.against_moving_measure(row, move, user)

    refused = any("Your role does not allow" in reason for reason in against)
    assert refused is (role not in move.actors)
