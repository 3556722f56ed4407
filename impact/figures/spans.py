"""The span of time that figures across partners are asked for, whole and by quarter."""

from dataclasses import dataclass
from datetime import date

from impact.quarters import Quarter, days_of_year, quarters_between


@dataclass(frozen=True)
class Span:
    label: str
    start: date
    end: date

    def holds(self, period):
        return self.start <= period.ends_on <= self.end


class Spans:
    """The span asked for, and its quarters, cut to it. `year`: the calendar year that it is, or None."""

    def __init__(self, start, end):
        quarters = quarters_between(start, end)
        self.year = start.year if (start, end) == days_of_year(start.year) else None
        self.whole = Span(str(self.year) if self.year else _named(quarters), start, end)
        self.quarters = tuple(
            Span(str(quarter), max(quarter.starts_on, start), min(quarter.ends_on, end)) for quarter in quarters
        )


def whole_quarter(span):
    """The Quarter that a span is from its first day to its last, None when it is cut or something else."""
    quarter = Quarter.of(span.start)
    return quarter if (span.start, span.end) == (quarter.starts_on, quarter.ends_on) else None


def _named(quarters):
    return str(quarters[0]) if len(quarters) == 1 else f"{quarters[0]} – {quarters[-1]}"
