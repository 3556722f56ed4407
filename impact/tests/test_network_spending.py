"""Money across partners: the sum of the printed lines, whichever way it is shared out (impact rules §c.8)."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ace_partners.core.money import Money, usd_from_cdf
from impact.canonical import content_of
from impact.figures.network import network_spending
from impact.figures.network_spending import spending_by_line
from impact.models import SpendingLine
from impact.tests import factories
from impact.tests.factories_network import accepted_version, quarter_period

pytestmark = pytest.mark.django_db
YEAR = {"start": date(2025, 1, 1), "end": date(2025, 12, 31)}
RATE = Decimal(2750)


def spend(version, amount, currency="USD", **fields):
    usd = Decimal(amount) if currency == "USD" else usd_from_cdf(Decimal(amount), RATE)
    rate = {} if currency == "USD" else {"rate": RATE, "rate_on": date(2025, 1, 5), "rate_source": "BCC"}
    return factories.SpendingLineFactory(
        version=version, amount=Decimal(amount), currency=currency, amount_usd=usd, **rate, **fields
    )


def shares(rows):
    return {row.key: row.usd.amount for row in rows}


def test_each_line_is_rounded_then_added():
    version = accepted_version(factories.ProjectFactory())
    for _each in range(3):
        spend(version, 1000, "CDF")
    spend(version, -500_000, "CDF")

    spending = network_spending(**YEAR)

    assert spending.usd == Money(Decimal("-180.74"), "USD")
    assert spending.paid == (Money(Decimal("-497000.00"), "CDF"),)
    assert (spending.refunds_usd.amount, spending.rates, spending.lines) == (Decimal("-181.82"), 4, 4)


def test_area_is_the_line_s_else_the_project_s_only_one_else_none():
    one_area, two_areas = factories.ProjectFactory(), factories.ProjectFactory()
    for project, areas in ((one_area, ["savings"]), (two_areas, ["savings", "children"])):
        for area in areas:
            factories.ProjectAreaFactory(project=project, area=area)
        version = accepted_version(project)
        spend(version, 10, budget_line=factories.BudgetLineFactory(project=project, area="mine_sites"))
        spend(version, 100, budget_line=factories.BudgetLineFactory(project=project))

    spending = network_spending(**YEAR)

    assert shares(spending.by_area) == {"mine_sites": 20, "savings": 100, "": 100}
    assert network_spending(**YEAR, area="savings").usd.amount == 100


def test_only_accepted_reports_of_published_partners_count():
    spend(accepted_version(factories.ProjectFactory()), 5)
    spend(accepted_version(factories.ProjectFactory(partner__is_published=False)), 100)
    waiting = quarter_period(factories.ProjectFactory())
    spend(factories.ReportVersionFactory(report=factories.ReportFactory(period=waiting)), 1000)

    spending = network_spending(**YEAR)

    assert (spending.usd.amount, str(spending.reports)) == (5, "1/2")
    assert network_spending(**YEAR, public=False).usd.amount == 105


def test_spending_belongs_to_the_span_its_period_ends_in():
    project = factories.ProjectFactory()
    spend(accepted_version(project, 4, 2024), 7, spent_on=date(2025, 1, 3))

    assert network_spending(**YEAR).usd.amount == 0
    assert network_spending(start=date(2024, 1, 1), end=date(2024, 12, 31)).usd.amount == 7


def test_budgets_are_listed_by_currency():
    factories.BudgetLineFactory(amount=Decimal(45000))
    factories.BudgetLineFactory(amount=Decimal(12_500_000), currency="CDF")

    assert network_spending(**YEAR).budgets == (Money(Decimal("45000.00"), "USD"), Money(Decimal("12500000.00"), "CDF"))


def test_nothing_spent_has_no_share():
    spending = network_spending(**YEAR)

    assert (spending.usd.amount, spending.by_area, spending.lines) == (0, (), 0)


drawn = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.integers(0, 2),
        st.sampled_from(["USD", "CDF"]),
        st.decimals(-90_000, 900_000, places=2),
    ),
    min_size=1,
    max_size=12,
)


@settings(derandomize=True, database=None, deadline=None, max_examples=15,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(drawn)
def test_every_table_adds_up_to_the_printed_lines(lines):
    versions = {place: accepted_version(factories.ProjectFactory()) for place in {each[0] for each in lines}}
    before = network_spending(**YEAR).usd.amount
    spent = [
        spend(versions[place], amount, currency, budget_line=factories.BudgetLineFactory(
            project=versions[place].report.project, label=f"Ligne {label}", area=["", "savings", "children"][label]))
        for place, label, currency, amount in lines
    ]  # fmt: skip

    spending = network_spending(**YEAR)

    assert spending.usd.amount - before == sum(line.amount_usd for line in spent)
    for rows in (spending.by_area, spending.by_partner, spending.by_line):
        assert sum(row.usd.amount for row in rows) == spending.usd.amount
    printed = [row for version in versions.values() for row in spending_by_line(version.report.partner)]
    assert sum(row.usd.amount for row in printed) == sum(line.amount_usd for line in spent)
    assert SpendingLine.objects.count() == spending.lines


def test_facts_can_be_hashed():
    spend(accepted_version(factories.ProjectFactory()), 5)

    assert content_of(network_spending(**YEAR))["usd"] == {"amount": "5", "currency": "USD"}


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow(rows, django_assert_num_queries):
    for _partner in range(rows):
        project = factories.ProjectFactory()
        for _line in range(rows):
            spend(accepted_version(project), 5, budget_line=factories.BudgetLineFactory(project=project))

    with django_assert_num_queries(6):
        network_spending(**YEAR)
