"""The checks of one report in words: the same for the partner before it sends, for the workbook and for the reviewer.

What is checked is in `impact.checks`; here the facts are read, in a number of queries that no row adds to, and each code
has its sentence.
"""

import re
from dataclasses import dataclass

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from ace_partners.core.money import CDF, USD, Money, format_money
from ace_partners.core.numbers import number_words
from impact import checks, grid
from impact.checks import Level
from impact.figures.axes import axes_words
from impact.figures.earlier import number_of_row, other_values, periods_before
from impact.figures.series import value_of
from impact.figures.sheet import balances
from impact.models import Period, ReportEvidence, ValueState
from impact.models.framework import Direction
from impact.progress import Pair

DEATHS = "deaths"  # the unit of an indicator of which each case needs its account

SENTENCES = {
    "open_period": gettext_lazy("The period is not over: its values can be given from the day after."),
    "unproven": gettext_lazy("No file shows where these values come from: %(names)s."),
    "activity_unspent": gettext_lazy("Activities are reported, but no expense."),
    "spending_idle": gettext_lazy("Expenses are listed, but every value is zero or missing."),
    "negative": gettext_lazy("%(indicator)s: a value cannot be below zero."),
    "denominator_zero": gettext_lazy("%(indicator)s: the denominator is zero but the numerator is not."),
    "numerator_out_of_range": gettext_lazy("%(indicator)s: the numerator is larger than the denominator."),
    "wrong_shape": gettext_lazy("%(indicator)s: give this value again, it does not fit the indicator."),
    "shared_over": gettext_lazy("%(indicator)s: the shared part %(shared)s is larger than the value %(total)s."),
    "bad_cell": gettext_lazy("%(indicator)s, by %(axes)s: a cell holds what cannot be (a part larger than its whole)."),
    "table_over": gettext_lazy(
        "%(indicator)s, by %(axes)s: the cells add up to %(sum)s, more than the total %(total)s."
    ),
    "table_rest": gettext_lazy("%(indicator)s, by %(axes)s: %(rest)s not specified."),
    "falls": gettext_lazy("%(indicator)s: the running total is lower than in the period before."),
    "same": gettext_lazy("%(indicator)s: exactly the same value as in the period before."),
    "spike": gettext_lazy("%(indicator)s: far from the values of the periods before."),
    "outlier": gettext_lazy("%(indicator)s: unusual beside the values of all periods before."),
    "deaths": gettext_lazy("%(indicator)s: tell what happened. Each death needs its account, without names."),
    "no_rate": gettext_lazy("%(expense)s: an expense in francs needs the rate, its date and its source."),
    "unbudgeted": gettext_lazy("%(line)s: %(spent)s spent on a line without a budget."),
    "over": gettext_lazy("%(line)s: %(spent)s spent, more than 110%% of the budget of %(budget)s."),
}
# The part of the report that a check about no single value is about.
FIELDS = {
    "unproven": "evidence",
    **dict.fromkeys(["activity_unspent", "spending_idle", "no_rate", "unbudgeted", "over"], "spending"),
}


@dataclass(frozen=True)
class Check:
    """One thing to put right (level "error") or to explain (level "warning"), in one sentence.

    `key` is stable while the thing lasts: the partner's `comment` on it is kept under that key. `field_key` is the part
    of the report it is about, as in CorrectionRequest; `target_id` its target, None when it is about no single value.
    """

    key: str
    level: Level
    words: str
    target_id: int | None
    field_key: str
    comment: str = ""

    @property
    def is_error(self):
        return self.level == Level.ERROR


def checks_of(report, *, draft) -> tuple[Check, ...]:
    """The checks over the draft (the partner's eyes only) or over the newest version; the errors first.

    A warning that was commented when the version was sent stays as it stood then, whatever other reports say since.
    """
    read = _Read(report, draft)
    found = checks.find(read.facts())
    shown = [read.in_words(each) for each in found]
    known = {check.key for check in shown}
    return (*shown, *(_as_sent(row) for row in read.comments.values() if not draft and row.key not in known))


def _as_sent(row):
    """A warning of the version that would not arise any more."""
    target = re.search(r"\.v(\d+)$", row.key)
    target_id = int(target[1]) if target else None
    key = f"value-{target_id}" if target else FIELDS.get(row.key.partition(".")[0], "")
    return Check(row.key, Level.WARNING, row.warning, target_id, key, row.text)


class _Read:
    """The rows of one report, read once."""

    def __init__(self, report, draft):
        self.report = report
        source = report if draft else report.versions.order_by("-number").first()
        if draft:
            values, spending, evidence = report.draft_values, report.draft_spending, report.evidence
            comments = report.draft_comments
        elif source is not None:
            values, spending, comments = source.values, source.spending, source.check_comments
            evidence = ReportEvidence.objects.of_version(source)
        self.texts = (source.narrative, source.difficulties) if source else ()
        rows = values.select_related("target__indicator").order_by("target__indicator__code") if source else []
        self.values = {row.target_id: row for row in rows}
        self.expenses = list(spending.all()) if source else []
        self.comments = {row.key: row for row in comments.all()} if source else {}
        self.proven = set(evidence.values_list("target_id", flat=True)) if source else set()
        self.balances = {row.line.pk: row for row in balances(report, self.expenses) if row.line is not None}
        self.before = periods_before(
            report, list(Period.objects.filter(project=report.project_id).order_by("starts_on"))
        )
        _accepted, self.sent = other_values(report)

    def facts(self):
        return checks.ReportFacts(
            is_over=self.report.period.is_over(),
            values=tuple(self._value(row) for row in self.values.values()),
            lines=tuple(
                checks.LineFacts(pk, row.budget.amount, row.before.amount, row.this_period.amount)
                for pk, row in self.balances.items()
                if row.budget.currency == USD  # dollars are never compared with francs
            ),
            expenses=tuple(
                checks.ExpenseFacts(
                    line.pk,
                    in_francs=line.currency == CDF,
                    has_rate=bool(line.rate and line.rate_on and line.rate_source.strip()),
                )
                for line in self.expenses
            ),
            texts=self.texts,
        )

    def _value(self, row):
        indicator = row.target.indicator
        sent = self.sent[row.target_id]
        numbers = [number_of_row(sent.get(period.pk), indicator.kind) for period in self.before]
        return checks.ValueFacts(
            target_id=row.target_id,
            kind=indicator.kind,
            calculation=indicator.calculation,
            value=value_of(row),
            is_reported=row.state == ValueState.REPORTED,
            comment=row.comment,
            tables=grid.read_cells(row.cells),
            adds_up=indicator.cells_add_up,
            shared=row.shared,
            earlier=tuple(number for number in numbers if number is not None),
            has_evidence=row.target_id in self.proven,
            counts_deaths=indicator.unit == DEATHS and indicator.direction == Direction.AT_MOST,
        )

    # --- words --------------------------------------------------------------------------------------------------

    def in_words(self, found):
        comment = self.comments.get(found.key)
        # What was sent keeps the sentence that the partner read and answered.
        words = getattr(comment, "warning", "") or str(SENTENCES[found.code]) % self._params(found)
        field_key = FIELDS.get(found.code, "") if found.target_id is None else f"value-{found.target_id}"
        return Check(found.key, found.level, words, found.target_id, field_key, comment.text if comment else "")

    def _params(self, found):
        given = found.params
        params = {name: _in_words(given[name]) for name in ("sum", "total", "rest", "shared") if name in given}
        if found.target_id is not None:
            params["indicator"] = self.values[found.target_id].target.indicator.name
        if "axes" in given:
            params["axes"] = axes_words(given["axes"])
        if "target_ids" in given:
            params["names"] = ", ".join(self.values[pk].target.indicator.name for pk in given["target_ids"])
        if "expense_id" in given:
            params["expense"] = next(line.label for line in self.expenses if line.pk == given["expense_id"])
        if found.line_id is not None:
            params["line"] = str(self.balances[found.line_id].line)
            lang = get_language() or "fr"
            params |= {name: format_money(Money(given[name], USD), lang=lang) for name in ("spent", "budget")}
        return params


def _in_words(number):
    if isinstance(number, Pair):
        return _("%(n)s of %(d)s") % {"n": number_words(number.n), "d": number_words(number.d)}
    return number_words(number)
