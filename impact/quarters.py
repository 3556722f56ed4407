"""Calendar quarters and years: their days, their names, which of them a span touches. No database."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

MONTHS = 3
A_YEAR = 4  # quarters


@dataclass(frozen=True, order=True)
class Quarter:
    """Quarter `number` (1 to 4) of `year`. ValueError for another number, or a year that dates cannot hold."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (1 <= self.number <= A_YEAR and 1900 <= self.year <= 2199):
            raise ValueError(f"no such quarter: {self.year}-{self.number}")

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """The quarter that this day lies in."""
        return cls(day.year, (day.month - 1) // MONTHS + 1)

    def later(self, by: int) -> "Quarter":
        """The quarter that comes `by` quarters after this one, or before it where `by` is below zero."""
        year, place = divmod(self.year * A_YEAR + self.number - 1 + by, A_YEAR)
        return Quarter(year, place + 1)

    @property
    def starts_on(self) -> date:
        return date(self.year, MONTHS * self.number - 2, 1)

    @property
    def ends_on(self) -> date:
        return self.later(1).starts_on - timedelta(days=1)

    def __str__(self) -> str:
        """As the reader's language writes it: "T1 2025" in the field."""
        return _("Q%(number)s %(year)s") % {"number": self.number, "year": self.year}

    @property
    def code(self) -> str:
        """ "T1 2025", in every language: what audit events and fingerprints keep."""
        return f"T{self.number} {self.year}"

    def is_over(self, today: date) -> bool:
        return today > self.ends_on


def quarters_between(start: date, end: date) -> tuple[Quarter, ...]:
    """Each calendar quarter that the span touches, in order of time."""
    first, last = Quarter.of(start), Quarter.of(end)
    count = (last.year - first.year) * A_YEAR + last.number - first.number + 1
    return tuple(first.later(n) for n in range(count))


def days_of_year(year: int) -> tuple[date, date]:
    """(first day, last day) of a calendar year."""
    return date(year, 1, 1), date(year, 12, 31)
