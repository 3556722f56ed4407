"""What holds for every series, whatever it is (impact rules §c.1 to §c.4)."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from impact.progress import (
    CALCULATIONS,
    NOT_APPLICABLE,
    PAIRED,
    Coverage,
    Direction,
    Kind,
    Pair,
    PeriodInput,
    Phase,
    Series,
    Status,
    fraction,
    period_rows,
    progress_of,
    shown,
)

GREEN = {Status.ON_TRACK, Status.EXCEEDED}

steady = settings(derandomize=True, database=None, deadline=None, max_examples=200)
amounts = st.decimals(min_value=0, max_value=10_000, places=2)
levels = st.decimals(min_value=0, max_value=1_000, places=1)


def number_series(calc, periods, direction="increase", baseline=None, final_target=None):
    return Series(Kind.NUMBER, calc, direction, baseline, final_target, tuple(periods))


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
    values = pairs() if kind in PAIRED else amounts
    return Series(
        kind=kind,
        calc=draw(st.sampled_from(sorted(CALCULATIONS[kind]))),
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
    zero[place] = replace(periods[place], value=Decimal(0))
    missing[place] = replace(periods[place], value=None)

    with_zero, with_none = (progress_of(number_series(calc, some, baseline=Decimal(1))) for some in (zero, missing))

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

    up = progress_of(Series(Kind.PERCENTAGE, calc, "increase", baseline, Decimal(80), periods))
    down = progress_of(Series(Kind.PERCENTAGE, calc, "decrease", 100 - baseline, Decimal(20), others))

    assert down == replace(up, actual=None if up.actual is None else 100 - up.actual)


@steady
@given(plain_numbers())
def test_a_decreasing_sum_is_an_increasing_sum_of_what_was_avoided(reported):
    per_period, final = Decimal(1_000), sum(target for _, target in reported)
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
    periods = tuple(PeriodInput(Decimal(50), pair) for pair in reported)
    scale = 100 if kind is Kind.PERCENTAGE else 1
    n, of = sum(pair.n for pair in reported), sum(pair.d for pair in reported)

    result = progress_of(Series(kind, "pooled", "increase", Decimal(0), Decimal(50), periods))

    assert result.actual == (scale * Fraction(n) / Fraction(of) if of else None)
    assert result.coverage == Coverage(len(reported), len(reported))


@steady
@given(plain_numbers(), st.sampled_from(["sum", "max"]), st.randoms(use_true_random=False))
def test_a_sum_and_a_peak_do_not_depend_on_the_order_of_periods(reported, calc, random):
    periods = [PeriodInput(target, value) for value, target in reported]

    shuffled = progress_of(number_series(calc, random.sample(periods, len(periods)), baseline=Decimal(0)))

    assert shuffled.actual == progress_of(number_series(calc, periods, baseline=Decimal(0))).actual


@steady
@given(any_series())
def test_the_same_series_gives_the_same_answer_and_keeps_it_exact(series):
    result = progress_of(series)

    assert progress_of(replace(series)) == result
    for number in (result.actual, result.achievement, result.progress):
        assert number is None or isinstance(number, Fraction)
    assert shown(result).coverage == f"{result.coverage.reported}/{result.coverage.expected}"
