"""Every write with consequences in this room, by noun: projects, the partner's draft, the report's moves, closing."""

from impact.actions.closing import approve_reopening, extend, propose_reopening, refuse_reopening
from impact.actions.drafts import (
    add_evidence,
    add_spending,
    edit_spending,
    remove_evidence,
    remove_spending,
    save_no_spending,
    save_reply,
    save_texts,
    save_value,
)
from impact.actions.projects import add_budget_line, add_period, create_project, edit_project, edit_target, set_target
from impact.actions.quarters import close_quarter, release_reminders
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
    "approve_reopening",
    "close_quarter",
    "extend",
    "propose_reopening",
    "refuse_reopening",
    "release_reminders",
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
