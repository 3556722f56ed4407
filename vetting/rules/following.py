"""What asks for a new look, and the regulatory status: who dismisses, who records. Reasons against; [] means yes."""

from django.utils import timezone
from django.utils.translation import gettext as _

from ace_partners.core.rights import CASE_ROLES, Role
from partners.models import Partner, PlaceKind, PlaceLevel
from partners.rules import is_member, roles_on
from vetting.models import TriggerDismissal

DISMISSING = frozenset({Role.REVIEWER, Role.APPROVER})
RECORDING = CASE_ROLES


def against_dismissing(partner, user, *, trigger=None, reason=None):
    """The people who examine or decide say that a trigger needs no new dossier, and why."""
    reasons = []
    if not roles_on(user, partner) & DISMISSING:
        reasons.append(_("Only a due-diligence officer or the direction can say that no new dossier is needed."))
    if reason is not None and not reason.strip():
        reasons.append(_("Say why, in one sentence."))
    if trigger is not None and _is_dismissed(partner, trigger):
        reasons.append(_("Somebody answered this already."))
    return reasons


def _is_dismissed(partner, trigger):
    return TriggerDismissal.objects.filter(partner=partner, kind=trigger.kind, key=trigger.key).exists()


def against_recording_status(partner, user, *, place=None, source=None, effective_on=None, today=None):
    """Case officers record what the authorities say: about the organisation, or (`place`) about one of its sites."""
    reasons = []
    if not roles_on(user, partner) & RECORDING:
        reasons.append(_("Only ACE's officers and the direction record a regulatory status."))
    if place is not None:
        reasons += _against_site(partner, place, user)
    if source is not None and not source.strip():
        reasons.append(_("Name the source: the order, its number and its date, or who said so and when."))
    if effective_on is not None and effective_on > (today or timezone.localdate()):
        reasons.append(_("A status in effect from a day to come cannot be recorded yet."))
    return reasons


def _against_site(partner, place, user):
    """The site is one of the organisation's; who belongs to an organisation that works there does not speak for ACE."""
    if place.level != PlaceLevel.MINE_SITE or not partner.places.filter(place=place, kind=PlaceKind.MINE_SITE).exists():
        return [_("This place is no mine site of the organisation.")]
    there = Partner.objects.filter(places__place=place, places__kind=PlaceKind.MINE_SITE).distinct()
    if any(is_member(user, each) for each in there):
        return [_("You belong to an organisation that works on this site: a colleague has to record it.")]
    return []
