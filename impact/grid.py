"""Disaggregation (impact rules §c.7): one crossed grid, its margins computed, the rest « non précisé ». No database.

What a value row keeps in `cells`, as JSON with numbers as text:

    {"sex.age": {"F.06-11": "12", "M.NS": "5"}, "work": {"digger": "40"}}        a number
    {"sex": {"F": ["45", "60"], "M": ["9", "20"]}}                              numerator and denominator

Sex and age are crossed where an indicator has both; every other axis is a table of its own, of the same total. An
empty cell is not kept: nobody said anything about it. Zero is kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from impact.progress import Pair

CROSSED = ("sex", "age")
NOT_SPECIFIED = "NS"
GLUE = "."  # no code of an axis or of a place holds one

Number = Decimal | Pair
Codes = tuple[str, ...]
Table = Mapping[Codes, Number]


def tables_of(axes: Sequence[str]) -> tuple[Codes, ...]:
    """The tables of an indicator with these axes: `["sex", "site", "age"]` → `(("sex", "age"), ("site",))`."""
    if not set(CROSSED) <= set(axes):
        return tuple((axis,) for axis in axes)
    return (CROSSED, *((axis,) for axis in axes if axis not in CROSSED))


def read_cells(cells: Mapping) -> dict[Codes, dict[Codes, Number]]:
    """`cells` as stored → {axes: {codes: number}}."""
    return {
        tuple(axes.split(GLUE)): {tuple(codes.split(GLUE)): _number(kept) for codes, kept in table.items()}
        for axes, table in cells.items()
    }


def _number(kept) -> Number:
    return Decimal(kept) if isinstance(kept, str) else Pair(*(Decimal(part) for part in kept))


def write_cells(tables: Mapping[Codes, Table]) -> dict[str, dict[str, str | list[str]]]:
    """{axes: {codes: number}} → `cells` as stored; tables without a cell are left out."""
    return {
        GLUE.join(axes): {GLUE.join(codes): _kept(number) for codes, number in table.items()}
        for axes, table in tables.items()
        if table
    }


def _kept(number: Number) -> str | list[str]:
    if isinstance(number, Pair):
        return [_text(number.n), _text(number.d)]
    return _text(number)


def _text(number: Decimal) -> str:
    return f"{number.normalize():f}"


def sum_cells(numbers: Sequence[Number]) -> Number | None:
    """Numbers added; fractions pooled as Σn over Σd; None when there is none."""
    if not numbers:
        return None
    pairs = [number for number in numbers if isinstance(number, Pair)]
    if pairs:
        return Pair(sum((pair.n for pair in pairs), Decimal(0)), sum((pair.d for pair in pairs), Decimal(0)))
    return sum((number for number in numbers if isinstance(number, Decimal)), Decimal(0))


def margins(table: Table, place: int) -> dict[str, Number]:
    """The sums by the code at `place` of the axes: 0 for the rows of a crossed table, 1 for its columns."""
    found: dict[str, list[Number]] = {}
    for codes, number in table.items():
        found.setdefault(codes[place], []).append(number)
    return {code: together for code, numbers in found.items() if (together := sum_cells(numbers)) is not None}


@dataclass(frozen=True)
class Rest:
    """What a table leaves of the total: `n` (and `d` for a fraction) not specified; below zero it exceeds the total."""

    n: Decimal
    d: Decimal = Decimal(0)

    @property
    def exceeds(self) -> bool:
        return self.n < 0 or self.d < 0

    @property
    def is_left(self) -> bool:
        return not self.exceeds and (self.n > 0 or self.d > 0)


def rest_of(total: Number, table: Table) -> Rest:
    """Total 189 with F 120 and M 60 leaves 9; F 130 and M 69 exceed it by 10 (§c.7)."""
    spent = sum_cells(list(table.values()))
    if isinstance(total, Pair):
        spent = spent if isinstance(spent, Pair) else Pair(Decimal(0), Decimal(0))
        return Rest(total.n - spent.n, total.d - spent.d)
    return Rest(total - (spent if isinstance(spent, Decimal) else Decimal(0)))
