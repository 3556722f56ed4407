"""Network totals beside the pages of the partners: no total may give away what a partner's own page withholds.

A partner's page publishes each period of a target, small counts of children masked, and for new results their sum (see
`masking`). The network's page adds the same periods up by quarter and by year. Both are one table: targets are its rows,
quarters its columns, and each total is one more known sum. A masked period can be worked out exactly when nothing else
unknown can move with it: so whatever is unknown (masked periods, withheld totals) is drawn as an edge between the sums
it belongs to, and a masked period is safe when its edge lies on a cycle along which one child more here is one child
less there, and no masked period sinks below 1. (`masking` says the same of a single table.)

Where a masked period is exposed the total of its quarter is withheld; if that is not enough its year's; if that is not
enough, the totals of every quarter and year that the target's other masked periods lie in. In the end nothing but the
partners' own pages is left, which are safe by themselves. All exposed periods are treated together, round by round, so no
answer depends on the order of the partners.

One call protects one indicator over all partners and all time. A part of the network (one place) may show only totals of
periods that are all published: those tell nothing new (`may_be_added`).

No Django, no words for the screen.
"""

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from impact.masking import MASKED, SMALLEST_SHOWN, Count, is_small, mask_fraction, mask_fractions, mask_series
from impact.progress import Calculation, Pair, Value, has_value
from impact.quarters import Quarter


@dataclass(frozen=True)
class PeriodCell:
    """What one target counted in one period: `is_masked` as on the partner's page."""

    row: Hashable
    quarter: Quarter
    value: Count
    is_masked: bool


@dataclass(frozen=True)
class HiddenTotals:
    """The network totals that must not be published."""

    quarters: frozenset[Quarter] = frozenset()
    years: frozenset[int] = frozenset()


@dataclass(frozen=True)
class RowMask:
    """Which periods of a target its partner's page withholds, in the order given, and whether the total goes too."""

    masked: tuple[bool, ...]
    is_total_hidden: bool


def mask_row(calc: Calculation, values: Sequence[Value], *, counts_children: bool) -> RowMask:
    """The masking of one target's periods, as the partner's page shows them. Values that are not there stay unmasked."""
    present = [value if has_value(value) else None for value in values]
    if any(isinstance(value, Pair) for value in present):
        return _mask_fractions(calc, present, counts_children)
    counts = [value for value in present if not isinstance(value, Pair)]
    is_sum = calc == Calculation.SUM
    series = mask_series(counts, is_sum, counts_children=counts_children)
    masked = tuple(cell is MASKED for cell in series.values)
    return RowMask(masked, series.total is MASKED if is_sum else counts_children)


def _mask_fractions(calc, present, counts_children):
    pairs = [(value.n, value.d) if isinstance(value, Pair) else (None, None) for value in present]
    if calc == Calculation.POOLED:
        fractions, pooled = mask_fractions(pairs, counts_children=counts_children)
        return RowMask(tuple(each.percentage is MASKED for each in fractions), pooled.percentage is MASKED)
    fractions = tuple(mask_fraction(n, d, counts_children=counts_children) for n, d in pairs)
    return RowMask(tuple(each.percentage is MASKED for each in fractions), counts_children)


def may_be_added(masked: Iterable[bool]) -> bool:
    """Whether a total made of these periods tells nothing that their own pages do not tell."""
    return not any(masked)


# Quarters and years of new results that are added up


class _Edge(NamedTuple):
    """Something unknown between two sums. Whatever is masked is known to be at least 1.

    `most`: what the reader knows it cannot exceed, None for nothing.
    """

    start: Hashable
    end: Hashable
    value: Count
    most: int | None = None

    @property
    def may_shrink(self) -> bool:
        return self.value > 1

    @property
    def may_grow(self) -> bool:
        return self.most is None or self.value < self.most


OUTSIDE = "outside"  # where a total that is not published leads: nothing is known there


@dataclass
class _Table:
    """The cells of one indicator, and the totals withheld so far."""

    cells: Sequence[PeriodCell]
    open_rows: frozenset[Hashable]
    quarters: set[Quarter] = field(default_factory=set)
    years: set[int] = field(default_factory=set)

    def __post_init__(self):
        self.masked = [cell for cell in self.cells if cell.is_masked]
        self.by_quarter, self.by_year, self.by_row = Counter(), Counter(), Counter()
        for cell in self.cells:
            self.by_quarter[cell.quarter] += cell.value
            self.by_year[cell.quarter.year] += cell.value
            self.by_row[cell.row] += cell.value
        self.quarters |= {quarter for quarter, total in self.by_quarter.items() if is_small(total)}
        self.years |= {year for year, total in self.by_year.items() if is_small(total)}

    def unknowns(self) -> list[tuple[PeriodCell | Quarter | int | None, _Edge]]:
        """What the reader does not know, each with its edge; None for the total of a row."""
        found: list[tuple[PeriodCell | Quarter | int | None, _Edge]] = [
            (cell, _Edge(("row", cell.row), ("quarter", cell.quarter), cell.value)) for cell in self.masked
        ]
        found += [(quarter, _Edge(("quarter", quarter), ("year", quarter.year), self.by_quarter[quarter]))
                  for quarter in self.quarters]  # fmt: skip
        found += [(year, _Edge(("year", year), OUTSIDE, self.by_year[year])) for year in self.years]
        for row in self.open_rows:
            total = self.by_row[row]
            found.append((None, _Edge(OUTSIDE, ("row", row), total, SMALLEST_SHOWN - 1 if is_small(total) else None)))
        return found

    def exposed(self) -> list[PeriodCell | Quarter | int]:
        """The masked cells, and the totals that are small themselves, that follow from what is published."""
        unknowns = self.unknowns()
        graph = _Graph([edge for _what, edge in unknowns])
        return [
            what
            for place, (what, _edge) in enumerate(unknowns)
            if what is not None and self._is_protected(what) and not graph.is_free(place)
        ]

    def _is_protected(self, what: PeriodCell | Quarter | int) -> bool:
        if isinstance(what, PeriodCell):
            return True
        return is_small(self.by_quarter[what] if isinstance(what, Quarter) else self.by_year[what])

    def hide_around(self, exposed: Sequence[PeriodCell | Quarter | int]) -> bool:
        """Withhold what each exposed number needs next: its quarter, its year, then all around its rows. False: nothing."""
        quarters, years, rows = set(), set(), set()
        for what in exposed:
            if isinstance(what, int):
                rows |= {cell.row for cell in self.masked if cell.quarter.year == what}
                continue
            quarter = what.quarter if isinstance(what, PeriodCell) else what
            if quarter not in self.quarters:
                quarters.add(quarter)
            elif quarter.year not in self.years:
                years.add(quarter.year)
            else:
                rows |= {cell.row for cell in self.masked if cell.quarter == quarter}
        around = {cell.quarter for cell in self.masked if cell.row in rows}
        quarters, years = quarters | around, years | {quarter.year for quarter in around}
        is_more = not (quarters <= self.quarters and years <= self.years)
        self.quarters |= quarters
        self.years |= years
        return is_more


def hide_totals(cells: Sequence[PeriodCell], open_rows: Collection[Hashable] = ()) -> HiddenTotals:
    """The totals of quarters and years to withhold, so that no masked cell follows from the totals published.

    `open_rows`: rows whose own sum is not published. Every row's masked cells must be safe by themselves (`mask_row`).
    """
    table = _Table(cells, frozenset(open_rows))
    # Once nothing more can be withheld, only the rows' own totals are left, and those are safe by themselves.
    while (exposed := table.exposed()) and table.hide_around(exposed):
        pass
    return HiddenTotals(frozenset(table.quarters), frozenset(table.years))


class _Graph:
    """Sums as nodes, unknowns as edges."""

    def __init__(self, edges: Sequence[_Edge]):
        self.edges = edges
        self.arcs: dict[Hashable, list[tuple[int, Hashable]]] = {}
        self.above: dict[Hashable, Hashable] = {}
        self.spare: set[int] = set()  # edges that close a cycle of edges which may all move both ways
        for place, edge in enumerate(edges):
            if edge.may_grow:
                self.arcs.setdefault(edge.start, []).append((place, edge.end))
            if edge.may_shrink:
                self.arcs.setdefault(edge.end, []).append((place, edge.start))
            if edge.may_grow and edge.may_shrink and not self._join(edge.start, edge.end):
                self.spare.add(place)

    def _top(self, node: Hashable) -> Hashable:
        while (above := self.above.get(node, node)) != node:
            self.above[node] = node = self.above.get(above, above)
        return node

    def _join(self, one: Hashable, other: Hashable) -> bool:
        """Put two nodes together; False when they were together already."""
        one, other = self._top(one), self._top(other)
        self.above[one] = other
        return one != other

    def is_free(self, place: int) -> bool:
        """Whether the unknown may take another value: some cycle through its edge leads round, one way or the other."""
        edge = self.edges[place]
        is_stiff = edge.may_grow != edge.may_shrink  # then no cycle of flexible edges uses it
        if place in self.spare or (is_stiff and self._top(edge.start) == self._top(edge.end)):
            return True
        grows = edge.may_grow and self._leads(edge.end, edge.start, place)
        return grows or (edge.may_shrink and self._leads(edge.start, edge.end, place))

    def _leads(self, start: Hashable, goal: Hashable, without: int) -> bool:
        seen, waiting = {start}, [start]
        while waiting:
            for node in self._beyond(waiting.pop(), without):
                if node == goal:
                    return True
                if node not in seen:
                    seen.add(node)
                    waiting.append(node)
        return False

    def _beyond(self, node: Hashable, without: int) -> Iterator[Hashable]:
        return (end for place, end in self.arcs.get(node, ()) if place != without)
