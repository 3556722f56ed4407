"""Who may do what to an organisation's record. Every function returns the reasons against; [] means yes."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ace_partners.core.machine import Machine, Move, against_role
from ace_partners.core.rights import EDITING_ROLES, PARTNER_ROLES, Role
from partners.models import Confidentiality, Document, Grant, Membership, Relationship, Validity, ValidityState

# Suspending, lifting and ending take two people: `vetting.actions.measures` brings the proposal of the first.
RELATIONSHIP = Machine(
    noun="partner",
    states=Relationship,
    initial=Relationship.PROSPECT,
    moves=(
        Move(
            "apply",
            (Relationship.PROSPECT,),
            Relationship.APPLICANT,
            frozenset({Role.REVIEWER, Role.APPROVER}),
            gettext_lazy("Accept as an applicant"),
        ),
        Move(
            "activate",
            (Relationship.APPLICANT,),
            Relationship.ACTIVE,
            frozenset({Role.APPROVER}),
            gettext_lazy("Welcome into the network"),
        ),
        Move(
            "suspend",
            (Relationship.ACTIVE,),
            Relationship.SUSPENDED,
            frozenset({Role.APPROVER}),
            gettext_lazy("Suspend"),
            needs_reason=True,
        ),
        Move(
            "lift",
            (Relationship.SUSPENDED,),
            Relationship.ACTIVE,
            frozenset({Role.APPROVER}),
            gettext_lazy("Lift the suspension"),
            needs_reason=True,
        ),
        Move(
            "end",
            (Relationship.ACTIVE, Relationship.SUSPENDED),
            Relationship.ENDED,
            frozenset({Role.APPROVER}),
            gettext_lazy("End the relationship"),
            needs_reason=True,
        ),
    ),
)

RECORD_KEEPERS = frozenset({Role.REVIEWER, Role.APPROVER})


def roles_on(user, partner):
    """The role codes that `user` holds on `partner` today, as a frozenset.

    A membership displaces every ACE role on that organisation; AUDITOR counts only with a live grant (design §4, §6).
    """
    own = frozenset(Membership.objects.live(user).filter(partner=partner).values_list("role", flat=True))
    if own:
        return own
    roles = user.roles
    if Role.AUDITOR in roles and not Grant.objects.live(user).filter(partner=partner).exists():
        roles -= {Role.AUDITOR}
    return roles


def against_moving_relationship(partner, move, user):
    """The machine's own table decides; what a dossier must show first is vetting's to ask."""
    return against_role(move, roles_on(user, partner))


def against_adding_document(partner, user):
    """Members who edit, and case officers on the organisation's behalf."""
    if roles_on(user, partner) & (EDITING_ROLES | {Role.REVIEWER, Role.ME_OFFICER}):
        return []
    return [_("Only the organisation's editor or signatory, or ACE on its behalf, can add a document.")]


def dating_problems(type, issued_on, expires_on, today):  # noqa: A002
    """What is wrong with the dates of a new document: form field → sentence; {} when nothing is.

    A paper that has lapsed may be stored, it is only labelled; a paper whose rule needs a date may not come without.
    """
    problems = {}
    if issued_on and issued_on > today:
        problems["issued_on"] = _("The date of issue lies in the future: write the day that stands on the paper.")
    elif type.validity == Validity.MAX_AGE and not issued_on:
        problems["issued_on"] = _("Write the date of issue: this paper counts for %(months)s months after it.") % {
            "months": type.months
        }
    if issued_on and expires_on and expires_on < issued_on:
        problems["expires_on"] = _("The end of validity comes before the date of issue.")
    elif type.validity == Validity.PRINTED_EXPIRY and not (issued_on or expires_on):
        problems["expires_on"] = _(
            "Write the end of validity printed on the paper; if none is printed, write its date of issue."
        )
    return problems


def against_dating(type, issued_on, expires_on, today):  # noqa: A002
    """The sentences of `dating_problems`, for the action."""
    return list(dating_problems(type, issued_on, expires_on, today).values())


def warnings_about(document, today=None):
    """What a person should know who just stored this document: it is kept, but nothing can rest on it."""
    state = document.validity(today)
    if state == ValidityState.NOT_ACCEPTED:
        return [_("Papers of this type are no longer accepted: it is kept in the file, but no finding can rest on it.")]
    if state == ValidityState.EXPIRED:
        return [_("This paper has lapsed: it is kept in the file, but a valid one is still needed.")]
    return []


def against_replacing_document(document, partner):
    """Only the newest version of one of the organisation's own documents can be replaced: versions form no fork."""
    if document.partner_id != partner.pk:
        return [_("The document to replace belongs to another organisation.")]
    if Document.objects.filter(replaces=document).exists():
        return [_("This document was already replaced; replace its newest version.")]
    return []


def against_publishing_document(document, user):
    """Publishing is ACE's, and only for the newest version of a type that may be public."""
    reasons = against_unpublishing_document(document, user)
    if document.type.confidentiality != Confidentiality.PUBLIC:
        reasons.append(_("This type of document is never public."))
    if Document.objects.filter(replaces=document).exists():
        reasons.append(_("A newer version replaces this document; publish that one."))
    return reasons


def against_unpublishing_document(document, user):
    """What ACE published, ACE can take back."""
    if roles_on(user, document.partner) & RECORD_KEEPERS:
        return []
    return [_("Only a due-diligence officer or the direction can publish a document or take it back.")]


def reading_is_audited(document):
    """Every reading of a restricted file leaves an event (design §9)."""
    return document.type.confidentiality == Confidentiality.RESTRICTED


def against_adding_partner(user):
    """An organisation enters the network through those who will examine it."""
    if user.roles & RECORD_KEEPERS:
        return []
    return [_("Only a due-diligence officer or the direction can add an organisation.")]


def against_editing_record(partner, user):
    """The record itself is kept by ACE's case roles; an organisation proposes changes."""
    if roles_on(user, partner) & RECORD_KEEPERS:
        return []
    return [_("Only a due-diligence officer or the direction can change an organisation's record.")]


def against_managing_members(partner, user):
    """Accounts of ACE, or a signatory for its own organisation."""
    if roles_on(user, partner) & {Role.ADMIN, Role.SIGNATORY}:
        return []
    return [_("Only the accounts officer or a signatory of the organisation can give access.")]


def against_keeping_accesses(user, *, also=None):
    """Whoever gives accesses in the admin holds the admin role (or `also`); the organisation is asked at saving."""
    return [] if user.roles & {Role.ADMIN, also} else [_("Only the accounts officer can give access.")]


def against_granting(partner, user):
    """A right to read a private file is given and revoked by the accounts officer or the direction."""
    if roles_on(user, partner) & {Role.ADMIN, Role.APPROVER}:
        return []
    return [_("Only the accounts officer or the direction can give or revoke a right to read.")]


def against_keeping_reference(user):
    """Reference data belong to the admin role."""
    return (
        []
        if Role.ADMIN in user.roles
        else [_("Only the accounts and reference data officer can change reference data.")]
    )


def against_keeping_places(user):
    """New quarters and sites are met in the field, so an officer who examines may add them too."""
    if user.roles & {Role.ADMIN, Role.REVIEWER}:
        return []
    return [_("Only a due-diligence officer or the reference data officer can change places.")]


def is_member(user, partner):
    """True when `user` belongs to the organisation today."""
    return bool(roles_on(user, partner) & PARTNER_ROLES)
