"""The mails of due diligence: one function per event, each a row of the outbox in the caller's transaction."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from ace_partners.core.mail import queue
from ace_partners.core.models import User
from ace_partners.core.rights import EDITING_ROLES, Role
from partners.models import Membership


def members(partner, roles=EDITING_ROLES):
    """The active accounts that hold one of `roles` in the organisation today."""
    today = timezone.localdate()
    live = Membership.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today), starts_on__lte=today, partner=partner, role__in=roles
    )
    return User.objects.filter(is_active=True, pk__in=live.values("user")).order_by("pk")


def colleagues(role, partner, *, but=()):
    """The active accounts with this ACE role that do not belong to the organisation."""
    inside = members(partner, [Role.VIEWER, *EDITING_ROLES]).values("pk")
    people = User.objects.filter(is_active=True, ace_roles__role=role).exclude(pk__in=inside)
    return people.exclude(pk__in=[user.pk for user in but]).order_by("pk")


def _link(name, *args):
    return settings.SITE_URL + reverse(name, args=args)


def dossier_opened(dossier, *, by):
    context = {
        "dossier": dossier,
        "partner": dossier.partner,
        "count": dossier.answers.count(),
        "link": _link("vetting_space:dossier", dossier.pk),
    }
    dedupe = f"dossier-opened-{dossier.pk}"
    queue("vetting/email/dossier_opened", to=members(dossier.partner), context=context, dedupe=dedupe, by=by)


def dossier_submitted(version, *, by):
    """A receipt to the organisation, and the next case to its examiner, or to all while nobody has taken it."""
    dossier = version.dossier
    facts = {"dossier": dossier, "partner": dossier.partner, "version": version}
    receipt = {**facts, "link": _link("vetting_space:receipt", dossier.pk, version.number)}
    key = f"{dossier.pk}-{version.number}"
    queue(
        "vetting/email/dossier_receipt",
        to=members(dossier.partner),
        context=receipt,
        dedupe=f"dossier-receipt-{key}",
        by=by,
    )
    examiners = [dossier.assigned_to] if dossier.assigned_to else colleagues(Role.REVIEWER, dossier.partner, but=[by])
    work = {**facts, "link": _link("vetting:assessment", dossier.pk)}
    queue("vetting/email/dossier_submitted", to=examiners, context=work, dedupe=f"dossier-submitted-{key}", by=by)


def changes_requested(dossier, requests, *, by):
    context = {
        "dossier": dossier,
        "partner": dossier.partner,
        "requests": requests,
        "link": _link("vetting_space:dossier", dossier.pk),
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
    context = {"dossier": dossier, "partner": dossier.partner, "link": _link("vetting:second_look", dossier.pk)}
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
        "link": _link("vetting:assessment", dossier.pk),
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
        hold=timedelta(minutes=settings.ACE_MAIL_HOLD_MINUTES),
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
