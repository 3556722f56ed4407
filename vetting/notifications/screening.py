"""The mails of screening: one function per event (see `dossiers`). They name organisations, never people."""

from django.utils import timezone

from ace_partners.core.mail import link_to, queue
from ace_partners.core.rights import Role
from vetting.notifications.people import accounts, colleagues, examiners_and_direction


def hits_found(screening, count, *, by):
    """To the officers, also to the one who pressed the button: somebody has to propose a verdict."""
    partner = screening.partner
    context = {"partner": partner, "count": count, "link": link_to("vetting:screening", screening.pk)}
    to = colleagues(Role.REVIEWER, partner)
    queue(
        "vetting/email/hits_found", to=to, context=context, dedupe=f"hits-found-{screening.pk}", by=by, in_digest=True
    )


def run_finished(*, organisations, hits, by):
    """One mail for a whole run over the network, instead of one per organisation."""
    context = {"organisations": organisations, "hits": hits, "link": link_to("vetting:hit_list")}
    to = accounts(Role.REVIEWER)
    dedupe = f"screening-run-{timezone.now().isoformat()}"
    queue(
        "vetting/email/screening_run",
        to=to,
        context=context,
        dedupe=dedupe,
        topic="screening-run",
        by=by,
        in_digest=True,
    )


def verdict_proposed(hit, *, by):
    context = {"partner": hit.partner, "link": link_to("vetting:hit", hit.pk)}
    queue(
        "vetting/email/verdict_proposed",
        to=examiners_and_direction(hit.partner, but=[by]),
        context=context,
        dedupe=f"verdict-proposed-{hit.pk}-{hit.lock_version}",
        topic=f"hit-{hit.pk}",
        by=by,
    )


def verdict_sent_back(hit, *, to, reason, by):
    context = {"partner": hit.partner, "reason": reason, "link": link_to("vetting:hit", hit.pk)}
    dedupe = f"verdict-sent-back-{hit.pk}-{hit.lock_version}"
    queue("vetting/email/verdict_sent_back", to=[to], context=context, dedupe=dedupe, by=by)


def hit_confirmed(hit, *, by):
    context = {"partner": hit.partner, "link": link_to("vetting:hit", hit.pk)}
    dedupe = f"hit-confirmed-{hit.pk}-{hit.lock_version}"
    queue(
        "vetting/email/hit_confirmed",
        to=examiners_and_direction(hit.partner, but=[by]),
        context=context,
        dedupe=dedupe,
        by=by,
    )
