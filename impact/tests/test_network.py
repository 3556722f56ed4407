"""Figures across partners, from accepted reports (impact rules §c.6)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ace_partners.core.canonical import canonical_json
from impact.canonical import content_of
from impact.figures.network import network_results
from impact.figures.network_rows import reported_years
from impact.models import ProjectPlace
from impact.tests import factories
from impact.tests.factories_network import accepted_value, children, quarter_period, target_of
from partners.tests.factories import PartnerFactory, PlaceFactory

pytestmark = pytest.mark.django_db
YEAR = {"start": date(2025, 1, 1), "end": date(2025, 12, 31)}


def only(**asked):
    (result,) = network_results(**{**YEAR, **asked})
    return result


def test_new_results_are_added_gross_and_net_of_joint_work():
    indicator = factories.IndicatorFactory(across_partners="sum_net")
    one, other = target_of(indicator), target_of(indicator)
    accepted_value(one, 120, shared=Decimal(30), shared_with=other.project.partner)
    accepted_value(other, 80)

    total = only().total

    assert (total.gross, total.net, total.partners) == (200, 170, (2, 2))
    assert (total.words, total.net_words) == ("200", "170")


def test_a_silent_partner_lowers_the_coverage_and_its_last_level_stands_apart():
    indicator = factories.IndicatorFactory(calculation="latest")
    one, other = target_of(indicator), target_of(indicator)
    accepted_value(one, 8, 1)
    accepted_value(one, 10, 2)
    accepted_value(other, 7, 1)
    quarter_period(other.project, 2)

    first, second = only().quarters[:2]

    assert (first.gross, first.last_known) == (15, 15)
    assert (second.gross, second.last_known, str(second.partners)) == (10, 17, "1/2")


def test_fractions_are_pooled():
    indicator = factories.PercentageFactory()
    accepted_value(target_of(indicator), (9, 10))
    accepted_value(target_of(indicator), (45, 90))

    total = only().total

    assert (total.gross, total.n, total.d, total.words) == (54, 54, 100, "54 / 100 (54%)")


def test_periods_of_a_year_are_counted_by_the_rule_of_the_indicator():
    for code, calculation in (("EPA-01", "sum"), ("EPA-02", "latest"), ("EPA-03", "max")):
        target = target_of(factories.IndicatorFactory(code=code, calculation=calculation))
        for quarter, value in enumerate((5, 9, 7), start=1):
            accepted_value(target, value, quarter)

    assert [result.total.gross for result in network_results(**YEAR)] == [21, 7, 9]


def test_what_may_not_be_added_only_says_who_told():
    indicator = factories.IndicatorFactory(across_partners="none", kind="milestone", calculation="latest")
    accepted_value(target_of(indicator), 3)

    result = only()

    assert (result.total.state, result.total.gross, result.chart) == ("never_added", None, None)
    assert [(part.value, str(result.total.partners)) for part in result.parts] == [(3, "1/1")]


def test_zero_missing_not_applicable_and_asked_of_nobody_are_four_things():
    target = target_of(factories.IndicatorFactory())
    accepted_value(target, 0, 1)
    accepted_value(target, None, 2)
    accepted_value(target, None, 3, state="not_applicable", comment="Vacances")

    assert [(q.state, q.gross) for q in only().quarters] == [
        ("value", 0),
        ("missing", None),
        ("not_applicable", None),
        ("not_asked", None),  # over, and no period ends in it
    ]


@time_machine.travel(datetime(2025, 8, 1, 10, tzinfo=UTC))
def test_a_quarter_that_is_not_over_is_not_due():
    accepted_value(target_of(factories.IndicatorFactory()), 4, 1)

    assert [quarter.state for quarter in only().quarters] == ["value", "not_asked", "not_due", "not_due"]


def test_only_accepted_values_of_agreed_targets_of_published_partners_count():
    indicator = factories.IndicatorFactory()
    accepted_value(target_of(indicator), 5)
    accepted_value(target_of(indicator, agreed_on=None), 100)
    accepted_value(target_of(indicator, project__partner__is_published=False), 1000)
    waiting = target_of(indicator)
    factories.IndicatorValueFactory(
        version__report__period=quarter_period(waiting.project), target=waiting, value=Decimal(10000)
    )

    assert (only().total.gross, str(only().total.partners)) == (5, "1/2")
    assert only(public=False).total.gross == 1005


def test_versions_of_another_method_stand_apart():
    first = factories.IndicatorFactory(code="EPA-01", version=1)
    accepted_value(target_of(first), 5)
    accepted_value(target_of(factories.IndicatorFactory(code="EPA-01", version=2)), 7)
    accepted_value(target_of(factories.IndicatorFactory(code="EPA-01", version=3, calculation="latest")), 11)

    assert [(r.versions, r.total.gross) for r in network_results(**YEAR)] == [((1, 2), 12), ((3,), 11)]


def test_area_and_place_narrow_the_network():
    here, there = PlaceFactory(), PlaceFactory()
    indicator = factories.IndicatorFactory(area="savings")
    for place, value in ((here, 5), (there, 7)):
        target = target_of(indicator)
        ProjectPlace.objects.create(project=target.project, place=place)
        accepted_value(target, value)

    assert only(place=here).total.gross == 5
    assert only(area="savings").total.gross == 12
    assert network_results(**YEAR, area="children") == ()


def test_sources_name_report_version_and_day_of_acceptance():
    value = accepted_value(target_of(factories.IndicatorFactory()), 5)

    (source,) = only().sources

    assert (source.report, source.version, source.sha256) == (value.version.report.reference, 1, value.version.sha256)
    assert source.slug == value.target.project.partner.slug


# Children


def test_one_withheld_partner_takes_the_network_total_with_it():
    indicator = children()
    accepted_value(target_of(indicator), 3)
    accepted_value(target_of(indicator), 40)

    result = only()

    assert (result.total.state, result.total.gross, result.total.words) == ("masked", None, "withheld")
    assert [part.words for part in result.parts] == ["withheld", "40"]
    assert only(public=False).total.gross == 43


def test_two_withheld_partners_hide_behind_each_other():
    indicator = children()
    for value in (3, 2, 40):
        accepted_value(target_of(indicator), value)

    result = only()

    assert (result.total.gross, result.quarters[0].gross) == (45, 45)
    assert [part.words for part in result.parts] == ["withheld", "withheld", "40"]


def test_a_part_of_the_network_shows_nothing_that_hides_behind_another():
    indicator, place = children(), PlaceFactory()
    for value in (3, 2, 40):
        target = target_of(indicator)
        ProjectPlace.objects.create(project=target.project, place=place)
        accepted_value(target, value)

    assert only(place=place).total.state == "masked"


def test_network_and_partner_page_withhold_the_same_periods():
    from impact.figures import partner_results  # noqa: PLC0415

    target = target_of(children())
    for quarter, value in enumerate((3, 40, 12), start=1):
        accepted_value(target, value, quarter)

    page = partner_results(target.project.partner)[0].targets[0]

    assert (
        [row.is_masked for row in page.rows]
        == [q.state == "masked" for q in only().quarters[:3]]
        == [True, False, True]
    )


# By sex, age and work


def cells(**counts):
    return {"sex": {code: str(count) for code, count in counts.items()}}


def test_a_breakdown_adds_up_to_its_total_with_what_nobody_specified():
    indicator = factories.IndicatorFactory(disaggregation=["sex"])
    accepted_value(target_of(indicator), 200, cells=cells(F=120, M=60))
    accepted_value(target_of(indicator), 0)

    result = only()
    (table,) = result.breakdowns

    assert [row.total.value for row in table.rows] == [120, 60, 20]
    assert (table.total.total.value, str(result.disaggregated)) == (200, "2/2")


def test_a_breakdown_waits_until_every_value_has_it():
    indicator = factories.IndicatorFactory(disaggregation=["sex"])
    accepted_value(target_of(indicator), 200, cells=cells(F=120, M=80))
    accepted_value(target_of(indicator), 5)

    result = only()

    assert (result.breakdowns, str(result.disaggregated)) == ((), "1/2")


def test_a_breakdown_of_children_is_masked():
    accepted_value(target_of(children(disaggregation=["sex", "age"])), 60, cells={
        "sex.age": {"F.06-11": "3", "F.12-14": "20", "M.06-11": "12", "M.12-14": "25"}
    })  # fmt: skip

    (table,) = only().breakdowns

    assert {cell.words for row in table.rows for cell in row.cells} == {"withheld"}
    assert [row.total.value for row in table.rows] == [23, 37]


def test_shares_in_a_breakdown_are_rounded_like_the_total_above_them():
    indicator = factories.PercentageFactory(disaggregation=["sex"])
    shares = {"sex": {"F": ["402", "504"], "M": ["300", "400"]}}
    accepted_value(target_of(indicator), (702, 904), cells=shares)

    result = only()
    (table,) = result.breakdowns

    assert [row.total.words for row in table.rows] == ["402 / 504 (79.76%)", "300 / 400 (75%)"]
    assert table.total.total.words == result.total.words == "702 / 904 (77.65%)"


def test_a_ratio_below_one_is_no_percentage():
    indicator = factories.PercentageFactory(kind="ratio", unit="USD/person", disaggregation=["sex"])
    accepted_value(target_of(indicator), (50, 100), cells={"sex": {"F": ["10", "40"], "M": ["40", "60"]}})

    (table,) = only().breakdowns

    assert [row.total.words for row in table.rows] == ["10 / 40 (0.25)", "40 / 60 (0.67)"]


def test_facts_can_be_hashed():
    accepted_value(target_of(factories.IndicatorFactory()), 5)

    assert '"gross":"5"' in canonical_json(content_of(network_results(**YEAR)))


def test_queries_do_not_grow_with_partners():
    def many(count):
        for number in range(count):
            indicator = factories.IndicatorFactory(disaggregation=["sex"])
            for _each in range(count):
                accepted_value(target_of(indicator), 5, number % 4 + 1, cells=cells(F=2, M=3))
        with CaptureQueriesContext(connection) as queries:
            network_results(**YEAR)
        return len(queries)

    assert many(1) == many(3) == 6


def test_nobody_is_no_result():
    PartnerFactory()

    assert network_results(**YEAR) == ()


def test_the_years_to_choose_from_are_those_of_accepted_reports():
    target = target_of(factories.IndicatorFactory())
    accepted_value(target, 4, 1)
    factories.IndicatorValueFactory(
        version__report__period=quarter_period(target.project, 1, year=2024), target=target, value=Decimal(9)
    )

    assert reported_years() == (2025,)
