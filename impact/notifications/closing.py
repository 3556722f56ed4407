"""The mails about dates, reopenings, and the reports of a quarter that are not in.

A mail carries no figure and no right: it says what is asked and leads to a page that asks for a sign-in.
"""

from dataclasses import dataclass

from django.urls import reverse

from ace_partners.core import mail
from ace_partners.core.rights import Role
from partners.models import Partner
from vetting.notifications.people import colleagues, members, members_of

QUARTER = "impact/email/quarter_reminder"


def report_extended(report, *, by):
    """To those who write the organisation's reports: the date has moved, and why."""
    mail.queue(
        "impact/email/report_extended",
        to=members(report.partner),
        context={"report": report, "path": reverse("impact_space:report", args=[report.pk])},
        dedupe=f"report-{report.pk}-extended-{report.extended_until:%Y%m%d}",
        by=by,
        topic=f"report-{report.pk}",
    )


def reopening_proposed(reopening, *, by):
    """To the direction, without those who belong to the organisation: a second person is needed."""
    mail.queue(
        "impact/email/reopening_proposed",
        to=colleagues(Role.APPROVER, reopening.report.partner, but=[by]),
        context=_of(reopening, reverse("impact:reopening", args=[reopening.pk])),
        dedupe=f"reopening-{reopening.pk}",
        by=by,
        topic=f"reopening-{reopening.pk}",
    )


def report_reopened(reopening, *, by):
    """To the organisation: its accepted report is open again."""
    report = reopening.report
    mail.queue(
        "impact/email/report_reopened",
        to=members(report.partner),
        context=_of(reopening, reverse("impact_space:report", args=[report.pk])),
        dedupe=f"reopening-{reopening.pk}-approved",
        by=by,
        topic=f"report-{report.pk}",
    )


def reopening_refused(reopening, *, by, reason):
    """To the officer who proposed it; the organisation was not told of the proposal."""
    mail.queue(
        "impact/email/reopening_refused",
        to=[reopening.proposed_by],
        context=_of(reopening, reverse("impact:review", args=[reopening.report_id])) | {"reason": reason},
        dedupe=f"reopening-{reopening.pk}-refused",
        by=by,
    )


def _of(reopening, path):
    return {"reopening": reopening, "report": reopening.report, "version": reopening.version, "path": path}


# --- reminders --------------------------------------------------------------------------------------------------


def quarter_reminder(quarter, reports, *, by, today):
    """One mail to each of an organisation's people about all its reports of a quarter that are not in; once a day.

    A newer one replaces an older one that has not left. Returns the rows made.
    """
    partner = reports[0].partner
    return mail.queue(
        QUARTER,
        to=members(partner),
        context=_reminding(quarter, reports),
        dedupe=f"quarter-{quarter.year}-{quarter.number}-{partner.pk}-{today:%Y%m%d}",
        by=by,
        topic=f"quarter-{quarter.year}-{quarter.number}-{partner.pk}",
    )


def _reminding(quarter, reports):
    return {"quarter": quarter, "reports": reports, "partner": reports[0].partner, "path": reverse("desk:space")}


@dataclass(frozen=True)
class Preview:
    """The mail that one organisation would get: to how many people, and its words to the first of them."""

    partner: Partner
    reports: tuple
    recipients: int
    subject: str
    body: str


def preview_quarter(quarter, groups):
    """A Preview for each list of reports of one organisation; one query for all their people, nothing is written."""
    people = members_of([reports[0].partner_id for reports in groups])
    return [_preview(quarter, reports, people[reports[0].partner_id]) for reports in groups]


def _preview(quarter, reports, people):
    subject, body = mail.written(QUARTER, people[0], _reminding(quarter, reports)) if people else ("", "")
    return Preview(reports[0].partner, tuple(reports), len(people), subject, body)


def reports_due(partner, reports, *, dedupe, late):
    """To the organisation's people: the reports that are due soon or late, in one mail. Returns the rows made.

    `reports` are `reminders.DueReport`s, the most urgent first.
    """
    return mail.queue(
        "impact/email/reports_due",
        to=members(partner),
        context={"partner": partner, "due": reports, "late": late, "path": reverse("desk:space")},
        dedupe=dedupe,
    )
