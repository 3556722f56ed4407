"""The median of the network: nothing below five organisations, no names, nothing that rests on few children."""

from dataclasses import fields
from fractions import Fraction
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impact.medians import FEWEST, Middle, Standing, network_median

steady = settings(derandomize=True, database=None, deadline=None, max_examples=200)
achievements = st.fractions(min_value=-2, max_value=3, max_denominator=40)
standings = st.builds(Standing, partner=st.integers(1, 9), achievement=achievements, few=st.booleans())


def of(*percents, few=()):
    return [Standing(n, Fraction(percent, 100), few=n in few) for n, percent in enumerate(percents)]


def test_five_organisations_have_a_median():
    assert network_median(of(40, 90, 100, 110, 250)) == Middle(Fraction(1), 5)


def test_four_have_none():
    assert network_median(of(40, 90, 100, 110)) is None


def test_an_even_number_meets_in_the_middle():
    assert network_median(of(40, 80, 90, 100, 110, 250)) == Middle(Fraction(95, 100), 6)


def test_an_organisation_counts_once_by_the_median_of_its_own_targets():
    crowd = [Standing(1, Fraction(n)) for n in (1, 2, 30)]

    assert network_median([*crowd, *(Standing(n, Fraction(0)) for n in (2, 3, 4))]) is None
    assert network_median([*crowd, *(Standing(n, Fraction(n)) for n in (2, 3, 4, 5))]) == Middle(Fraction(3), 5)


@pytest.mark.parametrize(
    ("percents", "few", "value"),
    [
        ((40, 90, 100, 110, 250), {2}, None),
        ((40, 90, 100, 110, 250), {0, 1, 3, 4}, Fraction(1)),
        ((40, 80, 90, 100, 110, 250), {2}, None),
        ((40, 80, 90, 100, 110, 250), {3}, None),
        ((40, 100, 100, 110, 250), {1}, None),
    ],
    ids=["the middle", "the others", "below an even middle", "above an even middle", "equal to the middle"],
)
def test_a_median_that_rests_on_few_children_is_withheld(percents, few, value):
    assert network_median(of(*percents, few=few)) == Middle(value, len(percents))


@steady
@given(st.lists(standings, max_size=25))
def test_fewer_than_five_organisations_never_have_one(rows):
    partners = {row.partner for row in rows}

    assert (network_median(rows) is None) == (len(partners) < FEWEST)


@steady
@given(st.lists(standings, min_size=5, max_size=25), st.randoms(use_true_random=False))
def test_the_order_tells_nothing(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)

    assert network_median(shuffled) == network_median(rows)


@steady
@given(st.lists(achievements, min_size=5, max_size=12), st.integers(0, 11))
def test_no_figure_of_few_children_is_ever_the_median(values, place):
    place %= len(values)
    rows = [Standing(n, value, few=n == place) for n, value in enumerate(values)]

    found = network_median(rows)

    ordered = sorted(values)
    middle = {ordered[(len(values) - 1) // 2], ordered[len(values) // 2]}
    assert (found.value is None) == (values[place] in middle)
    assert found.value is None or found.value == median(values)


def test_what_comes_out_names_nobody():
    assert [field.name for field in fields(Middle)] == ["value", "partners"]
