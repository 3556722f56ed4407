"""The public site: what anyone may read, from facts that hold nothing else."""

import logging

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import content_disposition_header

from ace_partners.core import uploads
from ace_partners.core.pdf import PdfError, pdf_response
from ace_partners.public import facts, pdf
from ace_partners.public.answers import page, public
from ace_partners.public.facts.partner import public_documents
from ace_partners.public.facts.poster import Size
from ace_partners.public.filters import DirectoryFilter
from partners.models import Partner

logger = logging.getLogger(__name__)

PER_PAGE = 20


@public
def home(request):
    context = {
        "network": facts.network(),
        "criteria": facts.criteria(with_items=False),
        "lessons": facts.newest_lessons(),
    }
    return page(request, "public/home.html", context)


@public
def criteria(request):
    context = {
        "criteria": facts.criteria(),
        "organisation_types": facts.organisation_types(),
        "outcomes": facts.outcomes(),
        "delays": facts.delays(),
    }
    return page(request, "public/criteria.html", context)


@public
def directory(request):
    filterset, gazetteer = _filtered(request)
    if not filterset.is_valid():
        return page(request, "public/directory.html", {"form": filterset.form, "query": request.GET.urlencode()})
    listed = Paginator(filterset.qs.values_list("pk", flat=True), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": filterset.form,
        "chosen": filterset.chosen,
        "page_obj": listed,
        # First the numbers of the rows by the index, then the rows: a page deep in the list costs no more than the first.
        "entries": facts.entries(Partner.objects.published().filter(pk__in=list(listed)), gazetteer),
        "count": listed.paginator.count,
        "fits_pdf": listed.paginator.count <= pdf.MOST_ENTRIES,
        "most": pdf.MOST_ENTRIES,
        "query": filters_of(request),
    }
    return page(request, "public/directory.html", context, query=f"page={listed.number}" if listed.number > 1 else "")


@public
def directory_pdf(request):
    filterset, gazetteer = _filtered(request)
    if not filterset.is_valid():
        context = {"form": filterset.form, "query": request.GET.urlencode()}
        return page(request, "public/directory.html", context, status=422)
    count = filterset.qs.count()
    if count > pdf.MOST_ENTRIES:
        context = {"count": count, "most": pdf.MOST_ENTRIES, "query": filters_of(request)}
        return page(request, "public/directory_too_long.html", context, status=422)
    entries = facts.entries(filterset.qs, gazetteer)
    return _document(
        request,
        lambda: pdf.directory(pdf.DirectoryFacts(entries, filterset.chosen, timezone.now())),
        "annuaire-des-partenaires.pdf",
    )


@public
def partner(request, slug):
    found = get_object_or_404(Partner.objects.published(), slug=slug)
    context = {"facts": facts.read_partner(found), "poster_sizes": list(Size)}
    return page(request, "public/partner.html", context)


@public
def partner_pdf(request, slug):
    found = facts.read_partner(get_object_or_404(Partner.objects.published(), slug=slug))
    return _document(request, lambda: pdf.partner_sheet(found), f"fiche-{slug}.pdf")


@public
def document(request, slug, pk):
    """A published file as a download. Its name is ours: what the sender called it may name a person."""
    found = get_object_or_404(public_documents(), pk=pk, partner__slug=slug)
    try:
        response = uploads.response(found.file)
    except FileNotFoundError:
        logger.error("the file of document %s is not in storage", found.pk)
        raise Http404 from None
    extension = uploads.EXTENSIONS[found.file.media_type]
    response["Content-Disposition"] = content_disposition_header(True, f"{slug}-{found.type.code.lower()}{extension}")
    return response


def _filtered(request):
    """(the filters bound to the query string, the places they need)."""
    gazetteer = facts.Gazetteer()
    return DirectoryFilter(request.GET, queryset=Partner.objects.published(), gazetteer=gazetteer), gazetteer


def filters_of(request):
    """The query string without `page` and without what was left empty: an address short enough to be read aloud."""
    query = request.GET.copy()
    query.pop("page", None)
    for name in [name for name, value in query.items() if not value]:
        del query[name]
    return query.urlencode()


def _document(request, prepare, filename):
    try:
        return pdf_response(prepare(), filename)
    except PdfError as trouble:
        return page(request, "public/pdf_failed.html", {"sentence": str(trouble)}, status=trouble.status)
