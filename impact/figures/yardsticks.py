"""The yardsticks of one target in words (`impact.yardsticks` does the arithmetic): accepted versions only.

ACE always reads the comparison. The organisation reads it from three other partners on, without names, and without
those whose small numbers of children the public would not see (design §9).
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ace_partners.core.numbers import number_words
from impact import masking, yardsticks
from impact.figures.revisions import number_of
from impact.figures.series import value_of
from impact.masking import MASKED
from impact.models import IndicatorValue, RevisionStatus
from impact.progress import Calculation, Direction, Pair, half_up, has_value, shown_number
from impact.yardsticks import Reading

FEWEST_OTHERS = 3  # below, an organisation could guess who is meant


@dataclass(frozen=True)
class Yardsticks:
    """Sentences, empty where there is nothing to say. `doubt`: the proposal asks for no more than the trend."""

    trend: str
    comparison: str
    proposed: str
    doubt: str
    rationale: str


def yardsticks_of(project, indicator, *, target=None, for_team):
    """The Yardsticks of a target, or of an indicator on which none is written yet. Three queries at most.

    `for_team`: ACE reads, so nothing is withheld. `target.period_targets` and their periods are read. A revision that
    waits is what both sides look at: its numbers are the ones compared.
    """
    periods = list(project.periods.order_by("starts_on"))
    own, others = _readings(project, indicator)
    found = _trend(project, indicator, target, periods, own)
    aim = _aim_of(target, periods) if target else None
    compared = yardsticks.compare(indicator.kind, indicator.calculation, _told(indicator, others, for_team))
    return Yardsticks(
        trend=_trend_words(found, indicator) if found else "",
        comparison=_comparison_words(compared, indicator, for_team),
        proposed=_aim_words(project, indicator, aim) if aim else "",
        doubt=_doubt(found, indicator, aim) if found and aim else "",
        rationale=target.rationale if target else "",
    )


def _readings(project, indicator):
    """(readings of this project, {other partner: readings}): accepted values of the same indicator, in any of its
    versions that is counted in the same way."""
    rows = IndicatorValue.objects.filter(
        version__accepted_for__isnull=False,
        target__indicator__code=indicator.code,
        target__indicator__kind=indicator.kind,
        target__indicator__calculation=indicator.calculation,
        target__indicator__unit=indicator.unit,
    ).select_related("version__report__period")
    own, others = [], defaultdict(list)
    for row in rows.order_by("version__report__period__ends_on", "pk"):
        report = row.version.report
        reading = Reading(report.period.starts_on, report.period.ends_on, value_of(row))
        if report.project_id == project.pk:
            own.append(reading)
        elif report.partner_id != project.partner_id:
            others[report.partner_id].append(reading)
    return own, others


def _told(indicator, others, for_team):
    """The readings of each other partner that this reader may learn from; none when too few are left."""
    told = [readings for readings in others.values() if any(has_value(each.value) for each in readings)]
    if for_team:
        return told
    if indicator.counts_children:
        told = [readings for readings in told if not any(_is_small(each.value) for each in readings)]
    return told if len(told) >= FEWEST_OTHERS else []


def _is_small(value):
    if not has_value(value):
        return False
    if isinstance(value, Pair):
        return masking.mask_fraction(value.n, value.d, counts_children=True).percentage is MASKED
    return masking.is_small(value)


def _trend(project, indicator, target, periods, own):
    first = periods[0] if periods else None
    return yardsticks.trend(
        indicator.kind,
        indicator.calculation,
        readings=own,
        baseline=target.baseline if target else None,
        baseline_on=target.baseline_on if target else None,
        starts_on=project.starts_on,
        ends_on=project.ends_on,
        period_months=yardsticks.months_of(first.starts_on, first.ends_on) if first else yardsticks.QUARTER,
    )


def _trend_words(found, indicator):
    # Nobody expects 983.08 members: what is counted is extrapolated to a whole number.
    value = number_words(half_up(found.at_end, indicator.places), indicator.unit)
    words = {"value": value, "n": found.readings}
    if not found.readings:
        return _("If the starting value simply went on: %(value)s at the end of the project.") % words
    return (
        ngettext(
            "If things went on as in %(n)s accepted period: %(value)s at the end of the project.",
            "If things went on as in %(n)s accepted periods: %(value)s at the end of the project.",
            found.readings,
        )
        % words
    )


def _comparison_words(compared, indicator, for_team):
    if compared is None:
        if for_team:
            return _("No other partner has an accepted result on this indicator yet.")
        return _("Too few other partners have results on this indicator to compare.")
    less_is_better = indicator.direction in (Direction.DECREASE, Direction.AT_MOST)
    best = compared.lowest if less_is_better else compared.highest
    words = {
        "n": compared.partners,
        "median": _words(compared.median, indicator),
        "best": _words(best, indicator),
    }
    if indicator.calculation == Calculation.SUM:
        if less_is_better:
            return _("Comparable partners: %(n)s; median %(median)s per quarter; lowest %(best)s.") % words
        return _("Comparable partners: %(n)s; median %(median)s per quarter; highest %(best)s.") % words
    if less_is_better:
        return _("Comparable partners: %(n)s; median %(median)s; lowest %(best)s.") % words
    return _("Comparable partners: %(n)s; median %(median)s; highest %(best)s.") % words


@dataclass(frozen=True)
class _Aim:
    """What both sides are asked to look at: a proposal, an open revision, or what they agreed. Values as Decimals."""

    final: Decimal | None
    by_period: tuple[tuple[int, Decimal], ...]  # (months of the period, its target)
    is_agreed: bool
    is_revision: bool


def _aim_of(target, periods):
    """The numbers of the target, or those of the revision that waits."""
    revision = target.revisions.filter(status=RevisionStatus.PROPOSED).first()
    months = {period.number: yardsticks.months_of(period.starts_on, period.ends_on) for period in periods}
    if revision is None:
        aims = tuple((months[aim.period.number], aim.value) for aim in target.period_targets.all())
        return _Aim(target.final_target, aims, target.agreed_on is not None, False)
    after = revision.after
    aims = tuple((months[int(number)], number_of(text)) for number, text in sorted(after["periods"].items()))
    return _Aim(number_of(after["final"]), aims, False, True)


def _aim_words(project, indicator, aim):
    per_quarter = indicator.calculation == Calculation.SUM
    number = _pace(project, aim) if per_quarter else aim.final
    if number is None:
        return ""
    words = {"value": _words(number, indicator)}
    if aim.is_revision:
        if per_quarter:
            return _("Proposed revision: %(value)s per quarter.") % words
        return _("Proposed revision: %(value)s at the end of the project.") % words
    if aim.is_agreed:
        if per_quarter:
            return _("Agreed target: %(value)s per quarter.") % words
        return _("Agreed target: %(value)s at the end of the project.") % words
    if per_quarter:
        return _("Proposed target: %(value)s per quarter.") % words
    return _("Proposed target: %(value)s at the end of the project.") % words


def _pace(project, aim):
    """What is asked for in three months: by the periods, else by the end; None where neither is said."""
    if aim.by_period:
        months = sum(months for months, _value in aim.by_period)
        return yardsticks.per_quarter(sum(value for _months, value in aim.by_period), months)
    if aim.final is None:
        return None
    return yardsticks.per_quarter(aim.final, yardsticks.months_of(project.starts_on, project.ends_on))


def _doubt(found, indicator, aim):
    """Said before both agree, where the trend rests on accepted values: a starting point alone shows no movement."""
    if aim.is_agreed or aim.final is None or not found.readings:
        return ""
    if yardsticks.beyond(indicator.direction, aim.final, found.at_end) is not False:
        return ""
    return _("The final target asks for no more than the trend already gives: say why it is ambitious all the same.")


def _words(number, indicator):
    """A number of any kind as the screen writes it."""
    exact = number if isinstance(number, Decimal) else shown_number(number)
    return number_words(exact, indicator.unit)
