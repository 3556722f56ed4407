"""A decision in force is never edited: another replaces it. A correction, the outcome of a review, an exclusion.

The findings of the closed round stay as they were written. A replacement may carry changed answers to items; what they
lead to is judged by the very rules that judge a round. Reasons against; [] means yes.
"""

from dataclasses import replace

from django.utils.translation import gettext as _

from ace_partners.core.rights import Role
from partners.rules import roles_on
from vetting import scoring
from vetting.models import Finding, FlagSeverity, FlagStatus, HitStatus, ProposalKind, ReviewStatus
from vetting.rules.dossiers import declaration_of
from vetting.rules.drafts import IN_FAVOUR, against_draft
from vetting.rules.screening import against_met, against_unsettled
from vetting.scoring import Answer

WHO_PROPOSES = {
    ProposalKind.CORRECTION: frozenset({Role.REVIEWER}),
    ProposalKind.REVIEW: frozenset({Role.REVIEWER, Role.APPROVER}),
    ProposalKind.EXCLUSION: frozenset({Role.REVIEWER, Role.ME_OFFICER}),
}


def hearing_of(decision):
    """The review of this decision that is being heard, or None."""
    return decision.reviews.filter(status=ReviewStatus.HEARING).first()


def kinds_for(decision, user):
    """The kinds of replacement that this person may propose; a review is varied by the one who hears it, alone."""
    review = hearing_of(decision)
    if review is not None:
        return [ProposalKind.REVIEW] if review.heard_by_id == user.pk else []
    roles = roles_on(user, decision.partner)
    return [kind for kind in (ProposalKind.CORRECTION, ProposalKind.EXCLUSION) if WHO_PROPOSES[kind] & roles]


def against_replacing(decision, user):
    """Whether this person may propose a decision in place of this one."""
    reasons = []
    if getattr(decision, "replaced_by", None):
        reasons.append(_("A newer decision replaces this one already."))
    if decision.dossier.open_proposal:
        reasons.append(_("A proposal already waits for a second person."))
    if decision.partner.dossiers.open().exists():
        reasons.append(_("A dossier is open for this organisation: its own decision will replace this one."))
    if declaration_of(decision.dossier, user, has_link=True):
        reasons.append(_("You declared a link with this organisation: a colleague has to take over."))
    if not kinds_for(decision, user):
        reasons.append(
            _("A review of this decision is being heard: only the one who hears it proposes.")
            if hearing_of(decision)
            else _("Only a due-diligence officer, or a monitoring officer for an exclusion, proposes.")
        )
    return reasons


def items_with(dossier, changed):
    """The assessed items of a closed round with `changed` answers (item code → answer) in their place."""
    return [
        replace(item, answer=Answer(changed[item.code])) if item.code in changed else item
        for item in dossier.assessed_items()
    ]


def exclusion_grounds(decision, items):
    """What can found an exclusion after approval: a confirmed match, a serious flag substantiated, a finding that says so."""
    partner = decision.partner
    grounds = [
        _("%(item)s is not met.") % {"item": item.code}
        for item in items
        if item.code in scoring.EXCLUSION_ITEMS and item.answer == Answer.NOT_MET
    ]
    if partner.hits.filter(status=HitStatus.CONFIRMED).exists():
        grounds.append(_("A match with a sanctions list is confirmed."))
    if partner.flags.filter(status=FlagStatus.SUBSTANTIATED, severity=FlagSeverity.SERIOUS).exists():
        grounds.append(_("A serious flag is substantiated."))
    return grounds


def against_replacement(decision, user, *, kind, motive, draft, changed):
    """What is wrong with a replacement as drafted."""
    reasons = against_replacing(decision, user)
    if kind not in kinds_for(decision, user):
        reasons.append(_("This kind of replacement is not yours to propose."))
    if not motive.strip():
        reasons.append(_("Say why the decision in force is replaced."))
    items = items_with(decision.dossier, changed)
    if draft.outcome in IN_FAVOUR:
        reasons += _against_matches(decision.partner, items)
    if kind == ProposalKind.EXCLUSION:
        if draft.outcome != scoring.Outcome.EXCLUDED:
            reasons.append(_("This replacement is an exclusion."))
        if not draft.exclusion_reason.strip():
            reasons.append(_("Record the reason for the exclusion."))
        if not exclusion_grounds(decision, items):
            reasons.append(
                _("Nothing founds an exclusion yet: a confirmed match, a serious flag substantiated, or a finding.")
            )
        return reasons
    return reasons or against_draft(decision.dossier, draft, items=items)


def _against_matches(partner, items):
    """No decision in favour while a match waits for its verdict, or where screening contradicts a “met”."""
    met = [item.code for item in items if item.answer == Answer.MET]
    return [*against_unsettled(partner), *(reason for code in met for reason in against_met(partner, code))]


def against_approving_replacement(proposal, user):
    """The second person: the direction, who did not propose, wrote no finding, has no link, and heard no review of it."""
    dossier, reasons = proposal.dossier, []
    if proposal.returned_at or proposal.approved_at:
        return [_("This proposal is decided already.")]
    if Role.APPROVER not in roles_on(user, dossier.partner):
        reasons.append(_("Your role does not allow this step; another colleague has to take it."))
    if proposal.proposed_by_id == user.pk:
        reasons.append(_("You proposed this decision: another person has to take the second look."))
    if Finding.objects.filter(dossier=dossier, author=user).exists():
        reasons.append(_("You wrote a finding of this dossier: another person has to take the second look."))
    if declaration_of(dossier, user, has_link=True):
        reasons.append(_("You declared a link with this organisation: a colleague has to take over."))
    if getattr(proposal.replaces, "replaced_by", None):
        reasons.append(_("A newer decision replaces this one already."))
    if proposal.outcome in IN_FAVOUR:
        reasons += _against_matches(dossier.partner, items_with(dossier, proposal.changed_findings))
    if proposal.kind == ProposalKind.REVIEW and hearing_of(proposal.replaces) is None:
        reasons.append(_("The review was closed meanwhile."))
    return reasons


def against_returning_replacement(proposal, user, reason):
    """The second person may send it back, with a reason."""
    reasons = against_approving_replacement(proposal, user)
    if not reason.strip():
        reasons.append(_("Say why, in one sentence."))
    return reasons
