"""The form of one indicator's value: the number or why there is none, its disaggregation, the part of joint work.

It is the one form of a value: the pages of the draft use it, and so does the workbook that was filled offline.
"""

from crispy_forms.layout import Layout
from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from ace_partners.core.forms import ActionForm
from impact import grid, progress
from impact.figures.axes import categories_of, sharing_partners
from impact.figures.cells import words_of
from impact.figures.series import value_of
from impact.forms.fields import NumberField
from impact.forms.grid import CellMistake, GridTable, grid_tables, read_table, shown_table
from impact.models import ValueState
from impact.models.framework import LAST_STEP, AcrossPartners
from impact.progress import Kind

STATES = [
    (ValueState.REPORTED, _("A value (zero is a value)")),
    (ValueState.NO_DATA, _("No data, because…")),
    (ValueState.NOT_APPLICABLE, _("Not applicable in this period, because…")),
]
REFUSED = {
    "denominator_zero": _("The denominator is zero but the numerator is not: correct one of them."),
    "numerator_out_of_range": _(
        "The numerator cannot be larger than the denominator: a part is never more than the whole."
    ),
}
SHARED_ACROSS = (AcrossPartners.SUM, AcrossPartners.SUM_NET)
EITHER = _("Either a number, or the answer that there is none: keep one of the two.")


class ValueForm(ActionForm):
    """One indicator: a value, no data, or not applicable. Nothing is preselected; an untouched form is simply left out.

    Its fields: `state`, `value` or `numerator` and `denominator`, `comment`; the cells of `tables`, each `c.<axes>.<codes>`
    (with `.n` and `.d` for a fraction); `shared` and `shared_with` where partners' numbers are added. The prefix is
    `v<target pk>`. `axes` (`figures.axes.read_axes`) and `sharing` (`sharing_partners`) are read here unless given: a
    page of several forms reads them once.
    """

    state = forms.ChoiceField(label=_("Your answer"), choices=STATES, widget=forms.RadioSelect, required=False)
    comment = forms.CharField(
        label=_("Explanation"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
    )

    tables: tuple[GridTable, ...]

    def __init__(self, *args, target, row=None, axes=None, sharing=None, **kwargs):
        self.target, self.indicator, self.row = target, target.indicator, row
        self.kept = grid.read_cells(row.cells) if row else {}
        self.tables = self._tables(axes)
        kwargs["initial"] = self._initial()
        super().__init__(*args, prefix=f"v{target.pk}", seen=row.lock_version if row else 0, **kwargs)
        self.fields.update(self._number_fields())
        # The rest, the grid and the joint work, is drawn by impact/_grid.html.
        self.helper.layout = Layout("seen", "state", *self._numbers, "comment")
        # The heading above the form already names the indicator for those who see it; this names it for the others.
        self.fields["state"].label = format_html(
            '{}<span class="visually-hidden"> : {}</span>', _("Your answer"), self.indicator.name
        )
        for table in self.tables:
            self.fields.update(table.fields(self.indicator.places))
        self._add_sharing(sharing)

    def _tables(self, axes):
        if not self.indicator.disaggregation:
            return ()
        categories = axes.of(self.target) if axes else categories_of(self.target)
        return grid_tables(self.indicator, categories, self.row.cells if self.row else {})

    def _initial(self):
        if self.row is None:
            return {}
        names = ("state", "value", "numerator", "denominator", "comment", "shared")
        cells = [table.initial(self.kept.get(table.axes, {})) for table in self.tables]
        initial = {name: getattr(self.row, name) for name in names} | {"shared_with": self.row.shared_with_id or ""}
        return initial | {name: number for cell in cells for name, number in cell.items()}

    def _number_fields(self):
        if self.indicator.is_fraction:
            return {
                "numerator": NumberField(label=_("Numerator (n)"), max_places=2, required=False),
                "denominator": NumberField(label=_("Denominator (d)"), max_places=2, required=False),
            }
        return {"value": NumberField(label=_("Value"), max_places=self.indicator.places, required=False)}

    def _add_sharing(self, sharing):
        """The two fields of joint work, where partners' numbers are added and there is somebody to share with."""
        if self.indicator.kind != Kind.NUMBER or self.indicator.across_partners not in SHARED_ACROSS:
            return
        joint, others = sharing if sharing is not None else sharing_partners(self.target.project)
        self.partners = {str(partner.pk): partner for partner in (*joint, *others)}
        if self.row and self.row.shared_with_id:
            self.partners.setdefault(str(self.row.shared_with_id), self.row.shared_with)
        if not self.partners:
            return
        self.fields["shared"] = NumberField(
            label=_("Of this, counted by another partner too"),
            max_places=self.indicator.places,
            required=False,
            help_text=_("The part of joint work that the other organisation leads and reports. It is counted once."),
        )
        choices = [(key, partner.name) for key, partner in self.partners.items()]
        first, rest = choices[: len(joint)], choices[len(joint) :]
        named = [(_("In this project"), first), (_("In the directory"), rest)] if first and rest else choices
        self.fields["shared_with"] = forms.ChoiceField(
            label=_("Which partner"), choices=[("", "—"), *named], required=False
        )

    @property
    def sharing_fields(self):
        return [self[name] for name in ("shared", "shared_with") if name in self.fields]

    @property
    def shares(self):
        """Whether the joint work holds something, so that it is shown open."""
        return any(field.value() or field.errors for field in self.sharing_fields)

    @property
    def shown_tables(self):
        """The tables as the template shows them, with the sums of the saved draft."""
        total = value_of(self.row)
        return [
            shown_table(self, table, self.kept.get(table.axes, {}), total, adds_up=self.adds_up)
            for table in self.tables
        ]

    @property
    def adds_up(self):
        return self.indicator.cells_add_up

    @property
    def is_untouched(self):
        """Nothing chosen and nothing typed: the draft stays without this value."""
        return not any(str(self.data.get(self.add_prefix(name), "")).strip() for name in self.fields if name != "seen")

    @property
    def values(self):
        """What the action takes."""
        cleaned = self.cleaned_data
        return {name: cleaned.get(name) for name in ("seen", "state", *self._numbers, "shared", "shared_with")} | {
            "comment": cleaned.get("comment", ""),
            "cells": cleaned.get("cells") or {},
        }

    @property
    def _numbers(self):
        return ("numerator", "denominator") if self.indicator.is_fraction else ("value",)

    def clean_shared_with(self):
        """The Partner, None for nobody."""
        return self.partners.get(self.cleaned_data["shared_with"])

    def clean(self):
        cleaned = super().clean()
        if self.is_untouched or any(name in self.errors for name in self.fields if name not in ("state", "comment")):
            return cleaned
        cells = self._read_cells(cleaned)
        if cells is None:
            return cleaned
        cleaned["cells"] = grid.write_cells(cells)
        state = cleaned.get("state")
        if not state:
            if "state" not in self.errors:
                self.add_error("state", _("Choose one of the three answers."))
        elif state == ValueState.REPORTED:
            self._clean_reported(cleaned, cells)
        else:
            self._clean_absent(cleaned)
        return cleaned

    def _clean_absent(self, cleaned):
        """No number goes with the answer that there is none."""
        names = [*self._numbers, *(name for name in self.fields if name.startswith("c.")), "shared", "shared_with"]
        if typed := [name for name in names if cleaned.get(name) is not None]:
            self.add_error(typed[0], EITHER)
        if not cleaned.get("comment", "").strip():
            self.add_error("comment", _("Say why, in one sentence."))

    def _clean_reported(self, cleaned, cells):
        if self.adds_up and all(cleaned.get(name) is None for name in self._numbers):
            self._take_total(cleaned, cells)
        typed = [name for name in self._numbers if cleaned.get(name) is not None]
        for name in self._numbers:
            if name not in typed:
                self.add_error(name, _("Write the number: zero is a value. If there is none, choose another answer."))
        if len(typed) < len(self._numbers):
            return
        numbers = [cleaned[name] for name in self._numbers]
        total = progress.Pair(*numbers) if self.indicator.is_fraction else numbers[0]
        if self._clean_total(cleaned, total):
            self._clean_sums(total, cells)
            self._clean_sharing(cleaned)

    def _take_total(self, cleaned, cells):
        """No total typed: it is the sum of the first table that holds something."""
        together = next((grid.sum_cells(list(table.values())) for table in cells.values() if table), None)
        if isinstance(together, progress.Pair):
            cleaned.update(numerator=together.n, denominator=together.d)
        elif together is not None:
            cleaned["value"] = together

    def _clean_total(self, cleaned, total):
        """Whether the number itself can be (impact rules §c.1)."""
        if self.indicator.kind == Kind.MILESTONE and total > LAST_STEP:
            self.add_error("value", _("The last step is number %(n)s.") % {"n": LAST_STEP})
            return False
        if refused := self._refusal(total):
            self.add_error(self._numbers[-1 if refused == "denominator_zero" else 0], REFUSED[refused])
        return not refused

    def _refusal(self, number):
        """The code of what §c.1 refuses in a number or a cell, "" when nothing; NumberField has seen to the sign."""
        try:
            progress.check_value(self.indicator.kind, number, progress.Phase.DUE)
        except progress.ProgressError as refused:
            return refused.code
        return ""

    # --- the grid -----------------------------------------------------------------------------------------------

    def _read_cells(self, cleaned):
        """{axes: {codes: number}} of the cells typed, None when one of them cannot be."""
        found = {}
        for table in self.tables:
            try:
                found[table.axes] = read_table(table, cleaned)
            except CellMistake as mistake:
                self.add_error(mistake.name, _("Give both numbers of this cell, n and d."))
        for table in self.tables:
            for codes, number in found.get(table.axes, {}).items():
                if refused := self._refusal(number):
                    name = table.names[codes][-1 if refused == "denominator_zero" else 0]
                    self.add_error(name, REFUSED[refused])
        return None if any(name.startswith("c.") for name in self.errors) else found

    def _clean_sums(self, total, cells):
        """A part is never more than the whole: no table adds up to more than the total (§c.7)."""
        if not self.adds_up:
            return
        for table in self.tables:
            kept = cells.get(table.axes, {})
            if kept and grid.rest_of(total, kept).exceeds:
                self.add_error(
                    self._numbers[0],
                    _("By %(axes)s the cells add up to %(sum)s, more than the total %(total)s.")
                    % {
                        "axes": table.title,
                        "sum": words_of(grid.sum_cells(list(kept.values()))),
                        "total": words_of(total),
                    },
                )

    def _clean_sharing(self, cleaned):
        if "shared" not in self.fields:
            return
        shared, partner = cleaned.get("shared"), cleaned.get("shared_with")
        if shared is None and partner is not None:
            self.add_error("shared", _("Write how many of them the other partner counts too; or choose no partner."))
        elif shared is not None and partner is None:
            self.add_error("shared_with", _("Say which partner counts them too."))
        elif shared is not None and shared > cleaned["value"]:
            self.add_error("shared", _("The shared part cannot be larger than the value itself."))
