"""Open data of results and spending as CSV: the figures of the partners' pages, row by row, for machines.

UTF-8, commas, a head of codes; numbers with a dot, dates as YYYY-MM-DD, nothing for what is not known. Organisations are
read one after the other, so memory does not grow with them.
"""

from ace_partners.core.dates import local_day
from ace_partners.core.numbers import plain_digits
from ace_partners.core.sheets import as_text
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
AT_ONCE = 50


def _partners():
    """Published organisations, some at a time."""
    pks = list(Partner.objects.published().order_by("slug").values_list("pk", flat=True))
    for start in range(0, len(pks), AT_ONCE):
        yield from Partner.objects.published().filter(pk__in=pks[start : start + AT_ONCE]).order_by("slug")


def _who(partner):
    return (partner.slug, as_text(partner.name), "yes" if partner.is_fictitious else "no")


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
    return (as_text(row.label), row.starts_on.isoformat(), row.ends_on.isoformat(), state, *map(plain_digits, numbers))


def _origin(source):
    if source is None:
        return ("", "", "", "")
    return (source.report, source.version, local_day(source.accepted_at).isoformat(), source.sha256)


def spending_rows():
    """One row for each partner, project, period, budget line and currency, as SPENDING names them."""
    for partner in _partners():
        for row in spending_by_line(partner):
            yield (
                *(*_who(partner), row.project, as_text(row.line), as_text(row.label), row.area),
                *(as_text(row.period), row.starts_on.isoformat(), row.ends_on.isoformat()),
                *(f"{row.usd.amount:.2f}", f"{row.paid.amount:.2f}", row.paid.currency, row.lines, row.rates),
                *((f"{row.budget.amount:.2f}", row.budget.currency) if row.budget else ("", "")),
                *(row.report, row.version, local_day(row.accepted_at).isoformat(), row.sha256),
            )
