"""Reports that have not arrived, for the triggers of due diligence, which cannot look into the room above it."""

from django.utils import timezone

from impact.models import Report, ReportStatus


def late_reports(partner, today=None):
    """(report id, days late today) of the organisation's reports that ACE still waits for; one query."""
    today = today or timezone.localdate()
    waiting = Report.objects.filter(partner=partner, status=ReportStatus.OPEN, first_submitted_at__isnull=True)
    late = ((report.pk, report.days_late(today)) for report in waiting.select_related("period"))
    return tuple((pk, days) for pk, days in late if days)
