"""How far agreed targets are reached over a span of periods, for dashboards: every calculation is `impact.progress`'s.

Only accepted versions count, only targets agreed by both sides, and only the periods that end in the span: a status
says how the span went, and silence in it never looks good.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import Prefetch
from django.utils import timezone

from impact import masking, progress
from impact.figures.series import series_of
from impact.models import Indicator, IndicatorValue, Period, PeriodTarget, Target
from impact.progress import Coverage, Status

ALL_AREAS = "all"  # an indicator that belongs to every area


@dataclass(frozen=True)
class TargetStanding:
    """One agreed target over the span. `achievement`: 1 means 100 %, None where there is none.

    `few`: the figure to date rests on 1 to 4 children. `rows`: one progress.PeriodRow per period; `labels` names them.
    """

    target: int
    partner: int
    partner_name: str
    partner_slug: str
    fictitious: bool
    project: str
    indicator: Indicator
    baseline: Decimal | None
    final_target: Decimal | None
    labels: tuple[str, ...]
    rows: tuple[progress.PeriodRow, ...]
    progress: progress.Progress
    few: bool

    @property
    def status(self) -> Status:
        return self.progress.status

    @property
    def achievement(self) -> Fraction | None:
        return self.progress.achievement

    @property
    def coverage(self) -> Coverage:
        return self.progress.coverage


def standings(scope, *, codes=None, today=None):
    """A TargetStanding for each agreed target with a period in the span, by indicator; four queries.

    `codes` narrows to some indicators. `scope` is an `impact.figures.scope.Scope`.
    """
    today = today or timezone.localdate()
    targets = list(_targets(scope, codes))
    values = _accepted(scope, codes)
    return tuple(_standing(target, values[target.pk], today) for target in targets)


def _targets(scope, codes):
    periods = Period.objects.with_report().filter(scope.ending()).order_by("starts_on")
    rows = Target.objects.agreed().filter(project__in=scope.projects(in_area=False))
    rows = rows.filter(project__in=Period.objects.filter(scope.ending()).values("project"))
    if codes is not None:
        rows = rows.filter(indicator__code__in=codes)
    if scope.area:
        rows = rows.filter(indicator__area__in=[scope.area, ALL_AREAS])  # as figures across partners do
    return (
        rows.select_related("indicator", "project__partner")
        .prefetch_related(
            Prefetch("project__periods", queryset=periods, to_attr="in_span"),
            Prefetch("period_targets", queryset=PeriodTarget.objects.filter(scope.ending("period"))),
        )
        .order_by("indicator__code", "project__partner__name", "project__code", "pk")
    )


def _accepted(scope, codes):
    """{target id: {period id: accepted value row}} of the reports in the span."""
    rows = IndicatorValue.objects.filter(
        scope.ending("version__report__period"),
        version__accepted_for__isnull=False,
        version__report__project__in=scope.projects(in_area=False),
    )
    if codes is not None:
        rows = rows.filter(target__indicator__code__in=codes)
    found = defaultdict(dict)
    needed = rows.select_related("version__report").only(
        *("target_id", "state", "value", "numerator", "denominator", "version__report__period_id")
    )
    for row in needed:
        found[row.target_id][row.version.report.period_id] = row
    return found


def _standing(target, values, today):
    partner, periods = target.project.partner, target.project.in_span
    series = series_of(target, periods, values, today)
    return TargetStanding(
        target=target.pk,
        partner=partner.pk,
        partner_name=partner.name,
        partner_slug=partner.slug,
        fictitious=partner.is_fictitious,
        project=target.project.title,
        indicator=target.indicator,
        baseline=target.baseline,
        final_target=target.final_target,
        labels=tuple(period.label for period in periods),
        rows=progress.period_rows(series),
        progress=progress.progress_of(series),
        few=target.indicator.counts_children and _rests_on_few(series),
    )


def _rests_on_few(series):
    """Whether 1 to 4 children stand behind the figure to date, as a count, as a numerator or as the others of a fraction."""
    values = [period.accepted for period in series.valued]
    pairs = [value for value in values if isinstance(value, progress.Pair)]
    if not pairs:
        return masking.is_small(progress.actual_to_date(series))
    if series.calc == progress.Calculation.POOLED:
        n, d = sum(pair.n for pair in pairs), sum(pair.d for pair in pairs)
        return masking.is_small(n) or masking.is_small(d - n)
    shown = pairs if series.calc == progress.Calculation.MAX else pairs[-1:]
    return any(masking.is_small(pair.n) or masking.is_small(pair.d - pair.n) for pair in shown)


def distribution(found):
    """{area code: Counter of Status} of some TargetStandings; the area is the indicator's own."""
    counted = defaultdict(Counter)
    for standing in found:
        counted[standing.indicator.area][standing.status] += 1
    return dict(counted)
