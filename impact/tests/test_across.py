"""One indicator over several partners (impact rules §c.6)."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impact.across import Across, NetworkFigure, PartnerPart, Told, across_partners, counted_periods, part_over
from impact.progress import (
    NOT_APPLICABLE,
    Calculation,
    Coverage,
    Pair,
    PeriodInput,
    Phase,
    ProgressError,
    Series,
    actual_to_date,
    has_value,
    number_of,
)

steady = settings(derandomize=True, database=None, deadline=None, max_examples=200)
amounts = st.decimals(min_value=0, max_value=10_000, places=2)


def d(number):
    return Decimal(number)


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
    with pytest.raises(ValueError, match="percentage has no sum"):
        across_partners("percentage", "sum", [])
    with pytest.raises(ValueError, match="number has no pooled"):
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


# Several periods of one partner


@pytest.mark.parametrize(
    ("calc", "part", "counted"),
    [
        ("sum", PartnerPart(d(21), d(4)), [0, 2, 3]),
        ("latest", PartnerPart(d(7), d(3)), [3]),
        ("running", PartnerPart(d(7), d(3)), [3]),
        ("max", PartnerPart(d(9), d(1)), [2]),
    ],
)
def test_periods_of_a_partner_become_one_part(calc, part, counted):
    told = [Told(d(5)), Told(None), Told(d(9), d(1)), Told(d(7), d(3)), Told(NOT_APPLICABLE)]

    assert part_over(calc, told) == part
    assert counted_periods(calc, told) == counted


def test_fractions_of_a_partner_keep_n_and_d():
    told = [Told(Pair(d(9), d(10))), Told(Pair(d(45), d(90)))]

    assert part_over("pooled", told).value == Pair(d(54), d(100))
    assert part_over("latest", told).value == Pair(d(45), d(90))


def test_silence_and_nothing_to_count_are_two_things():
    assert part_over("latest", [Told(None)], d(7)) == PartnerPart(None, last_known=d(7))
    assert part_over("sum", [Told(None), Told(NOT_APPLICABLE)]) == PartnerPart(NOT_APPLICABLE)


@steady
@given(st.lists(st.none() | amounts | st.just(NOT_APPLICABLE), max_size=6), st.sampled_from(["sum", "latest", "max"]))
def test_one_partner_s_part_is_its_own_figure_to_date(values, calc):
    """The partner's page and the network's page can never differ."""
    series = Series(
        "number",
        Calculation(calc),
        "increase",
        None,
        None,
        tuple(PeriodInput(None, value, Phase.DUE) for value in values),
    )
    part = part_over(Calculation(calc), [Told(value) for value in values]).value

    assert (number_of("number", part) if has_value(part) else None) == actual_to_date(series)


@steady
@given(st.lists(st.lists(st.none() | amounts, max_size=4), max_size=5))
def test_the_network_s_sum_is_the_sum_of_all_periods(partners):
    parts = [part_over("sum", [Told(value) for value in values]) for values in partners]
    known = [value for values in partners for value in values if value is not None]

    assert across_partners("number", "sum", parts).gross == (sum(map(Fraction, known)) if known else None)
