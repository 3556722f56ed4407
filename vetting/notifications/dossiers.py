"""The mails of due diligence: one function per event, each a row of the outbox in the caller's transaction."""

from ace_partners.core.mail import link_to, queue, time_to_stop
from ace_partners.core.rights import Role
from vetting.notifications.people import colleagues, members


def dossier_opened(dossier, *, by):
    context = {
        "dossier": dossier,
        "partner": dossier.partner,
        "count": dossier.answers.count(),
        "link": link_to("vetting_space:dossier", dossier.pk),
    }
    dedupe = f"dossier-opened-{dossier.pk}"
    queue("vetting/email/dossier_opened", to=members(dossier.partner), context=context, dedupe=dedupe, by=by)


def dossier_submitted(version, *, by):
    """A receipt to the organisation, and the next case to its examiner, or to all while nobody has taken it."""
    dossier = version.dossier
    facts = {"dossier": dossier, "partner": dossier.partner, "version": version}
    receipt = {**facts, "link": link_to("vetting_space:receipt", dossier.pk, version.number)}
    key = f"{dossier.pk}-{version.number}"
    queue(
        "vetting/email/dossier_receipt",
        to=members(dossier.partner),
        context=receipt,
        dedupe=f"dossier-receipt-{key}",
        by=by,
    )
    examiners = [dossier.assigned_to] if dossier.assigned_to else colleagues(Role.REVIEWER, dossier.partner, but=[by])
    work = {**facts, "link": link_to("vetting:assessment", dossier.pk)}
    queue(
        "vetting/email/dossier_submitted",
        to=examiners,
        context=work,
        dedupe=f"dossier-submitted-{key}",
        by=by,
        in_digest=dossier.assigned_to is None,
    )


def changes_requested(dossier, requests, *, by):
    context = {
        "dossier": dossier,
        "partner": dossier.partner,
        "requests": requests,
        "link": link_to("vetting_space:dossier", dossier.pk),
    }
    queue(
        "vetting/email/changes_requested",
        to=members(dossier.partner),
        context=context,
        dedupe=f"dossier-requests-{dossier.pk}-{dossier.lock_version}",
        topic=f"dossier-requests-{dossier.pk}",
        by=by,
    )


def decision_proposed(proposal, *, by):
    dossier = proposal.dossier
    context = {"dossier": dossier, "partner": dossier.partner, "link": link_to("vetting:second_look", dossier.pk)}
    queue(
        "vetting/email/decision_proposed",
        to=colleagues(Role.APPROVER, dossier.partner, but=[by]),
        context=context,
        dedupe=f"decision-proposed-{proposal.pk}",
        topic=f"decision-proposed-{dossier.pk}",
        by=by,
    )


def proposal_sent_back(proposal, *, by):
    dossier = proposal.dossier
    context = {
        "dossier": dossier,
        "partner": dossier.partner,
        "reason": proposal.return_reason,
        "link": link_to("vetting:assessment", dossier.pk),
    }
    queue(
        "vetting/email/proposal_sent_back",
        to=[proposal.proposed_by],
        context=context,
        dedupe=f"proposal-sent-back-{proposal.pk}",
        by=by,
    )


def decision_released(decision, *, by):
    """The letter itself, to those who act for the organisation, after a hold in which it can still be stopped."""
    queue(
        "vetting/email/decision_released",
        to=members(decision.partner),
        context={"decision": decision},
        dedupe=f"decision-{decision.pk}",
        topic=f"decision-{decision.partner_id}",
        hold=time_to_stop(),
        by=by,
    )


def dossier_withdrawn(dossier, *, by, reason):
    context = {"dossier": dossier, "partner": dossier.partner, "reason": reason}
    people = {user.pk: user for user in members(dossier.partner)}
    if dossier.assigned_to:
        people[dossier.assigned_to_id] = dossier.assigned_to
    people.pop(by.pk, None)
    queue(
        "vetting/email/dossier_withdrawn",
        to=people.values(),
        context=context,
        dedupe=f"dossier-withdrawn-{dossier.pk}",
        by=by,
    )
