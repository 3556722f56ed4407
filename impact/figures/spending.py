"""What accepted reports spent, against the budget (impact.md §c.8)."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from ace_partners.core.money import CDF, USD, Money, share, total
from impact.figures.sources import Source, accepted_versions, revisions_of, source_of
from impact.models import BudgetLine, SpendingLine


@dataclass(frozen=True)
class SpendingRow:
    """One budget line and what accepted reports spent on it; `line` is None for spending outside the budget.

    `spent` lists what was paid per currency, never added; `spent_usd` adds the dollars of each line at its frozen rate;
    `share` is per cent of a budget in dollars, unrounded, None where there is nothing to compare with.
    """

    project: str
    code: str
    label: str
    budget: Money | None
    spent: tuple[Money, ...]
    spent_usd: Money
    share: Decimal | None


@dataclass(frozen=True)
class SpendingSummary:
    rows: tuple[SpendingRow, ...]
    budget_usd: Money
    spent_usd: Money
    share: Decimal | None
    sources: tuple[Source, ...]

    @property
    def periods(self):
        return tuple(source.period for source in self.sources)


def partner_spending(partner):
    """Budget lines of all projects against the spending of accepted versions (impact.md §c.8)."""
    lines = list(
        BudgetLine.objects.filter(project__partner=partner).select_related("project").order_by("project", "code")
    )
    spent = defaultdict(list)
    for row in SpendingLine.objects.filter(version__accepted_for__partner=partner).select_related(
        "version__report__project"
    ):
        spent[row.budget_line_id or row.version.report.project.code].append(row)
    rows = [spending_row(line.project.code, line, spent.pop(line.pk, [])) for line in lines]
    rows += [spending_row(code, None, outside) for code, outside in sorted(spent.items())]
    budget = total((row.budget for row in rows if row.budget and row.budget.currency == USD), USD)
    paid = total((row.spent_usd for row in rows), USD)
    versions = accepted_versions(partner).prefetch_related(revisions_of()).order_by("report__period__starts_on")
    return SpendingSummary(
        rows=tuple(rows),
        budget_usd=budget,
        spent_usd=paid,
        # A budget partly in francs is not a budget in dollars: no share then.
        share=None if any(line.currency == CDF for line in lines) else share(paid.amount, budget.amount),
        sources=tuple(map(source_of, versions)),
    )


def spending_row(project, line, expenses):
    """The SpendingRow of one budget line (None: outside the budget) of a project's code, over these expenses."""
    usd = total((expense.usd for expense in expenses), USD)
    paid = tuple(
        total((expense.money for expense in expenses if expense.currency == currency), currency)
        for currency in (USD, CDF)
        if any(expense.currency == currency for expense in expenses)
    )
    return SpendingRow(
        project=project,
        code=line.code if line else "",
        label=line.label if line else _("Outside the budget"),
        budget=line.money if line else None,
        spent=paid,
        spent_usd=usd,
        share=share(usd.amount, line.amount) if line and line.currency == USD else None,
    )
