"""When a report is asked for, in time, and owed: one rule for every page, figure, reminder and payment (impact.md §c.4, §c.9).

A period is due for an organisation when the last day of its report is past: the calendar's day and its grace, or the
later day that this organisation was given. A waived report is expected of nobody, whatever its dates. Pure: no clock.
"""

from datetime import date, timedelta
from enum import StrEnum


class Phase(StrEnum):
    OPEN = "open"  # the period is not over
    ENDED = "ended"  # over, its deadline has not passed
    DUE = "due"  # its deadline has passed
    WAIVED = "waived"  # ACE does not ask for it


def last_day_of(due_on: date, grace_days: int, extended_until: date | None = None) -> date:
    """The last day on which a report is in time."""
    day = due_on + timedelta(days=grace_days)
    return max(day, extended_until or day)


def phase_at(day: date, *, ends_on: date, last_day: date, is_waived: bool) -> Phase:
    """Where a period stands on a day, for the organisation that reports on it: never stored."""
    if is_waived:
        return Phase.WAIVED
    if day <= ends_on:
        return Phase.OPEN
    return Phase.ENDED if day <= last_day else Phase.DUE


def is_expected(phase: Phase, *, is_accepted: bool) -> bool:
    """Of a period whose deadline has passed, and of one accepted before; one still in time is held against nobody."""
    return is_accepted or phase == Phase.DUE
