"""What figures across partners are made of, read once: targets in force, their periods, accepted values.

Six queries, however many partners there are. Rows come as plain tuples: a network of years is thousands of them.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Max, Min
from django.utils import timezone

from impact.across import Told
from impact.deadlines import Phase, is_expected
from impact.figures.series import value_of
from impact.models import Indicator, IndicatorValue, Period, ProjectPlace, Report, Target
from impact.progress import Value


@dataclass(frozen=True)
class ValueRow:
    """One accepted value with where it comes from."""

    pk: int
    state: str
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    shared: Decimal | None
    report: int
    version: int
    accepted_at: datetime
    sha256: str

    @property
    def told(self) -> Told:
        return Told(value_of(self), self.shared or Decimal(0))


@dataclass(frozen=True)
class PeriodRow:
    label: str
    starts_on: date
    ends_on: date
    phase: Phase
    accepted: ValueRow | None

    @property
    def value(self) -> Value:
        return self.accepted.told.value if self.accepted else None

    @property
    def is_expected(self) -> bool:
        return is_expected(self.phase, is_accepted=self.value is not None)

    @property
    def is_waived(self) -> bool:
        return self.phase == Phase.WAIVED


@dataclass(frozen=True)
class TargetRow:
    """One target in force of one partner, with its periods in order of time."""

    pk: int
    indicator: Indicator
    project: str
    project_title: str
    partner: int
    partner_name: str
    partner_slug: str
    is_fictitious: bool
    periods: tuple[PeriodRow, ...]


def read_targets(*, public, area=None, place=None, code=None):
    """TargetRows of agreed targets. `public`: of published organisations only. `area`: a code of partners.Area.

    `place`: projects that work there or below it. `code`: one indicator, all its versions.
    """
    targets = Target.objects.agreed().order_by("pk")
    if public:
        targets = targets.filter(project__partner__is_published=True)
    if area:
        targets = targets.filter(indicator__area__in=[area, "all"])
    if place is not None:
        targets = targets.filter(project__in=_projects_at(place))
    if code:
        targets = targets.filter(indicator__code=code)
    names = ("pk", "indicator_id", "project_id", "project__code", "project__title", "project__partner_id")
    partner = [f"project__partner__{name}" for name in ("name", "slug", "is_fictitious")]
    rows = list(targets.values_list(*names, *partner))
    indicators = Indicator.objects.filter(pk__in={row[1] for row in rows}).in_bulk()
    values, periods = _values(targets), _periods(targets)
    return tuple(
        TargetRow(
            pk, indicators[indicator], code, title, *rest,
            periods=tuple(PeriodRow(*facts, values.get((pk, period))) for period, *facts in periods[project]),
        )
        for pk, indicator, project, code, title, *rest in rows
    )  # fmt: skip


def _projects_at(place):
    return ProjectPlace.objects.filter(place__lineage__startswith=place.lineage).values("project")


def _periods(targets):
    """{project: [(period, label, start, end, phase)]} in order of time."""
    today, found = timezone.localdate(), defaultdict(list)
    rows = Period.objects.with_report().filter(project__in=targets.order_by().values("project"))
    for row in rows.order_by("starts_on"):
        found[row.project_id].append((row.pk, row.label, row.starts_on, row.ends_on, row.phase(today)))
    return found


def _values(targets):
    """{(target, period): ValueRow} of the versions in force."""
    rows = IndicatorValue.objects.filter(
        version__accepted_for__isnull=False, target__in=targets.order_by().values("pk")
    ).order_by()
    columns = ("pk", "state", "value", "numerator", "denominator", "shared")
    origin = ("report_id", "number", "acceptance__at", "sha256")
    names = ("target_id", "version__report__period_id", *columns, *(f"version__{name}" for name in origin))
    return {(target, period): ValueRow(*facts) for target, period, *facts in rows.values_list(*names)}


def read_cells(start, end):
    """{value row: cells as stored} of the accepted values of a span that have any."""
    rows = IndicatorValue.objects.filter(
        version__accepted_for__isnull=False, version__report__period__ends_on__range=(start, end)
    )
    return dict(rows.exclude(cells={}).order_by().values_list("pk", "cells"))


def reported_years():
    """Calendar years in which an accepted period of a published organisation ends, newest first; this year if there is none."""
    accepted = Report.objects.filter(accepted_version__isnull=False, partner__is_published=True)
    found = accepted.aggregate(first=Min("period__ends_on"), last=Max("period__ends_on"))
    if found["first"] is None:
        return (timezone.localdate().year,)
    return tuple(range(found["last"].year, found["first"].year - 1, -1))
