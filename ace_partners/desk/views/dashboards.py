"""Dashboards: ACE's of the network, an organisation's own. Filters and pages live in the address; a file holds what is shown."""

from django.core.paginator import Paginator
from django.http import Http404
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from ace_partners.core.forms import page
from ace_partners.core.rights import CASE_ROLES
from ace_partners.core.sheets import csv_response, xlsx_bytes, xlsx_response
from ace_partners.desk.figures.dashboard import read_dashboard
from ace_partners.desk.figures.own_dashboard import read_own
from ace_partners.desk.filters import SpanForm
from ace_partners.desk.views.documents import own_partner
from partners.models import Partner

PER_PAGE = 10  # lines of a table: a phone shows each as a card
TRENDS = 6  # targets with their chart on one page
SERIES = 4
WORKBOOK = "classeur"


@require_safe
def dashboard(request):
    """The network as ACE's case roles see it; nobody else, for it joins what auditors may read only one by one."""
    if not request.user.roles & CASE_ROLES:
        raise Http404
    partners = Partner.objects.in_reach(request.user, *CASE_ROLES)
    form = SpanForm(request.GET, partners=partners, default_year=str(timezone.localdate().year))
    if not form.is_valid():
        return page(request, "desk/dashboard.html", {}, form=form)
    if export := request.GET.get("export"):
        return _export(export, lambda only: read_dashboard(request.user, form.scope, only), _name("tableau", form))
    sections = read_dashboard(request.user, form.scope)
    return page(request, "desk/dashboard.html", {"sections": _shown(sections, request)}, form=form)


@require_safe
def own_dashboard(request, slug):
    """One organisation for its own people, beside the nameless median of the network."""
    partner = own_partner(request, slug)
    itself = Partner.objects.visible_to(request.user).filter(pk=partner.pk)
    form = SpanForm(request.GET, partners=itself, narrow=False)
    context = {"partner": partner}
    if not form.is_valid():
        return page(request, "desk/own_dashboard.html", context, form=form)
    if export := request.GET.get("export"):
        name = _name(f"tableau-{partner.slug}", form)
        return _export(export, lambda only: read_own(partner, form.scope).sections_called(only), name)
    own = read_own(partner, form.scope)
    trends = Paginator(own.trends, TRENDS).get_page(request.GET.get("page"))
    context |= {"sections": _shown(own.sections, request), "trends": trends}
    return page(request, "desk/own_dashboard.html", context, form=form)


def _shown(sections, request):
    """[(section, page of its series, [(sheet, the page of its lines)])]; each turns its own pages."""
    return [
        (
            section,
            Paginator(section.series, SERIES).get_page(request.GET.get(section.series_param)),
            [
                (sheet, Paginator(sheet.lines, PER_PAGE).get_page(request.GET.get(sheet.param)))
                for sheet in section.shown_sheets
            ],
        )
        for section in sections
    ]


def _export(export, read, name):
    """The file asked for: one table as CSV by its key, or all of them as a workbook. In French, whoever asks."""
    with translation.override("fr"):
        if export == WORKBOOK:
            return xlsx_response(xlsx_bytes([sheet for section in read(None) for sheet in section.sheets]), name)
        for section in read(export.partition("-")[0]):
            for sheet in section.sheets:
                if sheet.key == export:
                    return csv_response(sheet, f"{name}-{sheet.key}")
    raise Http404


def _name(prefix, form):
    values = form.cleaned_data
    parts = [prefix, values["annee"], f"t{values['trimestre']}" if values["trimestre"] else ""]
    place = values.get("lieu")
    return "-".join(filter(None, [*parts, values.get("domaine"), place.slug if place else ""]))
