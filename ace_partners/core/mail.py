"""The outbox. `queue` writes a row in the caller's transaction; `send_due` hands rows to Django's mail backend later."""

from datetime import timedelta

from django.conf import settings
from django.core import mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from ace_partners.core import audit
from ace_partners.core.errors import refuse
from ace_partners.core.machine import Machine, Move, against_role
from ace_partners.core.models import OutgoingMail
from ace_partners.core.models.mail import MailState
from ace_partners.core.rights import Role

MAX_ATTEMPTS = 5
STUCK_AFTER = timedelta(minutes=15)


def queue(kind, *, to, context, dedupe, by=None, topic="", hold=timedelta(0)):
    """Write one row per recipient, unless it was written before, and return the rows made.

    `kind` is the template: `<kind>.subject.txt` and `<kind>.body.txt`, rendered now in each reader's language, so that
    what is previewed in the queue is what is sent. `dedupe` makes the key with the recipient. A newer mail on the same
    `topic` to the same person cancels an older unsent one. `hold` delays the release.
    """
    rows = []
    for user in to:
        key = f"{dedupe}:{user.pk}"
        if OutgoingMail.objects.filter(dedupe_key=key).exists():
            continue
        if topic:
            OutgoingMail.objects.filter(topic=topic, to_user=user, state=MailState.QUEUED).update(
                state=MailState.CANCELLED
            )
        rows.append(
            OutgoingMail.objects.create(dedupe_key=key, topic=topic, **_rendered(kind, user, context, by, hold))
        )
    return rows


def link_to(name, *args):
    """The whole address of a page, as a mail or a paper writes it."""
    return settings.SITE_URL + reverse(name, args=args)


def time_to_stop():
    """How long a mail with consequences waits in the outbox, where it can still be stopped."""
    return timedelta(minutes=settings.ACE_MAIL_HOLD_MINUTES)


def written(kind, user, context):
    """(subject, body) of a mail as `queue` would write it to this reader, in their language: what a preview shows."""
    with translation.override(user.language):
        values = {"user": user, "site_url": settings.SITE_URL, **context}
        subject = " ".join(render_to_string(f"{kind}.subject.txt", values).split())
        return subject[:200], render_to_string(f"{kind}.body.txt", values).strip() + "\n"


def _rendered(kind, user, context, by, hold):
    subject, body = written(kind, user, context)
    return {
        "kind": kind,
        "to_user": user,
        "to_address": user.email,
        "subject": subject,
        "body": body,
        "send_after": timezone.now() + hold,
        "caused_by": by,
    }


def send_due(*, now=None, limit=200):
    """Send what is due, each row claimed by compare-and-swap so that two senders never send one row; return the count."""
    now = now or timezone.now()
    _release_stuck(now)
    sent = 0
    for pk in list(_due(now).values_list("pk", flat=True)[:limit]):
        claimed = _due(now).filter(pk=pk).update(state=MailState.SENDING, claimed_at=now)
        if claimed:
            sent += _send(OutgoingMail.objects.get(pk=pk))
    return sent


def _due(now):
    return OutgoingMail.objects.filter(state=MailState.QUEUED, send_after__lte=now).order_by("pk")


def _release_stuck(now):
    """A sender that died holds rows in `sending`: whether they left is unknown, so a person decides, by retrying."""
    OutgoingMail.objects.filter(state=MailState.SENDING, claimed_at__lt=now - STUCK_AFTER).update(
        state=MailState.FAILED, error="interrupted while sending; it may have left"
    )


def _send(row):
    try:
        mail.EmailMessage(row.subject, row.body, None, [row.to_address]).send()
    except Exception as failure:  # whatever the backend raises, the queue must go on and the row must say it
        _not_sent(row, failure)
        return 0
    OutgoingMail.objects.filter(pk=row.pk).update(
        state=MailState.SENT, sent_at=timezone.now(), attempts=row.attempts + 1, error=""
    )
    return 1


def _not_sent(row, failure):
    attempts = row.attempts + 1
    again = attempts < MAX_ATTEMPTS
    OutgoingMail.objects.filter(pk=row.pk).update(
        state=MailState.QUEUED if again else MailState.FAILED,
        attempts=attempts,
        error=f"{type(failure).__name__}: {failure}"[:300],
        send_after=timezone.now() + timedelta(minutes=2**attempts),
    )


# The two steps that people take; sending itself is the sender's, by compare-and-swap.
QUEUE_ROLES = frozenset({Role.APPROVER, Role.REVIEWER, Role.ME_OFFICER})
MACHINE = Machine(
    noun="mail",
    states=MailState,
    initial=MailState.QUEUED,
    moves=(
        Move("claim", (MailState.QUEUED,), MailState.SENDING, frozenset(), _("Take for sending")),
        Move("deliver", (MailState.SENDING,), MailState.SENT, frozenset(), _("Sent")),
        Move("postpone", (MailState.SENDING,), MailState.QUEUED, frozenset(), _("Try again later")),
        Move("fail", (MailState.SENDING,), MailState.FAILED, frozenset(), _("Failed")),
        Move("cancel", (MailState.QUEUED,), MailState.CANCELLED, QUEUE_ROLES, _("Cancel this message")),
        Move("retry", (MailState.FAILED,), MailState.QUEUED, QUEUE_ROLES | {Role.ADMIN}, _("Send again")),
    ),
)


def against(row, move, user):
    """Reasons against `user` cancelling or retrying this mail; [] when nothing speaks against it."""
    return against_role(move, user.roles)


@transaction.atomic
def change(row, name, *, by):
    """Cancel or retry one mail. Returns False when its state has moved on (it was sent meanwhile).

    Raises NotAllowed when the person's role does not allow it.
    """
    move = MACHINE[name]
    refuse(against(row, move, by))
    moved = OutgoingMail.objects.filter(pk=row.pk, state__in=move.sources).update(
        state=move.target, send_after=timezone.now(), attempts=0
    )
    if moved:
        audit.record(f"mail.{name}", row, by=by, after={"state": move.target})
    return bool(moved)
