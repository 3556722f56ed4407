"""ACE's pages on screenings: those of one organisation, one of them, and its paper."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from ace_partners.core.forms import page
from ace_partners.core.pdf import pdf_response
from partners.models import Partner
from vetting.actions import screening as actions
from vetting.actions import screening_runs
from vetting.models import EXAMINING_ROLES, Screening, ScreeningResult
from vetting.pdf import screening as paper
from vetting.rules import screening as rules

PER_PAGE = 20
PAGE_SECONDS = 15  # for which a page screens the network; beyond, the command goes on


def screened_partner(request, slug):
    return get_object_or_404(Partner.objects.in_reach(request.user, *EXAMINING_ROLES), slug=slug)


def screening_list(request, slug):
    partner = screened_partner(request, slug)
    rows = Screening.objects.visible_to(request.user).filter(partner=partner).select_related("screened_by")
    context = {
        "partner": partner,
        "state": rules.screening_state(partner),
        "against": rules.against_screening(partner, request.user),
        "page_obj": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "hits": partner.hits.select_related("entry")[:PER_PAGE],
    }
    return page(request, "vetting/screening/screening_list.html", context)


@require_POST
def screening_run(request, slug):
    found = actions.screen_now(screened_partner(request, slug), by=request.user)
    if found.result == ScreeningResult.HITS:
        messages.warning(request, _("Names resemble names on a list: two people settle each match."))
    elif found.result == ScreeningResult.INCOMPLETE:
        messages.warning(request, _("The organisation could not be screened whole; the page says why."))
    else:
        messages.success(request, _("No match. The result is kept with its date."))
    return redirect("vetting:screening", found.pk)


@require_POST
def screening_run_all(request):
    if not request.user.roles & EXAMINING_ROLES:
        raise Http404
    done, waiting = screening_runs.run_for(PAGE_SECONDS, by=request.user)
    words = ngettext("%(done)s organisation screened.", "%(done)s organisations screened.", done) % {"done": done}
    if waiting:
        rest = ngettext("%(n)s still waits: press again.", "%(n)s still wait: press again.", waiting) % {"n": waiting}
        messages.warning(request, f"{words} {rest}")
    else:
        messages.success(request, words)
    return redirect("vetting:hit_list")


def _screening(request, pk):
    rows = Screening.objects.visible_to(request.user).select_related("partner", "screened_by")
    return get_object_or_404(rows, pk=pk)


def screening(request, pk):
    row = _screening(request, pk)
    context = {
        "screening": row,
        "facts": paper.ScreeningFacts.of(row),
        "hits": row.hits.select_related("entry"),
        "is_newest": row.partner.screenings.first() == row,
    }
    return page(request, "vetting/screening/screening.html", context)


def screening_pdf(request, pk):
    row = _screening(request, pk)
    facts = paper.in_french(row)
    content = paper.screening_paper(facts)
    actions.read_paper(row, by=request.user)
    return pdf_response(content, f"criblage-{row.reference}.pdf")
