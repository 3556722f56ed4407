"""Writes with consequences, by noun. Each: lock → rules → write → audit → mail row, in one transaction."""

from vetting.actions.answers import attach_evidence, detach_evidence, save_answer
from vetting.actions.deciding import approve, preview_letter, propose, send_back
from vetting.actions.dossiers import open_dossier, release, submit, take, withdraw
from vetting.actions.examining import (
    FindingRefused,
    declare,
    request_item,
    save_finding,
    save_findings,
    send_requests,
    take_without_link,
)
from vetting.actions.renewals import carry_findings, confirm_answers, refresh_performance

__all__ = [
    "FindingRefused",
    "approve",
    "attach_evidence",
    "carry_findings",
    "confirm_answers",
    "declare",
    "detach_evidence",
    "open_dossier",
    "preview_letter",
    "propose",
    "refresh_performance",
    "release",
    "request_item",
    "save_answer",
    "save_finding",
    "save_findings",
    "send_back",
    "send_requests",
    "submit",
    "take",
    "take_without_link",
    "withdraw",
]
