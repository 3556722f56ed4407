"""The arithmetic of the yardsticks, by examples and by what holds for every one."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impact.progress import NOT_APPLICABLE, Calculation, Direction, Kind, Pair
from impact.yardsticks import Comparison, Reading, Trend, beyond, compare, figure_of, months_of, per_quarter, trend

YEAR = {"starts_on": date(2025, 1, 1), "ends_on": date(2025, 12, 31)}
QUARTERS = [
    (date(2025, 1, 1), date(2025, 3, 31)),
    (date(2025, 4, 1), date(2025, 6, 30)),
    (date(2025, 7, 1), date(2025, 9, 30)),
    (date(2025, 10, 1), date(2025, 12, 31)),
]


def readings(*values):
    return [Reading(*days, value) for days, value in zip(QUARTERS, values, strict=False)]


def number_trend(calc, values, *, baseline=None, baseline_on=None, kind=Kind.NUMBER):
    return trend(kind, calc, readings=readings(*values), baseline=baseline, baseline_on=baseline_on, **YEAR)


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2025, 1, 1), date(2025, 3, 31), 3),
        (date(2025, 2, 1), date(2025, 2, 28), 1),
        (date(2025, 1, 1), date(2025, 12, 31), 12),
        (date(2024, 1, 1), date(2026, 12, 31), 36),
        (date(2025, 1, 1), date(2025, 1, 3), 1),
    ],
)
def test_months_are_whole_and_at_least_one(first, last, months):
    assert months_of(first, last) == months


def test_a_sum_goes_on_at_the_pace_of_the_accepted_periods():
    assert number_trend(Calculation.SUM, [Decimal(80), Decimal(120)]) == Trend(Fraction(400), 2)


def test_a_gap_in_a_sum_stays_a_gap_and_zero_is_a_value():
    assert number_trend(Calculation.SUM, [Decimal(0), None, Decimal(100)]) == Trend(Fraction(150), 2)


def test_a_sum_without_results_goes_on_as_its_baseline_of_one_period():
    assert number_trend(Calculation.SUM, [], baseline=Decimal(6)) == Trend(Fraction(24), 0)


def test_a_level_follows_its_line_from_the_baseline():
    found = number_trend(Calculation.LATEST, [Decimal(20)], baseline=Decimal(10), baseline_on=date(2024, 12, 31))

    # Ten more in 90 days, 275 days left.
    assert found == Trend(20 + Fraction(10, 90) * 275, 1)


def test_a_level_with_one_known_point_stays_there():
    assert number_trend(Calculation.LATEST, [Decimal(30)]) == Trend(Fraction(30), 1)
    assert number_trend(Calculation.LATEST, [], baseline=Decimal(9), baseline_on=date(2024, 1, 1)) == Trend(
        Fraction(9), 0
    )


def test_a_percentage_never_leaves_its_hundred_and_no_level_falls_below_zero():
    risen = [Pair(Decimal(40), Decimal(100)), Pair(Decimal(90), Decimal(100))]

    assert number_trend(Calculation.LATEST, risen, kind=Kind.PERCENTAGE).at_end == 100
    assert number_trend(Calculation.LATEST, [Decimal(50), Decimal(2)]).at_end == 0


def test_a_highest_value_is_never_undone():
    assert number_trend(Calculation.MAX, [Decimal(50), Decimal(40)]).at_end == 50


def test_nothing_known_is_no_trend():
    assert number_trend(Calculation.SUM, [None, NOT_APPLICABLE]) is None
    assert number_trend(Calculation.LATEST, []) is None
    assert number_trend(Calculation.LATEST, [], baseline=Decimal(3)) is None


def test_partners_are_compared_per_quarter_whatever_their_periods():
    month = [Reading(date(2025, 1, 1), date(2025, 1, 31), Decimal(40))]

    assert compare(Kind.NUMBER, Calculation.SUM, [readings(Decimal(100)), month, []]) == Comparison(
        partners=2, median=Fraction(110), lowest=Fraction(100), highest=Fraction(120)
    )


def test_one_figure_per_partner():
    shares = readings(Pair(Decimal(9), Decimal(10)), Pair(Decimal(45), Decimal(90)))
    levels = readings(Decimal(7), Decimal(5))

    assert figure_of(Kind.PERCENTAGE, Calculation.POOLED, shares) == 54
    assert figure_of(Kind.PERCENTAGE, Calculation.LATEST, shares) == 50
    assert figure_of(Kind.NUMBER, Calculation.LATEST, levels) == 5
    assert figure_of(Kind.NUMBER, Calculation.MAX, levels) == 7
    assert figure_of(Kind.NUMBER, Calculation.SUM, readings(NOT_APPLICABLE)) is None


@pytest.mark.parametrize(
    ("direction", "aim", "answer"),
    [
        (Direction.INCREASE, 11, True),
        (Direction.INCREASE, 10, False),
        (Direction.AT_LEAST, 9, False),
        (Direction.DECREASE, 9, True),
        (Direction.AT_MOST, 10, False),
        (Direction.CONTEXT, 99, None),
    ],
)
def test_beyond_is_in_the_sense_of_the_indicator(direction, aim, answer):
    assert beyond(direction, Decimal(aim), Fraction(10)) is answer


# --- what holds for every project --------------------------------------------------------------------------------

steady = settings(derandomize=True, database=None, deadline=None, max_examples=200)
amounts = st.decimals(min_value=0, max_value=10_000, places=2)
values = st.none() | amounts | st.just(NOT_APPLICABLE)
partners = st.lists(st.lists(values, max_size=4).map(lambda each: readings(*each)), max_size=6)
calculations = st.sampled_from([Calculation.SUM, Calculation.LATEST, Calculation.RUNNING, Calculation.MAX])


@steady
@given(calculations, partners, st.randoms(use_true_random=False))
def test_the_order_of_partners_and_of_values_tells_nothing(calc, sides, chance):
    mixed = [chance.sample(each, len(each)) for each in sides]
    chance.shuffle(mixed)

    assert compare(Kind.NUMBER, calc, mixed) == compare(Kind.NUMBER, calc, sides)


@steady
@given(calculations, partners)
def test_the_median_lies_between_the_ends_and_silent_partners_do_not_count(calc, sides):
    found = compare(Kind.NUMBER, calc, sides)

    assert found == compare(Kind.NUMBER, calc, [*sides, [], readings(None, NOT_APPLICABLE)])
    if found:
        assert found.lowest <= found.median <= found.highest
        assert found.partners <= len(sides)


@steady
@given(amounts)
def test_the_same_in_every_period_of_a_sum_ends_at_four_times_that(each):
    for so_far in range(1, 5):
        assert number_trend(Calculation.SUM, [each] * so_far).at_end == 4 * Fraction(each)


@steady
@given(calculations, st.lists(values, max_size=4), amounts, st.integers(1, 900))
def test_a_trend_is_never_negative_and_the_order_of_readings_tells_nothing(calc, given_values, baseline, before):
    known = readings(*given_values)
    facts = {"baseline": baseline, "baseline_on": YEAR["starts_on"] - timedelta(days=before), **YEAR}

    found = trend(Kind.NUMBER, calc, readings=known, **facts)

    assert found.at_end >= 0
    assert found == trend(Kind.NUMBER, calc, readings=known[::-1], **facts)


@steady
@given(amounts, st.integers(1, 48))
def test_per_quarter_and_back(amount, months):
    assert per_quarter(amount, months) * months == 3 * Fraction(amount)
