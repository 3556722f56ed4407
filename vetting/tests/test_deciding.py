"""The decision: what may be proposed, who may approve it, what the database itself refuses."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone, translation

from ace_partners.core.errors import NotAllowed, Stale
from ace_partners.core.models import AuditEvent, OutgoingMail
from partners.models import Relationship
from vetting import actions
from vetting.models import Decision, DossierStatus
from vetting.tests.factories import (
    ConflictDeclarationFactory,
    DecisionFactory,
    ProposalFactory,
    assessed,
    current,
    decided,
    in_review,
    proposal_values,
    proposed,
    submitted,
    taken,
)

pytestmark = pytest.mark.django_db
CODES = ["C1.2", "C1.4", "C1.9", "C2.1", "C3.1", "C4.1"]


@pytest.fixture(autouse=True)
def _english():
    """Sentences are compared as they are written in the code."""
    with translation.override("en"):
        yield


def refusal(action, *args, **kwargs):
    with pytest.raises(NotAllowed) as refused:
        action(*args, **kwargs)
    return [str(reason) for reason in refused.value.reasons]


def kinds():
    return list(OutgoingMail.objects.order_by("pk").values_list("kind", flat=True))


def events(dossier):
    rows = AuditEvent.objects.filter(chain=dossier.audit_chain).order_by("number")
    return list(rows.values_list("action", flat=True))


# --- proposing and deciding ------------------------------------------------------------------------------------


def test_propose_waits_for_every_finding(reviewer):
    dossier = in_review(reviewer)

    reasons = refusal(actions.propose, dossier, by=reviewer, seen=dossier.lock_version, **proposal_values())

    assert reasons == [
        "6 items are not assessed yet: C1.2, C1.4, C1.9, C2.1, C3.1, C4.1.",
        *[f"Criterion {number} has no scored item: assess at least one." for number in (1, 2, 3, 4)],
    ]


def test_propose_keeps_to_what_the_findings_allow(reviewer):
    dossier = assessed(in_review(reviewer), reviewer, C1_2="partial")

    reasons = refusal(actions.propose, dossier, by=reviewer, seen=dossier.lock_version, **proposal_values())

    assert reasons == ["The findings lead to another outcome: mandatory and partly met: C1.2."]


def test_propose_conditional_needs_its_step_in_time(reviewer):
    dossier = assessed(in_review(reviewer), reviewer, C1_2="partial")
    item = dossier.items.get(code="C1.2")
    today = timezone.localdate()
    propose = {"by": reviewer, "seen": dossier.lock_version}

    none = refusal(actions.propose, dossier, **propose, **proposal_values(outcome="conditional"))
    late = proposal_values(outcome="conditional", steps=[(item, "Tenir l'AG", today + timedelta(days=400))])
    too_late = refusal(actions.propose, dossier, **propose, **late)
    right = proposal_values(outcome="conditional", steps=[(item, "Tenir l'AG", today + timedelta(days=90))])
    proposal = actions.propose(dossier, **propose, **right)

    assert [reason[:31] for reason in none] == ["C1.2: write a step and its date"]
    assert [reason[:27] for reason in too_late] == ["C1.2: the date is too late,"]
    assert "Tenir l'AG" in proposal.letter
    assert [(step.item.code, step.action) for step in proposal.steps.all()] == [("C1.2", "Tenir l'AG")]


@pytest.mark.parametrize("days", [0, 800])
def test_propose_limits_the_validity(reviewer, days):
    dossier = assessed(in_review(reviewer), reviewer)
    values = proposal_values(valid_until=timezone.localdate() + timedelta(days=days))

    reasons = refusal(actions.propose, dossier, by=reviewer, seen=dossier.lock_version, **values)

    assert [reason[:44] for reason in reasons] == ["The decision is valid until a day after toda"]


def test_propose_exclusion_needs_its_ground_and_reason(reviewer):
    dossier = assessed(in_review(reviewer), reviewer, C1_4="not_met")
    propose = {"by": reviewer, "seen": dossier.lock_version}

    silent = refusal(actions.propose, dossier, **propose, **proposal_values(outcome="excluded"))
    proposal = actions.propose(
        dossier, **propose, **proposal_values(outcome="excluded", exclusion_reason="Correspondance confirmée.")
    )

    assert silent == ["Record the reason for the exclusion."]
    assert (proposal.outcome, proposal.valid_until) == ("excluded", None)
    assert "Correspondance confirmée." not in proposal.letter


def test_the_letter_is_what_is_approved_and_mailed(reviewer, approver, settings):
    settings.ACE_MAIL_HOLD_MINUTES = 10
    dossier = assessed(in_review(reviewer), reviewer)
    values = proposal_values(internal_note="Entre nous : vigilance.")
    letter = actions.preview_letter(dossier, by=reviewer, seen=dossier.lock_version, **values)
    actions.propose(dossier, by=reviewer, seen=dossier.lock_version, **values)
    dossier = current(dossier)
    actions.declare(dossier, by=approver, has_link=False)

    decision = actions.approve(dossier, by=approver, seen=dossier.lock_version)

    mail = OutgoingMail.objects.get(kind="vetting/email/decision_released")
    assert decision.letter == dossier.proposals.get().letter == letter == mail.body
    assert mail.send_after - decision.decided_at > timedelta(minutes=9)
    assert "Entre nous" not in letter
    assert "Constat C1.2." not in letter  # a finding's reason is internal


def test_approve_stores_the_decision(reviewer, approver):
    decision = decided(reviewer, approver)

    decision.partner.refresh_from_db()
    results = [(row.criterion.code, row.result, str(row.score), row.reason) for row in decision.criteria.all()]
    assert results == [(code, "met", "100.0", f"Motif {code}.") for code in ("C1", "C2", "C3", "C4")]
    assert decision.dossier.status == DossierStatus.DECIDED
    assert decision.partner.status == Relationship.ACTIVE
    assert (decision.proposed_by, decision.approved_by) == (reviewer, approver)
    assert [row["code"] for row in decision.assessment["items"]] == CODES
    assert decision.replaces is None


def test_a_later_decision_replaces_the_one_in_force(reviewer, approver):
    first = DecisionFactory()
    dossier = actions.open_dossier(first.partner, by=reviewer, round="renewal")
    dossier = assessed(taken(submitted(dossier), reviewer), reviewer)
    actions.propose(dossier, by=reviewer, seen=dossier.lock_version, **proposal_values())
    dossier = current(dossier)
    actions.declare(dossier, by=approver, has_link=False)

    second = actions.approve(dossier, by=approver, seen=dossier.lock_version)

    assert second.replaces == first
    assert list(Decision.objects.in_force()) == [second]


def test_declined_may_apply_again_after_six_months(reviewer, approver):
    dossier = assessed(in_review(reviewer), reviewer, C2_1="partial")
    actions.propose(dossier, by=reviewer, seen=dossier.lock_version, **proposal_values(outcome="declined"))
    dossier = current(dossier)
    actions.declare(dossier, by=approver, has_link=False)

    decision = actions.approve(dossier, by=approver, seen=dossier.lock_version)

    assert timedelta(days=180) < decision.reapply_from - timezone.localdate() < timedelta(days=185)
    assert decision.valid_until is None
    decision.partner.refresh_from_db()
    assert decision.partner.status == Relationship.APPLICANT


def test_the_proposer_cannot_take_the_second_look(reviewer):
    reviewer.ace_roles.create(role="approver")
    dossier = proposed(reviewer)

    reasons = refusal(actions.approve, dossier, by=reviewer, seen=dossier.lock_version)

    assert reasons == [
        "You proposed this decision: another person has to take the second look.",
        "You wrote a finding of this dossier: another person has to take the second look.",
    ]


def test_an_author_of_a_finding_cannot_approve(reviewer, approver):
    dossier = proposed(reviewer)
    actions.declare(dossier, by=approver, has_link=False)
    finding = dossier.findings.first()
    finding.author = approver
    finding.save()

    reasons = refusal(actions.approve, dossier, by=approver, seen=dossier.lock_version)

    assert reasons == ["You wrote a finding of this dossier: another person has to take the second look."]


def test_the_second_look_declares_first(reviewer, approver):
    dossier = proposed(reviewer)

    assert refusal(actions.approve, dossier, by=approver, seen=dossier.lock_version) == [
        "First declare whether you have a link with this organisation."
    ]
    actions.declare(dossier, by=approver, has_link=True)
    assert refusal(actions.approve, dossier, by=approver, seen=dossier.lock_version) == [
        "You declared a link with this organisation: a colleague has to take over."
    ]


def test_send_back_needs_a_reason_and_reopens_the_examination(reviewer, approver):
    dossier = proposed(reviewer)
    actions.declare(dossier, by=approver, has_link=False)

    silent = refusal(actions.send_back, dossier, by=approver, seen=dossier.lock_version, reason=" ")
    back = actions.send_back(dossier, by=approver, seen=dossier.lock_version, reason="Voir C1.2.")

    assert silent == ["Say why, in one sentence."]
    assert (back.status, back.assigned_to, back.open_proposal) == (DossierStatus.IN_REVIEW, reviewer, None)
    assert back.proposals.get().return_reason == "Voir C1.2."
    assert kinds()[-1] == "vetting/email/proposal_sent_back"


def test_approve_twice_is_stale(reviewer, approver):
    decision = decided(reviewer, approver)

    with pytest.raises(Stale):
        actions.approve(decision.dossier, by=approver, seen=decision.dossier.lock_version)

    assert Decision.objects.count() == 1


def test_withdraw_closes_an_open_proposal_too(reviewer):
    dossier = proposed(reviewer)

    dossier = actions.withdraw(dossier, by=reviewer, seen=dossier.lock_version, reason="À sa demande.")

    assert (dossier.status, dossier.open_proposal) == (DossierStatus.WITHDRAWN, None)


# --- what the database itself refuses ----------------------------------------------------------------------------


def test_the_database_refuses_proposer_as_approver():
    proposal = ProposalFactory()
    declaration = ConflictDeclarationFactory(dossier=proposal.dossier, user=proposal.proposed_by)
    other = ConflictDeclarationFactory(dossier=proposal.dossier)

    with pytest.raises(IntegrityError):
        Decision.objects.create(
            partner=proposal.dossier.partner,
            dossier=proposal.dossier,
            proposal=proposal,
            outcome="approved",
            decided_at=timezone.now(),
            valid_until=proposal.valid_until,
            proposed_by=proposal.proposed_by,
            approved_by=proposal.proposed_by,
            proposer_declaration=declaration,
            approver_declaration=other,
            letter=proposal.letter,
            letter_sha256="0" * 64,
            assessment={},
            assessment_sha256="0" * 64,
        )


def test_the_database_refuses_to_change_a_decision():
    decision = DecisionFactory()

    with pytest.raises(IntegrityError):
        Decision.objects.filter(pk=decision.pk).update(outcome="declined")
