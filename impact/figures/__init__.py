"""Figures of accepted versions (`public`, `spending`, `sources`), and the sheet of one report that people work on (`sheet`)."""

from impact.figures.public import PeriodFigure, ProjectResults, TargetResult, partner_results
from impact.figures.revisions import PublicRevision, RevisionFacts
from impact.figures.sheet import ReportSheet, SheetRow, SpendingBalance, balances, read_sheet
from impact.figures.sources import Freshness, Source, freshness
from impact.figures.spending import SpendingRow, SpendingSummary, partner_spending
from impact.figures.targets import TargetFacts, read_targets, target_warnings
from impact.figures.yardsticks import Yardsticks, yardsticks_of

__all__ = [
    "Freshness",
    "PeriodFigure",
    "ProjectResults",
    "PublicRevision",
    "ReportSheet",
    "RevisionFacts",
    "SheetRow",
    "Source",
    "SpendingBalance",
    "SpendingRow",
    "SpendingSummary",
    "TargetFacts",
    "TargetResult",
    "Yardsticks",
    "balances",
    "freshness",
    "partner_results",
    "partner_spending",
    "read_sheet",
    "read_targets",
    "target_warnings",
    "yardsticks_of",
]
