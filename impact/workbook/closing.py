"""The consolidated workbook of a closed quarter. Texts are written as texts, whatever they begin with: no formula, no link.

Rows are written once, in order, and flushed as they go (constant memory): a network of many organisations costs no more
memory than one.
"""

import io

import xlsxwriter
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ace_partners.core.dates import format_date, format_datetime
from ace_partners.core.sheets import TEXT_IS_TEXT, write_cell

OPTIONS = TEXT_IS_TEXT | {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}
WIDE, NARROW = 32, 14


def build(facts):
    """The bytes of the workbook of a ClosingFacts."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        # A fixed moment: the same closing gives the same workbook.
        book.set_properties({"title": f"ACE {facts.quarter}", "created": facts.closed_at.replace(tzinfo=None)})
        bold = book.add_format({"bold": True})
        _read_me(book, facts, bold)
        _results(book, facts, bold)
        _cells(book, facts, bold)
        _expenses(book, facts, bold)
        _missing(book, facts, bold)
    return target.getvalue()


class _Sheet:
    """A sheet with its heading; `add` writes the next row."""

    def __init__(self, book, name, heading, bold):
        self.sheet = book.add_worksheet(name)
        self.row = 0
        for column, (words, width) in enumerate(heading):
            self.sheet.set_column(column, column, width)
            self.sheet.write_string(0, column, words, bold)
        if len(heading) > 1:
            self.sheet.freeze_panes(1, 0)
        self.row = 1

    def add(self, *cells):
        for column, cell in enumerate(cells):
            write_cell(self.sheet, self.row, column, cell)
        self.row += 1


def _read_me(book, facts, bold):
    lang = get_language() or "fr"
    quarter = facts.quarter
    words = {
        "label": quarter,
        "start": format_date(quarter.starts_on, lang),
        "end": format_date(quarter.ends_on, lang),
    }
    sheet = _Sheet(book, _("Read me"), [(_("Consolidated results of %(label)s") % words, 110)], bold)
    closed = {"number": facts.number, "date": format_datetime(facts.closed_at, lang), "who": facts.closed_by}
    counts = {"n": len(facts.reports), "all": facts.expected}
    lines = [
        _("Reports of the periods that end between %(start)s and %(end)s.") % words,
        _("Closing %(number)s of this quarter, on %(date)s, by %(who)s.") % closed,
        _("Counted: %(n)s of %(all)s reports, in the version that was accepted on that day.") % counts,
        _("A later version, target or rate changes nothing in this workbook."),
        _("An empty number is not a zero: the column “State” says whether it is missing or not applicable."),
        _("Dollars are those of each line at its frozen rate, rounded once. Francs and dollars are never added."),
        _("For ACE alone: numbers of children from 1 to 4 stand here and are withheld from the public."),
        _("Fingerprint of the closing (SHA-256): %(hash)s") % {"hash": facts.sha256},
    ]
    for line in lines:
        sheet.add(line)
    if facts.note:
        sheet.add(_("Note: %(note)s") % {"note": facts.note})
    sheet.add(_("Missing reports: %(n)s") % {"n": len(facts.missing)})
    for missing in facts.missing:
        sheet.add(f"{missing.partner} · {missing.project} · {missing.period}: {missing.words}")


FRAME = ("partner", "project", "period", "report")


def _frame_heading():
    return [
        (_("Organisation"), WIDE),
        (_("Project"), NARROW),
        (_("Period"), NARROW),
        (_("Report"), NARROW),
    ]


def _frame(report):
    return [getattr(report, name) for name in FRAME]


def _results(book, facts, bold):
    heading = [
        *_frame_heading(),
        (_("Version"), 8),
        (_("Code"), 10),
        (_("Indicator"), WIDE),
        (_("Unit"), NARROW),
        (_("Target of the period"), NARROW),
        (_("Value"), NARROW),
        (_("Numerator"), NARROW),
        (_("Denominator"), NARROW),
        (_("State"), NARROW),
        (_("Of which counted by another partner"), NARROW),
        (_("Which partner"), NARROW),
        (_("Comment"), WIDE),
        (_("Revised: why"), WIDE),
    ]
    sheet = _Sheet(book, _("Results"), heading, bold)
    for report in facts.reports:
        why = report.revision.motive if report.revision else ""
        for row in report.values:
            numbers = [row.target, row.value, row.n, row.d, row.state_words, row.shared, row.shared_with]
            sheet.add(*_frame(report), report.version, row.code, row.name, row.unit_label, *numbers, row.comment, why)


def _cells(book, facts, bold):
    heading = [
        *_frame_heading(),
        (_("Code"), 10),
        (_("Breakdown by"), NARROW),
        (_("Category"), WIDE),
        (_("Category code"), NARROW),
        (_("Value"), NARROW),
        (_("Numerator"), NARROW),
        (_("Denominator"), NARROW),
    ]
    sheet = _Sheet(book, _("Breakdown"), heading, bold)
    for report in facts.reports:
        for row in report.values:
            for cell in row.cells:
                named = (row.code, cell.axes, cell.words, cell.codes)
                sheet.add(*_frame(report), *named, cell.value, cell.n, cell.d)


def _expenses(book, facts, bold):
    heading = [
        *_frame_heading(),
        (_("Line code"), 10),
        (_("Line"), WIDE),
        (_("What was paid"), WIDE),
        (_("Date"), NARROW),
        (_("Amount"), NARROW),
        (_("Currency"), 8),
        (_("CDF for 1 USD"), NARROW),
        (_("Date of the rate"), NARROW),
        (_("Source of the rate"), NARROW),
        (_("In USD"), NARROW),
        (_("Note"), WIDE),
    ]
    sheet = _Sheet(book, _("Expenses"), heading, bold)
    for report in facts.reports:
        for row in report.spending:
            paid = (row.spent_on, row.paid.amount, row.paid.currency)
            rate = (row.rate, row.rate_on, row.rate_source, row.usd.amount)
            sheet.add(*_frame(report), row.line, row.line_label, row.label, *paid, *rate, row.note)


def _missing(book, facts, bold):
    heading = [*_frame_heading(), (_("Due on"), NARROW), (_("State"), WIDE), (_("Days late"), 10)]
    sheet = _Sheet(book, _("Missing"), heading, bold)
    for report in facts.missing:
        sheet.add(*_frame(report), report.due_on, report.words, report.days_late)
