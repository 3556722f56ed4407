"""Small numbers of children, kept from the public (design §9).

A cell that counts 1 to 4 children is masked, and as many others as it takes so that no masked one can be worked out
from the sums beside it. The reader is taken to know the rule, that 0 is shown and a masked cell is at least 1; not to
replay this very choice of cells backwards. 0 is masked in one case only, see `_one_each`.

Children are counted, not visits or pupil-days: each caller says so with `counts_children`; without it nothing is masked.
A cell not reported stays None. Cells must add up to the totals published with them: "not specified" is a cell too.
Totals come back masked or not, and that is how they must appear everywhere; an achievement computed from a masked
figure gives it away and must go with it.

Equal cells are masked together. So no answer depends on the order of the cells, and the order tells nothing.

One call protects one list or table. Another table of the same children, or the same total a quarter earlier, is for the
caller to weigh.

No Django, no words for the screen.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from heapq import heappop, heappush
from typing import NamedTuple

SMALLEST_SHOWN = 5


class Masked(Enum):
    """One value, so that "masked" is no number, no None and cannot be added or compared by mistake."""

    MASKED = "masked"


MASKED = Masked.MASKED

Count = int | Decimal
Cell = Count | None  # None: not reported
Published = Count | Masked | None


@dataclass(frozen=True)
class MaskedSeries:
    """Cells in the order given; `total` is MASKED too where it is not shown."""

    values: tuple[Published, ...]
    total: Published


@dataclass(frozen=True)
class MaskedTable:
    """Rows of cells in the order given, with their margins."""

    cells: tuple[tuple[Published, ...], ...]
    row_totals: tuple[Published, ...]
    column_totals: tuple[Published, ...]
    total: Published


@dataclass(frozen=True)
class MaskedFraction:
    """n children out of d; `percentage` unrounded (63 for 63 %), None for 0/0 and for what is not reported."""

    n: Published
    d: Published
    percentage: Fraction | Masked | None


def is_small(count: Cell) -> bool:
    """Design §9: 1 to 4 children. Zero and missing are not small."""
    return count is not None and 0 < count < SMALLEST_SHOWN


def _one_each(cells: Iterable[Cell]) -> bool:
    """Whether at least four children are counted, each alone in a cell: 1, 1, 0, 1, 1.

    As many masked cells as children would tell that each holds one. Only the zeros can hide that: every cell is then
    masked, and the total too where there is no zero. From four on, for a masked total is known to be below five.
    """
    counts = [count for count in cells if count]
    return len(counts) >= SMALLEST_SHOWN - 1 and set(counts) == {1}


# A list with its total


def mask_series(values: Sequence[Cell], total_shown: bool, *, counts_children: bool) -> MaskedSeries:
    """Mask a list whose total (of the cells reported) is published with it, or not.

    The total itself is hidden when it is small (or see `_one_each`). Raises ValueError for a negative count.
    """
    _refuse_negative(values)
    total = _sum(values)
    if not counts_children:
        return MaskedSeries(tuple(values), total if total_shown else MASKED)
    if total_shown and _one_each(values):
        cells = tuple(value if value is None else MASKED for value in values)
        return MaskedSeries(cells, MASKED if is_small(total) or 0 not in values else total)
    masked = {place for place, value in enumerate(values) if is_small(value)}
    hidden_total = not total_shown or is_small(total)
    while not hidden_total and _is_exposed([value for place, value in enumerate(values) if value and place in masked]):
        larger = [value for place, value in enumerate(values) if value and place not in masked]
        hidden_total = not larger
        masked |= {place for place, value in enumerate(values) if larger and value == min(larger)}
    published = tuple(MASKED if place in masked else value for place, value in enumerate(values))
    return MaskedSeries(published, MASKED if hidden_total else total)


def _is_exposed(masked: Sequence[Count]) -> bool:
    """Whether masked cells, all at least 1, follow from their known sum: one alone, or nothing but ones."""
    return len(masked) == 1 or (len(masked) > 1 and max(masked) < 2)


def _sum(values: Iterable[Cell]) -> Cell:
    present = [value for value in values if value is not None]
    return sum(present) if present else None


def _refuse_negative(values: Iterable[Cell]) -> None:
    if any(value is not None and value < 0 for value in values):
        raise ValueError("a count of children is never negative")


# A two-way table with its margins
#
# The margins are one more row and one more column, and every row and column of this larger table sums to zero once the
# margins are given a minus sign (the grand total a plus). Rows and columns are the nodes of a graph, cells its edges:
# the published numbers leave a masked cell free exactly when it lies on a cycle of masked cells, along which one child
# more here is one child less there, and no cell sinks below 1. (The classical network view of cell suppression.)


class Node(NamedTuple):
    is_row: bool
    line: int


class Place(NamedTuple):
    row: int
    column: int


class Cost(NamedTuple):
    """What hiding cells costs the reader, compared from left to right: grand total, margins, then children hidden."""

    totals: int = 0
    margins: int = 0
    children: Count = 0

    def plus(self, other: "Cost") -> "Cost":
        return Cost(self.totals + other.totals, self.margins + other.margins, self.children + other.children)


FREE = Cost()


def mask_table(grid: Sequence[Sequence[Cell]], *, counts_children: bool) -> MaskedTable:
    """Mask a crossed table published with its row totals, column totals and grand total.

    Cells are hidden before margins, margins before the grand total, small numbers before large ones. The grand total
    is hidden only when it is small (or see `_one_each`). Raises ValueError for a negative count or rows of unequal
    length.
    """
    whole = _with_margins(grid)
    masked = _masked_places(whole) if counts_children else set()
    rows = tuple(
        tuple(MASKED if Place(row, column) in masked else value for column, value in enumerate(line))
        for row, line in enumerate(whole)
    )
    return MaskedTable(
        cells=tuple(row[:-1] for row in rows[:-1]),
        row_totals=tuple(row[-1] for row in rows[:-1]),
        column_totals=rows[-1][:-1],
        total=rows[-1][-1],
    )


def _with_margins(grid: Sequence[Sequence[Cell]]) -> tuple[tuple[Cell, ...], ...]:
    if len({len(row) for row in grid}) > 1:
        raise ValueError("rows of unequal length")
    for row in grid:
        _refuse_negative(row)
    rows = [(*row, _sum(row)) for row in grid]
    return (*rows, tuple(_sum(column) for column in zip(*rows, strict=True))) if rows else ((None,),)


def _masked_places(whole: Sequence[Sequence[Cell]]) -> set[Place]:
    """The small cells, then round by round the cheapest cycles that free a cell still exposed, equal ones together."""
    places = {Place(row, column): value for row, line in enumerate(whole) for column, value in enumerate(line)}
    last = Place(len(whole) - 1, len(whole[0]) - 1)
    cells = [value for place, value in places.items() if _margins(place, last) == 0]
    if _one_each(cells):
        total_stays = not is_small(places[last]) and 0 in cells
        return {place for place, value in places.items() if value is not None and not (place == last and total_stays)}
    counts = {place: value for place, value in places.items() if value}  # zeros stay out of it: always shown
    masked = {place for place, value in counts.items() if is_small(value)}
    while True:
        arcs = _arcs(counts, last, masked)
        covers = [cover for place in masked if (cover := _cheapest_cover(arcs, place)).cost > FREE]
        if not covers:
            return masked
        cheapest = min(cover.cost for cover in covers)
        masked = masked.union(*(cover.places for cover in covers if cover.cost == cheapest))


class Arc(NamedTuple):
    place: Place
    cost: Cost


class Cover(NamedTuple):
    cost: Cost
    places: frozenset[Place]


Arcs = Mapping[Node, Mapping[Node, Arc]]
Step = tuple[Node, Place]  # from a node, through a cell


def _arcs(counts: Mapping[Place, Count], last: Place, masked: set[Place]) -> Arcs:
    """Both ways through each cell that is not 0: one child more is always possible, one less only from 2 up."""
    arcs: dict[Node, dict[Node, Arc]] = {}
    for place, value in counts.items():
        cost = FREE if place in masked else _cost(place, last, value)
        row, column = Node(True, place.row), Node(False, place.column)
        more, less = ((row, column), (column, row)) if _margins(place, last) != 1 else ((column, row), (row, column))
        for start, end in (more, less) if value >= 2 else (more,):
            arcs.setdefault(start, {})[end] = Arc(place, cost)
    return arcs


def _cost(place: Place, last: Place, value: Count) -> Cost:
    margins = _margins(place, last)
    return Cost(totals=int(margins == 2), margins=int(margins == 1), children=value)


def _margins(place: Place, last: Place) -> int:
    """0 for a cell, 1 for a row or column total, 2 for the grand total."""
    return (place.row == last.row) + (place.column == last.column)


def _cheapest_cover(arcs: Arcs, place: Place) -> Cover:
    """The cheapest cycles through a cell, either way round: their cost, and every cell on one of them."""
    row, column = Node(True, place.row), Node(False, place.column)
    ways = [
        way
        for start, end in ((row, column), (column, row))
        if end in arcs.get(start, {}) and (way := _cheapest_paths(arcs, end, start, place))
    ]
    cheapest = min(way.cost for way in ways)
    return Cover(cheapest, frozenset().union(*(way.places for way in ways if way.cost == cheapest)))


def _cheapest_paths(arcs: Arcs, start: Node, goal: Node, without: Place) -> Cover | None:
    """All cheapest paths from start to goal that do not use one cell; None when there is no path."""
    costs, parents = _distances(arcs, start, without)
    if goal not in costs:
        return None
    places, queue, seen = set(), [goal], {goal}
    while queue:
        for node, place in parents.get(queue.pop(), ()):
            places.add(place)
            if node not in seen:
                seen.add(node)
                queue.append(node)
    return Cover(costs[goal], frozenset(places))


def _distances(arcs: Arcs, start: Node, without: Place) -> tuple[dict[Node, Cost], dict[Node, list[Step]]]:
    """Dijkstra from start: the cost of each node reached, and every last step to it at that cost."""
    costs, parents = {start: FREE}, dict[Node, list[Step]]()
    done, heap = set[Node](), [(FREE, start)]
    while heap:
        cost, node = heappop(heap)
        if node in done:
            continue
        done.add(node)
        for neighbour, arc in _leaving(arcs, node, without):
            reached = cost.plus(arc.cost)
            if neighbour not in costs or reached < costs[neighbour]:
                costs[neighbour], parents[neighbour] = reached, []
                heappush(heap, (reached, neighbour))
            if reached == costs[neighbour] and neighbour != start:
                parents[neighbour].append((node, arc.place))
    return costs, parents


def _leaving(arcs: Arcs, node: Node, without: Place) -> Iterator[tuple[Node, Arc]]:
    return ((end, arc) for end, arc in arcs.get(node, {}).items() if arc.place != without)


# Percentages of children


def mask_fraction(n: Cell, d: Cell, *, counts_children: bool) -> MaskedFraction:
    """Mask n out of d children: n, d and the d − n others count as cells; the percentage needs both n and d.

    Raises ValueError as `mask_fractions` does.
    """
    return mask_fractions([(n, d)], counts_children=counts_children)[0][0]


def mask_fractions(
    pairs: Sequence[tuple[Cell, Cell]], *, counts_children: bool
) -> tuple[tuple[MaskedFraction, ...], MaskedFraction]:
    """Mask several fractions (girls, boys; partner A, partner B) published with the fraction of all together.

    Two columns, n and the others, whose row totals are the d: the pooled n cannot give one n away. Where no children
    are counted n may be above d: it is then no part of it (dollars per member). Raises ValueError for a negative count,
    or n above d children.
    """
    told = [(None, None) if n is None or d is None else (n, d) for n, d in pairs]
    if not counts_children:
        return _plain_fractions(told)
    rows = [(None, None) if n is None or d is None else (n, d - n) for n, d in told]
    table = mask_table(rows, counts_children=True)
    fractions = tuple(_fraction(cells[0], d) for cells, d in zip(table.cells, table.row_totals, strict=True))
    return fractions, _fraction(table.column_totals[0] if pairs else None, table.total)


def _plain_fractions(told: Sequence[tuple[Cell, Cell]]) -> tuple[tuple[MaskedFraction, ...], MaskedFraction]:
    """Each fraction as it is, and Σn over Σd."""
    numerators, denominators = [n for n, _d in told], [d for _n, d in told]
    _refuse_negative([*numerators, *denominators])
    return tuple(_fraction(n, d) for n, d in told), _fraction(_sum(numerators), _sum(denominators))


def _fraction(n: Published, d: Published) -> MaskedFraction:
    if isinstance(n, Masked) or isinstance(d, Masked):
        return MaskedFraction(n, d, MASKED)
    return MaskedFraction(n, d, 100 * Fraction(n) / Fraction(d) if n is not None and d else None)
