"""The worked cases of the impact rules (§c.9), what they refuse, and what they do not show.

What holds for every series: test_progress_properties. Across partners: test_across.
"""

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from impact.progress import (
    NOT_APPLICABLE,
    Calculation,
    Coverage,
    Direction,
    Kind,
    Pair,
    PeriodInput,
    PeriodRow,
    Phase,
    ProgressError,
    RowState,
    Series,
    Status,
    check_value,
    half_up,
    period_rows,
    progress_of,
    shown,
    shown_number,
    shown_percent,
)

CASES = json.loads(
    Path(__file__).with_name("progress_cases.json").read_text(encoding="utf-8"), parse_float=Decimal, parse_int=Decimal
)


def d(number):
    return Decimal(str(number))


def number_series(calc, periods, direction="increase", baseline=None, final_target=None):
    return Series(Kind.NUMBER, calc, direction, baseline, final_target, tuple(periods))


# The cases


def period_of(given_period):
    unknown = given_period.keys() - {"target", "value", "n", "d", "phase", "state"}
    assert not unknown, f"the cases have new words: {unknown}"
    value = Pair(given_period["n"], given_period["d"]) if "n" in given_period else given_period["value"]
    phase = Phase(given_period.get("phase", "due"))
    return PeriodInput(given_period["target"], value, phase, given_period.get("state", "validated") == "validated")


def series_of(given_series):
    unknown = given_series.keys() - {"kind", "calc", "direction", "baseline", "final_target", "periods"}
    assert not unknown, f"the cases have new words: {unknown}"
    return Series(
        kind=Kind(given_series["kind"]),
        calc=Calculation(given_series["calc"]),
        direction=Direction(given_series.get("direction", "increase")),
        baseline=given_series["baseline"],
        final_target=given_series["final_target"],
        periods=tuple(period_of(period) for period in given_series["periods"]),
    )


def as_printed(given_series):
    try:
        result = shown(progress_of(series_of(given_series)))
    except ProgressError as error:
        return {"error": error.code}
    return {
        "coverage": result.coverage,
        "actual": None if result.actual is None else str(result.actual),
        "achievement": None if result.achievement is None else str(result.achievement),
        "progress": None if result.progress is None else str(result.progress),
        "met": result.met,
        "status": str(result.status),
    }


def test_the_case_file_holds_cases():
    assert len(CASES) > 0
    assert len({case["id"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_case(case):
    assert as_printed(case["in"]) == case["out"]


# What is refused (§c.1)


@pytest.mark.parametrize(
    ("kind", "value", "phase", "code"),
    [
        ("number", d(-1), "due", "negative"),
        ("milestone", d(-1), "ended", "negative"),
        ("percentage", Pair(d(-1), d(10)), "due", "negative"),
        ("ratio", Pair(d(1), d(-10)), "due", "negative"),
        ("percentage", Pair(d(11), d(10)), "due", "numerator_out_of_range"),
        ("percentage", Pair(d(3), d(0)), "due", "denominator_zero"),
        ("ratio", Pair(d(3), d(0)), "due", "denominator_zero"),
        ("number", d(0), "open", "period_not_ended"),
        ("percentage", NOT_APPLICABLE, "open", "period_not_ended"),
    ],
)
def test_check_value_refuses(kind, value, phase, code):
    with pytest.raises(ProgressError) as refusal:
        check_value(kind, value, phase)

    assert refusal.value.code == code


def test_a_refused_value_is_refused_even_before_it_counts():
    with pytest.raises(ProgressError, match="negative"):
        number_series("sum", [PeriodInput(d(1), d(-1), counted=False)])


def test_check_value_accepts_a_ratio_above_one_and_0_over_0_of_every_kind():
    check_value("ratio", Pair(d(5700), d(190)), "due")
    for kind in Kind:
        check_value(kind, NOT_APPLICABLE, "ended")
        check_value(kind, None, "open")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("number", 3),
        ("number", 3.5),
        ("number", d("NaN")),
        ("number", Pair(d(1), d(2))),
        ("percentage", d(63)),
        ("ratio", Pair(1, 2)),
    ],
)
def test_check_value_of_the_wrong_shape(kind, value):
    with pytest.raises(TypeError):
        check_value(kind, value, "due")


@pytest.mark.parametrize(
    ("codes", "reason"),
    [
        (("number", "pooled", "increase"), "number has no calculation pooled"),
        (("percentage", "sum", "increase"), "percentage has no calculation sum"),
        (("ratio", "running", "increase"), "ratio has no calculation running"),
        (("number", "mean", "increase"), "'mean' is not a valid Calculation"),
        (("text", "latest", "increase"), "'text' is not a valid Kind"),
        (("number", "latest", "up"), "'up' is not a valid Direction"),
    ],
)
def test_series_refuses_codes_it_does_not_know_or_that_do_not_fit(codes, reason):
    with pytest.raises(ValueError, match=reason):
        Series(*codes, None, None, ())


def test_series_refuses_a_target_that_is_not_a_decimal():
    with pytest.raises(TypeError):
        number_series("sum", [PeriodInput(1.5, None)])


# What the cases do not show


def test_context_has_an_actual_and_a_coverage_only():
    periods = [PeriodInput(d(10), d(12)), PeriodInput(None, None)]

    result = progress_of(number_series("sum", periods, "context", d(0), d(40)))

    assert (result.coverage, result.actual) == (Coverage(1, 2), 12)
    assert (result.achievement, result.progress, result.met, result.status) == (None, None, None, Status.CONTEXT)


def test_a_target_on_the_wrong_side_of_the_baseline_has_no_percentage():
    periods = [PeriodInput(d(40), d(30))]

    result = progress_of(number_series("latest", periods, "increase", d(50), d(80)))

    # The formula alone would say (30 − 50) / (40 − 50) = 200 %, exceeded.
    assert (result.achievement, result.met, result.status) == (None, False, Status.OFF_TRACK)
    assert result.progress == Fraction(-2, 3)


def test_a_number_not_applicable_is_covered_and_its_target_left_out():
    periods = [PeriodInput(d(100), d(80)), PeriodInput(d(100), NOT_APPLICABLE)]

    result = progress_of(number_series("sum", periods, final_target=d(200)))

    assert (result.coverage, result.actual, result.achievement) == (Coverage(2, 2), 80, Fraction(4, 5))
    assert (result.progress, result.status) == (Fraction(2, 5), Status.WATCH)


def test_a_decreasing_sum_without_baseline_is_no_baseline():
    result = progress_of(number_series("sum", [PeriodInput(d(4), d(5))], "decrease", None, d(4)))

    assert (result.achievement, result.progress, result.met, result.status) == (None, None, False, Status.NO_BASELINE)


def test_a_decreasing_sum_waits_for_the_value_of_every_period():
    periods = [PeriodInput(d(1), d(1)), PeriodInput(d(1), NOT_APPLICABLE)]

    assert progress_of(number_series("sum", periods, "decrease", d(2), d(2))).progress is None


def test_accepted_before_the_first_deadline_is_told():
    result = progress_of(number_series("sum", [PeriodInput(d(100), d(100), Phase.ENDED)]))

    assert (result.coverage, result.achievement, result.status) == (Coverage(1, 1), 1, Status.ON_TRACK)


def test_period_rows_tell_zero_missing_and_not_applicable_apart():
    periods = [
        PeriodInput(d(50), Pair(d(0), d(8))),
        PeriodInput(d(60), NOT_APPLICABLE),
        PeriodInput(d(70), None),
        PeriodInput(d(70), Pair(d(1), d(1)), counted=False),
        PeriodInput(None, Pair(d(2), d(3)), Phase.ENDED),
        PeriodInput(d(80), None, Phase.ENDED),
        PeriodInput(d(80), None, Phase.OPEN),
    ]

    rows = period_rows(Series(Kind.PERCENTAGE, "latest", "increase", d(30), d(80), tuple(periods)))

    assert rows == (
        PeriodRow(RowState.VALUE, Fraction(0), d(50), Fraction(-3, 2), False),
        PeriodRow(RowState.NOT_APPLICABLE, None, d(60), None, None),
        PeriodRow(RowState.MISSING, None, d(70), None, None),
        PeriodRow(RowState.MISSING, None, d(70), None, None),
        PeriodRow(RowState.VALUE, Fraction(200, 3), None, None, None),
        PeriodRow(RowState.AWAITED, None, d(80), None, None),
        PeriodRow(RowState.OPEN, None, d(80), None, None),
    )


@pytest.mark.parametrize(
    ("calc", "direction", "baseline", "achievement", "met"),
    [
        ("sum", "increase", d(500), Fraction(3, 4), False),
        ("sum", "decrease", d(6), Fraction(3, 2), True),
        ("running", "increase", None, Fraction(3, 4), False),
        ("latest", "increase", None, None, False),
        ("latest", "at_least", None, None, False),
        ("latest", "at_most", d(6), None, True),
        ("latest", "context", d(6), None, None),
    ],
)
def test_period_row_compares_a_period_with_its_own_target(calc, direction, baseline, achievement, met):
    series = number_series(calc, [PeriodInput(d(4), d(3))], direction, baseline)

    assert period_rows(series) == (PeriodRow(RowState.VALUE, Fraction(3), d(4), achievement, met),)


def test_period_rows_of_a_decreasing_sum_use_the_baseline_of_one_period():
    periods = [PeriodInput(d(4), d(5)), PeriodInput(d(2), d(2))]

    rows = period_rows(number_series("sum", periods, "decrease", d(6), d(4)))

    assert [row.achievement for row in rows] == [Fraction(1, 2), Fraction(1)]


@pytest.mark.parametrize(
    ("number", "places", "rounded"),
    [
        (Fraction(49, 4), 1, "12.3"),
        (Fraction(-49, 4), 1, "-12.3"),
        (Fraction(-1, 100), 1, "0.0"),
        (Fraction(5, 2), 0, "3"),
        (Fraction(10**40 + 1, 2), 0, str(10**40 // 2 + 1)),
    ],
)
def test_half_up(number, places, rounded):
    assert str(half_up(number, places)) == rounded


@pytest.mark.parametrize(
    ("number", "printed"),
    [(Fraction(200), "200"), (Fraction(725, 10), "72.5"), (Fraction(1, 3), "0.33"), (Fraction(199_999, 1000), "200")],
)
def test_shown_number_drops_trailing_zeros(number, printed):
    assert str(shown_number(number)) == printed


def test_nothing_is_shown_as_nothing():
    assert (shown_number(None), shown_percent(None)) == (None, None)
    assert (shown_number(Fraction(0)), str(shown_percent(Fraction(0)))) == (0, "0.0")
