"""Who may take which step with a report. Every `against_…` returns the reasons against; [] means yes.

The tables: design §5 (states) and §6 (rights).
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ace_partners.core.machine import Machine, Move, against_role
from ace_partners.core.rights import Role
from impact.models import ReopeningStatus, ReportStatus
from impact.rules.drafts import against_period, gaps_in
from partners.models import Membership
from partners.rules import roles_on

REVIEW_DAYS = 15  # within so many days ACE answers a report

REPORT = Machine(
    noun="report",
    states=ReportStatus,
    initial=ReportStatus.OPEN,
    moves=(
        Move(
            "submit",
            (ReportStatus.OPEN, ReportStatus.CHANGES_REQUESTED),
            ReportStatus.SUBMITTED,
            frozenset({Role.SIGNATORY}),
            gettext_lazy("Send the report"),
        ),
        Move(
            "take",
            (ReportStatus.SUBMITTED,),
            ReportStatus.IN_REVIEW,
            frozenset({Role.ME_OFFICER}),
            gettext_lazy("Examine this report"),
        ),
        Move(
            "request_changes",
            (ReportStatus.IN_REVIEW,),
            ReportStatus.CHANGES_REQUESTED,
            frozenset({Role.ME_OFFICER}),
            gettext_lazy("Send the correction requests"),
        ),
        Move(
            "accept",
            (ReportStatus.IN_REVIEW,),
            ReportStatus.ACCEPTED,
            frozenset({Role.ME_OFFICER}),
            gettext_lazy("Accept the report"),
        ),
        Move(
            "waive",
            (ReportStatus.OPEN,),
            ReportStatus.WAIVED,
            frozenset({Role.APPROVER}),
            gettext_lazy("Approve: this report is not asked for"),
        ),
        # Taken by `actions.approve_reopening` alone: the rule asks for its approved row.
        Move(
            "reopen",
            (ReportStatus.ACCEPTED,),
            ReportStatus.OPEN,
            frozenset({Role.APPROVER}),
            gettext_lazy("Reopen the report"),
        ),
    ),
)


def against_moving_report(report, move, by):
    """Reasons against `by` taking `move`; what a draft lacks is said only to those who may send it."""
    if reasons := against_role(move, roles_on(by, report.partner)):
        return reasons
    further = {
        "submit": _against_submitting,
        "request_changes": _against_requesting_changes,
        "accept": _against_accepting,
        "waive": _against_waiving,
        "reopen": _against_reopening,
    }.get(move.name)
    return further(report, by) if further else []


def _against_submitting(report, by):
    return [*against_period(report.period), *(gap.words for gap in gaps_in(report))]


def _against_requesting_changes(report, by):
    if report.requests.filter(sent_at__isnull=True).exists():
        return []
    return [_("Write at least one correction request first: the partner sees only the fields you ask about.")]


def _against_accepting(report, by):
    """Only ACE accepts, and never somebody who belongs or belonged to the organisation, or who sent the report."""
    reasons = []
    if Membership.objects.filter(user=by, partner=report.partner).exists():
        reasons.append(_("You belong or belonged to this organisation: a colleague has to accept its report."))
    elif report.versions.filter(submitted_by=by).exists():
        reasons.append(_("You sent this report yourself: a colleague has to accept it."))
    if report.requests.filter(sent_at__isnull=True).exists():
        reasons.append(_("Correction requests are written but not sent: send them, or remove them, before accepting."))
    return reasons


def _against_reopening(report, by):
    if report.reopenings.filter(status=ReopeningStatus.APPROVED, version=report.accepted_version_id).exists():
        return []
    return [_("A monitoring officer has to propose the reopening, and another person to approve it.")]


def _against_waiving(report, by):
    if report.accepted_version_id is not None:
        return [_("This report was accepted once: it cannot be waived.")]
    if report.waiver_proposed_by_id is None:
        return [_("A monitoring officer has to propose the waiver first, and say why.")]
    if report.waiver_proposed_by_id == by.pk:
        return [_("You proposed this waiver: another person has to approve it.")]
    return []


def against_proposing_waiver(report, by):
    """A monitoring officer proposes, while nothing has been sent."""
    reasons = []
    if Role.ME_OFFICER not in roles_on(by, report.partner):
        reasons.append(_("Only a monitoring officer can propose to waive a report."))
    if report.status != ReportStatus.OPEN:
        reasons.append(_("Only a report that has not been sent can be waived."))
    elif report.accepted_version_id is not None:
        reasons.append(_("This report was accepted once: it cannot be waived."))
    return reasons


def against_requesting(report, by):
    """Correction requests are written while a monitoring officer examines the report."""
    reasons = []
    if Role.ME_OFFICER not in roles_on(by, report.partner):
        reasons.append(_("Only a monitoring officer can ask for corrections."))
    if report.status != ReportStatus.IN_REVIEW:
        reasons.append(_("Corrections can be asked for while the report is examined. Take it first."))
    return reasons
