"""ACE's dashboard: one section per subject, each with its chart, its table and its coverage. Everything is read by scope."""

from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from ace_partners.core.charts import BarChart, Point
from ace_partners.core.charts_stacked import Part, Stack, StackedChart
from ace_partners.core.numbers import number_words
from ace_partners.core.sheets import Column, Kind, Sheet, line
from ace_partners.desk.figures.expiring import expiring
from ace_partners.desk.figures.pipeline import pipeline
from ace_partners.desk.figures.sections import (
    LOOKS,
    ORDER,
    Section,
    rate_columns,
    rate_values,
    reports_coverage,
    spending_line_sheet,
)
from impact import progress
from impact.figures.budgets import spending_figures
from impact.figures.network import network_results
from impact.figures.punctuality import punctuality
from impact.figures.series import STATUS_WORDS
from impact.figures.standings import ALL_AREAS, distribution, standings
from partners.models import Area


def read_dashboard(user, scope, only=None):
    """The Sections for `user`, or the one called `only`: as many queries for one organisation as for many."""
    together, by_partner = punctuality(scope)
    makers = {
        "resultats": lambda: _results(scope),
        "cibles": lambda: _targets(scope),
        "depenses": lambda: _spending(scope, together),
        "ponctualite": lambda: _punctuality(together, by_partner),
        "dossiers": lambda: _dossiers(user, scope),
        "documents": lambda: _documents(user, scope),
    }
    return tuple(make() for key, make in makers.items() if only in (None, key))


def _partner_url(slug):
    return reverse("desk:partner", args=[slug])


# --- results ----------------------------------------------------------------------------------------------------


def _results(scope):
    """ACE's own reading: organisations that are not published count too, and nothing is masked from who reads reports."""
    found = network_results(start=scope.start, end=scope.end, area=scope.area, place=scope.place, public=False)
    columns = (
        *(Column(_("Indicator")), Column(_("Area")), Column(_("Unit"))),
        *(Column(_("Gross"), Kind.NUMBER), Column(_("Net"), Kind.NUMBER), Column(_("Last known"), Kind.NUMBER)),
        *(Column(_("Organisations")), Column(_("Periods")), Column(_("Remark"))),
    )
    areas = [(code, str(label)) for code, label in _areas() if any(result.area == code for result in found)]
    rows = tuple(
        line(columns, _result_values(result, label), url=_how(result, scope))
        for code, label in areas
        for result in found
        if result.area == code
    )
    parts = (Part(_("values accepted"), "good"), Part(_("values missing"), "silent"))
    stacks = tuple(Stack(label, _reported(found, code)) for code, label in areas)
    title = _("Values that the results rest on, by area")
    reported, missing = (
        (sum(counts) for counts in zip(*(stack.counts for stack in stacks), strict=True)) if rows else (0, 0)
    )
    return Section(
        key="resultats",
        title=_("Network results by area"),
        lead=_(
            "Accepted reports only. Gross counts joint work with every organisation, net counts it once; two indicators "
            "are never added. Last known completes a level with the earlier values of those who are silent. Each indicator "
            "leads to how its public figure is calculated, which leaves out organisations that are not published."
        ),
        coverage=_("%(k)s/%(n)s expected values accepted") % {"k": reported, "n": reported + missing},
        charts=(StackedChart(title, _("values"), _("Area"), parts, stacks),) if rows else (),
        series=tuple(result.chart for result in found if result.chart),
        sheets=(Sheet("resultats", _("Results by area and indicator"), columns, rows),),
        empty="" if rows else _("No agreed target has a period that ends in the span."),
    )


def _how(result, scope):
    """How the public figure of the span's last year is calculated."""
    return f"{reverse('public:calculation', args=[result.code])}?annee={scope.end.year}"


def _areas():
    return [*Area.choices, (ALL_AREAS, _("Cross-cutting"))]


def _reported(found, code):
    """(values accepted, values missing) of the indicators of one area."""
    covered = [result.total.periods for result in found if result.area == code]
    reported = sum(each.reported for each in covered)
    return reported, sum(each.expected for each in covered) - reported


def _result_values(result, area):
    total = result.total
    remark = total.words if total.gross is None else _("joint work") if total.is_joint else ""
    values = (f"{result.code} {result.name}", area, result.shown_unit, total.gross, total.net, total.last_known)
    return (*values, str(total.partners), str(total.periods), remark)


# --- targets ----------------------------------------------------------------------------------------------------


def _targets(scope):
    found = standings(scope)
    spread = distribution(found)
    statuses = [status for status in LOOKS if any(counts[status] for counts in spread.values())]
    areas = [(code, label) for code, label in _areas() if code in spread]
    stacks = [Stack(str(label), tuple(spread[code][status] for status in statuses)) for code, label in areas]
    if len(stacks) > 1:
        stacks.insert(0, Stack(_("All together"), tuple(map(sum, zip(*(s.counts for s in stacks), strict=True)))))
    title = _("Targets by how far they are reached")
    parts = tuple(Part(str(STATUS_WORDS[status]), LOOKS[status]) for status in statuses)
    chart = StackedChart(title, _("targets"), _("Area"), parts, tuple(stacks))
    reported = sum(standing.coverage.reported for standing in found)
    expected = sum(standing.coverage.expected for standing in found)
    return Section(
        key="cibles",
        title=_("How far targets are reached"),
        lead=_(
            "Targets agreed by both sides, over the periods that end in the span; accepted reports only. A target "
            "without a value that was due is “data missing”, however well the rest went."
        ),
        coverage=_("%(k)s/%(n)s expected values accepted") % {"k": reported, "n": expected},
        charts=(chart,) if found else (),
        sheets=(_spread_sheet(title, statuses, stacks), _target_sheet(found)),
        empty="" if found else _("No agreed target has a period that ends in the span."),
    )


def _spread_sheet(title, statuses, stacks):
    words = [Column(str(STATUS_WORDS[status]), Kind.NUMBER) for status in statuses]
    columns = (Column(_("Area")), *words, Column(_("Total"), Kind.NUMBER))
    return Sheet("cibles", title, columns, tuple(line(columns, (s.label, *s.counts, s.total)) for s in stacks))


def _target_sheet(found):
    columns = (
        *(Column(_("Organisation")), Column(_("Project")), Column(_("Indicator"))),
        *(Column(_("Unit")), Column(_("To date"), Kind.NUMBER), Column(_("Achievement, %"), Kind.PERCENT)),
        *(Column(_("Status")), Column(_("Periods reported"))),
    )
    rows = []
    for each in sorted(found, key=_most_urgent):
        shown = progress.shown(each.progress)
        values = (each.partner_name, each.project, str(each.indicator), str(each.indicator.unit_label))
        values += (shown.actual, shown.achievement, str(STATUS_WORDS[each.status]), shown.coverage)
        rows.append(line(columns, values, url=_partner_url(each.partner_slug), fictitious=each.fictitious))
    return Sheet("cibles-liste", _("Each target, what is wrong or silent first"), columns, tuple(rows))


def _most_urgent(standing):
    """By status, then the lowest achievement; names and numbers last, so that the order never depends on the database."""
    low = standing.achievement is None, standing.achievement or 0
    return ORDER[standing.status], *low, standing.partner_name, standing.indicator.code, standing.target


# --- spending ---------------------------------------------------------------------------------------------------


def _spending(scope, together):
    figures = spending_figures(scope)
    title = _("Spent since the beginning, against the budget, by area")
    points = tuple(Point(a.label, a.to_date, target=a.budget_usd or None, note=_in_francs(a)) for a in figures.areas)
    measures = (_("Spent"), _("Budget"))
    return Section(
        key="depenses",
        title=_("Spending by area and by line"),
        lead=_(
            "Accepted reports only, in dollars at the rate frozen on each expense. A budget has no year: the share "
            "compares everything spent until the end of the span with the whole budget of the line."
        ),
        coverage=reports_coverage(together),
        charts=(BarChart(title, "USD", points, _("Area"), measures),) if figures.lines else (),
        sheets=(
            _area_sheet(figures, title),
            spending_line_sheet(
                figures,
                _("By line, the highest share first (%(n)s over 110 %%)") % {"n": figures.over},
                named=True,
                url_of=lambda row: _partner_url(row.partner_slug),
            ),
        ),
        empty="" if figures.lines else _("No project that runs in the span has a budget line or an accepted expense."),
    )


def _in_francs(area):
    return _("part of the budget is in francs: no share") if area.budget_cdf else ""


def _area_sheet(figures, title):
    columns = (
        Column(_("Area")),
        Column(_("Budget, USD"), Kind.AMOUNT),
        Column(_("Budget, CDF"), Kind.AMOUNT),
        Column(_("In the span, USD"), Kind.AMOUNT),
        Column(_("To date, USD"), Kind.AMOUNT),
        Column(_("Share, %"), Kind.PERCENT),
    )

    def row(area):
        amounts = (area.budget_usd, area.budget_cdf or None, area.in_span, area.to_date, area.share)
        return line(columns, (area.label, *amounts))

    return Sheet("depenses", title, columns, tuple(map(row, figures.areas)), foot=row(figures.whole))


# --- reports ----------------------------------------------------------------------------------------------------


def _punctuality(together, by_partner):
    columns = (Column(_("Organisation")), *rate_columns())
    rows = tuple(
        line(columns, (row.name, *rate_values(row.figure)), url=_partner_url(row.slug), fictitious=row.fictitious)
        for row in by_partner
    )
    title = _("Reports of the network")
    points = (
        Point(_("Completeness: accepted"), together.completeness, note=_of(together.accepted, together.expected)),
        Point(_("Punctuality: sent in time"), together.timeliness, note=_of(together.in_time, together.expected)),
    )
    return Section(
        key="ponctualite",
        title=_("Punctuality and completeness"),
        lead=_(
            "Expected are the reports whose last day has passed, with its grace or the later day that was given, and "
            "those accepted before it. Waived reports are expected of nobody."
        ),
        coverage=reports_coverage(together),
        charts=(BarChart(title, "%", points, _("Rate")),) if together.expected else (),
        sheets=(
            Sheet(
                "ponctualite",
                _("By organisation, the worst first"),
                columns,
                rows,
                foot=line(columns, (_("Network"), *rate_values(together))),
            ),
        ),
        empty="" if rows else _("No report belongs to a period that ends in the span."),
    )


def _of(part, whole):
    return f"{part}/{whole}"


# --- due diligence ----------------------------------------------------------------------------------------------


def _dossiers(user, scope):
    found = pipeline(user, scope)
    columns = (
        Column(_("State")),
        Column(_("Dossiers"), Kind.NUMBER),
        Column(_("Median days by now"), Kind.NUMBER),
        Column(_("Median days, dossiers decided in the span"), Kind.NUMBER),
    )
    rows = tuple(line(columns, (s.label, s.count, s.so_far, s.usual)) for s in found.states)
    points = tuple(Point(state.label, Decimal(state.count), note=_days(state)) for state in found.states)
    empty = not any(state.count for state in found.states)
    title = _("Dossiers by state")
    return Section(
        key="dossiers",
        title=_("Due-diligence dossiers on their way"),
        lead=_(
            "Open dossiers are counted as they stand today, whatever the span; decided and withdrawn ones by the day "
            "they ended. Half of the dossiers of a state have lain there no longer than its median."
        ),
        coverage=_("%(k)s/%(n)s open dossiers with known days") % {"k": found.measured, "n": found.open},
        charts=() if empty else (BarChart(title, _("dossiers"), points, _("State")),),
        sheets=(Sheet("dossiers", title, columns, rows),),
        empty=_("No dossier is open, and none ended in the span.") if empty else "",
    )


def _days(state):
    """The note beside a count: the median of the days by now."""
    if state.so_far is None:
        return ""
    return _("median %(days)s days") % {"days": number_words(state.so_far)}


# --- documents --------------------------------------------------------------------------------------------------


def _documents(user, scope):
    found = expiring(user, scope)
    columns = (
        *(Column(_("Organisation")), Column(_("Document"))),
        *(Column(_("Last day"), Kind.DAY), Column(_("Days left"), Kind.NUMBER)),
    )
    rows = tuple(
        line(
            columns,
            (row.partner_name, row.title, row.last_day, row.left),
            url=f"{_partner_url(row.partner_slug)}#documents",
            fictitious=row.fictitious,
        )
        for row in found.rows
    )
    title = _("Documents by the days they still count")
    points = tuple(Point(words, Decimal(count)) for _code, words, count in found.bands)
    return Section(
        key="documents",
        title=_("Documents that end soon"),
        lead=_(
            "Current documents with a last day, as of today, whatever the span. What no longer counts stands first."
        ),
        coverage=_("%(k)s/%(n)s current documents have a last day") % {"k": found.dated, "n": found.current},
        charts=(BarChart(title, _("documents"), points, _("When")),) if rows else (),
        sheets=(Sheet("documents", _("Each document, the oldest last day first"), columns, rows),),
        empty="" if rows else _("No current document ends within 90 days."),
    )
