"""The capacity plan: opened by the decision, worked on by the organisation, judged by ACE."""

from django.db import transaction
from django.utils import timezone

from ace_partners.core import audit
from ace_partners.core.errors import refuse
from ace_partners.core.machine import claim_version, perform
from partners.actions import add_document
from vetting.models import ActionEvidence, ActionExtension, ActionStatus, CapacityAction, CapacityPlan, ProposalKind
from vetting.models.decisions import STEP_FIELDS
from vetting.notifications import plans as notifications
from vetting.rules import plans as rules


@transaction.atomic
def open_plan(decision, *, by):
    """Make the plan of a decision from the steps proposed with it, and return it; None where there is nothing to plan.

    Safe to repeat: a decision has one plan. A correction of a round keeps what was done on the steps it repeats word
    for word; the letter of the decision announces the plan, so no other mail leaves.
    """
    steps = list(decision.proposal.steps.select_related("item")) if decision.outcome in rules.WITH_PLAN else []
    if not steps:
        return None
    plan, created = CapacityPlan.objects.get_or_create(decision=decision, defaults={"partner": decision.partner})
    if not created:
        return plan
    conditions = {row.item_id: row for row in decision.conditions.all()}
    done = _done_before(decision)
    for step in steps:
        _add_step(plan, step, conditions.get(step.item_id), done.get((step.item_id, step.action)))
    audit.record("plan.open", plan, by=by, after={"decision": decision.pk, "steps": len(steps)})
    return plan


def _add_step(plan, step, condition, before):
    """One row of the plan; `before` is the same step in the plan that a correction replaces."""
    kept = ("status", "evidence_at", "remark", "validated_by", "validated_at") if before else ()
    action = CapacityAction.objects.create(
        plan=plan,
        item=step.item,
        condition=condition,
        action=step.action,
        **{name: getattr(step, name) for name in STEP_FIELDS},
        **{name: getattr(before, name) for name in kept},
    )
    documents = before.evidence.values_list("document", flat=True) if before else ()
    ActionEvidence.objects.bulk_create(ActionEvidence(action=action, document_id=pk) for pk in documents)


def _done_before(decision):
    """(item, words) → the step of the plan that this decision replaces; a new round begins anew."""
    if decision.proposal.kind == ProposalKind.ROUND or decision.replaces_id is None:
        return {}
    steps = CapacityAction.objects.filter(plan__decision=decision.replaces_id).exclude(status=ActionStatus.DROPPED)
    return {(step.item_id, step.action): step for step in steps}


@transaction.atomic
def attach_document(step, document, *, by):
    """Put a document of the organisation's file beside the step. A no-op when it is there already."""
    step = _locked(step)
    refuse(rules.against_changing_evidence(step, by, document))
    row, added = ActionEvidence.objects.get_or_create(action=step, document=document)
    if added:
        audit.record("capacity.attach", step, by=by, after={"document": document.pk})
    return row


@transaction.atomic
def attach_new_document(step, *, by, **facts):
    """Store a new file in the organisation's file and put it beside the step: both, or neither. Returns the Document.

    `facts` are those of `partners.actions.add_document`.
    """
    refuse(rules.against_changing_evidence(_locked(step), by))
    document = add_document(step.plan.partner, by=by, **facts)
    attach_document(step, document, by=by)
    return document


@transaction.atomic
def detach_document(evidence, *, by):
    """Take a document off the step before it is sent; it stays in the organisation's file."""
    step = _locked(evidence.action)
    refuse(rules.against_changing_evidence(step, by))
    evidence.delete()
    audit.record("capacity.detach", step, by=by, before={"document": evidence.document_id})


@transaction.atomic
def start(step, *, by, seen):
    """The organisation says that it has begun."""
    return _move(step, "start", by=by, seen=seen)


@transaction.atomic
def send_evidence(step, *, by, seen, note=""):
    """Hand the documents to ACE, with a note; the day counts, so that ACE's own delay harms nobody."""
    step = _move(step, "send_evidence", by=by, seen=seen, reason=note.strip(), evidence_at=timezone.now())
    notifications.evidence_received(step, note=note.strip(), by=by)
    return step


@transaction.atomic
def send_back(step, *, by, seen, reason):
    """Ask for more; the organisation reads the reason above the step."""
    step = _move(step, "send_back", by=by, seen=seen, reason=reason, remark=reason.strip())
    notifications.step_sent_back(step, by=by)
    return step


@transaction.atomic
def validate(step, *, by, seen):
    """ACE saw that the step is done: the condition that hangs on it is met."""
    step = _move(step, "validate", by=by, seen=seen, validated_by=by, validated_at=timezone.now())
    notifications.step_validated(step, by=by)
    return step


@transaction.atomic
def drop(step, *, by, seen, reason):
    """Take a step that no approval depends on out of the plan, and say why."""
    step = _move(step, "drop", by=by, seen=seen, reason=reason, remark=reason.strip())
    notifications.step_dropped(step, by=by)
    return step


@transaction.atomic
def extend(step, *, by, seen, due_on, reason):
    """Give a step a later day; the former one and the reason stay readable. Returns the ActionExtension."""
    step = claim_version(step, seen=seen)
    refuse(rules.against_extending(step, by, due_on))
    reason = reason.strip()
    row = ActionExtension.objects.create(action=step, was_due_on=step.due_on, due_on=due_on, reason=reason, by=by)
    step.due_on = due_on
    step.save(update_fields=["due_on"])
    days = {"before": {"due_on": row.was_due_on.isoformat()}, "after": {"due_on": due_on.isoformat()}}
    audit.record("capacity.extend", step, by=by, reason=reason, **days)
    notifications.step_extended(row, by=by)
    return row


def _move(step, name, *, by, seen, reason="", **changes):
    against = rules.against_moving_step
    return perform(rules.CAPACITY, step, name, by=by, seen=seen, against=against, reason=reason, **changes)


def _locked(step):
    return CapacityAction.objects.select_for_update().get(pk=step.pk)
