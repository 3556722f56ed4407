"""ACE's pages on the organisations: the list, and everything about one of them on one page."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from ace_partners.core.forms import page
from ace_partners.core.rights import ACE_ROLES
from ace_partners.desk.figures.diligence import READERS
from ace_partners.desk.figures.documents import document_lines
from ace_partners.desk.figures.partner import publishing, read_partner
from ace_partners.desk.filters import PartnerFilter
from partners.models import Document, Partner
from vetting.holds import with_holds
from vetting.standing import LABELS, with_standing

PER_PAGE = 20


@require_safe
def partner_list(request):
    if not request.user.roles & ACE_ROLES:
        raise Http404
    partners = with_standing(Partner.objects.visible_to_team(request.user)).prefetch_related("areas")
    if request.user.roles & READERS:  # holds are not for who keeps accounts
        partners = with_holds(partners)
    found = PartnerFilter(request.GET, queryset=partners)
    page_obj = Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
    rows = [{"partner": each, "standing": LABELS[each.standing_code]} for each in page_obj]
    return page(request, "desk/partner_list.html", {"filter": found, "page_obj": page_obj, "rows": rows})


@require_safe
def partner(request, slug):
    row = get_object_or_404(Partner.objects.visible_to_team(request.user), slug=slug)
    file = read_partner(row, request.user)
    documents = Document.objects.visible_to(request.user).filter(partner=row).current().select_related("type", "file")
    page_obj = Paginator(documents, PER_PAGE).get_page(request.GET.get("page"))
    lines = document_lines(page_obj, row, request.user)
    shown = [{"line": line, "publishing": publishing(line.row, file.keeps_record)} for line in lines]
    return page(request, "desk/partner.html", {"file": file, "page_obj": page_obj, "documents": shown})
