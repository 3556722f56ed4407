"""A renewal asks only for what changed: what comes along, what must be confirmed, which findings hold, and for whom."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from ace_partners.core.errors import NotAllowed
from ace_partners.core.models import AuditEvent
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import UserFactory
from ace_partners.desk.demo.clock import on
from partners.tests.factories import DocumentFactory, DocumentTypeFactory
from vetting import actions, carrying, rules
from vetting.models import (
    DossierStatus,
    EvidenceRenewal,
    Finding,
    OtherAssessment,
    RenewalSnapshot,
    Stage,
)
from vetting.renewal import RenewalFacts
from vetting.rules import renewals
from vetting.tests.factories import ChecklistFactory, current, editor_of, in_review, opened, signatory_of, viewer_of
from vetting.tests.factories_renewals import (
    confirmed,
    decided_round,
    in_review_again,
    member,
    next_checklist,
    renewed,
    replace_document,
    sent,
)

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate
FACTS = RenewalFacts(as_of=date(2026, 11, 24), since=date(2026, 5, 8), reports_due=2, reports_on_time=2)


@pytest.fixture(autouse=True)
def _english(english):
    """Sentences are compared as they are written in the code."""


@pytest.fixture
def decision(reviewer, approver):
    return decided_round(reviewer, approver)


def refusal(action, *args, **kwargs):
    with pytest.raises(NotAllowed) as refused:
        action(*args, **kwargs)
    return [str(reason) for reason in refused.value.reasons]


def answer_to(dossier, code):
    return dossier.answers.get(item__code=code)


def carried(dossier, code):
    return carrying.carried_answers(current(dossier))[answer_to(dossier, code).pk]


def missing(dossier):
    return [answer.item.code for answer in rules.unanswered(current(dossier))]


def codes(dossier):
    return [item.code for item in dossier.items]


# --- what comes along --------------------------------------------------------------------------------------------


def test_answers_and_valid_papers_come_along_and_wait_for_a_word(decision, reviewer):
    document = decision.partner.documents.get()
    dossier = renewed(decision, reviewer)

    answer = answer_to(dossier, "C1.2")
    assert dossier.previous == decision.dossier
    assert (answer.text, answer.carried_from.dossier) == ("Réponse à C1.2", decision.dossier)
    assert [row.document for row in answer.evidence.all()] == [document]
    assert missing(dossier) == codes(dossier)  # nothing is the organisation's word yet
    assert carried(dossier, "C1.2").can_be_confirmed


def test_a_first_round_starts_empty(reviewer):
    dossier = opened(reviewer)

    assert (dossier.previous, carrying.carried_answers(dossier)) == (None, {})
    assert not dossier.answers.exclude(text="").exists()


def test_absence_and_another_bodys_assessment_come_along(decision, reviewer):
    old = answer_to(decision.dossier, "C1.2")
    assessment = OtherAssessment.objects.create(
        partner=decision.partner,
        body="PSEA",
        tool="Évaluation",
        result="Moyen",
        assessed_on=TODAY(),
        source="unpartnerportal.org",
        added_by=reviewer,
    )
    old.references.create(assessment=assessment)
    old.absence = "Le greffe est fermé."
    old.save()

    answer = answer_to(renewed(decision, reviewer), "C1.2")

    assert (answer.absence, [row.assessment for row in answer.references.all()]) == (
        "Le greffe est fermé.",
        [assessment],
    )


def test_an_expired_paper_stays_behind_and_says_so(reviewer, approver):
    decision = decided_round(reviewer, approver, valid_until=date(2026, 8, 31))
    with on(date(2026, 11, 24)):
        dossier = renewed(decision, reviewer)
        row = carried(dossier, "C1.2")

        assert not answer_to(dossier, "C1.2").evidence.exists()
        assert [sentence.endswith("expired on 31 August 2026.") for sentence in row.lapsed] == [True]
        assert not row.can_be_confirmed
        reasons = refusal(actions.confirm_answers, dossier, by=member(dossier), code="C1.2")
        assert "C1.2 needs a newer paper" in reasons[0]


def test_the_newest_version_of_a_paper_comes_along(decision, reviewer):
    old = decision.partner.documents.get()
    newer = replace_document(old)

    dossier = renewed(decision, reviewer)

    assert [row.document for row in answer_to(dossier, "C1.2").evidence.all()] == [newer]


def test_a_paper_accepted_after_the_decision_comes_along(reviewer, approver):
    decision = decided_round(reviewer, approver, valid_until=TODAY() - timedelta(days=5))
    newer = DocumentFactory(partner=decision.partner)
    finding = decision.dossier.findings.get(item__code="C1.2")
    EvidenceRenewal.objects.create(finding=finding, document=newer, page="1", accepted_by=reviewer)

    dossier = renewed(decision, reviewer)

    assert [row.document for row in answer_to(dossier, "C1.2").evidence.all()] == [newer]
    assert not answer_to(dossier, "C1.4").evidence.exists()


def test_a_type_no_longer_accepted_stays_behind(decision, reviewer):
    kind = decision.partner.documents.get().type
    kind.validity = "not_accepted"
    kind.save()

    row = carried(renewed(decision, reviewer), "C1.2")

    assert "ACE no longer accepts" in row.lapsed[0]


def test_a_paper_that_lapses_after_the_opening_is_said_too(decision, reviewer):
    dossier = renewed(decision, reviewer)
    document = decision.partner.documents.get()
    document.expires_on = TODAY() - timedelta(days=1)
    document.save()

    assert not carried(dossier, "C1.2").can_be_confirmed


def test_reworded_and_new_items_are_answered_not_confirmed(decision, reviewer):
    next_checklist(C1_2={"question_fr": "Reformulée ?"}, C1_3={}, C2_1={"weight": 3})
    dossier = renewed(decision, reviewer)
    by = member(dossier)

    assert (carried(dossier, "C1.2").is_reworded, carried(dossier, "C1.3").is_new) == (True, True)
    assert carried(dossier, "C2.1").can_be_confirmed  # a weight is ACE's own arithmetic
    confirmed(dossier, by)
    assert missing(dossier) == ["C1.2", "C1.3"]
    reasons = refusal(actions.confirm_answers, dossier, by=by, code="C1.2")
    assert reasons == ["C1.2 was reworded: read the question again and save your answer."]
    answer = answer_to(dossier, "C1.2")
    actions.save_answer(answer, by=by, seen=answer.lock_version, text=answer.text)  # read again, and it still holds
    assert missing(dossier) == ["C1.3"]


# --- confirming --------------------------------------------------------------------------------------------------


def test_one_tap_confirms_a_criterion_and_leaves_a_trace(decision, reviewer):
    dossier = renewed(decision, reviewer)
    editor = editor_of(dossier.partner)

    done = actions.confirm_answers(dossier, by=editor, code="C1")
    again = actions.confirm_answers(dossier, by=editor, code="C1")

    assert (done, again) == (["C1.2", "C1.4", "C1.9"], [])
    event = AuditEvent.objects.get(action="dossier.confirm")
    assert (event.actor, event.after) == (editor, {"items": done})
    assert missing(dossier) == ["C2.1", "C3.1", "C4.1"]


def test_an_answer_changed_meanwhile_is_not_touched(decision, reviewer):
    dossier = renewed(decision, reviewer)
    by = member(dossier)
    answer = answer_to(dossier, "C1.2")
    actions.save_answer(answer, by=by, seen=answer.lock_version, text="Neuf")

    assert actions.confirm_answers(dossier, by=by, code="C1") == ["C1.4", "C1.9"]
    assert actions.confirm_answers(dossier, by=by, code="C1.2") == []
    assert (answer_to(dossier, "C1.2").text, answer_to(dossier, "C1.2").confirmed_at) == ("Neuf", None)


def test_who_may_not_answer_may_not_confirm(decision, reviewer, me_officer):
    dossier = renewed(decision, reviewer)

    for person in (viewer_of(dossier.partner), me_officer, signatory_of(opened(reviewer).partner)):
        assert len(refusal(actions.confirm_answers, dossier, by=person, code="C1")) == 1
    assert missing(dossier) == codes(dossier)


def test_nothing_is_confirmed_once_it_is_sent(decision, reviewer):
    dossier = renewed(decision, reviewer)
    by = member(dossier)
    dossier = sent(dossier, by)

    assert refusal(actions.confirm_answers, dossier, by=by, code="C1")


def test_nor_while_ace_asks_back(decision, reviewer):
    dossier = in_review_again(decision, reviewer)
    item = dossier.items.get(code="C1.2")
    actions.request_item(dossier, item, by=reviewer, remark="Le PV ?")
    dossier = actions.send_requests(dossier, by=reviewer, seen=current(dossier).lock_version, due_on=date(2999, 1, 1))

    reasons = refusal(actions.confirm_answers, dossier, by=member(dossier), code="C1")
    assert reasons == ["Answers are confirmed before the dossier is sent for the first time."]


def test_sending_waits_for_the_confirmations(decision, reviewer):
    dossier = renewed(decision, reviewer)
    by = member(dossier)
    actions.confirm_answers(dossier, by=by, code="C1")

    reasons = refusal(actions.submit, dossier, by=by, seen=current(dossier).lock_version)

    assert reasons == ["Confirm or change the answers taken over from the last round: C2.1, C3.1, C4.1."]


# --- another type, and a round begun again ------------------------------------------------------------------------


def test_a_changed_type_stops_sending_and_names_the_way_out(reviewer):
    dossier = opened(reviewer, organisation_type="cbo")
    by = signatory_of(dossier.partner)
    for answer in dossier.answers.all():
        actions.save_answer(answer, by=by, seen=answer.lock_version, text=f"Réponse à {answer.item.code}")
    dossier.partner.organisation_type = "ngo"
    dossier.partner.save()

    reasons = refusal(actions.submit, dossier, by=by, seen=current(dossier).lock_version)

    assert len(reasons) == 1
    assert "has changed its type" in reasons[0]
    assert "withdraw this dossier and open another one" in reasons[0]


def test_a_changed_type_stops_the_proposal(reviewer):
    dossier = in_review(reviewer)
    assert not any("type" in reason for reason in rules.against_moving(dossier, "propose", reviewer))
    dossier.partner.organisation_type = "cooperative"
    dossier.partner.save()

    assert any("has changed its type" in reason for reason in rules.against_moving(dossier, "propose", reviewer))


def test_a_round_begun_again_after_a_withdrawal_loses_nothing(reviewer):
    dossier = opened(reviewer, organisation_type="cbo")
    by = signatory_of(dossier.partner)
    document = dossier.partner.documents.get()
    answer = answer_to(dossier, "C1.2")
    actions.save_answer(answer, by=by, seen=0, text="Notre AG")
    actions.attach_evidence(answer, document, by=by)
    dossier.partner.organisation_type = "ngo"
    dossier.partner.save()
    actions.withdraw(dossier, by=by, seen=current(dossier).lock_version, reason="Nouveau type.")

    again = actions.open_dossier(dossier.partner, by=reviewer)

    assert (again.previous, again.organisation_type) == (dossier, "ngo")
    assert (answer_to(again, "C1.2").text, answer_to(again, "C1.2").evidence.get().document) == ("Notre AG", document)
    assert carried(again, "C1.9").is_new  # asked of an NGO only
    assert "C1.4" in missing(again)  # it held nothing to confirm
    assert carried(again, "C1.4").is_empty


def test_a_renewal_begun_again_keeps_its_words_and_still_renews_the_decision(decision, reviewer):
    first = renewed(decision, reviewer)
    by = member(first)
    answer = answer_to(first, "C1.2")
    actions.save_answer(answer, by=by, seen=answer.lock_version, text="Écrit pendant le renouvellement")
    actions.withdraw(first, by=by, seen=current(first).lock_version, reason="Plus tard.")

    second = renewed(decision, reviewer)

    assert second.previous == first
    assert carrying.decided_before(second) == decision.dossier
    assert answer_to(second, "C1.2").text == "Écrit pendant le renouvellement"


def test_a_dossier_withdrawn_before_the_decision_is_not_what_a_renewal_starts_from(reviewer, approver):
    with on(TODAY() - timedelta(days=300)):
        old = opened(reviewer)
        actions.withdraw(old, by=reviewer, seen=0, reason="Trop tôt.")
    assert carrying.source_of(old.partner, "initial") == old
    assert carrying.source_of(old.partner, "renewal") is None


# --- findings ----------------------------------------------------------------------------------------------------


def test_one_tap_takes_over_what_holds(decision, reviewer):
    document = decision.partner.documents.get()
    dossier = in_review_again(decision, reviewer)
    criterion = dossier.checklist.criteria.get(code="C1")

    rows = actions.carry_findings(dossier, criterion, by=reviewer)

    assert [row.item.code for row in rows] == ["C1.2", "C1.4", "C1.9"]
    row = Finding.objects.get(dossier=dossier, item__code="C1.2")
    assert (row.answer, row.author, row.version) == ("met", reviewer, dossier.latest_version)
    assert row.reason.startswith("Unchanged since the decision of ")
    assert [(paper.document, paper.page) for paper in row.evidence.all()] == [(document, "3")]
    event = AuditEvent.objects.filter(action="finding.carry", target_id=str(row.pk)).get()
    assert event.after["taken_over_from"] == decision.dossier.findings.get(item__code="C1.2").pk
    assert dossier.findings.count() == 3  # the other criteria wait for their own tap


def test_what_does_not_hold_stays_open_with_its_reason(reviewer, approver):
    decision = decided_round(reviewer, approver, findings={"C1.9": "not_met"}, valid_until=TODAY() + timedelta(days=9))
    next_checklist(C2_1={"guidance_fr": "Autre attente."}, C3_2={})
    dossier = renewed(decision, reviewer)
    by = member(dossier)
    answer = answer_to(dossier, "C1.2")
    actions.save_answer(answer, by=by, seen=answer.lock_version, text="Nouvelle AG")
    dossier = actions.take_without_link(sent(dossier, by), by=reviewer, seen=current(dossier).lock_version)

    found = renewals.findings_to_carry(dossier)

    why = {dossier.items.get(pk=pk).code: sentence for pk, sentence in found.open.items()}
    assert why == {
        "C1.2": "The answer or its documents changed.",
        "C1.9": "Last time it was “Not met”.",
        "C2.1": "The question changed.",
        "C3.2": "It was not asked last time.",
    }
    assert [row.item.code for row in found.holding.values()] == ["C1.4", "C3.1", "C4.1"]


def test_a_lapsed_paper_opens_its_finding(reviewer, approver):
    decision = decided_round(reviewer, approver)
    document = decision.partner.documents.get()
    dossier = in_review_again(decision, reviewer)
    document.expires_on = TODAY() - timedelta(days=1)
    document.save()

    found = renewals.findings_to_carry(dossier)

    assert found.holding == {}
    assert all("expired on" in sentence for sentence in found.open.values())


def test_a_replaced_paper_opens_its_finding(reviewer, approver):
    decision = decided_round(reviewer, approver)
    dossier = in_review_again(decision, reviewer)
    replace_document(decision.partner.documents.get())

    found = renewals.findings_to_carry(dossier)

    assert found.holding == {}
    assert all("newer version" in sentence for sentence in found.open.values())


def test_a_paper_accepted_since_holds_the_finding(reviewer, approver):
    decision = decided_round(reviewer, approver, valid_until=TODAY() - timedelta(days=9))
    newer = DocumentFactory(partner=decision.partner)
    finding = decision.dossier.findings.get(item__code="C1.2")
    EvidenceRenewal.objects.create(finding=finding, document=newer, page="7", accepted_by=reviewer)
    dossier = in_review_again(decision, reviewer)

    found = renewals.findings_to_carry(dossier)

    (row,) = found.holding.values()  # every other item lost its only paper
    assert (row.item.code, row.papers) == ("C1.2", ((newer, "7"),))
    newer.expires_on = TODAY() - timedelta(days=1)
    newer.save()
    assert renewals.findings_to_carry(dossier).holding == {}


def test_a_paper_nobody_accepted_opens_the_finding(decision, reviewer):
    dossier = renewed(decision, reviewer)
    by = member(dossier)
    actions.attach_evidence(answer_to(dossier, "C1.2"), DocumentFactory(partner=decision.partner), by=by)
    dossier = actions.take_without_link(sent(dossier, by), by=reviewer, seen=current(dossier).lock_version)
    item = dossier.items.get(code="C1.2")

    assert renewals.findings_to_carry(dossier).open[item.pk] == "The answer or its documents changed."


def test_a_finding_corrected_after_the_decision_is_looked_at_anew(decision, reviewer):
    decision.proposal.changed_findings = {"C1.2": "partial"}
    decision.proposal.save()
    dossier = in_review_again(decision, reviewer)
    item = dossier.items.get(code="C1.2")

    assert renewals.findings_to_carry(dossier).open[item.pk] == "The finding was changed after the decision."


def test_performance_is_never_taken_over(reviewer, approver):
    ChecklistFactory(items={"C1.2": {}, "C2.1": {}, "C3.7": {"plan_months": 3}, "C4.7": {"plan_months": 3}})
    dossier = in_review_again(decided_round(reviewer, approver), reviewer)

    found = renewals.findings_to_carry(dossier)

    assert {dossier.items.get(pk=pk).code for pk in found.open} == {"C3.7", "C4.7"}


def test_nobody_but_the_examiner_takes_findings_over(decision, reviewer, other_reviewer, approver):
    dossier = in_review_again(decision, reviewer)
    criterion = dossier.checklist.criteria.get(code="C1")

    for person in (other_reviewer, approver, member(dossier)):
        assert refusal(actions.carry_findings, dossier, criterion, by=person)
    assert dossier.findings.count() == 0


def test_a_second_tap_takes_nothing_over(decision, reviewer):
    dossier = in_review_again(decision, reviewer)
    criterion = dossier.checklist.criteria.get(code="C1")
    actions.carry_findings(dossier, criterion, by=reviewer)

    reasons = refusal(actions.carry_findings, dossier, criterion, by=reviewer)
    assert reasons == ["No finding of this criterion can be taken over as it stands."]


def test_a_first_round_has_nothing_to_take_over(reviewer):
    dossier = in_review(reviewer)

    assert renewals.findings_to_carry(dossier) is None
    assert refusal(actions.carry_findings, dossier, dossier.checklist.criteria.get(code="C1"), by=reviewer)


# --- performance -------------------------------------------------------------------------------------------------


def test_a_renewal_keeps_the_performance_of_its_day(decision, reviewer):
    dossier = renewed(decision, reviewer, facts=FACTS)

    snapshot = RenewalSnapshot.objects.get()
    assert (snapshot.dossier, snapshot.taken_by, RenewalFacts.from_json(snapshot.facts)) == (dossier, reviewer, FACTS)
    assert AuditEvent.objects.filter(action="dossier.performance").count() == 1


def test_a_first_round_keeps_none(reviewer):
    partner = opened(reviewer).partner
    actions.withdraw(partner.dossiers.get(), by=reviewer, seen=0, reason="Essai.")

    actions.open_dossier(partner, by=reviewer, facts=FACTS)

    assert RenewalSnapshot.objects.count() == 0


def test_the_examiner_reads_the_reports_again(decision, reviewer, other_reviewer, approver):
    dossier = in_review_again(decision, reviewer, facts=FACTS)
    newer = replace(FACTS, reports_due=3)

    for person in (other_reviewer, approver, member(dossier)):
        assert refusal(actions.refresh_performance, dossier, newer, by=person)
    actions.refresh_performance(dossier, newer, by=reviewer)

    assert [row.facts["reports_due"] for row in dossier.snapshots.all()] == [3, 2]


def test_a_first_round_reads_none(reviewer):
    dossier = in_review(reviewer)

    reasons = refusal(actions.refresh_performance, dossier, FACTS, by=reviewer)
    assert reasons == ["Performance is read at a renewal; a first round looks at commitments."]


# --- taking in one tap, and the clock ------------------------------------------------------------------------------


def test_taking_and_declaring_in_one_tap(reviewer):
    dossier = in_review(reviewer)
    assert dossier.declarations.get().has_link is False


def test_taken_again_after_a_release_declares_once(reviewer):
    dossier = in_review(reviewer)
    dossier = actions.release(dossier, by=reviewer, seen=dossier.lock_version)

    actions.take_without_link(dossier, by=reviewer, seen=dossier.lock_version)

    assert dossier.declarations.count() == 1


def test_who_has_a_link_cannot_take_it(reviewer, other_reviewer):
    dossier = in_review(reviewer)
    dossier = actions.release(dossier, by=reviewer, seen=dossier.lock_version)
    actions.declare(dossier, by=other_reviewer, has_link=True)

    assert refusal(actions.take_without_link, dossier, by=other_reviewer, seen=dossier.lock_version)
    assert current(dossier).status == DossierStatus.SUBMITTED


def test_every_step_leaves_a_stage(decision):
    stages = list(Stage.objects.filter(dossier=decision.dossier).values_list("status", flat=True))

    assert stages == ["collecting", "submitted", "in_review", "proposed", "decided"]


def test_a_document_without_a_date_is_said(decision, reviewer):
    kind = DocumentTypeFactory(code="CASIER", validity="max_age", months=3)
    undated = DocumentFactory(partner=decision.partner, type=kind)
    answer_to(decision.dossier, "C1.2").evidence.create(document=undated)

    assert "carries no date" in carried(renewed(decision, reviewer), "C1.2").lapsed[0]


def test_an_officer_of_another_organisation_confirms_nothing(decision, reviewer):
    dossier = renewed(decision, reviewer)
    stranger = UserFactory(roles=[Role.ADMIN])

    assert refusal(actions.confirm_answers, dossier, by=stranger, code="C1")
