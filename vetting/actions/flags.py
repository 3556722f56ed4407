"""A flag on its way: raised, told, answered, closed. What was said stays with it, in the words it was said in."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ace_partners.core import audit
from ace_partners.core.errors import refuse
from ace_partners.core.machine import claim_version, perform
from vetting.models import Flag, FlagStatus
from vetting.notifications import following as notifications
from vetting.rules import flags as rules


@transaction.atomic
def raise_flag(
    partner, *, by, category, tone, severity, text, note="", silent_reason="", silent_until=None
):  # fmt: skip
    """Write an observation down. Nothing reaches the organisation yet, and nothing may follow yet. Returns the Flag."""
    refuse(
        [
            *rules.against_raising(partner, by),
            *rules.against_flag(
                category=category,
                tone=tone,
                severity=severity,
                text=text,
                silent_reason=silent_reason,
                silent_until=silent_until,
            ),
        ]
    )
    flag = Flag.objects.create(
        partner=partner,
        category=category,
        tone=tone,
        severity=severity,
        text=text.strip(),
        note=note.strip(),
        silent_reason=silent_reason.strip(),
        silent_until=silent_until,
        raised_by=by,
    )
    silent = silent_until.isoformat() if silent_until else None
    facts = {"category": category, "tone": tone, "severity": severity, "silent_until": silent}
    audit.record("flag.raise", flag, by=by, after=facts)
    if silent_until:
        notifications.flag_kept_back(flag, by=by)
    return flag


@transaction.atomic
def notify_flag(flag, *, by, seen):
    """Tell the organisation, and give it `ACE_REPLY_DAYS` to reply.

    A flag substantiated under the exception keeps its state: the organisation learns of it afterwards and may still
    reply, as the exception promised.
    """
    now = timezone.now()
    changes = {"notified_at": now, "reply_due_on": timezone.localdate(now) + timedelta(days=settings.ACE_REPLY_DAYS)}
    if flag.status == FlagStatus.SUBSTANTIATED:
        flag = _write(flag, by=by, seen=seen, against=rules.against_telling(flag, by), code="flag.tell", **changes)
    else:
        flag = _move(flag, "notify", by=by, seen=seen, **changes)
    notifications.flag_told(flag, by=by)
    return flag


@transaction.atomic
def answer_flag(flag, *, by, seen, reply):
    """Keep the organisation's one reply; after a conclusion it changes no state, and stays with the flag all the same."""
    refuse(rules.against_replying(flag, by, reply))
    changes = {"reply": reply.strip(), "replied_by": by, "replied_at": timezone.now()}
    if flag.status in rules.FLAG["answer"].sources:
        flag = _move(flag, "answer", by=by, seen=seen, **changes)
    else:
        against = rules.against_replying(flag, by)
        flag = _write(flag, by=by, seen=seen, against=against, code="flag.reply", **changes)
    notifications.flag_answered(flag, by=by)
    return flag


@transaction.atomic
def lapse_flag(flag, *, by, seen):
    """Note that no reply came in time; one may still come."""
    return _move(flag, "lapse", by=by, seen=seen)


@transaction.atomic
def close_flag(flag, name, *, by, seen, conclusion):
    """Conclude: `name` is one of `rules.CLOSING_MOVES`. An earlier conclusion is kept above the new one."""
    conclusion = conclusion.strip()
    whole = "\n\n".join(filter(None, [flag.conclusion, conclusion]))
    changes = {"conclusion": whole, "closed_by": by, "closed_at": timezone.now()}
    flag = _move(flag, name, by=by, seen=seen, reason=conclusion, **changes)
    notifications.flag_concluded(flag, by=by)
    return flag


def _move(flag, name, *, by, seen, reason="", **changes):
    against = rules.against_moving_flag
    return perform(rules.FLAG, flag, name, by=by, seen=seen, against=against, reason=reason, **changes)


def _write(flag, *, by, seen, against, code, **changes):
    """Write fields of a flag whose state stays, under its version."""
    refuse(against)
    flag = claim_version(flag, seen=seen)
    for name, value in changes.items():
        setattr(flag, name, value)
    flag.save(update_fields=list(changes))
    audit.record(code, flag, by=by)
    return flag
