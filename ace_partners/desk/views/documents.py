"""Documents of an organisation's file: the list and the form of its own people, and what ACE does with them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ace_partners.core.forms import page
from ace_partners.desk.figures.documents import document_lines
from ace_partners.desk.forms import DocumentForm
from partners import actions, rules
from partners.models import Document, Membership, Partner

PER_PAGE = 20


def own_partner(request, slug):
    """An organisation that the reader belongs to; 404 for every other."""
    own = Membership.objects.live(request.user).values("partner")
    return get_object_or_404(Partner.objects.visible_to(request.user).filter(pk__in=own), slug=slug)


def current_documents(request, partner):
    return Document.objects.visible_to(request.user).filter(partner=partner).current().select_related("type", "file")


@require_safe
def document_list(request, slug):
    partner = own_partner(request, slug)
    page_obj = Paginator(current_documents(request, partner), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "partner": partner,
        "page_obj": page_obj,
        "lines": document_lines(page_obj, partner, request.user),
        "against": rules.against_adding_document(partner, request.user),
    }
    return page(request, "desk/document_list.html", context)


def document_add(request, slug):
    """The organisation's own people add a document."""
    return _add(request, own_partner(request, slug), back=reverse("desk:document_list", args=[slug]))


def document_enter(request, slug):
    """ACE adds a document for the organisation, and the document says so."""
    partner = get_object_or_404(Partner.objects.visible_to_team(request.user), slug=slug)
    return _add(request, partner, back=reverse("desk:partner", args=[slug]) + "#documents", on_behalf=True)


def _add(request, partner, *, back, on_behalf=False):
    documents = current_documents(request, partner)
    form = DocumentForm(request.POST or None, request.FILES or None, documents=documents)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            document = actions.add_document(partner, by=request.user, **form.cleaned_data)
            messages.success(request, _("“%(document)s” is in the file.") % {"document": document})
            for warning in rules.warnings_about(document):
                messages.warning(request, warning)
            return redirect(back)
    against = rules.against_adding_document(partner, request.user)
    context = {"partner": partner, "against": against, "back": back, "on_behalf": on_behalf}
    return page(request, "desk/document_form.html", context, form=form)


def _document(request, pk):
    return get_object_or_404(Document.objects.visible_to(request.user).select_related("partner"), pk=pk)


@require_POST
def publish(request, pk):
    document = actions.publish_document(_document(request, pk), by=request.user)
    messages.success(request, _("“%(document)s” is on the public page.") % {"document": document})
    return redirect(reverse("desk:partner", args=[document.partner.slug]) + "#documents")


@require_POST
def unpublish(request, pk):
    document = actions.unpublish_document(_document(request, pk), by=request.user)
    messages.success(request, _("“%(document)s” is no longer public.") % {"document": document})
    return redirect(reverse("desk:partner", args=[document.partner.slug]) + "#documents")
