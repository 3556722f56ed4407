"""Progress of one indicator towards its targets: numbers in, numbers out.

Pure arithmetic: no Django, no clock, no words for the screen (labels of the codes live with the models). The § numbers
are those of the impact rules (background/impact.md §c); `tests/progress_cases.json` holds their worked cases.

Units. `actual`, targets and baselines are in the indicator's own unit: a percentage is 63 for 63 %, a ratio is n / d.
`achievement` and `progress` are fractions: 1 means 100 %. Every result is an exact `Fraction`; rounding happens once,
in `shown` and the two functions under it.

A masked figure (see `masking`) takes its achievement and progress with it: both give the figure away.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple, TypeGuard

from impact.deadlines import Phase, is_expected


class Kind(StrEnum):
    NUMBER = "number"
    PERCENTAGE = "percentage"
    RATIO = "ratio"
    MILESTONE = "milestone"


class Calculation(StrEnum):
    SUM = "sum"
    LATEST = "latest"
    RUNNING = "running"
    POOLED = "pooled"
    MAX = "max"


class Direction(StrEnum):
    INCREASE = "increase"
    DECREASE = "decrease"
    AT_MOST = "at_most"
    AT_LEAST = "at_least"
    CONTEXT = "context"


class Status(StrEnum):
    NOT_DUE = "not_due"
    NO_DATA = "no_data"
    MISSING_DATA = "missing_data"
    NOT_APPLICABLE = "not_applicable"
    NO_TARGET = "no_target"
    NO_BASELINE = "no_baseline"
    EXCEEDED = "exceeded"
    ON_TRACK = "on_track"
    WATCH = "watch"
    OFF_TRACK = "off_track"
    CONTEXT = "context"


class RowState(StrEnum):
    VALUE = "value"
    NOT_APPLICABLE = "not_applicable"
    MISSING = "missing"  # the deadline has passed without an accepted value
    AWAITED = "awaited"  # over, nothing accepted yet, still in time
    OPEN = "open"
    WAIVED = "waived"  # not asked for


STATES = {Phase.OPEN: RowState.OPEN, Phase.ENDED: RowState.AWAITED,
          Phase.DUE: RowState.MISSING, Phase.WAIVED: RowState.WAIVED}  # fmt: skip

PAIRED = frozenset({Kind.PERCENTAGE, Kind.RATIO})
# A percentage or ratio is never added up, only its n and d are; and only a pair can be pooled.
OF_PAIRS = frozenset({Calculation.LATEST, Calculation.POOLED, Calculation.MAX})
OF_NUMBERS = frozenset(Calculation) - {Calculation.POOLED}
CALCULATIONS = {kind: OF_PAIRS if kind in PAIRED else OF_NUMBERS for kind in Kind}
MEASURED = frozenset({Direction.INCREASE, Direction.DECREASE})  # the directions that have percentages

# §c.4: lower bounds of the bands; only `exceeded` is strict.
EXCEEDED_ABOVE, ON_TRACK_FROM, WATCH_FROM = Fraction(115, 100), Fraction(85, 100), Fraction(60, 100)


class ProgressError(ValueError):
    """§c.1 refuses a value; `code`: period_not_ended, negative, denominator_zero or numerator_out_of_range."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Pair:
    """Numerator and denominator of a percentage or a ratio."""

    n: Decimal
    d: Decimal


# Reported, but there was nothing to measure (§c.1): covered, without a value. Good for every kind.
NOT_APPLICABLE = Pair(Decimal(0), Decimal(0))

Value = Decimal | Pair | None  # None: not reported
Number = Fraction | None  # exact; None: not known, or not defined


@dataclass(frozen=True)
class PeriodInput:
    """One period, as reported. `counted`: the value belongs to an accepted version (§c.1)."""

    target: Decimal | None
    value: Value
    phase: Phase = Phase.DUE
    counted: bool = True

    @property
    def accepted(self) -> Value:
        return self.value if self.counted else None


@dataclass(frozen=True)
class Series:
    """One indicator of one project, with its periods in order of time. Drafts are left out by the caller.

    Raises ProgressError for a value refused by §c.1, whether it counts or not; TypeError for a number that is not a
    Decimal or does not fit the kind; ValueError for an unknown code or a calculation this kind does not have.
    """

    kind: Kind
    calc: Calculation
    direction: Direction
    baseline: Decimal | None
    final_target: Decimal | None
    periods: tuple[PeriodInput, ...]

    def __post_init__(self):
        Direction(self.direction)
        if Calculation(self.calc) not in CALCULATIONS[Kind(self.kind)]:
            raise ValueError(f"{self.kind} has no calculation {self.calc}")
        for number in (self.baseline, self.final_target, *(period.target for period in self.periods)):
            if number is not None:
                _require_decimal(number)
        for period in self.periods:
            check_value(self.kind, period.value, period.phase)

    @property
    def valued(self) -> tuple[PeriodInput, ...]:
        """The periods with an accepted value, 0 included, 0/0 excluded."""
        return tuple(period for period in self.periods if has_value(period.accepted))


class Coverage(NamedTuple):
    """§c.4: accepted out of expected; the periods whose deadline passed, and those accepted before it."""

    reported: int
    expected: int

    def __str__(self):
        return f"{self.reported}/{self.expected}"


@dataclass(frozen=True)
class Progress:
    """Where an indicator stands, unrounded. None is "not known", never zero."""

    coverage: Coverage
    actual: Number
    achievement: Number
    progress: Number
    met: bool | None
    status: Status


@dataclass(frozen=True)
class PeriodRow:
    """One period by itself, unrounded; nothing is carried over from another period (§c.2)."""

    state: RowState
    value: Number
    target: Decimal | None
    achievement: Number
    met: bool | None


@dataclass(frozen=True)
class Shown:
    """A Progress rounded for the reader (§c.3b); `achievement` and `progress` in per cent."""

    coverage: str
    actual: Decimal | None
    achievement: Decimal | None
    progress: Decimal | None
    met: bool | None
    status: Status


def check_value(kind: Kind, value: Value, phase: Phase) -> None:
    """§c.1: refuse what cannot be a value. Raises ProgressError, or TypeError when the shape does not fit the kind."""
    if value is None:
        Phase(phase)
        return
    if Phase(phase) is Phase.OPEN:
        raise ProgressError("period_not_ended")
    for number in (value.n, value.d) if isinstance(value, Pair) else (value,):
        _require_decimal(number)
        if number < 0:
            raise ProgressError("negative")
    if value == NOT_APPLICABLE:
        return
    if isinstance(value, Pair) != (kind in PAIRED):
        raise TypeError(f"{value!r} is no {kind}")
    if not isinstance(value, Pair):
        return
    if value.d == 0:
        raise ProgressError("denominator_zero")
    if kind == Kind.PERCENTAGE and value.n > value.d:
        raise ProgressError("numerator_out_of_range")


def _require_decimal(number: Decimal) -> None:
    if not isinstance(number, Decimal) or not number.is_finite():
        raise TypeError(f"{number!r} is not a finite Decimal")


def has_value(value: Value) -> TypeGuard[Decimal | Pair]:
    """§c.1: zero is a value; None (not reported) and 0/0 (not applicable) are not."""
    return value is not None and value != NOT_APPLICABLE


def number_of(kind: Kind, value: Decimal | Pair) -> Fraction:
    """The number a value stands for, in the indicator's unit; only for one that `has_value`."""
    return pool(kind, [value]) if isinstance(value, Pair) else Fraction(value)


def pool(kind: Kind, pairs: Sequence[Pair]) -> Fraction:
    """§c.2, §c.6: Σn / Σd, never a mean of percentages."""
    scale = 100 if kind == Kind.PERCENTAGE else 1
    return scale * sum_of(pair.n for pair in pairs) / sum_of(pair.d for pair in pairs)


def sum_of(numbers: Iterable[Decimal | Fraction]) -> Fraction:
    """Exact, whatever the decimal context."""
    return sum((Fraction(number) for number in numbers), Fraction(0))


def actual_to_date(series: Series) -> Number:
    """§c.2: one actual from the accepted values; None when there is none."""
    values = [value for period in series.periods if has_value(value := period.accepted)]
    if not values:
        return None
    if series.calc == Calculation.POOLED:
        return pool(series.kind, [value for value in values if isinstance(value, Pair)])
    numbers = [number_of(series.kind, value) for value in values]
    if series.calc == Calculation.SUM:
        return sum_of(numbers)
    return max(numbers) if series.calc == Calculation.MAX else numbers[-1]  # latest and running: never summed


def like_for_like_target(series: Series) -> Number:
    """§c.3: the target of the periods that have a value: their sum for SUM, otherwise the last one's."""
    targets = [period.target for period in series.valued]
    compared = targets if series.calc == Calculation.SUM else targets[-1:]
    known = [target for target in compared if target is not None]
    return sum_of(known) if known and len(known) == len(compared) else None


def baseline_over(series: Series, periods: int) -> Number:
    """§c.3: the baseline an actual of so many periods is compared with; None when it is unknown."""
    if series.calc == Calculation.SUM and series.direction == Direction.INCREASE:
        return Fraction(0)  # the targets of a sum are new achievements: its baseline is context
    if series.baseline is None:
        return Fraction(0) if series.calc == Calculation.RUNNING else None
    return Fraction(series.baseline) * (periods if series.calc == Calculation.SUM else 1)


def fraction(actual: Number, baseline: Number, target: Number) -> Number:
    """§c.3: (A − B) / (T − B), the same for increases and decreases, not clipped; None when undefined."""
    if actual is None or baseline is None or target is None or target == baseline:
        return None
    return (actual - baseline) / (target - baseline)


def share_of(direction: Direction, actual: Number, baseline: Number, target: Number) -> Number:
    """§c.3: `fraction` where the direction has a percentage.

    A target on the wrong side of the baseline (a comment is asked for it, §c.5) has none either: the formula would
    call a fall below both "200 %". Met or not met is told instead.
    """
    if direction not in MEASURED or baseline is None or target is None:
        return None
    ahead = target > baseline if direction == Direction.INCREASE else target < baseline
    return fraction(actual, baseline, target) if ahead else None


def is_met(direction: Direction, actual: Number, target: Number) -> bool | None:
    """§c.3: whether the target is reached, or the limit kept; None when there is nothing to compare."""
    if direction == Direction.CONTEXT or actual is None or target is None:
        return None
    return actual >= target if direction in (Direction.INCREASE, Direction.AT_LEAST) else actual <= target


def coverage_of(series: Series) -> Coverage:
    """§c.4: the periods with an accepted value, out of those one is expected of."""
    reported = [period.accepted is not None for period in series.periods]
    pairs = zip(series.periods, reported, strict=True)
    return Coverage(sum(reported), sum(is_expected(period.phase, is_accepted=here) for period, here in pairs))


def progress_of(series: Series) -> Progress:
    """All of §c.2 to §c.4 for one series."""
    coverage, actual, target = coverage_of(series), actual_to_date(series), like_for_like_target(series)
    baseline = baseline_over(series, len(series.valued))
    achievement = share_of(series.direction, actual, baseline, target)
    met = is_met(series.direction, actual, target)
    status = _status(series.direction, coverage, actual, baseline, target, achievement, met)
    return Progress(coverage, actual, achievement, _progress_to_final(series, actual), met, status)


def _progress_to_final(series: Series, actual: Number) -> Number:
    """§c.3: towards the final target; a decreasing sum only once every period has a value."""
    per_period = series.calc == Calculation.SUM and series.direction == Direction.DECREASE
    if series.final_target is None or (per_period and len(series.valued) < len(series.periods)):
        return None
    return share_of(series.direction, actual, baseline_over(series, len(series.periods)), Fraction(series.final_target))


def _status(direction, coverage, actual, baseline, target, achievement, met) -> Status:
    """§c.4, in its order; what is missing is told before anything that could look green."""
    if direction == Direction.CONTEXT:
        return Status.CONTEXT
    if coverage.expected == 0:
        return Status.NOT_DUE
    if coverage.reported == 0:
        return Status.NO_DATA
    if coverage.reported < coverage.expected:
        return Status.MISSING_DATA
    if actual is None:
        return Status.NOT_APPLICABLE
    if target is None:
        return Status.NO_TARGET
    if direction in MEASURED and baseline is None:
        return Status.NO_BASELINE
    if achievement is None:
        return Status.ON_TRACK if met else Status.OFF_TRACK
    return _band(achievement)


def _band(achievement: Fraction) -> Status:
    """§c.4: from the unrounded achievement, so that 84.99 % is not "85.0 %, on track"."""
    if achievement > EXCEEDED_ABOVE:
        return Status.EXCEEDED
    if achievement >= ON_TRACK_FROM:
        return Status.ON_TRACK
    return Status.WATCH if achievement >= WATCH_FROM else Status.OFF_TRACK


def period_rows(series: Series) -> tuple[PeriodRow, ...]:
    """One row per period, in the order given, for a table: what that period reported against its own target."""
    return tuple(_row(series, period) for period in series.periods)


def _row(series: Series, period: PeriodInput) -> PeriodRow:
    value = number_of(series.kind, accepted) if has_value(accepted := period.accepted) else None
    target = None if period.target is None else Fraction(period.target)
    achievement = share_of(series.direction, value, baseline_over(series, 1), target)
    return PeriodRow(_row_state(period), value, period.target, achievement, is_met(series.direction, value, target))


def _row_state(period: PeriodInput) -> RowState:
    """§c.1: zero, missing and not applicable are three states; so are not over and still in time."""
    if period.accepted is None:
        return STATES[period.phase]
    return RowState.VALUE if has_value(period.accepted) else RowState.NOT_APPLICABLE


def shown(progress: Progress) -> Shown:
    """§c.3b: a Progress as printed; numbers stay Decimals, their French form is core.numbers' work."""
    achievement, to_final = shown_percent(progress.achievement), shown_percent(progress.progress)
    return Shown(
        str(progress.coverage), shown_number(progress.actual), achievement, to_final, progress.met, progress.status
    )


def shown_number(number: Number) -> Decimal | None:
    """§c.3b: at most 2 decimals, half-up, trailing zeros dropped."""
    if number is None:
        return None
    exact = half_up(number, 2)
    return next(shorter for places in range(3) if (shorter := half_up(number, places)) == exact)


def shown_percent(share: Number) -> Decimal | None:
    """§c.3b: 1 means 100.0; exactly 1 decimal, half-up, not clipped."""
    return None if share is None else half_up(100 * share, 1)


def half_up(number: Fraction, places: int) -> Decimal:
    """Round a Fraction half away from zero, exactly (a Decimal first would round twice); never "-0"."""
    units = int(abs(number) * 10**places + Fraction(1, 2))
    return Decimal((int(number < 0 < units), tuple(map(int, str(units))), -places))
