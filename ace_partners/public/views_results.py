"""Results and spending across partners, how a figure is calculated, and the same figures as open data."""

from django.core.paginator import Paginator
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404

from ace_partners.core.sheets import CSV_TYPE, attached, csv_lines
from ace_partners.public import facts, open_data
from ace_partners.public.answers import page, public
from ace_partners.public.facts import calculations
from ace_partners.public.facts.results import read_results
from ace_partners.public.facts.spending_network import read_spending
from ace_partners.public.filters_results import ResultsFilter, SpendingFilter
from impact.figures.network_rows import reported_years
from impact.models import Paper, PaperKind
from partners.models import Partner

INDICATORS_PER_PAGE, ROWS_PER_PAGE, PARTNERS_PER_PAGE = 6, 40, 20


@public
def results(request):
    form = ResultsFilter(request.GET, years=reported_years(), gazetteer=facts.Gazetteer())
    if not form.is_valid():
        return page(request, "public/results.html", {"form": form})
    found = read_results(**form.asked)
    listed = Paginator(found, INDICATORS_PER_PAGE).get_page(request.GET.get("page"))
    annual = Paper.objects.visible_to(request.user).filter(kind=PaperKind.YEAR)
    context = {"form": form, "year": form.asked["year"], "page_obj": listed, "query": _filters_of(request)}
    context["annual_reports"] = list(annual.order_by("-year").values_list("year", flat=True).distinct())
    return page(request, "public/results.html", context, query=_page_query(listed))


@public
def spending(request):
    form = SpendingFilter(request.GET, years=reported_years())
    if not form.is_valid():
        return page(request, "public/spending.html", {"form": form})
    found = read_spending(**form.asked)
    listed = Paginator(found.spending.by_partner, PARTNERS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "facts": found, "page_obj": listed, "query": _filters_of(request)}
    return page(request, "public/spending.html", context, query=_page_query(listed))


@public
def calculation(request, code):
    indicator = calculations.indicator_facts(code)
    if indicator is None:
        raise Http404
    slug, partner = request.GET.get("partenaire", ""), None
    year = _year(request)
    if slug:
        partner = get_object_or_404(Partner.objects.published(), slug=slug)
        found = calculations.of_partner(partner, code, request.GET.get("projet", ""))
    else:
        found = calculations.of_network(code, year)
    if slug and not found:
        raise Http404
    # One figure has rows by partner: those are the long ones.
    rows = [(number, row) for number, each in enumerate(found) for row in each.rows]
    listed = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "indicator": indicator,
        "partner": partner and {"name": partner.name, "slug": partner.slug, "is_fictitious": partner.is_fictitious},
        "year": year,
        "figures": [
            (each, [row for place, row in listed.object_list if place == number]) for number, each in enumerate(found)
        ],
        "page_obj": listed,
        "query": _filters_of(request),
    }
    return page(request, "public/calculation.html", context)


@public
def results_csv(request):
    return _csv(csv_lines(open_data.RESULTS, open_data.results_rows()), "resultats.csv")


@public
def spending_csv(request):
    return _csv(csv_lines(open_data.SPENDING, open_data.spending_rows()), "depenses.csv")


def _csv(lines, filename):
    return StreamingHttpResponse(lines, content_type=CSV_TYPE, headers=attached(filename))


def _year(request):
    """The year asked for, the newest with results unasked; Http404 for what is no year."""
    asked = request.GET.get("annee", "")
    if not asked:
        return reported_years()[0]
    if not (asked.isascii() and asked.isdigit() and 1990 <= int(asked) <= 2100):  # noqa: PLR2004 (a year)
        raise Http404
    return int(asked)


def _filters_of(request):
    """The query string without `page` and without what was left empty."""
    query = request.GET.copy()
    query.pop("page", None)
    for name in [name for name, value in query.items() if not value]:
        del query[name]
    return query.urlencode()


def _page_query(listed):
    return f"page={listed.number}" if listed.number > 1 else ""
