"""The crossed grid of a value form: which tables and fields it has, and how they are read back (impact rules §c.7)."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.forms import BoundField, Form
from django.utils.translation import gettext_lazy as _

from impact import grid
from impact.figures.axes import Categories, axes_words
from impact.figures.cells import words_of
from impact.forms.fields import NumberField
from impact.grid import Codes, Number
from impact.progress import Pair

PAIR = ("n", "d")


@dataclass(frozen=True)
class GridTable:
    """One table of a value form. Rows are the first axis, columns the second one: none in a table of one axis.

    `names[codes]` is the form's field name of a cell, without the prefix; two names, n and d, for a fraction.
    """

    axes: Codes
    row_categories: Categories
    column_categories: Categories
    names: Mapping[Codes, str | tuple[str, str]]

    @property
    def title(self) -> str:
        return axes_words(self.axes)

    @property
    def labels(self) -> dict[Codes, str]:
        """{codes: "women / girls, 6 to 11"}"""
        rows, columns = dict(self.row_categories), dict(self.column_categories)
        return {codes: ", ".join([rows[codes[0]], *(columns[code] for code in codes[1:])]) for codes in self.names}

    def fields(self, places):
        """{name: field}, all optional: nobody has to know every cell. `places` are the decimals of a number."""
        return {
            name: _cell_field(label, part, places)
            for codes, label in self.labels.items()
            for name, part in _named(self.names[codes])
        }

    def initial(self, kept: grid.Table):
        """{name: number} of the cells kept so far."""
        return {
            name: getattr(kept[codes], part) if part else kept[codes]
            for codes, names in self.names.items()
            if codes in kept
            for name, part in _named(names)
        }


def _named(names):
    """The field names of a cell with the part of a fraction that each holds, "" for a number."""
    return [(names, "")] if isinstance(names, str) else list(zip(names, PAIR, strict=True))


def _cell_field(label, part, places):
    text = f"{label} ({part})" if part else label
    field = NumberField(label=text, max_places=2 if part else places, required=False)
    field.cell = text
    field.widget.attrs.update({"class": "form-control", "aria-label": text})
    return field


def grid_tables(indicator, categories, stored) -> tuple[GridTable, ...]:
    """The tables of an indicator: {axis: [(code, label)]} from `figures.axes`; `stored` is a row's `cells`.

    A code that was reported and is not offered any more (a place that left the project) stays, under its own name.
    A table without categories is left out: there is nothing to ask.
    """
    kept = grid.read_cells(stored or {})
    tables = []
    for axes in grid.tables_of(indicator.disaggregation or []):
        offered = [
            _with_reported(categories.get(axis, ()), [codes[place] for codes in kept.get(axes, {})])
            for place, axis in enumerate(axes)
        ]
        if all(offered):
            tables.append(_table(axes, offered, indicator.is_fraction))
    return tuple(tables)


def _with_reported(offered, codes):
    known = {code for code, _label in offered}
    return (*offered, *((code, code) for code in dict.fromkeys(codes) if code not in known))


def _table(axes, offered, is_fraction):
    rows, columns = offered[0], offered[1] if len(offered) > 1 else ()
    every = [(row, column) for row, _l in rows for column, _m in columns] or [(row,) for row, _l in rows]
    return GridTable(axes, rows, columns, {codes: _field_names(axes, codes, is_fraction) for codes in every})


def _field_names(axes, codes, is_fraction):
    name = f"c.{grid.GLUE.join(axes)}.{grid.GLUE.join(codes)}"
    return tuple(f"{name}.{part}" for part in PAIR) if is_fraction else name


class CellMistake(Exception):
    """A cell of a fraction with only one of its two numbers; `name` is the field that is empty."""

    def __init__(self, name):
        super().__init__(name)
        self.name = name


def read_table(table: GridTable, cleaned) -> dict[Codes, Number]:
    """{codes: number} of the cells that hold something. Raises CellMistake."""
    found: dict[Codes, Number] = {}
    for codes, names in table.names.items():
        numbers = [cleaned.get(name) for name, _part in _named(names)]
        if all(number is None for number in numbers):
            continue
        if None in numbers:
            raise CellMistake(names[numbers.index(None)])
        found[codes] = numbers[0] if isinstance(names, str) else Pair(*numbers)
    return found


# --- what the template shows -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ShownCell:
    column: str
    inputs: tuple[tuple[str, BoundField, str], ...]  # (n, d or nothing; field; its HTML)


@dataclass(frozen=True)
class ShownRow:
    label: str
    cells: tuple[ShownCell, ...]
    sum: str


@dataclass(frozen=True)
class ShownTable:
    """A table with its fields. The sums are those of the saved draft, computed here: no page needs JavaScript."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[ShownRow, ...]
    column_sums: tuple[str, ...]
    sum: str
    rest: str
    is_open: bool
    is_crossed: bool
    adds_up: bool


def shown_table(form: Form, table: GridTable, kept: grid.Table, total: Number | None, *, adds_up: bool) -> ShownTable:
    """`kept` and `total` are of the saved row. Cells of a median or a step are never added (`adds_up`)."""
    by_row = grid.margins(kept, 0) if adds_up else {}
    crossed = bool(table.column_categories)
    by_column = grid.margins(kept, 1) if adds_up and crossed else {}
    rest = grid.rest_of(total, kept) if adds_up and kept and total is not None else None
    typed = any(form[name].data or form[name].errors for names in table.names.values() for name, _p in _named(names))
    return ShownTable(
        title=table.title,
        columns=tuple(label for _code, label in table.column_categories) or (str(_("Number")),),
        rows=tuple(_shown_row(form, table, code, label, by_row) for code, label in table.row_categories),
        column_sums=tuple(words_of(by_column.get(code)) for code, _label in table.column_categories),
        sum=words_of(grid.sum_cells(list(kept.values()))) if adds_up else "",
        rest=words_of(Pair(rest.n, rest.d) if isinstance(total, Pair) else rest.n) if rest and rest.is_left else "",
        is_open=bool(kept) or (form.is_bound and typed),
        is_crossed=crossed,
        adds_up=adds_up,
    )


def _shown_row(form, table, code, label, sums):
    columns = table.column_categories or (("", str(_("Number"))),)
    cells = []
    for column, name in columns:
        names = table.names[(code, column) if table.column_categories else (code,)]
        inputs = tuple((part, form[each], _input(form[each])) for each, part in _named(names))
        cells.append(ShownCell(name, inputs))
    return ShownRow(label, tuple(cells), words_of(sums.get(code)))


def _input(field):
    return field.as_widget(attrs={"class": "form-control is-invalid"}) if field.errors else field.as_widget()
