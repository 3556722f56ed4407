"""A decision that replaces the one in force: proposed by one person, approved by another; the old one stays readable."""

from django.db import transaction
from django.utils import timezone

from ace_partners.core import audit
from ace_partners.core.errors import refuse
from ace_partners.core.machine import perform
from partners.models import Partner
from vetting import letters
from vetting.actions.deciding import draft_from, release_decision, store_proposal
from vetting.actions.screening import screened_before
from vetting.models import ConflictDeclaration, Decision, Proposal, ProposalKind
from vetting.notifications import reviews as notifications
from vetting.rules import replacing
from vetting.rules.reviews import REVIEW, against_moving_review


@screened_before
@transaction.atomic
def propose_replacement(decision, *, by, kind, motive, changed=None, **values):
    """Write down a decision in place of the one in force, with its letter. Returns the Proposal.

    `changed`: item code → answer, where this decision rests on other findings than its round. `values`: see
    `deciding.draft_from`. Proposing says, as the page does, that there is no link with the organisation.
    """
    decision = _locked(decision)
    changed = changed or {}
    risk = decision.proposal.risk
    draft = draft_from(**values, band=risk.band if risk else "")
    refuse(replacing.against_replacement(decision, by, kind=kind, motive=motive, draft=draft, changed=changed))
    _note_no_link(decision.dossier, by)
    items = replacing.items_with(decision.dossier, changed)
    proposal = store_proposal(
        decision.dossier,
        draft,
        by=by,
        rating=risk,
        letter=letters.decision_letter(decision.dossier, draft, items=items, replaces=decision, motive=motive.strip()),
        kind=kind,
        motive=motive.strip(),
        replaces=decision,
        changed_findings=changed,
    )
    facts = {"kind": kind, "outcome": draft.outcome, "replaces": decision.pk, "changed": sorted(changed)}
    audit.record("decision.propose_replacement", decision, by=by, after=facts)
    notifications.replacement_proposed(proposal, by=by)
    return proposal


@transaction.atomic
def approve_replacement(proposal, *, by):
    """Make it the decision in force; a review that led to it closes as varied. Returns the Decision."""
    decision, proposal = _locked(proposal.replaces), _again(proposal)
    refuse(replacing.against_approving_replacement(proposal, by))
    _note_no_link(proposal.dossier, by)
    items = replacing.items_with(proposal.dossier, proposal.changed_findings)
    new = release_decision(proposal.dossier, proposal, by=by, items=items)
    if proposal.kind == ProposalKind.REVIEW:
        review = replacing.hearing_of(decision)
        changes = {"new_decision": new, "conclusion": proposal.motive, "closed_at": timezone.now()}
        perform(REVIEW, review, "vary", by=by, seen=review.lock_version, against=against_moving_review, **changes)
    return new


@transaction.atomic
def return_replacement(proposal, *, by, reason):
    """Send it back to the one who proposed; the decision in force stays."""
    _locked(proposal.replaces)
    proposal = _again(proposal)
    refuse(replacing.against_returning_replacement(proposal, by, reason))
    proposal.returned_at, proposal.returned_by, proposal.return_reason = timezone.now(), by, reason.strip()
    proposal.save(update_fields=["returned_at", "returned_by", "return_reason"])
    audit.record("decision.return_replacement", proposal.replaces, by=by, reason=reason.strip())
    notifications.replacement_returned(proposal, by=by)
    return proposal


def _locked(decision):
    """The decision, read again under the lock of its organisation: two replacements cannot both win."""
    Partner.objects.select_for_update().get(pk=decision.partner_id)
    rows = Decision.objects.select_related("partner", "dossier__checklist", "replaced_by", "proposal__risk")
    return rows.get(pk=decision.pk)


def _again(proposal):
    rows = Proposal.objects.select_related("dossier__partner", "dossier__checklist", "replaces__replaced_by", "risk")
    return rows.get(pk=proposal.pk)


def _note_no_link(dossier, by):
    """The page's button says it: no conflict of interest. Somebody who declared a link was refused before."""
    declaration, created = ConflictDeclaration.objects.get_or_create(
        dossier=dossier, user=by, defaults={"has_link": False}
    )
    if created:
        audit.record("dossier.declare", dossier, by=by, after={"has_link": declaration.has_link})
