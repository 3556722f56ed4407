"""The addresses of the kept papers and the poster, for the role × URL × object matrix."""

from django.utils import timezone

from ace_partners.core import uploads
from ace_partners.core.tests.factories import PDF_BYTES
from impact.models import Paper, PaperKind, QuarterClose
from impact.tests.factories import AcceptanceFactory, PeriodFactory, ReportFactory, ReportVersionFactory

PUBLIC, CASE_FILE, CASE_ROLES = "22222222222", "32224222424", "34444222444"

MATRIX: dict[str, str] = {
    **dict.fromkeys(["public:report_paper", "public:poster"], PUBLIC),
    "impact_files:report_paper": CASE_FILE,
    **dict.fromkeys(["public:annual_report", "public:annual_report_edition"], PUBLIC),
    **dict.fromkeys(["impact:closing_paper", "impact:annual_reports"], CASE_ROLES),
}


def stored(by):
    return uploads.store((PDF_BYTES, uploads.PDF, "rapport.pdf"), by=by)


def addresses(people, rows):
    """An accepted report of the own organisation with its paper, kept; return URL name → arguments."""
    report = ReportFactory(period=PeriodFactory(project__partner=rows["partner"]))
    version = AcceptanceFactory(version=ReportVersionFactory(report=report)).version
    Paper.objects.create(
        kind=PaperKind.REPORT,
        version=version,
        file=stored(people["me_officer"]),
        facts_sha256="0" * 64,
        built_at=timezone.now(),
    )
    closing = QuarterClose.objects.create(
        year=2024, quarter=1, versions=[], missing=[], closed_by=people["approver"], closed_at=timezone.now(), sha256=""
    )
    Paper.objects.create(
        kind=PaperKind.QUARTER,
        closing=closing,
        file=stored(people["approver"]),
        facts_sha256="0" * 64,
        built_at=timezone.now(),
    )
    Paper.objects.create(
        kind=PaperKind.YEAR, year=2025, file=stored(people["approver"]), facts_sha256="0" * 64, built_at=timezone.now()
    )
    slug = rows["partner"].slug
    return {
        "public:report_paper": [slug, report.pk, version.number],
        "public:poster": [slug],
        "impact_files:report_paper": [report.pk, version.number],
        "impact:closing_paper": [2024, 1, 1],
        "public:annual_report": [2025],
        "public:annual_report_edition": [2025, 1],
    }
