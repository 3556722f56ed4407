from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from ace_partners.core.audit import history
from ace_partners.core.errors import NotAllowed, Stale
from ace_partners.core.models import OutgoingMail
from impact import actions
from impact.models import BudgetLine, Period, Project, ReportStatus
from impact.tests import factories
from partners.tests.factories import PartnerFactory, PlaceFactory

pytestmark = pytest.mark.django_db

FACTS = {
    "title": "Épargner à Kolwezi",
    "summary": "Vingt AVEC.",
    "needs": "",
    "on_site": False,
    "starts_on": date(2026, 1, 1),
    "ends_on": date(2026, 12, 31),
}


def test_create_project_keeps_areas_and_places(me_officer):
    partner, place = PartnerFactory(), PlaceFactory()

    project = actions.create_project(
        partner, by=me_officer, code="afa-2026", areas=["savings", "children"], places=[place], **FACTS
    )

    assert Project.objects.get() == project
    assert sorted(area.area for area in project.areas.all()) == ["children", "savings"]
    assert [each.place for each in project.places.all()] == [place]
    assert history(project).get().action == "project.created"


def test_create_project_is_for_the_monitoring_officer(reviewer):
    with pytest.raises(NotAllowed):
        actions.create_project(PartnerFactory(), by=reviewer, code="x", areas=[], places=[], **FACTS)

    assert not Project.objects.exists()


def test_edit_project_refuses_a_stale_page(me_officer):
    project = factories.ProjectFactory(lock_version=2)

    with pytest.raises(Stale):
        actions.edit_project(project, by=me_officer, seen=1, areas=["savings"], places=[], **FACTS)


def test_add_budget_line_audits_amount_and_currency(me_officer):
    project = factories.ProjectFactory()

    line = actions.add_budget_line(
        project, by=me_officer, code="A1", label="Formation", amount=Decimal(45000), currency="USD", area="savings"
    )

    assert BudgetLine.objects.get() == line
    facts = {"code": "A1", "amount": "45000", "currency": "USD", "area": "savings"}
    assert history(project).get().after == facts


def test_add_period_opens_its_report_and_tells_the_writers(report, signatory, viewer, me_officer):
    opened = actions.add_period(
        report.project,
        by=me_officer,
        label="T2 2025",
        starts_on=date(2025, 4, 1),
        ends_on=date(2025, 6, 30),
        due_on=date(2025, 7, 15),
    )

    assert (opened.status, opened.partner, opened.period.number) == (ReportStatus.OPEN, report.partner, 2)
    assert [mail.to_user for mail in OutgoingMail.objects.all()] == [signatory]
    assert history(opened).get().action == "report.opened"


def test_add_period_refuses_an_overlap_before_the_database_does(report, me_officer):
    dates = {"starts_on": date(2025, 3, 28), "ends_on": date(2025, 6, 30), "due_on": date(2025, 7, 15)}

    with pytest.raises(NotAllowed):
        actions.add_period(report.project, by=me_officer, label="T2", **dates)
    with pytest.raises(IntegrityError), transaction.atomic():
        Period.objects.create(project=report.project, number=2, label="T2", **dates)

    assert Period.objects.count() == 1
