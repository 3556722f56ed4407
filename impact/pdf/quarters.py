"""The consolidated report of a closed quarter: what was missing first, then every version that counted, by partner.

It is ACE's own: small numbers of children are not withheld in it, and it says so on its first page.
"""

from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import override

from ace_partners.core.money import CURRENCIES, USD, Money, total
from ace_partners.core.numbers import number_words
from ace_partners.core.pdf import render_pdf
from impact import progress
from impact.figures.closing import ClosedExpense, ClosedReport, ClosedValue, ClosingFacts


@dataclass(frozen=True)
class ValueLine:
    """One indicator in words."""

    value: ClosedValue
    target_words: str
    words: str


@dataclass(frozen=True)
class LineTotal:
    """The expenses of one budget line in one report: how many, what was paid by currency, and the dollars."""

    code: str
    label: str
    count: int
    paid: tuple[Money, ...]
    usd: Money


@dataclass(frozen=True)
class ReportSection:
    report: ClosedReport
    values: tuple[ValueLine, ...]
    lines: tuple[LineTotal, ...]


@dataclass(frozen=True)
class PartnerSection:
    """One organisation: its reports that counted and what they spent."""

    name: str
    is_fictitious: bool
    reports: tuple[ReportSection, ...]
    usd: Money


def quarter_paper(facts: ClosingFacts):
    """PDF bytes, in French. Raises core.pdf.PdfError."""
    with override("fr"):
        title = _("Consolidated report %(quarter)s") % {"quarter": facts.quarter}
        context = {"facts": facts, "partners": by_partner(facts)}
        reference = _("closing %(number)s") % {"number": facts.number}
        description = _("Accepted reports of a quarter, and what was missing")
    return render_pdf("impact/pdf/quarter.html", context, title=title, reference=reference, description=description)


def by_partner(facts):
    """PartnerSections in the order of the facts, which is that of the names."""
    groups = groupby(facts.reports, key=lambda report: (report.slug, report.partner, report.is_fictitious))
    return tuple(_partner(name, is_fictitious, tuple(reports)) for (_slug, name, is_fictitious), reports in groups)


def _partner(name, is_fictitious, reports):
    sections = tuple(
        ReportSection(report, tuple(map(_value_line, report.values)), _line_totals(report.spending))
        for report in reports
    )
    return PartnerSection(name, is_fictitious, sections, total((report.spent_usd for report in reports), USD))


def _value_line(value):
    unit = "%" if value.kind == progress.Kind.PERCENTAGE else ""
    return ValueLine(value, number_words(value.target, unit), _words(value, unit))


def _words(value, unit):
    if value.value is not None:
        return number_words(value.value, unit)
    if not value.d:
        return value.state_words
    share = progress.shown_number(progress.number_of(value.kind, progress.Pair(value.n, value.d)))
    return f"{number_words(value.n)} / {number_words(value.d)} ({number_words(share, unit)})"


def _line_totals(spending: tuple[ClosedExpense, ...]):
    found: dict[tuple[str, str], list[ClosedExpense]] = {}
    for expense in spending:
        found.setdefault((expense.line, expense.line_label), []).append(expense)
    return tuple(
        LineTotal(code, label, len(expenses), _paid(expenses), total((expense.usd for expense in expenses), USD))
        for (code, label), expenses in found.items()
    )


def _paid(expenses):
    """What was paid, by currency: dollars and francs are never added."""
    return tuple(
        total((expense.paid for expense in expenses if expense.paid.currency == currency), currency)
        for currency in CURRENCIES
        if any(expense.paid.currency == currency for expense in expenses)
    )
