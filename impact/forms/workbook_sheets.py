"""What a report's workbook shows, read once: the same forms as on the pages say which cells there are."""

import dataclasses

from django.utils.translation import override

from ace_partners.core.canonical import sha256_of
from ace_partners.core.dates import format_date
from ace_partners.core.money import CDF
from impact import rules
from impact.figures import read_sheet
from impact.figures.axes import read_axes, sharing_partners
from impact.forms.values import ValueForm
from impact.models import ReportStatus
from impact.workbook.layout import (
    OUTSIDE_BUDGET,
    CellRow,
    Contents,
    ExpenseRow,
    IndicatorRow,
    TextRow,
)

DIGEST_LENGTH = 12


@dataclasses.dataclass(frozen=True)
class ValueForms:
    """What the forms of a report's values are made of; `rows` maps a target's id to its SheetRow."""

    rows: dict
    axes: object
    sharing: tuple

    def form(self, target_id, data=None):
        """The one form of that target's value."""
        row = self.rows[target_id]
        return ValueForm(data, target=row.target, row=row.row, axes=self.axes, sharing=self.sharing)


@dataclasses.dataclass(frozen=True)
class ReportForms:
    """What a report's workbook shows, and the forms that it is checked by."""

    contents: Contents
    values: ValueForms


def read_report_forms(report) -> ReportForms:
    """The draft as a workbook; the number of queries does not depend on how many rows it has."""
    with override("fr"):
        sheet = read_sheet(report, draft=True)
        forms = ValueForms(
            rows={row.target.pk: row for row in sheet.rows},
            axes=read_axes(report.project),
            sharing=sharing_partners(report.project),
        )
        return ReportForms(_contents(report, sheet, forms), forms)


def _contents(report, sheet, forms):
    opened = rules.asked_keys(report) if report.status == ReportStatus.CHANGES_REQUESTED else None
    codes = _codes(sheet.rows)
    indicators, cells = [], []
    for row in sheet.rows:
        form, code = forms.form(row.target.pk), codes[row.target.pk]
        is_open = opened is None or rules.value_key(row.target) in opened
        indicators.append(_indicator(row, form, code, is_open))
        cells += _cells(row, form, code, is_open)
    lines = list(report.project.budget_lines.order_by("code"))
    period = report.period
    filled = {
        "indicators": tuple(indicators),
        "cells": tuple(cells),
        "expenses": tuple(_expense(line) for line in report.draft_spending.select_related("budget_line")),
        "texts": tuple(
            TextRow(name, getattr(report, name), opened is None or name in opened) for name in rules.TEXT_KEYS
        ),
    }
    return Contents(
        reference=report.reference,
        partner=report.partner.name,
        project=f"{report.project.code} · {report.project.title}",
        period=period.label,
        dates=f"{format_date(period.starts_on)} – {format_date(period.ends_on)}",
        due=format_date(report.last_day),
        expenses_open=opened is None or "spending" in opened,
        budget_lines=tuple((line.code, line.label) for line in lines),
        digest=_digest(filled),
        **filled,
    )


def _codes(rows):
    """{target id: code}; two versions of one indicator in a project are told apart by their number."""
    codes = [row.target.indicator.code for row in rows]
    return {
        row.target.pk: code if codes.count(code) == 1 else f"{code} v{row.target.indicator.version}"
        for row, code in zip(rows, codes, strict=True)
    }


def _indicator(row, form, code, is_open):
    indicator, given = row.target.indicator, form.initial
    return IndicatorRow(
        target_id=row.target.pk,
        code=code,
        name=indicator.name,
        unit=str(indicator.unit_label),
        aim=row.aim,
        previous=row.previous_words,
        is_fraction=indicator.is_fraction,
        places=indicator.places,
        is_open=is_open,
        state=given.get("state", ""),
        value=given.get("value"),
        numerator=given.get("numerator"),
        denominator=given.get("denominator"),
        comment=given.get("comment", ""),
    )


def _cells(row, form, code, is_open):
    for table in form.tables:
        for codes, names in table.names.items():
            fields = (names,) if isinstance(names, str) else names
            yield CellRow(
                target_id=row.target.pk,
                code=code,
                name=row.target.indicator.name,
                table=table.title,
                label=table.labels[codes],
                names=fields,
                numbers=tuple(form.initial.get(name) for name in fields),
                places=row.target.indicator.places,
                is_open=is_open,
            )


def _expense(line):
    return ExpenseRow(
        budget_line=line.budget_line.code if line.budget_line else OUTSIDE_BUDGET,
        label=line.label,
        spent_on=line.spent_on,
        amount=line.amount,
        currency=line.currency,
        rate=line.rate if line.currency == CDF else None,
        rate_on=line.rate_on,
        rate_source=line.rate_source,
        note=line.note,
    )


def _digest(filled):
    """Of what was typed so far, not of words that depend on the day or the language."""
    typed = {
        "indicators": [
            (row.code, row.state, row.value, row.numerator, row.denominator, row.comment)
            for row in filled["indicators"]
        ],
        "cells": [(row.key, row.numbers) for row in filled["cells"]],
        "expenses": [dataclasses.astuple(row) for row in filled["expenses"]],
        "texts": [(row.name, row.text) for row in filled["texts"]],
    }
    return sha256_of(repr(typed))[:DIGEST_LENGTH]
