"""What a target is held against before both sides agree on it: numbers and days in, numbers out, as in `progress`.

Two yardsticks. The trend says where the project ends if nothing changes. The comparison says what other partners
achieved on the same indicator. Neither decides anything: "ambitious" stays a sentence that two people agree on.

Units: as in `progress`. A sum is compared per quarter of three months, because partners report over months and over
quarters; a level is compared as it stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from statistics import median

from impact.progress import Calculation, Direction, Kind, Pair, Value, has_value, number_of, pool, sum_of

QUARTER = 3  # months
DAYS_OF_A_MONTH = Fraction(1461, 48)  # four years over forty-eight months
WHOLE = 100


@dataclass(frozen=True)
class Reading:
    """One accepted value and the days it covers, both included."""

    starts_on: date
    ends_on: date
    value: Value

    @property
    def months(self) -> int:
        return months_of(self.starts_on, self.ends_on)


@dataclass(frozen=True)
class Trend:
    """Where the indicator stands at the end of the project if nothing changes; `readings`: 0 for the baseline alone."""

    at_end: Fraction
    readings: int


@dataclass(frozen=True)
class Comparison:
    """One figure per partner (per quarter where new results add up): how many there are, and what they reach."""

    partners: int
    median: Fraction
    lowest: Fraction
    highest: Fraction


def months_of(starts_on: date, ends_on: date) -> int:
    """Whole months from the first day to the last, at least one: a quarter of 88 or of 92 days has three."""
    days = (ends_on - starts_on).days + 1
    return max(1, round(days / DAYS_OF_A_MONTH))


def trend(
    kind: Kind,
    calc: Calculation,
    *,
    readings: Sequence[Reading],
    baseline: Decimal | None,
    baseline_on: date | None,
    starts_on: date,
    ends_on: date,
    period_months: int = QUARTER,
) -> Trend | None:
    """The trend of one project over its dates, or None where nothing is known. `readings` in any order.

    A sum goes on at the pace of the accepted periods; before the first one, at that of the baseline, which stands for
    one period of `period_months` (§c.3). A level follows the line from its first known point to its last one.
    """
    known = sorted((each for each in readings if has_value(each.value)), key=lambda each: each.ends_on)
    if calc == Calculation.SUM:
        return _sum_trend(kind, known, baseline, starts_on, ends_on, period_months)
    return _level_trend(kind, calc, known, baseline, baseline_on, ends_on)


def _numbers(kind: Kind, readings: Sequence[Reading]) -> list[Fraction]:
    return [number_of(kind, each.value) for each in readings if has_value(each.value)]


def _sum_trend(
    kind: Kind,
    known: Sequence[Reading],
    baseline: Decimal | None,
    starts_on: date,
    ends_on: date,
    period_months: int,
) -> Trend | None:
    if not known:
        if baseline is None:
            return None
        return Trend(Fraction(baseline) * months_of(starts_on, ends_on) / period_months, 0)
    so_far = sum_of(_numbers(kind, known))
    pace = so_far / sum(each.months for each in known)
    left = (ends_on - known[-1].ends_on).days
    months_left = round(left / DAYS_OF_A_MONTH) if left > 0 else 0
    return Trend(so_far + pace * months_left, len(known))


def _level_trend(
    kind: Kind,
    calc: Calculation,
    known: Sequence[Reading],
    baseline: Decimal | None,
    baseline_on: date | None,
    ends_on: date,
) -> Trend | None:
    points = list(zip((each.ends_on for each in known), _numbers(kind, known), strict=True))
    if baseline is not None and baseline_on is not None and (not points or baseline_on < points[0][0]):
        points.insert(0, (baseline_on, Fraction(baseline)))
    if not points:
        return None
    (first_day, first), (last_day, last) = points[0], points[-1]
    days, left = (last_day - first_day).days, max(0, (ends_on - last_day).days)
    at_end = last + (last - first) / days * left if days else last
    if calc == Calculation.MAX:
        at_end = max(at_end, *(number for _day, number in points))
    at_end = max(at_end, Fraction(0))
    return Trend(min(at_end, Fraction(WHOLE)) if kind == Kind.PERCENTAGE else at_end, len(known))


def figure_of(kind: Kind, calc: Calculation, readings: Sequence[Reading]) -> Fraction | None:
    """One partner in one figure, None without a value: a sum per quarter, a pooled fraction, the highest, or the newest level."""
    known = sorted((each for each in readings if has_value(each.value)), key=lambda each: each.ends_on)
    numbers = _numbers(kind, known)
    if not numbers:
        return None
    if calc == Calculation.SUM:
        return per_quarter(sum_of(numbers), sum(each.months for each in known))
    if calc == Calculation.POOLED:
        return pool(kind, [each.value for each in known if isinstance(each.value, Pair)])
    return max(numbers) if calc == Calculation.MAX else numbers[-1]


def per_quarter(number: Decimal | Fraction, months: int) -> Fraction:
    """What was reached, or is aimed at, in so many months, as of three."""
    return Fraction(number) * QUARTER / months


def compare(kind: Kind, calc: Calculation, partners: Sequence[Sequence[Reading]]) -> Comparison | None:
    """The figures of several partners side by side, in any order; None where nobody has one. Partners without are not counted."""
    figures = [figure for readings in partners if (figure := figure_of(kind, calc, readings)) is not None]
    if not figures:
        return None
    return Comparison(len(figures), median(figures), min(figures), max(figures))


def beyond(direction: Direction, aim: Decimal | Fraction, reference: Fraction) -> bool | None:
    """Whether an aim asks for more than the reference, in the sense of the indicator; None where neither is better."""
    if direction in (Direction.INCREASE, Direction.AT_LEAST):
        return Fraction(aim) > reference
    if direction in (Direction.DECREASE, Direction.AT_MOST):
        return Fraction(aim) < reference
    return None
