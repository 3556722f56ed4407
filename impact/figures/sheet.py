"""One report as people work on it: every target with its aim, the period before, this period, and the total to date.

The partner reads it over its draft, ACE over a version. A draft's rows never reach a sheet made for ACE.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from ace_partners.core.money import USD, Money, share
from ace_partners.core.numbers import number_words
from impact import progress
from impact.figures.cells import tables_of_row
from impact.figures.earlier import other_values, periods_before
from impact.figures.explained import Step, steps_of
from impact.figures.framework import method_rows
from impact.figures.revision import changes_of_value
from impact.figures.series import STATUS_WORDS, series_of, value_words
from impact.models import (
    BudgetLine,
    Period,
    ReportEvidence,
    ReportVersion,
    SpendingLine,
    Target,
    ValueState,
)

LINE_OVER = Decimal(110)  # impact.md §c.5: beyond, a person looks again


@dataclass(frozen=True)
class SheetRow:
    """One target in one report. `row` is this report's value row or None; `changes` are those since the version before."""

    target: Target
    aim: Decimal | None
    aim_words: str
    previous_label: str
    previous_words: str
    row: object
    words: str
    to_date: progress.Shown
    to_date_words: str
    status_words: str
    evidence: tuple
    request: object
    checks: tuple = ()
    tables: tuple = ()
    changes: tuple = ()
    steps: tuple[Step, ...] = ()  # how the figure to date was calculated

    @property
    def is_reported(self):
        return self.row is not None and self.row.state == ValueState.REPORTED

    @property
    def to_look_at(self):
        """What a reviewer reads first: a check, a correction request, or a change since the version before."""
        return bool(self.checks or self.request or self.changes)

    @property
    def method(self):
        """The method sheet of the indicator, as components/summary_list.html wants it."""
        return method_rows(self.target.indicator)


@dataclass(frozen=True)
class ReportSheet:
    """All rows of a report, its other evidence, and its requests by field key (sent ones first)."""

    rows: tuple[SheetRow, ...]
    evidence: tuple
    requests: dict
    version: object
    before: object

    @property
    def done(self):
        return sum(row.row is not None for row in self.rows)

    @property
    def first(self):
        """The rows to look at, before the others."""
        return [row for row in self.rows if row.to_look_at]

    @property
    def quiet(self):
        return [row for row in self.rows if not row.to_look_at]


def read_sheet(report, *, draft, checks=(), axes=None):
    """The sheet of a report: over its draft rows (the partner's eyes only), or over its newest version.

    `checks` are those of `figures.checks.checks_of`, which each row takes its own of; with `axes` (`figures.axes`) the
    rows have their tables of disaggregation.
    """
    versions = list(report.versions.select_related("submitted_by").order_by("-number")[:2])
    version, before = (versions + [None, None])[:2]
    if draft:
        rows, before = {row.target_id: row for row in report.draft_values.select_related("shared_with")}, version
        evidence = list(report.evidence.select_related("file"))
    else:
        rows = _values(version)
        evidence = list(ReportEvidence.objects.of_version(version).select_related("file")) if version else []
    context = _Context(report, rows, before, evidence, checks, axes)
    targets = (
        Target.objects.agreed()
        .filter(project=report.project_id)
        .select_related("indicator")
        .prefetch_related("period_targets")
        .order_by("indicator__code")
    )
    return ReportSheet(
        rows=tuple(context.row_of(target) for target in targets),
        evidence=tuple(piece for piece in evidence if piece.target_id is None),
        requests=context.requests,
        version=version,
        before=before,
    )


def _values(version):
    return {row.target_id: row for row in version.values.select_related("shared_with")} if version else {}


class _Context:
    """What the rows of one sheet share, read once."""

    def __init__(self, report, rows, before, evidence, checks, axes):
        self.report, self.rows, self.axes = report, rows, axes
        self.before, self.has_before = _values(before), before is not None
        self.checks = defaultdict(list)
        for check in checks:
            self.checks[check.target_id].append(check)
        self.today = timezone.localdate()
        self.periods = list(Period.objects.with_report().filter(project=report.project_id).order_by("starts_on"))
        self.requests = {
            request.field_key: request for request in report.requests.filter(answered_at__isnull=True).order_by("-pk")
        }
        self.evidence = defaultdict(list)
        for piece in evidence:
            self.evidence[piece.target_id].append(piece)
        self.accepted, self.sent = other_values(report)
        self.earlier = periods_before(report, self.periods)

    def row_of(self, target):
        indicator, row = target.indicator, self.rows.get(target.pk)
        aim = next((a.value for a in target.period_targets.all() if a.period_id == self.report.period_id), None)
        nearest = self.earlier[0] if self.earlier else None
        last = self.sent[target.pk].get(nearest.pk) if nearest else None
        counted = {**self.accepted[target.pk], **({self.report.period_id: row} if row else {})}
        series = series_of(target, self.periods, counted, self.today)
        to_date = progress.shown(progress.progress_of(series))
        return SheetRow(
            target=target,
            aim=aim,
            aim_words=number_words(aim, indicator.unit),
            previous_label=nearest.label if nearest else "",
            previous_words=value_words(last, indicator.kind),
            row=row,
            words=value_words(row, indicator.kind),
            to_date=to_date,
            to_date_words=number_words(to_date.actual, indicator.unit),
            status_words=str(STATUS_WORDS[to_date.status]),
            evidence=tuple(self.evidence[target.pk]),
            request=self.requests.get(f"value-{target.pk}"),
            checks=tuple(self.checks[target.pk]),
            tables=tables_of_row(row, indicator, self.axes.of(target)) if row and self.axes else (),
            changes=self._changes(target, row),
            steps=steps_of(series, to_date, unit=indicator.unit),
        )

    def _changes(self, target, row):
        """The differences to the version before; none where there is no version before."""
        if not self.has_before:
            return ()
        categories = self.axes.of(target) if self.axes else {}
        return changes_of_value(self.before.get(target.pk), row, target.indicator, categories)


# --- spending ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SpendingBalance:
    """One budget line: spent before this period, spent in it, and what is left. All in USD at the frozen rates.

    `left` and `share` are None for a budget in francs, which dollars are never subtracted from, and outside the budget.
    """

    line: BudgetLine | None
    budget: Money | None
    before: Money
    this_period: Money
    left: Money | None
    share: Decimal | None

    @property
    def is_over(self):
        return self.share is not None and self.share > LINE_OVER


def balances(report, expenses, *, versions=None):
    """The running balance per budget line: earlier reports (newest version of each), then these expenses.

    `versions` narrows the versions that count before this period: a paper for the public counts accepted ones only.
    """
    lines = list(BudgetLine.objects.filter(project=report.project_id).order_by("code"))
    versions = ReportVersion.objects.all() if versions is None else versions
    earlier = versions.filter(report__project=report.project_id, report__period__starts_on__lt=report.period.starts_on)
    spent = SpendingLine.objects.filter(version__in=_newest(earlier)).values_list("budget_line_id", "amount_usd")
    before, now = defaultdict(Decimal), defaultdict(Decimal)
    for line, usd in spent:
        before[line] += usd
    for expense in expenses:
        now[expense.budget_line_id] += expense.amount_usd
    rows = [_balance(line, before[line.pk], now[line.pk]) for line in lines]
    if before[None] or now[None]:
        rows.append(_balance(None, before[None], now[None]))
    return rows


def _newest(versions):
    """Of some versions, the ids of the newest of each report."""
    newest = dict(versions.order_by("number").values_list("report_id", "pk"))
    return list(newest.values())


def _balance(line, before, now):
    in_usd = line is not None and line.currency == USD
    return SpendingBalance(
        line=line,
        budget=line.money if line else None,
        before=Money(before, USD),
        this_period=Money(now, USD),
        left=Money(line.amount - before - now, USD) if in_usd else None,
        share=share(before + now, line.amount) if in_usd else None,
    )
