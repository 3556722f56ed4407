"""Writes with consequences, by noun. Each: lock → rules → write → audit → mail row, in one transaction."""

from vetting.actions.answers import attach_evidence, detach_evidence, save_answer
from vetting.actions.deciding import approve, preview_letter, propose, send_back
from vetting.actions.dossiers import open_dossier, release, submit, take, withdraw
from vetting.actions.examining import declare, request_item, save_finding, send_requests

__all__ = [
    "approve",
    "attach_evidence",
    "declare",
    "detach_evidence",
    "open_dossier",
    "preview_letter",
    "propose",
    "release",
    "request_item",
    "save_answer",
    "save_finding",
    "send_back",
    "send_requests",
    "submit",
    "take",
    "withdraw",
]
