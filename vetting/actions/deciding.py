"""The decision: proposed by one person, approved or sent back by another (design §1.2)."""

from django.db import transaction
from django.utils import timezone

from ace_partners.core import audit
from ace_partners.core.canonical import sha256_of
from ace_partners.core.dates import add_months
from ace_partners.core.errors import Stale, refuse
from partners.actions import move_relationship
from vetting import letters, phrases, rules, scoring
from vetting.actions import plans
from vetting.actions.examining import declare
from vetting.actions.locks import locked
from vetting.actions.moving import step
from vetting.actions.screening import screened_before
from vetting.models import (
    Decision,
    DecisionCondition,
    DecisionCriterion,
    Proposal,
    ProposalCriterion,
    ProposalStep,
    RiskFactorScore,
    RiskRating,
)
from vetting.notifications import dossiers as notifications
from vetting.rules import risk as risk_rules
from vetting.scoring import Outcome


def draft_from(
    *,
    outcome,
    reasons,
    steps=(),
    valid_until=None,
    exclusion_reason="",
    override_reason="",
    band="",
    internal_note="",
):
    """The values of `propose` as the rules and the letter see them; the internal note is seen by neither.

    A step is a `rules.Step`, or (item, action, due_on) where there is no more to say.
    """
    return rules.Draft(
        outcome=outcome,
        reasons={code: reason.strip() for code, reason in reasons.items()},
        steps=tuple(_step(row) for row in steps),
        valid_until=valid_until if outcome in rules.IN_FAVOUR else None,
        exclusion_reason=exclusion_reason.strip() if outcome == Outcome.EXCLUDED else "",
        override_reason=override_reason.strip(),
        band=band,
    )


def _step(row):
    if isinstance(row, rules.Step):
        return row
    item, action, due_on = row
    return rules.Step(item.code, action.strip(), due_on)


@screened_before
def preview_letter(dossier, *, by, seen, disagreement=None, **values):
    """The letter that `propose` would store for the same values. Raises Stale and NotAllowed just as it would."""
    if dossier.lock_version != seen:
        raise Stale(dossier, audit.latest(dossier))
    suggestion = risk_rules.suggest(dossier)
    draft = draft_from(**values, band=risk_rules.rate(suggestion, disagreement).band)
    refuse(rules.against_proposal(dossier, rules.DOSSIER["propose"], by, draft=draft))
    refuse(risk_rules.against_disagreement(suggestion, disagreement))
    return letters.decision_letter(dossier, draft)


@screened_before
@transaction.atomic
def propose(dossier, *, by, seen, internal_note="", disagreement=None, **values):
    """Write the proposal with its letter and risk rating, and pass the dossier to a second person. Returns the Proposal.

    `values`: outcome; reasons (criterion code → text for the organisation); steps (optional, see `draft_from`);
    valid_until; exclusion_reason; override_reason, where the outcome is not the one of the findings. `disagreement`
    (`rules.risk.Disagreement`) where the officer does not agree with the suggested rating. `internal_note` is for the
    second person alone and never part of the letter.
    """
    dossier = locked(dossier)
    suggestion = risk_rules.suggest(dossier)
    rated = risk_rules.rate(suggestion, disagreement)
    draft = draft_from(**values, band=rated.band)
    dossier = step(dossier, "propose", by=by, seen=seen, against=rules.proposal_against(draft))
    refuse(risk_rules.against_disagreement(suggestion, disagreement))
    rating = keep_rating(dossier, suggestion, disagreement, by=by)
    proposal = store_proposal(dossier, draft, by=by, rating=rating, internal_note=internal_note)
    notifications.decision_proposed(proposal, by=by)
    return proposal


def keep_rating(dossier, suggestion, disagreement, *, by):
    """Write what the machine suggested beside what the officer holds: both stay readable for good."""
    rated = risk_rules.rate(suggestion, disagreement)
    own = disagreement or risk_rules.Disagreement()
    rating = RiskRating.objects.create(
        partner=dossier.partner,
        dossier=dossier,
        suggested_score=suggestion.rating.score,
        suggested_band=suggestion.rating.band,
        overrides=[str(code) for code in rated.overrides],
        agrees=disagreement is None,
        comment=own.comment.strip(),
        score=rated.score,
        band=rated.band,
        rated_by=by,
    )
    RiskFactorScore.objects.bulk_create(
        RiskFactorScore(
            rating=rating,
            code=factor.code,
            suggested=factor.score,
            score=own.scores.get(factor.code, factor.counted),
            reason=own.reasons.get(factor.code, "").strip(),
        )
        for factor in suggestion.factors
    )
    facts = {"score": rating.score, "band": rating.band, "agrees": rating.agrees, "overrides": rating.overrides}
    suggested = {"score": rating.suggested_score, "band": rating.suggested_band}
    audit.record("risk.rate", rating, by=by, before=suggested, after=facts)
    return rating


def store_proposal(dossier, draft, *, by, rating=None, internal_note="", letter=None, **facts):
    """The proposal with its reasons and steps, as drafted. `facts`: more fields of the row, for a replacement."""
    proposal = Proposal.objects.create(
        dossier=dossier,
        outcome=draft.outcome,
        exclusion_reason=draft.exclusion_reason,
        override_reason=draft.override_reason,
        valid_until=draft.valid_until,
        internal_note=internal_note.strip(),
        risk=rating,
        letter=letter or letters.decision_letter(dossier, draft),
        proposed_by=by,
        **facts,
    )
    ProposalCriterion.objects.bulk_create(
        ProposalCriterion(proposal=proposal, criterion=criterion, reason=draft.reasons.get(criterion.code, ""))
        for criterion in dossier.checklist.criteria.all()
    )
    items = {item.code: item for item in dossier.items}
    ProposalStep.objects.bulk_create(
        ProposalStep(
            proposal=proposal,
            item=items[row.item_code],
            action=row.action,
            responsible=row.responsible.strip(),
            support=row.support.strip(),
            evidence_type=row.evidence_type,
            due_on=row.due_on,
        )
        for row in draft.steps
        if row.is_complete
    )
    return proposal


@transaction.atomic
def send_back(dossier, *, by, seen, reason, no_link=False):
    """Return the proposal to the examiner, with the reason. `no_link` as in `approve`."""
    dossier = _with_declaration(dossier, by, no_link)
    proposal = dossier.open_proposal
    dossier = step(dossier, "send_back", by=by, seen=seen, reason=reason)
    proposal.returned_at, proposal.returned_by, proposal.return_reason = timezone.now(), by, reason.strip()
    proposal.save(update_fields=["returned_at", "returned_by", "return_reason"])
    notifications.proposal_sent_back(proposal, by=by)
    return dossier


@screened_before
@transaction.atomic
def approve(dossier, *, by, seen, no_link=False):
    """Turn the open proposal into a Decision, which nothing changes afterwards; mail its letter. Returns it.

    `no_link`: the second person declares with the same button that there is no conflict of interest.
    Raises Stale when there is no open proposal any more, NotAllowed with the reasons against.
    """
    dossier = _with_declaration(dossier, by, no_link)
    proposal = dossier.open_proposal
    dossier = step(dossier, "decide", by=by, seen=seen)
    if proposal is None:
        raise Stale(dossier, audit.latest(dossier))
    return release_decision(dossier, proposal, by=by)


def _with_declaration(dossier, by, no_link):
    """The dossier under its lock, with the declaration that came along; one made before is never overwritten."""
    dossier = locked(dossier)
    if no_link and rules.declaration_of(dossier, by) is None:
        declare(dossier, by=by, has_link=False)
    return dossier


def release_decision(dossier, proposal, *, by, items=None, now=None):
    """The Decision of an approved proposal with all that hangs on it: criteria, conditions, plan, audit, letter by mail.

    Inside the caller's transaction, after the caller's rules; the dossier does not move here. Proposer and `by` have
    both declared on the dossier. `items`: the assessed items, where they are not those of the dossier.
    """
    now = now or timezone.now()
    items = dossier.assessed_items() if items is None else items
    decision = _decision(dossier, proposal, items, by, now)
    _criteria(decision, proposal, items)
    if proposal.outcome == Outcome.CONDITIONAL:
        DecisionCondition.objects.bulk_create(
            DecisionCondition(decision=decision, item=row.item, action=row.action, due_on=row.due_on)
            for row in proposal.steps.select_related("item")
        )
    proposal.approved_at = now
    proposal.save(update_fields=["approved_at"])
    audit.record("decision.release", decision, by=by, after=_facts(decision))
    plans.open_plan(decision, by=by)
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
    answers = {item.code: str(item.answer) for item in items}
    findings = dossier.findings.select_related("item", "version").prefetch_related("evidence__document__file")
    return {
        "checklist": dossier.checklist.version,
        "version": dossier.latest_version.number,
        "items": [
            {
                "code": finding.item.code,
                "answer": answers.get(finding.item.code, finding.answer),
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
