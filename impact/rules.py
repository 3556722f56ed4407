"""Who may do what to projects and reports. Every `against_…` returns the reasons against; [] means yes.

The tables: design §5 (states) and §6 (rights).
"""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from ace_partners.core.dates import format_date
from ace_partners.core.machine import Machine, Move, against_role
from ace_partners.core.rights import EDITING_ROLES, Role
from impact.models import DraftValue, ReportStatus, Target
from impact.progress import Phase
from partners.models import Membership
from partners.rules import roles_on

TEXT_KEYS = ("narrative", "difficulties", "lessons")
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
    ),
)


# --- the report's moves -----------------------------------------------------------------------------------------


def against_moving_report(report, move, by):
    """Reasons against `by` taking `move`; what a draft lacks is said only to those who may send it."""
    if reasons := against_role(move, roles_on(by, report.partner)):
        return reasons
    further = {
        "submit": _against_submitting,
        "request_changes": _against_requesting_changes,
        "accept": _against_accepting,
        "waive": _against_waiving,
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


def _against_waiving(report, by):
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
    return reasons


def against_requesting(report, by):
    """Correction requests are written while a monitoring officer examines the report."""
    reasons = []
    if Role.ME_OFFICER not in roles_on(by, report.partner):
        reasons.append(_("Only a monitoring officer can ask for corrections."))
    if report.status != ReportStatus.IN_REVIEW:
        reasons.append(_("Corrections can be asked for while the report is examined. Take it first."))
    return reasons


# --- the partner's draft ----------------------------------------------------------------------------------------

CLOSED = {
    ReportStatus.SUBMITTED: gettext_lazy(
        "This report is with ACE. It can be changed again only if ACE asks for a correction."
    ),
    ReportStatus.IN_REVIEW: gettext_lazy(
        "ACE is examining this report. It can be changed again only if ACE asks for a correction."
    ),
    ReportStatus.ACCEPTED: gettext_lazy("This report is accepted and public: it is not changed any more."),
    ReportStatus.WAIVED: gettext_lazy("ACE does not ask for this report any more."),
}


def against_writing(report, by, *keys):
    """Reasons against `by` changing one of these fields of the draft (see `CorrectionRequest.field_key`)."""
    if not roles_on(by, report.partner) & EDITING_ROLES:
        return [_("Only an editor or a signatory of the organisation writes its report.")]
    if report.status in CLOSED:
        return [str(CLOSED[report.status])]
    if report.status == ReportStatus.CHANGES_REQUESTED and not set(keys) & asked_keys(report):
        return [_("ACE did not ask about this part: only the fields it asks about can be changed now.")]
    return []


def against_writing_value(report, target, by):
    """As `against_writing`, and no value for a period that is not over (impact.md §c.1)."""
    return against_writing(report, by, value_key(target)) or against_period(report.period)


def against_spending_nothing(report, by):
    """Saying that nothing was spent while expenses are listed would give two answers."""
    if reasons := against_writing(report, by, "spending"):
        return reasons
    if report.draft_spending.exists():
        return [_("Expenses are listed: remove them first if nothing was spent in this period.")]
    return []


def against_removing_evidence(evidence, by):
    """What was sent stays: the version that ACE read must keep its files."""
    report = evidence.report
    keys = ("evidence", *([value_key(evidence.target)] if evidence.target else []))
    if reasons := against_writing(report, by, *keys):
        return reasons
    if report.last_submitted_at and evidence.added_at <= report.last_submitted_at:
        return [_("This file was sent with the report: it stays. You can add a better one beside it.")]
    return []


def against_period(period):
    """A period that is not over has no values and no report yet."""
    if period.phase(timezone.localdate()) is not Phase.OPEN:
        return []
    until = format_date(period.ends_on, get_language() or "fr")
    return [
        _("This period runs until %(date)s: its values can be given and its report sent from the day after.")
        % {"date": until}
    ]


def value_key(target):
    """The field key of a target's value."""
    return f"value-{target.pk}"


def asked_keys(report):
    """The fields that ACE has asked about and that are not answered in a new version yet."""
    return set(
        report.requests.filter(sent_at__isnull=False, answered_at__isnull=True).values_list("field_key", flat=True)
    )


def field_keys(report):
    """Every field of a report that a correction can be asked on."""
    targets = Target.objects.filter(project=report.project_id)
    return [*TEXT_KEYS, "spending", "evidence", *(value_key(target) for target in targets)]


@dataclass(frozen=True)
class Gap:
    """Something a draft lacks: its section (values, spending, narrative, corrections), the sentence, the target if any."""

    section: str
    words: str
    target_id: int | None = None


def gaps_in(report):
    """Everything that keeps the saved draft from being sent, in the order of its sections."""
    return [*_missing_values(report), *_missing_spending(report), *_missing_texts(report), *_missing_replies(report)]


def _missing_values(report):
    done = DraftValue.objects.filter(report=report).values("target")
    targets = list(Target.objects.filter(project=report.project_id).select_related("indicator"))
    if not targets:
        return [Gap("values", _("No target has been agreed for this project yet: write to ACE."))]
    answered = set(done.values_list("target", flat=True))
    words = _("%(indicator)s: give a value (zero is a value), or say why there is none.")
    return [
        Gap("values", words % {"indicator": target.indicator.name}, target.pk)
        for target in targets
        if target.pk not in answered
    ]


def _missing_spending(report):
    if report.no_spending or report.draft_spending.exists():
        return []
    return [Gap("spending", _("List the expenses of the period, or say that nothing was spent."))]


def _missing_texts(report):
    return (
        []
        if report.narrative.strip()
        else [Gap("narrative", _("Tell in a few sentences what happened in this period."))]
    )


def _missing_replies(report):
    if report.status != ReportStatus.CHANGES_REQUESTED:
        return []
    silent = report.requests.filter(sent_at__isnull=False, answered_at__isnull=True, reply="").count()
    if not silent:
        return []
    words = ngettext(
        "%(n)s correction request has no reply yet.", "%(n)s correction requests have no reply yet.", silent
    )
    return [Gap("corrections", words % {"n": silent})]


# --- projects ---------------------------------------------------------------------------------------------------


def against_managing(partner, by):
    """Agreement, budget, periods and targets are written by a monitoring officer (design §6)."""
    if Role.ME_OFFICER in roles_on(by, partner):
        return []
    return [_("Only a monitoring officer can change a project, its periods, its targets or its budget.")]


def against_adding_period(project, by, *, starts_on, ends_on):
    """Periods of one project never overlap (a trigger refuses it too) and lie within its dates."""
    reasons = against_managing(project.partner, by)
    lang = get_language() or "fr"
    clash = project.periods.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).order_by("starts_on").first()
    if clash:
        reasons.append(
            _("These dates overlap the period “%(label)s”, from %(start)s to %(end)s.")
            % {
                "label": clash.label,
                "start": format_date(clash.starts_on, lang),
                "end": format_date(clash.ends_on, lang),
            }
        )
    if starts_on < project.starts_on or ends_on > project.ends_on:
        reasons.append(
            _("A period lies within the dates of the project, from %(start)s to %(end)s.")
            % {"start": format_date(project.starts_on, lang), "end": format_date(project.ends_on, lang)}
        )
    return reasons


def against_editing_target(target, by, *, period_targets):
    """`period_targets` maps periods to their new targets: what an accepted report was read against stays."""
    reasons = against_managing(target.project.partner, by)
    was = dict(target.period_targets.values_list("period_id", "value"))
    accepted = target.project.reports.filter(status=ReportStatus.ACCEPTED).select_related("period")
    given = {period.pk: value for period, value in period_targets.items()}
    for report in accepted:
        if was.get(report.period_id) != given.get(report.period_id):
            reasons.append(
                _("The report “%(period)s” is accepted: the target of this period stays as it was.")
                % {"period": report.period.label}
            )
    return reasons
