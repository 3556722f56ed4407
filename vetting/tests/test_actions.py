"""The road of a dossier, and where it refuses: each refusal by its exact sentences."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from ace_partners.core.errors import NotAllowed, Stale
from ace_partners.core.models import AuditEvent, OutgoingMail
from partners.models import Relationship
from partners.tests.factories import DocumentFactory, PartnerFactory
from vetting import actions, rules
from vetting.models import DossierStatus
from vetting.tests.factories import (
    ChecklistFactory,
    DecisionFactory,
    answered,
    assessed,
    current,
    editor_of,
    in_review,
    opened,
    proposal_values,
    signatory_of,
    submitted,
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


# --- opening ---------------------------------------------------------------------------------------------------


def test_open_dossier_asks_what_applies(reviewer):
    ChecklistFactory()
    partner = PartnerFactory(organisation_type="cbo")
    signatory_of(partner)

    dossier = actions.open_dossier(partner, by=reviewer, due_on=timezone.localdate() + timedelta(days=30))

    partner.refresh_from_db()
    assert [answer.item.code for answer in dossier.answers.all()] == ["C1.2", "C1.4", "C2.1", "C3.1", "C4.1"]
    assert (dossier.status, partner.status) == (DossierStatus.COLLECTING, Relationship.APPLICANT)
    assert events(dossier) == ["dossier.open", "partner.apply"]
    assert kinds() == ["vetting/email/dossier_opened"]


def test_open_dossier_refuses_without_type_and_checklist(me_officer):
    partner = PartnerFactory(organisation_type=None)

    reasons = refusal(actions.open_dossier, partner, by=me_officer)

    assert reasons == [
        "Only a due-diligence officer can open a dossier.",
        "The type of this organisation is not known, and the questions depend on it: complete its record first.",
        "No checklist is published yet: ask the administrator to run load_reference.",
    ]


def test_open_dossier_refuses_a_second_one(reviewer):
    dossier = opened(reviewer)

    reasons = refusal(actions.open_dossier, dossier.partner, by=reviewer)

    assert reasons == ["A dossier is already open for this organisation: finish or withdraw it first."]


def test_open_dossier_refuses_a_renewal_of_nothing(reviewer):
    ChecklistFactory()

    reasons = refusal(actions.open_dossier, PartnerFactory(), by=reviewer, round="renewal")

    assert reasons == ["Nothing to renew: this organisation has no decision yet. Open a first due diligence."]


def test_open_dossier_waits_after_a_refusal(reviewer):
    day = timezone.localdate() + timedelta(days=40)
    decision = DecisionFactory(outcome="declined", reapply_from=day)

    reasons = refusal(actions.open_dossier, decision.partner, by=reviewer)

    assert len(reasons) == 1
    assert reasons[0].startswith("This organisation was declined and may apply again from ")


# --- answering and sending -------------------------------------------------------------------------------------


def test_answers_are_kept_and_stale_ones_refused(reviewer):
    dossier = opened(reviewer)
    editor = editor_of(dossier.partner)
    answer = dossier.answers.first()

    kept = actions.save_answer(answer, by=editor, seen=0, text=" Oui. ")

    assert (kept.text, kept.updated_by, kept.lock_version) == ("Oui.", editor, 1)
    with pytest.raises(Stale):
        actions.save_answer(answer, by=editor, seen=0, text="Non.")


def test_attach_and_detach(reviewer):
    dossier = opened(reviewer)
    editor = editor_of(dossier.partner)
    answer = dossier.answers.first()
    document = dossier.partner.documents.get()

    row = actions.attach_evidence(answer, document, by=editor)
    assert actions.attach_evidence(answer, document, by=editor) == row
    actions.detach_evidence(row, by=editor)

    assert answer.evidence.count() == 0
    assert events(dossier)[-2:] == ["answer.attach", "answer.detach"]
    reasons = refusal(actions.attach_evidence, answer, DocumentFactory(), by=editor)
    assert reasons == ["A document of another organisation cannot serve as evidence."]


def test_submit_needs_every_answer_then_freezes_them(reviewer):
    dossier = opened(reviewer)
    signatory = signatory_of(dossier.partner)
    assert refusal(actions.submit, dossier, by=signatory, seen=0) == [
        "Answer first, in a few words or with a document: C1.2, C1.4, C1.9, C2.1, C3.1, C4.1."
    ]
    document = dossier.partner.documents.get()
    actions.attach_evidence(dossier.answers.get(item__code="C1.2"), document, by=signatory)
    answered(dossier, signatory)

    version = actions.submit(dossier, by=signatory, seen=0)

    assert version.content["C1.2"] == {
        "text": "Réponse à C1.2",
        "documents": [{"id": document.pk, "sha256": document.file.sha256}],
        "absence": "",
        "references": [],
    }
    assert (version.number, version.on_behalf, version.dossier.status) == (1, False, DossierStatus.SUBMITTED)
    assert version.dossier.first_submitted_at == version.dossier.last_submitted_at == version.submitted_at
    assert kinds() == ["vetting/email/dossier_receipt", "vetting/email/dossier_submitted"]
    reasons = refusal(actions.save_answer, dossier.answers.first(), by=signatory, seen=1, text="Plus tard")
    assert reasons == ["This dossier is with ACE and cannot be changed now. To add something, write to ACE."]


def test_submit_by_an_editor_is_refused_and_by_ace_is_marked(reviewer):
    dossier = opened(reviewer)
    editor = editor_of(dossier.partner)
    answered(dossier, editor)

    reasons = refusal(actions.submit, dossier, by=editor, seen=0)
    version = actions.submit(dossier, by=reviewer, seen=0)

    assert reasons == ["Your role does not allow this step; another colleague has to take it."]
    assert version.on_behalf is True


# --- examining -------------------------------------------------------------------------------------------------


def test_findings_need_a_declaration_first(reviewer):
    dossier = submitted(opened(reviewer))
    dossier = actions.take(dossier, by=reviewer, seen=dossier.lock_version)
    item = dossier.items.first()

    reasons = refusal(actions.save_finding, dossier, item, by=reviewer, answer="met", reason="Vu.")

    assert reasons == ["First declare whether you have a link with this organisation."]


def test_a_declared_link_gives_the_dossier_back(reviewer, other_reviewer):
    dossier = submitted(opened(reviewer))
    dossier = actions.take(dossier, by=reviewer, seen=dossier.lock_version)

    actions.declare(dossier, by=reviewer, has_link=True)

    dossier = current(dossier)
    assert (dossier.status, dossier.assigned_to) == (DossierStatus.SUBMITTED, None)
    reasons = refusal(actions.take, dossier, by=reviewer, seen=dossier.lock_version)
    assert reasons == ["You declared a link with this organisation: a colleague has to examine it."]
    assert actions.take(dossier, by=other_reviewer, seen=dossier.lock_version).assigned_to == other_reviewer
    again = refusal(actions.declare, dossier, by=reviewer, has_link=False)
    assert again == ["You have declared already; a declaration is not changed."]


def test_save_finding_keeps_version_and_evidence(reviewer):
    dossier = in_review(reviewer)
    item = dossier.items.get(code="C1.2")
    document = dossier.partner.documents.get()

    finding = actions.save_finding(
        dossier, item, by=reviewer, answer="partial", reason="AG trop ancienne.", evidence=[(document, "3")]
    )

    rows = [(row.document, row.page) for row in finding.evidence.all()]
    assert (finding.version.number, finding.lock_version, rows) == (1, 1, [(document, "3")])
    with pytest.raises(Stale):
        actions.save_finding(dossier, item, by=reviewer, answer="met", reason="Vu.", seen=0)
    changed = actions.save_finding(dossier, item, by=reviewer, answer="met", reason="Revu.", seen=1)
    assert (changed.pk, changed.answer, changed.evidence.count()) == (finding.pk, "met", 0)


def test_save_finding_refuses(reviewer, other_reviewer):
    dossier = in_review(reviewer)
    knock_out = dossier.items.get(code="C1.4")
    stranger = DocumentFactory()

    reasons = refusal(
        actions.save_finding,
        dossier,
        knock_out,
        by=other_reviewer,
        answer="not_applicable",
        reason=" ",
        evidence=[(stranger, "")],
    )

    assert reasons == [
        f"{reviewer} examines this dossier.",
        "First declare whether you have a link with this organisation.",
        "C1.4: give your reason in a sentence.",
        "C1.4 is a knock-out for this type of organisation: it cannot be marked not applicable.",
        "A document of another organisation cannot serve as evidence.",
        "C1.4: name the page of the document you rely on.",
    ]


def test_requests_leave_together_and_open_only_their_items(reviewer):
    dossier = assessed(in_review(reviewer), reviewer)
    signatory = dossier.latest_version.submitted_by
    item = dossier.items.get(code="C3.1")
    due = timezone.localdate() + timedelta(days=14)
    nothing = refusal(actions.send_requests, dossier, by=reviewer, seen=dossier.lock_version, due_on=due)
    actions.request_item(dossier, item, by=reviewer, remark="Joignez l'engagement signé.")

    dossier = actions.send_requests(dossier, by=reviewer, seen=dossier.lock_version, due_on=due)

    assert nothing == ["No request is written yet: write one beside the item concerned."]
    assert (dossier.status, dossier.due_on) == (DossierStatus.CHANGES_REQUESTED, due)
    asked, other = dossier.answers.get(item=item), dossier.answers.get(item__code="C1.2")
    reasons = refusal(actions.save_answer, other, by=signatory, seen=other.lock_version, text="Autre")
    assert reasons == ["ACE asks nothing about this item: only the items asked for can be changed now."]
    waiting = refusal(actions.submit, dossier, by=signatory, seen=dossier.lock_version)
    assert waiting == ["ACE still waits for a reply on: C3.1."]

    actions.save_answer(asked, by=signatory, seen=asked.lock_version, text="Le voici.")
    version = actions.submit(dossier, by=signatory, seen=dossier.lock_version)

    assert version.number == 2
    assert dossier.requests.get().answered_at == version.submitted_at
    again = actions.take(version.dossier, by=reviewer, seen=version.dossier.lock_version)
    assert rules.outdated_codes(again) == ["C3.1"]
    stale = refusal(actions.propose, again, by=reviewer, seen=again.lock_version, **proposal_values())
    assert stale == ["The answer changed after your finding, look again: C3.1."]


def test_an_empty_remark_removes_the_request(reviewer):
    dossier = in_review(reviewer)
    item = dossier.items.first()
    actions.request_item(dossier, item, by=reviewer, remark="Précisez.")

    assert actions.request_item(dossier, item, by=reviewer, remark=" ") is None

    assert dossier.requests.count() == 0
