from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from ace_partners.core.audit import history
from ace_partners.core.errors import NotAllowed, Stale
from ace_partners.core.models import OutgoingMail
from impact import actions
from impact.models import BaselineState, BudgetLine, Period, Project, ReportStatus
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
BASELINE = {
    "baseline_state": BaselineState.KNOWN,
    "baseline": Decimal(20),
    "baseline_on": date(2024, 12, 1),
    "baseline_source": "Enquête",
    "final_target": Decimal(60),
    "rationale": "Deux par mois.",
    "agreed_on": date(2025, 1, 1),
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


def test_set_target_writes_its_period_targets(report, me_officer):
    indicator = factories.IndicatorFactory()

    target = actions.set_target(
        report.project, by=me_officer, indicator=indicator, period_targets={report.period: Decimal(30)}, **BASELINE
    )

    assert [aim.value for aim in target.period_targets.all()] == [Decimal(30)]
    assert history(target).get().after == {
        "indicator": indicator.code,
        "baseline_state": "known",
        "baseline": "20",
        "final": "60",
        "periods": {"1": "30"},
    }


def test_edit_target_changes_and_audits_before_and_after(report, target, me_officer):
    actions.edit_target(target, by=me_officer, seen=0, period_targets={report.period: Decimal(35)}, **BASELINE)

    target.refresh_from_db()
    event = history(target).get()
    assert (target.final_target, target.period_targets.get().value) == (Decimal(60), Decimal(35))
    assert (event.before["periods"], event.after["periods"]) == ({"1": "100"}, {"1": "35"})


def test_edit_target_leaves_the_target_of_an_accepted_period(report, target, me_officer):
    factories.AcceptanceFactory(version__report=report)

    with pytest.raises(NotAllowed) as refusal:
        actions.edit_target(target, by=me_officer, seen=0, period_targets={report.period: Decimal(35)}, **BASELINE)

    assert refusal.value.reasons == ["The report “T1 2025” is accepted: the target of this period stays as it was."]
