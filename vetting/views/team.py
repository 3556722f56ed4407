"""ACE's work pages on dossiers: the list, the delays and the small verbs of an examination."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ace_partners.core.forms import ActionForm, page
from partners.models import Document
from vetting import actions, rules, timing
from vetting.filters import DossierFilter
from vetting.forms.team import DeclareForm, ReasonForm, RequestForm, SendRequestsForm, TakeForm
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
    related = dossiers.select_related("partner", "assigned_to").prefetch_related("stages")
    found = DossierFilter(request.GET, queryset=related, request=request)
    page_obj = Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
    rows = [(dossier, timing.clock_of(dossier)) for dossier in page_obj]
    return page(request, "vetting/dossier_list.html", {"filter": found, "page_obj": page_obj, "rows": rows})


def delays(request):
    """The medians of ACE and of the organisations, stage by stage, over the decided dossiers this reader may see."""
    if not request.user.roles & EXAMINING_ROLES:
        raise Http404
    dossiers = Dossier.objects.visible_to(request.user).examined_by(request.user)
    found = timing.medians_of(dossiers)
    context = {
        "medians": found,
        "stages": timing.stage_rows(found) if found else [],
        "answer_days": settings.ACE_ANSWER_DAYS,
    }
    return page(request, "vetting/renewals/delays.html", context)


def open_moves(dossier):
    return rules.DOSSIER.open_from(dossier.status)


def documents_of(dossier, user):
    """Everything in the organisation's file, for findings that rely on a document which was not sent with the answer."""
    return list(Document.objects.visible_to(user).filter(partner=dossier.partner).current().select_related("type"))


@require_POST
def take(request, pk):
    """Take the dossier; "no" declares no conflict of interest in the same tap, "yes" declares a link and takes nothing."""
    dossier = examined(request, pk)
    form = TakeForm(request.POST, seen=dossier.lock_version)
    if form.is_valid():
        answer, seen = form.cleaned_data["has_link"], form.cleaned_data["seen"]
        if answer == "yes":
            actions.declare(dossier, by=request.user, has_link=True)
            messages.warning(request, _("Thank you. A colleague takes over; you have nothing more to do here."))
        else:
            verb = actions.take_without_link if answer == "no" else actions.take
            verb(dossier, by=request.user, seen=seen)
            messages.success(request, _("This dossier is yours."))
    return redirect("vetting:assessment", dossier.pk)


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
