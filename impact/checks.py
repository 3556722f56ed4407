"""The checks of a report (impact rules §c.5): facts in, what does not tie out. Pure: no Django, no clock, no words.

Numbers are the exact Fractions of `progress.number_of` where values are compared over time, the row's own Decimal or
Pair where a value is compared with its parts. Money is in US dollars at the frozen rates. `figures/checks.py` reads the
facts and makes the sentences; each `code` here has one there.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from impact import grid, progress
from impact.grid import Codes, Table
from impact.progress import Calculation, Kind, Pair, Value

JUMP = 3  # times the median of the last four, or a third of it
LAST = 4
OUTLIER = Fraction(35, 10)  # modified z-score
SCALE = Fraction(6745, 10000)  # of the modified z-score (Iglewicz and Hoaglin): 0.6745 · |x − median| / MAD
ENOUGH = 5  # earlier values, before a z-score says anything
LINE_OVER = Decimal(110)  # per cent of a budget line

# What people write of a death, in French, English and Swahili. Stems: « décès », « décédé », « mortellement », "died".
DEATH_WORDS = re.compile(
    r"\b(?:d[ée]c[èée]d\w*|d[ée]c[èe]s|morte?s?|mortel\w*|mortalit[ée]|mour\w*|perdu la vie|tu[ée]e?s?"
    r"|deaths?|dead|die[ds]?|killed|fatal\w*|kifo|vifo|alikufa|walikufa)\b",
    re.IGNORECASE,
)


class Level(StrEnum):
    ERROR = "error"  # the report cannot be sent
    WARNING = "warning"  # it can, with a comment


@dataclass(frozen=True)
class ValueFacts:
    """One value of the report. `value` is None unless it is reported; `earlier` are this target's numbers of the periods
    before, the nearest first, gaps left out; `adds_up`: the cells of a table are parts of the value."""

    target_id: int
    kind: str
    calculation: str
    value: Value
    is_reported: bool
    comment: str = ""
    tables: Mapping[Codes, Table] = field(default_factory=dict)
    adds_up: bool = True
    shared: Decimal | None = None
    earlier: tuple[Fraction, ...] = ()
    has_evidence: bool = True
    counts_deaths: bool = False

    @property
    def number(self) -> Fraction | None:
        """The value as one number; None when there is none, or when it is no possible value at all."""
        if self.value is None or self.value == progress.NOT_APPLICABLE or refusal(self.kind, self.value):
            return None
        return progress.number_of(Kind(self.kind), self.value)


@dataclass(frozen=True)
class LineFacts:
    """One budget line in dollars. `spent_before`: in earlier periods; `spent`: in this one."""

    line_id: int
    budget: Decimal
    spent_before: Decimal
    spent: Decimal


@dataclass(frozen=True)
class ExpenseFacts:
    expense_id: int
    in_francs: bool
    has_rate: bool  # rate, its date and its source together


@dataclass(frozen=True)
class ReportFacts:
    """`texts` are the narrative and the difficulties; `nothing_spent` is the organisation's own statement."""

    is_over: bool = True
    values: tuple[ValueFacts, ...] = ()
    lines: tuple[LineFacts, ...] = ()
    expenses: tuple[ExpenseFacts, ...] = ()
    texts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """One thing that does not tie out. `key` stays the same while the thing lasts: a comment is kept under it.

    `target_id` or `line_id` say where; `params` are what the sentence needs, by name.
    """

    key: str
    level: Level
    code: str
    target_id: int | None = None
    line_id: int | None = None
    params: Mapping[str, object] = field(default_factory=dict)


def find(facts: ReportFacts) -> tuple[Found, ...]:
    """Everything, the errors first, then in the order of the values. Nothing of an empty report."""
    found = [*_of_report(facts), *(each for value in facts.values for each in of_value(value, facts.texts))]
    found += [*_of_expenses(facts.expenses), *_of_lines(facts.lines)]
    return tuple(sorted(found, key=lambda each: each.level != Level.ERROR))


def _of_report(facts: ReportFacts) -> Iterator[Found]:
    reported = [value for value in facts.values if value.is_reported]
    if reported and not facts.is_over:
        yield Found("open_period", Level.ERROR, "open_period")
    if unproven := tuple(value.target_id for value in reported if not value.has_evidence):
        # One comment for all of them: twelve times "the register is in the office" helps nobody.
        yield Found("unproven", Level.WARNING, "unproven", params={"target_ids": unproven})
    active = any(value.number for value in reported)
    if active and not facts.expenses:
        yield Found("activity_unspent", Level.WARNING, "activity_unspent")
    if facts.values and facts.expenses and not active:
        yield Found("spending_idle", Level.WARNING, "spending_idle")


# --- one value --------------------------------------------------------------------------------------------------------


def of_value(facts: ValueFacts, texts: Sequence[str] = ()) -> Iterator[Found]:
    """What does not tie out in one value; nothing where nothing was reported."""
    if not facts.is_reported or facts.value is None:
        return
    for code, level, params in (*_impossible(facts), *_of_tables(facts), *_over_time(facts), *_deaths(facts, texts)):
        part = f".{params['axes_key']}" if "axes_key" in params else ""
        yield Found(f"{code}{part}.v{facts.target_id}", level, code, facts.target_id, params=params)


Hit = tuple[str, Level, dict[str, object]]


def refusal(kind: str, value: Value) -> str:
    """The code of what §c.1 refuses in a value or a cell: negative, denominator_zero, numerator_out_of_range; "" if nothing."""
    try:
        progress.check_value(Kind(kind), value, progress.Phase.DUE)
    except progress.ProgressError as refused:
        return refused.code
    except TypeError:
        return "wrong_shape"
    return ""


def _impossible(facts: ValueFacts) -> Iterator[Hit]:
    if code := refusal(facts.kind, facts.value):
        yield code, Level.ERROR, {}
    if facts.shared is not None and isinstance(facts.value, Decimal) and facts.shared > facts.value:
        yield "shared_over", Level.ERROR, {"shared": facts.shared, "total": facts.value}


def _of_tables(facts: ValueFacts) -> Iterator[Hit]:
    for axes, table in facts.tables.items():
        if not table:
            continue
        params: dict[str, object] = {"axes": axes, "axes_key": "-".join(axes)}
        if bad := [codes for codes, number in table.items() if refusal(facts.kind, number)]:
            yield "bad_cell", Level.ERROR, {**params, "codes": bad[0]}
        elif facts.adds_up and facts.value is not None:
            yield from _of_sum(facts.value, table, params)


def _of_sum(total: Decimal | Pair, table: Table, params: dict[str, object]) -> Iterator[Hit]:
    """§c.7. A margin above the total is a sum above it, for no cell is negative."""
    rest = grid.rest_of(total, table)
    if rest.exceeds:
        yield "table_over", Level.ERROR, {**params, "sum": grid.sum_cells(list(table.values())), "total": total}
    elif rest.is_left:
        left = Pair(rest.n, rest.d) if isinstance(total, Pair) else rest.n
        yield "table_rest", Level.WARNING, {**params, "rest": left}


def _over_time(facts: ValueFacts) -> Iterator[Hit]:
    number, past = facts.number, facts.earlier
    if number is None or not past:
        return
    if facts.calculation == Calculation.RUNNING and number < past[0]:
        yield "falls", Level.WARNING, {"number": number, "before": past[0]}
    if number == past[0] and number:
        yield "same", Level.WARNING, {"number": number}
    if jumps(number, past[:LAST]):
        yield "spike", Level.WARNING, {"number": number, "middle": median(past[:LAST])}
    elif is_outlier(number, past):
        yield "outlier", Level.WARNING, {"number": number, "middle": median(past)}


def jumps(number: Fraction, past: Sequence[Fraction]) -> bool:
    """More than three times the median, or less than a third of it. Without a median, or with zero, nothing is said."""
    middle = median(past)
    return bool(middle) and (number > JUMP * middle or number * JUMP < middle)


def is_outlier(number: Fraction, past: Sequence[Fraction]) -> bool:
    """A modified z-score above 3.5, from five values on; where most values are equal there is no spread to measure by."""
    if len(past) < ENOUGH:
        return False
    middle = median(past)
    spread = median([abs(value - middle) for value in past])
    return bool(spread) and SCALE * abs(number - middle) / spread > OUTLIER


def median(numbers: Iterable[Fraction]) -> Fraction:
    """The median; zero of no number at all."""
    ordered = sorted(numbers)
    half = len(ordered) // 2
    if not ordered:
        return Fraction(0)
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _deaths(facts: ValueFacts, texts: Sequence[str]) -> Iterator[Hit]:
    """Each death needs its account (MIN-04): in the narrative, the difficulties, or the value's own explanation."""
    if facts.counts_deaths and facts.number and not any(DEATH_WORDS.search(text) for text in (*texts, facts.comment)):
        yield "deaths", Level.WARNING, {"number": facts.number}


# --- money ------------------------------------------------------------------------------------------------------------


def _of_expenses(expenses: Iterable[ExpenseFacts]) -> Iterator[Found]:
    for each in expenses:
        if each.in_francs and not each.has_rate:
            yield Found(f"no_rate.e{each.expense_id}", Level.ERROR, "no_rate", params={"expense_id": each.expense_id})


def _of_lines(lines: Iterable[LineFacts]) -> Iterator[Found]:
    """Lines on which this report spends: what an earlier period overspent was explained then."""
    for line in lines:
        together = line.spent_before + line.spent
        if not line.spent or together <= 0:
            continue
        params = {"spent": together, "budget": line.budget}
        if line.budget == 0:
            yield Found(f"unbudgeted.line{line.line_id}", Level.WARNING, "unbudgeted", None, line.line_id, params)
        elif 100 * together > LINE_OVER * line.budget:
            yield Found(f"over.line{line.line_id}", Level.WARNING, "over", None, line.line_id, params)
