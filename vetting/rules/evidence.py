"""What may count as evidence: other bodies' assessments, and papers that ACE accepts after a decision."""

from django.utils import timezone
from django.utils.translation import gettext as _

from ace_partners.core.rights import EDITING_ROLES, Role
from partners.models import COUNTS, Document, ValidityState
from partners.rules import roles_on
from vetting.holds import lapsed_evidence
from vetting.models import Decision
from vetting.rules.dossiers import against_answering, declaration_of

ACCEPTING_ROLES = frozenset({Role.REVIEWER, Role.APPROVER})

# --- assessments by other bodies ---------------------------------------------------------------------------------


def against_adding_assessment(partner, user):
    """Who may add a document may note what another body found."""
    if roles_on(user, partner) & (EDITING_ROLES | {Role.REVIEWER, Role.ME_OFFICER}):
        return []
    return [_("Only the organisation's editor or signatory, or ACE on its behalf, can note an assessment.")]


def assessment_problems(*, assessed_on, source, today):
    """What is wrong with an assessment as typed: form field → sentence; {} when nothing is."""
    problems = {}
    if assessed_on and assessed_on > today:
        problems["assessed_on"] = _("The date of the assessment lies in the future.")
    if not source.strip():
        problems["source"] = _("Say where ACE can check it: an address, a reference number, or whom to ask.")
    return problems


def against_assessment(partner, user, *, assessed_on, source, document):
    """`against_adding_assessment`, what is wrong with the facts, and a document that is somebody else's."""
    facts = assessment_problems(assessed_on=assessed_on, source=source, today=timezone.localdate())
    reasons = [*against_adding_assessment(partner, user), *facts.values()]
    if document is not None and document.partner_id != partner.pk:
        reasons.append(_("A document of another organisation cannot serve as evidence."))
    return reasons


def against_referring(dossier, item, assessment, user):
    """Whoever may change the answer may lean it on an assessment of the same organisation."""
    reasons = against_answering(dossier, user, item)
    if assessment.partner_id != dossier.partner_id:
        reasons.append(_("An assessment of another organisation cannot serve as evidence."))
    return reasons


# --- papers accepted after a decision ----------------------------------------------------------------------------


def against_accepting(finding, user, today=None):
    """The due-diligence officer or the direction, for a finding in force whose key paper has lapsed."""
    dossier = finding.dossier
    reasons = []
    if not roles_on(user, dossier.partner) & ACCEPTING_ROLES:
        reasons.append(_("Only a due-diligence officer or the direction accepts a paper for a finding in force."))
    if declaration_of(dossier, user, has_link=True):
        reasons.append(_("You declared a link with this organisation: a colleague has to take over."))
    if not Decision.objects.in_force().filter(dossier=dossier).exists():
        reasons.append(_("No decision in force rests on this finding any more."))
    elif not lapsed_evidence(today or timezone.localdate()).filter(finding=finding).exists():
        reasons.append(_("No key paper of this finding has lapsed: nothing has to be replaced."))
    return reasons


def types_for(finding):
    """Codes of the document types that can carry this finding: those of its item, and those it relies on already."""
    relied_on = finding.evidence.values_list("document__type__code", flat=True)
    return {*finding.item.documents, *relied_on}


def against_relying_on(finding, document, page, today=None):
    """What is wrong with this paper for this finding, on `today`."""
    reasons = []
    if document.partner_id != finding.dossier.partner_id:
        reasons.append(_("A document of another organisation cannot serve as evidence."))
    if document.type.code not in types_for(finding):
        reasons.append(
            _("A paper of this type does not answer %(item)s. Ask for one of those that the item names.")
            % {"item": finding.item.code}
        )
    if Document.objects.filter(replaces=document).exists():
        reasons.append(_("A newer version replaces this document: choose that one."))
    if sentence := _against_validity(document.validity(today)):
        reasons.append(sentence)
    if not page.strip():
        reasons.append(_("%(item)s: name the page of the document you rely on.") % {"item": finding.item.code})
    return reasons


def _against_validity(state):
    if state in COUNTS:
        return ""
    return {
        ValidityState.EXPIRED: _("This paper has lapsed too: it cannot take the place of the other."),
        ValidityState.UNDATED: _("This paper has no date: nobody can say whether it still counts."),
        ValidityState.NOT_ACCEPTED: _("Papers of this type are no longer accepted."),
    }[state]
