"""The pages: what a person sees, may and may not do, and how many queries it costs."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from ace_partners.core.tests.factories import PDF_BYTES
from partners.tests.factories import PartnerFactory
from vetting import actions
from vetting.models import Dossier
from vetting.tests.factories import (
    ChecklistFactory,
    answered,
    editor_of,
    in_review,
    opened,
    proposed,
    signatory_of,
    viewer_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(english):
    """Sentences are compared as they are written in the code."""


def url(name, *args):
    return reverse(name, args=args)


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def by_member(row):
    return row.versions.first().submitted_by


# --- the organisation's road ------------------------------------------------------------------------------------


def test_open_from_the_page(login, reviewer):
    ChecklistFactory()
    partner = PartnerFactory()
    address = url("desk:dossier_open", partner.slug)

    response = login(reviewer).post(address, {"round": "initial", "due_on": "2999-01-01"})

    dossier = Dossier.objects.get()
    assert (response.status_code, response["Location"]) == (302, url("vetting_space:dossier", dossier.pk))
    assert dossier.partner == partner


def test_open_refused_shows_why(login, reviewer):
    partner = PartnerFactory(organisation_type=None)
    address = url("desk:dossier_open", partner.slug)

    response = login(reviewer).post(address, {"round": "initial", "due_on": "2999-01-01"})

    assert response.status_code == 403
    assert "The type of this organisation is not known" in text_of(response)
    assert Dossier.objects.count() == 0


def test_task_list_counts_what_is_left(login, reviewer):
    dossier = opened(reviewer)
    editor = editor_of(dossier.partner)
    actions.save_answer(dossier.answers.first(), by=editor, seen=0, text="Oui")

    page = text_of(login(editor).get(url("vetting_space:dossier", dossier.pk)))

    assert "5 items are still to answer." in page


def test_answer_is_saved_and_leads_to_the_next(login, reviewer):
    dossier = opened(reviewer)
    editor = editor_of(dossier.partner)

    response = login(editor).post(url("vetting_space:answer", dossier.pk, "C1.2"), {"seen": 0, "text": "Notre AG"})

    assert response["Location"] == url("vetting_space:answer", dossier.pk, "C1.4")
    assert dossier.answers.get(item__code="C1.2").text == "Notre AG"


def test_answer_meanwhile_changed_is_stale_and_gives_the_text_back(login, reviewer):
    dossier = opened(reviewer)
    editor = editor_of(dossier.partner)
    actions.save_answer(dossier.answers.first(), by=reviewer, seen=0, text="Saisi par ACE")

    response = login(editor).post(url("vetting_space:answer", dossier.pk, "C1.2"), {"seen": 0, "text": "Notre AG"})

    assert response.status_code == 409
    # Mine and theirs, side by side, in the field they belong to.
    assert re.findall(r"<textarea[^>]*>([^<]*)</textarea>", response.text) == ["Notre AG", "Saisi par ACE"]
    assert "Your answer: what stands there now" in text_of(response)
    assert dossier.answers.first().text == "Saisi par ACE"


def test_a_viewer_reads_but_does_not_answer(login, reviewer):
    dossier = opened(reviewer)
    client = login(viewer_of(dossier.partner))
    address = url("vetting_space:answer", dossier.pk, "C1.2")

    page = client.get(address)
    response = client.post(address, {"seen": 0, "text": "Non"})

    assert "<textarea" not in page.content.decode()
    assert response.status_code == 403
    assert "Only the organisation&#x27;s editor or signatory" in response.content.decode()


def test_upload_is_attached(login, reviewer):
    dossier = opened(reviewer)
    editor = editor_of(dossier.partner)
    document = dossier.partner.documents.get()
    upload = SimpleUploadedFile("statuts.pdf", PDF_BYTES, "application/pdf")
    address = url("vetting_space:evidence_add", dossier.pk, "C1.2")

    response = login(editor).post(address, {"upload": upload, "type": document.type.pk, "title": "Statuts 2024"})

    attached = dossier.answers.get(item__code="C1.2").evidence.get().document
    assert response["Location"] == url("vetting_space:answer", dossier.pk, "C1.2")
    assert (attached.title, attached.partner, attached.on_behalf) == ("Statuts 2024", dossier.partner, False)


def test_upload_without_type_is_asked_back(login, reviewer):
    dossier = opened(reviewer)
    upload = SimpleUploadedFile("statuts.pdf", PDF_BYTES, "application/pdf")
    address = url("vetting_space:evidence_add", dossier.pk, "C1.2")

    response = login(editor_of(dossier.partner)).post(address, {"upload": upload})

    assert response.status_code == 422
    assert "Say what this file is." in text_of(response)


def test_a_document_is_taken_off(login, reviewer):
    dossier = opened(reviewer)
    editor = editor_of(dossier.partner)
    answer = dossier.answers.first()
    row = actions.attach_evidence(answer, dossier.partner.documents.get(), by=editor)

    response = login(editor).post(url("vetting_space:evidence_remove", dossier.pk, "C1.2", row.pk))

    assert response["Location"] == url("vetting_space:answer", dossier.pk, "C1.2")
    assert answer.evidence.count() == 0


def test_submit_gives_one_receipt_for_a_double_tap(login, reviewer):
    dossier = opened(reviewer)
    signatory = signatory_of(dossier.partner)
    answered(dossier, signatory)
    client = login(signatory)
    address, values = url("vetting_space:submit", dossier.pk), {"seen": 0, "declared": "on"}

    first = client.post(address, values, once="un-seul-envoi")
    second = client.post(address, values, once="un-seul-envoi")

    receipt = url("vetting_space:receipt", dossier.pk, 1)
    assert (first["Location"], second["Location"]) == (receipt, receipt)
    assert dossier.versions.count() == 1
    assert dossier.versions.get().reference in text_of(client.get(receipt))


def test_submit_without_the_declaration_is_asked_back(login, reviewer):
    dossier = opened(reviewer)
    signatory = signatory_of(dossier.partner)
    answered(dossier, signatory)

    response = login(signatory).post(url("vetting_space:submit", dossier.pk), {"seen": 0})

    assert response.status_code == 422
    assert "Tick this box: the dossier is sent on your word." in text_of(response)


def test_only_the_items_asked_for_are_open(login, reviewer):
    dossier = in_review(reviewer)
    item = dossier.items.get(code="C3.1")
    actions.request_item(dossier, item, by=reviewer, remark="Joignez l'engagement.")
    actions.send_requests(dossier, by=reviewer, seen=dossier.lock_version, due_on=timezone.localdate() + timedelta(9))
    client = login(by_member(dossier))

    page = client.get(url("vetting_space:dossier", dossier.pk)).content.decode()
    asked = client.get(url("vetting_space:answer", dossier.pk, "C3.1")).content.decode()
    other = client.get(url("vetting_space:answer", dossier.pk, "C1.2")).content.decode()

    tasks = re.search(r'<ul class="task-list">.*?</ul>', page, re.DOTALL).group()
    assert re.findall(r"C\d\.\d", tasks.split("aria-describedby", 1)[0] + tasks) != []
    assert set(re.findall(r"(C\d\.\d) ·", tasks)) == {"C3.1"}
    assert "Joignez l&#x27;engagement." in tasks
    assert "Joignez l&#x27;engagement." in asked
    assert "<textarea" in asked
    assert "<textarea" not in other


def test_findings_and_notes_never_reach_the_organisation(login, reviewer, approver):
    dossier = proposed(reviewer, internal_note="Entre nous")
    actions.declare(dossier, by=approver, has_link=False)
    decision = actions.approve(dossier, by=approver, seen=dossier.lock_version)
    client = login(by_member(dossier))
    pages = [
        url("vetting_space:dossier", dossier.pk),
        url("vetting_space:answer", dossier.pk, "C1.2"),
        url("vetting_space:check", dossier.pk),
        url("vetting_space:receipt", dossier.pk, 1),
        url("vetting_space:decision", decision.pk),
    ]

    seen = " ".join(text_of(client.get(page)) for page in pages)

    assert "Motif C1." in seen
    assert "Constat C1.2." not in seen
    assert "Entre nous" not in seen
