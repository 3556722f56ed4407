"""Evidence: absence as an answer, other bodies' assessments, papers accepted after a decision, citations."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone, translation

from ace_partners.core.errors import NotAllowed
from ace_partners.core.models import AuditEvent
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import UserFactory
from ace_partners.desk.figures.counting import with_progress
from partners.tests.factories import DocumentFactory, DocumentTypeFactory, GrantFactory, MembershipFactory
from vetting import actions, rules
from vetting.actions import evidence
from vetting.citations import citations
from vetting.figures import examination
from vetting.holds import open_holds
from vetting.models import Dossier, EvidenceRenewal, FindingEvidence, Hold, OtherAssessment
from vetting.rules.evidence import against_accepting, against_relying_on
from vetting.tests.factories import (
    ConflictDeclarationFactory,
    DecisionFactory,
    answered,
    current,
    editor_of,
    in_review,
    opened,
    signatory_of,
    submitted,
    taken,
)
from vetting.tests.factories_evidence import (
    OtherAssessmentFactory,
    ending,
    is_held,
    key_type,
    lapsed_finding,
    resting_on,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def reasons(action, *args, **facts):
    with pytest.raises(NotAllowed) as refusal:
        action(*args, **facts)
    return list(refusal.value.reasons)


# --- "we do not have it" -----------------------------------------------------------------------------------------


def missing(dossier):
    """What the rule says, which is what the work list counts."""
    codes = [answer.item.code for answer in rules.unanswered(dossier)]
    assert with_progress(Dossier.objects.filter(pk=dossier.pk)).get().answers_missing == len(codes)
    return codes


def test_a_reason_of_absence_is_an_answer(reviewer):
    dossier = opened(reviewer)
    answer = dossier.answers.get(item__code="C1.2")

    saved = actions.save_answer(
        answer, by=editor_of(dossier.partner), seen=0, text="", absence="  Demandé au greffe en mars.  "
    )

    assert saved.absence == "Demandé au greffe en mars."
    assert missing(dossier) == ["C1.4", "C1.9", "C2.1", "C3.1", "C4.1"]
    event = AuditEvent.objects.get(action="answer.save")
    assert event.after == {"item": "C1.2", "characters": 0, "absent": True}


def test_blanks_are_no_reason(reviewer):
    dossier = opened(reviewer)

    actions.save_answer(dossier.answers.get(item__code="C1.2"), by=reviewer, seen=0, text=" ", absence=" \n ")

    assert "C1.2" in missing(dossier)


def test_another_bodys_assessment_is_an_answer(reviewer):
    dossier = opened(reviewer)
    assessment = OtherAssessmentFactory(partner=dossier.partner)

    evidence.attach_reference(dossier.answers.get(item__code="C1.2"), assessment, by=reviewer)

    assert "C1.2" not in missing(dossier)


def test_the_version_freezes_absence_and_references_and_the_examiner_reads_them(reviewer):
    dossier = opened(reviewer)
    signatory = signatory_of(dossier.partner)
    assessment = OtherAssessmentFactory(partner=dossier.partner)
    answered(dossier, signatory)
    answer = dossier.answers.get(item__code="C1.2")
    answer = actions.save_answer(answer, by=signatory, seen=1, text="", absence="Pas encore reçu.")
    evidence.attach_reference(answer, assessment, by=signatory)

    version = actions.submit(dossier, by=signatory, seen=0)

    assert version.content["C1.2"] == {
        "text": "",
        "documents": [],
        "absence": "Pas encore reçu.",
        "references": [assessment.pk],
    }
    card = next(card for card in examination(version.dossier).items if card.item.code == "C1.2")
    assert (card.absence, card.references) == ("Pas encore reçu.", (assessment,))


@pytest.mark.parametrize(
    "change",
    [
        lambda answer, by: actions.save_answer(
            answer, by=by, seen=answer.lock_version, text=answer.text, absence="Non."
        ),
        lambda answer, by: evidence.attach_reference(
            answer, OtherAssessmentFactory(partner=answer.dossier.partner), by=by
        ),
        None,
    ],
)
def test_a_finding_is_outdated_by_a_new_absence_or_reference_and_by_nothing_else(reviewer, change):
    dossier = in_review(reviewer)
    item = dossier.items.get(code="C1.2")
    actions.save_finding(dossier, item, by=reviewer, answer="met", reason="Vu.")
    actions.request_item(dossier, item, by=reviewer, remark="Complétez.")
    dossier = actions.send_requests(dossier, by=reviewer, seen=dossier.lock_version, due_on=TODAY() + timedelta(9))
    answer = dossier.answers.get(item__code="C1.2")
    signatory = signatory_of(dossier.partner)
    same = lambda answer, by: actions.save_answer(answer, by=by, seen=answer.lock_version, text=answer.text)  # noqa: E731
    (change or same)(answer, signatory)
    actions.submit(dossier, by=signatory, seen=dossier.lock_version)

    assert rules.outdated_codes(current(dossier)) == (["C1.2"] if change else [])


def test_a_version_from_before_absence_was_asked_for_reads_as_if_nothing_was_missing(reviewer):
    dossier = in_review(reviewer)
    version = dossier.latest_version
    version.content = {"C1.2": {"text": "Oui", "documents": []}}  # not saved: the row is frozen

    assert version.answer_to("C1.2") == {"text": "Oui", "documents": [], "absence": "", "references": []}
    assert version.answer_to("C9.9") == {"text": "", "documents": [], "absence": "", "references": []}


# --- assessments by other bodies ---------------------------------------------------------------------------------

FACTS = {"body": "UNICEF", "tool": "PSEA", "result": "14/18", "source": "Bureau de Lubumbashi"}
MAY_ADD = {Role.EDITOR, Role.SIGNATORY, Role.REVIEWER, Role.ME_OFFICER}


@pytest.mark.parametrize("role", Role.values)
def test_who_notes_an_assessment(role):
    partner = OtherAssessmentFactory().partner
    if role in {Role.VIEWER, Role.EDITOR, Role.SIGNATORY}:
        user = MembershipFactory(partner=partner, role=role).user
    else:
        user = UserFactory(roles=[role])
        GrantFactory(user=user, partner=partner)
    facts = {**FACTS, "assessed_on": TODAY()}

    if role in MAY_ADD:
        row = evidence.add_assessment(partner, by=user, **facts)
        after = AuditEvent.objects.get(action="assessment.added").after
        on_behalf = role in {Role.REVIEWER, Role.ME_OFFICER}
        assert (row.partner, after) == (partner, {"assessed_on": TODAY().isoformat(), "on_behalf": on_behalf})
    else:
        assert reasons(evidence.add_assessment, partner, by=user, **facts) == [
            "Only the organisation's editor or signatory, or ACE on its behalf, can note an assessment."
        ]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"assessed_on": date(2999, 1, 1)}, ["The date of the assessment lies in the future."]),
        ({"source": "  "}, ["Say where ACE can check it: an address, a reference number, or whom to ask."]),
    ],
)
def test_an_assessment_needs_a_past_date_and_a_source(reviewer, facts, words):
    partner = OtherAssessmentFactory().partner

    facts = {**FACTS, "assessed_on": TODAY(), **facts}

    assert reasons(evidence.add_assessment, partner, by=reviewer, **facts) == words


def test_an_assessment_names_no_document_of_others(reviewer):
    partner = OtherAssessmentFactory().partner

    facts = {**FACTS, "assessed_on": TODAY(), "document": DocumentFactory()}

    assert reasons(evidence.add_assessment, partner, by=reviewer, **facts) == [
        "A document of another organisation cannot serve as evidence."
    ]


@pytest.mark.parametrize(
    ("assessed_on", "old"), [(date(2024, 11, 24), False), (date(2024, 11, 23), True), (date(2026, 11, 24), False)]
)
def test_after_24_months_an_assessment_is_old(assessed_on, old):
    assert OtherAssessment(assessed_on=assessed_on).is_old(date(2026, 11, 24)) is old


def test_an_assessment_is_attached_once_and_taken_off(reviewer):
    dossier = opened(reviewer)
    answer = dossier.answers.first()
    assessment = OtherAssessmentFactory(partner=dossier.partner)

    row = evidence.attach_reference(answer, assessment, by=reviewer)
    assert evidence.attach_reference(answer, assessment, by=reviewer) == row
    evidence.detach_reference(row, by=reviewer)

    assert answer.references.count() == 0
    assert OtherAssessment.objects.filter(pk=assessment.pk).exists()
    assert list(AuditEvent.objects.filter(action__contains="refer").values_list("action", flat=True)) == [
        "answer.unrefer",
        "answer.refer",
    ]


def test_an_assessment_of_another_organisation_serves_nobody_else(reviewer):
    answer = opened(reviewer).answers.first()

    assert reasons(evidence.attach_reference, answer, OtherAssessmentFactory(), by=reviewer) == [
        "An assessment of another organisation cannot serve as evidence."
    ]


def test_once_sent_references_stay_as_they_are(reviewer):
    dossier = opened(reviewer)
    signatory = signatory_of(dossier.partner)
    answer = dossier.answers.first()
    row = evidence.attach_reference(answer, OtherAssessmentFactory(partner=dossier.partner), by=signatory)
    submitted(dossier, signatory)
    closed = ["This dossier is with ACE and cannot be changed now. To add something, write to ACE."]

    assert reasons(evidence.detach_reference, row, by=signatory) == closed
    other = OtherAssessmentFactory(partner=dossier.partner)
    assert reasons(evidence.attach_reference, answer, other, by=signatory) == closed


# --- a paper accepted after a decision ---------------------------------------------------------------------------


def test_a_valid_paper_ends_the_hold_and_its_own_end_brings_it_back(reviewer):
    finding = lapsed_finding()
    partner = finding.dossier.partner
    assert [hold.kind for hold in open_holds(partner)] == ["expired_paper"]
    assert is_held(partner)
    fresh = ending(partner, 30)

    row = evidence.accept_evidence(finding, by=reviewer, document=fresh, page=" 2 ")

    assert (row.page, row.accepted_by) == ("2", reviewer)
    assert (open_holds(partner), is_held(partner)) == ((), False)
    last_day, day_after = TODAY() + timedelta(days=30), TODAY() + timedelta(days=31)
    assert (open_holds(partner, last_day), is_held(partner, last_day)) == ((), False)
    assert [hold.kind for hold in open_holds(partner, day_after)] == ["expired_paper"]
    assert is_held(partner, day_after)
    after = AuditEvent.objects.get(action="finding.evidence_accepted").after
    assert after == {"item": "C1.2", "document": fresh.pk, "page": "2"}


def test_of_two_holds_one_ends_and_the_organisation_is_still_held(reviewer):
    finding = lapsed_finding()
    partner = finding.dossier.partner
    other = resting_on(finding.dossier.decisions.get(), "C2.1", ending(partner, -5))

    evidence.accept_evidence(finding, by=reviewer, document=ending(partner, 30), page="2")

    assert [hold.row.finding for hold in open_holds(partner)] == [other]
    assert is_held(partner)


def test_a_hold_that_a_person_put_stays_when_the_paper_is_there(reviewer):
    finding = lapsed_finding()
    partner = finding.dossier.partner
    Hold.objects.create(partner=partner, kind="finance", reason="Compte bancaire à vérifier.", set_by=reviewer)

    evidence.accept_evidence(finding, by=reviewer, document=ending(partner, 30), page="2")

    assert [hold.kind for hold in open_holds(partner)] == ["put"]
    assert is_held(partner)


def test_another_paper_of_the_file_does_not_end_the_hold_by_itself():
    finding = lapsed_finding()

    ending(finding.dossier.partner, 30)

    assert is_held(finding.dossier.partner)


@pytest.mark.parametrize("role", Role.values)
def test_who_accepts_a_paper(role):
    finding = lapsed_finding()
    partner = finding.dossier.partner
    if role in {Role.VIEWER, Role.EDITOR, Role.SIGNATORY}:
        user = MembershipFactory(partner=partner, role=role).user
    else:
        user = UserFactory(roles=[role])
        GrantFactory(user=user, partner=partner)

    assert (against_accepting(finding, user) == []) == (role in {Role.REVIEWER, Role.APPROVER})


def test_who_declared_a_link_accepts_nothing(reviewer):
    finding = lapsed_finding()
    ConflictDeclarationFactory(dossier=finding.dossier, user=reviewer, has_link=True)

    assert against_accepting(finding, reviewer) == [
        "You declared a link with this organisation: a colleague has to take over."
    ]


def test_a_decision_that_was_replaced_needs_no_paper_any_more(reviewer):
    finding = lapsed_finding()
    DecisionFactory(partner=finding.dossier.partner)

    assert against_accepting(finding, reviewer) == ["No decision in force rests on this finding any more."]
    assert not is_held(finding.dossier.partner)


def test_a_finding_whose_paper_is_valid_needs_no_other(reviewer):
    decision = DecisionFactory()
    finding = resting_on(decision, "C1.2", ending(decision.partner, 5))

    assert against_accepting(finding, reviewer) == [
        "No key paper of this finding has lapsed: nothing has to be replaced."
    ]


def foreign(partner):
    return ending(DecisionFactory().partner, 30)


def of_another_type(partner):
    return ending(partner, 30, type=key_type("AGR_MIN"))


def replaced(partner):
    older = ending(partner, 30)
    ending(partner, 60, replaces=older)
    return older


def undated(partner):
    return DocumentFactory(partner=partner, type=key_type())


def not_accepted(partner):
    # The checklist of the factories names STATUTS at every item.
    kind = key_type()
    kind.validity = "not_accepted"
    kind.save()
    return DocumentFactory(partner=partner, type=kind)


@pytest.mark.parametrize(
    ("paper", "words"),
    [
        (foreign, "A document of another organisation cannot serve as evidence."),
        (of_another_type, "A paper of this type does not answer C1.2. Ask for one of those that the item names."),
        (replaced, "A newer version replaces this document: choose that one."),
        (lambda partner: ending(partner, -1), "This paper has lapsed too: it cannot take the place of the other."),
        (undated, "This paper has no date: nobody can say whether it still counts."),
        (not_accepted, "Papers of this type are no longer accepted."),
    ],
)
def test_papers_that_cannot_take_its_place(reviewer, paper, words):
    finding = lapsed_finding()
    document = paper(finding.dossier.partner)

    assert reasons(evidence.accept_evidence, finding, by=reviewer, document=document, page="1") == [words]
    assert EvidenceRenewal.objects.count() == 0


def test_a_paper_is_relied_on_at_a_page(reviewer):
    finding = lapsed_finding()

    assert against_relying_on(finding, ending(finding.dossier.partner, 30), " ") == [
        "C1.2: name the page of the document you rely on."
    ]


def test_a_type_that_the_finding_relied_on_already_serves_though_the_item_does_not_name_it():
    decision = DecisionFactory()
    kind = key_type("AGR_MIN")
    finding = resting_on(decision, "C1.2", ending(decision.partner, -1, type=kind))

    assert against_relying_on(finding, ending(decision.partner, 30, type=kind), "1") == []


def test_an_accepted_paper_is_never_altered(reviewer):
    finding = lapsed_finding()
    row = evidence.accept_evidence(finding, by=reviewer, document=ending(finding.dossier.partner, 30), page="2")

    with pytest.raises(DatabaseError), transaction.atomic():
        EvidenceRenewal.objects.filter(pk=row.pk).update(page="9")


# --- citations ---------------------------------------------------------------------------------------------------


def cited_twice():
    """A paper that two findings in force rely on, and that a third relies on since it was accepted."""
    finding = lapsed_finding(code="C2.1")
    decision = finding.dossier.decisions.get()
    document = ending(decision.partner, 30)
    FindingEvidence.objects.create(finding=finding, document=document, page="7")
    resting_on(decision, "C1.2", document, page="")
    return document, resting_on(decision, "C4.1", ending(decision.partner, -1))


def test_a_paper_says_which_findings_rely_on_it(reviewer, django_assert_num_queries):
    document, third = cited_twice()
    evidence.accept_evidence(third, by=reviewer, document=document, page="1")
    assert list(reviewer.roles) == [Role.REVIEWER]  # read once

    with django_assert_num_queries(1):
        found = citations([document], reviewer)

    assert found == {document.pk: ["C1.2", "C2.1 (p. 7)", "C4.1 (p. 1)"]}


def test_nobody_learns_of_findings_who_may_not_read_them(me_officer, ace_admin):
    document, _third = cited_twice()
    member = signatory_of(document.partner)

    assert [citations([document], user) for user in (me_officer, ace_admin, member)] == [{}, {}, {}]
    assert citations([], member) == {}


def test_a_withdrawn_round_cites_nothing(reviewer):
    dossier = taken(submitted(opened(reviewer)), reviewer)
    document = dossier.partner.documents.get()
    actions.save_finding(dossier, dossier.items[0], by=reviewer, answer="met", reason="Vu.", evidence=[(document, "1")])
    assert citations([document], reviewer) == {document.pk: ["C1.2 (p. 1)"]}

    actions.withdraw(dossier, by=reviewer, seen=dossier.lock_version, reason="Arrêt.")

    assert citations([document], reviewer) == {}


def test_a_document_type_of_the_item_is_offered():
    """The factories' own promise, on which the tests above stand."""
    assert DocumentTypeFactory(code="STATUTS").code in lapsed_finding().item.documents
