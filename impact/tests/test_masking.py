"""What the public may see of small numbers of children (design §9)."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impact.masking import (
    MASKED,
    MaskedFraction,
    MaskedSeries,
    MaskedTable,
    is_small,
    mask_fraction,
    mask_fractions,
    mask_series,
    mask_table,
)

M = MASKED

steady = settings(derandomize=True, database=None, deadline=None, max_examples=150)
# Small numbers and equal ones are where masking is hard: they come often.
counts = st.sampled_from([0, 0, 1, 1, 2, 3, 4, 5, 6, 10, 10, 40])
cells = st.none() | counts


@st.composite
def grids(draw, cell=cells, max_rows=3, max_columns=3):
    rows, columns = draw(st.integers(1, max_rows)), draw(st.integers(1, max_columns))
    return [[draw(cell) for _ in range(columns)] for _ in range(rows)]


def series(values, total_shown=True):
    return mask_series(values, total_shown, counts_children=True)


def table(grid):
    return mask_table(grid, counts_children=True)


def alone(flat):
    """At least four children, none of them in the same cell as another."""
    return len([count for count in flat if count]) >= 4 and {count for count in flat if count} == {1}


# Lists


@pytest.mark.parametrize(
    ("values", "masked", "total"),
    [
        ([], (), None),
        ([None, None], (None, None), None),
        ([0, 0], (0, 0), 0),
        ([5, 6, 0], (5, 6, 0), 11),
        ([3, 10, 20], (M, M, 20), 33),
        ([20, 3, 10], (20, M, M), 33),
        ([3, 2, 20], (M, M, 20), 25),
        ([1, 1, 50], (M, M, M), 52),  # two masked cells that add up to two would be one each
        ([1, 2, 50], (M, M, 50), 53),
        ([3, 10, 10, 40], (M, M, M, 40), 63),  # equal cells go together
        ([3, 0, None, 10], (M, 0, None, M), 13),
        ([3, 0, 0], (M, 0, 0), M),
        ([1, 2], (M, M), M),
        ([1, 1, 1, 1, 1], (M, M, M, M, M), M),
        ([1, 1, 0, 1, 1, 1, None], (M, M, M, M, M, M, None), 5),
        ([1, 1, 1, 0], (M, M, M, 0), M),
        ([1, 1, 1, 1, 0], (M, M, M, M, M), M),  # a masked total is at most four: four cells would be one each
    ],
)
def test_mask_series_with_its_total(values, masked, total):
    assert series(values) == MaskedSeries(masked, total)


def test_mask_series_without_its_total_needs_no_other_cell():
    assert series([3, 10, 0, None], total_shown=False) == MaskedSeries((M, 10, 0, None), M)


def test_what_does_not_count_children_is_left_alone():
    plain = {"counts_children": False}

    assert mask_series([3, None, 0], True, **plain) == MaskedSeries((3, None, 0), 3)
    assert mask_series([3, None, 0], False, **plain) == MaskedSeries((3, None, 0), M)
    assert mask_table([[3, 0], [None, 1]], **plain) == MaskedTable(((3, 0), (None, 1)), (3, 1), (3, 1), 4)
    assert mask_fraction(3, 4, **plain) == MaskedFraction(3, 4, Fraction(75))


def test_counts_from_the_database_are_decimals():
    assert series([Decimal("3.00"), Decimal("10.00"), Decimal(0)]) == MaskedSeries((M, M, 0), 13)


@pytest.mark.parametrize(
    ("mask", "reason"),
    [
        (lambda: series([-1]), "never negative"),
        (lambda: table([[1], [-1]]), "never negative"),
        (lambda: table([[1], [1, 2]]), "unequal length"),
    ],
)
def test_impossible_counts_are_refused(mask, reason):
    with pytest.raises(ValueError, match=reason):
        mask()


def test_masked_is_no_number_and_not_nothing():
    assert M is not None
    assert M not in (0, None)
    with pytest.raises(TypeError):
        sum([M, 3])
    with pytest.raises(TypeError):
        assert M < 5


@steady
@given(st.lists(cells, max_size=5), st.booleans())
def test_a_list_never_shows_a_small_number_and_never_a_wrong_one(values, total_shown):
    result = series(values, total_shown)

    for value, published in zip(values, result.values, strict=True):
        assert published is M if is_small(value) else published in (M, value)
        assert (published is None) == (value is None)
    present = [value for value in values if value is not None]
    assert result.total is M or (total_shown and result.total == (sum(present) if present else None))


@steady
@given(st.lists(cells, max_size=5))
def test_no_masked_number_of_a_list_follows_from_the_total(values):
    result = series(values)

    if result.total is not M:
        floors = {place: 0 if alone(values) else 1 for place, shown in enumerate(result.values) if shown is M}
        rest = result.total - sum(shown for shown in result.values if shown not in (M, None)) if floors else 0
        fills = list(fills_of(list(floors.values()), rest))
        for position in range(len(floors)):
            assert len({fill[position] for fill in fills}) > 1


def fills_of(floors, rest):
    """All whole numbers, one per floor and not below it, that add up to the rest."""
    if not floors:
        return
    if len(floors) == 1:
        if rest >= floors[0]:
            yield (rest,)
        return
    for first in range(floors[0], rest + 1):
        yield from ((first, *others) for others in fills_of(floors[1:], rest - first))


@steady
@given(st.lists(cells, max_size=6), st.booleans())
def test_zero_stays_in_a_list_unless_each_child_is_alone(values, total_shown):
    result = series(values, total_shown)

    if not (total_shown and alone(values)):
        assert all(shown == 0 for value, shown in zip(values, result.values, strict=True) if value == 0)


@steady
@given(st.lists(cells, max_size=6))
def test_the_total_of_a_list_is_hidden_only_when_small_or_each_child_is_alone_and_no_cell_is_empty(values):
    total = sum(value for value in values if value is not None)

    assert (series(values).total is M) == (is_small(total) or (alone(values) and 0 not in values))


@steady
@given(st.lists(cells, max_size=6).flatmap(lambda values: st.tuples(st.just(values), st.permutations(values))))
def test_the_order_of_a_list_decides_nothing(lists):
    values, shuffled = lists
    one, other = series(values), series(shuffled)

    assert one.total == other.total
    assert Counter(zip(values, one.values, strict=True)) == Counter(zip(shuffled, other.values, strict=True))


# Tables


@pytest.mark.parametrize(
    ("grid", "expected"),
    [
        ([], MaskedTable((), (), (), None)),
        ([[None]], MaskedTable(((None,),), (None,), (None,), None)),
        ([[12, 108], [5, 64]], MaskedTable(((12, 108), (5, 64)), (120, 69), (17, 172), 189)),
        ([[12, 108], [3, 64]], MaskedTable(((M, M), (M, M)), (120, 67), (15, 172), 187)),
        ([[12, 5, 7], [3, 64, 30]], MaskedTable(((M, 5, M), (M, 64, M)), (24, 97), (15, 69, 37), 121)),
        # A total that counts 1 to 4 is a small number too, and needs another total to hide behind.
        ([[3, 0], [0, 20]], MaskedTable(((M, 0), (0, M)), (M, M), (M, M), 23)),
        # Zeros do not help to hide; totals do.
        ([[3, 17], [7, 0]], MaskedTable(((M, 17), (M, 0)), (M, M), (10, 17), 27)),
        ([[None, 3], [10, 20]], MaskedTable(((None, M), (10, M)), (M, M), (10, 23), 33)),
        ([[1, 0], [0, 2]], MaskedTable(((M, 0), (0, M)), (M, M), (M, M), M)),
        # Five children, each alone in a cell.
        ([[1, 1, 1], [1, 1, 0]], MaskedTable(((M, M, M), (M, M, M)), (M, M), (M, M, M), 5)),
        ([[1, 1, 1, 1, 1]], MaskedTable(((M, M, M, M, M),), (M,), (M, M, M, M, M), M)),
    ],
)
def test_mask_table(grid, expected):
    assert table(grid) == expected


def entries(result):
    """The published table with its margins as the last row and column."""
    rows = [(*row, total) for row, total in zip(result.cells, result.row_totals, strict=True)]
    return [*rows, (*result.column_totals, result.total)]


def true_entries(grid):
    def add(values):
        present = [value for value in values if value is not None]
        return sum(present) if present else None

    rows = [(*row, add(row)) for row in grid]
    return [*rows, tuple(add(column) for column in zip(*rows, strict=True))]


@steady
@given(grids(max_rows=4, max_columns=4))
def test_a_table_never_shows_a_small_number_and_never_a_wrong_one(grid):
    for true_row, row in zip(true_entries(grid), entries(table(grid)), strict=True):
        for value, published in zip(true_row, row, strict=True):
            assert published is M if is_small(value) else published in (M, value)
            assert (published is None) == (value is None)


@steady
@given(grids())
def test_no_masked_number_of_a_table_follows_from_the_published_ones(grid):
    """Every masked cell and total takes another value in another table that would be published just so.

    Trying one child more or less per cell is enough: rows and columns with their sums form a network, where a cell
    that can change at all can change by one, with others changing by one.
    """
    truth, published = true_entries(grid), entries(table(grid))
    floor = 0 if alone([value for row in grid for value in row]) else 1
    masked = {(i, j) for i, row in enumerate(published) for j, shown in enumerate(row) if shown is M}
    changed = set()
    for other in neighbours(grid, published):
        tried = true_entries(other)
        places = {(i, j) for i, row in enumerate(tried) for j, value in enumerate(row) if value != truth[i][j]}
        if places <= masked and all(tried[i][j] >= floor for i, j in places):
            changed |= places
        if changed == masked:
            break
    assert changed == masked


def neighbours(grid, published):
    hidden = [(i, j) for i, row in enumerate(grid) for j, _ in enumerate(row) if published[i][j] is M]
    for steps in product((0, 1, -1), repeat=len(hidden)):
        other = [list(row) for row in grid]
        for (i, j), step in zip(hidden, steps, strict=True):
            other[i][j] += step
        yield other


@pytest.mark.parametrize("total", range(5, 13))
def test_no_masked_cell_of_a_two_by_two_table_can_be_solved(total):
    """All tables of so many children: those a reader of one masked table cannot tell apart disagree on each cell."""
    tables = [[list(fill[:2]), list(fill[2:])] for fill in fills_of([0, 0, 0, 0], total)]
    for grid in tables:
        shown = entries(table(grid))
        compatible = [other for other in tables if looks_like(true_entries(other), shown, zeros=alone(sum(grid, [])))]
        for i, j in product(range(2), repeat=2):
            if shown[i][j] is M:
                assert len({other[i][j] for other in compatible}) > 1


def looks_like(truth, published, zeros):
    pairs = [
        (value, shown)
        for row, shown_row in zip(truth, published, strict=True)
        for value, shown in zip(row, shown_row, strict=True)
    ]
    return all((value > 0 or zeros) if shown is M else value == shown for value, shown in pairs)


@steady
@given(grids(max_rows=4, max_columns=4))
def test_zero_stays_in_a_table_unless_each_child_is_alone(grid):
    if alone([value for row in grid for value in row]):
        return

    for true_row, row in zip(true_entries(grid), entries(table(grid)), strict=True):
        assert all(shown == 0 for value, shown in zip(true_row, row, strict=True) if value == 0)


@steady
@given(grids(max_rows=4, max_columns=4))
def test_the_grand_total_is_hidden_only_when_small_or_each_child_is_alone_and_no_cell_is_empty(grid):
    flat = [value for row in grid for value in row]
    total = true_entries(grid)[-1][-1]

    assert (table(grid).total is M) == (is_small(total) or (alone(flat) and 0 not in flat))


@steady
@given(grids(max_rows=4, max_columns=4), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_columns_decides_nothing(grid, random):
    rows = random.sample(range(len(grid)), len(grid))
    columns = random.sample(range(len(grid[0])), len(grid[0]))
    shuffled = [[grid[i][j] for j in columns] for i in rows]
    one, other = table(grid), table(shuffled)

    assert other.cells == tuple(tuple(one.cells[i][j] for j in columns) for i in rows)
    assert other.row_totals == tuple(one.row_totals[i] for i in rows)
    assert other.column_totals == tuple(one.column_totals[j] for j in columns)
    assert other.total == one.total


@steady
@given(grids(max_rows=4, max_columns=4))
def test_a_table_turned_on_its_side_hides_the_same(grid):
    one, other = table(grid), table([list(column) for column in zip(*grid, strict=True)])

    assert other.cells == tuple(zip(*one.cells, strict=True))
    assert (other.row_totals, other.column_totals, other.total) == (one.column_totals, one.row_totals, one.total)


@steady
@given(grids(max_rows=4, max_columns=4))
def test_the_same_table_is_masked_the_same_way(grid):
    assert table([tuple(row) for row in grid]) == table(grid)


@steady
@given(grids(cell=st.sampled_from([0, 5, 6, 40, None])))
def test_nothing_is_masked_without_a_small_number(grid):
    assert entries(table(grid)) == true_entries(grid)


# Percentages


@pytest.mark.parametrize(
    ("n", "d", "expected"),
    [
        (20, 50, MaskedFraction(20, 50, Fraction(40))),
        (1, 3, MaskedFraction(M, M, M)),
        (3, 50, MaskedFraction(M, 50, M)),
        (47, 50, MaskedFraction(M, 50, M)),  # the three others count
        (2, 9, MaskedFraction(M, 9, M)),
        (0, 50, MaskedFraction(0, 50, Fraction(0))),
        (50, 50, MaskedFraction(50, 50, Fraction(100))),
        (0, 3, MaskedFraction(0, M, M)),
        (3, 3, MaskedFraction(M, M, M)),
        (0, 0, MaskedFraction(0, 0, None)),
        (None, None, MaskedFraction(None, None, None)),
        (None, 50, MaskedFraction(None, None, None)),
    ],
)
def test_mask_fraction(n, d, expected):
    assert mask_fraction(n, d, counts_children=True) == expected


@pytest.mark.parametrize(("n", "d"), [(4, 3), (-1, 3)])
def test_mask_fraction_refuses(n, d):
    with pytest.raises(ValueError, match="never negative"):
        mask_fraction(n, d, counts_children=True)


def test_what_counts_no_children_may_be_above_one():
    assert mask_fractions([(300, 40), (None, 5), (5, 0)], counts_children=False) == (
        (MaskedFraction(300, 40, Fraction(750)), MaskedFraction(None, None, None), MaskedFraction(5, 0, None)),
        MaskedFraction(305, 40, 100 * Fraction(305, 40)),
    )


def test_mask_fractions_hides_a_second_one_behind_the_pooled_one():
    fractions, pooled = mask_fractions([(3, 20), (10, 30), (40, 80)], counts_children=True)

    assert fractions == (MaskedFraction(M, 20, M), MaskedFraction(M, 30, M), MaskedFraction(40, 80, Fraction(50)))
    assert pooled == MaskedFraction(53, 130, 100 * Fraction(53, 130))


def test_mask_fractions_of_nothing():
    assert mask_fractions([], counts_children=True) == ((), MaskedFraction(None, None, None))
    assert mask_fractions([(None, None)], counts_children=True) == (
        (MaskedFraction(None, None, None),),
        MaskedFraction(None, None, None),
    )


@steady
@given(st.integers(0, 60).flatmap(lambda d: st.tuples(st.integers(0, d), st.just(d))))
def test_a_percentage_of_children_is_shown_only_when_no_count_behind_it_is_small(pair):
    n, d = pair
    result = mask_fraction(n, d, counts_children=True)

    small = any(is_small(count) for count in (n, d, d - n))
    assert (result.percentage is M) == small
    assert (result.d is M) == is_small(d)
    assert (result.n is M) == (small and n > 0)
