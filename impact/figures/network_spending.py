"""What accepted reports spent, over all partners (impact.md §c.8).

Dollars are the sum of the rounded dollars of each line, so every table adds up to the same total; amounts in the
currency they were paid in stand beside, and dollars and francs are never added. Budgets are listed by currency.
A line counts in the span in which its report's period ends, as results do.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Case, CharField, Count, F, Min, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from ace_partners.core.money import CURRENCIES, PLACES, USD, Money
from ace_partners.core.money import share as share_of
from ace_partners.core.numbers import half_up
from impact.models import BudgetLine, ProjectArea, Report, SpendingLine
from impact.progress import Coverage
from partners.models import Area

AREAS = dict(Area.choices)


@dataclass(frozen=True)
class SpendingShare:
    """One area, partner or kind of line. `share` is per cent of all dollars, unrounded, None of nothing or less.

    `paid` is what was paid per currency, never added. `key` is a code, a slug or the label itself; "" is "not attributed"
    or outside the budget.
    """

    key: str
    label: str
    usd: Money
    paid: tuple[Money, ...]
    lines: int
    share: Decimal | None


@dataclass(frozen=True)
class NetworkSpending:
    """Spending of a span. `rates`: lines in francs, each with its frozen rate. `reports`: accepted of those due."""

    starts_on: date
    ends_on: date
    usd: Money
    paid: tuple[Money, ...]
    refunds_usd: Money
    lines: int
    rates: int
    by_area: tuple[SpendingShare, ...]
    by_partner: tuple[SpendingShare, ...]
    by_line: tuple[SpendingShare, ...]
    budgets: tuple[Money, ...]
    reports: Coverage
    has_fictitious: bool


@dataclass(frozen=True)
class LineSpending:
    """What one accepted version spent on one budget line in one currency; `line` is "" outside the budget."""

    project: str
    line: str
    label: str
    area: str
    period: str
    starts_on: date
    ends_on: date
    paid: Money
    usd: Money
    lines: int
    rates: int
    budget: Money | None
    report: str
    version: int
    accepted_at: datetime
    sha256: str


def spending_by_line(partner):
    """LineSpending of a partner's accepted versions, by period and line. One query."""
    lines = SpendingLine.objects.filter(version__accepted_for__partner=partner)
    names = (
        *("version__report__project__code", "budget_line__code", "budget_line__label", "of_area"),
        *("version__report__period__label", "version__report__period__starts_on", "version__report__period__ends_on"),
        *("budget_line__amount", "budget_line__currency", "version__report_id", "version__number"),
        *("version__acceptance__at", "version__sha256", "currency"),
    )
    rows = lines.annotate(of_area=area_of_lines("budget_line__")).order_by(
        "version__report__period__ends_on", "version__report_id", "budget_line__code", "currency"
    )
    sums = {"usd": Sum("amount_usd"), "paid": Sum("amount"), "n": Count("pk"), "rates": Count("rate_on")}
    return tuple(_line_spending(*row) for row in rows.values_list(*names).annotate(**sums))


def _line_spending(  # noqa: PLR0913 (the columns of one row)
    project, line, label, area, period, start, end, budget, budget_currency, report, version, at, sha256, currency,
    usd, paid, count, rates,
):  # fmt: skip
    return LineSpending(
        project=project,
        line=line or "",
        label=label or "",
        area=area,
        period=period,
        starts_on=start,
        ends_on=end,
        paid=Money(_cents(paid), currency),
        usd=Money(_cents(usd), USD),
        lines=count,
        rates=rates,
        budget=Money(budget, budget_currency) if budget_currency else None,
        report=Report(pk=report).reference,
        version=version,
        accepted_at=at,
        sha256=sha256,
    )


def network_spending(*, start, end, area=None, public=True):
    """NetworkSpending of the accepted reports whose period ends in the span; six queries, however many partners.

    `area`: only what belongs to that code of partners.Area, the budgets too. `public=False`: not only published partners.
    """
    lines = _lines(start, end, public)
    if area:
        lines = lines.filter(of_area=area)
    by_area = _shares(lines, ("of_area",), _area_label)
    usd = sum((share.usd for share in by_area), Money(Decimal("0.00"), USD))
    facts = lines.aggregate(
        refunds=Sum("amount_usd", filter=Q(amount__lt=0)),
        rates=Count("pk", filter=~Q(currency=USD)),
        fictitious=Count("pk", filter=Q(version__report__partner__is_fictitious=True)),
    )
    partner = ("version__report__partner__slug", "version__report__partner__name")
    return NetworkSpending(
        starts_on=start,
        ends_on=end,
        usd=usd,
        paid=_paid_together(by_area),
        refunds_usd=Money(_cents(facts["refunds"]), USD),
        lines=sum(share.lines for share in by_area),
        rates=facts["rates"],
        by_area=by_area,
        by_partner=_shares(lines, partner, lambda slug, name: name),
        by_line=_shares(lines, ("line_label",), lambda label: label or _("Outside the budget")),
        budgets=_budgets(start, end, area, public),
        reports=_reports(start, end, public),
        has_fictitious=bool(facts["fictitious"]),
    )


def area_of_lines(line="", project="version__report__project"):
    """The area of a line: its budget line's, else the only area of its project, else "". For `annotate`.

    `line`: the path to the budget line ("budget_line__"), `project`: the path to the project.
    """
    areas = ProjectArea.objects.filter(project=OuterRef(project)).order_by().values("project")
    only = areas.annotate(n=Count("pk"), one=Min("area")).filter(n=1).values("one")
    return Case(
        When(**{f"{line}area__gt": ""}, then=F(f"{line}area")),
        default=Coalesce(Subquery(only, output_field=CharField()), Value("")),
        output_field=CharField(),
    )


def _lines(start, end, public):
    lines = SpendingLine.objects.filter(
        version__accepted_for__isnull=False, version__report__period__ends_on__range=(start, end)
    )
    if public:
        lines = lines.filter(version__report__partner__is_published=True)
    named = Coalesce("budget_line__label", Value(""))
    return lines.order_by().annotate(of_area=area_of_lines("budget_line__"), line_label=named)


def _shares(lines, names, label):
    """SpendingShares by these columns, the largest first. One query."""
    found = {}
    rows = lines.values_list(*names, "currency").annotate(usd=Sum("amount_usd"), paid=Sum("amount"), n=Count("pk"))
    for *key, currency, usd, paid, count in rows:
        found.setdefault(tuple(key), {})[currency] = (_cents(usd), _cents(paid), count)
    whole = sum((usd for kept in found.values() for usd, _paid, _count in kept.values()), Decimal(0))
    shares = [_share(key, kept, str(label(*key)), whole) for key, kept in found.items()]
    return tuple(sorted(shares, key=lambda each: (-each.usd.amount, each.label)))


def _share(key, kept, label, whole):
    usd = sum((usd for usd, _paid, _count in kept.values()), Decimal("0.00"))
    return SpendingShare(
        key=key[0],
        label=label,
        usd=Money(usd, USD),
        paid=tuple(Money(kept[currency][1], currency) for currency in CURRENCIES if currency in kept),
        lines=sum(count for _usd, _paid, count in kept.values()),
        share=share_of(usd, whole) if whole > 0 else None,
    )


def _cents(number):
    """A sum of stored cents. SQLite adds in floating point: rounding to the cent gives the exact sum back."""
    return half_up(number or Decimal(0), PLACES)


def _paid_together(shares):
    totals = {}
    for money in (money for share in shares for money in share.paid):
        totals[money.currency] = totals.get(money.currency, Money(Decimal("0.00"), money.currency)) + money
    return tuple(totals[currency] for currency in CURRENCIES if currency in totals)


def _area_label(code):
    return AREAS.get(code) or _("Not attributed to an area")


def _budgets(start, end, area, public):
    """The budgets of projects that run in the span, whole, by currency."""
    lines = BudgetLine.objects.filter(project__starts_on__lte=end, project__ends_on__gte=start).order_by()
    if public:
        lines = lines.filter(project__partner__is_published=True)
    if area:
        lines = lines.annotate(of_area=area_of_lines(project="project")).filter(of_area=area)
    sums = dict(lines.values_list("currency").annotate(Sum("amount")))
    return tuple(Money(_cents(sums[currency]), currency) for currency in CURRENCIES if currency in sums)


def _reports(start, end, public):
    """Accepted reports of the periods that ended in the span and are due, or were accepted before; not those waived."""
    reports = Report.objects.filter(period__ends_on__range=(start, end))
    if public:
        reports = reports.filter(partner__is_published=True)
    today = timezone.localdate()
    expected = [report for report in reports.order_by().framed() if report.is_expected(today)]
    return Coverage(sum(report.accepted_version_id is not None for report in expected), len(expected))
