"""Who may do what to an organisation's record. Every function returns the reasons against; [] means yes."""

from django.utils.translation import gettext as _

from ace_partners.core.rights import EDITING_ROLES, PARTNER_ROLES, Role
from partners.models import Grant, Membership


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


def against_adding_document(partner, user):
    """Members who edit, and case officers on the organisation's behalf."""
    if roles_on(user, partner) & (EDITING_ROLES | {Role.REVIEWER, Role.ME_OFFICER}):
        return []
    return [_("Only the organisation's editor or signatory, or ACE on its behalf, can add a document.")]


def against_publishing_document(document, user):
    """Publishing is ACE's, and only for a type that may be public."""
    reasons = []
    if not roles_on(user, document.partner) & {Role.REVIEWER, Role.APPROVER}:
        reasons.append(_("Only a due-diligence officer or the direction can publish a document."))
    if document.type.confidentiality != "public":
        reasons.append(_("This type of document is never public."))
    return reasons


def against_editing_record(partner, user):
    """The record itself is kept by ACE's case roles; an organisation proposes changes."""
    if roles_on(user, partner) & {Role.REVIEWER, Role.APPROVER}:
        return []
    return [_("Only a due-diligence officer or the direction can change an organisation's record.")]


def against_managing_members(partner, user):
    """Accounts of ACE, or a signatory for its own organisation."""
    if roles_on(user, partner) & {Role.ADMIN, Role.SIGNATORY}:
        return []
    return [_("Only the accounts officer or a signatory of the organisation can give access.")]


def is_member(user, partner):
    """True when `user` belongs to the organisation today."""
    return bool(roles_on(user, partner) & PARTNER_ROLES)
