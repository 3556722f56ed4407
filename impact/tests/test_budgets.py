"""Budget lines against accepted spending: amounts of impact.md §c.8, worked by hand."""

from datetime import date
from decimal import Decimal

import pytest

from ace_partners.core.numbers import half_up
from impact.figures.budgets import spending_figures
from impact.figures.scope import Scope
from impact.tests.factories import (
    BudgetLineFactory,
    PeriodFactory,
    ProjectAreaFactory,
    ProjectFactory,
    ReportVersionFactory,
    SpendingLineFactory,
)
from impact.tests.factories_dashboards import accepted_report, spent
from partners.models import Partner

YEAR = date(2025, 1, 1), date(2025, 12, 31)
FIRST_QUARTER = date(2025, 1, 1), date(2025, 3, 31)
SECOND_QUARTER = date(2025, 4, 1), date(2025, 6, 30)

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return ProjectFactory(starts_on=date(2025, 1, 1), ends_on=date(2026, 12, 31))


@pytest.fixture
def line(project):
    return BudgetLineFactory(project=project, code="A1", label="Formation", amount=Decimal(45000), area="savings")


def figures(span=YEAR, **facts):
    return spending_figures(Scope(Partner.objects.all(), *span, **facts))


def francs(version, line, amount, usd):
    SpendingLineFactory(
        version=version,
        budget_line=line,
        amount=Decimal(amount),
        currency="CDF",
        rate=Decimal(2750),
        rate_on=date(2025, 2, 1),
        rate_source="BCC",
        amount_usd=Decimal(usd),
    )


def test_share_of_a_line_at_frozen_rates(project, line):
    version = accepted_report(PeriodFactory(project=project))
    spent(version, line, "20000")
    francs(version, line, "12500000", "4545.45")

    (row,) = figures().lines

    assert (row.to_date, half_up(row.share, 1), row.is_over) == (Decimal("24545.45"), Decimal("54.5"), False)


def test_totals_are_the_sum_of_rounded_lines(project, line):
    version = accepted_report(PeriodFactory(project=project))
    for _n in range(3):
        francs(version, line, "1000", "0.36")

    assert figures().whole.to_date == Decimal("1.08")


def test_the_span_and_what_came_before(project, line):
    spent(accepted_report(PeriodFactory(project=project)), line, "100")
    spent(accepted_report(PeriodFactory(project=project)), line, "30.50")

    assert [(row.in_span, row.to_date) for row in figures(FIRST_QUARTER).lines] == [(Decimal(100), Decimal(100))]
    assert [(row.in_span, row.to_date) for row in figures(SECOND_QUARTER).lines] == [
        (Decimal("30.50"), Decimal("130.50"))
    ]


def test_only_accepted_versions_count(project, line):
    spent(ReportVersionFactory(report__period=PeriodFactory(project=project)), line, "100")

    assert [row.to_date for row in figures().lines] == [0]


def test_over_110_per_cent_is_over_and_exactly_110_is_not(project, line):
    tight = BudgetLineFactory(project=project, code="B1", amount=Decimal(100), area="savings")
    just = BudgetLineFactory(project=project, code="C1", amount=Decimal(100), area="savings")
    version = accepted_report(PeriodFactory(project=project))
    spent(version, tight, "110.01")
    spent(version, just, "110")

    found = figures()

    assert [(row.code, row.is_over) for row in found.lines] == [("B1", True), ("C1", False), ("A1", False)]
    assert found.over == 1


def test_outside_the_budget_has_no_share(project, line):
    spent(accepted_report(PeriodFactory(project=project)), None, "300")

    outside = figures().lines[-1]

    assert (outside.code, outside.budget, outside.to_date, outside.share) == ("", None, Decimal(300), None)
    assert figures().whole.to_date == Decimal(300)


def test_a_budget_in_francs_is_never_compared_with_dollars(project, line):
    other = BudgetLineFactory(project=project, code="B1", amount=Decimal(1000000), currency="CDF", area="children")
    spent(accepted_report(PeriodFactory(project=project)), other, "10")

    found = figures()
    by_area = {area.area: (area.budget_usd, area.budget_cdf, area.to_date, area.share) for area in found.areas}

    assert by_area["children"] == (0, Decimal(1000000), Decimal(10), None)
    assert by_area["savings"] == (Decimal(45000), 0, 0, 0)
    assert found.whole.share is None


def test_areas_add_up_to_the_whole(project, line):
    other = BudgetLineFactory(project=project, code="B1", area="")
    version = accepted_report(PeriodFactory(project=project))
    spent(version, line, "10.01")
    spent(version, other, "20.02")
    spent(version, None, "5")

    found = figures()

    assert [(area.area, area.to_date) for area in found.areas] == [
        ("savings", Decimal("10.01")),
        ("", Decimal("25.02")),
    ]
    assert sum(area.to_date for area in found.areas) == found.whole.to_date == sum(row.to_date for row in found.lines)


def test_a_line_without_an_area_takes_the_only_one_of_its_project(project):
    ProjectAreaFactory(project=project, area="children")
    line = BudgetLineFactory(project=project, code="A1", area="")
    spent(accepted_report(PeriodFactory(project=project)), line, "10")

    assert [(row.area, row.to_date) for row in figures(area="children").lines] == [("children", Decimal(10))]
    assert figures(area="savings").lines == ()


def test_projects_of_another_time_are_left_out(line):
    assert figures((date(2027, 1, 1), date(2027, 12, 31))).lines == ()


def test_two_queries_whatever_their_number(project, line, django_assert_num_queries):
    def one(of):
        row = BudgetLineFactory(project=of)
        spent(accepted_report(PeriodFactory(project=of)), row, "1")

    one(project)
    with django_assert_num_queries(2):
        figures()
    for _n in range(2):
        one(ProjectFactory())
    with django_assert_num_queries(2):
        figures()
