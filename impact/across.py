"""One indicator over several partners (impact rules §c.6): numbers in, numbers out, as in `progress`."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from impact.progress import (
    NOT_APPLICABLE,
    PAIRED,
    Calculation,
    Coverage,
    Kind,
    Pair,
    Phase,
    ProgressError,
    Value,
    check_value,
    has_value,
    pool,
    sum_of,
)


class Across(StrEnum):
    SUM = "sum"
    SUM_NET = "sum_net"
    POOLED = "pooled"
    NONE = "none"


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
class Told:
    """One period of one partner: its value and the part of it that another partner leads."""

    value: Value
    shared: Decimal = Decimal(0)


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
    shared = sum_of(part.shared for part in parts)
    return NetworkFigure(gross, _less(gross, shared), _less(known, shared), coverage)


def part_over(calc: Calculation, told: Sequence[Told], last_known: Value = None) -> PartnerPart:
    """§c.2: the periods of one partner, in order of time, as one part: new results added, levels the last, peaks the highest.

    Fractions that are added or pooled keep their n and d, so that partners can be pooled after periods.
    """
    counted = [told[place] for place in counted_periods(calc, told)]
    if not counted:
        silent = all(each.value is None for each in told)
        return PartnerPart(None if silent else NOT_APPLICABLE, last_known=last_known)
    shared = sum((each.shared for each in counted), Decimal(0))
    return PartnerPart(_added([each.value for each in counted]), shared, last_known)


def counted_periods(calc: Calculation, told: Sequence[Told]) -> list[int]:
    """The places in `told` whose values make the part: all that have one, or the one that stands for them."""
    places = [place for place, each in enumerate(told) if has_value(each.value)]
    if not places or calc in (Calculation.SUM, Calculation.POOLED):
        return places
    if calc == Calculation.MAX:
        return [max(places, key=lambda place: _size(told[place].value))]
    return places[-1:]


def _size(value: Value) -> Fraction:
    return Fraction(value.n) / Fraction(value.d) if isinstance(value, Pair) else Fraction(value or 0)


def _added(values: Sequence[Value]) -> Value:
    pairs = [value for value in values if isinstance(value, Pair)]
    if pairs:
        return Pair(sum((pair.n for pair in pairs), Decimal(0)), sum((pair.d for pair in pairs), Decimal(0)))
    return sum((value for value in values if isinstance(value, Decimal)), Decimal(0))


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
    pairs = [value for value in present if isinstance(value, Pair)]
    return pool(kind, pairs) if pairs else sum_of(value for value in present if isinstance(value, Decimal))
