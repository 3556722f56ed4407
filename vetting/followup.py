"""One organisation after its approval, read once: for ACE everything on one page, for the organisation its own part."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from partners.models import Partner
from partners.rules import roles_on
from vetting import holds, phrases
from vetting.models import Flag, FlagStatus, Hold, TriggerDismissal, Visit
from vetting.offcycle import Trigger, open_triggers
from vetting.regulatory import Regulation, regulations, sites_of
from vetting.rules import flags as flag_rules
from vetting.rules import following as rules
from vetting.rules import holds as hold_rules
from vetting.rules import visits as visit_rules

LAST = 10  # newest rows shown of what is over
FLAG_TONES = {
    FlagStatus.RAISED: "watch",
    FlagStatus.NOTIFIED: "progress",
    FlagStatus.ANSWERED: "progress",
    FlagStatus.NO_ANSWER: "watch",
    FlagStatus.SUBSTANTIATED: "bad",
    FlagStatus.NOT_SUBSTANTIATED: "neutral",
    FlagStatus.RESOLVED: "good",
}


@dataclass(frozen=True)
class ShownHold:
    """One open hold, put or computed, and what ends it. `row` is the Hold that a person put, else None."""

    kind: str
    sentence: str
    since: date
    ending: str
    row: Hold | None


@dataclass(frozen=True)
class ShownFlag:
    row: Flag
    tone: str
    to_tell: bool
    silent: bool
    reply_late: bool


@dataclass(frozen=True)
class Following:
    """What ACE reads of one organisation; `may_…`: whether this reader has the role for it."""

    partner: Partner
    holds: tuple[ShownHold, ...]
    past_holds: tuple[Hold, ...]
    triggers: tuple[Trigger, ...]
    dismissed: tuple[TriggerDismissal, ...]
    flags: tuple[ShownFlag, ...]
    visits: tuple[Visit, ...]
    regulations: tuple[Regulation, ...]
    may_set_hold: bool
    may_lift_hold: bool
    may_dismiss: bool
    may_raise: bool
    may_visit: bool
    may_record: bool


@dataclass(frozen=True)
class OwnFollowing:
    """What an organisation reads of itself: its holds, the flags it was told of, its regulatory status."""

    partner: Partner
    holds: tuple[ShownHold, ...]
    past_holds: tuple[Hold, ...]
    flags: tuple[ShownFlag, ...]
    regulations: tuple[Regulation, ...]


def read_following(partner, user, late_reports=()):
    """Following of `partner` for one of ACE's readers; as many queries for one row of each kind as for many."""
    roles = roles_on(user, partner)
    return Following(
        partner=partner,
        holds=shown_holds(partner),
        past_holds=_past_holds(partner, user),
        triggers=open_triggers(partner, late_reports),
        dismissed=tuple(partner.dismissed_triggers.select_related("by").order_by("-at", "-pk")[:LAST]),
        flags=shown_flags(Flag.objects.visible_to(user).filter(partner=partner).select_related("raised_by")),
        visits=tuple(Visit.objects.visible_to(user).filter(partner=partner).select_related("place")),
        regulations=regulations(partner, sites_of(partner)),
        may_set_hold=bool(roles & hold_rules.SETTING),
        may_lift_hold=bool(roles & hold_rules.LIFTING),
        may_dismiss=bool(roles & rules.DISMISSING),
        may_raise=bool(roles & flag_rules.RAISING),
        may_visit=bool(roles & visit_rules.VISITING),
        may_record=bool(roles & rules.RECORDING),
    )


def read_own_following(partner, user):
    """OwnFollowing of `partner` for one of those who act for it."""
    return OwnFollowing(
        partner=partner,
        holds=shown_holds(partner),
        past_holds=_past_holds(partner, user),
        flags=shown_flags(Flag.objects.visible_to(user).filter(partner=partner)),
        regulations=regulations(partner, sites_of(partner)),
    )


def shown_flags(flags):
    return tuple(shown_flag(flag) for flag in flags)


def shown_flag(flag):
    """A flag with what has to be done about it; no query."""
    tone = FLAG_TONES[flag.status]
    return ShownFlag(
        row=flag,
        tone="good" if flag.tone == "positive" and tone == "bad" else tone,
        to_tell=flag_rules.is_to_tell(flag),
        silent=flag_rules.is_silent(flag),
        reply_late=flag_rules.is_reply_late(flag),
    )


def shown_holds(partner):
    """Everything that stops a payment now, with what ends it."""
    found = holds.open_holds(partner)
    return tuple(
        ShownHold(each.kind, each.sentence, each.since, _ending(each), each.row if each.kind == holds.PUT else None)
        for each in found
    )


def _past_holds(partner, user):
    over = Hold.objects.visible_to(user).filter(partner=partner).exclude(pk__in=Hold.objects.open().values("pk"))
    return tuple(over.select_related("lifted_by")[:LAST])


def _ending(hold):
    """What ends a hold, in one sentence."""
    if hold.kind == holds.EXPIRED_PAPER:
        return _("It ends when ACE accepts a valid paper in its place.")
    if hold.kind == holds.OPEN_HIT:
        return _("It ends when two people of ACE have cleared the resemblance.")
    if hold.kind == holds.MISSED_CONDITION:
        return _("It ends when ACE validates the evidence for this step, or gives a later day.")
    if hold.row.measure_id is not None:
        return _("It ends with the measure that lifts the suspension.")
    if hold.row.ends_on is not None:
        return _("It ends on %(day)s, or before, when the direction lifts it.") % {"day": phrases.day(hold.row.ends_on)}
    return _("It ends when the direction lifts it.")
