"""What the impact report on paper says of one accepted version: read once, frozen, and hashed before it is printed.

Results come from `figures.public`, as the public knew them on the day of acceptance; small numbers of children are
withheld here as there. Nothing that was accepted later, and no later wording of a target, changes a paper that is kept.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ace_partners.core.charts import ProgressChart
from ace_partners.core.dates import format_date, local_day
from ace_partners.core.mail import link_to
from ace_partners.core.money import CDF, USD, Money, total
from ace_partners.core.numbers import format_number
from impact.figures.axes import Labels
from impact.figures.public import PeriodFigure, ProjectResults, TargetResult, results_at, told
from impact.figures.sheet import balances
from impact.figures.sources import versions_at
from impact.figures.tables import FigureTable, tables_of_value
from impact.models import Reopening, ReopeningStatus, ReportEvidence, ReportVersion, Target
from partners.models import Partner

PERIODS_DRAWN = 12  # three years of quarters


@dataclass(frozen=True)
class IndicatorLine:
    """One indicator in one report: `figure` is this period, `result` the series to date.

    `comment` is empty where the figure is withheld: people explain small numbers by naming them.
    """

    result: TargetResult
    figure: PeriodFigure | None
    chart: ProgressChart | None
    comment: str
    tables: tuple[FigureTable, ...]
    captions: tuple[str, ...]

    @property
    def is_withheld(self):
        return self.figure is not None and self.figure.is_masked


@dataclass(frozen=True)
class ExpenseLine:
    """One expense as printed. `left` is what the budget line holds after it, None for a budget in francs."""

    label: str
    spent_on: date
    paid: Money
    rate: str
    usd: Money
    left: Money | None


@dataclass(frozen=True)
class BudgetSection:
    """A budget line with the expenses of this period. `code` and `budget` are empty outside the budget."""

    code: str
    label: str
    budget: Money | None
    before: Money
    expenses: tuple[ExpenseLine, ...]
    spent: Money
    left: Money | None
    share: Decimal | None


@dataclass(frozen=True)
class ReportSpending:
    """All of a version's expenses by budget line; `spent` is the sum of the printed lines, in dollars and as paid."""

    sections: tuple[BudgetSection, ...]
    nothing_spent: bool
    spent: Money
    paid: tuple[Money, ...]


@dataclass(frozen=True)
class Replaced:
    """The version that this one corrects, and why, as the public reads it."""

    number: int
    accepted_at: datetime | None
    motive: str


@dataclass(frozen=True)
class ReportFacts:
    """Everything an impact report prints."""

    reference: str
    number: int
    partner: str
    is_fictitious: bool
    project: ProjectResults
    period: str
    starts_on: date
    ends_on: date
    due_on: date
    days_late: int
    submitted_at: datetime
    accepted_at: datetime
    sha256: str
    address: str
    replaces: Replaced | None
    statuses: tuple[tuple[str, str, int], ...]
    lines: tuple[IndicatorLine, ...]
    spending: ReportSpending
    narrative: str
    difficulties: str
    lessons: str
    captions: tuple[str, ...]

    @property
    def receipt_number(self):
        return f"{self.reference}-V{self.number}"


def accepted_versions_of_everybody():
    """Every accepted version, those that a later one replaced too: each keeps its paper and stays citable."""
    return ReportVersion.objects.filter(acceptance__isnull=False).select_related(
        "acceptance__by", "report__partner", "report__project", "report__period"
    )


def published_versions():
    """The accepted versions of organisations that the public sees."""
    return accepted_versions_of_everybody().filter(report__partner__in=Partner.objects.published())


def address_of_reports(partner):
    """Where the public finds the organisation's accepted reports with their hashes; always the French page."""
    return f"{link_to('public:partner', partner.slug)}#rapports"


def read_report(version):
    """ReportFacts of an accepted version, in the language that is active. The queries do not grow with its rows."""
    report, acceptance = version.report, version.acceptance
    project, lines = _indicators(version)
    return ReportFacts(
        reference=report.reference,
        number=version.number,
        partner=_title(report.partner),
        is_fictitious=report.partner.is_fictitious,
        project=project,
        period=report.period.label,
        starts_on=report.period.starts_on,
        ends_on=report.period.ends_on,
        due_on=report.last_day,
        days_late=report.days_late(),
        submitted_at=version.submitted_at,
        accepted_at=acceptance.at,
        sha256=version.sha256,
        address=address_of_reports(report.partner),
        replaces=_replaced(version),
        statuses=_statuses(lines),
        lines=lines,
        spending=read_spending(version),
        narrative=version.narrative,
        difficulties=version.difficulties,
        lessons=version.lessons,
        captions=tuple(_captions(version)[None]),
    )


def _title(partner):
    return f"{partner.name} ({partner.acronym})" if partner.acronym else partner.name


def _indicators(version):
    """(ProjectResults, IndicatorLines) of the targets that were agreed, or answered for, when it was accepted."""
    values = {row.target_id: row for row in version.values.select_related("target__indicator")}
    known = Target.objects.agreed().filter(project=version.report.project_id)
    rows = told(known).order_by("indicator__code", "pk")
    day = local_day(version.acceptance.at)
    targets = [target for target in rows if target.agreed_on <= day or target.pk in values]
    project = results_at(version, targets)
    labels, captions = Labels(values.values()), _captions(version)
    lines = tuple(
        _line(result, version.report.period, values.get(target.pk), labels, tuple(captions[target.pk]))
        for target, result in zip(targets, project.targets, strict=True)
    )
    return project, lines


def _line(result, period, row, labels, captions):
    figure = next((each for each in result.rows if each.starts_on == period.starts_on), None)
    withheld = figure is not None and figure.is_masked
    return IndicatorLine(
        result=result,
        figure=figure,
        chart=_chart(result, period),
        comment="" if withheld or row is None else row.comment,
        tables=() if withheld else tables_of_value(row, labels),
        captions=() if withheld else captions,
    )


def _chart(result, period):
    """The series as far as this period, its last PERIODS_DRAWN: what comes after is not due, and a page has an end."""
    if result.chart is None:
        return None
    rows = zip(result.rows, result.chart.points, strict=True)
    points = [point for row, point in rows if row.starts_on <= period.starts_on]
    return replace(result.chart, points=tuple(points[-PERIODS_DRAWN:]))


def _captions(version):
    """{target id, None for the whole report: captions of the files that the organisation made public}."""
    found = defaultdict(list)
    for piece in ReportEvidence.objects.of_version(version).filter(is_public=True):
        found[piece.target_id].append(piece.caption)
    return found


def _statuses(lines):
    """(code, words, how many) of each status, the most frequent first."""
    counted = Counter((line.result.status, line.result.status_words) for line in lines)
    return tuple((str(code), words, n) for (code, words), n in counted.most_common())


def _replaced(version):
    """The accepted version before this one, and the motive under which it was opened again."""
    reopening = (
        Reopening.objects.filter(
            report=version.report_id, status=ReopeningStatus.APPROVED, version__number__lt=version.number
        )
        .select_related("version__acceptance")
        .order_by("-version__number")
        .first()
    )
    if reopening is None:
        return None
    before = reopening.version
    return Replaced(before.number, before.acceptance.at, reopening.motive)


# Spending


def read_spending(version):
    """ReportSpending of a version: its expenses under their budget lines, after the accepted reports before it."""
    expenses = list(version.spending.all())
    by_line = defaultdict(list)
    for expense in expenses:
        by_line[expense.budget_line_id].append(expense)
    accepted = versions_at(version.report.project_id, version.acceptance.at)
    rows = balances(version.report, expenses, versions=accepted)
    return ReportSpending(
        sections=tuple(_section(row, by_line[row.line.pk if row.line else None]) for row in rows),
        nothing_spent=version.no_spending,
        spent=total((expense.usd for expense in expenses), USD),
        paid=tuple(
            total((expense.money for expense in expenses if expense.currency == currency), currency)
            for currency in (USD, CDF)
            if any(expense.currency == currency for expense in expenses)
        ),
    )


def _section(balance, expenses):
    running = balance.budget - balance.before if balance.left is not None else None
    printed = []
    for expense in expenses:
        running = None if running is None else running - expense.usd
        printed.append(
            ExpenseLine(expense.label, expense.spent_on, expense.money, _rate(expense), expense.usd, running)
        )
    line = balance.line
    return BudgetSection(
        code=line.code if line else "",
        label=line.label if line else _("Outside the budget"),
        budget=balance.budget,
        before=balance.before,
        expenses=tuple(printed),
        spent=balance.this_period,
        left=balance.left,
        share=balance.share,
    )


def _rate(expense):
    """« 2 277,57 CDF pour 1 USD, le 9 août 2025 (BCC, cours indicatif) »; empty for dollars."""
    if expense.currency == USD:
        return ""
    lang = get_language() or "fr"
    return _("%(rate)s CDF for 1 USD, %(day)s (%(source)s)") % {
        "rate": format_number(expense.rate, lang=lang),
        "day": format_date(expense.rate_on, lang),
        "source": expense.rate_source,
    }
