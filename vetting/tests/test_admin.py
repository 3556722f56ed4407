"""The admin shows due diligence and changes nothing in it."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ace_partners.core.tests.factories import UserFactory
from partners.tests.factories import PartnerFactory
from vetting.models import DecisionReview, Dossier, Measure, Passport, RiskRating, Screening, ScreeningHit
from vetting.tests.factories import DecisionFactory, current
from vetting.tests.factories_following import FlagFactory, HoldFactory, VisitFactory
from vetting.tests.factories_plans import plan_for
from vetting.tests.factories_screening import hit_on

pytestmark = pytest.mark.django_db


def pages(decision):
    return {
        "dossiers": reverse("admin:vetting_dossier_changelist"),
        "dossier": reverse("admin:vetting_dossier_change", args=[decision.dossier_id]),
        "decisions": reverse("admin:vetting_decision_changelist"),
        "decision": reverse("admin:vetting_decision_change", args=[decision.pk]),
        "checklists": reverse("admin:vetting_checklist_changelist"),
    }


OPEN = {
    "reviewer": {"dossiers", "dossier", "decisions", "decision", "checklists"},
    "approver": {"dossiers", "dossier", "decisions", "decision", "checklists"},
    "me_officer": {"dossiers", "dossier", "decisions", "decision", "checklists"},
    "ace_admin": {"decisions", "decision", "checklists"},
}


@pytest.mark.parametrize("role", OPEN)
def test_who_reads_what(login, request, role):
    client = login(request.getfixturevalue(role))
    decision = DecisionFactory()

    answers = {name: client.get(address).status_code for name, address in pages(decision).items()}

    assert answers == {name: 200 if name in OPEN[role] else 404 for name in answers}


def test_a_dossier_links_to_its_work_page_and_is_not_saved(login, reviewer):
    decision = DecisionFactory()
    address = pages(decision)["dossier"]
    client = login(reviewer)

    page = client.get(address).content.decode()
    answer = client.post(address, {"status": "collecting"})

    assert reverse("vetting:assessment", args=[decision.dossier_id]) in page
    assert answer.status_code == 403
    assert current(decision.dossier).status == decision.dossier.status


def test_nothing_is_added(login, reviewer):
    assert login(reviewer).get(reverse("admin:vetting_dossier_add")).status_code == 403
    assert Dossier.objects.count() == 0


def flag():
    return FlagFactory(status="notified", note="Ne pas montrer.")


def hit():
    """Each of a name of its own: two lists that hold one name would meet every person who bears it."""
    name = f"Kabwe {'ABCDEFGH'[ScreeningHit.objects.count()] * 6}"
    return hit_on(PartnerFactory(), listed=name, person=name)


def screened():
    return Screening.objects.create(
        partner=PartnerFactory(), reason="manual", result="clean", editions=[], strong_from="0.92", review_from="0.85"
    )


def rated():
    dossier = DecisionFactory().dossier
    facts = {"suggested_score": 40, "suggested_band": "medium", "score": 40, "band": "medium"}
    return RiskRating.objects.create(
        partner=dossier.partner, dossier=dossier, agrees=True, rated_by=UserFactory(), **facts
    )


def passport():
    decision = DecisionFactory()
    return Passport.objects.create(
        partner=decision.partner,
        decision=decision,
        code=f"CODE-{Passport.objects.count()}",
        content={},
        sha256="a" * 64,
        valid_until=timezone.localdate(),
        issued_by=UserFactory(),
        issued_at=timezone.now(),
    )


def review():
    return DecisionReview.objects.create(decision=DecisionFactory(), grounds="Relire.", asked_by=UserFactory())


def measure():
    return Measure.objects.create(
        partner=PartnerFactory(), kind="suspend", reason="Enquête.", proposed_by=UserFactory()
    )


# model name → (one record, the page where it moves, the roles that read it)
CASE = {"reviewer", "me_officer", "approver"}
EXAMINING = {"reviewer", "approver"}
RECORDS = {
    "flag": (flag, lambda row: reverse("vetting:flag", args=[row.pk]), CASE),
    "hold": (HoldFactory, lambda row: reverse("desk:following", args=[row.partner.slug]), CASE),
    "visit": (VisitFactory, lambda row: reverse("vetting:visit", args=[row.pk]), CASE),
    "screening": (screened, lambda row: reverse("vetting:screening", args=[row.pk]), EXAMINING),
    "screeninghit": (hit, lambda row: reverse("vetting:hit", args=[row.pk]), EXAMINING),
    "riskrating": (rated, lambda row: reverse("vetting:assessment", args=[row.dossier_id]), EXAMINING),
    "passport": (passport, lambda row: reverse("vetting:passport", args=[row.pk]), CASE),
    "capacityplan": (plan_for, lambda row: reverse("vetting:plan", args=[row.pk]), CASE),
    "decisionreview": (review, lambda row: reverse("vetting:review", args=[row.pk]), CASE),
    "measure": (measure, lambda row: reverse("vetting:measure", args=[row.pk]), CASE),
}


def list_of(name):
    return reverse(f"admin:vetting_{name}_changelist")


def page_of(name, row):
    return reverse(f"admin:vetting_{name}_change", args=[row.pk])


@pytest.mark.parametrize("role", ["reviewer", "me_officer", "approver", "ace_admin"])
@pytest.mark.parametrize("name", RECORDS)
def test_who_reads_what_follows_a_decision(login, request, role, name):
    make, _work_page, readers = RECORDS[name]
    row = make()
    client = login(request.getfixturevalue(role))

    answers = {client.get(list_of(name)).status_code, client.get(page_of(name, row)).status_code}

    assert answers == {200 if role in readers else 404}


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_leads_to_its_work_page_and_is_not_saved(login, approver, name):
    make, work_page, _readers = RECORDS[name]
    row = make()
    client = login(approver)

    shown = client.get(page_of(name, row))

    assert f'href="{work_page(row)}"' in shown.text
    assert 'name="_save"' not in shown.text
    assert client.post(page_of(name, row), {"status": "resolved"}).status_code == 403
    assert client.get(reverse(f"admin:vetting_{name}_add")).status_code == 403


@pytest.mark.parametrize("name", RECORDS)
def test_every_column_sorts_and_a_search_answers(login, approver, name):
    row = RECORDS[name][0]()
    client = login(approver)
    columns = range(1, len(admin.site.get_model_admin(type(row)).list_display) + 1)

    assert {client.get(list_of(name), {"o": str(number)}).status_code for number in columns} == {200}
    assert client.get(list_of(name), {"q": "zzz"}).status_code == 200
    assert client.get(reverse(f"admin:vetting_{name}_history", args=[row.pk])).status_code == 200


@pytest.mark.parametrize("name", RECORDS)
def test_the_query_count_does_not_grow_with_the_rows(login, approver, name):
    make = RECORDS[name][0]
    client = login(approver)
    make()
    one = queries(client, list_of(name))
    make()
    make()

    assert queries(client, list_of(name)) == one


def queries(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_an_internal_note_stays_on_the_work_page(login, reviewer):
    """Somebody of the team who also acts for the organisation reads the flag here, once told: never ACE's note."""
    row = flag()

    shown = login(reviewer).get(page_of("flag", row)).text

    assert row.text in shown
    assert row.note not in shown


def test_holds_in_force_are_those_not_lifted_and_not_over(login, approver):
    running = HoldFactory()
    over = HoldFactory(ends_on=timezone.localdate() - timedelta(days=1))
    client = login(approver)

    in_force, ended = (client.get(list_of("hold"), {"in_force": choice}).text for choice in ("yes", "no"))

    assert (page_of("hold", running) in in_force, page_of("hold", over) in in_force) == (True, False)
    assert (page_of("hold", running) in ended, page_of("hold", over) in ended) == (False, True)
