"""`visible_to` of every model, for every role: the only door to rows (design §3, §6)."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import UserFactory
from partners.models import (
    Document,
    DocumentType,
    Funder,
    Gap,
    Grant,
    Membership,
    Partner,
    PartnerArea,
    PartnerNote,
    PartnerPlace,
    Person,
    Place,
    PlaceKind,
    PlaceLevel,
    ReachFigure,
)
from partners.tests.factories import (
    DocumentFactory,
    GrantFactory,
    MembershipFactory,
    PartnerFactory,
    PersonFactory,
    PlaceFactory,
)

CASE = {Role.REVIEWER, Role.ME_OFFICER, Role.APPROVER}
MEMBERS = {Role.VIEWER, Role.EDITOR, Role.SIGNATORY}
EVERYBODY = ("stranger", *Role.values)


def readers_of(queryset, row, acting):
    return {role for role in EVERYBODY if queryset.visible_to(acting(role)).filter(pk=row.pk).exists()}


def test_readers_of_a_published_record(partner, acting):
    assert readers_of(Partner.objects.all(), partner, acting) == {*CASE, *MEMBERS, Role.AUDITOR, Role.ADMIN}


def test_the_admin_role_reads_public_records_only(partner, acting):
    partner.is_published = False
    partner.save()

    assert readers_of(Partner.objects.all(), partner, acting) == {*CASE, *MEMBERS, Role.AUDITOR}


def test_readers_of_people(partner, acting):
    person = PersonFactory(partner=partner)

    assert readers_of(Person.objects.all(), person, acting) == {*CASE, Role.AUDITOR, Role.EDITOR, Role.SIGNATORY}


def test_readers_of_documents(partner, acting):
    document = DocumentFactory(partner=partner)

    assert readers_of(Document.objects.all(), document, acting) == {*CASE, *MEMBERS, Role.AUDITOR}


def test_readers_of_notes(partner, acting):
    note = PartnerNote.objects.create(partner=partner, text="À demander.")

    assert readers_of(PartnerNote.objects.all(), note, acting) == {*CASE, Role.AUDITOR}


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (PartnerArea, {"area": "savings"}),
        (ReachFigure, {"unit": "membres"}),
        (Funder, {"name": "TFM"}),
        (Gap, {"what": "siège"}),
    ],
)
def test_readers_of_the_facts_of_a_record(partner, acting, model, fields):
    row = model.objects.create(partner=partner, **fields)

    assert readers_of(model.objects.all(), row, acting) == {*CASE, *MEMBERS, Role.AUDITOR, Role.ADMIN}


def test_readers_of_accesses(partner, acting):
    access = MembershipFactory(partner=partner)

    assert readers_of(Membership.objects.all(), access, acting) == {Role.ADMIN, Role.APPROVER, Role.SIGNATORY}


def test_readers_of_grants(partner, acting):
    grant = GrantFactory(partner=partner)

    assert readers_of(Grant.objects.all(), grant, acting) == {Role.ADMIN, Role.APPROVER}


def test_places_and_document_types_are_public_knowledge(acting, partner):
    place, kind = PlaceFactory(), DocumentFactory().type

    assert readers_of(Place.objects.all(), place, acting) == set(EVERYBODY)
    assert readers_of(DocumentType.objects.all(), kind, acting) == set(EVERYBODY)


def test_a_stranger_without_an_account_sees_nothing(partner):
    assert list(Partner.objects.visible_to(AnonymousUser())) == []


def test_a_member_does_not_see_other_organisations(partner, acting):
    DocumentFactory()

    for role in MEMBERS:
        assert list(Document.objects.visible_to(acting(role))) == []


def test_an_officer_who_joins_an_organisation_loses_ace_rights_on_it(partner, reviewer):
    other = PartnerFactory()
    note = PartnerNote.objects.create(partner=partner, text="À demander.")
    MembershipFactory(user=reviewer, partner=partner, role=Role.VIEWER)

    assert list(PartnerNote.objects.visible_to(reviewer)) == []
    assert list(Partner.objects.in_reach(reviewer, Role.REVIEWER)) == [other]
    assert note.partner in Partner.objects.visible_to(reviewer)


def test_an_accounts_officer_who_joins_an_organisation_sees_it_as_a_member(partner, ace_admin):
    MembershipFactory(user=ace_admin, partner=partner, role=Role.VIEWER)

    assert list(Membership.objects.visible_to(ace_admin)) == []
    assert list(Partner.objects.visible_to(ace_admin)) == [partner]


@pytest.mark.parametrize(
    ("grant", "seen"),
    [
        ({}, True),
        ({"ends_on": timezone.localdate()}, True),
        ({"starts_on": timezone.localdate() - timedelta(9), "ends_on": timezone.localdate() - timedelta(1)}, False),
        ({"starts_on": timezone.localdate() + timedelta(1)}, False),
        ({"revoked_at": timezone.now()}, False),
    ],
    ids=["live", "last day", "expired", "not yet", "revoked"],
)
def test_an_auditor_reads_while_the_grant_lives(partner, auditor, grant, seen):
    GrantFactory(user=auditor, partner=partner, **grant)
    PartnerFactory()

    assert list(Partner.objects.visible_to(auditor)) == ([partner] if seen else [])


def test_an_auditor_who_is_also_an_officer_needs_no_grant(partner):
    user = UserFactory(roles=[Role.AUDITOR, Role.ME_OFFICER])

    assert list(Partner.objects.visible_to(user)) == [partner]


# --- places -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def kolwezi(db):
    return PlaceFactory(name="Kolwezi", slug="kolwezi", level=PlaceLevel.CITY)


@pytest.fixture
def kanina(kolwezi):
    return PlaceFactory(name="Kanina", slug="kanina", level=PlaceLevel.QUARTER, parent=kolwezi)


def test_a_place_finds_the_organisations_below_it(partner, kolwezi, kanina):
    PartnerFactory()
    PartnerPlace.objects.create(partner=partner, place=kanina, kind=PlaceKind.SEAT)

    assert list(Partner.objects.at(kolwezi)) == [partner]
    assert list(Partner.objects.at(kanina)) == [partner]


def test_a_residential_home_is_found_and_shown_by_its_town_only(partner, kolwezi, kanina):
    spot = PartnerPlace.objects.create(partner=partner, place=kanina, kind=PlaceKind.HOME)
    partner.save()

    assert spot.shown_place == kolwezi
    assert list(Partner.objects.at(kolwezi)) == [partner]
    assert list(Partner.objects.at(kanina)) == []
    assert "kolwezi" in partner.search_text
    assert "kanina" not in partner.search_text


def test_a_place_that_moves_takes_what_lies_in_it_along(kolwezi, kanina):
    province = PlaceFactory(name="Lualaba", slug="lualaba", level=PlaceLevel.PROVINCE)
    kolwezi.parent = province
    kolwezi.save()

    kanina.refresh_from_db()
    assert kanina.lineage == "lualaba/kolwezi/kanina/"
