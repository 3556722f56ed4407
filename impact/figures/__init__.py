"""Figures of accepted versions (`public`, `spending`, `sources`), and the sheet of one report that people work on (`sheet`)."""

from impact.figures.network import NetworkResult, NetworkSpending, content_of, network_results, network_spending
from impact.figures.public import PeriodFigure, ProjectResults, TargetResult, partner_results
from impact.figures.sheet import ReportSheet, SheetRow, SpendingBalance, balances, read_sheet
from impact.figures.sources import Freshness, Source, freshness
from impact.figures.spending import SpendingRow, SpendingSummary, partner_spending
from impact.figures.targets import target_warnings

__all__ = [
    "Freshness",
    "NetworkResult",
    "NetworkSpending",
    "PeriodFigure",
    "ProjectResults",
    "ReportSheet",
    "SheetRow",
    "Source",
    "SpendingBalance",
    "SpendingRow",
    "SpendingSummary",
    "TargetResult",
    "balances",
    "content_of",
    "freshness",
    "network_results",
    "network_spending",
    "partner_results",
    "partner_spending",
    "read_sheet",
    "target_warnings",
]
