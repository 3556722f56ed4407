"""Money in two currencies that are never added, and the frozen rate of a line (design §4, impact.md §c.8)."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from ace_partners.core.numbers import NOTHING, WIDE, format_number, half_up

USD = "USD"
CDF = "CDF"
CURRENCIES = (USD, CDF)
PLACES = 2
NO_BREAK_SPACE = "\u00a0"

MESSAGES = {
    "not_positive": _("The rate must be above zero: Congolese francs for one US dollar."),
    "missing": _("Give the rate of this line in Congolese francs: rate, date and source."),
}


class CurrencyMismatch(TypeError):
    """Two currencies met in one sum. A mistake of the code, never of the person: each line is converted first."""


class RateError(ValueError):
    """A rate is missing or unusable: `code` is a key of MESSAGES, `message` the sentence for the person."""

    def __init__(self, code: str):
        self.code = code
        super().__init__(code)

    @property
    def message(self) -> str:
        return str(MESSAGES[self.code])


@dataclass(frozen=True)
class Money:
    """An exact amount in one currency. Not rounded: rounding happens once, on a line, in `usd_from_cdf`."""

    amount: Decimal
    currency: str

    def __post_init__(self):
        if not isinstance(self.amount, Decimal):
            raise TypeError("Money takes a Decimal")
        if not self.amount.is_finite() or self.currency not in CURRENCIES:
            raise ValueError(f"not an amount of money: {self.amount} {self.currency}")

    def __add__(self, other: "Money") -> "Money":
        if not isinstance(other, Money):
            return NotImplemented
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} are never added")
        return Money(WIDE.add(self.amount, other.amount), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        if not isinstance(other, Money):
            return NotImplemented
        return self + -other

    def __neg__(self) -> "Money":
        return Money(WIDE.minus(self.amount), self.currency)


@dataclass(frozen=True)
class FrozenRate:
    """The rate of one line: CDF for 1 USD, the day it was read and where (BCC, bordereau). RateError if not > 0."""

    rate: Decimal
    date: datetime.date
    source: str

    def __post_init__(self):
        _require_positive(self.rate)
        if not self.date or not self.source.strip():
            raise RateError("missing")


def usd_from_cdf(amount: Decimal, rate: Decimal) -> Decimal:
    """One line of CDF at `rate` CDF for 1 USD, half-up to the cent (impact.md §c.8). RateError unless rate > 0."""
    _require_positive(rate)
    return half_up(WIDE.divide(amount, rate), PLACES)


def line_usd(money: Money, rate: FrozenRate | None) -> Decimal:
    """The USD of one spending line, to the cent. A USD line needs no rate; a CDF line without one is a RateError."""
    if money.currency == USD:
        return half_up(money.amount, PLACES)
    if rate is None:
        raise RateError("missing")
    return usd_from_cdf(money.amount, rate.rate)


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The sum of amounts of one currency, zero if there are none; CurrencyMismatch if another currency is among them.

    For a total that adds up on the page, give it rounded lines: it never rounds itself.
    """
    return sum(amounts, start=Money(Decimal("0.00"), currency))


def share(spent: Decimal, budget: Decimal) -> Decimal | None:
    """Spent in percent of the budget, unrounded and not clipped; None when the budget is 0 ("hors budget")."""
    if not budget:
        return None
    return WIDE.divide(WIDE.multiply(spent, 100), budget)


def format_money(money: Money | None, lang: str = "fr") -> str:
    """Show an amount: "1 234,50 USD" (always cents), "12 500 000 CDF" (cents only if there are any), "—" for None."""
    if money is None:
        return NOTHING
    rounded = half_up(money.amount, PLACES)
    places = 0 if money.currency == CDF and rounded == rounded.to_integral_value() else PLACES
    return f"{format_number(rounded, places=places, lang=lang)}{NO_BREAK_SPACE}{money.currency}"


def _require_positive(rate: Decimal) -> None:
    if not (rate.is_finite() and rate > 0):
        raise RateError("not_positive")
