"""The rules of projects and reports, by noun: who may do what. The reasons against; [] means yes."""

from impact.rules.drafts import (
    TEXT_KEYS,
    Gap,
    against_period,
    against_removing_evidence,
    against_spending_nothing,
    against_writing,
    against_writing_value,
    asked_keys,
    field_keys,
    gaps_in,
    value_key,
)
from impact.rules.projects import against_adding_period, against_editing_target, against_managing
from impact.rules.reports import (
    REPORT,
    REVIEW_DAYS,
    against_moving_report,
    against_proposing_waiver,
    against_requesting,
)

__all__ = [
    "Gap",
    "REPORT",
    "REVIEW_DAYS",
    "TEXT_KEYS",
    "against_adding_period",
    "against_editing_target",
    "against_managing",
    "against_moving_report",
    "against_period",
    "against_proposing_waiver",
    "against_removing_evidence",
    "against_requesting",
    "against_spending_nothing",
    "against_writing",
    "against_writing_value",
    "asked_keys",
    "field_keys",
    "gaps_in",
    "value_key",
]
