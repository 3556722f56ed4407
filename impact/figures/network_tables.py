"""Values across partners by sex, age and work: the cells of every counted value together (impact.md §c.7).

A breakdown is shown only where every counted value has it and nothing exceeds its total; what nobody specified is a cell
of its own, so each table adds up to the figure above it. Tables that count children are masked with their margins.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from django.utils.translation import gettext_lazy as _

from ace_partners.core.numbers import number_words
from impact import grid
from impact.masking import MASKED, mask_fractions, mask_series, mask_table
from impact.models import AxisCategory
from impact.progress import PAIRED, Coverage, Kind, Pair, number_of, shown_number

AXES = {"sex": _("Sex"), "age": _("Age"), "work": _("Work")}  # places stay with the projects
WITHHELD = _("withheld")


@dataclass(frozen=True)
class BreakdownCell:
    """`value` (or `n` and `d`) as a number; all None where nobody counted anything, or masked."""

    words: str
    value: Decimal | None
    n: Decimal | None = None
    d: Decimal | None = None
    is_masked: bool = False


@dataclass(frozen=True)
class BreakdownRow:
    label: str
    cells: tuple[BreakdownCell, ...]
    total: BreakdownCell | None


@dataclass(frozen=True)
class Breakdown:
    """One table. `columns` is empty for a single axis: then each row has its total alone. `total` is the last row."""

    axes: tuple[str, ...]
    title: str
    columns: tuple[str, ...]
    rows: tuple[BreakdownRow, ...]
    total: BreakdownRow


def breakdowns(counted, names, *, kind, counts_children, is_shown):
    """(tables, Coverage of the values that are broken down).

    `kind`: of the indicator; the n of a ratio is no part of its d, whatever their sizes.
    `counted`: (value, cells as stored) of every value behind the total. Zero needs no cells: it is zero in each.
    `names`: from `axis_names`.
    """
    told = [(value, _tables(stored)) for value, stored in counted]
    having = sum(bool(tables) or not _size(value) for value, tables in told)
    coverage = Coverage(having if any(tables for _value, tables in told) else 0, len(told))
    if not is_shown or not coverage.reported:
        return (), coverage
    axes = list(dict.fromkeys(key for _value, tables in told for key in tables))
    whole = [key for key in axes if all(key in tables or not _size(value) for value, tables in told)]
    made = (_breakdown(key, told, names, kind, counts_children) for key in sorted(whole))
    return tuple(table for table in made if table is not None), coverage


def _tables(stored):
    """The tables of a value that the network shows."""
    return {axes: table for axes, table in grid.read_cells(stored).items() if set(axes) <= set(AXES)}


def _size(value):
    return value.d if isinstance(value, Pair) else value


def axis_names():
    """{axis: {code: name}} in the order of the reference data. One query."""
    found = defaultdict(dict)
    for row in AxisCategory.objects.filter(axis__in=AXES):
        found[row.axis][row.code] = row.name
    return found


def _breakdown(axes, told, names, kind, counts_children):
    """The Breakdown of one kind of table; None where the cells exceed the values."""
    cells = _together(axes, [(value, tables[axes]) for value, tables in told if axes in tables])
    if cells is None:
        return None
    codes = [_ordered(axis, {key[place] for key in cells}, names) for place, axis in enumerate(axes)]
    labels = [[names[axis].get(code, str(_("Not specified"))) for code in codes[place]]
              for place, axis in enumerate(axes)]  # fmt: skip
    title = " × ".join(str(AXES[axis]) for axis in axes)
    shape = partial(_fractions, kind=kind) if kind in PAIRED else _numbers
    rows, total = shape(cells, codes, labels, counts_children=counts_children)
    return Breakdown(axes, title, tuple(labels[1]) if len(axes) > 1 else (), rows, total)


def _together(axes, told):
    """{codes: number} over all values, the rest of each as not specified; None where one exceeds its value."""
    found = defaultdict(list)
    for value, table in told:
        rest = grid.rest_of(value, table)
        if rest.exceeds:
            return None
        for codes, number in table.items():
            found[codes].append(number)
        if rest.is_left:
            left = Pair(rest.n, rest.d) if isinstance(value, Pair) else rest.n
            found[(grid.NOT_SPECIFIED,) * len(axes)].append(left)
    return {codes: grid.sum_cells(numbers) for codes, numbers in found.items()}


def _ordered(axis, codes, names):
    """Codes in the order of the reference data, those it does not know after it, « not specified » last."""
    known = [code for code in names[axis] if code in codes and code != grid.NOT_SPECIFIED]
    return [*known, *sorted(codes - set(known) - {grid.NOT_SPECIFIED}), *({grid.NOT_SPECIFIED} & codes)]


def _numbers(cells, codes, labels, *, counts_children):
    if len(codes) == 1:
        series = mask_series([cells.get((code,)) for code in codes[0]], True, counts_children=counts_children)
        rows = tuple(
            BreakdownRow(label, (), _number(value)) for label, value in zip(labels[0], series.values, strict=True)
        )
        return rows, BreakdownRow(str(_("Total")), (), _number(series.total))
    table = mask_table(
        [[cells.get((one, two)) for two in codes[1]] for one in codes[0]], counts_children=counts_children
    )
    rows = tuple(
        BreakdownRow(label, tuple(map(_number, line)), _number(total))
        for label, line, total in zip(labels[0], table.cells, table.row_totals, strict=True)
    )
    return rows, BreakdownRow(str(_("Total")), tuple(map(_number, table.column_totals)), _number(table.total))


def _number(value):
    if value is MASKED:
        return BreakdownCell(str(WITHHELD), None, is_masked=True)
    return BreakdownCell(number_words(value), value)


def _fractions(cells, codes, labels, *, kind, counts_children):
    """n / d in each cell. Crossed fractions have no margins: those would be one more way to a masked cell."""
    across = codes[1] if len(codes) > 1 else [None]
    keys = [(one, two) if two is not None else (one,) for one in codes[0] for two in across]
    pairs = [(cells[key].n, cells[key].d) if key in cells else (None, None) for key in keys]
    if kind == Kind.PERCENTAGE:
        fractions, pooled = mask_fractions(pairs, counts_children=counts_children)
        shown, total = [_fraction(each) for each in fractions], _fraction(pooled)
    else:
        shown, total = (
            [_ratio(n, d) for n, d in pairs],
            _ratio(*(sum(filter(None, part)) for part in zip(*pairs, strict=True))),
        )
    lines = [shown[start : start + len(across)] for start in range(0, len(shown), len(across))]
    single = len(codes) == 1
    rows = tuple(
        BreakdownRow(label, () if single else tuple(line), line[0] if single else None)
        for label, line in zip(labels[0], lines, strict=True)
    )
    return rows, BreakdownRow(str(_("Total")), (), total)


def _fraction(masked):
    if masked.percentage is MASKED:
        return BreakdownCell(str(WITHHELD), None, is_masked=True)
    if masked.percentage is None:
        return BreakdownCell(number_words(None), None)
    share = shown_number(masked.percentage)
    words = f"{number_words(masked.n)} / {number_words(masked.d)} ({number_words(share, '%')})"
    return BreakdownCell(words, share, masked.n, masked.d)


def _ratio(n, d):
    if not d:
        return BreakdownCell(number_words(None), None)
    value = shown_number(number_of(Kind.RATIO, Pair(n, d)))
    return BreakdownCell(f"{number_words(n)} / {number_words(d)} ({number_words(value)})", value, n, d)
