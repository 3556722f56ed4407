"""Flags: who raises, tells, answers and closes one, and the right of reply before a flag has any effect.

Reasons against; [] means yes. The one exception to telling first is recorded with a reason and an end (issue 3, point
8): a child, an adult at risk or an inquiry into an accident would be put in danger.
"""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ace_partners.core.machine import Machine, Move, against_role
from ace_partners.core.rights import Role
from partners.rules import roles_on
from vetting import phrases
from vetting.models import FlagCategory, FlagSeverity, FlagStatus, FlagTone

RAISING = frozenset({Role.REVIEWER, Role.ME_OFFICER})  # design §6
CLOSING = frozenset({Role.APPROVER})
REPLYING = frozenset({Role.SIGNATORY})
SILENT_CATEGORIES = frozenset({FlagCategory.SAFEGUARDING, FlagCategory.ACCIDENT})
LONGEST_SILENCE = 90  # days: an exception that does not end would be the secret flag that we do without
CLOSING_MOVES = ("substantiate", "not_substantiate", "resolve")

FLAG = Machine(
    noun="flag",
    states=FlagStatus,
    initial=FlagStatus.RAISED,
    moves=(
        Move("notify", (FlagStatus.RAISED,), FlagStatus.NOTIFIED, RAISING, gettext_lazy("Tell the organisation")),
        Move(
            "answer",
            (FlagStatus.NOTIFIED, FlagStatus.NO_ANSWER),
            FlagStatus.ANSWERED,
            REPLYING,
            gettext_lazy("Send our reply"),
        ),
        Move(
            "lapse",
            (FlagStatus.NOTIFIED,),
            FlagStatus.NO_ANSWER,
            RAISING | CLOSING,
            gettext_lazy("Note that no reply came in time"),
        ),
        Move(
            "substantiate",
            (FlagStatus.RAISED, FlagStatus.ANSWERED, FlagStatus.NO_ANSWER),
            FlagStatus.SUBSTANTIATED,
            CLOSING,
            gettext_lazy("The flag is substantiated"),
            needs_reason=True,
        ),
        Move(
            "not_substantiate",
            (FlagStatus.RAISED, FlagStatus.ANSWERED, FlagStatus.NO_ANSWER),
            FlagStatus.NOT_SUBSTANTIATED,
            CLOSING,
            gettext_lazy("The flag is not substantiated"),
            needs_reason=True,
        ),
        Move(
            "resolve",
            (
                FlagStatus.RAISED,
                FlagStatus.NOTIFIED,
                FlagStatus.ANSWERED,
                FlagStatus.NO_ANSWER,
                FlagStatus.SUBSTANTIATED,
            ),
            FlagStatus.RESOLVED,
            CLOSING,
            gettext_lazy("The matter is settled"),
            needs_reason=True,
        ),
    ),
)


# --- raising -----------------------------------------------------------------------------------------------------


def against_raising(partner, user):
    """Officers raise flags; whoever belongs to the organisation does not."""
    if roles_on(user, partner) & RAISING:
        return []
    return [_("Only a due-diligence officer or a monitoring officer raises a flag.")]


def against_flag(*, category, tone, severity, text, silent_reason="", silent_until=None, today=None):
    """What is wrong with a flag as it is written."""
    reasons = []
    if not text.strip():
        reasons.append(_("Say what was observed, in words for the organisation."))
    if tone == FlagTone.POSITIVE and severity != FlagSeverity.INFO:
        reasons.append(_("An observation in favour is for information: it has no other severity."))
    if silent_reason.strip() or silent_until:
        reasons += _against_silence(category, tone, silent_reason, silent_until, today or timezone.localdate())
    return reasons


def _against_silence(category, tone, reason, until, today):
    reasons = []
    if category not in SILENT_CATEGORIES or tone != FlagTone.CONCERN:
        reasons.append(
            _(
                "Only a concern about protection, or an accident under inquiry, may be kept from the organisation for a time."
            )
        )
    if not reason.strip():
        reasons.append(_("Say why the organisation is not told yet."))
    if until is None or until <= today:
        reasons.append(_("Say until which day the organisation is not told; that day is after today."))
    elif until > today + timedelta(days=LONGEST_SILENCE):
        latest = phrases.day(today + timedelta(days=LONGEST_SILENCE))
        reasons.append(_("The organisation is told on %(day)s at the latest.") % {"day": latest})
    return reasons


def is_silent(flag, today=None):
    """The recorded exception holds today: the organisation has not been told, and need not be yet."""
    today = today or timezone.localdate()
    return flag.notified_at is None and flag.silent_until is not None and flag.silent_until >= today


def is_to_tell(flag, today=None):
    """The organisation has still to be told: nothing is kept back, or the exception is over. What came to nothing is not told."""
    told_or_over = flag.notified_at is not None or is_silent(flag, today)
    return not told_or_over and flag.status in (FlagStatus.RAISED, FlagStatus.SUBSTANTIATED)


def is_reply_late(flag, today=None):
    """The organisation was asked, its day is past, and nobody noted it yet."""
    today = today or timezone.localdate()
    return flag.status == FlagStatus.NOTIFIED and flag.reply_due_on < today


# --- moving ------------------------------------------------------------------------------------------------------


def against_moving_flag(flag, move, by):
    """Every step begins with the role; closing is for somebody else than the one who raised the flag."""
    reasons = against_role(move, roles_on(by, flag.partner))
    if move.name in CLOSING_MOVES and flag.raised_by_id == by.pk:
        reasons.append(_("You raised this flag: another person has to close it."))
    if move.name == "lapse" and not is_reply_late(flag):
        day = phrases.day(flag.reply_due_on)
        reasons.append(_("The organisation can reply until %(day)s: wait for that day.") % {"day": day})
    if move.name == "substantiate" and flag.status == FlagStatus.RAISED and not is_silent(flag):
        reasons.append(_("The organisation has not been heard: tell it first, and wait for its reply."))
    if move.name == "resolve" and flag.status == FlagStatus.SUBSTANTIATED and flag.notified_at is None:
        reasons.append(_("The organisation does not know of this flag yet: tell it before the matter is settled."))
    return reasons


def against_stepping(flag, name, by):
    """`against_moving_flag` for a page that wants to show a button: a closed source state is a reason too."""
    move = FLAG[name]
    if flag.status not in move.sources:
        return [_("This step is not open: the flag is “%(state)s”.") % {"state": flag.get_status_display()}]
    return against_moving_flag(flag, move, by)


def against_telling(flag, by):
    """Telling the organisation: the step of the machine, or, after the exception, of what was substantiated in silence."""
    if flag.status == FlagStatus.SUBSTANTIATED and flag.notified_at is None:
        return against_role(FLAG["notify"], roles_on(by, flag.partner))
    return against_stepping(flag, "notify", by)


def against_replying(flag, by, reply=None):
    """One reply, by a signatory: while it is asked for, and still after a conclusion that was reached without it."""
    reasons = against_role(FLAG["answer"], roles_on(by, flag.partner))
    if flag.notified_at is None:
        reasons.append(_("Nothing is asked about this flag."))
    elif flag.reply:
        reasons.append(_("Your organisation has replied already; the reply stays with the flag."))
    elif flag.status not in (*FLAG["answer"].sources, FlagStatus.SUBSTANTIATED):
        reasons.append(_("This flag is closed, and nothing is held against your organisation."))
    if reply is not None and not reply.strip():
        reasons.append(_("Write your reply."))
    return reasons
