"""The worked cases of the impact rules (§c.9), and what must hold for every series."""

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impact.progress import (
    NOT_APPLICABLE,
    Across,
    Calculation,
    Coverage,
    Direction,
    Kind,
    NetworkFigure,
    Pair,
    PartnerPart,
    PeriodInput,
    PeriodRow,
    Phase,
    ProgressError,
    RowState,
    Series,
    Status,
    across_partners,
    check_value,
    fraction,
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
GREEN = {Status.ON_TRACK, Status.EXCEEDED}

steady = settings(derandomize=True, database=None, deadline=None, max_examples=200)
amounts = st.decimals(min_value=0, max_value=10_000, places=2)
levels = st.decimals(min_value=0, max_value=1_000, places=1)


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
    "codes",
    [
        ("number", "pooled", "increase"),
        ("percentage", "sum", "increase"),
        ("ratio", "running", "increase"),
        ("number", "mean", "increase"),
        ("text", "latest", "increase"),
        ("number", "latest", "up"),
    ],
)
def test_series_refuses_codes_it_does_not_know_or_that_do_not_fit(codes):
    with pytest.raises(ValueError):
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


# Across partners (§c.6)


def test_across_partners_tells_gross_and_net():
    parts = [PartnerPart(d(120), shared=d(30)), PartnerPart(d(80))]

    assert across_partners("number", "sum_net", parts) == NetworkFigure(200, 170, 170, Coverage(2, 2))


def test_across_partners_keeps_a_silent_partner_out_of_the_total():
    parts = [PartnerPart(d(10), last_known=d(8)), PartnerPart(None, last_known=d(7))]

    assert across_partners("number", "sum", parts) == NetworkFigure(10, 10, 17, Coverage(1, 2))


@pytest.mark.parametrize(
    ("kind", "pairs", "pooled"),
    [
        ("percentage", [(9, 10), (45, 90)], 54),
        ("ratio", [(500, 10), (2400, 30)], Fraction(145, 2)),
        ("percentage", [(0, 0), (1, 2)], 50),
    ],
)
def test_across_partners_pools(kind, pairs, pooled):
    parts = [PartnerPart(Pair(d(n), d(of))) for n, of in pairs]

    assert across_partners(kind, "pooled", parts) == NetworkFigure(pooled, pooled, pooled, Coverage(2, 2))


def test_across_partners_of_nobody_is_nothing_not_zero():
    assert across_partners("number", "sum", [PartnerPart(None)]) == NetworkFigure(None, None, None, Coverage(0, 1))


def test_across_partners_never_adds_what_may_not_be_added():
    assert across_partners("milestone", Across.NONE, [PartnerPart(d(3))]) == NetworkFigure(
        None, None, None, Coverage(1, 1)
    )
    with pytest.raises(ValueError):
        across_partners("percentage", "sum", [])
    with pytest.raises(ValueError):
        across_partners("number", "pooled", [])


@pytest.mark.parametrize(
    ("part", "code"),
    [
        (PartnerPart(d(10), shared=d(11)), "shared_exceeds_value"),
        (PartnerPart(None, shared=d(1)), "shared_exceeds_value"),
        (PartnerPart(d(10), shared=d(-1)), "negative"),
        (PartnerPart(d(-10)), "negative"),
    ],
)
def test_across_partners_refuses(part, code):
    with pytest.raises(ProgressError) as refusal:
        across_partners("number", "sum_net", [part])

    assert refusal.value.code == code


@st.composite
def partner_parts(draw):
    value = draw(st.none() | amounts | st.just(NOT_APPLICABLE))
    shared = draw(st.decimals(min_value=0, max_value=value, places=2)) if isinstance(value, Decimal) else d(0)
    return PartnerPart(value, shared, draw(st.none() | amounts))


@steady
@given(st.lists(partner_parts(), max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_partners_changes_nothing(parts, random):
    shuffled = random.sample(parts, len(parts))

    assert across_partners("number", "sum_net", shuffled) == across_partners("number", "sum_net", parts)


# What holds for every series


@st.composite
def pairs(draw):
    of = draw(st.integers(0, 500))
    return Pair(Decimal(draw(st.integers(0, of))), Decimal(of))


@st.composite
def period_inputs(draw, values):
    phase = draw(st.sampled_from(Phase))
    value = None if phase is Phase.OPEN else draw(st.none() | values | st.just(NOT_APPLICABLE))
    return PeriodInput(draw(st.none() | levels), value, phase, draw(st.booleans()))


@st.composite
def any_series(draw):
    kind = draw(st.sampled_from(Kind))
    calcs = ["sum", "latest", "running", "max"] if kind in (Kind.NUMBER, Kind.MILESTONE) else ["latest", "pooled", "max"]
    values = amounts if kind in (Kind.NUMBER, Kind.MILESTONE) else pairs()
    return Series(
        kind=kind,
        calc=draw(st.sampled_from(calcs)),
        direction=draw(st.sampled_from(Direction)),
        baseline=draw(st.none() | levels),
        final_target=draw(st.none() | levels),
        periods=tuple(draw(st.lists(period_inputs(values), max_size=5))),
    )


def plain_numbers(min_size=1):
    """(value, target) of periods that are all reported."""
    return st.lists(st.tuples(levels, levels), min_size=min_size, max_size=5)


@steady
@given(any_series())
def test_silence_never_looks_green(series):
    missing = any(period.phase is Phase.DUE and period.accepted is None for period in series.periods)

    result = progress_of(series)

    if missing and series.direction is not Direction.CONTEXT:
        assert result.status in {Status.MISSING_DATA, Status.NO_DATA}
    if result.status in GREEN:
        assert result.coverage.reported == result.coverage.expected > 0
        assert result.actual is not None


@steady
@given(any_series())
def test_green_without_reaching_the_target_is_at_least_85_percent(series):
    result = progress_of(series)

    if result.status in GREEN and not result.met:
        assert result.achievement >= Fraction(85, 100)


@steady
@given(any_series(), levels, st.integers(0, 5))
def test_an_open_empty_period_changes_nothing(series, target, place):
    one_more = PeriodInput(target, None, Phase.OPEN)
    longer = replace(series, periods=(*series.periods[:place], one_more, *series.periods[place:]))

    before, after = progress_of(series), progress_of(longer)

    if series.calc == "sum" and series.direction is Direction.DECREASE:
        # Its baseline is per period, so the final percentage waits for the new period (§c.3).
        assert after == replace(before, progress=None)
    else:
        assert after == before


@steady
@given(any_series())
def test_what_is_not_accepted_is_as_if_not_reported(series):
    silent = tuple(period if period.counted else replace(period, value=None) for period in series.periods)

    assert progress_of(replace(series, periods=silent)) == progress_of(series)
    assert period_rows(replace(series, periods=silent)) == period_rows(series)


@steady
@given(any_series(), st.integers(0, 4))
def test_a_row_depends_on_its_own_period_only(series, place):
    if place < len(series.periods):
        alone = replace(series, periods=(series.periods[place],))
        assert period_rows(series)[place] == period_rows(alone)[0]


@steady
@given(plain_numbers(), st.integers(0, 4), st.sampled_from(["sum", "latest", "running", "max"]))
def test_zero_is_not_missing(reported, place, calc):
    place %= len(reported)
    periods = [PeriodInput(target, value) for value, target in reported]
    zero, missing = periods.copy(), periods.copy()
    zero[place] = replace(periods[place], value=d(0))
    missing[place] = replace(periods[place], value=None)

    with_zero, with_none = (progress_of(number_series(calc, some, baseline=d(1))) for some in (zero, missing))

    count = len(periods)
    assert (with_zero.coverage, with_none.coverage) == (Coverage(count, count), Coverage(count - 1, count))
    assert with_zero.actual is not None
    assert with_zero.status not in {Status.MISSING_DATA, Status.NO_DATA}
    assert with_none.status in {Status.MISSING_DATA, Status.NO_DATA}


@steady
@given(plain_numbers(), levels, levels, st.sampled_from(["latest", "running"]))
def test_a_decrease_is_an_increase_in_a_mirror(reported, baseline, final, calc):
    def mirrored(number):
        return 1_000 - number

    up = number_series(calc, [PeriodInput(t, v) for v, t in reported], "increase", baseline, final)
    down = number_series(
        calc,
        [PeriodInput(mirrored(t), mirrored(v)) for v, t in reported],
        "decrease",
        mirrored(baseline),
        mirrored(final),
    )

    rising, falling = progress_of(up), progress_of(down)

    assert falling == replace(rising, actual=mirrored(rising.actual))


@steady
@given(st.lists(st.tuples(pairs(), levels), min_size=1, max_size=4), levels, st.sampled_from(["latest", "pooled"]))
def test_the_mirror_of_a_percentage_is_the_share_of_the_others(reported, baseline, calc):
    periods = tuple(PeriodInput(target, pair) for pair, target in reported)
    others = tuple(PeriodInput(100 - p.target, Pair(p.value.d - p.value.n, p.value.d)) for p in periods)

    up = progress_of(Series(Kind.PERCENTAGE, calc, "increase", baseline, d(80), periods))
    down = progress_of(Series(Kind.PERCENTAGE, calc, "decrease", 100 - baseline, d(20), others))

    assert down == replace(up, actual=None if up.actual is None else 100 - up.actual)


@steady
@given(plain_numbers())
def test_a_decreasing_sum_is_an_increasing_sum_of_what_was_avoided(reported):
    per_period, final = d(1_000), sum(target for _, target in reported)
    up = number_series("sum", [PeriodInput(t, v) for v, t in reported], "increase", None, final)
    down = number_series(
        "sum",
        [PeriodInput(per_period - t, per_period - v) for v, t in reported],
        "decrease",
        per_period,
        len(reported) * per_period - final,
    )

    rising, falling = progress_of(up), progress_of(down)

    assert falling == replace(rising, actual=len(reported) * 1_000 - rising.actual)


@steady
@given(levels, levels, levels, st.integers(1, 50), levels)
def test_fraction_ignores_scale_and_origin(actual, baseline, target, scale, origin):
    a, b, t = Fraction(actual), Fraction(baseline), Fraction(target)
    moved = [scale * number + Fraction(origin) for number in (a, b, t)]

    assert fraction(*moved) == fraction(a, b, t)
    assert (fraction(a, b, t) is None) == (b == t)
    if b != t:
        assert (fraction(b, b, t), fraction(t, b, t)) == (0, 1)


@steady
@given(st.lists(pairs(), min_size=1, max_size=5), st.sampled_from([Kind.PERCENTAGE, Kind.RATIO]))
def test_pooled_is_the_ratio_of_the_sums(reported, kind):
    periods = tuple(PeriodInput(d(50), pair) for pair in reported)
    scale = 100 if kind is Kind.PERCENTAGE else 1
    n, of = sum(pair.n for pair in reported), sum(pair.d for pair in reported)

    result = progress_of(Series(kind, "pooled", "increase", d(0), d(50), periods))

    assert result.actual == (scale * Fraction(n) / Fraction(of) if of else None)
    assert result.coverage == Coverage(len(reported), len(reported))


@steady
@given(plain_numbers(), st.sampled_from(["sum", "max"]), st.randoms(use_true_random=False))
def test_a_sum_and_a_peak_do_not_depend_on_the_order_of_periods(reported, calc, random):
    periods = [PeriodInput(target, value) for value, target in reported]

    shuffled = progress_of(number_series(calc, random.sample(periods, len(periods)), baseline=d(0)))

    assert shuffled.actual == progress_of(number_series(calc, periods, baseline=d(0))).actual


@steady
@given(any_series())
def test_the_same_series_gives_the_same_answer_and_keeps_it_exact(series):
    result = progress_of(series)

    assert progress_of(replace(series)) == result
    for number in (result.actual, result.achievement, result.progress):
        assert number is None or isinstance(number, Fraction)
    assert shown(result).coverage == f"{result.coverage.reported}/{result.coverage.expected}"
