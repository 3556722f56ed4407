"""The mails of this room, one function each: rows in the outbox, written in the transaction of the change.

A mail carries no figure and no right: it says what is asked and leads to a page that asks for a sign-in.
"""

from django.urls import reverse

from ace_partners.core import mail
from ace_partners.core.rights import Role
from impact.rules import REVIEW_DAYS
from vetting.notifications.people import colleagues, members


def report_opened(report, *, by):
    """To those who write the organisation's reports: a period was added, its report is open."""
    _to_partner("report_opened", report, by=by, dedupe=f"report-opened-{report.pk}")


def report_submitted(version):
    """The receipt to the organisation, and a line to the monitoring officers."""
    report, key = version.report, f"report-{version.report_id}-v{version.number}"
    extra = {"version": version, "days": REVIEW_DAYS}
    _to_partner("report_receipt", report, by=version.submitted_by, dedupe=f"{key}-receipt", **extra)
    mail.queue(
        "impact/email/report_submitted",
        to=colleagues(Role.ME_OFFICER, report.partner),
        context={"report": report, "path": reverse("impact:review", args=[report.pk]), **extra},
        dedupe=key,
        by=version.submitted_by,
        topic=f"report-{report.pk}-to-examine",
        in_digest=True,
    )


def changes_requested(report, *, by):
    number = report.versions.count()
    asked = report.requests.filter(sent_at__isnull=False, answered_at__isnull=True).count()
    _to_partner(
        "changes_requested",
        report,
        by=by,
        dedupe=f"report-{report.pk}-v{number}-changes",
        path=reverse("impact_space:corrections", args=[report.pk]),
        asked=asked,
    )


def report_accepted(report, *, by):
    _to_partner(
        "report_accepted",
        report,
        by=by,
        dedupe=f"report-{report.pk}-accepted-{report.accepted_version_id}",
        version=report.accepted_version,
    )


def report_waived(report, *, by):
    _to_partner("report_waived", report, by=by, dedupe=f"report-{report.pk}-waived")


def _to_partner(name, report, *, by, dedupe, path=None, **extra):
    """To the organisation's editors and signatories of today. A newer mail about a report replaces an unsent older one."""
    mail.queue(
        f"impact/email/{name}",
        to=members(report.partner),
        context={"report": report, "path": path or reverse("impact_space:report", args=[report.pk]), **extra},
        dedupe=dedupe,
        by=by,
        topic=f"report-{report.pk}",
    )
