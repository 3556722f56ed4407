"""The addresses of the kept papers and the poster, for the role × URL × object matrix."""

from django.utils import timezone

from ace_partners.core import uploads
from ace_partners.core.tests.factories import PDF_BYTES
from impact.models import Paper, PaperKind
from impact.tests.factories import AcceptanceFactory, PeriodFactory, ReportFactory, ReportVersionFactory

PUBLIC, CASE_FILE = "22222222222", "32224222424"

MATRIX: dict[str, str] = {
    **dict.fromkeys(["public:report_paper", "public:poster"], PUBLIC),
    "impact_files:report_paper": CASE_FILE,
}


def stored(by):
    return uploads.store((PDF_BYTES, uploads.PDF, "rapport.pdf"), by=by)


def addresses(people, rows):
    """An accepted report of the own organisation with its paper, kept; return URL name → arguments."""
    report = ReportFactory(period=PeriodFactory(project=rows["project"]))
    version = AcceptanceFactory(version=ReportVersionFactory(report=report)).version
    Paper.objects.create(
        kind=PaperKind.REPORT,
        version=version,
        file=stored(people["me_officer"]),
        facts_sha256="0" * 64,
        built_at=timezone.now(),
    )
    slug = rows["partner"].slug
    return {
        "public:report_paper": [slug, report.pk, version.number],
        "public:poster": [slug],
        "impact_files:report_paper": [report.pk, version.number],
    }
