"""The workbook on its way in: from bytes to texts by row and column, as the forms of the pages expect them.

Nothing is computed and nothing is believed: formulas are named, never read; numbers are exact.
"""

import datetime
import io
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import openpyxl
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ace_partners.core.numbers import format_for_input
from impact.workbook import layout
from impact.workbook.layout import COLUMNS, DAY, NUMBER, README
from impact.workbook.safety import WorkbookRefused, unreadable

LAST_ROW = 1_048_576  # Excel's own; rows that claim to lie beyond are not rows
# Everything that a damaged or invented file makes the reader of XML and ZIP stumble over.
BROKEN = (
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    OSError,
    EOFError,
    SyntaxError,
    ArithmeticError,
    RuntimeError,
)


@dataclass(frozen=True)
class Typed:
    """What one cell holds: text as a form takes it, "" for nothing; `fault` says why it cannot be read."""

    address: str
    text: str
    fault: str = ""


@dataclass(frozen=True)
class FilledRow:
    """A row with something in it, by column key."""

    number: int
    cells: dict[str, Typed]

    def text(self, key: str) -> str:
        return self.cells[key].text


@dataclass(frozen=True)
class Filled:
    """The rows of each sheet that hold something, without the header; and the mark of the first sheet."""

    mark: str
    rows: dict[str, tuple[FilledRow, ...]]


def read(content: bytes) -> Filled:
    """Read a workbook that `safety.checked` let through. Raises WorkbookRefused, naming the sheet that is not as it was."""
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheets = {sheet.title: sheet for sheet in book.worksheets}
        for name in (README, *COLUMNS):
            if name not in sheets:
                words = _("The sheet “%(sheet)s” is missing: it was renamed or removed. Take the workbook anew.")
                raise WorkbookRefused(words % {"sheet": name})
        return Filled(_mark(sheets[README]), {name: tuple(_rows(sheets[name], name)) for name in COLUMNS})
    except BROKEN as broken:
        raise WorkbookRefused(unreadable()) from broken


def _cells(sheet, columns) -> Iterator[tuple[int, tuple]]:
    """(number, cells) of the rows that hold something; the sheet's own word on its size is not believed."""
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(max_row=LAST_ROW, max_col=columns), start=1):
        if any(cell.value not in (None, "") for cell in cells):
            if number > layout.MOST_ROWS:
                words = _("The sheet “%(sheet)s” has more than %(n)s rows: a report holds fewer. Nothing was read.")
                raise WorkbookRefused(words % {"sheet": sheet.title, "n": format_for_input(Decimal(layout.MOST_ROWS))})
            yield number, cells


def _mark(sheet) -> str:
    """What the first sheet says the workbook was made for; "" when it says nothing."""
    for number, cells in _cells(sheet, 2):
        if number in layout.MARK_ROWS and len(cells) == 2 and cells[0].value == layout.MARK_LABEL:
            return str(cells[1].value or "")
    return ""


def _rows(sheet, name) -> Iterator[FilledRow]:
    columns, header = COLUMNS[name], None
    for number, cells in _cells(sheet, len(columns)):
        if header is None:
            header = [str(cell.value or "").strip() for cell in cells]
            if number != 1 or header != [column.title for column in columns]:
                words = _("The first row of the sheet “%(sheet)s” is not as it was: columns were moved or renamed.")
                raise WorkbookRefused(words % {"sheet": name})
            continue
        typed = {
            column.key: _typed(cells[place] if place < len(cells) else None, name, column, number)
            for place, column in enumerate(columns)
        }
        yield FilledRow(number, typed)
    if header is None:
        words = _("The sheet “%(sheet)s” is empty: even its first row is missing. Take the workbook anew.")
        raise WorkbookRefused(words % {"sheet": name})


def _typed(cell, sheet, column, number) -> Typed:
    where = layout.address(sheet, column.key, number)
    value = getattr(cell, "value", None)
    if value is None or value == "":
        return Typed(where, "")
    if cell.data_type == "f":
        return Typed(where, "", _("holds a formula: write the result."))
    if cell.data_type == "e":
        return Typed(where, "", _("holds an error of the spreadsheet: write the value."))
    if isinstance(value, bool):
        return Typed(where, "", _("holds true or false: write the value."))
    if isinstance(value, datetime.datetime | datetime.date):
        return _day(where, value, column)
    if isinstance(value, int | float):
        return _number(where, value, column, cell)
    if isinstance(value, str):
        return Typed(where, value.replace("_x000D_", "").strip())
    return Typed(where, "", _("holds a time of day: write the value."))


def _day(where, value, column) -> Typed:
    day = value.date() if isinstance(value, datetime.datetime) else value
    if column.kind == NUMBER:
        return Typed(where, "", _("holds a date where a number is asked."))
    return Typed(where, day.isoformat() if column.kind == DAY else f"{day:%d/%m/%Y}")


def _number(where, value, column, cell) -> Typed:
    """A number exactly as the spreadsheet shows it to itself: 1.1, not 1.1000000000000000888."""
    if "%" in (cell.number_format or ""):
        return Typed(where, "", _("is written as a percentage: write the number without the percent sign."))
    exact = Decimal(repr(value))
    if not exact.is_finite():
        return Typed(where, "", _("holds a number that is too large."))
    if column.kind == NUMBER:
        return Typed(where, format_for_input(exact, lang=get_language() or "fr"))
    return Typed(where, f"{exact.normalize():f}")
