"""One report as people work on it: every target with its aim, the period before, this period, and the total to date.

The partner reads it over its draft, ACE over a version. A draft's rows never reach a sheet made for ACE.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from ace_partners.core.money import USD, Money, share
from impact import progress
from impact.figures.explained import Step, steps_of
from impact.figures.series import STATUS_WORDS, number_words, series_of, value_words
from impact.models import (
    BudgetLine,
    IndicatorValue,
    Period,
    ReportEvidence,
    ReportVersion,
    SpendingLine,
    Target,
    ValueState,
)

# impact.md §c.5: beyond these, a person looks again.
JUMP, LINE_OVER = 3, Decimal(110)


@dataclass(frozen=True)
class SheetRow:
    """One target in one report. `row` is this report's value row or None; `before` the one of the version before."""

    target: Target
    aim: Decimal | None
    aim_words: str
    previous_label: str
    previous_words: str
    row: object
    words: str
    before_words: str
    to_date: progress.Shown
    to_date_words: str
    status_words: str
    evidence: tuple
    request: object
    warnings: tuple[str, ...]
    steps: tuple[Step, ...] = ()  # how the figure to date was calculated

    @property
    def is_reported(self):
        return self.row is not None and self.row.state == ValueState.REPORTED

    @property
    def is_changed(self):
        return bool(self.before_words) and self.before_words != self.words


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
    def warnings(self):
        """What a person should look at again; values without a file are named together, in one line."""
        unproven = [row.target.indicator.name for row in self.rows if row.is_reported and not row.evidence]
        together = _("No file shows where these values come from: %(names)s.") % {"names": ", ".join(unproven)}
        return [*(warning for row in self.rows for warning in row.warnings), *([together] if unproven else [])]


def read_sheet(report, *, draft):
    """The sheet of a report: over its draft rows (the partner's eyes only), or over its newest version."""
    versions = list(report.versions.select_related("submitted_by").order_by("-number")[:2])
    version, before = (versions + [None, None])[:2]
    if draft:
        rows, before = {row.target_id: row for row in report.draft_values.all()}, version
        evidence = list(report.evidence.select_related("file"))
    else:
        rows = _values(version)
        evidence = list(ReportEvidence.objects.of_version(version).select_related("file")) if version else []
    context = _Context(report, rows, _values(before), evidence)
    targets = (
        Target.objects.filter(project=report.project_id)
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
    return {row.target_id: row for row in version.values.all()} if version else {}


class _Context:
    """What the rows of one sheet share, read once."""

    def __init__(self, report, rows, before, evidence):
        self.report, self.rows, self.before = report, rows, before
        self.today = timezone.localdate()
        self.periods = list(Period.objects.filter(project=report.project_id).order_by("starts_on"))
        self.requests = {
            request.field_key: request for request in report.requests.filter(answered_at__isnull=True).order_by("-pk")
        }
        self.evidence = defaultdict(list)
        for piece in evidence:
            self.evidence[piece.target_id].append(piece)
        self.accepted, self.sent = _other_values(report)

    @property
    def earlier(self):
        """The periods before this report's, the nearest first."""
        mine = self.report.period.starts_on
        return [period for period in reversed(self.periods) if period.starts_on < mine]

    def row_of(self, target):
        indicator, row = target.indicator, self.rows.get(target.pk)
        unit = "%" if indicator.unit == "%" else ""
        aim = next((a.value for a in target.period_targets.all() if a.period_id == self.report.period_id), None)
        nearest = self.earlier[0] if self.earlier else None
        last = self.sent[target.pk].get(nearest.pk) if nearest else None
        counted = {**self.accepted[target.pk], **({self.report.period_id: row} if row else {})}
        series = series_of(target, self.periods, counted, self.today)
        to_date = progress.shown(progress.progress_of(series))
        return SheetRow(
            target=target,
            aim=aim,
            aim_words=number_words(aim, unit),
            previous_label=nearest.label if nearest else "",
            previous_words=value_words(last, indicator.kind),
            row=row,
            words=value_words(row, indicator.kind),
            before_words=value_words(self.before[target.pk], indicator.kind) if target.pk in self.before else "",
            to_date=to_date,
            to_date_words=number_words(to_date.actual, unit),
            status_words=str(STATUS_WORDS[to_date.status]),
            evidence=tuple(self.evidence[target.pk]),
            request=self.requests.get(f"value-{target.pk}"),
            warnings=tuple(self._warnings(target, row)),
            steps=steps_of(series, to_date, unit=unit),
        )

    def _warnings(self, target, row):
        """impact.md §c.5: what a comment should explain. Never an error."""
        if row is None or row.state != ValueState.REPORTED:
            return
        kind, name = target.indicator.kind, target.indicator.name
        number = _number(row, kind)
        earlier = [_number(self.sent[target.pk].get(period.pk), kind) for period in self.earlier]
        past = [value for value in earlier if value is not None]
        if number is None:
            return
        if target.indicator.calculation == progress.Calculation.RUNNING and past and number < past[0]:
            yield _("%(indicator)s: the running total is lower than in the period before.") % {"indicator": name}
        if past and number == past[0] and number:
            yield _("%(indicator)s: exactly the same value as in the period before.") % {"indicator": name}
        middle = _median(past[:4])
        if middle and (number > JUMP * middle or number * JUMP < middle):
            yield _("%(indicator)s: far from the values of the periods before.") % {"indicator": name}


def _other_values(report):
    """The values of this project's other reports: those accepted, and those of each report's newest version.

    Both are {target id: {period id: row}}.
    """
    accepted, sent, newest = defaultdict(dict), defaultdict(dict), {}
    rows = (
        IndicatorValue.objects.filter(version__report__project=report.project_id)
        .exclude(version__report=report)
        .select_related("version__report")
        .order_by("version__number")
    )
    for row in rows:
        period = row.version.report.period_id
        newest[period] = row.version_id
        sent[row.target_id][period] = row
        if row.version.report.accepted_version_id == row.version_id:
            accepted[row.target_id][period] = row
    return accepted, sent


def _number(row, kind):
    if row is None or row.state != ValueState.REPORTED:
        return None
    value = row.value if row.value is not None else progress.Pair(row.numerator, row.denominator)
    return progress.number_of(kind, value) if progress.has_value(value) else None


def _median(numbers):
    """The median of a short list, None of an empty one."""
    if not numbers:
        return None
    ordered, half = sorted(numbers), len(numbers) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


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
