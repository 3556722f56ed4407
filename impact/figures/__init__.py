"""Figures of accepted versions (`public`, `spending`, `sources`), and the sheet of one report that people work on (`sheet`)."""

from impact.figures.axes import Axes, categories_of, read_axes, sharing_partners
from impact.figures.cells import CellTable, tables_of_row
from impact.figures.checks import Check, checks_of
from impact.figures.network import NetworkResult, NetworkSpending, network_results, network_spending
from impact.figures.public import PeriodFigure, ProjectResults, TargetResult, partner_results
from impact.figures.revision import Change, ExpenseChanges, expense_changes
from impact.figures.revisions import PublicRevision, RevisionFacts
from impact.figures.sheet import ReportSheet, SheetRow, SpendingBalance, balances, read_sheet
from impact.figures.sources import Freshness, Revision, Source, freshness
from impact.figures.spending import SpendingRow, SpendingSummary, partner_spending
from impact.figures.targets import TargetFacts, read_targets, target_warnings
from impact.figures.versions import VersionFacts, VersionValue, read_version
from impact.figures.yardsticks import Yardsticks, yardsticks_of

__all__ = [
    "expense_changes",
    "ExpenseChanges",
    "Change",
    "checks_of",
    "Check",
    "tables_of_row",
    "CellTable",
    "sharing_partners",
    "read_axes",
    "categories_of",
    "Axes",
    "Freshness",
    "NetworkResult",
    "NetworkSpending",
    "PeriodFigure",
    "ProjectResults",
    "PublicRevision",
    "ReportSheet",
    "RevisionFacts",
    "Revision",
    "SheetRow",
    "Source",
    "SpendingBalance",
    "SpendingRow",
    "SpendingSummary",
    "TargetFacts",
    "TargetResult",
    "Yardsticks",
    "VersionFacts",
    "VersionValue",
    "balances",
    "freshness",
    "network_results",
    "network_spending",
    "partner_results",
    "partner_spending",
    "read_sheet",
    "read_targets",
    "read_version",
    "target_warnings",
    "yardsticks_of",
]
