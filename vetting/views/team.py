"""ACE's work pages on dossiers: the list, the examination page and the small verbs of an examination."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ace_partners.core import audit
from ace_partners.core.forms import ActionForm, page
from partners.models import Document, Partner
from vetting import actions, rules
from vetting.figures import examination
from vetting.filters import DossierFilter
from vetting.forms.team import DeclareForm, FindingForm, OpenForm, ReasonForm, RequestForm, SendRequestsForm
from vetting.models import EXAMINING_ROLES, Dossier, DossierStatus

PER_PAGE = 20


def examined(request, pk):
    """The dossier with its findings, for those who may read them; 404 for everybody else."""
    dossiers = Dossier.objects.visible_to(request.user).examined_by(request.user)
    return get_object_or_404(dossiers.select_related("partner", "checklist", "assigned_to"), pk=pk)


def item_of(dossier, code):
    """The item of this dossier with that code; 404 when it is not asked."""
    return get_object_or_404(dossier.items, code=code)


def dossier_list(request):
    if not request.user.roles & EXAMINING_ROLES:
        raise Http404
    dossiers = Dossier.objects.visible_to(request.user).examined_by(request.user)
    found = DossierFilter(request.GET, queryset=dossiers.select_related("partner", "assigned_to"), request=request)
    rows = Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
    return page(request, "vetting/dossier_list.html", {"filter": found, "page_obj": rows})


def dossier_open(request, slug):
    partner = get_object_or_404(Partner.objects.visible_to_team(request.user), slug=slug)
    form = OpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            dossier = actions.open_dossier(partner, by=request.user, **form.cleaned_data)
            messages.success(request, _("The dossier is open and the organisation has been told."))
            return redirect("vetting_space:dossier", dossier.pk)
    context = {"partner": partner, "against": rules.against_opening(partner, request.user)}
    return page(request, "vetting/dossier_open.html", context, form=form)


def assessment(request, pk):
    dossier = examined(request, pk)
    facts = examination(dossier)
    against_writing = rules.against_writing_findings(dossier, request.user)
    others = documents_of(dossier, request.user) if not against_writing else []
    forms = {card.item.code: finding_form(card, others) for card in facts.items} if not against_writing else {}
    context = {
        "dossier": dossier,
        "facts": facts,
        "forms": forms,
        "against_writing": against_writing,
        "against_declaring": rules.against_declaring(dossier, request.user),
        "against": {
            move.name: rules.against_moving_dossier(dossier, move, request.user) for move in open_moves(dossier)
        },
        "requests": list(rules.unsent_requests(dossier)),
        "returned": dossier.proposals.filter(returned_at__isnull=False).first(),
        "decision": dossier.decisions.first(),
        "events": audit.history(dossier)[:20],
    }
    return page(request, "vetting/assessment.html", context)


def open_moves(dossier):
    return rules.DOSSIER.open_from(dossier.status)


def documents_of(dossier, user):
    """Everything in the organisation's file, for findings that rely on a document which was not sent with the answer."""
    return list(Document.objects.visible_to(user).filter(partner=dossier.partner).current().select_related("type"))


def finding_form(card, others, data=None):
    return FindingForm(data, card=card, others=others, seen=card.finding.lock_version if card.finding else 0)


def finding(request, pk, code):
    """One card by itself: where a refused or incomplete finding comes back to, and a page that a phone can bear."""
    dossier = examined(request, pk)
    item = item_of(dossier, code)
    facts = examination(dossier)
    card = next(card for card in facts.items if card.item.pk == item.pk)
    form = finding_form(card, documents_of(dossier, request.user), request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.save_finding(dossier, item, by=request.user, **form.finding())
            messages.success(request, _("%(item)s: finding saved.") % {"item": item.code})
            return redirect(f"{reverse('vetting:assessment', args=[dossier.pk])}#{item.code}")
    against = rules.against_writing_findings(dossier, request.user)
    context = {"dossier": dossier, "card": card, "facts": facts, "against": against}
    return page(request, "vetting/finding.html", context, form=form)


@require_POST
def take(request, pk):
    return _small_verb(request, pk, actions.take, _("This dossier is yours."))


@require_POST
def release(request, pk):
    return _small_verb(request, pk, actions.release, _("The dossier is back in the pool."))


def _small_verb(request, pk, action, done):
    """A button without questions; refusals become the page of RefusalMiddleware."""
    dossier = examined(request, pk)
    form = ActionForm(request.POST, seen=dossier.lock_version)
    if form.is_valid():
        action(dossier, by=request.user, **form.cleaned_data)
        messages.success(request, done)
    return redirect("vetting:assessment", dossier.pk)


@require_POST
def declare(request, pk):
    dossier = examined(request, pk)
    form = DeclareForm(request.POST)
    if form.is_valid():
        declaration = actions.declare(dossier, by=request.user, **form.cleaned_data)
        if declaration.has_link:
            messages.warning(request, _("Thank you. A colleague takes over; you have nothing more to do here."))
        else:
            messages.success(request, _("Thank you: no conflict of interest is noted."))
    proposed = dossier.status == DossierStatus.PROPOSED
    return redirect("vetting:second_look" if proposed else "vetting:assessment", dossier.pk)


def request_item(request, pk, code):
    dossier = examined(request, pk)
    item = item_of(dossier, code)
    draft = rules.unsent_requests(dossier).filter(item=item).first()
    form = RequestForm(request.POST or None, initial={"remark": draft.remark if draft else ""})
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            kept = actions.request_item(dossier, item, by=request.user, **form.cleaned_data)
            messages.success(
                request, _("The request is kept; it leaves with the others.") if kept else _("No request on this item.")
            )
            return redirect(f"{reverse('vetting:assessment', args=[dossier.pk])}#{item.code}")
    context = {"dossier": dossier, "item": item, "against": rules.against_writing_findings(dossier, request.user)}
    return page(request, "vetting/request_item.html", context, form=form)


def request_send(request, pk):
    dossier = examined(request, pk)
    form = SendRequestsForm(request.POST or None, seen=dossier.lock_version)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.send_requests(dossier, by=request.user, **form.cleaned_data)
            messages.success(request, _("The requests have left in one message; the dossier is with the organisation."))
            return redirect("vetting:assessment", dossier.pk)
    context = {
        "dossier": dossier,
        "requests": rules.unsent_requests(dossier),
        "against": rules.against_moving(dossier, "request_changes", request.user),
    }
    return page(request, "vetting/request_send.html", context, form=form)


def withdraw(request, pk):
    """For ACE; the organisation's signatory has the same page in its own space."""
    dossier = examined(request, pk)
    return withdrawal(request, dossier, then=reverse("vetting:assessment", args=[dossier.pk]))


def withdrawal(request, dossier, *, then):
    form = ReasonForm(request.POST or None, seen=dossier.lock_version)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.withdraw(dossier, by=request.user, **form.cleaned_data)
            messages.success(request, _("The dossier is withdrawn and closed."))
            return redirect(then)
    context = {"dossier": dossier, "back": then, "against": rules.against_moving(dossier, "withdraw", request.user)}
    return page(request, "vetting/withdraw.html", context, form=form)
