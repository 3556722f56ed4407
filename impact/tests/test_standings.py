"""How far targets are reached over a span: numbers worked by hand; silence never looks good."""

from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from impact.figures.scope import Scope
from impact.figures.standings import distribution, standings
from impact.models import ProjectArea, ProjectPlace
from impact.progress import Status
from impact.tests.factories import (
    IndicatorFactory,
    IndicatorValueFactory,
    PercentageFactory,
    PeriodFactory,
    ReportVersionFactory,
)
from impact.tests.factories_dashboards import reached
from partners.models import Partner
from partners.tests.factories import PlaceFactory

YEAR = date(2025, 1, 1), date(2025, 12, 31)
SECOND_QUARTER = date(2025, 4, 1), date(2025, 6, 30)

pytestmark = pytest.mark.django_db


def scope(span=YEAR, **facts):
    return Scope(Partner.objects.all(), *span, **facts)


def found(span=YEAR, **facts):
    return [(each.status, each.achievement, str(each.coverage)) for each in standings(scope(span, **facts))]


@pytest.fixture
def indicator():
    return IndicatorFactory(code="EPA-01")


def test_a_sum_is_compared_with_the_targets_of_its_periods(indicator):
    reached(indicator, 80, 120)

    assert found() == [(Status.ON_TRACK, Fraction(1), "2/2")]


def test_only_the_periods_that_end_in_the_span_count(indicator):
    reached(indicator, 10, 120)

    assert found(SECOND_QUARTER) == [(Status.EXCEEDED, Fraction(120, 100), "1/1")]


def test_a_due_period_without_a_value_is_never_green(indicator):
    reached(indicator, 300, None)

    assert found() == [(Status.MISSING_DATA, Fraction(3), "1/2")]


def test_zero_is_a_value_and_silence_is_not(indicator):
    reached(indicator, 0)
    reached(indicator, None)

    assert [status for status, *_rest in found()] == [Status.OFF_TRACK, Status.NO_DATA]


def test_what_is_submitted_and_not_accepted_does_not_count(indicator):
    target = reached(indicator, None)
    version = ReportVersionFactory(report__period=target.project.periods.get())
    IndicatorValueFactory(version=version, target=target, value=Decimal(100))

    assert found() == [(Status.NO_DATA, None, "0/1")]


def test_a_target_that_one_side_alone_wants_is_left_out(indicator):
    reached(indicator, 80, agreed_on=None)

    assert found() == []


def test_a_project_without_a_period_in_the_span_is_left_out(indicator):
    reached(indicator, 80)

    assert found((date(2024, 1, 1), date(2024, 12, 31))) == []


def test_a_period_that_is_not_over_is_not_due(indicator):
    target = reached(indicator)
    PeriodFactory(
        project=target.project, starts_on=date(2098, 1, 1), ends_on=date(2098, 3, 31), due_on=date(2098, 4, 30)
    )

    assert found((date(2098, 1, 1), date(2098, 12, 31))) == [(Status.NOT_DUE, None, "0/0")]


def test_area_is_the_indicators_own_and_those_of_every_area_go_with_each(indicator):
    reached(indicator, 80)
    reached(IndicatorFactory(code="GEN-01", area="all"), 80)
    reached(IndicatorFactory(code="MIN-01", area="mine_sites"), 80)

    codes = [each.indicator.code for each in standings(scope(area="savings"))]

    assert codes == ["EPA-01", "GEN-01"]


def test_a_place_holds_what_lies_in_it(indicator):
    town = PlaceFactory(name="Kolwezi")
    quarter, elsewhere = PlaceFactory(name="Kapata", parent=town), PlaceFactory(name="Likasi")
    here, there = reached(indicator, 80), reached(indicator, 80)
    ProjectPlace.objects.create(project=here.project, place=quarter)
    ProjectPlace.objects.create(project=here.project, place=town)
    ProjectPlace.objects.create(project=there.project, place=elsewhere)

    assert [each.target for each in standings(scope(place=town))] == [here.pk]


def test_distribution_counts_targets_by_area_and_status(indicator):
    for value in (120, 100, 70, 10, None):
        reached(indicator, value)
    reached(IndicatorFactory(code="MIN-01", area="mine_sites"), 100)

    assert distribution(standings(scope())) == {
        "savings": Counter(exceeded=1, on_track=1, watch=1, off_track=1, no_data=1),
        "mine_sites": Counter(on_track=1),
    }


@pytest.mark.parametrize(
    ("facts", "values", "few"),
    [
        ({"unit": "children"}, (4,), True),
        ({"unit": "children"}, (5,), False),
        ({"unit": "children"}, (0,), False),
        ({"unit": "children"}, (2, 2), True),
        ({"unit": "children"}, (2, 30), False),
        ({"unit": "children", "calculation": "latest"}, (30, 2), True),
        ({"unit": "events"}, (4,), False),
        ({"unit": "children", "is_sensitive": False}, (4,), False),
    ],
)
def test_a_count_of_few_children_is_marked(facts, values, few):
    reached(IndicatorFactory(code="ENF-01", **{"is_sensitive": True, **facts}), *values)

    assert [each.few for each in standings(scope())] == [few]


@pytest.mark.parametrize(
    ("calculation", "values", "few"),
    [
        ("latest", ((3, 90),), True),
        ("latest", ((88, 90),), True),
        ("latest", ((3, 90), (40, 90)), False),
        ("pooled", ((3, 90), (40, 90)), False),
        ("pooled", ((1, 40), (2, 50)), True),
        ("max", ((3, 90), (40, 90)), True),
    ],
)
def test_a_fraction_of_few_children_is_marked(calculation, values, few):
    reached(PercentageFactory(code="ENF-03", is_sensitive=True, calculation=calculation), *values)

    assert [each.few for each in standings(scope())] == [few]


def test_the_number_of_queries_does_not_grow(indicator, django_assert_num_queries):
    reached(indicator, 80, 90)
    with django_assert_num_queries(4):
        standings(scope())
    for _n in range(2):
        ProjectArea.objects.create(project=reached(indicator, 80, 90).project, area="savings")
    with django_assert_num_queries(4):
        assert len(standings(scope())) == 3
