"""Who may take over what from the round before: the organisation its answers, the examiner the findings that hold."""

from dataclasses import replace

from django.utils.translation import gettext as _

from vetting import carrying, phrases_renewal
from vetting.models import DossierStatus, Round
from vetting.rules.dossiers import against_answering, against_finding, against_writing_findings


def against_confirming(dossier, user):
    """Those who may answer confirm an answer taken over, before the first sending."""
    reasons = against_answering(dossier, user)
    if not reasons and dossier.status != DossierStatus.COLLECTING:
        reasons.append(_("Answers are confirmed before the dossier is sent for the first time."))
    return reasons


def against_confirming_these(carried):
    """What is wrong with confirming these answers by one tap. `carried`: (item code, carrying.CarriedAnswer) pairs."""
    reasons = []
    for code, row in carried:
        if row.is_reworded:
            reasons.append(_("%(item)s was reworded: read the question again and save your answer.") % {"item": code})
        if row.lapsed:
            why = " ".join(row.lapsed)
            reasons.append(_("%(item)s needs a newer paper: %(why)s") % {"item": code, "why": why})
        if row.is_empty:
            reasons.append(_("%(item)s holds no answer to confirm.") % {"item": code})
    return reasons


def findings_to_carry(dossier):
    """`carrying.carriable_findings`, with what the rules of a finding refuse today among the open ones; or None."""
    found = carrying.carriable_findings(dossier)
    if found is None:
        return None
    reason = phrases_renewal.unchanged_since(found.decision.decided_at)
    refused = {}
    for pk, row in found.holding.items():
        facts = {"answer": row.before.answer, "reason": reason, "evidence": row.papers}
        if against := against_finding(dossier, row.item, **facts):
            refused[pk] = " ".join(against)
    holding = {pk: row for pk, row in found.holding.items() if pk not in refused}
    return replace(found, holding=holding, open=found.open | refused)


def against_carrying(dossier, user, holding):
    """The examiner takes over findings; `holding` are those that may be."""
    reasons = against_writing_findings(dossier, user)
    if not reasons and not holding:
        reasons.append(_("No finding of this criterion can be taken over as it stands."))
    return reasons


def against_refreshing(dossier, user):
    """The examiner of a renewal reads the performance again."""
    if dossier.round != Round.RENEWAL:
        return [_("Performance is read at a renewal; a first round looks at commitments.")]
    return against_writing_findings(dossier, user)
