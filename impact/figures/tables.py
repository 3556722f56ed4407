"""Disaggregation as the public may read it: the crossed table or the list of one value, small cells of children withheld.

The table of a value adds up to the figure printed beside it: what nobody specified is a row of its own, so that a
withheld cell never follows from the rest. A value that is withheld itself has no table at all.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ace_partners.core.numbers import number_words
from impact import grid, masking, progress
from impact.masking import MASKED
from impact.models import ValueState
from impact.progress import Pair

AXES = {
    "sex": gettext_lazy("By sex"),
    "age": gettext_lazy("By age"),
    "sex.age": gettext_lazy("By sex and age"),
    "site": gettext_lazy("By mine site"),
    "work": gettext_lazy("By work on the site"),
    "cause": gettext_lazy("By cause"),
    "activity": gettext_lazy("By activity"),
    "schooling": gettext_lazy("By kind of schooling"),
    "cycle": gettext_lazy("By cycle"),
    "sector": gettext_lazy("By sector"),
    "household_head_sex": gettext_lazy("By head of the household"),
}


@dataclass(frozen=True)
class FigureTable:
    """One table in words. `rows` are (heading, cells); the last row and, in a crossed table, the last column are sums.

    `is_withheld`: the table cannot be shown at all, because it would give a small number away; it has no rows then.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    is_withheld: bool = False


def tables_of_value(row, labels):
    """FigureTables of one value row, () where there is no number or nothing was specified. The caller leaves out a
    value that is itself withheld."""
    if row is None or row.state != ValueState.REPORTED:
        return ()
    indicator, total = (
        row.target.indicator,
        row.value if row.value is not None else Pair(row.numerator, row.denominator),
    )
    return tuple(
        _table(indicator, total, axes, dict(table), labels)
        for axes, table in grid.read_cells(row.cells).items()
        if table
    )


def _table(indicator, total, axes, table, labels):
    rest = grid.rest_of(total, table)
    title = str(AXES.get(grid.GLUE.join(axes), grid.GLUE.join(axes)))
    if rest.exceeds and indicator.counts_children:
        # The parts do not add up to the figure: no masking can be vouched for.
        return FigureTable(title, (), (), is_withheld=True)
    if rest.is_left:
        place = (grid.NOT_SPECIFIED,) * len(axes)
        left = Pair(rest.n, rest.d) if isinstance(total, Pair) else rest.n
        table[place] = grid.sum_cells([table[place], left]) if place in table else left
    if isinstance(total, Pair):
        return _fractions(indicator, title, axes, table, labels)
    if len(axes) == 2:
        return _crossed(indicator, title, axes, table, labels)
    return _list(indicator, title, axes[0], table, labels, with_total=not rest.exceeds)


def _list(indicator, title, axis, table, labels, *, with_total):
    codes = labels.sorted(axis, [code for (code,) in table])
    masked = masking.mask_series([table[code,] for code in codes], True, counts_children=indicator.counts_children)
    if masked.total is MASKED:
        return FigureTable(title, (), (), is_withheld=True)
    rows = [(labels.of(axis, code), (_words(cell),)) for code, cell in zip(codes, masked.values, strict=True)]
    if with_total:
        rows.append((_("Total"), (_words(masked.total),)))
    return FigureTable(title, (_("Value"),), tuple(rows))


def _crossed(indicator, title, axes, table, labels):
    rows = labels.sorted(axes[0], {codes[0] for codes in table})
    columns = labels.sorted(axes[1], {codes[1] for codes in table})
    masked = masking.mask_table(
        [[table.get((row, column)) for column in columns] for row in rows], counts_children=indicator.counts_children
    )
    if masked.total is MASKED:
        return FigureTable(title, (), (), is_withheld=True)
    printed = [
        (labels.of(axes[0], row), (*map(_words, cells), _words(sum_)))
        for row, cells, sum_ in zip(rows, masked.cells, masked.row_totals, strict=True)
    ]
    printed.append((_("Total"), (*map(_words, masked.column_totals), _words(masked.total))))
    return FigureTable(title, (*(labels.of(axes[1], column) for column in columns), _("Total")), tuple(printed))


def _fractions(indicator, title, axes, table, labels):
    """Numerators and denominators, one row a category; those of a crossed table are listed, not crossed."""
    keys = sorted(table, key=lambda codes: [labels.sorted(axis, _codes(table, place)).index(codes[place])
                                            for place, axis in enumerate(axes)])  # fmt: skip
    pairs = [(table[key].n, table[key].d) for key in keys]
    if not indicator.counts_children:
        shown = [_plain(indicator, n, d) for n, d in [*pairs, tuple(map(sum, zip(*pairs, strict=True)))]]
    else:
        fractions, pooled = masking.mask_fractions(pairs, counts_children=True)
        if pooled.percentage is MASKED:
            return FigureTable(title, (), (), is_withheld=True)
        shown = [_masked(fraction) for fraction in (*fractions, pooled)]
    names = [" · ".join(labels.of(axis, code) for axis, code in zip(axes, key, strict=True)) for key in keys]
    result = "%" if indicator.kind == progress.Kind.PERCENTAGE else _("Ratio")
    head = (_("Numerator"), _("Denominator"), result)
    return FigureTable(title, head, tuple(zip([*names, _("All together")], shown, strict=True)))


def _codes(table, place):
    return {codes[place] for codes in table}


def _plain(indicator, n, d):
    share = progress.number_of(indicator.kind, Pair(Decimal(n), Decimal(d))) if d else None
    return _words(n), _words(d), number_words(progress.shown_number(share))


def _masked(fraction):
    percent = fraction.percentage
    # n beside a withheld percentage would be one child's worth of arithmetic away from it.
    if percent is MASKED:
        return (_("withheld"),) * 3
    return _words(fraction.n), _words(fraction.d), number_words(progress.shown_number(percent))


def _words(cell):
    return _("withheld") if cell is MASKED else number_words(cell)
