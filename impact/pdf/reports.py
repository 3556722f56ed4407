"""The impact report of one accepted version."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from ace_partners.core.pdf import render_pdf
from ace_partners.core.qr import qr_path
from impact.figures.papers import ReportFacts


def report_paper(facts: ReportFacts):
    """PDF bytes. Raises core.pdf.PdfError, and RuntimeError inside a transaction."""
    with override("fr"):
        title = _("Impact report %(period)s, %(partner)s") % {"period": facts.period, "partner": facts.partner}
        description = _("Accepted results and spending of one project in one period")
    path, side = qr_path(facts.address)
    return render_pdf(
        "impact/pdf/report.html",
        {"facts": facts, "qr_path": path, "qr_side": side},
        title=title,
        reference=facts.receipt_number,
        description=description,
    )
