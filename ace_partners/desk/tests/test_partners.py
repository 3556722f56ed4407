"""The list of organisations and everything about one of them, as each of ACE's roles sees it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ace_partners.core import audit
from ace_partners.core.event_words import event_label
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import UserFactory
from impact.rules import REPORT
from impact.tests.factories import DraftValueFactory
from partners import actions
from partners.models import Gap, PartnerArea, PartnerNote
from partners.rules import RELATIONSHIP
from partners.tests.factories import (
    DocumentFactory,
    DocumentTypeFactory,
    GrantFactory,
    MembershipFactory,
    PartnerFactory,
    PersonFactory,
)
from vetting.models import DossierStatus, Hold
from vetting.rules import DOSSIER
from vetting.tests.factories import ChecklistFactory, DecisionFactory, DossierFactory

LIST = "/equipe/partenaires/"
PAGE = "/equipe/partenaires/tumaini/"
ACE = [Role.REVIEWER, Role.ME_OFFICER, Role.APPROVER, Role.ADMIN]


def names(client, query=""):
    return [row["partner"].name for row in client.get(LIST + query).context["rows"]]


@pytest.fixture
def auditor_of(partner, auditor):
    GrantFactory(user=auditor, partner=partner)
    return auditor


# --- the list ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ACE)
def test_list_shows_the_published_to_all_of_ace(role, partner, login):
    assert names(login(UserFactory(roles=[role]))) == ["Maison Tumaini"]


def test_list_shows_an_unpublished_record_to_case_roles_only(reviewer, ace_admin, login, db):
    PartnerFactory(name="Cachée", is_published=False)

    assert (names(login(reviewer)), names(login(ace_admin))) == (["Cachée"], [])


def test_auditor_sees_the_granted_ones(auditor_of, login):
    PartnerFactory()

    assert names(login(auditor_of)) == ["Maison Tumaini"]


def test_member_gets_404(signatory, login):
    assert [login(signatory).get(address).status_code for address in (LIST, PAGE)] == [404, 404]


def test_search_ignores_accents_case_and_order(reviewer, login, db):
    PartnerFactory(name="Association L'Étoile de Kolwezi")
    PartnerFactory(name="Maison Bleue")

    assert names(login(reviewer), "?q=kolwezi etoile") == ["Association L'Étoile de Kolwezi"]


@pytest.mark.parametrize("query", ["?type=cooperative", "?domaine=savings", "?relation=active", "?situation=approved"])
def test_each_filter_narrows(query, reviewer, login, db):
    wanted = PartnerFactory(name="Voulue", organisation_type="cooperative", status="active")
    PartnerArea.objects.create(partner=wanted, area="savings")
    PartnerArea.objects.create(partner=wanted, area="children")
    DecisionFactory(partner=wanted)
    PartnerFactory(name="Autre")

    assert names(login(reviewer), query) == ["Voulue"]


def test_an_unknown_filter_value_shows_all_and_says_so(reviewer, partner, login):
    response = login(reviewer).get(LIST + "?type=martien")

    assert response.status_code == 200
    assert response.context["filter"].form.errors != {}


def test_list_has_twenty_a_page_and_keeps_the_filters(reviewer, login, db):
    PartnerFactory.create_batch(21)

    response = login(reviewer).get(LIST + "?type=ngo")

    assert len(response.context["rows"]) == 20
    assert "?type=ngo&amp;page=2" in response.content.decode()


# --- the page ----------------------------------------------------------------------------------------------------


@pytest.fixture
def full(partner, report_due):
    """An organisation with a row of every kind, and texts that only some may read."""
    PersonFactory(partner=partner, surname="Personne-secrète")
    PartnerNote.objects.create(partner=partner, text="Note-secrète")
    DocumentFactory(partner=partner, title="Document-secret")
    Gap.objects.create(partner=partner, what="Numéro à compléter")
    DossierFactory(partner=partner, status=DossierStatus.SUBMITTED)
    report = report_due(partner, n=-2, narrative="Brouillon-secret")
    DraftValueFactory(report=report, target=report.project.targets.get())
    return partner


PRIVATE = ("Personne-secrète", "Note-secrète", "Document-secret", "Épargne", "ACE-D-")


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ME_OFFICER, Role.APPROVER])
def test_case_roles_see_the_whole_file_but_no_draft(role, full, login):
    html = login(UserFactory(roles=[role])).get(PAGE).content.decode()

    assert [text for text in PRIVATE if text not in html] == []
    assert "Brouillon-secret" not in html
    assert "started, 1/1" in html


def test_auditor_with_a_grant_reads_and_has_no_buttons(full, auditor_of, login):
    html = login(auditor_of).get(PAGE).content.decode()

    assert [text for text in PRIVATE if text not in html] == []
    main = html[html.index("<main") : html.index("</main>")]
    assert "<form" not in main
    for name in ("desk:dossier_open", "impact:project_create", "desk:document_enter"):
        assert reverse(name, args=["tumaini"]) not in main
    assert "/admin/" not in main
    assert "Only a due-diligence officer can open a dossier." in main


@pytest.mark.parametrize(
    "change", [{"revoked_at": timezone.now()}, {"ends_on": timezone.localdate() - timedelta(days=1)}]
)
def test_auditor_without_a_live_grant_gets_404(change, partner, auditor, login):
    GrantFactory(user=auditor, partner=partner, starts_on=timezone.localdate() - timedelta(days=9), **change)

    assert login(auditor).get(PAGE).status_code == 404


def test_admin_role_sees_the_public_record_only(full, ace_admin, login):
    html = login(ace_admin).get(PAGE).content.decode()

    assert [text for text in PRIVATE if text in html] == []
    assert "Maison Tumaini" in html


def test_admin_role_does_not_see_an_unpublished_organisation(ace_admin, login, db):
    PartnerFactory(slug="cachee", is_published=False)

    assert login(ace_admin).get("/equipe/partenaires/cachee/").status_code == 404


def test_a_membership_displaces_the_ace_role(reviewer, partner, login):
    MembershipFactory(user=reviewer, partner=partner, role=Role.VIEWER)

    assert login(reviewer).get(PAGE).status_code == 404


def test_reviewer_has_the_button_when_nothing_speaks_against_it(reviewer, partner, login):
    ChecklistFactory()

    html = login(reviewer).get(PAGE).content.decode()

    assert reverse("desk:dossier_open", args=["tumaini"]) in html
    assert reverse("impact:project_create", args=["tumaini"]) not in html
    assert "Only a monitoring officer can change a project, its periods, its targets or its budget." in html


def test_reviewer_reads_why_no_second_dossier_opens(reviewer, full, login):
    html = login(reviewer).get(PAGE).content.decode()

    assert "A dossier is already open for this organisation: finish or withdraw it first." in html


def test_history_comes_from_the_audit_trail_in_words(approver, partner, login, reviewer):
    document = DocumentFactory(partner=partner)
    actions.publish_document(document, by=reviewer)

    html = login(approver).get(PAGE).content.decode()

    assert "Document published" in html
    assert "Rachel Revue" in html


@pytest.mark.parametrize("machine", [RELATIONSHIP, DOSSIER, REPORT])
def test_every_move_is_an_event_in_words(machine):
    codes = [f"{machine.noun}.{move.name}" for move in machine.moves]

    assert [code for code in codes if event_label(code) == code] == []


def test_history_without_contents_for_the_admin_role(ace_admin, approver, partner, login, transactional_mark):
    transactional_mark(partner, by=approver, reason="Motif-secret")

    assert "Motif-secret" in login(approver).get(PAGE).content.decode()
    html = login(ace_admin).get(PAGE).content.decode()
    assert "Motif-secret" not in html
    assert "dossier.tested" in html


@pytest.fixture
def transactional_mark():
    """Append an event to an organisation's chain."""

    def mark(partner, *, by, reason):
        return audit.record("dossier.tested", partner, by=by, reason=reason)

    return mark


def test_accesses_and_grants_for_those_who_keep_them(approver, reviewer, partner, login):
    MembershipFactory(partner=partner, user__name="Sylvie Signe")
    GrantFactory(partner=partner, user__name="Aude Audit")

    html = login(approver).get(PAGE).content.decode()

    assert ("Sylvie Signe" in html, "Aude Audit" in html) == (True, True)
    assert "Aude Audit" not in login(reviewer).get(PAGE).content.decode()


def test_documents_are_twenty_a_page(reviewer, partner, login):
    DocumentFactory.create_batch(21, partner=partner)

    assert len(login(reviewer).get(PAGE).context["documents"]) == 20


def test_document_types_that_are_never_public_have_no_button(reviewer, partner, login):
    DocumentFactory(partner=partner, type=DocumentTypeFactory(code="ID", confidentiality="restricted"))

    response = login(reviewer).get(PAGE)

    assert [row["publishing"] for row in response.context["documents"]] == ["never"]
    assert "This type of document is never public." in response.content.decode()


# --- cost --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [*ACE, Role.AUDITOR])
def test_page_query_count_is_the_same_at_one_and_three_rows(
    role, partner, login, report_due, django_assert_max_num_queries
):
    user = UserFactory(roles=[role])
    GrantFactory(user=user, partner=partner)
    client = login(user)
    counts = []
    ChecklistFactory()
    for rows in (1, 2):
        for _n in range(rows):
            PersonFactory(partner=partner)
            PartnerNote.objects.create(partner=partner, text="Note")
            DocumentFactory(partner=partner)
            Gap.objects.create(partner=partner, what=f"Fait {Gap.objects.count()}")
            DossierFactory(partner=partner, status=DossierStatus.WITHDRAWN)
            DecisionFactory(partner=partner)
            MembershipFactory(partner=partner)
            report_due(partner)
        with django_assert_max_num_queries(46) as counted:
            assert client.get(PAGE).status_code == 200
        counts.append(len(counted))

    assert counts[0] == counts[1]


def test_list_query_count_is_the_same_at_one_and_three_rows(reviewer, login, db, django_assert_max_num_queries):
    client = login(reviewer)
    counts = []
    for rows in (1, 2):
        for _n in range(rows):
            PartnerArea.objects.create(partner=DecisionFactory().partner, area="savings")
        with django_assert_max_num_queries(7) as counted:
            assert client.get(LIST).status_code == 200
        counts.append(len(counted))

    assert counts[0] == counts[1]


def test_the_list_marks_who_is_held_for_those_who_work_on_files(reviewer, login, db, english):
    partner = DecisionFactory(partner__is_published=True).partner
    Hold.objects.create(partner=partner, kind="finance", reason="Une facture.", set_by=reviewer)
    keeper = UserFactory(roles=[Role.ADMIN])

    assert login(reviewer).get(LIST).content.count(b"on hold") == 1
    page = login(keeper).get(LIST).content
    assert partner.name.encode() in page
    assert b"on hold" not in page
