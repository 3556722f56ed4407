"""Tables as facts: page, CSV and workbook hold the same, and no cell is a formula."""

import csv
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.utils import translation

from ace_partners.core.sheets import Column, Kind, Sheet, csv_bytes, csv_response, line, xlsx_bytes

COLUMNS = (
    Column("Organisation"),
    Column("Children", Kind.NUMBER),
    Column("Share, %", Kind.PERCENT),
    Column("Spent, USD", Kind.AMOUNT),
    Column("Last day", Kind.DAY),
)


def sheet(*rows, foot=None):
    return Sheet("essai", "Essai", COLUMNS, tuple(line(COLUMNS, row) for row in rows), foot=foot)


WHOLE = sheet(
    ("Maison Tumaini", 0, Decimal("84.95"), Decimal("4545.455"), date(2026, 3, 1)),
    ("Silencieuse", None, None, None, None),
    foot=line(COLUMNS, ("Réseau", 0, Decimal("-12.34"), Decimal(0), None)),
)


def read(found):
    return list(csv.reader(StringIO(csv_bytes(found).decode("utf-8-sig"))))


def test_csv_holds_values_and_an_empty_cell_where_there_is_nothing():
    assert read(WHOLE) == [
        ["Organisation", "Children", "Share, %", "Spent, USD", "Last day"],
        ["Maison Tumaini", "0", "85.0", "4545.46", "2026-03-01"],
        ["Silencieuse", "", "", "", ""],
        ["Réseau", "0", "-12.3", "0.00", ""],
    ]


def test_the_page_shows_the_same_digits_in_the_format_of_its_reader():
    with translation.override("fr"):
        assert [cell.words for cell in WHOLE.lines[0].cells] == [
            *("Maison Tumaini", "0", "85,0\u202f%", "4\u202f545,46", "1er mars 2026")
        ]
        assert [cell.words for cell in WHOLE.lines[1].rest] == ["—"] * 4


def test_workbook_holds_the_same_with_types():
    page = openpyxl.load_workbook(BytesIO(xlsx_bytes([WHOLE])))["essai"]

    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=2)]
    assert rows[0][:4] == ["Maison Tumaini", 0, 85.0, 4545.46]
    assert rows[0][4].date() == date(2026, 3, 1)
    assert rows[1] == ["Silencieuse", None, None, None, None]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_a_text_is_never_a_formula(text):
    hostile = sheet((text, 1, None, None, None))

    assert read(hostile)[1][0] == f"'{text}"
    cell = openpyxl.load_workbook(BytesIO(xlsx_bytes([hostile])))["essai"]["A2"]
    assert cell.data_type == "s"


def test_a_heading_is_never_a_formula():
    columns = (Column("=cmd"),)

    assert read(Sheet("x", "x", columns, ()))[0] == ["'=cmd"]


def test_a_web_address_is_no_link_in_the_workbook():
    page = openpyxl.load_workbook(BytesIO(xlsx_bytes([sheet(("https://example.org", 1, None, None, None))])))["essai"]

    assert page["A2"].hyperlink is None


def test_a_line_has_as_many_cells_as_columns():
    with pytest.raises(ValueError, match="shorter"):
        line(COLUMNS, ("x",))


def test_a_file_is_downloaded_under_its_name():
    response = csv_response(WHOLE, "tableau-2026-essai")

    assert response["Content-Disposition"] == 'attachment; filename="tableau-2026-essai.csv"'
    assert response["Content-Type"] == "text/csv; charset=utf-8"
