"""A table as facts: the same cells become the page, the CSV and the workbook, so that the three can never differ.

A cell holds a value, not words: a Decimal, a date, a text, or None where there is nothing. The page shows it in the
reader's format; the CSV and the workbook hold the value itself, numbers with a point and days as ISO. A text that a
spreadsheet would take for a formula is written as text.
"""

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from io import BytesIO

import xlsxwriter
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ace_partners.core.dates import format_date
from ace_partners.core.numbers import NOTHING, format_number, format_percent, half_up

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
CSV_TYPE = "text/csv; charset=utf-8"
# What xlsxwriter would make of a text by itself.
TEXT_IS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_SHEET_NAME = 31


class Kind(StrEnum):
    """What a column holds. PERCENT is already in per cent (54.5), one decimal; the head of an AMOUNT says its currency."""

    TEXT = "text"
    NUMBER = "number"
    PERCENT = "percent"
    AMOUNT = "amount"
    DAY = "day"


PLACES = {Kind.PERCENT: 1, Kind.AMOUNT: 2}
EXCEL_FORMATS = {Kind.PERCENT: "0.0", Kind.AMOUNT: "#,##0.00", Kind.DAY: "yyyy-mm-dd"}


@dataclass(frozen=True)
class Column:
    head: str
    kind: Kind = Kind.TEXT

    @property
    def is_number(self):
        return self.kind not in (Kind.TEXT, Kind.DAY)


@dataclass(frozen=True)
class Cell:
    """One value under its column. `plain` is what files hold, `words` what the page shows."""

    column: Column
    value: str | int | Decimal | date | None

    @property
    def plain(self):
        """The value, rounded as it is shown: a file and the page agree to the digit."""
        places = PLACES.get(self.column.kind)
        return self.value if places is None or self.value is None else half_up(Decimal(self.value), places)

    @property
    def words(self):
        if self.value is None or self.value == "":
            return NOTHING
        lang = "en" if (get_language() or "fr").startswith("en") else "fr"
        match self.column.kind:
            case Kind.NUMBER:
                return format_number(self.plain, lang=lang)
            case Kind.PERCENT:
                return format_percent(self.plain, lang=lang)
            case Kind.AMOUNT:
                return format_number(self.plain, places=PLACES[Kind.AMOUNT], lang=lang)
            case Kind.DAY:
                return format_date(self.plain, lang)
        return str(self.value)


@dataclass(frozen=True)
class Line:
    """One row. `url`: where its first cell leads on the page; `fictitious`: its organisation is invented for the demonstration."""

    cells: tuple[Cell, ...]
    url: str = ""
    fictitious: bool = False

    @property
    def filed(self):
        """The cells as files hold them: an invented organisation carries its label there too."""
        if not self.fictitious:
            return self.cells
        named = f"{self.head.value} ({_('fictitious')})"
        return (Cell(self.head.column, named), *self.rest)

    @property
    def head(self):
        return self.cells[0]

    @property
    def rest(self):
        return self.cells[1:]


@dataclass(frozen=True)
class Sheet:
    """A titled table. `key` names it in addresses and files; `foot` is a line of totals, or None."""

    key: str
    title: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    foot: Line | None = None

    @property
    def param(self):
        """The parameter of the address that turns the pages of this table."""
        return f"page-{self.key}"

    @cached_property
    def whole(self):
        """Every line, the totals last: what the files hold."""
        return (*self.lines, self.foot) if self.foot else self.lines


def line(columns, values, *, url="", fictitious=False):
    """The Line of these values under these columns. ValueError when they are not as many."""
    cells = tuple(Cell(column, value) for column, value in zip(columns, values, strict=True))
    return Line(cells, url, fictitious)


def as_text(text):
    """A text that no spreadsheet takes for a formula, when it opens a CSV."""
    text = str(text)
    return f"'{text}" if text.startswith(FORMULA) else text


def csv_lines(head, rows):
    """Lines of CSV, one after the other; texts through `as_text` are texts, headings always."""
    writer = csv.writer(_Echo())
    yield writer.writerow([as_text(words) for words in head])
    for row in rows:
        yield writer.writerow(row)


class _Echo:
    """A file that gives back what is written to it."""

    @staticmethod
    def write(line):
        return line


def csv_bytes(sheet):
    """UTF-8 with its mark, comma between cells, point in numbers, an empty cell where there is nothing."""
    rows = ([_csv_cell(cell) for cell in row.filed] for row in sheet.whole)
    return ("\ufeff" + "".join(csv_lines([column.head for column in sheet.columns], rows))).encode()


def _csv_cell(cell):
    value = cell.plain
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else value if isinstance(value, int) else as_text(value)


def xlsx_bytes(sheets):
    """A workbook with a page for each sheet; texts are texts, never formulas nor links."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, TEXT_IS_TEXT | {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True})
        formats = {kind: book.add_format({"num_format": shape}) for kind, shape in EXCEL_FORMATS.items()}
        for sheet in sheets:
            _write(book.add_worksheet(sheet.key[:LONGEST_SHEET_NAME]), sheet, bold, formats)
    return out.getvalue()


def _write(page, sheet, bold, formats):
    page.freeze_panes(1, 1)
    page.set_column(0, 0, 40)
    page.set_column(1, max(1, len(sheet.columns) - 1), 18)
    for place, column in enumerate(sheet.columns):
        page.write_string(0, place, str(column.head), bold)
    for row, written in enumerate(sheet.whole, 1):
        for place, cell in enumerate(written.filed):
            write_cell(page, row, place, cell.plain, formats.get(cell.column.kind))


def write_cell(page, row, place, value, shape=None):
    """By type: a text is a text whatever it begins with, zero is written, and nothing leaves its cell empty."""
    if value is None or value == "":
        return
    if isinstance(value, date):
        page.write_datetime(row, place, value, shape)
    elif isinstance(value, int | Decimal):
        page.write_number(row, place, value, shape)
    else:
        page.write_string(row, place, str(value))


def csv_response(sheet, name):
    return HttpResponse(csv_bytes(sheet), content_type=CSV_TYPE, headers=attached(f"{name}.csv"))


def xlsx_response(content, name):
    """The bytes of a workbook as a file to keep."""
    return HttpResponse(content, content_type=XLSX_TYPE, headers=attached(f"{name}.xlsx"))


def attached(filename):
    """The headers of a file that is kept, not shown."""
    return {"Content-Disposition": content_disposition_header(True, filename)}
