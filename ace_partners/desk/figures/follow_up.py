"""Two more lanes of ACE's work list: what waits for a second person, and what follows a decision.

Each gathers rows of several kinds, oldest first; a handful of queries, whatever their number.
"""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from ace_partners.core.dates import local_day
from ace_partners.core.rights import CASE_ROLES, Role
from impact.models import Agreement, Disbursement, DisbursementStatus, Indicator, IndicatorStatus, Lesson, LessonStatus
from vetting.models import (
    ActionStatus,
    CapacityAction,
    Checklist,
    ChecklistStatus,
    DecisionReview,
    Flag,
    FlagStatus,
    HitStatus,
    Measure,
    MeasureStatus,
    Proposal,
    ProposalKind,
    ReviewStatus,
    ScreeningHit,
)

MOST = 20  # rows of each kind that are read
DILIGENCE = {Role.APPROVER, Role.REVIEWER}  # who reads measures and matches


def second_person(user):
    """(cards, whether the reader can act): what another proposed, of every kind that takes two people."""
    rows = [
        *(_measures(user) if user.roles & DILIGENCE else []),
        *_agreements(user),
        *_payments(user),
        *_replacements(user),
        *([*_checklists(user), *_indicators(user)] if Role.APPROVER in user.roles else []),
        *_lessons(user),
        *(_hits(user, HitStatus.PROPOSED) if user.roles & DILIGENCE else []),
    ]
    return rows, bool(user.roles & CASE_ROLES)


def after_decisions(user):
    """(cards, whether the reader can act): hits, reviews, flags and evidence of plans that wait for ACE."""
    rows = [*_hits(user, HitStatus.OPEN), *_reviews(user), *_flags(user), *_evidence(user)]
    return rows, bool(user.roles & {Role.REVIEWER, Role.ME_OFFICER, Role.APPROVER})


def _facts(row, partner, url, why, since, tone="watch"):
    return {
        "title": partner.name if partner else str(row),
        "partner": partner,
        "url": url,
        "why": why,
        "since": local_day(since) if since else None,
        "code": row.status,
        "label": row.get_status_display(),
        "tone": tone,
    }


def _measures(user):
    rows = Measure.objects.visible_to(user).filter(status=MeasureStatus.PROPOSED).exclude(proposed_by=user)
    for row in rows.select_related("partner").order_by("proposed_at")[:MOST]:
        why = _("A measure is proposed: %(measure)s") % {"measure": row.get_kind_display()}
        yield _facts(row, row.partner, reverse("vetting:measure", args=[row.pk]), why, row.proposed_at)


def _agreements(user):
    if Role.APPROVER not in user.roles:
        return
    rows = Agreement.objects.visible_to_team(user).waiting().select_related("project__partner")
    for row in rows.filter(Q(written_by__isnull=True) | ~Q(written_by=user)).order_by("pk")[:MOST]:
        yield {
            "title": row.project.partner.name,
            "partner": row.project.partner,
            "url": reverse("impact:agreement", args=[row.project.code]),
            "why": _("The agreement of the project “%(project)s” was written or changed") % {"project": row.project},
            "since": None,
            "code": "waiting",
            "label": _("Waits for the approval of the direction"),
            "tone": "watch",
        }


def _payments(user):
    if Role.APPROVER not in user.roles:
        return
    rows = Disbursement.objects.visible_to_team(user).filter(status=DisbursementStatus.PROPOSED)
    rows = rows.exclude(proposed_by=user).select_related("installment__agreement__project__partner")
    for row in rows.order_by("proposed_at")[:MOST]:
        project = row.installment.agreement.project
        why = _("A payment is proposed for the project “%(project)s”") % {"project": project}
        yield _facts(row, project.partner, reverse("impact:disbursement", args=[row.pk]), why, row.proposed_at)


def _replacements(user):
    if Role.APPROVER not in user.roles:
        return
    waiting = Proposal.objects.filter(returned_at__isnull=True, approved_at__isnull=True)
    rows = waiting.exclude(kind=ProposalKind.ROUND).exclude(proposed_by=user).select_related("dossier__partner")
    for row in rows.order_by("proposed_at")[:MOST]:
        yield {
            "title": row.dossier.partner.name,
            "partner": row.dossier.partner,
            "url": reverse("vetting:replacement", args=[row.pk]),
            "why": _("A decision in place of the one in force is proposed"),
            "since": local_day(row.proposed_at),
            "code": row.kind,
            "label": row.get_kind_display(),
            "tone": "watch",
        }


def _checklists(user):
    rows = Checklist.objects.visible_to(user).filter(status=ChecklistStatus.PROPOSED).exclude(proposed_by=user)
    for row in rows[:MOST]:
        url = reverse("vetting:checklist", args=[row.version])
        yield _facts(row, None, url, _("A new version of the checklist is proposed"), None)


def _indicators(user):
    rows = Indicator.objects.visible_to(user).filter(status=IndicatorStatus.PROPOSED).exclude(proposed_by=user)
    for row in rows[:MOST]:
        url = reverse("impact:indicator_publish", args=[row.code])
        yield _facts(row, None, url, _("A new version of an indicator is proposed"), None)


def _lessons(user):
    """For whoever may publish them: not their writer."""
    rows = Lesson.objects.visible_to_team(user).filter(status=LessonStatus.PROPOSED).exclude(written_by=user)
    for row in rows.select_related("partner").order_by("pk")[:MOST]:
        why = _("A lesson is proposed: %(title)s") % {"title": row.title}
        yield _facts(row, row.partner, reverse("impact:lesson", args=[row.pk]), why, None)


def _hits(user, status):
    rows = ScreeningHit.objects.visible_to(user).filter(status=status)
    if status == HitStatus.PROPOSED:
        rows = rows.exclude(proposed_by=user)
    why = _("A name resembles one on a sanctions list")
    for row in rows.select_related("partner", "screening").order_by("pk")[:MOST]:
        url = reverse("vetting:hit", args=[row.pk])
        yield _facts(row, row.partner, url, why, row.screening.screened_at, tone="bad")


def _reviews(user):
    mine = Q(status=ReviewStatus.ASKED) | Q(status=ReviewStatus.HEARING, heard_by=user)
    rows = DecisionReview.objects.visible_to(user).filter(mine).select_related("decision__partner")
    for row in rows.order_by("asked_at")[:MOST]:
        url = reverse("vetting:review", args=[row.pk])
        yield _facts(row, row.decision.partner, url, _("The organisation asks for a review"), row.asked_at)


def _flags(user):
    rows = Flag.objects.visible_to(user).filter(status__in=[FlagStatus.RAISED, FlagStatus.ANSWERED])
    for row in rows.select_related("partner").order_by("raised_at")[:MOST]:
        answered = row.status == FlagStatus.ANSWERED
        why = (
            _("The organisation answered a flag") if answered else _("A flag that the organisation was not told of yet")
        )
        url = reverse("vetting:flag", args=[row.pk])
        yield _facts(row, row.partner, url, why, row.replied_at if answered else row.raised_at)


def _evidence(user):
    rows = CapacityAction.objects.visible_to_team(user).in_force().filter(status=ActionStatus.EVIDENCE_RECEIVED)
    for row in rows.select_related("plan__partner", "item").order_by("evidence_at")[:MOST]:
        url = reverse("vetting:step", args=[row.pk])
        why = _("Evidence for step %(item)s waits to be validated") % {"item": row.item.code}
        yield _facts(row, row.plan.partner, url, why, row.evidence_at, tone="progress")
