"""The workbook there and back: what was filled offline is the draft, to the digit; nothing else moves it."""

import io
import time
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.urls import reverse

from ace_partners.core import audit
from ace_partners.core.errors import NotAllowed, Stale
from ace_partners.core.models import AuditEvent
from impact.actions import workbook as actions
from impact.models import CorrectionRequest, DraftSpending, DraftValue, Report, ReportStatus
from impact.tests import factories
from impact.tests.factories_workbook import add_targets, fresh, row_of, saved, upload, workbook_of
from impact.workbook import layout

pytestmark = pytest.mark.django_db


def page_of(report):
    return reverse("impact_space:workbook", args=[report.pk])


def file_of(report):
    return reverse("impact_space:workbook_file", args=[report.pk])


def send(client, report, book, *, seen=None, name="classeur.xlsx", **data):
    seen = fresh(report).lock_version if seen is None else seen
    return client.post(page_of(report), {"seen": seen, "upload": upload(book, name), **data})


def draft(report):
    """All that a workbook could change, as plain values."""
    values = DraftValue.objects.filter(report=report).order_by("target").values()
    lines = DraftSpending.objects.filter(report=report).order_by("pk").values()
    return list(Report.objects.filter(pk=report.pk).values()), list(values), list(lines)


def expense(sheet, row, *values):
    for place, value in enumerate(values, start=1):
        sheet.cell(row, place).value = value


@pytest.fixture
def full(report):
    """Twelve indicators with a crossed grid, three of them percentages; targets of the fixture are among them."""
    add_targets(report, 11, fractions=3)
    return report


# --- there and back --------------------------------------------------------------------------------------------------


def test_a_workbook_filled_offline_is_the_draft_to_the_digit(login, editor, full):
    book = workbook_of(full)
    indicators, cells = book["Indicateurs"], book["Répartition"]
    codes = [indicators.cell(row, 1).value for row in range(2, indicators.max_row + 1)]
    for row, code in enumerate(codes, start=2):
        indicators.cell(row, 6).value = "valeur"
        if full.project.targets.get(indicator__code=code).indicator.is_fraction:
            indicators.cell(row, 8).value, indicators.cell(row, 9).value = 100 + row, 1000.5
        else:
            indicators.cell(row, 7).value = 1_500_000 + row
    for row in range(2, cells.max_row + 1):
        cells.cell(row, 5).value = row
        if cells.cell(row, 7).value.startswith(("WB-08", "WB-09", "WB-10")):
            cells.cell(row, 5).value, cells.cell(row, 6).value = 2.25, row
    for row in range(30):
        paid = ("A1", f"Dépense {row}", date(2025, 1, 1 + row % 28), 1000.1 + row)
        francs = ("CDF", 2277.5667, date(2025, 1, 2), "Banque centrale", "Reçu")
        expense(book["Dépenses"], row + 2, *paid, *(francs if row % 2 else ("USD",)))
    book["Récit"].cell(2, 2).value = "Les groupes se réunissent.\nIls épargnent."

    answer = send(login(editor), full, book)

    assert answer.status_code == 302
    values = {row.target.indicator.code: row for row in DraftValue.objects.filter(report=full)}
    assert sorted(values) == sorted(codes)
    assert len(codes) == 12
    for row, code in enumerate(codes, start=2):
        kept = values[code]
        if kept.target.indicator.is_fraction:
            assert (kept.value, kept.numerator, kept.denominator) == (None, Decimal(100 + row), Decimal("1000.5"))
        else:
            assert (kept.value, kept.numerator) == (Decimal(1_500_000 + row), None)
    assert values["WB-00"].cells == {"sex.age": {"F.06-11": "2", "F.12-14": "3", "M.06-11": "4", "M.12-14": "5"}}
    assert values["WB-10"].cells["sex.age"]["F.06-11"] == ["2.25", "42"]
    lines = list(full.draft_spending.order_by("pk"))
    assert [line.amount for line in lines] == [Decimal("1000.10") + row for row in range(30)]
    assert {(line.rate, line.rate_on, line.rate_source) for line in lines if line.currency == "CDF"} == {
        (Decimal("2277.5667"), date(2025, 1, 2), "Banque centrale")
    }
    assert lines[1].amount_usd == (lines[1].amount / Decimal("2277.5667")).quantize(Decimal("0.01"))
    assert fresh(full).narrative == "Les groupes se réunissent.\nIls épargnent."
    event = audit.latest(full)
    assert (event.action, event.after["expenses"], len(event.after["values"])) == ("report.workbook_taken", 30, 12)
    assert "1500002" not in str(event.after)


def test_what_was_taken_in_comes_out_again_and_changes_nothing(login, signatory, full):
    factories.DraftValueFactory(
        report=full, target=full.project.targets.first(), value=Decimal("80"), comment="Compté deux fois."
    )
    line = full.project.budget_lines.get()
    factories.DraftSpendingFactory(report=full, budget_line=line, amount=Decimal("1250.10"))
    factories.DraftSpendingFactory(
        report=full,
        currency="CDF",
        amount=Decimal("1500000.00"),
        rate=Decimal("2277.5667"),
        rate_on=date(2025, 1, 2),
        rate_source="BCC",
        amount_usd=Decimal("658.60"),
    )
    Report.objects.filter(pk=full.pk).update(narrative="Un.\r\nDeux.")
    before, events = draft(full), AuditEvent.objects.count()

    answer = send(login(signatory), full, workbook_of(full))

    assert answer.status_code == 302
    assert (draft(full), AuditEvent.objects.count()) == (before, events)


def test_numbers_and_days_typed_as_text_are_read_as_on_the_pages(login, editor, report, target):
    book = workbook_of(report)
    book["Indicateurs"]["G2"].value = "1 500 000"
    expense(book["Dépenses"], 2, "hors budget", "Loyer", "12 mars 2025", "−1,5", "usd")

    assert send(login(editor), report, book).status_code == 302
    assert report.draft_values.get().value == 1_500_000
    line = report.draft_spending.get()
    assert (line.budget_line, line.spent_on, line.amount, line.currency) == (
        None,
        date(2025, 3, 12),
        Decimal("-1.50"),
        "USD",
    )


def test_a_number_without_an_answer_is_a_value_and_a_zero_is_one_too(login, editor, report, target):
    book = workbook_of(report)
    book["Indicateurs"]["G2"].value = 0

    send(login(editor), report, book)

    row = report.draft_values.get()
    assert (row.state, row.value) == ("reported", 0)


def test_no_data_with_its_reason_takes_the_place_of_a_value(login, editor, report, target):
    factories.DraftValueFactory(report=report, target=target, value=80)
    book = workbook_of(report)
    for cell, value in (("F2", "pas de données"), ("G2", None), ("J2", "Registre perdu.")):
        book["Indicateurs"][cell].value = value

    assert send(login(editor), report, book).status_code == 302
    row = report.draft_values.get()
    assert (row.state, row.value, row.comment, row.lock_version) == ("no_data", None, "Registre perdu.", 2)


def test_an_emptied_cell_erases_nothing(login, editor, complete_report, target):
    complete_report.draft_values.update(comment="Compté.")
    book = workbook_of(complete_report)
    for sheet, first in (("Indicateurs", 6), ("Dépenses", 1), ("Récit", 2)):
        for row in range(2, book[sheet].max_row + 1):
            for column in range(first, book[sheet].max_column + 1):
                book[sheet].cell(row, column).value = None
    before = draft(complete_report)

    assert send(login(editor), complete_report, book).status_code == 302
    assert draft(complete_report) == before


def test_an_emptied_comment_and_the_shared_part_stay(login, editor, report, target):
    partner = factories.ProjectFactory().partner
    factories.DraftValueFactory(
        report=report, target=target, value=80, comment="Compté.", shared=Decimal(10), shared_with=partner
    )
    book = workbook_of(report)
    book["Indicateurs"]["G2"].value, book["Indicateurs"]["J2"].value = 90, None

    assert send(login(editor), report, book).status_code == 302
    row = report.draft_values.get()
    assert (row.value, row.comment, row.shared, row.shared_with) == (90, "Compté.", 10, partner)


def test_the_expenses_are_replaced_as_a_whole(login, editor, complete_report):
    book = workbook_of(complete_report)
    expense(book["Dépenses"], 2, "A1", "Autre achat", date(2025, 1, 3), 12, "USD")

    send(login(editor), complete_report, book)

    assert [line.label for line in complete_report.draft_spending.all()] == ["Autre achat"]


def test_an_expense_takes_back_that_nothing_was_spent(login, editor, report):
    Report.objects.filter(pk=report.pk).update(no_spending=True)
    book = workbook_of(report)
    expense(book["Dépenses"], 2, "A1 Formation", "Salle", date(2025, 1, 3), 12, "USD")

    send(login(editor), report, book)

    assert (fresh(report).no_spending, report.draft_spending.get().budget_line.code) == (False, "A1")


def test_the_total_left_empty_is_the_sum_of_the_cells(login, editor, report):
    targets = add_targets(report, 1)
    book = workbook_of(report)
    for row in range(2, 6):
        book["Répartition"].cell(row, 5).value = row

    send(login(editor), report, book)

    assert report.draft_values.get(target=targets["WB-00"]).value == 14


# --- the file that goes out ------------------------------------------------------------------------------------------


def test_the_file_says_whose_it_is_and_how_to_fill_it(login, viewer, full):
    answer = login(viewer).get(file_of(full))
    book = openpyxl.load_workbook(io.BytesIO(answer.content))

    assert answer["Content-Disposition"] == f'attachment; filename="classeur-{full.reference}-t1-2025.xlsx"'
    assert answer["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert book.sheetnames == ["Lisez-moi", "Indicateurs", "Répartition", "Dépenses", "Récit"]
    words = [str(row[1].value) for row in book["Lisez-moi"].iter_rows()]
    assert [fact for fact in (full.partner.name, full.reference) if fact not in words] == []
    assert any(word.startswith(f"{full.project.code} ·") for word in words)
    assert all(sheet.protection.sheet for sheet in book)
    assert {book[name].freeze_panes for name in layout.COLUMNS} == {"A2"}


def test_only_what_is_to_be_filled_is_unlocked(full):
    book = workbook_of(full)
    indicators = book["Indicateurs"]
    number, pair = row_of(indicators, "WB-00"), row_of(indicators, "WB-10")

    unlocked = {
        row: "".join(cell.column_letter for cell in indicators[row] if not cell.protection.locked)
        for row in (1, number, pair)
    }

    assert unlocked == {1: "", number: "FGJ", pair: "FHIJ"}
    assert [cell.column_letter for cell in book["Répartition"][2] if not cell.protection.locked] == ["E"]
    assert len([cell for cell in book["Dépenses"][201] if not cell.protection.locked]) == 9
    assert [v.formula1 for v in indicators.data_validations.dataValidation] == [
        '"valeur,pas de données,non applicable"'
    ]


def test_the_lines_offered_for_an_expense_are_those_of_the_budget(full):
    factories.BudgetLineFactory(project=full.project, code="B2")
    book = workbook_of(full)

    lines, currencies = book["Dépenses"].data_validations.dataValidation
    sheet, _mark, cells = lines.formula1.partition("!")

    assert sheet == "'Lisez-moi'"
    assert [row[0].value for row in book["Lisez-moi"][cells.replace("$", "")]] == ["A1", "B2", "hors budget"]
    assert currencies.formula1 == '"USD,CDF"'


HOSTILE = '=HYPERLINK("http://evil";"x")'


@pytest.mark.parametrize("text", [HOSTILE, "+1+1", "-2", "@SUM(A1)", "http://evil.example"])
def test_hostile_text_goes_out_as_text_and_comes_back_as_text(login, editor, complete_report, target, text):
    complete_report.draft_spending.update(label=text)
    complete_report.draft_values.update(comment=text)
    Report.objects.filter(pk=complete_report.pk).update(narrative=text)
    content = login(editor).get(file_of(complete_report)).content

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if "worksheets/" in name}
    book = openpyxl.load_workbook(io.BytesIO(content))
    before = draft(complete_report)
    answer = send(login(editor), complete_report, content)

    assert [name for name, part in parts.items() if b"<f>" in part or b"hyperlink" in part] == []
    kept = [book["Dépenses"]["B2"], book["Indicateurs"]["J2"], book["Récit"]["B2"]]
    assert {(cell.data_type, cell.value.strip()) for cell in kept} == {("s", text.strip())}
    assert (answer.status_code, draft(complete_report)) == (302, before)


def test_a_text_that_no_cell_can_hold_stays_on_the_site(login, editor, complete_report):
    Report.objects.filter(pk=complete_report.pk).update(narrative="x" * 40_000)
    book = workbook_of(complete_report)

    assert book["Récit"]["B2"].value is None
    send(login(editor), complete_report, book)
    assert len(fresh(complete_report).narrative) == 40_000


def test_a_large_report_is_quick_and_small(login, editor, full):
    for number in range(30):
        factories.DraftSpendingFactory(report=full, label=f"Dépense {number}")
    start = time.monotonic()
    content = login(editor).get(file_of(full)).content
    answer = send(login(editor), full, content)

    assert answer.status_code == 302
    assert len(content) < 60_000
    assert time.monotonic() - start < 10


@pytest.mark.parametrize("rows", [1, 3])
def test_query_counts(login, editor, report, rows, django_assert_num_queries):
    targets = add_targets(report, rows)
    for target in targets.values():
        factories.DraftValueFactory(report=report, target=target)
        factories.DraftSpendingFactory(report=report)
    client = login(editor)

    with django_assert_num_queries(QUERIES_OF_FILE):
        client.get(file_of(report))
    with django_assert_num_queries(QUERIES_OF_PAGE):
        client.get(page_of(report))


QUERIES_OF_FILE, QUERIES_OF_PAGE = 18, 8


# --- who, and when ---------------------------------------------------------------------------------------------------


def test_a_viewer_reads_and_saves_nothing(login, viewer, report, target):
    book = workbook_of(report)
    book["Indicateurs"]["G2"].value = 5
    before = draft(report)

    assert "editor or a signatory" in login(viewer).get(page_of(report)).text
    assert send(login(viewer), report, book).status_code == 422
    assert draft(report) == before


@pytest.mark.parametrize("who", ["stranger", "me_officer", "reviewer", "approver", "ace_admin", "auditor"])
def test_a_draft_is_the_organisations_own(login, request, report, who):
    client = login(request.getfixturevalue(who))

    assert {client.get(page_of(report)).status_code, client.get(file_of(report)).status_code} == {404}
    assert send(client, report, b"x").status_code == 404


@pytest.mark.parametrize("status", ["submitted", "in_review"])
def test_a_report_that_was_sent_gives_and_takes_no_workbook(login, editor, complete_report, status):
    book = workbook_of(complete_report)
    Report.objects.filter(pk=complete_report.pk).update(status=status)
    book["Récit"]["B2"].value = "Autre."
    before = draft(complete_report)

    assert login(editor).get(file_of(complete_report)).status_code == 403
    assert send(login(editor), complete_report, book).status_code == 422
    assert draft(complete_report) == before


def test_a_colleague_who_saved_meanwhile_is_not_overwritten(login, editor, signatory, report, target):
    book = workbook_of(report)
    book["Indicateurs"]["G2"].value = 5
    seen = report.lock_version
    actions.take_in(report, by=signatory, seen=seen, values={}, texts={"narrative": "Le mien."})

    answer = send(login(editor), report, book, seen=seen, overwrite="on")

    assert answer.status_code == 409
    assert (report.draft_values.count(), fresh(report).narrative) == (0, "Le mien.")


def test_a_workbook_older_than_the_draft_is_taken_only_on_purpose(login, editor, report, target):
    book = workbook_of(report)
    book["Indicateurs"]["G2"].value = 5
    factories.DraftValueFactory(report=report, target=target, value=80)

    first = send(login(editor), report, book)
    kept = report.draft_values.get().value
    second = send(login(editor), report, book, overwrite="on")

    assert (first.status_code, kept, second.status_code) == (422, 80, 302)
    assert "The draft has changed since this workbook was made" in first.text
    assert report.draft_values.get().value == 5


def test_only_the_fields_that_ace_asks_about_are_taken(login, signatory, complete_report, target, me_officer):
    version = factories.ReportVersionFactory(report=complete_report, submitted_by=signatory)
    Report.objects.filter(pk=complete_report.pk).update(status=ReportStatus.CHANGES_REQUESTED)
    CorrectionRequest.objects.create(
        report=complete_report,
        version=version,
        field_key=f"value-{target.pk}",
        remark="Vérifiez.",
        author=me_officer,
        sent_at=version.submitted_at,
    )
    book = workbook_of(complete_report)
    book["Indicateurs"]["G2"].value = 81
    book["Récit"]["B2"].value = "Autre récit."
    expense(book["Dépenses"], 3, "A1", "Autre", date(2025, 1, 3), 12, "USD")
    before = draft(complete_report)

    refused = send(login(signatory), complete_report, book)

    assert refused.status_code == 422
    assert [where for where in ("Dépenses!A2", "Récit!B2") if where not in refused.text] == []
    assert refused.text.count("ACE did not ask about this part") == 2
    assert draft(complete_report) == before
    book = workbook_of(complete_report)
    assert (book["Récit"]["B2"].protection.locked, book["Indicateurs"]["G2"].protection.locked) == (True, False)
    book["Indicateurs"]["G2"].value = 81
    assert send(login(signatory), complete_report, book).status_code == 302
    assert complete_report.draft_values.get().value == 81


def test_single_expenses_that_ace_asks_about_are_changed_on_their_page(login, signatory, complete_report, me_officer):
    version = factories.ReportVersionFactory(report=complete_report, submitted_by=signatory)
    line = factories.SpendingLineFactory(version=version)
    Report.objects.filter(pk=complete_report.pk).update(status=ReportStatus.CHANGES_REQUESTED)
    factories.CorrectionRequestFactory(
        version=version, field_key=f"line-{line.pk}", author=me_officer, sent_at=version.submitted_at
    )
    book = workbook_of(complete_report)
    locked = book["Dépenses"]["D2"].protection.locked
    book["Dépenses"]["D2"].value = 300
    answer = send(login(signatory), complete_report, book)

    assert (locked, answer.status_code) == (True, 422)
    assert "Dépenses!A2: ACE asks about single expenses: change them on the page of corrections." in answer.text


def test_values_of_a_period_that_is_not_over_are_refused(login, editor, report, target):
    report.period.ends_on = report.period.due_on = date(2099, 12, 31)
    report.period.save()
    book = workbook_of(report)
    book["Indicateurs"]["G2"].value = 5
    answer = send(login(editor), report, book)

    assert (answer.status_code, report.draft_values.count()) == (403, 0)
    assert "This period runs until" in answer.text


def test_the_action_asks_the_rules_itself(report, target, viewer, editor):
    value = {target: {"seen": 0, "state": "reported", "value": Decimal(5), "comment": "", "cells": {}}}

    with pytest.raises(NotAllowed):
        actions.take_in(report, by=viewer, seen=0, values=value)
    with pytest.raises(Stale):
        actions.take_in(report, by=editor, seen=7, values=value)
    assert report.draft_values.count() == 0


def test_the_mark_of_another_report_speaks_against_a_workbook(login, editor, report, target):
    other = factories.ReportFactory(period=factories.PeriodFactory(project=report.project))
    foreign = factories.ReportFactory()
    factories.TargetFactory(project=foreign.project)
    for each in (other, foreign):
        book = workbook_of(each)
        book["Indicateurs"]["G2"].value = 5
        answer = send(login(editor), report, book)
        assert (answer.status_code, report.draft_values.count()) == (422, 0)
        assert "made for another report" in answer.text


def test_a_forged_mark_still_fills_the_report_of_the_page_only(login, stranger, editor, report, target):
    """Whoever writes another reference into the file reaches nothing but the own report."""
    foreign = factories.ReportFactory()
    factories.TargetFactory(project=foreign.project, indicator=target.indicator)
    book = workbook_of(foreign)
    book["Indicateurs"]["G2"].value = 5
    mark = next(row[1] for row in book["Lisez-moi"].iter_rows() if row[0].value == layout.MARK_LABEL)
    mark.value = mark.value.replace(foreign.reference, report.reference)

    answer = send(login(editor), report, saved(book), overwrite="on")

    assert answer.status_code == 302
    assert (report.draft_values.count(), foreign.draft_values.count()) == (1, 0)
