"""The performance of an organisation since its decision in force, from its reports: the RenewalFacts of one day."""

from collections import Counter

from django.utils import timezone

from ace_partners.core.dates import local_day
from impact.models import IndicatorValue, Report, ReportStatus, Target, ValueState
from vetting.models import Decision
from vetting.renewal import RenewalFacts

WITH_ACE = (ReportStatus.SUBMITTED, ReportStatus.IN_REVIEW)


def read_renewal(partner, today=None):
    """The RenewalFacts of `partner` on `today`, four queries.

    Counted are the reports whose last day in time lies after the decision in force and before today; a waived report is
    not due. Without a decision there is nothing to renew and every count is zero.
    """
    today = today or timezone.localdate()
    decision = Decision.objects.in_force().filter(partner=partner).first()
    since = local_day(decision.decided_at) if decision else today
    reports = _due(partner, since, today)
    # A reopened report has its accepted version in force: it counts as accepted until the next one is.
    accepted = [report for report in reports if report.accepted_version_id]
    judged = [report for report in reports if report.accepted_version_id or report.status not in WITH_ACE]
    late = [report.days_late(today) for report in reports if report.first_submitted_at and report.days_late(today)]
    in_time = sum(1 for report in reports if report.first_submitted_at and not report.days_late(today))
    agreed = Counter(Target.objects.filter(project__partner=partner).values_list("project", flat=True))
    values = _values(accepted)
    return RenewalFacts(
        as_of=today,
        since=since,
        reports_due=len(reports),
        reports_on_time=in_time,
        reports_late=tuple(sorted(late)),
        reports_missing=sum(1 for report in reports if not report.first_submitted_at),
        spending_due=len(judged),
        spending_published_on_time=sum(1 for report in accepted if not report.days_late(today)),
        spending_published_late=sum(1 for report in accepted if report.days_late(today)),
        spending_with_ace=len(reports) - len(judged),
        targets_agreed=sum(agreed[project] for project in {report.project_id for report in reports}),
        values_due=sum(_values_due(report, agreed, values) for report in judged),
        values_reported=sum(1 for states in values.values() for state in states if state == ValueState.REPORTED),
        values_no_data_reasoned=sum(
            1 for states in values.values() for state in states if state != ValueState.REPORTED
        ),
    )


def _due(partner, since, today):
    """The reports that had to be there: their last day in time has passed, after the decision."""
    rows = Report.objects.filter(partner=partner).exclude(status=ReportStatus.WAIVED).select_related("period")
    return [report for report in rows.order_by("period__due_on", "pk") if since < report.last_day < today]


def _values(reports):
    """Accepted version → the states of its values; a state without a number always has its reason (a constraint)."""
    found = {}
    versions = [report.accepted_version_id for report in reports]
    for version, state in IndicatorValue.objects.filter(version__in=versions).values_list("version", "state"):
        found.setdefault(version, []).append(state)
    return found


def _values_due(report, agreed, values):
    """An accepted report answered for the targets there were; one that is missing owes a value for each of today's."""
    if report.accepted_version_id:
        return len(values.get(report.accepted_version_id, ()))
    return agreed[report.project_id]
