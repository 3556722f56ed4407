"""The admin shows due diligence and changes nothing in it."""

import pytest
from django.urls import reverse

from vetting.models import Dossier
from vetting.tests.factories import DecisionFactory, current

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
