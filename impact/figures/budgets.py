"""Budget lines against what accepted reports spent, over a span (impact.md §c.8): dollars at the frozen rates of each line.

A budget line has no year. So three amounts stand beside each other: the whole budget, what was spent in the span, and
what was spent since the beginning until its end; the share is that of the last in the budget.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from ace_partners.core.money import CDF, USD, Money, share
from ace_partners.core.numbers import half_up
from impact.figures.network_spending import area_of_lines
from impact.models import BudgetLine, SpendingLine
from partners.models import Area

OVER = 110  # per cent of a line (impact.md §c.5)
NO_AREA = ""


@dataclass(frozen=True)
class LineFigure:
    """One budget line, or (`code` empty) what a project spent outside its budget, which has none.

    `in_span` and `to_date` are dollars; `share` is per cent of a budget in dollars, unrounded, None where there is nothing
    to compare with.
    """

    partner_name: str
    partner_slug: str
    fictitious: bool
    project: str
    code: str
    label: str
    area: str
    budget: Money | None
    in_span: Decimal
    to_date: Decimal
    share: Decimal | None

    @property
    def is_over(self):
        return self.share is not None and self.share > OVER


@dataclass(frozen=True)
class AreaFigure:
    """The lines of one area, added up: budgets in dollars and in francs apart. No share where part of the budget is in francs."""

    area: str
    label: str
    budget_usd: Decimal
    budget_cdf: Decimal
    in_span: Decimal
    to_date: Decimal
    share: Decimal | None


@dataclass(frozen=True)
class SpendingFigures:
    """`lines`: the highest share first; `areas`: in the order of criterion 2; `whole`: all of them."""

    lines: tuple[LineFigure, ...]
    areas: tuple[AreaFigure, ...]
    whole: AreaFigure

    @property
    def over(self):
        return sum(line.is_over for line in self.lines)


def spending_figures(scope):
    """The SpendingFigures of projects that run in the span; two queries, the amounts added up by the database."""
    projects = scope.projects(in_area=False).filter(starts_on__lte=scope.end, ends_on__gte=scope.start)
    spent, outside = _spent(scope, projects)
    budget = BudgetLine.objects.filter(project__in=projects).annotate(of_area=area_of_lines(project="project"))
    budget = budget.select_related("project__partner")
    if scope.area:
        budget = budget.filter(of_area=scope.area)
    lines = [_line(row, *spent[row.pk]) for row in budget.order_by("project__code", "code")]
    lines += [_outside(*facts) for facts in outside]
    areas = [_area(code, label, lines) for code, label in [*Area.choices, (NO_AREA, _("Not attributed to an area"))]]
    return SpendingFigures(
        lines=tuple(sorted(lines, key=lambda line: (line.share is None, -(line.share or 0)))),
        areas=tuple(area for area in areas if area is not None),
        whole=_sum(NO_AREA, _("All together"), lines),
    )


def _spent(scope, projects):
    """{budget line id: (in the span, to date)}, and rows of what was spent outside the budgets."""
    ends = "version__report__period__ends_on"
    rows = (
        SpendingLine.objects.filter(
            version__accepted_for__isnull=False, version__report__project__in=projects, **{f"{ends}__lte": scope.end}
        )
        .annotate(of_area=area_of_lines("budget_line__"))
        .order_by()
        .values_list(
            "budget_line",
            "version__report__project__title",
            "version__report__partner__name",
            "version__report__partner__slug",
            "version__report__partner__is_fictitious",
            "of_area",
        )
        .annotate(in_span=Sum("amount_usd", filter=Q(**{f"{ends}__gte": scope.start})), to_date=Sum("amount_usd"))
    )
    if scope.area:
        rows = rows.filter(of_area=scope.area)
    spent, outside = defaultdict(lambda: (Decimal(0), Decimal(0))), []
    for line, *facts, in_span, to_date in rows:
        # A sum of SQLite is a float on its way; cents are exact again here.
        amounts = half_up(in_span or Decimal(0), 2), half_up(to_date, 2)
        if line is None:
            outside.append((*facts, *amounts))
        else:
            spent[line] = amounts
    return spent, sorted(outside)


def _line(row, in_span, to_date):
    partner = row.project.partner
    return LineFigure(
        partner_name=partner.name,
        partner_slug=partner.slug,
        fictitious=partner.is_fictitious,
        project=row.project.title,
        code=row.code,
        label=row.label,
        area=row.of_area,
        budget=row.money,
        in_span=in_span,
        to_date=to_date,
        share=share(to_date, row.amount) if row.currency == USD else None,
    )


def _outside(project, name, slug, fictitious, area, in_span, to_date):
    return LineFigure(name, slug, fictitious, project, "", _("Outside the budget"), area, None, in_span, to_date, None)


def _area(code, label, lines):
    """The AreaFigure of one area, None when no line belongs to it."""
    mine = [line for line in lines if line.area == code]
    return _sum(code, str(label), mine) if mine else None


def _sum(code, label, lines):
    def budget(currency):
        return sum(
            (line.budget.amount for line in lines if line.budget and line.budget.currency == currency), Decimal(0)
        )

    in_usd, in_cdf = budget(USD), budget(CDF)
    to_date = sum((line.to_date for line in lines), Decimal(0))
    return AreaFigure(
        area=code,
        label=label,
        budget_usd=in_usd,
        budget_cdf=in_cdf,
        in_span=sum((line.in_span for line in lines), Decimal(0)),
        to_date=to_date,
        share=None if in_cdf else share(to_date, in_usd),
    )
