import pytest
from django.urls import reverse

from ace_partners.core import uploads
from ace_partners.core.models import AuditEvent
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import PDF_BYTES, UserFactory
from partners.tests.factories import DocumentFactory, DocumentTypeFactory, MembershipFactory

READERS = {Role.VIEWER, Role.EDITOR, Role.SIGNATORY, Role.REVIEWER, Role.ME_OFFICER, Role.APPROVER, Role.AUDITOR}


def document_of(partner, **fields):
    stored = uploads.store((PDF_BYTES, "application/pdf", "relevé.pdf"), by=UserFactory())
    return DocumentFactory(partner=partner, file=stored, **fields)


def address(document):
    return reverse("partners:document", args=[document.pk])


def fetch(client, path, data=None):
    """The answer with its whole body in `.body`; reading to the end closes the file."""
    answer = client.get(path, data)
    answer.body = answer.getvalue()
    return answer


@pytest.mark.parametrize("role", ["stranger", *Role.values])
def test_who_gets_the_file(login, partner, acting, role):
    document = document_of(partner)

    answer = fetch(login(acting(role)), address(document))

    assert answer.status_code == (200 if role in READERS else 404)


def test_without_an_account_the_address_asks_for_a_sign_in(login, partner):
    document = document_of(partner)

    for path in (address(document), reverse("partners:document", args=[0]), "/fichiers/autre/"):
        assert login().get(path).status_code == 302


def test_a_member_of_another_organisation_is_told_nothing(login, partner):
    user = MembershipFactory(role=Role.SIGNATORY).user

    assert login(user).get(address(document_of(partner))).status_code == 404


def test_the_file_comes_whole_and_sandboxed(login, partner, reviewer):
    answer = fetch(login(reviewer), address(document_of(partner)))

    assert answer.body == PDF_BYTES
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Content-Security-Policy"].startswith("sandbox;")
    assert answer["Cache-Control"] == "private, no-store"


def test_it_is_shown_in_the_page_on_request(login, partner, reviewer):
    answer = fetch(login(reviewer), address(document_of(partner)), {"voir": "1"})

    assert answer["Content-Disposition"].startswith("inline;")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_reading_a_restricted_file_is_recorded(login, partner, reviewer):
    document = document_of(partner, type=DocumentTypeFactory(code="RIB", confidentiality="restricted"))

    fetch(login(reviewer), address(document))

    event = AuditEvent.objects.get()
    assert (event.action, event.actor, event.target_label) == (
        "document.read",
        reviewer,
        f"document {document.pk} (RIB)",
    )


def test_a_file_is_not_posted_to(login, partner, reviewer):
    assert login(reviewer).post(address(document_of(partner))).status_code == 405


def test_query_count(login, partner, reviewer, django_assert_num_queries):
    document = document_of(partner)
    client = login(reviewer)

    with django_assert_num_queries(4):  # session, user, roles, document
        fetch(client, address(document))
