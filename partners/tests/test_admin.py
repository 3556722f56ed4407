"""Django's admin for the partners' room: each role sees and does what design §6 says, and every save is recorded."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from ace_partners.core.event_words import event_label
from ace_partners.core.models import AuditEvent
from ace_partners.core.rights import STAFF_ROLES, Role
from ace_partners.core.tests.factories import UserFactory
from partners.models import (
    Document,
    DocumentType,
    Gap,
    Grant,
    Membership,
    Partner,
    PartnerNote,
    PartnerPlace,
    Person,
    Place,
    PlaceKind,
)
from partners.tests.factories import (
    DocumentFactory,
    DocumentTypeFactory,
    GrantFactory,
    MembershipFactory,
    PartnerFactory,
    PersonFactory,
    PlaceFactory,
)

pytestmark = pytest.mark.django_db

CASE = {Role.REVIEWER, Role.ME_OFFICER, Role.APPROVER}
KEEPERS = {Role.REVIEWER, Role.APPROVER}
ACCOUNTS = {Role.ADMIN, Role.APPROVER}
STAFF = sorted(STAFF_ROLES)

# model: (who sees, who adds, who changes)
TABLE = {
    Partner: (STAFF_ROLES, KEEPERS, KEEPERS),
    Person: (CASE, KEEPERS, KEEPERS),
    Document: (CASE, set(), set()),
    Membership: (ACCOUNTS, {Role.ADMIN}, {Role.ADMIN}),
    Grant: (ACCOUNTS, ACCOUNTS, ACCOUNTS),
    Place: (STAFF_ROLES, {Role.ADMIN, Role.REVIEWER}, {Role.ADMIN, Role.REVIEWER}),
    DocumentType: (STAFF_ROLES, {Role.ADMIN}, {Role.ADMIN}),
}
FACTORIES = {
    Partner: PartnerFactory,
    Person: PersonFactory,
    Document: DocumentFactory,
    Membership: MembershipFactory,
    Grant: GrantFactory,
    Place: PlaceFactory,
    DocumentType: DocumentTypeFactory,
}


def url(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def can_change(answer):
    return 'name="_save"' in answer.content.decode()


def inlines(*prefixes):
    """The management fields of inline forms that stay empty."""
    return {f"{prefix}-{name}": 0 for prefix in prefixes for name in ("TOTAL_FORMS", "INITIAL_FORMS")}


PARTNER_INLINES = inlines("areas", "places", "reach_figures", "funders", "gaps", "notes")


def last_event():
    event = AuditEvent.objects.latest("pk")
    return event.action, event.actor, event.after


# --- who sees and who may change --------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", STAFF)
@pytest.mark.parametrize("model", TABLE, ids=lambda model: model._meta.model_name)
def test_each_role_sees_adds_and_changes_what_the_table_says(login, role, model):
    row = FACTORIES[model]()
    seers, adders, changers = TABLE[model]
    client = login(UserFactory(roles=[role]))

    lists = client.get(url(model, "changelist")).status_code
    adds = client.get(url(model, "add")).status_code
    change = client.get(url(model, "change", row.pk))
    history = client.get(url(model, "history", row.pk)).status_code

    if role not in seers:
        assert (lists, adds, change.status_code, history) == (404, 404, 404, 404)
    else:
        assert (lists, adds, history) == (200, 200 if role in adders else 403, 200)
        assert can_change(change) == (role in changers)


@pytest.mark.parametrize("role", STAFF)
def test_the_index_lists_only_what_the_role_may_see(login, role):
    page = login(UserFactory(roles=[role])).get(reverse("admin:index")).content.decode()

    listed = {model for model in TABLE if url(model, "changelist") in page}
    assert listed == {model for model, (seers, _adders, _changers) in TABLE.items() if role in seers}
    assert "/admin/account/" not in page
    assert "/admin/auth/" not in page


@pytest.mark.parametrize("model", TABLE, ids=lambda model: model._meta.model_name)
def test_nothing_is_deleted(login, model):
    row = FACTORIES[model]()
    everything = UserFactory(roles=STAFF)

    answer = login(everything).post(url(model, "delete", row.pk), {"post": "yes"})

    assert answer.status_code == 403
    assert model.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", TABLE, ids=lambda model: model._meta.model_name)
def test_a_row_that_is_not_there_is_not_found(login, model):
    client = login(UserFactory(roles=STAFF))

    for page in ("change", "history", "delete"):
        assert client.get(url(model, page, 999_999)).status_code == 404
    assert client.post(url(model, "change", 999_999)).status_code == 404


@pytest.mark.parametrize("model", [Partner, Person, Document])
def test_an_officer_who_belongs_to_an_organisation_does_not_see_its_rows_as_an_officer(login, reviewer, model):
    row = FACTORIES[model]()
    MembershipFactory(user=reviewer, partner=getattr(row, "partner", row), role=Role.VIEWER)
    client = login(reviewer)

    answer = client.get(url(model, "change", row.pk))

    # A viewer reads the record and the documents, never the people; changes nothing.
    assert answer.status_code == (404 if model is Person else 200)
    assert not can_change(answer)


def test_the_admin_role_sees_public_records_without_notes(login, ace_admin):
    public, hidden = PartnerFactory(name="Publique"), PartnerFactory(name="Cachée", is_published=False)
    PartnerNote.objects.create(partner=public, text="Note interne")
    client = login(ace_admin)

    page = client.get(url(Partner, "changelist")).content.decode()

    assert "Publique" in page
    assert "Cachée" not in page
    assert client.get(url(Partner, "change", hidden.pk)).status_code == 404
    assert "Note interne" not in client.get(url(Partner, "change", public.pk)).content.decode()


def test_the_reason_is_said_where_nothing_can_be_changed(login, me_officer, partner):
    page = login(me_officer).get(url(Partner, "change", partner.pk)).content.decode()

    assert str(partner) in page
    assert '<li class="warning">' in page


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR, Role.SIGNATORY, Role.AUDITOR])
def test_others_do_not_enter(login, acting, role):
    client = login(acting(role))

    assert client.get(reverse("admin:index")).status_code == 302
    assert client.get(url(Partner, "changelist")).status_code == 302


# --- saving -----------------------------------------------------------------------------------------------------------


def partner_fields(**fields):
    return {
        "name": "Coopérative Umoja",
        "slug": "umoja",
        "organisation_type": "cooperative",
        "founded": "vers 2004",
        "summary": "Une coopérative.",
        **PARTNER_INLINES,
        **fields,
    }


def test_a_partner_is_added_with_its_rows_and_recorded_by_field_names(login, reviewer):
    place = PlaceFactory(name="Kapata", slug="kapata")
    rows = {"places-TOTAL_FORMS": 1, "places-0-place": place.pk, "places-0-kind": "seat"}

    answer = login(reviewer).post(url(Partner, "add"), partner_fields(**rows))

    partner = Partner.objects.get(slug="umoja")
    assert answer.status_code == 302
    assert (partner.status, partner.founded, partner.is_published) == ("prospect", "~2004", False)
    assert "kapata" in partner.search_text
    action, actor, after = last_event()
    assert (action, actor) == ("partner.added", reviewer)
    assert set(after["fields"]) == {"name", "slug", "organisation_type", "founded", "summary", "partnerplace"}


def test_a_change_is_recorded_by_field_names(login, reviewer, partner):
    fields = partner_fields(
        name=partner.name, organisation_type="ngo", founded="", summary="Nouveau.", is_published="on"
    )

    login(reviewer).post(url(Partner, "change", partner.pk), {**fields, "seen": partner.lock_version})

    partner.refresh_from_db()
    assert (partner.summary, partner.slug, partner.lock_version) == ("Nouveau.", "tumaini", 1)
    assert last_event() == ("partner.edited", reviewer, {"fields": ["summary"]})


def test_saving_without_a_change_records_nothing(login, reviewer, partner):
    fields = partner_fields(name=partner.name, organisation_type="ngo", founded="", summary="", is_published="on")

    answer = login(reviewer).post(url(Partner, "change", partner.pk), {**fields, "seen": 0})

    assert answer.status_code == 302
    assert AuditEvent.objects.count() == 0


def test_a_browser_s_line_breaks_are_no_change(login, reviewer, partner):
    partner.presentation = "Un.\n\nDeux."
    partner.save()
    fields = partner_fields(name=partner.name, organisation_type="ngo", founded="", is_published="on")

    login(reviewer).post(
        url(Partner, "change", partner.pk), {**fields, "presentation": "Un.\r\n\r\nDeux.", "summary": "Ici.", "seen": 0}
    )

    partner.refresh_from_db()
    assert (partner.presentation, last_event()[2]) == ("Un.\n\nDeux.", {"fields": ["summary"]})


@pytest.mark.parametrize("seen", ["0", "", "x"])
def test_a_stale_page_changes_nothing(login, reviewer, partner, seen):
    Partner.objects.update(lock_version=3, status="active")

    answer = login(reviewer).post(url(Partner, "change", partner.pk), {**partner_fields(), "seen": seen})

    partner.refresh_from_db()
    assert answer.status_code == 409
    assert "Coopérative Umoja" in answer.content.decode()  # what was typed is kept
    assert (partner.name, partner.status, partner.lock_version) == ("Groupe Tumaini", "active", 3)


def test_the_state_cannot_be_posted(login, reviewer, partner):
    fields = {**partner_fields(), "seen": 0, "status": "active", "lock_version": 9}

    login(reviewer).post(url(Partner, "change", partner.pk), fields)

    partner.refresh_from_db()
    assert (partner.name, partner.status, partner.lock_version) == ("Coopérative Umoja", "prospect", 1)


def test_a_second_tap_adds_nothing(login, reviewer):
    client = login(reviewer)

    for _tap in (1, 2):
        answer = client.post(url(Partner, "add"), partner_fields(), once="the-same")
        assert answer.status_code == 302

    assert Partner.objects.filter(slug="umoja").count() == 1
    assert AuditEvent.objects.count() == 1


def test_the_form_carries_its_token_and_its_version(login, reviewer, partner):
    page = login(reviewer).get(url(Partner, "change", partner.pk)).content.decode()

    assert page.count('name="once"') == 1
    assert '<input type="hidden" name="seen" value="0">' in page


def test_a_wrong_date_is_asked_back(login, reviewer):
    answer = login(reviewer).post(url(Partner, "add"), partner_fields(founded="jamais"))

    assert answer.status_code == 200
    assert "errornote" in answer.content.decode()
    assert Partner.objects.count() == 0


def test_a_gap_that_was_filled_is_taken_away_and_a_note_is_not(login, reviewer, partner):
    gap = Gap.objects.create(partner=partner, what="siège")
    note = PartnerNote.objects.create(partner=partner, text="À demander.")
    rows = {
        "gaps-TOTAL_FORMS": 1,
        "gaps-INITIAL_FORMS": 1,
        "gaps-0-id": gap.pk,
        "gaps-0-partner": partner.pk,
        "gaps-0-what": "siège",
        "gaps-0-DELETE": "on",
        "notes-TOTAL_FORMS": 1,
        "notes-INITIAL_FORMS": 1,
        "notes-0-id": note.pk,
        "notes-0-partner": partner.pk,
        "notes-0-text": "À demander.",
        "notes-0-DELETE": "on",
    }

    login(reviewer).post(url(Partner, "change", partner.pk), {**partner_fields(), **rows, "seen": 0})

    assert (Gap.objects.count(), PartnerNote.objects.count()) == (0, 1)
    assert "gap" in last_event()[2]["fields"]


def test_a_person_is_added_only_where_the_role_counts(login, reviewer, partner):
    own = PartnerFactory()
    MembershipFactory(user=reviewer, partner=own, role=Role.VIEWER)
    person = {"surname": "Kabwe", "office": "Présidente"}

    refused = login(reviewer).post(url(Person, "add"), {**person, "partner": own.pk})
    taken = login(reviewer).post(url(Person, "add"), {**person, "partner": partner.pk})

    assert (refused.status_code, taken.status_code) == (200, 302)
    assert [row.partner for row in Person.objects.all()] == [partner]
    assert last_event() == ("person.added", reviewer, {"fields": ["partner", "surname", "office"]})
    assert AuditEvent.objects.get().target_label.startswith("responsable ")  # no name in a row that stays for ever


def test_an_access_is_given_and_ended_not_rewritten(login, ace_admin, partner):
    user = UserFactory()
    given = {"user": user.pk, "partner": partner.pk, "role": "editor", "starts_on": "2026-01-05"}
    client = login(ace_admin)

    client.post(url(Membership, "add"), given)
    access = Membership.objects.get()
    client.post(url(Membership, "change", access.pk), {"role": "signatory", "ends_on": "2026-06-30"})

    access.refresh_from_db()
    assert (access.role, access.starts_on, access.ends_on) == ("editor", date(2026, 1, 5), date(2026, 6, 30))
    assert last_event() == ("membership.edited", ace_admin, {"fields": ["ends_on"]})


def test_an_access_to_an_unpublished_organisation_can_be_given(login, ace_admin):
    partner = PartnerFactory(is_published=False)
    given = {"user": UserFactory().pk, "partner": partner.pk, "role": "editor", "starts_on": "2026-01-05"}

    login(ace_admin).post(url(Membership, "add"), given)

    assert Membership.objects.get().partner == partner


def test_a_grant_names_who_gave_it_and_ends_at_once(login, approver, auditor, partner):
    given = {
        "user": auditor.pk,
        "partner": partner.pk,
        "purpose": "Audit annuel",
        "starts_on": str(timezone.localdate()),
        "ends_on": str(timezone.localdate()),
    }
    client = login(approver)

    client.post(url(Grant, "add"), given)
    grant = Grant.objects.get()
    assert grant.granted_by == approver
    assert list(Partner.objects.visible_to(auditor)) == [partner]

    client.post(url(Grant, "change", grant.pk), {"revoke": "on"})
    assert list(Partner.objects.visible_to(auditor)) == []
    assert [event.action for event in AuditEvent.objects.order_by("pk")] == [
        "grant.added",
        "grant.revoked",
        "grant.edited",
    ]


def test_a_place_that_gets_another_name_is_found_under_it(login, ace_admin, partner):
    place = PlaceFactory(name="Kasulu", slug="kasulu")
    PartnerPlace.objects.create(partner=partner, place=place, kind=PlaceKind.SEAT)

    login(ace_admin).post(url(Place, "change", place.pk), {"name": "Kasulo", "level": "ville"})

    partner.refresh_from_db()
    assert "kasulo" in partner.search_text


def test_a_place_does_not_lie_in_its_own_part(login, ace_admin):
    city = PlaceFactory(name="Kolwezi", slug="kolwezi")
    part = PlaceFactory(name="Kapata", slug="kapata", parent=city)

    answer = login(ace_admin).post(
        url(Place, "change", city.pk), {"name": "Kolwezi", "level": "ville", "parent": part.pk}
    )

    city.refresh_from_db()
    assert (answer.status_code, city.parent) == (200, None)


# --- lists ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("epargne", {"A.F.A."}),
        ("AFA", {"A.F.A."}),
        ("Épargne kolwezi", {"A.F.A."}),
        ("groupe", {"A.F.A.", "Tumaini"}),
        ("x", set()),
    ],
)
def test_the_search_is_folded(login, reviewer, asked, found):
    PartnerFactory(name="Alternatives", acronym="A.F.A.", summary="Groupes d’épargne à Kolwezi")
    PartnerFactory(name="Groupe Tumaini", acronym="Tumaini")

    answer = login(reviewer).get(url(Partner, "changelist"), {"q": asked})

    assert {str(row) for row in answer.context["cl"].queryset} == found


def test_people_are_found_by_name_and_by_organisation(login, reviewer):
    person = PersonFactory(surname="Kabwe", partner__name="Épargne")

    for asked in ("kabwe", "epargne", "Kabwe épargne"):
        answer = login(reviewer).get(url(Person, "changelist"), {"q": asked})
        assert list(answer.context["cl"].queryset) == [person]


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("model", "count"),
    [(Partner, 5), (Person, 5), (Document, 6), (Membership, 5), (Grant, 5), (Place, 6), (DocumentType, 5)],
    ids=lambda value: getattr(getattr(value, "_meta", None), "model_name", ""),
)
def test_query_count_of_the_lists(login, rows, model, count, django_assert_num_queries):
    user = UserFactory(roles=STAFF)
    for number in range(rows):
        if model is DocumentType:
            DocumentTypeFactory(code=f"TYPE{number}")
        else:
            FACTORIES[model]()
    client = login(user)

    with django_assert_num_queries(count):  # session, user, roles, count, rows, and a filter's choices
        client.get(url(model, "changelist"))


def test_the_page_of_a_record_costs_the_same_with_more_rows(login, reviewer, partner, django_assert_max_num_queries):
    def queries():
        with django_assert_max_num_queries(60) as seen:
            client.get(url(Partner, "change", partner.pk))
        return len(seen)

    client = login(reviewer)
    client.get(url(Partner, "change", partner.pk))  # Django keeps the content type it looks up once
    place = PlaceFactory()
    PartnerPlace.objects.create(partner=partner, place=place, kind=PlaceKind.SEAT)
    one = queries()
    for kind in (PlaceKind.ACTION, PlaceKind.ORIGIN):
        PartnerPlace.objects.create(partner=partner, place=place, kind=kind)

    assert queries() == one


# --- pages ------------------------------------------------------------------------------------------------------------


def test_a_record_leads_to_its_work_page_and_its_public_page(login, reviewer, partner):
    page = login(reviewer).get(url(Partner, "change", partner.pk)).content.decode()

    assert reverse("desk:partner", args=["tumaini"]) in page
    assert partner.get_absolute_url() in page


def test_a_document_leads_to_its_file(login, reviewer):
    document = DocumentFactory()

    page = login(reviewer).get(url(Document, "change", document.pk)).content.decode()

    assert reverse("partners:document", args=[document.pk]) in page


def test_the_history_is_the_audit_trail(login, reviewer, me_officer, partner):
    client = login(reviewer)
    client.post(url(Partner, "change", partner.pk), {**partner_fields(), "seen": 0})

    own = client.get(url(Partner, "history", partner.pk)).content.decode()
    other = login(me_officer).get(url(Partner, "history", partner.pk)).content.decode()

    with translation.override("fr"):
        edited = str(event_label("partner.edited"))
    assert edited in own
    assert "Rachel Revue" in own
    assert edited not in other  # monitoring reads its own events (design §6)
