"""Every write with consequences in this room, by noun: projects, the partner's draft, the report's moves."""

from impact.actions.drafts import (
    add_evidence,
    add_spending,
    edit_spending,
    remove_evidence,
    remove_spending,
    save_comments,
    save_no_spending,
    save_reply,
    save_texts,
    save_value,
)
from impact.actions.projects import add_budget_line, add_period, create_project, edit_project, edit_target, set_target
from impact.actions.reports import (
    accept,
    approve_waiver,
    propose_waiver,
    remove_request,
    request_field,
    send_requests,
    submit,
    take,
)

__all__ = [
    "accept",
    "add_budget_line",
    "add_evidence",
    "add_period",
    "add_spending",
    "approve_waiver",
    "create_project",
    "edit_project",
    "edit_spending",
    "edit_target",
    "propose_waiver",
    "remove_evidence",
    "remove_request",
    "remove_spending",
    "save_comments",
    "request_field",
    "save_no_spending",
    "save_reply",
    "save_texts",
    "save_value",
    "send_requests",
    "set_target",
    "submit",
    "take",
]
