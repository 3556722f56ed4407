"""What a paper counts for on one day, which dates it needs, and who may read it by its confidentiality."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from ace_partners.core import uploads
from ace_partners.core.errors import NotAllowed
from ace_partners.core.models import AuditEvent
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import PDF_BYTES, UserFactory
from partners import actions, rules
from partners.models import Document, DocumentType
from partners.tests.factories import DocumentFactory, DocumentTypeFactory, MembershipFactory

TODAY = date(2026, 11, 24)
UPLOAD = (PDF_BYTES, "application/pdf", "piece.pdf")


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def kind(validity, months=None):
    return DocumentType(code="T", name_fr="T", name_en="T", validity=validity, months=months)


def paper(validity, months=None, issued_on=None, expires_on=None):
    of_type = kind(validity, months)
    last_day = of_type.last_day(issued_on, expires_on)
    return Document(type=of_type, issued_on=issued_on, expires_on=expires_on, valid_until=last_day)


@pytest.mark.parametrize(
    ("document", "state"),
    [
        (paper("printed_expiry", expires_on=TODAY + timedelta(days=91)), "valid"),
        (paper("printed_expiry", expires_on=TODAY + timedelta(days=90)), "due_soon"),
        (paper("printed_expiry", expires_on=TODAY), "due_soon"),
        (paper("printed_expiry", expires_on=TODAY - timedelta(days=1)), "expired"),
        (paper("printed_expiry", issued_on=TODAY), "no_end"),
        (paper("printed_expiry"), "undated"),
        (paper("max_age", 12, issued_on=date(2026, 6, 1)), "valid"),
        (paper("max_age", 12, issued_on=date(2025, 11, 24)), "due_soon"),
        (paper("max_age", 12, issued_on=date(2025, 11, 23)), "expired"),
        # The printed end comes before the age allowed.
        (paper("max_age", 12, issued_on=date(2026, 6, 1), expires_on=date(2026, 7, 1)), "expired"),
        (paper("max_age", 12), "undated"),
        (paper("until_changed"), "no_end"),
        (paper("until_changed", expires_on=TODAY - timedelta(days=1)), "expired"),
        (paper("per_period"), "no_end"),
        (paper("not_accepted", expires_on=TODAY + timedelta(days=900)), "not_accepted"),
    ],
)
def test_what_a_paper_counts_for(document, state):
    assert document.validity(TODAY) == state


@pytest.mark.parametrize(
    ("validity", "issued_on", "expires_on", "field", "words"),
    [
        ("until_changed", TODAY + timedelta(days=1), None, "issued_on", "lies in the future"),
        ("max_age", TODAY + timedelta(days=1), None, "issued_on", "lies in the future"),
        ("max_age", None, None, "issued_on", "Write the date of issue: this paper counts for 12 months after it."),
        ("max_age", None, TODAY, "issued_on", "Write the date of issue"),
        ("printed_expiry", None, None, "expires_on", "Write the end of validity printed on the paper"),
        ("until_changed", TODAY, TODAY - timedelta(days=1), "expires_on", "comes before the date of issue"),
    ],
)
def test_dates_that_cannot_be(validity, issued_on, expires_on, field, words):
    problems = rules.dating_problems(kind(validity, 12), issued_on, expires_on, TODAY)

    assert list(problems) == [field]
    assert words in problems[field]
    assert rules.against_dating(kind(validity, 12), issued_on, expires_on, TODAY) == list(problems.values())


@pytest.mark.parametrize(
    ("validity", "issued_on", "expires_on"),
    [
        ("until_changed", None, None),
        ("per_period", None, None),
        ("not_accepted", None, None),
        ("max_age", TODAY, None),
        ("max_age", date(2001, 1, 1), None),  # lapsed long ago: stored, and labelled
        ("printed_expiry", None, date(2001, 1, 1)),
        ("printed_expiry", TODAY, None),
        ("printed_expiry", TODAY, TODAY),
    ],
)
def test_dates_that_are_taken(validity, issued_on, expires_on):
    assert rules.against_dating(kind(validity, 12), issued_on, expires_on, TODAY) == []


def test_the_action_asks_for_the_date_too(partner, acting):
    aged = DocumentTypeFactory(code="PV_AG", validity="max_age", months=15)

    with pytest.raises(NotAllowed, match="Write the date of issue"):
        actions.add_document(partner, type=aged, upload=UPLOAD, by=acting(Role.EDITOR))
    assert Document.objects.count() == 0


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"validity": "printed_expiry"}, "This paper has lapsed"),
        ({"validity": "not_accepted"}, "no longer accepted"),
        ({"validity": "max_age", "months": 600}, ""),
    ],
)
def test_a_paper_that_proves_nothing_is_stored_with_a_warning(partner, acting, facts, words):
    of_type = DocumentTypeFactory(code="F92", **facts)
    issued_on = date(2019, 5, 1)
    ends = None if words == "" else date(2020, 5, 1)

    document = actions.add_document(
        partner, type=of_type, upload=UPLOAD, by=acting(Role.EDITOR), issued_on=issued_on, expires_on=ends
    )

    warnings = rules.warnings_about(document)
    assert [words in warning for warning in warnings] == ([True] if words else [])


def test_an_expired_paper_can_still_be_published_and_replaced(partner, acting):
    old = DocumentFactory(
        partner=partner, type=DocumentTypeFactory(validity="printed_expiry"), expires_on=date(2020, 1, 1)
    )

    actions.publish_document(old, by=acting(Role.REVIEWER))
    newer = actions.add_document(
        partner, type=old.type, upload=UPLOAD, by=acting(Role.EDITOR), expires_on=date(2021, 1, 1), replaces=old
    )

    assert list(Document.objects.current()) == [newer]


def test_other_months_move_the_last_day_of_every_paper_of_the_type(partner, login, ace_admin):
    aged = DocumentTypeFactory(code="AVIS", validity="max_age", months=12, confidentiality="internal")
    moved = DocumentFactory(partner=partner, type=aged, issued_on=date(2026, 1, 31))
    other = DocumentFactory(
        partner=partner,
        type=DocumentTypeFactory(code="POL", validity="max_age", months=12),
        issued_on=date(2026, 1, 31),
    )
    values = {"name_fr": "Avis", "name_en": "Opinion", "issuer": "Ministère", "validity": "max_age", "months": 1}
    address = reverse("admin:partners_documenttype_change", args=[aged.pk])

    response = login(ace_admin).post(address, {**values, "confidentiality": "internal"})

    assert response.status_code == 302
    moved.refresh_from_db()
    other.refresh_from_db()
    assert (moved.valid_until, other.valid_until) == (date(2026, 2, 28), date(2027, 1, 31))


@pytest.mark.parametrize("confidentiality", ["public", "internal", "restricted"])
def test_who_reads_the_file_by_its_confidentiality(partner, login, acting, confidentiality):
    """Inside, all readers of the file; outside, nobody, not even of a public type while ACE has not published it."""
    of_type = DocumentTypeFactory(code="TYPE", confidentiality=confidentiality)
    stored = uploads.store(UPLOAD, by=UserFactory())
    document = DocumentFactory(partner=partner, type=of_type, file=stored)
    closed = reverse("partners:document", args=[document.pk])
    public = reverse("public:document", args=[partner.slug, document.pk])
    viewer, foreign = acting(Role.VIEWER), MembershipFactory(role=Role.SIGNATORY).user

    def code(user, address):
        answer = login(user).get(address)
        if answer.streaming:
            answer.getvalue()  # reading to the end closes the file
        return answer.status_code

    assert [code(user, closed) for user in (viewer, foreign, None)] == [200, 404, 302]
    assert [code(user, public) for user in (viewer, foreign, None)] == [404, 404, 404]
    read = AuditEvent.objects.filter(action="document.read").values_list("actor", flat=True)
    assert list(read) == ([viewer.pk] if confidentiality == "restricted" else [])


@pytest.mark.parametrize("confidentiality", ["internal", "restricted"])
def test_only_public_types_can_reach_the_public_page(partner, login, confidentiality):
    """Even a row that says "published": the type decides."""
    of_type = DocumentTypeFactory(code="TYPE", confidentiality=confidentiality)
    stored = uploads.store(UPLOAD, by=UserFactory())
    document = DocumentFactory(partner=partner, type=of_type, file=stored, published_at=timezone.now())

    page = login().get(partner.get_absolute_url()).content.decode()

    assert login().get(reverse("public:document", args=[partner.slug, document.pk])).status_code == 404
    assert reverse("public:document", args=[partner.slug, document.pk]) not in page
