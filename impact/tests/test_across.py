"""One indicator over several partners (impact rules §c.6)."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impact.across import Across, NetworkFigure, PartnerPart, across_partners
from impact.progress import NOT_APPLICABLE, Coverage, Pair, ProgressError

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
