"""The passport: who issues, shares and revokes it, and what the check page says of it. Reasons against; [] means yes."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ace_partners.core.rights import Role
from partners.models import Relationship
from partners.rules import roles_on
from vetting.models import Passport
from vetting.standing import standing_of


class PassportState(models.TextChoices):
    """What the check page answers; computed at every reading, never stored."""

    VALID = "valid", gettext_lazy("Valid")
    EXPIRED = "expired", gettext_lazy("Expired")
    SUPERSEDED = "superseded", gettext_lazy("Superseded by a newer one")
    SUSPENDED = "suspended", gettext_lazy("Suspended for now")
    REVOKED = "revoked", gettext_lazy("Revoked")


def state_of(passport, today=None):
    """The state of a passport today. Revoked is said first, then what a newer decision or passport changed."""
    today = today or timezone.localdate()
    if getattr(passport, "revocation", None):
        return PassportState.REVOKED
    newer = Passport.objects.filter(partner=passport.partner_id, pk__gt=passport.pk).exists()
    if newer or getattr(passport.decision, "replaced_by", None):
        return PassportState.SUPERSEDED
    if standing_of(passport.partner).code == Relationship.SUSPENDED:
        return PassportState.SUSPENDED
    return PassportState.EXPIRED if passport.valid_until < today else PassportState.VALID


def against_issuing(partner, user):
    """A signatory issues it, on an approval in force (with conditions or without) that stands."""
    reasons = []
    if Role.SIGNATORY not in roles_on(user, partner):
        reasons.append(_("Only a signatory of the organisation issues its passport."))
    standing = standing_of(partner)
    if standing.code not in ("approved", "conditional"):
        words = _("A passport rests on an approval in force; the standing is “%(standing)s”.")
        reasons.append(words % {"standing": standing.label})
    return reasons


def against_revoking(passport, user):
    """A signatory of the organisation, or the direction; once."""
    reasons = []
    if not roles_on(user, passport.partner) & {Role.SIGNATORY, Role.APPROVER}:
        reasons.append(_("Only a signatory of the organisation or the direction revokes a passport."))
    if getattr(passport, "revocation", None):
        reasons.append(_("This passport is revoked already."))
    return reasons


def last_day_to_share(passport, today=None):
    """A share never outlives its passport, nor `ACE_SHARE_DAYS`."""
    today = today or timezone.localdate()
    return min(passport.valid_until, today + timedelta(days=settings.ACE_SHARE_DAYS))


def against_sharing(passport, user, ends_on=None, today=None):
    """A signatory shares a passport that stands, for some days."""
    today = today or timezone.localdate()
    reasons = []
    if Role.SIGNATORY not in roles_on(user, passport.partner):
        reasons.append(_("Only a signatory of the organisation shares its passport."))
    if state_of(passport, today) != PassportState.VALID:
        reasons.append(_("Only a valid passport is shared: issue a new one first."))
    elif ends_on and not today <= ends_on <= last_day_to_share(passport, today):
        reasons.append(_("Choose a last day between today and the end of validity, ninety days at most."))
    return reasons


def against_ending_share(share, user):
    if roles_on(user, share.passport.partner) & {Role.SIGNATORY, Role.APPROVER}:
        return []
    return [_("Only a signatory of the organisation or the direction ends a share.")]


def share_is_open(share, today=None):
    """Whether its link still opens anything: not ended, not past, and its passport not revoked."""
    today = today or timezone.localdate()
    return share.revoked_at is None and today <= share.ends_on and not getattr(share.passport, "revocation", None)
