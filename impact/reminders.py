"""Reminders of reports, by the rules of `vetting.reminders`: due and not said yet, once, one mail per organisation and day.

A report is reminded of 14 and 3 days before its day, and 7 and 30 days after the last day on which it was in time. The
outbox remembers it: a key of its mails names the reports, each as `<pk>-<threshold>-<day>`, so that a report that was
given more time is reminded of anew. A night without a run loses nothing: what was reached since is said at the next.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.db import transaction

from impact.models import Report, ReportStatus
from impact.notifications import closing as notifications
from partners.models import Partner, Relationship
from vetting.notifications.people import members
from vetting.reminders import fitting, told

AHEAD = (14, 3)  # days before the day a report is due
AFTER = (7, 30)  # days after its last day in time
PREFIX = "reports-due-"


@dataclass(frozen=True)
class DueReport:
    """A report that never came, and the most urgent threshold it reached: days ahead, or below zero days late."""

    report: Report
    threshold: int

    @property
    def key(self):
        """What the outbox remembers of it: "12-14-20270430", "12-late7-20270430"."""
        threshold = f"late{-self.threshold}" if self.is_late else self.threshold
        return f"{self.report.pk}-{threshold}-{self.report.due_on:%Y%m%d}"

    @property
    def is_late(self):
        return self.threshold < 0


def threshold_reached(due_on: date, last_day: date, today: date) -> int | None:
    """The most urgent of 14, 3, -7 and -30 that was reached by `today`, or None."""
    days = {ahead: due_on - timedelta(days=ahead) for ahead in AHEAD}
    days |= {-late: last_day + timedelta(days=late) for late in AFTER}
    return min((threshold for threshold, day in days.items() if day <= today), default=None)


def due_reports(today: date):
    """A DueReport for every report that was never sent and reached a threshold, by organisation, the most urgent first."""
    reports = Report.objects.with_due_day().filter(
        status=ReportStatus.OPEN, first_submitted_at__isnull=True, due_day__lte=today + timedelta(days=max(AHEAD))
    )
    reports = reports.exclude(partner__status=Relationship.ENDED).select_related("partner", "project", "period")
    for report in reports.order_by("partner", "due_day", "pk").iterator(chunk_size=500):
        threshold = threshold_reached(report.due_on, report.last_day, today)
        if threshold is not None:
            yield DueReport(report, threshold)


def remind_reports(today: date) -> int:
    """Queue one mail per organisation about all its reports that are due or late; return the number of mails."""
    return sum(
        _remind(list(due)) for _partner, due in groupby(due_reports(today), key=lambda each: each.report.partner_id)
    )


@transaction.atomic
def _remind(due):
    partner = Partner.objects.select_for_update().get(pk=due[0].report.partner_id)
    known = told(list(members(partner)), PREFIX)
    now = fitting([each for each in due if each.key not in known], PREFIX)
    if not now:
        return 0
    dedupe = PREFIX + "+".join(each.key for each in now)
    return len(notifications.reports_due(partner, now, dedupe=dedupe, late=any(each.is_late for each in now)))
