"""Network totals never give away what a partner's page withholds: checked by trying every number a reader could."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from impact.masking import is_small
from impact.masking_network import HiddenTotals, PeriodCell, Quarter, hide_totals, mask_row, may_be_added
from impact.progress import Calculation, Pair

steady = settings(derandomize=True, database=None, deadline=None, max_examples=250)
QUARTERS = (Quarter(2024, 4), Quarter(2025, 1), Quarter(2025, 2))
MOST = 9  # no reader needs to try more: everything above moves in the same way


def table_of(rows):
    """(cells, open rows) of counts by target and quarter, masked as the partners' pages mask them."""
    cells, open_rows = [], []
    for place, counts in enumerate(rows):
        mask = mask_row(Calculation.SUM, counts, counts_children=True)
        if mask.is_total_hidden:
            open_rows.append(place)
        cells += [
            PeriodCell(place, quarter, count, masked)
            for quarter, count, masked in zip(QUARTERS, counts, mask.masked, strict=False)
            if count is not None
        ]
    return cells, open_rows


def worlds(cells, open_rows, hidden):
    """Every set of numbers that agrees with all that is published, as {(row, quarter): count}."""
    rows = sorted({cell.row for cell in cells})
    for parts in product(*(list(row_worlds([c for c in cells if c.row == row], row in open_rows)) for row in rows)):
        world = {place: count for part in parts for place, count in part.items()}
        if all(total(world, cells, q) == total(None, cells, q) for q in QUARTERS if q not in hidden.quarters) and all(
            of_year(world, cells, year) == of_year(None, cells, year)
            for year in (2024, 2025)
            if year not in hidden.years
        ):
            yield world


def row_worlds(cells, is_open):
    masked = [cell for cell in cells if cell.is_masked]
    whole = sum(cell.value for cell in masked)
    low = 0 if any(cell.value == 0 for cell in masked) else 1
    for counts in product(range(low, MOST + 1), repeat=len(masked)):
        small = not is_open or not is_small(whole) or sum(counts) < 5
        if small and (is_open or sum(counts) == whole):
            known = {(cell.row, cell.quarter): cell.value for cell in cells if not cell.is_masked}
            yield known | {(cell.row, cell.quarter): count for cell, count in zip(masked, counts, strict=True)}


def total(world, cells, quarter):
    return sum(count_in(world, cell) for cell in cells if cell.quarter == quarter)


def of_year(world, cells, year):
    return sum(count_in(world, cell) for cell in cells if cell.quarter.year == year)


def count_in(world, cell):
    return cell.value if world is None else world[cell.row, cell.quarter]


counts = st.sampled_from([None, 0, 0, 1, 1, 2, 3, 4, 5, 7])
networks = st.lists(st.lists(counts, min_size=3, max_size=3), min_size=1, max_size=3)


@steady
@given(networks)
def test_no_withheld_number_follows_from_the_published_ones(rows):
    cells, open_rows = table_of(rows)
    masked = [cell for cell in cells if cell.is_masked]
    assume(masked)

    possible = {(cell.row, cell.quarter): set() for cell in masked}
    for world in worlds(cells, open_rows, hide_totals(cells, open_rows)):
        for place, found in possible.items():
            found.add(world[place])

    assert [place for place, found in possible.items() if len(found) < 2] == []


@steady
@given(networks)
def test_small_totals_are_withheld(rows):
    cells, open_rows = table_of(rows)

    hidden = hide_totals(cells, open_rows)

    assert {q for q in QUARTERS if is_small(total(None, cells, q))} <= hidden.quarters
    assert {year for year in (2024, 2025) if is_small(of_year(None, cells, year))} <= hidden.years


@steady
@given(networks, st.randoms(use_true_random=False))
def test_order_of_partners_is_irrelevant(rows, random):
    cells, open_rows = table_of(rows)
    shuffled = list(cells)
    random.shuffle(shuffled)

    assert hide_totals(shuffled, open_rows[::-1]) == hide_totals(cells, open_rows)


@steady
@given(st.lists(st.lists(st.sampled_from([0, 5, 7, 30]), min_size=3, max_size=3), max_size=4))
def test_nothing_is_withheld_where_nothing_is_small(rows):
    assert hide_totals(*table_of(rows)) == HiddenTotals()


def test_one_withheld_partner_takes_quarter_and_year():
    hidden = hide_totals(*table_of([[None, 3, None], [None, 40, None]]))

    assert hidden == HiddenTotals(frozenset({Quarter(2025, 1)}), frozenset({2025}))


def test_two_withheld_partners_hide_behind_each_other():
    assert hide_totals(*table_of([[None, 3, None], [None, 2, None], [None, 40, None]])) == HiddenTotals()


def test_two_that_can_only_be_four_are_withheld():
    """Their own totals are withheld, so each is known to be 4 at most: 8 together would say it."""
    hidden = hide_totals(*table_of([[None, 4, None], [None, 4, None]]))

    assert Quarter(2025, 1) in hidden.quarters


@pytest.mark.parametrize(
    ("calc", "values", "masked", "is_hidden"),
    [
        (Calculation.SUM, [Decimal(3), Decimal(40), None], (True, True, False), False),
        (Calculation.SUM, [Decimal(3)], (True,), True),
        (Calculation.LATEST, [Decimal(3), Decimal(40)], (True, False), True),
        (Calculation.LATEST, [Pair(Decimal(38), Decimal(40)), Pair(Decimal(30), Decimal(40))], (True, False), True),
        (Calculation.LATEST, [Pair(Decimal(0), Decimal(0)), None], (False, False), True),
    ],
)
def test_rows_are_masked_as_on_the_page(calc, values, masked, is_hidden):
    row = mask_row(calc, values, counts_children=True)

    assert (row.masked, row.is_total_hidden) == (masked, is_hidden)
    assert may_be_added(row.masked) is not any(masked)


def test_whatever_is_not_children_is_never_masked():
    assert mask_row(Calculation.SUM, [Decimal(1)], counts_children=False).masked == (False,)


def test_a_large_network_loses_no_total():
    rows = [[2 + place % 3, 5, 2 + place % 2] for place in range(400)]

    assert hide_totals(*table_of(rows)) == HiddenTotals()


def test_equal_numbers_that_can_only_be_equal_are_withheld():
    """Each row is 1, 5, 1 with its total 7: no 5 can be more, so all of them together would say that each is 5."""
    hidden = hide_totals(*table_of([[1, 5, 1]] * 3))

    assert Quarter(2025, 1) in hidden.quarters
