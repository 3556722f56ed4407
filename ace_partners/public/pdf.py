"""The documents of the public: the sheet and the poster of one organisation, and the directory as filtered."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from ace_partners.core.dates import format_date
from ace_partners.core.pdf import render_pdf
from ace_partners.core.qr import qr_path
from ace_partners.public.facts import Entry, PartnerFacts
from ace_partners.public.facts.poster import PosterFacts

MOST_ENTRIES = 500


@dataclass(frozen=True)
class DirectoryFacts:
    """Entries of a directory with the filters that chose them: (label, words)."""

    entries: tuple[Entry, ...]
    chosen: tuple[tuple[str, str], ...]
    read_at: datetime


def partner_sheet(facts: PartnerFacts):
    """PDF bytes of one organisation's sheet, in the language of the page. Raises core.pdf.PdfError."""
    return _render("public/pdf/partner.html", facts, title=facts.title, description=_("Public partner sheet"))


def directory(facts: DirectoryFacts):
    """PDF bytes of a directory of at most MOST_ENTRIES organisations. Raises core.pdf.PdfError."""
    title = _("Directory of local partners")
    return _render("public/pdf/directory.html", facts, title=title, description=title)


def poster(facts: PosterFacts):
    """PDF bytes of one organisation's sheet for a village board, always in French. Raises core.pdf.PdfError."""
    path, side = qr_path(facts.page_url)
    with override("fr"):
        description = _("Accepted results on one sheet, %(size)s") % {"size": facts.size}
    context = {"facts": facts, "qr_path": path, "qr_side": side}
    return render_pdf("public/pdf/poster.html", context, title=facts.name, description=description)


def _render(template, facts, **about):
    lang = get_language() or settings.LANGUAGE_CODE
    reference = _("as of %(date)s") % {"date": format_date(facts.read_at, lang)}
    context = {"facts": facts, "site_url": settings.SITE_URL}
    return render_pdf(template, context, lang=lang, reference=reference, **about)
