"""Calendar quarters, and the span of time that figures across partners are asked for."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from impact.masking_network import Quarter


@dataclass(frozen=True)
class Span:
    label: str
    start: date
    end: date

    def holds(self, period):
        return self.start <= period.ends_on <= self.end


def quarter_of(day):
    return Quarter(day.year, (day.month + 2) // 3)


def quarters_of(start, end):
    """(label, first day, last day) of each calendar quarter that the span touches."""
    first, last = quarter_of(start), quarter_of(end)
    places = range(first.year * 4 + first.number - 1, last.year * 4 + last.number)
    return tuple(_quarter_days(*divmod(place, 4)) for place in places)


def _quarter_days(year, place):
    """The quarter at `place`, 0 to 3, of a year: its label, its first and its last day."""
    label = _("Q%(number)s %(year)s") % {"number": place + 1, "year": year}
    after = date(year + (place + 1) // 4, (3 * place + 3) % 12 + 1, 1)
    return label, date(year, 3 * place + 1, 1), after - timedelta(days=1)


class Spans:
    """The span asked for, and its quarters, cut to it."""

    def __init__(self, start, end):
        is_year = (start.month, start.day, end.month, end.day) == (1, 1, 12, 31) and start.year == end.year
        self.whole = Span(str(start.year) if is_year else _span_label(start, end), start, end)
        self.year = start.year if is_year else None
        self.quarters = tuple(
            Span(label, max(first, start), min(last, end)) for label, first, last in quarters_of(start, end)
        )

    def whole_quarter(self, span):
        """The Quarter that a span is from its first day to its last, None when it is cut or something else."""
        quarter = quarter_of(span.start)
        _label, first, last = _quarter_days(quarter.year, quarter.number - 1)
        return quarter if (span.start, span.end) == (first, last) else None


def _span_label(start, end):
    quarters = quarters_of(start, end)
    return quarters[0][0] if len(quarters) == 1 else f"{quarters[0][0]} – {quarters[-1][0]}"


def days_of_year(year):
    """(first day, last day) of a calendar year."""
    return date(year, 1, 1), date(year, 12, 31)
