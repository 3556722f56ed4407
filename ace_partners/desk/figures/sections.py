"""What a section of a dashboard is made of, and the words that ACE's dashboard and an organisation's own share."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ace_partners.core.sheets import Column, Kind, Sheet, line
from impact.progress import Status

# The order in which targets are looked at: what is wrong or silent first. (status, look of its part in a bar)
LOOKS = {
    Status.OFF_TRACK: "bad",
    Status.NO_DATA: "silent",
    Status.MISSING_DATA: "silent",
    Status.WATCH: "watch",
    Status.NO_BASELINE: "neutral",
    Status.NO_TARGET: "neutral",
    Status.NOT_APPLICABLE: "neutral",
    Status.ON_TRACK: "good",
    Status.EXCEEDED: "above",
    Status.NOT_DUE: "neutral",
    Status.CONTEXT: "neutral",
}
ORDER = {status: place for place, status in enumerate(LOOKS)}


@dataclass(frozen=True)
class Section:
    """One subject: `lead` says what counts, `coverage` out of how many ("5/7 reports accepted"), `empty` why nothing is there.

    `charts` are of core.charts; `series` are more of them, one for each line of a subject, page by page; `sheets` are the same facts and more, as tables, and what an export holds.
    """

    key: str
    title: str
    lead: str
    coverage: str = ""
    charts: tuple = ()
    series: tuple = ()
    sheets: tuple[Sheet, ...] = ()
    empty: str = ""

    @property
    def series_param(self):
        """The parameter of the address that turns the pages of `series`."""
        return f"page-{self.key}-series"

    @property
    def shown_sheets(self):
        """Without the tables that have no line."""
        return tuple(sheet for sheet in self.sheets if sheet.lines)


def spending_line_sheet(figures, title, *, named, url_of=lambda line: ""):
    """Budget lines with what was spent on them; `named`: with the organisation of each."""
    columns = (
        *((Column(_("Organisation")),) if named else ()),
        *(Column(_("Project")), Column(_("Code")), Column(_("Line"))),
        Column(_("Budget, USD"), Kind.AMOUNT),
        Column(_("Budget, CDF"), Kind.AMOUNT),
        Column(_("In the span, USD"), Kind.AMOUNT),
        Column(_("To date, USD"), Kind.AMOUNT),
        Column(_("Share, %"), Kind.PERCENT),
        Column(_("Remark")),
    )
    lines = tuple(
        line(
            columns,
            (*((row.partner_name,) if named else ()), *_line_values(row)),
            url=url_of(row),
            fictitious=named and row.fictitious,
        )
        for row in figures.lines
    )
    return Sheet("depenses-lignes", title, columns, lines)


def _line_values(row):
    budget = row.budget
    return (
        row.project,
        row.code,
        row.label,
        budget.amount if budget and budget.currency == "USD" else None,
        budget.amount if budget and budget.currency == "CDF" else None,
        row.in_span,
        row.to_date,
        row.share,
        _("over 110 per cent of the line") if row.is_over else _("outside the budget") if budget is None else "",
    )


def rate_columns():
    """The columns of reports expected, accepted and in time, with their two rates."""
    return (
        Column(_("Reports expected"), Kind.NUMBER),
        Column(_("Accepted"), Kind.NUMBER),
        Column(_("Sent in time"), Kind.NUMBER),
        Column(_("Completeness, %"), Kind.PERCENT),
        Column(_("Punctuality, %"), Kind.PERCENT),
    )


def rate_values(figure):
    return (figure.expected, figure.accepted, figure.in_time, figure.completeness, figure.timeliness)


def reports_coverage(figure):
    """ "5/7 expected reports accepted": what stands behind every sum of accepted reports."""
    return _("%(k)s/%(n)s expected reports accepted") % {"k": figure.accepted, "n": figure.expected}
