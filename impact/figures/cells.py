"""The disaggregation of a value as tables in words, margins and rest computed (impact rules §c.7)."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ace_partners.core.numbers import number_words
from impact import grid
from impact.figures.axes import axes_words
from impact.figures.series import value_of
from impact.progress import Pair


@dataclass(frozen=True)
class CellTable:
    """One table in words. `columns` are the labels of the second axis, "value" for a table of one axis.

    Sums and `rest` are empty where cells are no parts of the value (a median, a step).
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, str], ...], str], ...]  # label; column and cell each; sum of the row
    column_sums: tuple[tuple[str, str], ...]  # column and its sum
    sum: str
    rest: str
    is_crossed: bool


def tables_of_row(row, indicator, categories) -> tuple[CellTable, ...]:
    """The tables that a value row (of a draft or a version) holds; `categories` as from `figures.axes`."""
    return tuple(
        _table(axes, table, categories, value_of(row), indicator.cells_add_up)
        for axes, table in grid.read_cells(row.cells).items()
    )


def _table(axes, table, categories, total, adds_up):
    rows = _labels(axes[0], [codes[0] for codes in table], categories)
    columns = _labels(axes[1], [codes[1] for codes in table], categories) if len(axes) > 1 else {}
    shown = [((code,), name) for code, name in columns.items()] or [((), _("Value"))]
    by_row = grid.margins(table, 0) if adds_up else {}
    by_column = grid.margins(table, 1) if adds_up and columns else {}
    rest = grid.rest_of(total, table) if adds_up and total is not None else None
    return CellTable(
        title=axes_words(axes),
        columns=tuple(name for _codes, name in shown),
        rows=tuple(
            (
                label,
                tuple((name, words_of(table.get((code, *column)))) for column, name in shown),
                words_of(by_row.get(code)),
            )
            for code, label in rows.items()
        ),
        column_sums=tuple((name, words_of(by_column.get(code))) for code, name in columns.items()),
        sum=words_of(grid.sum_cells(list(table.values()))) if adds_up else "",
        rest=words_of(Pair(rest.n, rest.d) if isinstance(total, Pair) else rest.n) if rest and rest.is_left else "",
        is_crossed=bool(columns),
    )


def _labels(axis, codes, categories):
    """{code: label} of the codes that occur, in the order of the reference data; an unknown code is shown as it is."""
    known = dict(categories.get(axis, ()))
    used = set(codes)
    return {code: label for code, label in known.items() if code in used} | {
        code: code for code in dict.fromkeys(codes) if code not in known
    }


def words_of(number) -> str:
    """A number, or "45 / 60" for a fraction; a dash where there is none."""
    if isinstance(number, Pair):
        return f"{number_words(number.n)} / {number_words(number.d)}"
    return number_words(number)
