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
from impact.rules.projects import against_adding_period, against_managing
from impact.rules.reports import (
    REPORT,
    REVIEW_DAYS,
    against_moving_report,
    against_proposing_waiver,
    against_requesting,
)
from impact.rules.targets import (
    TARGET_REVISION,
    against_agreeing,
    against_answering,
    against_editing_target,
    against_moving_revision,
    against_proposing_target,
    against_questioning,
    against_revising,
    against_revision,
)

__all__ = [
    "Gap",
    "REPORT",
    "REVIEW_DAYS",
    "TARGET_REVISION",
    "TEXT_KEYS",
    "against_adding_period",
    "against_agreeing",
    "against_answering",
    "against_editing_target",
    "against_managing",
    "against_moving_report",
    "against_moving_revision",
    "against_period",
    "against_proposing_target",
    "against_proposing_waiver",
    "against_questioning",
    "against_removing_evidence",
    "against_requesting",
    "against_revising",
    "against_revision",
    "against_spending_nothing",
    "against_writing",
    "against_writing_value",
    "asked_keys",
    "field_keys",
    "gaps_in",
    "value_key",
]
