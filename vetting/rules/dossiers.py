"""Who may do what to a dossier, and when. Every function returns the reasons against; [] means yes (design §3)."""

from functools import partial

from django.utils import timezone
from django.utils.translation import gettext as _

from ace_partners.core.machine import against_role
from ace_partners.core.rights import EDITING_ROLES, Role
from partners.models import Relationship
from partners.rules import roles_on
from vetting import carrying, phrases, scoring
from vetting.models import Checklist, Decision, DossierStatus, Finding, Round
from vetting.rules.drafts import against_draft, draft_of
from vetting.rules.machine import DOSSIER
from vetting.rules.screening import against_deciding_on, against_met
from vetting.scoring import Answer

# --- opening and answering ---------------------------------------------------------------------------------------


def against_opening(partner, user, round=Round.INITIAL):
    """A due-diligence officer opens one dossier at a time, for an organisation whose type is known."""
    reasons = []
    if Role.REVIEWER not in roles_on(user, partner):
        reasons.append(_("Only a due-diligence officer can open a dossier."))
    if not partner.organisation_type:
        reasons.append(
            _("The type of this organisation is not known, and the questions depend on it: complete its record first.")
        )
    if partner.status == Relationship.ENDED:
        reasons.append(_("The relationship with this organisation has ended: resume it before opening a dossier."))
    if partner.dossiers.open().exists():
        reasons.append(_("A dossier is already open for this organisation: finish or withdraw it first."))
    if Checklist.objects.current() is None:
        reasons.append(_("No checklist is published yet: ask the administrator to run load_reference."))
    return [*reasons, *_against_round(partner, round)]


def _against_round(partner, round):
    decision = Decision.objects.in_force().filter(partner=partner).first()
    if round == Round.RENEWAL and decision is None:
        return [_("Nothing to renew: this organisation has no decision yet. Open a first due diligence.")]
    if decision and decision.reapply_from and decision.reapply_from > timezone.localdate():
        return [
            _("This organisation was declined and may apply again from %(day)s.")
            % {"day": phrases.day(decision.reapply_from)}
        ]
    return []


def against_answering(dossier, user, item=None):
    """The organisation's editors, or ACE on their behalf, while the dossier is with the organisation.

    When ACE asked for changes, only the items asked for may change.
    """
    reasons = []
    if not roles_on(user, dossier.partner) & (EDITING_ROLES | {Role.REVIEWER}):
        reasons.append(_("Only the organisation's editor or signatory, or ACE on its behalf, can answer."))
    if not dossier.is_with_partner:
        reasons.append(_("This dossier is with ACE and cannot be changed now. To add something, write to ACE."))
    elif dossier.status == DossierStatus.CHANGES_REQUESTED and item and item.pk not in asked_back(dossier):
        reasons.append(_("ACE asks nothing about this item: only the items asked for can be changed now."))
    return reasons


def asked_back(dossier):
    """item id → the request sent to the organisation and not answered yet."""
    sent = dossier.requests.filter(sent_at__isnull=False, answered_at__isnull=True)
    return {request.item_id: request for request in sent}


def unanswered(dossier):
    """The answers still missing before the organisation can send, in checklist order (each with its `item`).

    What was taken over from the round before counts once somebody confirmed or changed it.
    """
    answers = dossier.answers.select_related("item").prefetch_related("evidence", "references")
    if dossier.status == DossierStatus.CHANGES_REQUESTED:
        asked = asked_back(dossier)
        return [row for row in answers if row.item_id in asked and not _changed_since(row, asked[row.item_id])]
    return [row for row in answers if not _says_something(row) or carrying.is_unconfirmed(row)]


def _says_something(answer):
    """A text, a document, another body's assessment, or the reason why there is none of them."""
    return bool(answer.text.strip() or answer.absence.strip() or answer.evidence.all() or answer.references.all())


def _changed_since(answer, request):
    return answer.updated_at is not None and answer.updated_at > request.sent_at


# --- moving ------------------------------------------------------------------------------------------------------


def against_moving_dossier(dossier, move, by):
    """Every step begins with the role; some ask more."""
    reasons = against_role(move, roles_on(by, dossier.partner))
    more = {
        "submit": _against_submitting,
        "take": _against_taking,
        "release": _against_releasing,
        "request_changes": _against_requesting,
        "propose": _against_proposing,
        "send_back": _against_second_look,
        "decide": _against_deciding,
    }.get(move.name)
    return [*reasons, *(more(dossier, by) if more else [])]


def against_moving(dossier, name, by):
    """`against_moving_dossier` for a page that wants to show a button: a closed source state is a reason too."""
    move = DOSSIER[name]
    if dossier.status not in move.sources:
        return [_("This step is not open: the dossier is “%(state)s”.") % {"state": dossier.get_status_display()}]
    return against_moving_dossier(dossier, move, by)


def against_once_declared(dossier, name, by):
    """`against_moving` for a page that asks for the declaration with the same button as the step itself."""
    undeclared = _against_conflict(dossier, by) if declaration_of(dossier, by) is None else []
    return [reason for reason in against_moving(dossier, name, by) if reason not in undeclared]


def _against_submitting(dossier, by):
    return [*against_changed_type(dossier), *_against_gaps(unanswered(dossier), dossier)]


def against_changed_type(dossier):
    """The questions were chosen by the type of the day it was opened; another type is asked other ones."""
    now = dossier.partner.organisation_type
    if now == dossier.organisation_type:
        return []
    words = _(
        "The organisation has changed its type since the dossier was opened (then: %(then)s; now: %(now)s):"
        " withdraw this dossier and open another one; the answers are taken over."
    )
    labels = {"then": dossier.get_organisation_type_display(), "now": dossier.partner.get_organisation_type_display()}
    return [words % labels]


def _against_gaps(missing, dossier):
    reasons = []
    if dossier.status == DossierStatus.CHANGES_REQUESTED:
        if missing:
            reasons.append(_("ACE still waits for a reply on: %(codes)s.") % {"codes": _codes(missing)})
        return reasons
    waiting = [answer for answer in missing if carrying.is_unconfirmed(answer)]
    empty = [answer for answer in missing if answer not in waiting]
    if empty:
        reasons.append(_("Answer first, in a few words or with a document: %(codes)s.") % {"codes": _codes(empty)})
    if waiting:
        words = _("Confirm or change the answers taken over from the last round: %(codes)s.")
        reasons.append(words % {"codes": _codes(waiting)})
    return reasons


def _codes(answers):
    return ", ".join(answer.item.code for answer in answers)


def _against_taking(dossier, by):
    if declaration_of(dossier, by, has_link=True):
        return [_("You declared a link with this organisation: a colleague has to examine it.")]
    return []


def _against_releasing(dossier, by):
    if Role.APPROVER in roles_on(by, dossier.partner):
        return []
    return _against_assignment(dossier, by)


def _against_requesting(dossier, by):
    reasons = against_examining(dossier, by)
    if not dossier.requests.filter(sent_at__isnull=True).exists():
        reasons.append(_("No request is written yet: write one beside the item concerned."))
    return reasons


def _against_proposing(dossier, by):
    """What has to be done before any decision can be proposed, whatever it is."""
    reasons = [*against_examining(dossier, by), *against_changed_type(dossier)]
    if codes := [request.item.code for request in unsent_requests(dossier)]:
        reasons.append(_("Send or remove the requests on: %(codes)s.") % {"codes": ", ".join(codes)})
    if codes := outdated_codes(dossier):
        reasons.append(_("The answer changed after your finding, look again: %(codes)s.") % {"codes": ", ".join(codes)})
    reasons += against_deciding_on(dossier)
    return [*reasons, *phrases.block_sentences(scoring.blocks(dossier.assessed_items()))]


def _against_second_look(dossier, by):
    """The second person declared no conflict, and neither proposed nor wrote any finding."""
    reasons = _against_conflict(dossier, by)
    proposal = dossier.open_proposal
    if proposal and proposal.proposed_by_id == by.pk:
        reasons.append(_("You proposed this decision: another person has to take the second look."))
    if Finding.objects.filter(dossier=dossier, author=by).exists():
        reasons.append(_("You wrote a finding of this dossier: another person has to take the second look."))
    return reasons


def _against_deciding(dossier, by):
    proposal = dossier.open_proposal
    if proposal is None:
        return [_("There is no proposal to approve.")]
    late = against_draft(dossier, draft_of(proposal))
    return [*_against_second_look(dossier, by), *against_deciding_on(dossier), *late]


# --- examining ---------------------------------------------------------------------------------------------------


def declaration_of(dossier, user, **more):
    """What `user` declared on this dossier, or None."""
    return dossier.declarations.filter(user=user, **more).first()


def _against_conflict(dossier, user):
    declaration = declaration_of(dossier, user)
    if declaration is None:
        return [_("First declare whether you have a link with this organisation.")]
    if declaration.has_link:
        return [_("You declared a link with this organisation: a colleague has to take over.")]
    return []


def _against_assignment(dossier, user):
    if dossier.assigned_to_id == user.pk:
        return []
    if dossier.assigned_to_id is None:
        return [_("Nobody examines this dossier yet: take it first.")]
    return [_("%(name)s examines this dossier.") % {"name": dossier.assigned_to}]


def against_examining(dossier, user):
    """The examiner is the one assigned, and declared no conflict of interest."""
    return [*_against_assignment(dossier, user), *_against_conflict(dossier, user)]


def against_declaring(dossier, user):
    """The people who examine or approve declare, once, while the dossier is open."""
    reasons = []
    if not roles_on(user, dossier.partner) & {Role.REVIEWER, Role.APPROVER}:
        reasons.append(_("Only the people who examine or approve declare their links."))
    if not dossier.is_open:
        reasons.append(_("This dossier is closed."))
    if declaration_of(dossier, user):
        reasons.append(_("You have declared already; a declaration is not changed."))
    return reasons


def against_writing_findings(dossier, user):
    """Findings and requests are written by the examiner, while the dossier is in review."""
    reasons = []
    if Role.REVIEWER not in roles_on(user, dossier.partner):
        reasons.append(_("Only a due-diligence officer writes findings."))
    if dossier.status != DossierStatus.IN_REVIEW:
        reasons.append(_("Findings are written while the dossier is in review."))
    return [*reasons, *against_examining(dossier, user)]


def against_finding(dossier, item, *, answer, reason, evidence):
    """What is wrong with one finding. `evidence`: (document, page) pairs; a document is relied on at a page."""
    reasons = []
    if not reason.strip():
        reasons.append(_("%(item)s: give your reason in a sentence.") % {"item": item.code})
    if answer == Answer.NOT_APPLICABLE and dossier.is_knock_out(item):
        reasons.append(
            _("%(item)s is a knock-out for this type of organisation: it cannot be marked not applicable.")
            % {"item": item.code}
        )
    if any(document.partner_id != dossier.partner_id for document, _page in evidence):
        reasons.append(_("A document of another organisation cannot serve as evidence."))
    if any(not page.strip() for _document, page in evidence):
        reasons.append(_("%(item)s: name the page of the document you rely on.") % {"item": item.code})
    if answer == Answer.MET:
        reasons += against_met(dossier.partner, item.code)
    return reasons


def unsent_requests(dossier):
    """Requests written and not sent yet."""
    return dossier.requests.filter(sent_at__isnull=True).select_related("item")


def outdated_codes(dossier):
    """Codes of the items whose answer changed after ACE's finding: silence about a change would look like consent."""
    latest = dossier.latest_version
    findings = dossier.findings.select_related("item", "version")
    return [finding.item.code for finding in findings if finding.is_outdated(latest)]


# --- proposing ---------------------------------------------------------------------------------------------------


def against_proposal(dossier, move, by, *, draft):
    """`against_moving_dossier`, and what is wrong with the draft once nothing else stands in its way."""
    return against_moving_dossier(dossier, move, by) or against_draft(dossier, draft)


def proposal_against(draft):
    """The rule that `perform` asks when this draft is proposed."""
    return partial(against_proposal, draft=draft)
