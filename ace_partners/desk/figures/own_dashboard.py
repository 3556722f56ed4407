"""An organisation's own dashboard: its figures, and beside them the median of the network, which never has a name."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext as _

from ace_partners.core.charts import Absent, BarChart, Point, ProgressChart
from ace_partners.core.numbers import number_words
from ace_partners.core.sheets import Column, Kind, Sheet, line
from ace_partners.desk.figures.sections import (
    ORDER,
    Section,
    rate_columns,
    rate_values,
    reports_coverage,
    spending_line_sheet,
)
from impact import medians, progress
from impact.figures.budgets import spending_figures
from impact.figures.public import ABSENT
from impact.figures.punctuality import punctuality
from impact.figures.scope import Scope
from impact.figures.series import STATUS_WORDS
from impact.figures.standings import standings
from impact.models import Target
from impact.progress import Status
from partners.models import Partner

# Why a target without any value has no achievement. Where there are values, no percentage can be made of them.
NO_VALUE = {
    Status.NOT_DUE: Absent.NOT_DUE,
    Status.NO_DATA: Absent.NOT_REPORTED,
    Status.MISSING_DATA: Absent.NOT_REPORTED,
}


@dataclass(frozen=True)
class Trend:
    """One target of the organisation: where it stands, in words, and its periods as a chart."""

    title: str
    project: str
    status: str
    status_words: str
    actual_words: str
    achievement_words: str
    median_words: str
    coverage: str
    chart: ProgressChart


@dataclass(frozen=True)
class Own:
    sections: tuple[Section, ...]
    trends: tuple[Trend, ...]

    def sections_called(self, only):
        """The sections, or the one whose key is `only`."""
        return tuple(section for section in self.sections if only in (None, section.key))


def read_own(partner, scope):
    """The Own of `partner` over the span of `scope`: as many queries for one target, project or neighbour as for many."""
    agreed = Target.objects.agreed().filter(project__partner=partner)
    codes = sorted(set(agreed.order_by().values_list("indicator__code", flat=True)))
    network = standings(Scope(Partner.objects.all(), scope.start, scope.end), codes=codes)
    own = sorted((each for each in network if each.partner == partner.pk), key=_most_urgent)
    middles = _middles(network)
    together, _each = punctuality(scope)
    sections = (
        _targets(own, middles),
        _punctuality(together),
        _spending(spending_figures(scope), together),
    )
    return Own(sections, tuple(_trend(each, middles[each.indicator.code]) for each in own))


def _most_urgent(standing):
    return ORDER[standing.status], standing.indicator.code, standing.target


def _middles(network):
    """{indicator code: medians.Middle or None} over every organisation that has an achievement in the span."""
    found = defaultdict(list)
    for each in network:
        found[each.indicator.code] += (
            [] if each.achievement is None else [medians.Standing(each.partner, each.achievement, each.few)]
        )
    return {code: medians.network_median(rows) for code, rows in found.items()}


def _median_words(middle):
    if middle is None:
        return _("none: fewer than %(n)s organisations have a figure") % {"n": medians.FEWEST}
    if middle.value is None:
        return _("withheld: it rests on few children")
    return number_words(progress.shown_percent(middle.value), "%")


def _median_number(middle):
    return None if middle is None else progress.shown_percent(middle.value)


# --- targets ----------------------------------------------------------------------------------------------------


def _targets(own, middles):
    title = _("Achievement of each target, beside the median of the network")
    points = tuple(_point(each, middles[each.indicator.code]) for each in own)
    measures = (_("Your result"), _("network median"))
    return Section(
        key="cibles",
        title=_("How far your targets are reached"),
        lead=_(
            "Achievement compares accepted results with the targets of the same periods. The median says where the middle "
            "of the network stands, without names; it is shown where at least five organisations have a figure."
        ),
        coverage=_("%(k)s/%(n)s expected values accepted")
        % {"k": sum(each.coverage.reported for each in own), "n": sum(each.coverage.expected for each in own)},
        charts=(BarChart(title, "%", points, _("Indicator"), measures),) if own else (),
        sheets=(_target_sheet(own, middles, title),),
        empty="" if own else _("No agreed target has a period that ends in the span."),
    )


def _point(standing, middle):
    value, target = progress.shown_percent(standing.achievement), _median_number(middle)
    note = "" if target is not None else _("no median")
    if value is not None:
        return Point(str(standing.indicator), value, target=target, note=note)
    absent = NO_VALUE.get(standing.status) if standing.progress.actual is None else None
    if absent is None:
        absent, note = Absent.NOT_APPLICABLE, _("no percentage can be made of it")
    return Point(str(standing.indicator), target=target, note=note, absent=absent)


def _target_sheet(own, middles, title):
    columns = (
        *(Column(_("Indicator")), Column(_("Project")), Column(_("Unit")), Column(_("To date"), Kind.NUMBER)),
        *(Column(_("Achievement, %"), Kind.PERCENT), Column(_("Median, %"), Kind.PERCENT)),
        *(Column(_("In the median"), Kind.NUMBER), Column(_("Status")), Column(_("Periods reported"))),
    )
    rows = []
    for each in own:
        shown, middle = progress.shown(each.progress), middles[each.indicator.code]
        values = (str(each.indicator), each.project, str(each.indicator.unit_label), shown.actual, shown.achievement)
        values += (_median_number(middle), middle.partners if middle else None)
        rows.append(line(columns, (*values, str(STATUS_WORDS[each.status]), shown.coverage)))
    return Sheet("cibles", title, columns, tuple(rows))


def _trend(standing, middle):
    indicator, shown = standing.indicator, progress.shown(standing.progress)
    unit = "%" if indicator.unit == "%" else str(indicator.unit_label)
    return Trend(
        title=str(indicator),
        project=standing.project,
        status=standing.status,
        status_words=str(STATUS_WORDS[standing.status]),
        actual_words=number_words(shown.actual, unit),
        achievement_words=number_words(shown.achievement, "%"),
        median_words=_median_words(middle),
        coverage=shown.coverage,
        chart=_chart(standing, unit),
    )


def _chart(standing, unit):
    """The organisation's own periods: nothing is masked from those who counted."""
    is_sum = standing.indicator.calculation == progress.Calculation.SUM
    points = tuple(
        Point(
            label, progress.shown_number(row.value), row.target, absent=ABSENT[row.state] if row.value is None else None
        )
        for label, row in zip(standing.labels, standing.rows, strict=True)
    )
    return ProgressChart(
        title=standing.indicator.name,
        unit=unit,
        points=points,
        # On the scale of single periods neither belongs to a sum (see core.charts.ProgressChart).
        baseline=None if is_sum else standing.baseline,
        final=None if is_sum else standing.final_target,
    )


# --- reports and spending ---------------------------------------------------------------------------------------


def _punctuality(together):
    columns = (Column(_("Whose")), *rate_columns())
    title = _("Your reports")
    points = (
        Point(_("Completeness: accepted"), together.completeness, note=f"{together.accepted}/{together.expected}"),
        Point(_("Punctuality: sent in time"), together.timeliness, note=f"{together.in_time}/{together.expected}"),
    )
    rows = (line(columns, (_("Your organisation"), *rate_values(together))),) if together.expected else ()
    return Section(
        key="ponctualite",
        title=_("Punctuality and completeness"),
        lead=_(
            "Expected are the reports whose last day has passed, with its grace or the later day that was given, and "
            "those accepted before it. Waived reports are expected of nobody."
        ),
        coverage=reports_coverage(together),
        charts=(BarChart(title, "%", points, _("Rate")),) if rows else (),
        sheets=(Sheet("ponctualite", title, columns, rows),),
        empty="" if rows else _("No report was expected in the span yet."),
    )


def _spending(figures, together):
    title = _("Spent since the beginning, against the budget, by line")
    points = tuple(
        Point(f"{row.code} {row.label}".strip(), row.to_date, target=_budget_in_usd(row)) for row in figures.lines
    )
    sheet = spending_line_sheet(figures, title, named=False)
    return Section(
        key="depenses",
        title=_("Spending by line"),
        lead=_(
            "Accepted reports only, in dollars at the rate frozen on each expense. A budget has no year: the share "
            "compares everything spent until the end of the span with the whole budget of the line."
        ),
        coverage=reports_coverage(together),
        charts=(BarChart(title, "USD", points, _("Line"), (_("Spent"), _("Budget"))),) if figures.lines else (),
        sheets=(sheet,),
        empty="" if figures.lines else _("No project that runs in the span has a budget line or an accepted expense."),
    )


def _budget_in_usd(row):
    return row.budget.amount if row.budget and row.budget.currency == "USD" else None
