"""Documents that are built once and kept, given back byte for byte; and the poster, made for whoever prints it."""

import logging

from django.http import Http404
from django.shortcuts import get_object_or_404

from ace_partners.core import uploads
from ace_partners.core.pdf import PdfError, pdf_response
from ace_partners.public import pdf
from ace_partners.public.answers import page, public
from ace_partners.public.facts.poster import Size, read_poster
from impact.actions import papers
from impact.figures.papers import published_versions
from impact.models import Paper, PaperKind
from partners.models import Partner

logger = logging.getLogger(__name__)


@public
def report_paper(request, slug, pk, number):
    """The impact report of one accepted version, also of one that a later version replaced."""
    version = get_object_or_404(published_versions(), report__partner__slug=slug, report=pk, number=number)
    name = f"rapport-{slug}-{version.receipt_number}.pdf"
    return kept(request, lambda: papers.build_report_paper(version), name)


@public
def annual_report(request, year, number=None):
    """The newest edition of a year's report, or the one asked for; it was built when the direction established it."""
    editions = Paper.objects.visible_to(request.user).filter(kind=PaperKind.YEAR, year=year).select_related("file")
    paper = editions.filter(number=number).first() if number else editions.order_by("-number").first()
    if paper is None:
        raise Http404
    return kept(request, lambda: paper, paper.file.name)


@public
def poster(request, slug):
    """Accepted results for a village board, `?format=A6`, A5 or A4; an unknown format is A4."""
    found = get_object_or_404(Partner.objects.published(), slug=slug)
    wanted = request.GET.get("format", "").upper()
    size = Size(wanted) if wanted in list(Size) else Size.A4
    try:
        return pdf_response(pdf.poster(read_poster(found, size)), f"affiche-{slug}-{size}.pdf")
    except PdfError as trouble:
        return _failed(request, trouble)


def kept(request, find, filename):
    """The stored bytes of a Paper, under an ETag that is their hash; the first reader may have to wait for them."""
    try:
        paper = find()
    except PdfError as trouble:
        return _failed(request, trouble)
    try:
        response = pdf_response(uploads.path_of(paper.file).read_bytes(), filename)
    except FileNotFoundError:
        # Never built anew in silence: it would not be the document that people hold.
        logger.error("the file of paper %s is not in storage", paper.pk)
        raise Http404 from None
    response["ETag"] = f'"{paper.file.sha256}"'
    return response


def _failed(request, trouble):
    return page(request, "public/pdf_failed.html", {"sentence": str(trouble)}, status=trouble.status)
