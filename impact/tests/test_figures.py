from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from ace_partners.core.charts import Absent
from ace_partners.core.money import Money
from impact import figures
from impact.models import IndicatorValue, Period, ValueState
from impact.progress import RowState, Status
from impact.tests import factories
from impact.tests import factories_agreements as agreed
from partners.tests.factories import PartnerFactory

pytestmark = pytest.mark.django_db


def accepted(target, value, *, aim=None, **fields):
    """An accepted report of the project's next quarter with one value on this target."""
    period = factories.PeriodFactory(project=target.project)
    if aim is not None:
        factories.PeriodTargetFactory(target=target, period=period, value=Decimal(aim))
    version = factories.AcceptanceFactory(version__report=factories.ReportFactory(period=period)).version
    numbers = {"value": None if value is None else Decimal(value), **fields}
    return IndicatorValue.objects.create(version=version, target=target, **{"state": "reported", **numbers})


def only_target(partner):
    return figures.partner_results(partner)[0].targets[0]


def test_partner_results_add_up_accepted_values_only(report, target):
    factories.IndicatorValueFactory(version__report=report, target=target, value=Decimal(999))
    accepted(target, 80, aim=100)
    accepted(target, 120, aim=100)

    result = only_target(report.partner)

    assert (result.shown.actual, result.shown.achievement, result.shown.progress) == (200, 100, 50)
    assert result.shown.coverage == "2/3"
    assert result.status == Status.MISSING_DATA
    assert [row.value for row in result.rows] == [None, 80, 120]
    assert [row.state for row in result.rows] == [RowState.MISSING, RowState.VALUE, RowState.VALUE]


def test_partner_results_name_the_source_of_each_figure(report, target):
    value = accepted(target, 80)

    sources = only_target(report.partner).sources

    version = value.version
    assert [(s.report, s.version, s.accepted_at, s.period) for s in sources] == [
        (version.report.reference, 1, version.acceptance.at, "T2 2025")
    ]


def test_zero_missing_and_not_applicable_are_three_things(report, target):
    accepted(target, 0)
    accepted(target, None, state=ValueState.NO_DATA, comment="Cahier perdu")
    accepted(target, None, state=ValueState.NOT_APPLICABLE, comment="Vacances")

    rows = only_target(report.partner).rows

    assert [(row.value, row.words) for row in rows[1:]] == [
        (0, "0"),
        (None, "not reported"),
        (None, "not applicable"),
    ]


def children(report, **fields):
    indicator = factories.IndicatorFactory(
        **{"code": "ENF-02", "area": "children", "unit": "children", "is_sensitive": True, **fields}
    )
    return factories.TargetFactory(project=report.project, indicator=indicator)


def test_small_numbers_of_children_are_masked_with_their_complement(report, target):
    target.delete()
    small = children(report)
    for value in (3, 40, 12):
        accepted(small, value, aim=20)

    result = only_target(report.partner)

    assert [row.value for row in result.rows[1:]] == [None, 40, None]
    assert [row.is_masked for row in result.rows] == [False, True, False, True]
    assert (result.shown.actual, result.is_masked) == (55, False)
    assert [point.absent for point in result.chart.points][1] == Absent.MASKED


def test_a_masked_total_takes_everything_that_gives_it_away(report, target):
    target.delete()
    accepted(children(report, calculation="latest"), 3, aim=4)

    result = only_target(report.partner)

    assert (result.is_masked, result.status, result.actual_words) == (True, "masked", "withheld")
    assert (result.progress.actual, result.progress.achievement, result.progress.progress, result.progress.met) == (
        None,
        None,
        None,
        None,
    )
    assert "3" not in repr(result.chart.points[-1].value)


def test_a_percentage_of_children_hides_its_small_parts(report, target):
    target.delete()
    rate = children(report, code="ENF-03", unit="%", kind="percentage", calculation="latest")
    accepted(rate, None, numerator=Decimal(38), denominator=Decimal(40))
    accepted(rate, None, numerator=Decimal(30), denominator=Decimal(40))

    rows = only_target(report.partner).rows

    assert [(row.words, row.parts) for row in rows[1:]] == [("withheld", ""), ("75%", "30 / 40")]


@pytest.mark.parametrize("calculation", ["latest", "pooled"])
def test_a_ratio_may_be_above_one(report, calculation):
    indicator = factories.PercentageFactory(kind="ratio", unit="USD/person", calculation=calculation)
    target = factories.TargetFactory(project=report.project, indicator=indicator)
    accepted(target, None, numerator=Decimal(300), denominator=Decimal(40))

    result = next(each for each in figures.partner_results(report.partner)[0].targets if each.code == indicator.code)

    assert (result.shown.actual, result.rows[-1].parts) == (Decimal("7.5"), "300 / 40")


def test_visits_are_not_children(report, target):
    target.delete()
    visits = children(report, code="ENF-07", unit="%", kind="percentage", calculation="pooled")
    accepted(visits, None, numerator=Decimal(3), denominator=Decimal(4))

    assert [(row.words, row.parts) for row in only_target(report.partner).rows[1:]] == [("75%", "3 / 4")]


def test_a_sum_has_a_meter_and_a_level_has_its_baseline(report, target):
    level = factories.TargetFactory(
        project=report.project, indicator=factories.IndicatorFactory(calculation="latest"), baseline=Decimal(20)
    )
    accepted(target, 80)

    results = {result.code: result for result in figures.partner_results(report.partner)[0].targets}

    added, reached = results[target.indicator.code], results[level.indicator.code]
    assert (added.meter.value, added.meter.maximum, added.chart.final) == (80, 400, None)
    assert (reached.meter, reached.chart.baseline, reached.chart.final) == (None, 20, 400)


def test_a_period_that_is_not_over_is_not_held_against_anyone(report, target):
    today = timezone.localdate()
    factories.PeriodFactory(
        project=report.project, starts_on=today, ends_on=today + timedelta(days=30), due_on=today + timedelta(days=60)
    )

    rows = only_target(report.partner).rows

    assert [row.state for row in rows] == [RowState.MISSING, RowState.OPEN]
    assert rows[1].words == "not due yet"


def test_partner_spending_never_adds_two_currencies(report):
    line = report.project.budget_lines.get()
    version = factories.AcceptanceFactory(version__report=report).version
    factories.SpendingLineFactory(
        version=version,
        budget_line=line,
        amount=Decimal(20000),
        currency="USD",
    )
    factories.SpendingLineFactory(
        version=version,
        budget_line=line,
        amount=Decimal("12500000"),
        currency="CDF",
        rate=Decimal(2750),
        rate_on=date(2025, 1, 10),
        rate_source="BCC",
        amount_usd=Decimal("4545.45"),
    )
    factories.SpendingLineFactory(version=version, amount=Decimal(300))

    summary = figures.partner_spending(report.partner)

    inside, outside = summary.rows
    assert inside.spent == (Money(Decimal(20000), "USD"), Money(Decimal(12500000), "CDF"))
    assert (inside.spent_usd.amount, round(inside.share, 1)) == (Decimal("24545.45"), Decimal("54.5"))
    assert (outside.label, outside.budget, outside.share) == ("Outside the budget", None, None)
    assert (summary.budget_usd.amount, summary.spent_usd.amount) == (Decimal(45000), Decimal("24845.45"))
    assert summary.periods == ("T1 2025",)


def test_partner_spending_leaves_submitted_reports_out(report):
    factories.SpendingLineFactory(version__report=report)

    assert figures.partner_spending(report.partner).spent_usd.amount == 0


def test_freshness_is_the_newest_acceptance_or_none(report, target):
    assert figures.freshness(report.partner) is None

    value = accepted(target, 80)

    fresh = figures.freshness(report.partner)
    assert (fresh.period, fresh.version, fresh.accepted_at) == ("T2 2025", 1, value.version.acceptance.at)


@pytest.mark.parametrize("rows", [1, 3])
def test_partner_results_query_count(rows, django_assert_num_queries):
    partner = PartnerFactory()
    for _n in range(rows):
        project = factories.ProjectFactory(partner=partner)
        agreed.ConsultationFactory.create_batch(rows, project=project)
        agreed.JointPartnerFactory.create_batch(rows, project=project)
        for target in factories.TargetFactory.create_batch(rows, project=project):
            for _m in range(rows):
                if Period.objects.filter(project=project).count() < 4:
                    accepted(target, 80, aim=100)

    # projects, areas, places, periods, talks, joint partners; targets, period targets, revisions; accepted values
    with django_assert_num_queries(11):
        figures.partner_results(partner)


@pytest.mark.parametrize("rows", [1, 3])
def test_partner_spending_query_count(report, rows, django_assert_num_queries):
    version = factories.AcceptanceFactory(version__report=report).version
    factories.SpendingLineFactory.create_batch(rows, version=version)
    partner = report.partner

    with django_assert_num_queries(4):  # budget lines, expenses, versions, their revisions
        figures.partner_spending(partner)


# --- the sheet of a report ---------------------------------------------------------------------------------------


def test_sheet_shows_target_period_before_and_total_to_date(report, target):
    accepted(target, 120, aim=100)  # T2
    third = factories.ReportFactory(period=factories.PeriodFactory(project=report.project))
    factories.PeriodTargetFactory(target=target, period=third.period, value=Decimal(90))
    factories.IndicatorValueFactory(version__report=third, target=target, value=Decimal(70))

    row = figures.read_sheet(third, draft=False).rows[0]

    assert (row.aim_words, row.previous_label, row.previous_words, row.words) == ("90", "T2 2025", "120", "70")
    assert (row.to_date_words, row.to_date.achievement) == ("190", Decimal("100.0"))


def test_sheet_for_ace_never_reads_the_draft(complete_report):
    assert figures.read_sheet(complete_report, draft=False).rows[0].row is None
    assert figures.read_sheet(complete_report, draft=True).rows[0].words == "80"


def test_sheet_of_a_second_version_shows_what_changed(report, target):
    for number, value in ((1, 80), (2, 78)):
        version = factories.ReportVersionFactory(report=report, number=number)
        factories.IndicatorValueFactory(version=version, target=target, value=Decimal(value))

    row = figures.read_sheet(report, draft=False).rows[0]

    assert [(change.label, change.before, change.after) for change in row.changes] == [("Value", "80", "78")]


def test_balances_carry_what_was_spent_before(report):
    line = report.project.budget_lines.get()
    factories.SpendingLineFactory(version__report=report, budget_line=line, amount=Decimal(20000))
    second = factories.ReportFactory(period=factories.PeriodFactory(project=report.project))
    draft = factories.DraftSpendingFactory(report=second, budget_line=line, amount=Decimal("4545.45"))

    row = figures.balances(second, [draft])[0]

    assert (row.before.amount, row.this_period.amount, row.left.amount) == (
        20000,
        Decimal("4545.45"),
        Decimal("20454.55"),
    )
    assert round(row.share, 1) == Decimal("54.5")
    assert not row.is_over


@pytest.mark.parametrize("rows", [1, 3])
def test_sheet_query_count(report, target, rows, django_assert_num_queries):
    factories.TargetFactory.create_batch(rows - 1, project=report.project)
    for each in report.project.targets.all():
        factories.DraftValueFactory(report=report, target=each)
        factories.ReportEvidenceFactory(report=report, target=each)

    # versions, draft, files; the period, all periods, requests, values of other reports; targets, their period targets
    with django_assert_num_queries(9):
        figures.read_sheet(report, draft=True)


# --- targets -----------------------------------------------------------------------------------------------------


def test_target_warnings_say_what_does_not_tie_out(report, target):
    report.project.ends_on = report.period.ends_on
    fall = factories.TargetFactory(
        project=report.project,
        indicator=factories.IndicatorFactory(calculation="latest", direction="decrease"),
        baseline=Decimal(10),
        final_target=Decimal(40),
    )
    periods = [report.period]

    assert list(figures.target_warnings(target, periods, report.project.ends_on)) == [
        "The targets of the periods add up to 100, the final target is 400."
    ]
    assert list(figures.target_warnings(fall, periods, report.project.ends_on)) == [
        "Less is better here, but the final target lies above the starting value."
    ]
