"""The annual report of the network: public figures, and everything they rest on."""

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from ace_partners.core.pdf import render_pdf
from ace_partners.core.qr import qr_path
from impact.figures.annual import AnnualFacts


def annual_paper(facts: AnnualFacts):
    """PDF bytes, in French. Raises core.pdf.PdfError."""
    with override("fr"):
        title = _("Annual report %(year)s of the network") % {"year": facts.year}
        reference = _("%(year)s, edition %(number)s") % {"year": facts.year, "number": facts.number}
        description = _("Accepted results and spending of a year, over all partners")
    address = f"{settings.SITE_URL}/resultats/?annee={facts.year}"
    path, side = qr_path(address)
    context = {"facts": facts, "address": address, "qr_path": path, "qr_side": side}
    return render_pdf("impact/pdf/annual.html", context, title=title, reference=reference, description=description)
