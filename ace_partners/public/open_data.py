"""Open data of results and spending as CSV: the figures of the partners' pages, row by row, for machines.

UTF-8, commas, a head of codes; numbers with a dot, dates as YYYY-MM-DD, nothing for what is not known. Organisations are
read one after the other, so memory does not grow with them.
"""

import csv

from ace_partners.core.dates import local_day
from impact.figures import partner_results
from impact.figures.network_spending import spending_by_line
from impact.progress import RowState
from partners.models import Partner

RESULTS = (
    *("partner", "partner_name", "fictitious", "project", "indicator", "indicator_version", "unit"),
    *("period", "period_start", "period_end", "state", "value", "numerator", "denominator", "target"),
    *("report", "version", "accepted_on", "sha256"),
)
SPENDING = (
    *("partner", "partner_name", "fictitious", "project", "budget_line", "budget_label", "area"),
    *("period", "period_start", "period_end", "amount_usd", "amount", "currency", "lines", "frozen_rates"),
    *("budget", "budget_currency", "report", "version", "accepted_on", "sha256"),
)
STATES = {
    RowState.VALUE: "reported",
    RowState.NOT_APPLICABLE: "not_applicable",
    RowState.MISSING: "missing",
    RowState.AWAITED: "not_due",
    RowState.OPEN: "not_due",
    RowState.WAIVED: "not_asked",
}
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
AT_ONCE = 50


class _Echo:
    """A file that gives back what is written to it."""

    @staticmethod
    def write(line):
        return line


def lines(head, rows):
    """Lines of CSV, one after the other."""
    writer = csv.writer(_Echo())
    yield writer.writerow(head)
    for row in rows:
        yield writer.writerow(row)


def text(value):
    """A text that no spreadsheet takes for a formula."""
    return f"'{value}" if value.startswith(FORMULA) else value


def number(value):
    """Plain digits with a dot, no zeros at the end; "" for what is not known."""
    if value is None:
        return ""
    digits = f"{value:f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def _partners():
    """Published organisations, some at a time."""
    pks = list(Partner.objects.published().order_by("slug").values_list("pk", flat=True))
    for start in range(0, len(pks), AT_ONCE):
        yield from Partner.objects.published().filter(pk__in=pks[start : start + AT_ONCE]).order_by("slug")


def _who(partner):
    return (partner.slug, text(partner.name), "yes" if partner.is_fictitious else "no")


def results_rows():
    """One row for each partner, project, indicator and period, as RESULTS names them."""
    for partner in _partners():
        for project in partner_results(partner):
            for target in project.targets:
                about = (*_who(partner), project.code, target.code, target.version, target.unit)
                for row in target.rows:
                    yield (*about, *_period(row), *_origin(row.source))


def _period(row):
    state = "masked" if row.is_masked else STATES[row.state]
    if state == "missing" and row.source:
        state = "no_data"  # an accepted report that gives the reason why there is no number
    numbers = (row.value, row.n, row.d, row.target)
    return (text(row.label), row.starts_on.isoformat(), row.ends_on.isoformat(), state, *map(number, numbers))


def _origin(source):
    if source is None:
        return ("", "", "", "")
    return (source.report, source.version, local_day(source.accepted_at).isoformat(), source.sha256)


def spending_rows():
    """One row for each partner, project, period, budget line and currency, as SPENDING names them."""
    for partner in _partners():
        for row in spending_by_line(partner):
            yield (
                *(*_who(partner), row.project, text(row.line), text(row.label), row.area),
                *(text(row.period), row.starts_on.isoformat(), row.ends_on.isoformat()),
                *(f"{row.usd.amount:.2f}", f"{row.paid.amount:.2f}", row.paid.currency, row.lines, row.rates),
                *((f"{row.budget.amount:.2f}", row.budget.currency) if row.budget else ("", "")),
                *(row.report, row.version, local_day(row.accepted_at).isoformat(), row.sha256),
            )
