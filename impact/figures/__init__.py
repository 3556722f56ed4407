"""Figures of accepted versions (`public`, `spending`, `sources`), and the sheet of one report that people work on (`sheet`)."""

from impact.figures.network import NetworkResult, NetworkSpending, content_of, network_results, network_spending
from impact.figures.public import PeriodFigure, ProjectResults, TargetResult, partner_results
from impact.figures.sheet import ReportSheet, SheetRow, SpendingBalance, balances, read_sheet
from impact.figures.sources import Freshness, Revision, Source, freshness
from impact.figures.spending import SpendingRow, SpendingSummary, partner_spending
from impact.figures.targets import target_warnings
from impact.figures.versions import VersionFacts, VersionValue, read_version

__all__ = [
    "Freshness",
    "NetworkResult",
    "NetworkSpending",
    "PeriodFigure",
    "ProjectResults",
    "ReportSheet",
    "Revision",
    "SheetRow",
    "Source",
    "SpendingBalance",
    "SpendingRow",
    "SpendingSummary",
    "TargetResult",
    "VersionFacts",
    "VersionValue",
    "balances",
    "content_of",
    "freshness",
    "network_results",
    "network_spending",
    "partner_results",
    "partner_spending",
    "read_sheet",
    "read_version",
    "target_warnings",
]
