"""Progress of one indicator towards its targets: numbers in, numbers out.

Pure arithmetic: no Django, no clock, no words for the screen (labels of the codes live with the models). The § numbers
are those of the impact rules (background/impact.md §c); `tests/progress_cases.json` holds their worked cases.

Units. `actual`, targets and baselines are in the indicator's own unit: a percentage is 63 for 63 %, a ratio is n / d.
`achievement` and `progress` are fractions: 1 means 100 %. Every result is an exact `Fraction`; rounding happens once,
in `shown` and the two functions under it.

A masked figure (see `masking`) takes its achievement and progress with it: both give the figure away.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple


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


class Phase(StrEnum):
    OPEN = "open"  # the period is not over
    ENDED = "ended"  # over, its deadline has not passed
    DUE = "due"  # its deadline has passed


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


class Across(StrEnum):
    SUM = "sum"
    SUM_NET = "sum_net"
    POOLED = "pooled"
    NONE = "none"


PAIRED = frozenset({Kind.PERCENTAGE, Kind.RATIO})
CALCULATIONS = {
    Kind.NUMBER: frozenset({Calculation.SUM, Calculation.LATEST, Calculation.RUNNING, Calculation.MAX}),
    Kind.MILESTONE: frozenset({Calculation.SUM, Calculation.LATEST, Calculation.RUNNING, Calculation.MAX}),
    # Percentages are never added: only n and d are.
    Kind.PERCENTAGE: frozenset({Calculation.LATEST, Calculation.POOLED, Calculation.MAX}),
    Kind.RATIO: frozenset({Calculation.LATEST, Calculation.POOLED, Calculation.MAX}),
}
MEASURED = frozenset({Direction.INCREASE, Direction.DECREASE})  # the directions that have percentages

# §c.4: lower bounds of the bands; only `exceeded` is strict.
EXCEEDED_ABOVE, ON_TRACK_FROM, WATCH_FROM = Fraction(115, 100), Fraction(85, 100), Fraction(60, 100)


class ProgressError(ValueError):
    """A value that §c.1 refuses.

    `code`: period_not_ended, numerator_out_of_range, denominator_zero, negative; shared_exceeds_value (§c.6).
    """

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
    actual: Fraction | None
    achievement: Fraction | None
    progress: Fraction | None
    met: bool | None
    status: Status


@dataclass(frozen=True)
class PeriodRow:
    """One period by itself, unrounded; nothing is carried over from another period (§c.2)."""

    state: RowState
    value: Fraction | None
    target: Decimal | None
    achievement: Fraction | None
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


# Values (§c.1)


def check_value(kind: Kind, value: Value, phase: Phase) -> None:
    """§c.1: refuse what cannot be a value. Raises ProgressError, or TypeError when the shape does not fit the kind."""
    if value is None:
        Phase(phase)
        return
    if Phase(phase) is Phase.OPEN:
        raise ProgressError("period_not_ended")
    numbers = (value.n, value.d) if isinstance(value, Pair) else (value,)
    for number in numbers:
        _require_decimal(number)
        if number < 0:
            raise ProgressError("negative")
    if value == NOT_APPLICABLE:
        return
    if isinstance(value, Pair) != (kind in PAIRED):
        raise TypeError(f"{value!r} is no {kind}")
    if isinstance(value, Pair):
        _check_pair(kind, value)


def _check_pair(kind: Kind, pair: Pair) -> None:
    if pair.d == 0:
        raise ProgressError("denominator_zero")
    if kind == Kind.PERCENTAGE and pair.n > pair.d:
        raise ProgressError("numerator_out_of_range")


def _require_decimal(number: Decimal) -> None:
    if not isinstance(number, Decimal) or not number.is_finite():
        raise TypeError(f"{number!r} is not a finite Decimal")


def has_value(value: Value) -> bool:
    """§c.1: zero is a value; None (not reported) and 0/0 (not applicable) are not."""
    return value is not None and value != NOT_APPLICABLE


def number_of(kind: Kind, value: Decimal | Pair) -> Fraction:
    """The number a value stands for, in the indicator's unit."""
    if isinstance(value, Pair):
        return _pool(kind, [value])
    return Fraction(value)


def _pool(kind: Kind, pairs: Sequence[Pair]) -> Fraction:
    """§c.2, §c.6: Σn / Σd, never a mean of percentages."""
    scale = 100 if kind == Kind.PERCENTAGE else 1
    return scale * sum(Fraction(pair.n) for pair in pairs) / sum(Fraction(pair.d) for pair in pairs)


# To date (§c.2, §c.3)


def actual_to_date(series: Series) -> Fraction | None:
    """§c.2: one actual from the accepted values; None when there is none."""
    values = [period.accepted for period in series.valued]
    if not values:
        return None
    if series.calc == Calculation.POOLED:
        return _pool(series.kind, values)
    numbers = [number_of(series.kind, value) for value in values]
    if series.calc == Calculation.SUM:
        return sum(numbers)
    if series.calc == Calculation.MAX:
        return max(numbers)
    return numbers[-1]  # latest and running: never summed


def like_for_like_target(series: Series) -> Fraction | None:
    """§c.3: the target of the periods that have a value: their sum for SUM, otherwise the last one's."""
    targets = [period.target for period in series.valued]
    compared = targets if series.calc == Calculation.SUM else targets[-1:]
    if not compared or None in compared:
        return None
    return sum(map(Fraction, compared))


def baseline_over(series: Series, periods: int) -> Fraction | None:
    """§c.3: the baseline an actual of so many periods is compared with; None when it is unknown."""
    if series.calc == Calculation.SUM and series.direction == Direction.INCREASE:
        return Fraction(0)  # the targets of a sum are new achievements: its baseline is context
    if series.baseline is None:
        return Fraction(0) if series.calc == Calculation.RUNNING else None
    return Fraction(series.baseline) * (periods if series.calc == Calculation.SUM else 1)


def fraction(actual: Fraction | None, baseline: Fraction | None, target: Fraction | None) -> Fraction | None:
    """§c.3: (A − B) / (T − B), the same for increases and decreases, not clipped; None when undefined."""
    if actual is None or baseline is None or target is None or target == baseline:
        return None
    return (actual - baseline) / (target - baseline)


def share_of(
    direction: Direction, actual: Fraction | None, baseline: Fraction | None, target: Fraction | None
) -> Fraction | None:
    """§c.3: `fraction` where the direction has a percentage.

    A target on the wrong side of the baseline (a comment is asked for it, §c.5) has none either: the formula would
    call a fall below both "200 %". Met or not met is told instead.
    """
    if direction not in MEASURED or baseline is None or target is None:
        return None
    ahead = target > baseline if direction == Direction.INCREASE else target < baseline
    return fraction(actual, baseline, target) if ahead else None


def is_met(direction: Direction, actual: Fraction | None, target: Fraction | None) -> bool | None:
    """§c.3: whether the target is reached, or the limit kept; None when there is nothing to compare."""
    if direction == Direction.CONTEXT or actual is None or target is None:
        return None
    if direction in (Direction.INCREASE, Direction.AT_LEAST):
        return actual >= target
    return actual <= target


def coverage_of(series: Series) -> Coverage:
    """§c.4: a value accepted before its deadline counts; a period still in time is not held against anyone."""
    reported = [period.accepted is not None for period in series.periods]
    expected = [period.phase == Phase.DUE or here for period, here in zip(series.periods, reported, strict=True)]
    return Coverage(sum(reported), sum(expected))


def progress_of(series: Series) -> Progress:
    """All of §c.2 to §c.4 for one series."""
    coverage, actual, target = coverage_of(series), actual_to_date(series), like_for_like_target(series)
    baseline = baseline_over(series, len(series.valued))
    achievement = share_of(series.direction, actual, baseline, target)
    met = is_met(series.direction, actual, target)
    status = _status(series.direction, coverage, actual, baseline, target, achievement, met)
    return Progress(coverage, actual, achievement, _progress_to_final(series, actual), met, status)


def _progress_to_final(series: Series, actual: Fraction | None) -> Fraction | None:
    """§c.3: towards the final target; a decreasing sum only once every period has a value."""
    per_period = series.calc == Calculation.SUM and series.direction == Direction.DECREASE
    if series.final_target is None or (per_period and len(series.valued) < len(series.periods)):
        return None
    baseline = baseline_over(series, len(series.periods))
    return share_of(series.direction, actual, baseline, Fraction(series.final_target))


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
    value = number_of(series.kind, period.accepted) if has_value(period.accepted) else None
    target = None if period.target is None else Fraction(period.target)
    achievement = share_of(series.direction, value, baseline_over(series, 1), target)
    return PeriodRow(_row_state(period), value, period.target, achievement, is_met(series.direction, value, target))


def _row_state(period: PeriodInput) -> RowState:
    """§c.1: zero, missing and not applicable are three states; so are not over and still in time."""
    if period.accepted is None:
        return {Phase.OPEN: RowState.OPEN, Phase.ENDED: RowState.AWAITED, Phase.DUE: RowState.MISSING}[period.phase]
    return RowState.VALUE if has_value(period.accepted) else RowState.NOT_APPLICABLE


# Across partners (§c.6)


@dataclass(frozen=True)
class PartnerPart:
    """What one partner brings to a network figure of one period.

    `shared`: the part of `value` that another partner leads and already counts. `last_known`: its newest earlier
    value, without shared parts, for an indicator that has levels.
    """

    value: Value
    shared: Decimal = Decimal(0)
    last_known: Value = None


@dataclass(frozen=True)
class NetworkFigure:
    """§c.6: `gross` and `net` are always told together; `last_known` is told apart, never as the period's total."""

    gross: Fraction | None
    net: Fraction | None
    last_known: Fraction | None
    coverage: Coverage


def across_partners(kind: Kind, across: Across, parts: Sequence[PartnerPart]) -> NetworkFigure:
    """§c.6: one period over all partners, in any order; a silent partner lowers the coverage, not a zero.

    Raises ProgressError (§c.1, and shared_exceeds_value), ValueError for a percentage that would be added.
    """
    pooled = across == Across.POOLED
    if Across(across) is not Across.NONE and pooled != (kind in PAIRED):
        raise ValueError(f"{kind} has no {across} across partners")
    for part in parts:
        _check_part(kind, part)
    coverage = Coverage(sum(part.value is not None for part in parts), len(parts))
    if across == Across.NONE:
        return NetworkFigure(None, None, None, coverage)
    gross = _together(kind, [part.value for part in parts])
    known = _together(kind, [part.last_known if part.value is None else part.value for part in parts])
    shared = sum(Fraction(part.shared) for part in parts)
    return NetworkFigure(gross, _less(gross, shared), _less(known, shared), coverage)


def _check_part(kind: Kind, part: PartnerPart) -> None:
    for value in (part.value, part.last_known):
        check_value(kind, value, Phase.DUE)
    if part.shared < 0:
        raise ProgressError("negative")
    if part.shared and not (isinstance(part.value, Decimal) and part.shared <= part.value):
        raise ProgressError("shared_exceeds_value")


def _less(figure: Fraction | None, shared: Fraction) -> Fraction | None:
    return None if figure is None else figure - shared


def _together(kind: Kind, values: Sequence[Value]) -> Fraction | None:
    present = [value for value in values if has_value(value)]
    if not present:
        return None
    return _pool(kind, present) if kind in PAIRED else sum(map(Fraction, present))


# For the reader (§c.3b): the one place that rounds


def shown(progress: Progress) -> Shown:
    """§c.3b: a Progress as printed; numbers stay Decimals, their French form is core.numbers' work."""
    return Shown(
        coverage=str(progress.coverage),
        actual=shown_number(progress.actual),
        achievement=shown_percent(progress.achievement),
        progress=shown_percent(progress.progress),
        met=progress.met,
        status=progress.status,
    )


def shown_number(number: Fraction | None) -> Decimal | None:
    """§c.3b: at most 2 decimals, half-up, trailing zeros dropped."""
    if number is None:
        return None
    exact = half_up(number, 2)
    return next(shorter for places in range(3) if (shorter := half_up(number, places)) == exact)


def shown_percent(share: Fraction | None) -> Decimal | None:
    """§c.3b: 1 means 100.0; exactly 1 decimal, half-up, not clipped."""
    return None if share is None else half_up(100 * share, 1)


def half_up(number: Fraction, places: int) -> Decimal:
    """Round half away from zero, exactly, whatever the decimal context; never "-0"."""
    units = int(abs(number) * 10**places + Fraction(1, 2))
    return Decimal((int(number < 0 < units), tuple(map(int, str(units))), -places))
