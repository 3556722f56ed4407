"""The public page of spending across partners: one year, by area, line and organisation; every table has one total."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from ace_partners.core.charts import BarChart, Point
from ace_partners.core.money import USD, Money
from ace_partners.core.numbers import half_up
from impact.figures.network import NetworkSpending, SpendingShare, network_spending
from impact.quarters import days_of_year

MOST_LINES = 12


@dataclass(frozen=True)
class SpendingFacts:
    """`lines` are the largest kinds of line, then all others as one: together they make the total."""

    year: int
    spending: NetworkSpending
    lines: tuple[SpendingShare, ...]
    by_area: BarChart | None
    by_line: BarChart | None


def read_spending(*, year, area=None):
    """SpendingFacts of a year; six queries."""
    start, end = days_of_year(year)
    spending = network_spending(start=start, end=end, area=area)
    lines = _largest(spending.by_line)
    return SpendingFacts(
        year=year,
        spending=spending,
        lines=lines,
        by_area=_bars(_("Spending by area of contribution"), spending.by_area, _("Area")),
        by_line=_bars(_("Spending by line"), lines, _("Line")),
    )


def _largest(shares):
    """The largest shares; the rest added to one, so that nothing is lost."""
    if len(shares) <= MOST_LINES:
        return shares
    rest = shares[MOST_LINES - 1 :]
    paid = {}
    for money in (money for share in rest for money in share.paid):
        paid[money.currency] = paid[money.currency] + money if money.currency in paid else money
    others = SpendingShare(
        key="",
        label=_("All other lines (%(n)s)") % {"n": len(rest)},
        usd=sum((share.usd for share in rest), Money(Decimal("0.00"), USD)),
        paid=tuple(paid[currency] for currency in sorted(paid, reverse=True)),
        lines=sum(share.lines for share in rest),
        share=None if any(share.share is None for share in rest) else sum(share.share for share in rest),
    )
    return (*shares[: MOST_LINES - 1], others)


def _bars(title, shares, heading):
    """Bars in whole dollars; the table of the page has the cents. None where there is nothing to draw."""
    if not shares:
        return None
    points = tuple(Point(share.label, half_up(share.usd.amount, 0)) for share in shares)
    return BarChart(title=title, unit=USD, points=points, heading=heading)
