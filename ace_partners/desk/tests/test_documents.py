"""Documents of an organisation's file: added by its people or by ACE for them, published and taken back by ACE."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from ace_partners.core.models import AuditEvent
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import PDF_BYTES, UserFactory
from partners.models import Document
from partners.tests.factories import DocumentFactory, DocumentTypeFactory, MembershipFactory, PartnerFactory

LIST = "/espace/organisations/tumaini/documents/"
ADD = "/espace/organisations/tumaini/documents/ajouter/"
ENTER = "/equipe/partenaires/tumaini/documents/ajouter/"


def upload(content=PDF_BYTES):
    return SimpleUploadedFile("statuts.pdf", content)


@pytest.fixture
def typed(db):
    """A form filled in as a person would."""
    kind = DocumentTypeFactory()
    return lambda **more: {"type": kind.pk, "upload": upload(), "title": "Statuts 2026", **more}


def test_member_adds_a_document(signatory, partner, typed, login):
    response = login(signatory).post(ADD, typed(issued_on="2026-01-05"))

    document = Document.objects.get()
    assert (response.status_code, response["Location"]) == (302, LIST)
    assert (document.partner, document.title, document.on_behalf) == (partner, "Statuts 2026", False)
    assert AuditEvent.objects.get().action == "document.added"


def test_ace_enters_a_document_for_the_organisation(reviewer, partner, typed, login):
    response = login(reviewer).post(ENTER, typed())

    assert (response.status_code, response["Location"]) == (302, "/equipe/partenaires/tumaini/#documents")
    assert Document.objects.get().on_behalf is True


def test_a_newer_version_replaces_the_older_one(signatory, partner, typed, login):
    older = DocumentFactory(partner=partner)

    login(signatory).post(ADD, typed(replaces=older.pk))

    assert list(Document.objects.current()) == [Document.objects.get(replaces=older)]


def test_another_organisations_document_cannot_be_replaced(signatory, partner, typed, login):
    response = login(signatory).post(ADD, typed(replaces=DocumentFactory().pk))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["replaces"]


def test_viewer_reads_the_reasons_and_cannot_add(member, partner, typed, login):
    client = login(member(Role.VIEWER))
    reason = "Only the organisation's editor or signatory, or ACE on its behalf, can add a document."

    html = client.get(ADD).content.decode()
    response = client.post(ADD, typed())

    assert reason.replace("'", "&#x27;") in html
    assert '<input type="file"' not in html
    assert response.status_code == 403
    assert response.context["form"].non_field_errors() == [reason]
    assert not Document.objects.exists()


def test_a_wrong_file_and_dates_come_back_with_what_was_typed(signatory, partner, typed, login):
    values = typed(upload=upload(b"MZ nothing"), issued_on="2026-02-01", expires_on="2026-01-01")

    response = login(signatory).post(ADD, values)

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"upload", "expires_on"}
    assert 'value="Statuts 2026"' in response.content.decode()


def test_a_second_tap_adds_nothing(signatory, partner, typed, login):
    client = login(signatory)

    first = client.post(ADD, typed(), once="deux-fois")
    second = client.post(ADD, typed(), once="deux-fois")

    assert (first["Location"], second["Location"]) == (LIST, LIST)
    assert Document.objects.count() == 1


@pytest.mark.parametrize("address", [LIST, ADD])
def test_the_space_of_others_answers_404(address, partner, login, reviewer, db):
    for user in (MembershipFactory().user, reviewer, UserFactory()):
        assert login(user).get(address).status_code == 404


def test_entering_for_an_organisation_is_for_ace(signatory, partner, login, auditor):
    assert login(signatory).get(ENTER).status_code == 404
    assert login(auditor).get(ENTER).status_code == 404


def test_list_is_paginated_and_hides_replaced_versions(signatory, partner, login):
    older = DocumentFactory(partner=partner)
    DocumentFactory(partner=partner, replaces=older)
    DocumentFactory.create_batch(20, partner=partner)

    page_obj = login(signatory).get(LIST).context["page_obj"]

    assert (len(page_obj), page_obj.paginator.count) == (20, 21)


def test_list_query_count_is_the_same_at_one_and_three_rows(signatory, partner, login, django_assert_max_num_queries):
    client = login(signatory)
    counts = []
    for rows in (1, 2):
        DocumentFactory.create_batch(rows, partner=partner)
        with django_assert_max_num_queries(10) as counted:
            assert client.get(LIST).status_code == 200
        counts.append(len(counted))

    assert counts[0] == counts[1]


# --- the public page ---------------------------------------------------------------------------------------------


def publish(client, document, name="publish", **more):
    return client.post(reverse(f"desk:document_{name}", args=[document.pk]), **more)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.APPROVER])
def test_ace_publishes_and_takes_back(role, partner, login):
    client = login(UserFactory(roles=[role]))
    document = DocumentFactory(partner=partner)

    response = publish(client, document)
    assert (response.status_code, response["Location"]) == (302, "/equipe/partenaires/tumaini/#documents")
    document.refresh_from_db()
    assert document.published_at is not None

    publish(client, document, "unpublish")
    document.refresh_from_db()
    assert document.published_at is None
    assert list(AuditEvent.objects.order_by("pk").values_list("action", flat=True)) == [
        "document.published",
        "document.unpublished",
    ]


@pytest.mark.parametrize("role", [Role.ME_OFFICER])
def test_other_case_roles_read_why_not(role, partner, login):
    document = DocumentFactory(partner=partner)

    response = publish(login(UserFactory(roles=[role])), document)

    assert response.status_code == 403
    assert response.context["reasons"] == [
        "Only a due-diligence officer or the direction can publish a document or take it back."
    ]


def test_member_cannot_publish_its_own_document(signatory, partner, login):
    assert publish(login(signatory), DocumentFactory(partner=partner)).status_code == 403


def test_a_restricted_type_is_never_published(reviewer, partner, login):
    document = DocumentFactory(partner=partner, type=DocumentTypeFactory(code="ID", confidentiality="restricted"))

    response = publish(login(reviewer), document)

    assert (response.status_code, response.context["reasons"]) == (403, ["This type of document is never public."])


@pytest.mark.parametrize("name", ["publish", "unpublish"])
def test_a_foreign_document_answers_404_and_get_405(name, signatory, login, reviewer):
    document = DocumentFactory(partner=PartnerFactory())

    assert publish(login(signatory), document, name).status_code == 404
    assert login(reviewer).get(reverse(f"desk:document_{name}", args=[document.pk])).status_code == 405
