"""The decision: proposed by one person, approved or sent back by another (design §1.2)."""

from django.db import transaction
from django.utils import timezone

from ace_partners.core import audit
from ace_partners.core.canonical import sha256_of
from ace_partners.core.dates import add_months
from ace_partners.core.errors import Stale, refuse
from partners.actions import move_relationship
from vetting import letters, notifications, phrases, rules, scoring
from vetting.actions.moving import step
from vetting.models import (
    Decision,
    DecisionCondition,
    DecisionCriterion,
    Proposal,
    ProposalCriterion,
    ProposalStep,
)
from vetting.scoring import Outcome


def _draft(*, outcome, reasons, steps=(), valid_until=None, exclusion_reason="", internal_note=""):
    """The values of `propose` as the rules and the letter see them; the internal note is seen by neither."""
    return rules.Draft(
        outcome=outcome,
        reasons={code: reason.strip() for code, reason in reasons.items()},
        steps=tuple(rules.Step(item.code, action.strip(), due_on) for item, action, due_on in steps),
        valid_until=valid_until if outcome in rules.IN_FAVOUR else None,
        exclusion_reason=exclusion_reason.strip() if outcome == Outcome.EXCLUDED else "",
    )


def preview_letter(dossier, *, by, seen, **values):
    """The letter that `propose` would store for the same values. Raises Stale and NotAllowed just as it would."""
    if dossier.lock_version != seen:
        raise Stale(dossier, audit.latest(dossier))
    draft = _draft(**values)
    refuse(rules.against_proposal(dossier, rules.DOSSIER["propose"], by, draft=draft))
    return letters.decision_letter(dossier, draft)


@transaction.atomic
def propose(dossier, *, by, seen, internal_note="", **values):
    """Write the proposal with its letter and pass the dossier to a second person. Returns the Proposal.

    `values`: outcome; reasons (criterion code → text for the organisation); steps ((item, action, due_on), optional);
    valid_until; exclusion_reason. `internal_note` is for the second person alone and never part of the letter.
    """
    draft = _draft(**values)
    dossier = step(dossier, "propose", by=by, seen=seen, against=rules.proposal_against(draft))
    proposal = Proposal.objects.create(
        dossier=dossier,
        outcome=draft.outcome,
        exclusion_reason=draft.exclusion_reason,
        valid_until=draft.valid_until,
        internal_note=internal_note.strip(),
        letter=letters.decision_letter(dossier, draft),
        proposed_by=by,
    )
    ProposalCriterion.objects.bulk_create(
        ProposalCriterion(proposal=proposal, criterion=criterion, reason=draft.reasons[criterion.code])
        for criterion in dossier.checklist.criteria.all()
    )
    items = {item.code: item for item in dossier.items}
    ProposalStep.objects.bulk_create(
        ProposalStep(proposal=proposal, item=items[step.item_code], action=step.action, due_on=step.due_on)
        for step in draft.steps
    )
    notifications.decision_proposed(proposal, by=by)
    return proposal


@transaction.atomic
def send_back(dossier, *, by, seen, reason):
    """Return the proposal to the examiner, with the reason."""
    proposal = dossier.open_proposal
    dossier = step(dossier, "send_back", by=by, seen=seen, reason=reason)
    proposal.returned_at, proposal.returned_by, proposal.return_reason = timezone.now(), by, reason.strip()
    proposal.save(update_fields=["returned_at", "returned_by", "return_reason"])
    notifications.proposal_sent_back(proposal, by=by)
    return dossier


@transaction.atomic
def approve(dossier, *, by, seen):
    """Turn the open proposal into a Decision, which nothing changes afterwards; mail its letter. Returns it.

    Raises Stale when there is no open proposal any more, NotAllowed with the reasons against.
    """
    now = timezone.now()
    proposal = dossier.open_proposal
    dossier = step(dossier, "decide", by=by, seen=seen)
    if proposal is None:
        raise Stale(dossier, audit.latest(dossier))
    items = dossier.assessed_items()
    decision = _decision(dossier, proposal, items, by, now)
    _criteria(decision, proposal, items)
    if proposal.outcome == Outcome.CONDITIONAL:
        DecisionCondition.objects.bulk_create(
            DecisionCondition(decision=decision, item=step.item, action=step.action, due_on=step.due_on)
            for step in proposal.steps.select_related("item")
        )
    proposal.approved_at = now
    proposal.save(update_fields=["approved_at"])
    audit.record("decision.release", decision, by=by, after=_facts(decision))
    if decision.outcome in rules.IN_FAVOUR:
        move_relationship(dossier.partner, "activate", by=by)
    notifications.decision_released(decision, by=by)
    return decision


def _decision(dossier, proposal, items, by, now):
    assessment = _assessment(dossier, items)
    declined = proposal.outcome == Outcome.DECLINED
    return Decision.objects.create(
        partner=dossier.partner,
        dossier=dossier,
        proposal=proposal,
        outcome=proposal.outcome,
        decided_at=now,
        valid_until=proposal.valid_until,
        reapply_from=add_months(timezone.localdate(now), rules.REAPPLY_AFTER) if declined else None,
        proposed_by=proposal.proposed_by,
        approved_by=by,
        proposer_declaration=rules.declaration_of(dossier, proposal.proposed_by),
        approver_declaration=rules.declaration_of(dossier, by),
        letter=proposal.letter,
        letter_sha256=sha256_of(proposal.letter),
        assessment=assessment,
        assessment_sha256=sha256_of(assessment),
        replaces=Decision.objects.in_force().filter(partner=dossier.partner).first(),
    )


def _criteria(decision, proposal, items):
    scores = scoring.criterion_scores(items)
    rows = proposal.criteria.select_related("criterion")
    DecisionCriterion.objects.bulk_create(
        DecisionCriterion(
            decision=decision,
            criterion=row.criterion,
            result=scoring.result_of_criterion([item for item in items if item.criterion == row.criterion.code]),
            score=phrases.percent(scores[row.criterion.code]),
            reason=row.reason,
        )
        for row in rows
    )


def _assessment(dossier, items):
    """What was examined, in codes and hashes: no name and no sentence, because this row can never be erased."""
    findings = dossier.findings.select_related("item", "version").prefetch_related("evidence__document__file")
    return {
        "checklist": dossier.checklist.version,
        "version": dossier.latest_version.number,
        "items": [
            {
                "code": finding.item.code,
                "answer": finding.answer,
                "version": finding.version.number,
                "documents": [
                    {"id": row.document_id, "sha256": row.document.file.sha256, "page": row.page}
                    for row in sorted(finding.evidence.all(), key=lambda row: row.document_id)
                ],
            }
            for finding in findings
        ],
        "scores": {code: str(phrases.percent(score)) for code, score in scoring.criterion_scores(items).items()},
    }


def _facts(decision):
    return {
        "outcome": decision.outcome,
        "valid_until": decision.valid_until.isoformat() if decision.valid_until else None,
        "letter_sha256": decision.letter_sha256,
        "replaces": decision.replaces_id,
    }
