"""What a renewal knows that a first round cannot: how the organisation performed, and what changed in a question.

Pure: counts in, suggestions as codes out. `desk` reads the reports and hands the facts in (design §3); the examiner
still writes every finding.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any

from vetting.checklist_diff import facts_of
from vetting.scoring import Answer

# What an answer was given to: a change here asks for a new answer. Weight and plan limits are ACE's own arithmetic.
ASKED = (
    "question_fr",
    "question_en",
    "guidance_fr",
    "guidance_en",
    "mandatory",
    "knock_out",
    "blocks_payment",
    "documents",
)

# The items of checklist 1 that ask about performance. Another wording keeps the code, or shows the criterion only.
SPENDING_ITEM, REPORTING_ITEM = "C3.7", "C4.7"


class Because(StrEnum):
    """Why this suggestion: `phrases_renewal` turns it into a sentence with the counts."""

    NOTHING_DUE = "nothing_due"
    ALL_IN_TIME = "all_in_time"
    MOSTLY_IN_TIME = "mostly_in_time"
    LATE = "late"
    MISSING = "missing"
    ONLY_REASONS = "only_reasons"


@dataclass(frozen=True)
class RenewalFacts:
    """The performance from `since` (the decision in force) to `as_of`. Waived reports are not due; zero is not missing.

    `reports_late` holds the days after the last day in time, one number for each report that came late.
    Spending is published when its report is accepted; what still lies with ACE is not held against the organisation
    (`spending_with_ace`) and is not in `spending_due`. `values_*` count target × period: a value given (zero is one),
    or no value and the reason why.
    """

    as_of: date
    since: date
    reports_due: int = 0
    reports_on_time: int = 0
    reports_late: tuple[int, ...] = ()
    reports_missing: int = 0
    spending_due: int = 0
    spending_published_on_time: int = 0
    spending_published_late: int = 0
    spending_with_ace: int = 0
    targets_agreed: int = 0
    values_due: int = 0
    values_reported: int = 0
    values_no_data_reasoned: int = 0

    @property
    def spending_missing(self) -> int:
        """Periods whose spending was due and is not published."""
        return self.spending_due - self.spending_published_on_time - self.spending_published_late

    @property
    def values_missing(self) -> int:
        """Values due for which there is neither a number nor a reason."""
        return self.values_due - self.values_reported - self.values_no_data_reasoned

    def as_json(self) -> dict[str, Any]:
        """As `RenewalSnapshot.facts` keeps it."""
        return {**asdict(self), "as_of": self.as_of.isoformat(), "since": self.since.isoformat()}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "RenewalFacts":
        """The facts of a stored snapshot. KeyError without its two dates; a count it does not know is left out."""
        known = {each.name: stored[each.name] for each in fields(cls) if each.name in stored}
        known |= {name: date.fromisoformat(stored[name]) for name in ("as_of", "since")}
        return cls(**{**known, "reports_late": tuple(known.get("reports_late", ()))})


@dataclass(frozen=True)
class Suggestion:
    """What the counts suggest for one matter; `not_assessed` where nothing was due yet."""

    answer: Answer
    because: Because


@dataclass(frozen=True)
class Performance:
    """The three matters that a renewal computes, in the order of the criteria."""

    spending: Suggestion
    reports: Suggestion
    targets: Suggestion


def rate(due: int, in_time: int, missing: int) -> Suggestion:
    """Nine tenths in time and none missing: met; half in time: partial; less: not met; nothing due: not assessed."""
    if due == 0:
        return Suggestion(Answer.NOT_ASSESSED, Because.NOTHING_DUE)
    if in_time * 10 >= due * 9 and missing == 0:
        every = in_time == due
        return Suggestion(Answer.MET, Because.ALL_IN_TIME if every else Because.MOSTLY_IN_TIME)
    because = Because.MISSING if missing else Because.LATE
    return Suggestion(Answer.PARTIAL if in_time * 2 >= due else Answer.NOT_MET, because)


def performance(facts: RenewalFacts) -> Performance:
    """Spending published, reports in time, targets reported: each by `rate`."""
    return Performance(
        spending=rate(facts.spending_due, facts.spending_published_on_time, facts.spending_missing),
        reports=rate(facts.reports_due, facts.reports_on_time, facts.reports_missing),
        targets=_targets(facts),
    )


def _targets(facts: RenewalFacts) -> Suggestion:
    """A reason why there is no value is an answer, so it counts neither for nor against; reasons alone are no result."""
    expected = facts.values_due - facts.values_no_data_reasoned
    if facts.values_due and expected == 0:
        return Suggestion(Answer.PARTIAL, Because.ONLY_REASONS)
    return rate(expected, facts.values_reported, facts.values_missing)


# From best to worst; what could not be assessed says nothing about the rest.
WORST_FIRST = (Answer.NOT_MET, Answer.PARTIAL, Answer.MET, Answer.NOT_ASSESSED)


def worst(suggestions: Sequence[Suggestion]) -> Suggestion:
    """The one that decides: the lowest of those that could be assessed, the first of equals."""
    return min(suggestions, key=lambda each: WORST_FIRST.index(each.answer))


def suggested_findings(facts: RenewalFacts) -> dict[str, tuple[Answer, tuple[Because, ...]]]:
    """Item code → (suggested answer, why, matter by matter)."""
    found = performance(facts)
    return {
        SPENDING_ITEM: (found.spending.answer, (found.spending.because,)),
        REPORTING_ITEM: (
            worst((found.reports, found.targets)).answer,
            (found.reports.because, found.targets.because),
        ),
    }


def wording_changed(old_item: Any, new_item: Any) -> bool:
    """Whether the new version asks or judges something else under the same code, so that an old answer is no answer."""
    if old_item.pk == new_item.pk:
        return False
    old, new = facts_of(old_item), facts_of(new_item)
    return any(old[name] != new[name] for name in ASKED)
