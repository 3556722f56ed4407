"""After acceptance and around the calendar: a later deadline, reopening, closing a quarter. Reasons against; [] means yes."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from ace_partners.core.dates import format_date
from ace_partners.core.machine import Machine, Move, against_role
from ace_partners.core.rights import Role
from impact.models import ReopeningStatus, ReportStatus
from partners.models import Membership
from partners.rules import roles_on

EXTENSION_DAYS = 90  # a report is put off so many days after the calendar's own date, and no longer
CLOSERS = frozenset({Role.ME_OFFICER, Role.APPROVER})

REOPENING = Machine(
    noun="reopening",
    states=ReopeningStatus,
    initial=ReopeningStatus.PROPOSED,
    moves=(
        Move(
            "approve",
            (ReopeningStatus.PROPOSED,),
            ReopeningStatus.APPROVED,
            frozenset({Role.APPROVER}),
            gettext_lazy("Reopen the report"),
        ),
        Move(
            "refuse",
            (ReopeningStatus.PROPOSED,),
            ReopeningStatus.REFUSED,
            frozenset({Role.APPROVER}),
            gettext_lazy("Do not reopen it"),
            needs_reason=True,
        ),
    ),
)


# --- a later deadline for one organisation ----------------------------------------------------------------------


def latest_extension(report):
    """The last day that a report may be put off to."""
    return report.period.due_on + timedelta(days=EXTENSION_DAYS)


def against_extending(report, by, until=None):
    """A monitoring officer gives one organisation more time for a report that never came; `until` None asks for the page."""
    reasons = []
    if Role.ME_OFFICER not in roles_on(by, report.partner):
        reasons.append(_("Only a monitoring officer can move the date of a report."))
    if report.status != ReportStatus.OPEN or report.first_submitted_at is not None:
        reasons.append(_("Only the date of a report that was never sent can be moved."))
    latest = latest_extension(report)
    if report.last_day >= latest:
        words = _("This report can be put off until %(day)s at most, and it already is.")
        return [*reasons, words % {"day": _day(latest)}]
    return [*reasons, *(_against_day(report, until, latest) if until else [])]


def _against_day(report, until, latest):
    if until <= report.last_day:
        return [_("Choose a day after the present last day, %(day)s.") % {"day": _day(report.last_day)}]
    if until > latest:
        return [_("This report can be put off until %(day)s at most.") % {"day": _day(latest)}]
    return []


def _day(day):
    return format_date(day, get_language() or "fr")


# --- reopening --------------------------------------------------------------------------------------------------


def against_proposing_reopening(report, by):
    """A monitoring officer proposes to open an accepted report again; one proposal at a time."""
    reasons = []
    if Role.ME_OFFICER not in roles_on(by, report.partner):
        reasons.append(_("Only a monitoring officer can propose to reopen a report."))
    if report.status != ReportStatus.ACCEPTED:
        reasons.append(_("Only an accepted report can be reopened."))
    if report.reopenings.filter(status=ReopeningStatus.PROPOSED).exists():
        reasons.append(_("A reopening already waits for a second person: it is decided first."))
    return reasons


def against_moving_reopening(reopening, move, by):
    """The direction decides: never on its own proposal, never for an organisation it belongs or belonged to."""
    partner = reopening.report.partner
    reasons = against_role(move, roles_on(by, partner))
    if reopening.proposed_by_id == by.pk:
        reasons.append(_("You proposed this reopening: another person has to decide."))
    if Membership.objects.filter(user=by, partner=partner).exists():
        reasons.append(_("You belong or belonged to this organisation: a colleague has to decide."))
    return reasons


# --- closing a quarter ------------------------------------------------------------------------------------------


def against_closing_at_all(quarter, by, today=None):
    """Who closes which quarter, whatever it holds; `against_closing` asks what is new too."""
    reasons = []
    if not by.roles & CLOSERS:
        reasons.append(_("Only a monitoring officer or the direction closes a quarter."))
    if not quarter.is_over(today or timezone.localdate()):
        words = _("This quarter runs until %(day)s: it can be closed from the day after.")
        reasons.append(words % {"day": _day(quarter.ends_on)})
    return reasons


def against_closing(quarter, by, counted, missing, latest):
    """`counted` and `missing` are ids as they are now; `latest` is the closing before, or None."""
    reasons = against_closing_at_all(quarter, by)
    if not counted and not missing:
        reasons.append(_("No report was asked for in this quarter: there is nothing to close."))
    if latest is not None and (sorted(latest.versions), sorted(latest.missing)) == (sorted(counted), sorted(missing)):
        reasons.append(_("Nothing has changed since this quarter was closed."))
    return reasons


def against_reminding(by):
    """Who releases the reminders of a quarter."""
    return [] if by.roles & CLOSERS else [_("Only a monitoring officer or the direction sends these reminders.")]


def against_other_reports(waiting, seen):
    """What is released is what was previewed: `seen` are the ids of the reports that the page showed."""
    if sorted(report.pk for report in waiting) == sorted(seen):
        return []
    return [_("The reports that are missing have changed since you read this page: read the messages again.")]
