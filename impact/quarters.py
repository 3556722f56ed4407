"""A calendar quarter: its days, its name, its place in an address. No database."""

from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = 3


@dataclass(frozen=True, order=True)
class Quarter:
    """Quarter `number` (1 to 4) of `year`. ValueError for another number, or a year that dates cannot hold."""

    year: int
    number: int

    def __post_init__(self):
        if not (1 <= self.number <= 4 and 1900 <= self.year <= 2199):
            raise ValueError(f"no such quarter: {self.year}-{self.number}")

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """The quarter that this day lies in."""
        return cls(day.year, (day.month - 1) // MONTHS + 1)

    @property
    def starts_on(self) -> date:
        return date(self.year, MONTHS * self.number - 2, 1)

    @property
    def ends_on(self) -> date:
        after = date(self.year + self.number // 4, MONTHS * (self.number % 4) + 1, 1)
        return after - timedelta(days=1)

    @property
    def label(self) -> str:
        """As the field writes it: "T1 2025"."""
        return f"T{self.number} {self.year}"

    def __str__(self) -> str:
        return self.label

    def is_over(self, today: date) -> bool:
        return today > self.ends_on
