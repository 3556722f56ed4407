"""The mails of what follows an approval: flags and holds, one function per event (see `dossiers`).

An internal note and the reason for not telling never enter a context: what is not there cannot be printed.
"""

from dataclasses import dataclass
from datetime import date

from ace_partners.core.mail import link_to, queue
from ace_partners.core.rights import Role
from vetting.notifications.people import colleagues, members


@dataclass(frozen=True)
class ToldFlag:
    """What a mail may say of a flag."""

    category: str
    text: str
    reply: str
    reply_due_on: date | None
    status: str
    conclusion: str


def _told(flag):
    return ToldFlag(
        str(flag.get_category_display()), flag.text, flag.reply, flag.reply_due_on, flag.status, flag.conclusion
    )


def flag_kept_back(flag, *, by):
    """To the direction, at once: somebody used the exception, and a second person has to know."""
    context = {"partner": flag.partner, "until": flag.silent_until, "link": link_to("vetting:flag", flag.pk)}
    to = colleagues(Role.APPROVER, flag.partner, but=[by])
    queue("vetting/email/flag_kept_back", to=to, context=context, dedupe=f"flag-kept-back-{flag.pk}", by=by)


def flag_told(flag, *, by):
    """To those who act for the organisation: what was observed, and until when a signatory can reply."""
    context = {"partner": flag.partner, "flag": _told(flag), "link": link_to("vetting_space:flag", flag.pk)}
    dedupe = f"flag-told-{flag.pk}"
    queue("vetting/email/flag_told", to=members(flag.partner), context=context, dedupe=dedupe, by=by)


def flag_answered(flag, *, by):
    """To who raised the flag, and to the direction, which closes it."""
    context = {"partner": flag.partner, "flag": _told(flag), "link": link_to("vetting:flag", flag.pk)}
    people = {user.pk: user for user in colleagues(Role.APPROVER, flag.partner)} | {flag.raised_by_id: flag.raised_by}
    queue("vetting/email/flag_answered", to=people.values(), context=context, dedupe=f"flag-reply-{flag.pk}", by=by)


def flag_concluded(flag, *, by):
    """To the organisation, if it knows of the flag."""
    if flag.notified_at is None:
        return
    context = {"partner": flag.partner, "flag": _told(flag), "link": link_to("vetting_space:flag", flag.pk)}
    dedupe = f"flag-concluded-{flag.pk}-{flag.lock_version}"
    queue("vetting/email/flag_concluded", to=members(flag.partner), context=context, dedupe=dedupe, by=by)


def hold_set(hold, *, by):
    """To those who act for the organisation: nothing stops it in secret."""
    context = {"partner": hold.partner, "hold": hold, "link": link_to("vetting_space:following", hold.partner.slug)}
    queue("vetting/email/hold_set", to=members(hold.partner), context=context, dedupe=f"hold-set-{hold.pk}", by=by)


def hold_lifted(hold, *, by):
    context = {"partner": hold.partner, "hold": hold, "link": link_to("vetting_space:following", hold.partner.slug)}
    dedupe = f"hold-lifted-{hold.pk}"
    queue("vetting/email/hold_lifted", to=members(hold.partner), context=context, dedupe=dedupe, by=by)
