"""Quarters by query: the list of them, the matrix partner × project × report of one, and what a closing would count."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce, ExtractQuarter, ExtractYear
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from impact.models import CorrectionRequest, IndicatorValue, QuarterClose, Report, ReportStatus, ValueState
from impact.models.reports import WITH_PARTNER, past_last_day
from impact.quarters import Quarter

AT_ACE = (ReportStatus.SUBMITTED, ReportStatus.IN_REVIEW)
NOT_IN = Q(status__in=WITH_PARTNER, accepted_version__isnull=True)


def late(today):
    """The condition "not in, past its last day": what `Report.days_late` says of each."""
    return NOT_IN & past_last_day(today)


@dataclass(frozen=True)
class QuarterLine:
    """One quarter in the list. `closing` is the newest QuarterClose or None."""

    quarter: Quarter
    expected: int
    accepted: int
    at_ace: int
    not_in: int
    closing: QuarterClose | None


@dataclass(frozen=True)
class MatrixRow:
    """One report of a quarter: where it stands, the version that counts (a number, or None), and what is missing."""

    report: Report
    days_late: int
    version: int | None
    missing: tuple[str, ...]


@dataclass(frozen=True)
class QuarterCounts:
    """All reports of a quarter that a reader may see; `late` are those not in, past their day."""

    expected: int
    accepted: int
    at_ace: int
    not_in: int
    late: int
    waived: int


def reports_of(quarter, reports=None):
    """The reports of the periods that end in this quarter, among `reports` or all."""
    reports = Report.objects.all() if reports is None else reports
    return reports.filter(period__ends_on__range=(quarter.starts_on, quarter.ends_on))


def read_quarters(reports, closings, page_number, per_page):
    """A page of QuarterLines, the newest first: three queries, whatever the number of quarters."""
    grouped = (
        reports.order_by()
        .annotate(year=ExtractYear("period__ends_on"), quarter=ExtractQuarter("period__ends_on"))
        .values("year", "quarter")
        .annotate(**_counted())
        .order_by("-year", "-quarter")
    )
    page_obj = Paginator(grouped, per_page).get_page(page_number)
    rows = list(page_obj.object_list)
    closed = {}
    for closing in closings.filter(year__in={row["year"] for row in rows}).order_by("number"):
        closed[closing.year, closing.quarter] = closing
    page_obj.object_list = [_line(row, closed) for row in rows]
    return page_obj


def _counted():
    asked = ~Q(status=ReportStatus.WAIVED)
    return {
        "expected": Count("pk", filter=asked),
        "accepted": Count("pk", filter=Q(accepted_version__isnull=False)),
        "at_ace": Count("pk", filter=Q(status__in=AT_ACE, accepted_version__isnull=True)),
        "not_in": Count("pk", filter=NOT_IN),
    }


def _line(row, closed):
    return QuarterLine(
        quarter=Quarter(row["year"], row["quarter"]),
        closing=closed.get((row["year"], row["quarter"])),
        **{name: row[name] for name in ("expected", "accepted", "at_ace", "not_in")},
    )


def count_quarter(reports, today=None):
    """The QuarterCounts of these reports; one query."""
    today = today or timezone.localdate()
    counts = reports.aggregate(
        **_counted(),
        late=Count("pk", filter=late(today)),
        waived=Count("pk", filter=Q(status=ReportStatus.WAIVED)),
    )
    return QuarterCounts(**counts)


def exceptions_first(reports, today=None):
    """Reports in the order of concern: late, not in, with ACE, accepted, not asked for; with what a row names."""
    today = today or timezone.localdate()
    place = Case(
        When(late(today), then=Value(0)),
        When(status__in=WITH_PARTNER, then=Value(1)),
        When(status__in=AT_ACE, then=Value(2)),
        When(status=ReportStatus.ACCEPTED, then=Value(3)),
        default=Value(4),
        output_field=IntegerField(),
    )
    return (
        reports.with_started()
        .with_due_day()
        .annotate(
            place=place,
            asked=_counted_rows(CorrectionRequest, sent_at__isnull=False, answered_at__isnull=True),
            no_data=_counted_rows(IndicatorValue, on="version", outer="accepted_version", state=ValueState.NO_DATA),
        )
        .select_related("partner", "project", "period", "accepted_version")
        .order_by("place", "due_day", "partner__name", "project__code", "pk")
    )


def _counted_rows(model, *, on="report", outer="pk", **only):
    rows = model.objects.filter(**{on: OuterRef(outer)}, **only).order_by()
    counted = rows.annotate(_all=Value(1)).values("_all").annotate(n=Count("pk")).values("n")
    return Coalesce(counted, Value(0), output_field=IntegerField())


def matrix_row(report):
    """The MatrixRow of a report read with `exceptions_first`; no query."""
    return MatrixRow(
        report=report,
        days_late=report.days_late(),
        version=report.accepted_version.number if report.accepted_version_id else None,
        missing=tuple(_missing(report)),
    )


def _missing(report):
    """What keeps this report from counting, or what it counts without."""
    if report.status == ReportStatus.WAIVED:
        return
    if report.is_reopened:
        yield _("it was reopened: the accepted version counts until the next one")
    elif report.status == ReportStatus.OPEN:
        words = _("not sent; %(done)s of %(all)s indicators filled in")
        yield words % {"done": report.values_done, "all": report.targets_count}
    elif report.status == ReportStatus.CHANGES_REQUESTED:
        words = ngettext("%(n)s correction is awaited", "%(n)s corrections are awaited", report.asked)
        yield words % {"n": report.asked}
    elif report.status in AT_ACE:
        yield _("ACE has to examine it") if report.status == ReportStatus.SUBMITTED else _("ACE is examining it")
    if report.no_data:
        words = ngettext("%(n)s indicator without data", "%(n)s indicators without data", report.no_data)
        yield words % {"n": report.no_data}


def standing_of_quarter(quarter):
    """(ids of the accepted versions that count, ids of the reports that are missing), as they are now; one query."""
    asked = reports_of(quarter).exclude(status=ReportStatus.WAIVED).order_by("pk")
    rows = list(asked.values_list("pk", "accepted_version"))
    return sorted(v for _pk, v in rows if v is not None), sorted(pk for pk, version in rows if version is None)


def reports_to_remind(reports, today=None):
    """Of these reports, those that lie with the organisation, never accepted, of periods that are over."""
    today = today or timezone.localdate()
    waiting = reports.filter(NOT_IN, period__ends_on__lt=today).select_related("partner", "project", "period")
    return waiting.with_due_day().order_by("partner__name", "partner", F("due_day"), "pk")
