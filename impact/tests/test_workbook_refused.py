"""What a workbook must not be and must not hold: each has its sentence, and nothing is half saved."""

import io
import zipfile
from datetime import date

import openpyxl
import pytest
from django.urls import reverse

from ace_partners.core.models import AuditEvent
from impact.models import DraftSpending, DraftValue, Report
from impact.tests import factories
from impact.tests.factories_workbook import add_targets, fresh, row_of, saved, upload, workbook_of
from impact.workbook import layout, safety

pytestmark = pytest.mark.django_db


@pytest.fixture
def grids(complete_report):
    """A draft with a value and an expense, a counted target with a grid (WB-00) and a percentage with one (WB-01)."""
    add_targets(complete_report, 2, fractions=1)
    return complete_report


def state(report):
    return (
        list(Report.objects.filter(pk=report.pk).values()),
        list(DraftValue.objects.filter(report=report).order_by("pk").values()),
        list(DraftSpending.objects.filter(report=report).order_by("pk").values()),
        AuditEvent.objects.count(),
    )


@pytest.fixture
def refused(login, editor):
    """Send a file; assert that it is refused with 422 and that nothing has changed; return the answer."""

    def send(report, content, name="classeur.xlsx"):
        before = state(report)
        answer = login(editor).post(
            reverse("impact_space:workbook", args=[report.pk]),
            {"seen": fresh(report).lock_version, "upload": upload(content, name)},
        )
        assert answer.status_code == 422
        assert state(report) == before
        return answer

    return send


def mistakes(answer):
    return [f"{where}: {words}" for where, words in answer.context["form"].mistakes]


def refusal(answer):
    (words,) = answer.context["form"].errors["upload"]
    return words


def put(book, cells):
    for where, value in cells.items():
        sheet, _mark, cell = where.partition("!")
        book[sheet][cell].value = value
    return book


# --- cells -----------------------------------------------------------------------------------------------------------

PAID = {"A3": "A1", "B3": "Salle", "C3": date(2025, 1, 3), "D3": 12, "E3": "USD"}


def paid(**changed):
    return {f"Dépenses!{cell}": value for cell, value in {**PAID, **changed}.items()}


CELLS = {
    "ambiguous": ({"Indicateurs!G2": "981.528"}, "Indicateurs!G2: 981.528: do you mean"),
    "decimals of a count": ({"Indicateurs!G2": "1,5"}, "Indicateurs!G2: Give a whole number"),
    "float of a count": ({"Indicateurs!G2": 1.5}, "Indicateurs!G2: Give a whole number"),
    "percent sign": ({"Indicateurs!G2": "12 %"}, "Indicateurs!G2: Write the number without the percent sign"),
    "negative": ({"Indicateurs!G2": -3}, "Indicateurs!G2: This number cannot be below zero."),
    "letters": ({"Indicateurs!G2": "douze"}, "Indicateurs!G2: Write the number with digits only"),
    "formula": ({"Indicateurs!G2": "=40+40"}, "Indicateurs!G2: holds a formula: write the result."),
    "formula in a text": ({"Récit!B2": "=A1"}, "Récit!B2: holds a formula: write the result."),
    "error value": ({"Indicateurs!G2": "#DIV/0!"}, "Indicateurs!G2: holds an error of the spreadsheet"),
    "true": ({"Indicateurs!G2": True}, "Indicateurs!G2: holds true or false"),
    "a date as a number": (
        {"Indicateurs!G2": date(2025, 1, 3)},
        "Indicateurs!G2: holds a date where a number is asked.",
    ),
    "too large": ({"Indicateurs!G2": 1e15}, "Indicateurs!G2: This number is too large"),
    "unknown answer": ({"Indicateurs!F2": "peut-être"}, "Indicateurs!F2: choose one of: valeur, pas de données"),
    "no data without why": (
        {"Indicateurs!F2": "pas de données", "Indicateurs!G2": None},
        "Indicateurs!J2: Say why, in one sentence.",
    ),
    "no data with a number": (
        {"Indicateurs!F2": "pas de données", "Indicateurs!J2": "Perdu."},
        "Indicateurs!G2: Either a number, or the answer that there is none",
    ),
    "n of a number": ({"Indicateurs!H2": 4}, "Indicateurs!H2: this indicator takes one value"),
    "words without a code": ({"Indicateurs!G40": 4}, "Indicateurs!A40: this row has no code of its own"),
    "an unknown cell": ({"Répartition!E90": 4}, "Répartition!E90: this row is not one of the workbook"),
    "cells over the total": (
        {"Indicateurs!G3": 5, "Répartition!E2": 3, "Répartition!E3": 3},
        "Indicateurs!G3: By sex × age the cells add up to 6, more than the total 5.",
    ),
    "d of a count": ({"Indicateurs!G3": 5, "Répartition!E2": 3, "Répartition!F2": 3}, "Répartition!F2: this indicator"),
    "half a cell": (
        {"Indicateurs!H4": 3, "Indicateurs!I4": 5, "Répartition!E6": 3},
        "Répartition!F6: Give both numbers of this cell",
    ),
    "n over d": ({"Indicateurs!H4": 6, "Indicateurs!I4": 5}, "Indicateurs!H4: The numerator cannot be larger"),
    "three over zero": ({"Indicateurs!H4": 3, "Indicateurs!I4": 0}, "Indicateurs!I4: The denominator is zero"),
    "n without d": ({"Indicateurs!H4": 3}, "Indicateurs!I4: Write the number: zero is a value"),
    "value of a fraction": ({"Indicateurs!G4": 50}, "Indicateurs!G4: this indicator takes a numerator"),
    "francs without a rate": (paid(E3="CDF", G3=date(2025, 1, 3), H3="BCC"), "Dépenses!F3: Give the rate"),
    "rate without its day": (paid(E3="CDF", F3=2800, H3="BCC"), "Dépenses!G3: Give the day of the rate."),
    "rate without its source": (paid(E3="CDF", F3=2800, G3=date(2025, 1, 3)), "Dépenses!H3: Say where the rate"),
    "dollars with a rate": (paid(F3=2800), "Dépenses!F3: An amount in dollars has no rate"),
    "unknown line": (paid(A3="Z9"), "Dépenses!A3: "),
    "unknown currency": (paid(E3="EUR"), "Dépenses!E3: "),
    "outside the period": (paid(C3=date(2024, 1, 3)), "Dépenses!C3: This date lies outside the period"),
    "no day": (paid(C3="hier"), "Dépenses!C3: "),
    "nothing paid": (paid(D3=0), "Dépenses!D3: An expense of zero is no expense"),
    "too many decimals": (paid(D3=12.345), "Dépenses!D3: Give 2 decimals at most."),
    "a fourth text": ({"Récit!B9": "Aussi."}, "Récit!A9: this row is not one of the workbook"),
}


@pytest.mark.parametrize("case", CELLS)
def test_every_mistake_is_named_with_its_cell(refused, grids, case):
    changed, expected = CELLS[case]
    if case in ("n of a number",):
        changed = {**changed, "Indicateurs!G2": 80}
    book = put(workbook_of(grids), changed)
    assert row_of(book["Indicateurs"], "WB-00") == 3

    found = mistakes(refused(grids, book))

    assert len(found) == 1
    assert found[0].startswith(expected)


def test_a_cell_formatted_as_a_percentage_is_asked_back(refused, grids):
    book = put(workbook_of(grids), {"Indicateurs!G2": 0.12})
    book["Indicateurs"]["G2"].number_format = "0%"

    assert mistakes(refused(grids, book)) == [
        "Indicateurs!G2: is written as a percentage: write the number without the percent sign."
    ]


def test_all_mistakes_come_at_once_and_one_good_part_is_not_saved_alone(refused, grids):
    good = {"Récit!B2": "Un bon récit.", "Indicateurs!G3": 12}
    book = put(workbook_of(grids), {**good, "Indicateurs!G2": "=1", "Dépenses!A3": "A1", "Récit!B3": "=2"})

    answer = refused(grids, book)

    found = [mistake.partition(":")[0] for mistake in mistakes(answer)]
    assert found == ["Indicateurs!G2", *(f"Dépenses!{column}3" for column in "BCDE"), "Récit!B3"]
    page = " ".join(answer.text.split())
    assert "There are 6 mistakes in the workbook" in page
    assert [where for where in found if f"<li>{where}: " not in page] == []
    assert 'class="error-summary" role="alert"' in page


def test_a_hundred_mistakes_are_shown_and_the_others_counted(refused, grids):
    book = workbook_of(grids)
    for row in range(2, 132):
        book["Dépenses"].cell(row, 4).value = "=1"

    answer = refused(grids, book)

    assert answer.text.count("holds a formula") == 100
    assert "and 30 others" in answer.text


def test_what_is_in_a_cell_is_shown_as_text(refused, grids):
    page = refused(grids, put(workbook_of(grids), {"Indicateurs!G2": "<script>alert(1)</script>"})).text

    assert "<script>alert" not in page


def test_the_same_code_twice_is_a_mistake(refused, grids):
    book = workbook_of(grids)
    put(book, {"Indicateurs!A9": book["Indicateurs"]["A2"].value, "Indicateurs!G9": 3})

    assert mistakes(refused(grids, book))[0].startswith("Indicateurs!A9: this row has no code of its own")


# --- sheets ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Lisez-moi", *layout.COLUMNS])
@pytest.mark.parametrize("how", ["renamed", "removed"])
def test_a_sheet_that_is_not_there_is_named(refused, grids, name, how):
    book = workbook_of(grids)
    if how == "renamed":
        book[name].title = "Feuille1"
    else:
        del book[name]

    assert refusal(refused(grids, book)).startswith(f"The sheet “{name}” is missing")


@pytest.mark.parametrize("name", layout.COLUMNS)
@pytest.mark.parametrize("how", ["row", "column", "title"])
def test_a_header_that_moved_names_its_sheet(refused, grids, name, how):
    sheet = (book := workbook_of(grids))[name]
    if how == "row":
        sheet.insert_rows(1)
    elif how == "column":
        sheet.insert_cols(2)
    else:
        sheet["B1"].value = "Autre"

    assert refusal(refused(grids, book)).startswith(f"The first row of the sheet “{name}” is not as it was")


def test_an_empty_sheet_is_named(refused, grids):
    book = workbook_of(grids)
    place = book.sheetnames.index("Récit")
    del book["Récit"]
    book.create_sheet("Récit", place)

    assert refusal(refused(grids, book)).startswith("The sheet “Récit” is empty")


def test_a_hundred_thousand_rows_are_not_read(refused, grids):
    book = workbook_of(grids)
    sheet = openpyxl.Workbook(write_only=True)
    for name in book.sheetnames:
        copy = sheet.create_sheet(name)
        for row in book[name].iter_rows(values_only=True):
            copy.append(row)
        if name == "Dépenses":
            for _each in range(100_000):
                copy.append(["A1", "x"])

    assert refusal(refused(grids, sheet)).startswith("The sheet “Dépenses” has more than 2\u202f000 rows")


def test_a_lonely_cell_far_below_counts_as_a_row(refused, grids):
    book = put(workbook_of(grids), {"Dépenses!B5000": "x"})

    assert "has more than 2\u202f000 rows" in refusal(refused(grids, book))


def test_other_indicators_than_those_of_the_report_are_refused(refused, grids):
    book = workbook_of(grids)
    factories.TargetFactory(project=grids.project)

    assert refusal(refused(grids, book)).startswith("The indicators of this workbook are not those of this report")


def test_a_workbook_without_its_mark_is_refused(refused, grids):
    book = workbook_of(grids)
    for row in book["Lisez-moi"].iter_rows():
        if row[0].value == layout.MARK_LABEL:
            row[1].value = None

    assert refusal(refused(grids, book)).startswith("This workbook was made for another report")


def test_a_workbook_of_another_partner_is_refused_and_nothing_of_it_read(refused, grids):
    foreign = factories.ReportFactory()
    target = factories.TargetFactory(project=foreign.project)
    factories.DraftValueFactory(report=foreign, target=target, value=73219)

    answer = refused(grids, workbook_of(foreign))

    assert refusal(answer).startswith("This workbook was made for another report")
    assert "73219" not in answer.text
    assert foreign.reference not in answer.text


# --- files -----------------------------------------------------------------------------------------------------------


def parts_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


def with_part(report, name, part):
    return zipped({**parts_of(saved(workbook_of(report))), name: part})


SHEET = "xl/worksheets/sheet2.xml"
UNREADABLE, TRAP = "This file cannot be read as a workbook", "This file holds parts that no workbook of ours has"
MACROS, LINKS = "This workbook holds macros", "This workbook leads to other files"
BOMB, PASSWORD = "This file unpacks to far more", "This workbook is protected by a password"  # noqa: S105
FILES = {
    "macros": (lambda r: with_part(r, "xl/vbaProject.bin", b"x"), MACROS),
    "macro type": (
        lambda r: with_part(
            r,
            "[Content_Types].xml",
            parts_of(saved(workbook_of(r)))["[Content_Types].xml"].replace(
                b"spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main"
            ),
        ),
        MACROS,
    ),
    "external links": (lambda r: with_part(r, "xl/externalLinks/externalLink1.xml", b"<x/>"), LINKS),
    "an object": (lambda r: with_part(r, "xl/embeddings/oleObject1.bin", b"x"), LINKS),
    "a document type": (
        lambda r: with_part(r, SHEET, b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'),
        TRAP,
    ),
    "an entity in another encoding": (
        lambda r: with_part(r, SHEET, '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>'.encode("utf-16")),
        TRAP,
    ),
    "an encoding nobody uses": (
        lambda r: with_part(r, SHEET, b'<?xml version="1.0" encoding="cp037"?>'),
        TRAP,
    ),
    "broken XML": (lambda r: with_part(r, SHEET, b"<worksheet><sheetData><row>"), UNREADABLE),
    "a foreign part instead of the book": (
        lambda r: with_part(r, "xl/workbook.xml", b"<a/>"),
        "The sheet “Lisez-moi” is missing",
    ),
    "a bomb": (lambda r: with_part(r, "xl/media/a.bin", b"0" * (21 * 1024 * 1024)), BOMB),
    "a steep part": (lambda r: with_part(r, "xl/media/a.bin", b"0" * (5 * 1024 * 1024)), BOMB),
    "empty cells without end": (
        lambda r: with_part(r, SHEET, b"<worksheet><sheetData>" + b'<c r="A1" s="1"/>' * 300_001),
        BOMB,
    ),
    "many parts": (
        lambda r: zipped({**parts_of(saved(workbook_of(r))), **{f"xl/p{n}.bin": b"x" for n in range(400)}}),
        BOMB,
    ),
    "an old file": (lambda r: safety.OLD_OFFICE + b"\0" * 600, "This is an old Excel file (.xls)"),
    "a password": (lambda r: safety.OLD_OFFICE + b"\0" * 600 + safety.PASSWORD, PASSWORD),
    "no archive": (lambda r: b"PK\x03\x04 not at all", UNREADABLE),
    "a text": (lambda r: b"code;valeur\n", UNREADABLE),
    "another archive": (lambda r: zipped({"mimetype": b"application/vnd.oasis"}), UNREADABLE),
    "cut off": (lambda r: saved(workbook_of(r))[:-300], UNREADABLE),
    "too large": (lambda r: b"PK" + b"x" * (2 * 1024 * 1024), "This workbook is larger than 2 MB"),
}


@pytest.mark.parametrize("case", FILES)
def test_every_kind_of_file_has_its_sentence(refused, grids, case):
    make, sentence = FILES[case]

    assert refusal(refused(grids, make(grids))).startswith(sentence)


def test_a_file_that_calls_itself_macro_enabled_is_refused(refused, grids):
    assert refusal(refused(grids, workbook_of(grids), "classeur.XLSM")).startswith(MACROS)


def test_an_encrypted_archive_is_refused(refused, grids):
    content = bytearray(saved(workbook_of(grids)))
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= 1

    assert refusal(refused(grids, bytes(content))).startswith(PASSWORD)


def test_an_archive_that_lies_about_its_size_is_not_opened(refused, grids):
    content = bytearray(with_part(grids, SHEET, b"<x>" + b" " * 10_000 + b"</x>"))
    place = content.rindex(SHEET.encode()) - 46
    content[place + 24 : place + 28] = (10).to_bytes(4, "little")

    assert refusal(refused(grids, bytes(content))).startswith(UNREADABLE)


def test_a_sheet_that_lies_about_its_rows_is_read_whole(refused, grids):
    parts = parts_of(saved(put(workbook_of(grids), {"Indicateurs!G2": "=1"})))
    parts[SHEET] = parts[SHEET].replace(b'<dimension ref="A1:J4"', b'<dimension ref="A1:A1"')
    assert b'ref="A1:A1"' in parts[SHEET]

    assert mistakes(refused(grids, zipped(parts))) == ["Indicateurs!G2: holds a formula: write the result."]


def test_a_row_beyond_the_end_of_all_sheets_costs_nothing(login, editor, grids):
    parts = parts_of(saved(workbook_of(grids)))
    row = b'<row r="999999999"><c r="A999999999" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    parts[SHEET] = parts[SHEET].replace(b"</sheetData>", row)
    before = state(grids)

    answer = login(editor).post(
        reverse("impact_space:workbook", args=[grids.pk]), {"seen": grids.lock_version, "upload": upload(zipped(parts))}
    )

    assert (answer.status_code, state(grids)) == (302, before)


def test_no_file_at_all_is_asked_for(login, editor, report):
    answer = login(editor).post(reverse("impact_space:workbook", args=[report.pk]), {"seen": 0})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["upload"])
