"""Holds put by people: set by an officer, lifted by the direction, each by itself. Reasons against; [] means yes."""

from django.utils import timezone
from django.utils.translation import gettext as _

from ace_partners.core.rights import Role
from partners.rules import roles_on
from vetting import phrases
from vetting.models import FlagStatus, FlagTone, HoldKind
from vetting.rules.flags import is_silent

SETTING = frozenset({Role.REVIEWER, Role.ME_OFFICER})  # design §6
LIFTING = frozenset({Role.APPROVER})
# A suspension takes two people: it comes with its measure and goes with one.
KINDS = tuple(kind for kind in HoldKind if kind != HoldKind.SUSPENSION)


def against_setting_holds(partner, user):
    """Who may put a hold on this organisation at all."""
    if roles_on(user, partner) & SETTING:
        return []
    return [_("Only a due-diligence officer or a monitoring officer sets a hold.")]


def against_hold(partner, *, kind, reason, ends_on=None, flag=None, today=None):
    """What is wrong with a hold as it is written; a flag holds nothing before the organisation could reply."""
    today = today or timezone.localdate()
    reasons = []
    if kind not in KINDS:
        reasons.append(_("A suspension takes two people: propose it as a measure."))
    if not reason.strip():
        reasons.append(_("Say why, in words for the organisation."))
    if ends_on is not None and ends_on < today:
        reasons.append(_("The hold cannot end before today."))
    if kind == HoldKind.FLAG and flag is None:
        reasons.append(_("Name the flag that this hold rests on."))
    if flag is not None:
        reasons += against_effect(flag, partner, today)
    return reasons


def against_effect(flag, partner, today=None):
    """Right of reply before effect: the flag is substantiated, or the recorded exception holds."""
    if flag.partner_id != partner.pk:
        return [_("This flag is about another organisation.")]
    if flag.tone != FlagTone.CONCERN:
        return [_("Only a concern can hold something.")]
    open_silence = flag.status == FlagStatus.RAISED and is_silent(flag, today)
    if flag.status == FlagStatus.SUBSTANTIATED or open_silence:
        return []
    return [
        _(
            "This flag has no effect yet: it holds something only once the organisation could reply and it is substantiated."
        )
    ]


def against_lifting(hold, user, today=None):
    """The direction lifts, never what it put itself; a suspension is lifted by its own measure."""
    reasons = []
    if not roles_on(user, hold.partner) & LIFTING:
        reasons.append(_("Only the direction lifts a hold."))
    if hold.set_by_id == user.pk:
        reasons.append(_("You set this hold: another person has to lift it."))
    if hold.lifted_at is not None:
        reasons.append(_("This hold is lifted already."))
    elif hold.ends_on is not None and hold.ends_on < (today or timezone.localdate()):
        reasons.append(_("This hold ended by itself on %(day)s.") % {"day": phrases.day(hold.ends_on)})
    if hold.measure_id is not None:
        reasons.append(_("This hold belongs to a suspension: it ends with the measure that lifts the suspension."))
    return reasons
