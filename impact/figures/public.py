"""What the public may know of results: accepted versions only, small numbers of children masked.

One module feeds the partner page, its PDF and, later, the open data, so that they can never differ (design §9).
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from ace_partners.core.charts import Absent, Meter, Point, ProgressChart, said_value
from ace_partners.core.dates import local_day
from ace_partners.core.numbers import number_words
from impact import masking, progress
from impact.figures.consultations import ConsultationFact, JointFact, consultation_facts, joint_facts
from impact.figures.explained import Step, steps_of
from impact.figures.revisions import PublicRevision, public_revision
from impact.figures.series import STATUS_WORDS, series_of
from impact.figures.sources import Source, revisions_of, source_of, versions_at
from impact.masking import MASKED
from impact.models import IndicatorValue, JointPartner, Period, Project, RevisionStatus, Target, TargetRevision
from impact.progress import RowState, Shown

ABSENT = {
    RowState.NOT_APPLICABLE: Absent.NOT_APPLICABLE,
    RowState.MISSING: Absent.NOT_REPORTED,
    RowState.AWAITED: Absent.NOT_DUE,
    RowState.OPEN: Absent.NOT_DUE,
    RowState.WAIVED: Absent.NOT_ASKED,
}


@dataclass(frozen=True)
class PeriodFigure:
    """One period of one target. `value` is None when absent or masked, and `words` says which; `parts` is "147 / 270"."""

    label: str
    starts_on: date
    ends_on: date
    state: RowState
    value: Decimal | None
    words: str
    parts: str
    target: Decimal | None
    target_words: str
    is_masked: bool
    source: Source | None
    n: Decimal | None = None
    d: Decimal | None = None


@dataclass(frozen=True)
class TargetResult:
    """One indicator of one project: where it began, where it wants to be, where it stands.

    `progress` and `shown` hold nothing that a masked figure would give away: everything but the coverage is None then.
    `status` is a code of progress.Status, or "masked".
    `revisions`: what changed in the target since both sides agreed on it, newest first.
    `chart` shows the periods; `meter`, for new results that add up, the sum on its way to the final target.
    """

    code: str
    name: str
    definition: str
    unit: str
    unit_label: str
    kind: str
    direction: str
    direction_label: str
    baseline_state: str
    baseline: Decimal | None
    baseline_words: str
    baseline_on: date | None
    final_target: Decimal | None
    final_words: str
    progress: progress.Progress
    shown: Shown
    status: str
    status_words: str
    actual_words: str
    is_masked: bool
    rows: tuple[PeriodFigure, ...]
    sources: tuple[Source, ...]
    chart: ProgressChart | None
    meter: Meter | None
    version: int
    calculation: str
    steps: tuple[Step, ...]  # how the figure to date was calculated, number by number
    revisions: tuple[PublicRevision, ...] = ()


@dataclass(frozen=True)
class ProjectResults:
    code: str
    title: str
    summary: str
    needs: str
    on_site: bool
    starts_on: date
    ends_on: date
    areas: tuple[str, ...]
    places: tuple[str, ...]
    consultations: tuple[ConsultationFact, ...]
    joint: tuple[JointFact, ...]
    targets: tuple[TargetResult, ...]


def partner_results(partner):
    """Every project of a partner with its targets and accepted results. The number of queries does not depend on theirs."""
    projects = list(
        Project.objects.filter(partner=partner)
        .prefetch_related("areas", "places__place", _periods(), "consultations")
        .prefetch_related(Prefetch("joint_partners", JointPartner.objects.select_related("partner")))
        .order_by("-starts_on", "pk")
    )
    targets = defaultdict(list)
    for target in told(Target.objects.agreed().filter(project__in=projects)):
        targets[target.project_id].append(target)
    accepted = accepted_values(partner)
    today = timezone.localdate()
    return [_project_results(project, targets[project.pk], accepted, today) for project in projects]


def _periods():
    return Prefetch("periods", Period.objects.with_report().order_by("starts_on"))


def told(targets):
    """`targets` with what `target_result` reads: indicator, period targets, and the revisions that both sides agreed."""
    agreed = TargetRevision.objects.filter(status=RevisionStatus.AGREED).order_by("-number")
    return targets.select_related("indicator").prefetch_related(
        "period_targets", Prefetch("revisions", queryset=agreed, to_attr="agreed_revisions")
    )


def results_at(version, targets):
    """ProjectResults of an accepted version's project as the public knew them that day, for these of its targets.

    What was accepted later does not count, not even a correction of this very report. `targets` come from `told`.
    """
    report, moment = version.report, version.acceptance.at
    project = Project.objects.prefetch_related("areas", "places__place", _periods()).get(pk=report.project_id)
    accepted = _by_target(IndicatorValue.objects.filter(version__in=versions_at(report.project_id, moment)))
    return _project_results(project, targets, accepted, local_day(moment))


def accepted_values(partner):
    """{target id: {period id: (value row, source)}} of the accepted versions of a partner."""
    return _by_target(IndicatorValue.objects.filter(version__accepted_for__partner=partner))


def _by_target(values):
    found = defaultdict(dict)
    rows = values.select_related("version__acceptance", "version__report__period")
    for row in rows.prefetch_related(revisions_of("version__")):
        found[row.target_id][row.version.report.period_id] = (row, source_of(row.version))
    return found


def _project_results(project, targets, accepted, today):
    periods = project.periods.all()
    return ProjectResults(
        code=project.code,
        title=project.title,
        summary=project.summary,
        needs=project.needs,
        on_site=project.on_site,
        starts_on=project.starts_on,
        ends_on=project.ends_on,
        areas=tuple(area.get_area_display() for area in project.areas.all()),
        places=tuple(str(place.place) for place in project.places.all()),
        consultations=consultation_facts(project),
        joint=joint_facts(project),
        targets=tuple(target_result(target, periods, accepted.get(target.pk, {}), today) for target in targets),
    )


def target_result(target, periods, accepted, today):
    """The TargetResult of one target. `accepted` maps period ids to (value row, source); `periods` in order of time."""
    indicator, unit = target.indicator, _axis_unit(target.indicator)
    series = series_of(target, periods, {period: row for period, (row, _origin) in accepted.items()}, today)
    counted, reached = progress.period_rows(series), progress.progress_of(series)
    numbers, parts, hidden = _masked(indicator, series, counted)
    reached = _without_figures(reached) if hidden else reached
    rows = tuple(
        _period_figure(period, row, number, part, unit, accepted.get(period.pk))
        for period, row, number, part in zip(periods, counted, numbers, parts, strict=True)
    )
    shown = progress.shown(reached)
    return TargetResult(
        code=indicator.code,
        name=indicator.name,
        definition=indicator.definition,
        unit=indicator.unit,
        unit_label=str(indicator.unit_label),
        kind=indicator.kind,
        direction=indicator.direction,
        direction_label=indicator.get_direction_display(),
        baseline_state=target.baseline_state,
        baseline=target.baseline,
        baseline_words=number_words(target.baseline, unit)
        if target.baseline is not None
        else target.get_baseline_state_display(),
        baseline_on=target.baseline_on,
        final_target=target.final_target,
        final_words=number_words(target.final_target, unit),
        progress=reached,
        shown=shown,
        status="masked" if hidden else reached.status,
        status_words=_("withheld, small numbers") if hidden else str(STATUS_WORDS[reached.status]),
        actual_words=_("withheld") if hidden else number_words(shown.actual, unit),
        is_masked=hidden,
        rows=rows,
        sources=tuple(row.source for row in rows if row.source),
        chart=_chart(target, unit, rows) if rows else None,
        meter=_meter(target, unit, shown, hidden),
        version=indicator.version,
        calculation=indicator.calculation,
        steps=steps_of(series, shown, numbers=[None if n is MASKED else n for n in numbers], unit=unit),
        revisions=_revisions(target, unit, periods),
    )


def _revisions(target, unit, periods):
    labels = {period.number: period.label for period in periods}
    return tuple(public_revision(row, unit, labels) for row in target.agreed_revisions)


def _axis_unit(indicator):
    return "%" if indicator.unit == "%" else str(indicator.unit_label)


def _masked(indicator, series, counted):
    """(numbers, parts, whether the figure to date is hidden): period by period, in the order of the series.

    A sum is published with its total, so small periods hide behind others; a level is published period by period, and
    the figure to date is the last of them.
    """
    values = [period.accepted for period in series.periods]
    if indicator.is_fraction:
        return _masked_fractions(indicator, series, values, counted)
    numbers = [None if row.value is None else progress.shown_number(row.value) for row in counted]
    is_sum = series.calc == progress.Calculation.SUM
    masked = masking.mask_series(numbers, is_sum, counts_children=indicator.counts_children)
    if is_sum:
        hidden = masked.total is MASKED
    else:
        # The last level, or the highest: it is one of the cells, so it goes with any cell equal to it.
        hidden = any(
            cell is MASKED and row.value == progress.actual_to_date(series)
            for cell, row in zip(masked.values, counted, strict=True)
        )
    return masked.values, [None] * len(numbers), hidden


def _masked_fractions(indicator, series, values, counted):
    """n and d of each period; the pooled figure is published with them, so they are masked together."""
    pairs = [(value.n, value.d) if progress.has_value(value) else (None, None) for value in values]
    children = indicator.counts_children
    if series.calc == progress.Calculation.POOLED:
        fractions, pooled = masking.mask_fractions(pairs, counts_children=children)
        hidden = pooled.percentage is MASKED
    else:
        fractions = tuple(masking.mask_fraction(n, d, counts_children=children) for n, d in pairs)
        present = [fraction for fraction, value in zip(fractions, values, strict=True) if progress.has_value(value)]
        hidden = any(fraction.percentage is MASKED for fraction in present[-1:])
    numbers = [
        MASKED if fraction.percentage is MASKED else (None if row.value is None else progress.shown_number(row.value))
        for fraction, row in zip(fractions, counted, strict=True)
    ]
    return numbers, [_parts(fraction) for fraction in fractions], hidden


def _parts(fraction):
    """(n, d) where the percentage may be shown."""
    if fraction.n is None or fraction.percentage is MASKED:
        return None
    return fraction.n, fraction.d


def _without_figures(reached):
    """Coverage stays; everything that would give a masked figure away goes with it."""
    return replace(
        reached, actual=None, achievement=None, progress=None, met=None, status=progress.Status.NOT_APPLICABLE
    )


def _period_figure(period, row, number, parts, unit, accepted):
    masked = number is MASKED
    # An accepted report that says « pas de données » is a gap, also before the deadline: nothing is awaited any more.
    state = RowState.MISSING if accepted and row.state == RowState.AWAITED else row.state
    point = _point(period, row, number, state)
    return PeriodFigure(
        label=period.label,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        state=state,
        value=None if masked else number,
        words=said_value(point, unit),
        parts=f"{number_words(parts[0])} / {number_words(parts[1])}" if parts else "",
        target=row.target,
        target_words=number_words(row.target, unit),
        is_masked=masked,
        source=accepted[1] if accepted else None,
        n=parts[0] if parts else None,
        d=parts[1] if parts else None,
    )


def _point(period, row, number, state):
    if number is MASKED:
        return Point(period.label, None, row.target, absent=Absent.MASKED)
    if number is None:
        return Point(period.label, None, row.target, absent=ABSENT[state])
    return Point(period.label, number, row.target)


def _chart(target, unit, rows):
    is_sum = target.indicator.calculation == progress.Calculation.SUM
    points = tuple(
        Point(row.label, row.value, row.target, absent=_absence(row) if row.value is None else None) for row in rows
    )
    return ProgressChart(
        title=target.indicator.name,
        unit=unit,
        points=points,
        # On the scale of single periods neither belongs to a sum (see core.charts.ProgressChart).
        baseline=None if is_sum else target.baseline,
        final=None if is_sum else target.final_target,
    )


def _absence(row):
    return Absent.MASKED if row.is_masked else ABSENT[row.state]


def _meter(target, unit, shown, hidden):
    """The sum on its way to the final target; only where more is better and there is a target to reach."""
    indicator = target.indicator
    if indicator.calculation != progress.Calculation.SUM or indicator.direction != progress.Direction.INCREASE:
        return None
    if not target.final_target:
        return None
    return Meter(
        title=_("%(indicator)s: so far, out of the final target") % {"indicator": indicator.name},
        unit=unit,
        value=None if hidden else shown.actual,
        maximum=target.final_target,
        absent=Absent.MASKED if hidden else (Absent.NOT_REPORTED if shown.actual is None else None),
    )
