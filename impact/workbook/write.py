"""The workbook on its way out: written row by row, user text as text, everything locked but the cells to fill."""

import io

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import override

from ace_partners.core.sheets import TEXT_IS_TEXT
from impact.workbook import layout
from impact.workbook.layout import CELLS, COLUMNS, EXPENSES, INDICATORS, README, TEXTS, Contents

LONGEST_CELL = 32_767  # characters; Excel's own limit
WHOLE, MEASURED, RATE, DAY, AS_TEXT = "#,##0", "#,##0.00", "#,##0.00##", "dd/mm/yyyy", "@"
OPTIONS = TEXT_IS_TEXT | {"constant_memory": True, "default_date_format": DAY}


def build(contents: Contents) -> bytes:
    """The bytes of the workbook, in French."""
    out = io.BytesIO()
    with override("fr"), xlsxwriter.Workbook(out, OPTIONS) as book:
        book.set_properties({"title": f"{contents.reference} · {contents.period}", "author": "ACE"})
        _Writer(book, contents).write()
    return out.getvalue()


class _Writer:
    """The formats of one workbook, and its sheets in order."""

    def __init__(self, book, contents):
        self.book, self.contents = book, contents
        self.formats = {}

    def format(self, *, is_open=False, num="", bold=False):
        """A cell format: made once, framed where something is to be typed, text marked as text (`quote_prefix`)."""
        key = (is_open, num, bold)
        if key not in self.formats:
            style = {"valign": "top", "text_wrap": True, "locked": not is_open, "bold": bold}
            if num:
                style["num_format"] = num
            if num == AS_TEXT:
                style["quote_prefix"] = True
            style |= {"border": 1, "bg_color": "#FFFDE7"} if is_open else {"font_color": "#333333"}
            self.formats[key] = self.book.add_format(style)
        return self.formats[key]

    def write(self):
        self._readme()
        self._indicators()
        self._cells()
        self._expenses()
        self._texts()

    def _sheet(self, name):
        """A protected sheet (without a password: it guards against slips, not against people) with its frozen header."""
        sheet = self.book.add_worksheet(name)
        sheet.protect("", {"format_columns": True, "format_rows": True})
        if name in COLUMNS:
            for place, column in enumerate(COLUMNS[name]):
                sheet.set_column(place, place, column.width)
                sheet.write_string(0, place, column.title, self.format(bold=True))
            sheet.freeze_panes(1, 0)
            sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return sheet

    def _text(self, sheet, row, place, text, *, is_open=False):
        """User text never becomes a formula; what no cell can hold stays on the site alone."""
        text = str(text).replace("\r", "")
        style = self.format(is_open=is_open, num=AS_TEXT)
        if text and len(text) <= LONGEST_CELL:
            sheet.write_string(row, place, text, style)
        else:
            sheet.write_blank(row, place, None, style)

    def _number(self, sheet, row, place, number, num, *, is_open=False):
        style = self.format(is_open=is_open, num=num)
        if number is None:
            sheet.write_blank(row, place, None, style)
        else:
            sheet.write_number(row, place, number, style)

    def _day(self, sheet, row, place, day, *, is_open):
        style = self.format(is_open=is_open, num=DAY)
        if day is None:
            sheet.write_blank(row, place, None, style)
        else:
            sheet.write_datetime(row, place, day, style)

    def _readme(self):
        sheet = self._sheet(README)
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 1, 100)
        contents = self.contents
        rows = [
            ("Rapport", contents.reference),
            ("Partenaire", contents.partner),
            ("Projet", contents.project),
            ("Période", f"{contents.period} ({contents.dates})"),
            ("À envoyer avant le", contents.due),
            (layout.MARK_LABEL, contents.mark),
            ("", ""),
            *(("Mode d’emploi" if number == 0 else "", words) for number, words in enumerate(_how_to_fill())),
            ("", ""),
            *((code, label) for code, label in contents.budget_lines),
            (layout.OUTSIDE_BUDGET, _("an expense outside the budget")),
        ]
        self.lines_at = (len(rows) - len(contents.budget_lines), len(rows))
        for number, (label, words) in enumerate(rows):
            self._text(sheet, number, 0, label)
            self._text(sheet, number, 1, words)

    def _indicators(self):
        sheet = self._sheet(INDICATORS)
        for number, row in enumerate(self.contents.indicators, start=1):
            num = MEASURED if row.places else WHOLE
            for place, text in enumerate((row.code, row.name, row.unit)):
                self._text(sheet, number, place, text)
            self._number(sheet, number, 3, row.aim, MEASURED if row.is_fraction else num)
            self._text(sheet, number, 4, row.previous)
            self._text(sheet, number, 5, layout.ANSWERS.get(row.state, ""), is_open=row.is_open)
            is_number, is_pair = row.is_open and not row.is_fraction, row.is_open and row.is_fraction
            self._number(sheet, number, 6, row.value, num, is_open=is_number)
            self._number(sheet, number, 7, row.numerator, "General", is_open=is_pair)
            self._number(sheet, number, 8, row.denominator, "General", is_open=is_pair)
            self._text(sheet, number, 9, row.comment, is_open=row.is_open)
        if last := len(self.contents.indicators):
            sheet.data_validation(1, 5, last, 5, {"validate": "list", "source": list(layout.ANSWERS.values())})

    def _cells(self):
        sheet = self._sheet(CELLS)
        for number, row in enumerate(self.contents.cells, start=1):
            for place, text in enumerate((row.code, row.name, row.table, row.label)):
                self._text(sheet, number, place, text)
            is_pair = len(row.names) > 1
            num = "General" if is_pair else MEASURED if row.places else WHOLE
            n, d = (*row.numbers, None)[:2]
            self._number(sheet, number, 4, n, num, is_open=row.is_open)
            self._number(sheet, number, 5, d, num, is_open=row.is_open and is_pair)
            self._text(sheet, number, 6, row.key)

    def _expenses(self):
        sheet, is_open = self._sheet(EXPENSES), self.contents.expenses_open
        blank = layout.ExpenseRow("", "", None, None, "", None, None, "", "")
        rows = (*self.contents.expenses, *([blank] * layout.BLANK_EXPENSES if is_open else []))
        for number, row in enumerate(rows, start=1):
            self._text(sheet, number, 0, row.budget_line, is_open=is_open)
            self._text(sheet, number, 1, row.label, is_open=is_open)
            self._day(sheet, number, 2, row.spent_on, is_open=is_open)
            self._number(sheet, number, 3, row.amount, MEASURED, is_open=is_open)
            self._text(sheet, number, 4, row.currency, is_open=is_open)
            self._number(sheet, number, 5, row.rate, RATE, is_open=is_open)
            self._day(sheet, number, 6, row.rate_on, is_open=is_open)
            self._text(sheet, number, 7, row.rate_source, is_open=is_open)
            self._text(sheet, number, 8, row.note, is_open=is_open)
        if rows:
            first, last = self.lines_at
            lines = {"validate": "list", "source": f"='{README}'!$A${first}:$A${last}"}
            sheet.data_validation(1, 0, len(rows), 0, lines)
            sheet.data_validation(1, 4, len(rows), 4, {"validate": "list", "source": ["USD", "CDF"]})

    def _texts(self):
        sheet = self._sheet(TEXTS)
        for number, row in enumerate(self.contents.texts, start=1):
            sheet.set_row(number, 180)
            self._text(sheet, number, 0, layout.TEXT_LABELS[row.name])
            self._text(sheet, number, 1, row.text, is_open=row.is_open)


def _how_to_fill():
    """The instructions of the first sheet, one line each."""
    return [
        _("Fill the yellow cells only, without an internet connection, in as many sittings as it takes."),
        _("Then sign in, open this report and send this file on the page “Workbook”. Nothing is sent to ACE by that."),
        _(
            "Sheet “Indicateurs”: choose an answer, then give the value, or numerator and denominator. Zero is a value."
            " Where there is none, choose “pas de données” or “non applicable” and say why."
        ),
        _("A number without an answer counts as “valeur”. Write numbers without unit and without percent sign."),
        _("Sheet “Répartition”: give the cells you know; the rest is counted as not specified."),
        _(
            "Sheet “Dépenses”: one line per expense. Francs need their rate, its day and its source. This sheet replaces the"
            " whole list of expenses; if it is empty, the list stays as it is."
        ),
        _("Sheet “Récit”: your own sentences. Name no child and nobody who could be recognised."),
        _("A cell that you empty erases nothing: to take something away, use the pages of the report."),
        _("Write results, not formulas. Do not rename the sheets, and do not move or add columns."),
        _("Before anything is saved the whole file is checked; each mistake is named with its cell."),
    ]
