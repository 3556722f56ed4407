"""A workbook that comes back: read whole, checked by the forms of the pages, every mistake named with its cell."""

from dataclasses import dataclass, field

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from ace_partners.core.forms import ActionForm
from ace_partners.core.money import CDF
from ace_partners.core.numbers import format_for_input
from impact import rules
from impact.actions.drafts import SPENDING_FIELDS
from impact.forms.drafts import OUTSIDE, ExpenseForm, TextsForm
from impact.models import ValueState
from impact.workbook import layout
from impact.workbook.layout import CELLS, EXPENSES, INDICATORS, TEXTS
from impact.workbook.read import Filled, read
from impact.workbook.safety import MOST_BYTES, WorkbookRefused, checked

MOST_ERRORS = 100  # shown at once
NUMBERS = ("value", "numerator", "denominator")
STATES = {words: code for code, words in layout.ANSWERS.items()}


@dataclass
class Taking:
    """What a workbook changes in the draft: values by Target, the whole list of expenses (None: as it is), texts."""

    values: dict = field(default_factory=dict)
    expenses: list | None = None
    texts: dict = field(default_factory=dict)

    @property
    def is_empty(self):
        return not self.values and self.expenses is None and not self.texts


class WorkbookForm(ActionForm):
    """The upload. After `is_valid()`, `taking` is what the action takes. `report_forms`: a ReportForms of the draft as it is.

    A form that only shows itself needs none.
    """

    upload = forms.FileField(
        label=gettext_lazy("The filled workbook"), help_text=gettext_lazy("An XLSX file of 2 MB at most.")
    )
    overwrite = forms.BooleanField(
        label=gettext_lazy("Take it even if the draft has changed since the workbook was made"), required=False
    )

    def __init__(self, *args, report, report_forms=None, by=None, **kwargs):
        super().__init__(*args, seen=report.lock_version, **kwargs)
        self.report, self.report_forms, self.by = report, report_forms, by
        self.filled: Filled | None = None
        self.taking = Taking()
        self.mistakes: tuple[tuple[str, str], ...] = ()
        self.fields["upload"].widget.attrs["accept"] = ".xlsx"

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        try:
            # One byte more than allowed says that it is too large, without reading the rest.
            self.filled = read(checked(upload.name, upload.read(MOST_BYTES + 1)))
        except WorkbookRefused as refused:
            raise ValidationError(refused.words) from refused
        self._check_mark(self.filled)
        return upload

    def _check_mark(self, filled):
        """The file says for which report it was made: that can speak against it, never for it."""
        contents = self.report_forms.contents
        theirs = {row.text("code") for row in filled.rows[INDICATORS] if row.text("code")}
        if filled.mark.partition(" ")[0] != contents.reference:
            raise ValidationError(
                _(
                    "This workbook was made for another report. Take the one of this report from this page. Nothing was read."
                )
            )
        if theirs != {row.code for row in contents.indicators}:
            raise ValidationError(
                _(
                    "The indicators of this workbook are not those of this report: take the workbook anew from this page."
                )
            )

    def clean(self):
        cleaned = super().clean()
        if self.filled is None or self.errors:
            return cleaned
        checking = _Checking(self.report, self.report_forms, self.by)
        self.taking = checking.run(self.filled)
        self.mistakes = tuple(checking.errors)
        if self.mistakes:
            # The page lists them by cell; the form itself says it once.
            self.add_error("upload", _("Nothing was saved: correct the cells named above, then send the file again."))
        elif not self.taking.is_empty:
            self._check_age(cleaned)
        return cleaned

    @property
    def shown_mistakes(self):
        """(address, sentence) of the first hundred."""
        return self.mistakes[:MOST_ERRORS]

    @property
    def further_mistakes(self):
        return max(0, len(self.mistakes) - MOST_ERRORS)

    def _check_age(self, cleaned):
        if self.filled.mark != self.report_forms.contents.mark and not cleaned.get("overwrite"):
            self.add_error(
                "overwrite",
                _(
                    "The draft has changed since this workbook was made. Take a new workbook; or tick this box and send the"
                    " file again: what it holds then replaces what is there."
                ),
            )


class _Checking:
    """One workbook against one draft. `errors`: (address, sentence) in the order of the sheets."""

    def __init__(self, report, report_forms, by):
        self.report, self.forms, self.by = report, report_forms.values, by
        self.contents = report_forms.contents
        self.errors: list[tuple[str, str]] = []

    def run(self, filled):
        return Taking(
            values=self._values(filled),
            expenses=self._expenses(filled.rows[EXPENSES]),
            texts=self._texts(filled.rows[TEXTS]),
        )

    def _faults(self, *cells):
        """Whether one of these cells cannot be read; each is named."""
        found = [(cell.address, cell.fault) for cell in cells if cell.fault]
        self.errors += found
        return bool(found)

    def _closed(self, key, where):
        """Whether ACE did not ask about that part (or the writer may not write it)."""
        reasons = rules.against_writing(self.report, self.by, key)
        self.errors += [(where, reason) for reason in reasons]
        return bool(reasons)

    # --- values -----------------------------------------------------------------------------------------------------

    def _values(self, filled):
        rows, cells = self._rows_by_code(filled.rows[INDICATORS]), self._cells_by_target(filled.rows[CELLS])
        changed = {}
        for shown in self.contents.indicators:
            taken = self._value(shown, rows.get(shown.code), cells.get(shown.target_id, {}))
            if taken is not None:
                changed[self.forms.rows[shown.target_id].target] = taken
        return changed

    def _rows_by_code(self, rows):
        found = {}
        for row in rows:
            code = row.text("code")
            inputs = [row.cells[name] for name in ("state", *NUMBERS, "comment")]
            if code in found or (not code and any(cell.text or cell.fault for cell in inputs)):
                words = _("this row has no code of its own: write in the rows of the workbook only.")
                self.errors.append((row.cells["code"].address, words))
            elif code:
                found[code] = row
        return found

    def _cells_by_target(self, rows):
        """{target id: {field name: (Typed)}} of the sheet of tables."""
        known, found = {row.key: row for row in self.contents.cells}, {}
        for row in rows:
            typed = [row.cells["n"], row.cells["d"]]
            if not any(cell.text or cell.fault for cell in typed):
                continue
            shown = known.pop(row.text("key"), None)
            if shown is None:
                words = _("this row is not one of the workbook, or stands there twice: take the workbook anew.")
                where = next(cell.address for cell in typed if cell.text or cell.fault)
                self.errors.append((where, words))
                continue
            if len(shown.names) == 1 and typed[1].text:
                self.errors.append((typed[1].address, _("this indicator has no denominator: leave the cell empty.")))
            found.setdefault(shown.target_id, {}).update(zip(shown.names, typed, strict=False))
        return found

    def _value(self, shown, row, cells):
        """What is new for one target: the action's arguments; None when nothing is, or when it cannot be taken."""
        typed = {name: row.cells[name] for name in ("state", *NUMBERS, "comment")} if row else {}
        typed |= cells
        if not row or not any(cell.text or cell.fault for cell in typed.values()):
            return None
        if self._faults(*typed.values()) or self._misplaced(shown, typed):
            return None
        form = self._value_form(shown, typed)
        if form is None:
            return None
        if not form.is_valid():
            self._name_errors(form, typed, shown)
            return None
        values = form.values
        if self._is_saved(shown, values) or self._closed(rules.value_key(form.target), typed["state"].address):
            return None
        return values

    def _misplaced(self, shown, typed):
        """A number in a column that this indicator does not use would be lost in silence."""
        unused = ("value",) if shown.is_fraction else ("numerator", "denominator")
        words = (
            _("this indicator takes a numerator and a denominator: write them in their columns.")
            if shown.is_fraction
            else _("this indicator takes one value: write it in its column.")
        )
        found = [(typed[name].address, words) for name in unused if typed[name].text]
        self.errors += found
        return bool(found)

    def _value_form(self, shown, typed):
        """The form over what is saved and what the workbook says: an emptied cell erases nothing.

        Where the answer is that there is no number, the saved numbers are left out; those still in the workbook are not.
        """
        answer = typed["state"].text.casefold()
        if answer and answer not in STATES:
            words = _("choose one of: %(answers)s.") % {"answers": ", ".join(layout.ANSWERS.values())}
            self.errors.append((typed["state"].address, words))
            return None
        texts = {name: cell.text for name, cell in typed.items() if cell.text and name != "state"}
        has_number = any(name != "comment" for name in texts)
        state = STATES.get(answer) or (ValueState.REPORTED if has_number else shown.state)
        saved = self.forms.form(shown.target_id).initial
        if state != ValueState.REPORTED:
            saved = {"comment": saved.get("comment", "")}
        data = {name: _as_typed(value) for name, value in saved.items()} | texts | {"state": state}
        row = self.forms.rows[shown.target_id].row
        data["seen"] = row.lock_version if row else 0
        prefix = f"v{shown.target_id}"
        return self.forms.form(shown.target_id, {f"{prefix}-{name}": value for name, value in data.items()})

    def _name_errors(self, form, typed, shown):
        """Each error of a value's form at its cell; one of a field that no sheet has stands at the number."""
        number = typed["numerator" if shown.is_fraction else "value"]
        for name, sentences in form.errors.items():
            where = typed.get(name) or number
            self.errors += [(where.address, sentence) for sentence in sentences]

    def _is_saved(self, shown, values):
        row = self.forms.rows[shown.target_id].row
        return row is not None and all(getattr(row, name) == value for name, value in values.items() if name != "seen")

    # --- expenses ---------------------------------------------------------------------------------------------------

    def _expenses(self, rows):
        """The whole list, cleaned; None when the sheet is empty or says what the draft says."""
        rows = [row for row in rows if any(cell.text or cell.fault for cell in row.cells.values())]
        if not rows:
            return None
        lines = list(self.report.project.budget_lines.order_by("code"))
        taken = [self._expense(row, lines) for row in rows]
        saved = [_facts_of(line) for line in self.report.draft_spending.select_related("budget_line")]
        if None in taken or _sorted(taken) == _sorted(saved):
            return None
        where = layout.address(EXPENSES, "budget_line", rows[0].number)
        asked = rules.asked_keys(self.report)
        if "spending" not in asked and any(key.startswith(rules.LINE) for key in asked):
            self.errors.append((where, _("ACE asks about single expenses: change them on the page of corrections.")))
            return None
        return None if self._closed("spending", where) else taken

    def _expense(self, row, lines):
        if self._faults(*row.cells.values()):
            return None
        data = {name: cell.text for name, cell in row.cells.items()}
        data["currency"] = data["currency"].upper()
        data["budget_line"] = _line_choice(data["budget_line"], lines)
        form = ExpenseForm(data, report=self.report, lines=lines)
        if form.is_valid():
            return {name: form.cleaned_data[name] for name in SPENDING_FIELDS}
        for name, sentences in form.errors.items():
            self.errors += [(row.cells[name].address, sentence) for sentence in sentences]
        return None

    # --- texts ------------------------------------------------------------------------------------------------------

    def _texts(self, rows):
        """The texts that differ from the draft's."""
        names = {label: name for name, label in layout.TEXT_LABELS.items()}
        changed = {}
        for row in rows:
            name, text = names.get(row.text("label")), row.cells["text"]
            if self._faults(text):
                continue
            if name is None:
                words = _("this row is not one of the workbook: write beside the three headings only.")
                self.errors.append((row.cells["label"].address, words))
            elif text.text and text.text != getattr(self.report, name).replace("\r", "").strip():
                self._text(name, text, changed)
        return changed

    def _text(self, name, typed, changed):
        form = TextsForm({name: typed.text, "seen": self.report.texts_version}, report=self.report, only=[name])
        if not form.is_valid():
            self.errors += [(typed.address, sentence) for sentences in form.errors.values() for sentence in sentences]
        elif not self._closed(name, typed.address):
            changed |= form.texts


def _as_typed(value):
    """A saved value as the form's field takes it."""
    if value is None or isinstance(value, str | int):
        return "" if value is None else str(value)
    return format_for_input(value, lang=get_language() or "fr")


def _line_choice(text, lines):
    """The choice of ExpenseForm for what stands in the column: a code, perhaps with its words, or outside the budget."""
    wanted = text.casefold()
    if wanted == layout.OUTSIDE_BUDGET:
        return OUTSIDE
    found = [line for line in lines if wanted in (line.code.casefold(), str(line).casefold())]
    return str(found[0].pk) if found else text and f"?{text}"


def _facts_of(line):
    facts = {name: getattr(line, name) for name in SPENDING_FIELDS}
    return facts | {"rate": line.rate if line.currency == CDF else None}


def _sorted(expenses):
    """Expenses in an order of their own, so that two lists of the same ones are equal."""
    return sorted(
        (str(fact.get("spent_on")), *(repr(_plain(fact[name])) for name in SPENDING_FIELDS)) for fact in expenses
    )


def _plain(value):
    return value.normalize() if hasattr(value, "normalize") else getattr(value, "pk", value)
