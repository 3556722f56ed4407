"""The crossed grid (impact rules §c.7): margins computed, the rest not specified, one way to store it."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impact import grid
from impact.progress import Pair

AGED = {("F", "u18"): D(12), ("F", "18+"): D(108), ("M", "u18"): D(5), ("M", "18+"): D(64)}

cells = st.dictionaries(
    st.tuples(st.sampled_from("FM"), st.sampled_from(["06-11", "12-14", "NS"])),
    st.decimals(min_value=0, max_value=10**6, places=2),
)


def test_tables_of_crosses_sex_and_age_and_nothing_else():
    assert grid.tables_of(["sex", "site", "age"]) == (("sex", "age"), ("site",))
    assert grid.tables_of(["sex", "work"]) == (("sex",), ("work",))


def test_margins_are_those_of_the_worked_case():
    assert grid.margins(AGED, 0) == {"F": 120, "M": 69}
    assert grid.margins(AGED, 1) == {"u18": 17, "18+": 172}
    assert grid.sum_cells(list(AGED.values())) == 189


@pytest.mark.parametrize(
    ("women", "men", "left", "exceeds"), [(120, 60, 9, False), (130, 69, -10, True), (120, 69, 0, False)]
)
def test_rest_of_tells_what_is_left_and_what_is_too_much(women, men, left, exceeds):
    rest = grid.rest_of(D(189), {("F",): D(women), ("M",): D(men)})
    assert (rest.n, rest.exceeds) == (left, exceeds)


def test_rest_of_a_fraction_looks_at_both_parts():
    assert grid.rest_of(Pair(D(54), D(100)), {("F",): Pair(D(45), D(60))}) == grid.Rest(D(9), D(40))
    assert grid.rest_of(Pair(D(54), D(50)), {("F",): Pair(D(45), D(60))}).exceeds


@given(cells)
def test_what_is_written_is_read_back(table):
    stored = grid.write_cells({("sex", "age"): table})
    assert grid.read_cells(stored).get(("sex", "age"), {}) == table


@given(cells)
def test_margins_of_both_sides_add_up_to_the_total(table):
    whole = grid.sum_cells(list(table.values())) or 0
    for place in (0, 1):
        assert sum(grid.margins(table, place).values()) == whole
