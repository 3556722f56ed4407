"""A decision in force is never edited, another replaces it: corrections, reviews that vary it, exclusions."""

import pytest
from django.urls import reverse

from ace_partners.core.errors import NotAllowed
from ace_partners.core.models import OutgoingMail
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import UserFactory
from vetting.actions import replacing as actions
from vetting.actions import reviews
from vetting.models import ConflictDeclaration, Decision, Flag, ReviewStatus
from vetting.rules import replacing as rules
from vetting.standing import standing_of
from vetting.tests import factories
from vetting.tests.factories_screening import hit_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
REASONS = {code: f"Raison {code}." for code in ("C1", "C2", "C3", "C4")}


@pytest.fixture
def decision(reviewer, approver):
    """A round driven to its end: declined, because C2.1 was found not met."""
    dossier = factories.taken(factories.submitted(factories.opened(reviewer)), reviewer)
    for item in dossier.items:
        answer = "not_met" if item.code == "C2.1" else "met"
        factories.FindingFactory(dossier=dossier, item=item, answer=answer, author=reviewer)
    proposal = factories.ProposalFactory(dossier=dossier, outcome="declined", proposed_by=reviewer, valid_until=None)
    return factories.DecisionFactory(
        partner=dossier.partner, dossier=_decided(dossier), proposal=_approved(proposal), outcome="declined",
        proposer_declaration=dossier.declarations.get(user=reviewer), approved_by=approver,
    )  # fmt: skip


def _decided(dossier):
    type(dossier).objects.filter(pk=dossier.pk).update(status="decided")
    dossier.refresh_from_db()
    return dossier


def _approved(proposal):
    proposal.approved_at = proposal.proposed_at
    proposal.save()
    return proposal


def values(decision, **more):
    soon = factories.timezone.localdate() + factories.timedelta(days=300)
    return {"outcome": "approved", "reasons": REASONS, "valid_until": soon, "motive": "Le PV avait échappé.", **more}


@pytest.fixture
def heard(decision):
    hearer = UserFactory(roles=[Role.REVIEWER], name="Hélène Entend")
    review = reviews.ask_review(decision, by=factories.signatory_of(decision.partner), grounds="Page 3.")
    return reviews.hear_review(review, by=hearer, seen=review.lock_version)


def test_a_review_varies_a_decision_by_a_new_one_and_the_old_stays(decision, heard):
    second = UserFactory(roles=[Role.APPROVER])
    proposal = actions.propose_replacement(
        decision, by=heard.heard_by, kind="review", changed={"C2.1": "met"}, **values(decision)
    )
    assert standing_of(decision.partner).code == "declined"

    new = actions.approve_replacement(proposal, by=second)
    heard.refresh_from_db()

    assert (new.replaces, new.outcome, standing_of(decision.partner).code) == (decision, "approved", "approved")
    assert (heard.status, heard.new_decision, heard.conclusion) == (ReviewStatus.VARIED, new, "Le PV avait échappé.")
    assert Decision.objects.get(pk=decision.pk).outcome == "declined"
    assert decision.dossier.findings.get(item__code="C2.1").answer == "not_met"
    answers = {row["code"]: row["answer"] for row in new.assessment["items"]}
    assert answers["C2.1"] == "met"
    assert new.criteria.get(criterion__code="C2").result == "met"
    letter = OutgoingMail.objects.filter(kind__endswith="decision_released").last().body
    assert "Cette décision remplace celle du" in letter
    assert "Le PV avait échappé." in letter


def test_changed_findings_lead_where_the_rules_lead(decision, heard):
    """Without the changed finding the knock-out still stands, and nothing talks it away."""
    with pytest.raises(NotAllowed, match="lead to another outcome"):
        actions.propose_replacement(decision, by=heard.heard_by, kind="review", **values(decision))
    with pytest.raises(NotAllowed, match="lead to another outcome"):
        actions.propose_replacement(
            decision, by=heard.heard_by, kind="review", **values(decision, override_reason="Ils sont bien.")
        )


def test_while_a_review_is_heard_only_its_hearer_proposes(decision, heard, reviewer, other_reviewer):
    for user in (reviewer, other_reviewer):
        with pytest.raises(NotAllowed, match="only the one who hears it"):
            actions.propose_replacement(
                decision, by=user, kind="correction", changed={"C2.1": "met"}, **values(decision)
            )


def test_a_correction_takes_two_and_neither_wrote_a_finding_nor_has_a_link(
    decision, other_reviewer, reviewer, approver
):
    both = UserFactory(roles=[Role.REVIEWER, Role.APPROVER])
    ConflictDeclaration.objects.create(dossier=decision.dossier, user=other_reviewer, has_link=True)
    with pytest.raises(NotAllowed, match="declared a link"):
        actions.propose_replacement(
            decision, by=other_reviewer, kind="correction", changed={"C2.1": "met"}, **values(decision)
        )

    proposal = actions.propose_replacement(
        decision, by=both, kind="correction", changed={"C2.1": "met"}, **values(decision)
    )
    with pytest.raises(NotAllowed, match="already waits"):
        actions.propose_replacement(
            decision, by=reviewer, kind="correction", changed={"C2.1": "met"}, **values(decision)
        )
    with pytest.raises(NotAllowed, match="another person"):
        actions.approve_replacement(proposal, by=both)
    reviewer.ace_roles.create(role=Role.APPROVER)
    with pytest.raises(NotAllowed, match="wrote a finding"):
        actions.approve_replacement(proposal, by=type(reviewer).objects.get(pk=reviewer.pk))

    assert actions.approve_replacement(proposal, by=UserFactory(roles=[Role.APPROVER])).replaces == decision
    with pytest.raises(NotAllowed, match="decided already"):
        actions.approve_replacement(proposal, by=approver)


def test_an_open_match_stops_a_decision_in_favour(decision, heard):
    hit_on(decision.partner)

    with pytest.raises(NotAllowed, match="waits for its verdict"):
        actions.propose_replacement(
            decision, by=heard.heard_by, kind="review", changed={"C2.1": "met"}, **values(decision)
        )


def test_sent_back_it_changes_nothing_and_another_can_follow(decision, other_reviewer):
    second = UserFactory(roles=[Role.APPROVER])
    more = values(decision)
    proposal = actions.propose_replacement(
        decision, by=other_reviewer, kind="correction", changed={"C2.1": "met"}, **more
    )
    with pytest.raises(NotAllowed, match="Say why"):
        actions.return_replacement(proposal, by=second, reason=" ")

    actions.return_replacement(proposal, by=second, reason="Le PV n'est pas signé.")

    assert standing_of(decision.partner).code == "declined"
    assert rules.against_replacing(Decision.objects.get(pk=decision.pk), other_reviewer) == []


@pytest.fixture
def approved(reviewer):
    decision = factories.DecisionFactory(proposed_by=reviewer)
    for item in decision.dossier.items:
        factories.FindingFactory(dossier=decision.dossier, item=item)
    return decision


def exclusion(decision):
    return values(decision, outcome="excluded", exclusion_reason="Lien établi.", motive="Un fait grave est établi.")


def test_an_exclusion_needs_a_ground_and_two_people(approved, me_officer):
    with pytest.raises(NotAllowed, match="Nothing founds an exclusion"):
        actions.propose_replacement(approved, by=me_officer, kind="exclusion", **exclusion(approved))

    Flag.objects.create(
        partner=approved.partner, category="safeguarding", tone="concern", severity="serious", text="…",
        status="substantiated", silent_reason="Un enfant.", silent_until=factories.timezone.localdate(), raised_by=me_officer,
    )  # fmt: skip
    proposal = actions.propose_replacement(approved, by=me_officer, kind="exclusion", **exclusion(approved))
    new = actions.approve_replacement(proposal, by=UserFactory(roles=[Role.APPROVER]))

    assert (new.outcome, standing_of(approved.partner).code) == ("excluded", "excluded")


# --- the pages ---------------------------------------------------------------------------------------------------


def test_a_reviewer_corrects_in_the_browser_and_the_direction_approves(decision, login, other_reviewer):
    client = login(other_reviewer)
    address = reverse("vetting:replace", args=[decision.pk])
    soon = factories.timezone.localdate() + factories.timedelta(days=300)
    data = {
        "kind": "correction", "motive": "<b>Erreur</b> de lecture.", "outcome": "approved",
        "valid_until": soon.isoformat(), "finding_C2.1": "met", **{f"reason_{c}": r for c, r in REASONS.items()},
    }  # fmt: skip

    refused = client.post(address, {**data, "finding_C2.1": ""})
    answer = client.post(address, data, follow=True)
    page = answer.content.decode()

    assert refused.status_code == 403
    assert b"lead to another outcome" in refused.content
    assert "Not met → Met" in page
    assert "&lt;b&gt;Erreur" in page
    direction = login(UserFactory(roles=[Role.APPROVER]))
    approve = answer.redirect_chain[-1][0] + "approuver/"
    for _tap in range(2):
        done = direction.post(approve, once="one-tap")
        assert done.status_code == 302
    assert Decision.objects.count() == 2
    assert b"Approved with" not in direction.get(done["Location"]).content


def test_a_partial_finding_asks_for_its_step(decision, login, other_reviewer):
    soon = factories.timezone.localdate() + factories.timedelta(days=100)
    data = {
        "kind": "correction", "motive": "Relu.", "outcome": "conditional", "valid_until": soon.isoformat(),
        "finding_C2.1": "met", "finding_C3.1": "partial", **{f"reason_{c}": r for c, r in REASONS.items()},
    }  # fmt: skip
    address = reverse("vetting:replace", args=[decision.pk])
    client = login(other_reviewer)

    asked = client.post(address, data)
    due = factories.timezone.localdate() + factories.timedelta(days=30)
    sent = client.post(address, {**data, "step_C3.1": "Publier le budget", "due_C3.1": due.isoformat()})

    assert asked.status_code == 403
    assert b'name="step_C3.1"' in asked.content
    assert sent.status_code == 302
    step = decision.dossier.open_proposal.steps.get()
    assert (step.item.code, step.action, step.due_on) == ("C3.1", "Publier le budget", due)


def test_a_monitoring_officer_sees_no_finding(approved, login, me_officer):
    page = login(me_officer).get(reverse("vetting:replace", args=[approved.pk])).content.decode()

    assert 'name="finding_' not in page
    assert 'value="exclusion"' in page
