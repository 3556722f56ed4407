"""What a closed quarter says: the accepted versions that counted and the reports that were missing at that moment.

Read once into frozen facts that the page, the workbook and the paper share. Only the rows that the closing names are
read, so that a later acceptance, target or rate changes nothing here.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Max, OuterRef, Subquery
from django.utils.translation import gettext as _

from ace_partners.core.dates import days_late, local_day
from ace_partners.core.money import USD, Money, total
from impact.figures.axes import Labels, axes_words
from impact.figures.sources import Revision, revision_of, revisions_of
from impact.grid import read_cells
from impact.models import IndicatorValue, Report, ReportVersion, SpendingLine, ValueState
from impact.progress import Pair
from impact.quarters import Quarter


@dataclass(frozen=True)
class ClosedCell:
    """One cell of a disaggregation. `value` is None for a fraction, which has `n` and `d`."""

    axes: str
    codes: str
    words: str
    value: Decimal | None
    n: Decimal | None
    d: Decimal | None


@dataclass(frozen=True)
class ClosedValue:
    """One indicator in one report. Without a number `state` says whether it is missing or not applicable."""

    code: str
    name: str
    unit_label: str
    kind: str
    calculation: str
    counts_children: bool
    target: Decimal | None
    state: str
    state_words: str
    value: Decimal | None
    n: Decimal | None
    d: Decimal | None
    comment: str
    shared: Decimal | None
    shared_with: str
    cells: tuple[ClosedCell, ...]


@dataclass(frozen=True)
class ClosedExpense:
    """One expense as it was accepted, with its frozen rate; `line` is "" outside the budget."""

    line: str
    line_label: str
    label: str
    spent_on: date
    paid: Money
    rate: Decimal
    rate_on: date | None
    rate_source: str
    usd: Money
    note: str


@dataclass(frozen=True)
class ClosedReport:
    """One accepted version that counted."""

    partner: str
    slug: str
    is_fictitious: bool
    project: str
    project_title: str
    period: str
    starts_on: date
    ends_on: date
    report_pk: int
    report: str
    version: int
    sha256: str
    submitted_at: datetime
    accepted_at: datetime
    days_late: int
    narrative: str
    difficulties: str
    lessons: str
    no_spending: bool
    revision: Revision | None
    values: tuple[ClosedValue, ...]
    spending: tuple[ClosedExpense, ...]

    @property
    def spent_usd(self):
        """The dollars of the lines at their frozen rates, added."""
        return total((line.usd for line in self.spending), USD)


@dataclass(frozen=True)
class MissingReport:
    """A report that did not count. `sent_at`: it had been sent by then, and was not accepted; else nothing had come.

    `days_late`: of that day, after grace and any later date the organisation had been given; 0 when it was not due yet.
    """

    partner: str
    slug: str
    is_fictitious: bool
    project: str
    project_title: str
    period: str
    report_pk: int
    report: str
    due_on: date
    sent_at: datetime | None
    days_late: int
    words: str


@dataclass(frozen=True)
class ClosingFacts:
    """A closed quarter as it was closed; `closed_by` is a name, `expected` all that was asked for."""

    quarter: Quarter
    number: int
    note: str
    closed_by: str
    closed_at: datetime
    sha256: str
    reports: tuple[ClosedReport, ...]
    missing: tuple[MissingReport, ...]

    @property
    def expected(self):
        return len(self.reports) + len(self.missing)

    @property
    def spent_usd(self):
        return total((report.spent_usd for report in self.reports), USD)


def read_closing(closing):
    """The ClosingFacts of a QuarterClose; eight queries at most, whatever it holds."""
    return ClosingFacts(
        quarter=Quarter(closing.year, closing.quarter),
        number=closing.number,
        note=closing.note,
        closed_by=str(closing.closed_by),
        closed_at=closing.closed_at,
        sha256=closing.sha256,
        reports=_reports(closing.versions),
        missing=_missing(closing),
    )


def _reports(version_ids):
    versions = (
        ReportVersion.objects.filter(pk__in=version_ids)
        .select_related("acceptance", "report__partner", "report__project", "report__period")
        .prefetch_related(revisions_of())
        .order_by("report__partner__name", "report__project__code", "report__period__starts_on", "pk")
    )
    values, spending = _values(version_ids), _spending(version_ids)
    return tuple(_report(version, values[version.pk], spending[version.pk]) for version in versions)


def _report(version, values, spending):
    report = version.report
    return ClosedReport(
        **_frame(report),
        starts_on=report.period.starts_on,
        ends_on=report.period.ends_on,
        version=version.number,
        sha256=version.sha256,
        submitted_at=version.submitted_at,
        accepted_at=version.acceptance.at,
        days_late=report.days_late(),
        narrative=version.narrative,
        difficulties=version.difficulties,
        lessons=version.lessons,
        no_spending=version.no_spending,
        revision=revision_of(version),
        values=tuple(values),
        spending=tuple(spending),
    )


def _frame(report):
    """What a report that counted and one that was missing are named by."""
    return {
        "partner": report.partner.name,
        "slug": report.partner.slug,
        "is_fictitious": report.partner.is_fictitious,
        "project": report.project.code,
        "project_title": report.project.title,
        "period": report.period.label,
        "report_pk": report.pk,
        "report": report.reference,
    }


def _values(version_ids):
    """{version id: [ClosedValue]} in the order of the indicators' codes."""
    rows = list(
        IndicatorValue.objects.filter(version__in=version_ids)
        .select_related("target__indicator", "shared_with")
        .order_by("target__indicator__code", "pk")
    )
    labels, found = Labels(rows), defaultdict(list)
    for row in rows:
        found[row.version_id].append(_value(row, labels))
    return found


def _value(row, labels):
    indicator = row.target.indicator
    return ClosedValue(
        code=indicator.code,
        name=indicator.name,
        unit_label=str(indicator.unit_label),
        kind=indicator.kind,
        calculation=indicator.calculation,
        counts_children=indicator.counts_children,
        target=row.period_target,
        state=row.state,
        state_words=state_words(row),
        value=row.value,
        n=row.numerator,
        d=row.denominator,
        comment=row.comment,
        shared=row.shared,
        shared_with=row.shared_with.name if row.shared_with else "",
        cells=tuple(_cells(row.cells, labels)),
    )


def state_words(row):
    """Zero, missing and not applicable are three things, and so are their words; 0/0 is not applicable (§c.1)."""
    if row.state == ValueState.NO_DATA:
        return _("no data")
    if row.state == ValueState.NOT_APPLICABLE or row.denominator == 0:
        return _("not applicable")
    return _("reported")


def _cells(kept, labels):
    for axes, table in read_cells(kept).items():
        for codes, number in table.items():
            is_pair = isinstance(number, Pair)
            named = (labels.of(axis, code) for axis, code in zip(axes, codes, strict=True))
            yield ClosedCell(
                axes=axes_words(axes),
                codes=".".join(codes),
                words=" × ".join(named),
                value=None if is_pair else number,
                n=number.n if is_pair else None,
                d=number.d if is_pair else None,
            )


def _spending(version_ids):
    """{version id: [ClosedExpense]} in the order of the budget."""
    found = defaultdict(list)
    rows = SpendingLine.objects.filter(version__in=version_ids).select_related("budget_line")
    for row in rows.order_by("budget_line__code", "spent_on", "pk"):
        found[row.version_id].append(
            ClosedExpense(
                line=row.budget_line.code if row.budget_line else "",
                line_label=row.budget_line.label if row.budget_line else _("Outside the budget"),
                label=row.label,
                spent_on=row.spent_on,
                paid=row.money,
                rate=row.rate,
                rate_on=row.rate_on,
                rate_source=row.rate_source,
                usd=row.usd,
                note=row.note,
            )
        )
    return found


def _missing(closing):
    came = ReportVersion.objects.filter(report=OuterRef("pk"), submitted_at__lte=closing.closed_at).order_by()
    last = came.values("report").annotate(last=Max("submitted_at")).values("last")
    reports = (
        Report.objects.filter(pk__in=closing.missing)
        .select_related("partner", "project", "period")
        .annotate(sent_by_then=Subquery(last))
        .order_by("partner__name", "project__code", "period__starts_on", "pk")
    )
    day = local_day(closing.closed_at)
    return tuple(_missing_report(report, day) for report in reports)


def _missing_report(report, day):
    first = report.first_submitted_at
    arrived = min(local_day(first), day) if first else day
    late = days_late(report.last_day, arrived)
    return MissingReport(
        **_frame(report),
        due_on=report.due_on,
        sent_at=report.sent_by_then,
        days_late=late,
        words=_missing_words(report.sent_by_then, late),
    )


def _missing_words(sent_at, late):
    if sent_at:
        return _("sent, not accepted yet")
    return _("not sent, late") if late else _("not sent, not late yet")
