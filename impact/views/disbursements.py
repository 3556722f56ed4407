"""Money that leaves: the list of payments, one payment with its history, and its steps."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from ace_partners.core import audit
from ace_partners.core.forms import ActionForm, page
from impact.actions import disbursements as actions
from impact.filters import DisbursementFilter
from impact.forms.agreements import CancelForm, DisbursementForm, PaymentForm
from impact.models import Disbursement, Project
from impact.models.projects import TEAM_ROLES
from impact.payments import TONES
from impact.rules import agreements as rules
from impact.views.agreements import signed_agreement

PER_PAGE = 20


def disbursement_list(request):
    if not request.user.roles & set(TEAM_ROLES):
        raise Http404
    rows = Disbursement.objects.visible_to_team(request.user).by_urgency()
    rows = rows.select_related("installment__agreement__project__partner", "proposed_by")
    listed = DisbursementFilter(request.GET, queryset=rows, request=request)
    page_obj = Paginator(listed.qs, PER_PAGE).get_page(request.GET.get("page"))
    shown = [(row, TONES[row.status]) for row in page_obj]
    context = {"filter": listed, "page_obj": page_obj, "shown": shown}
    return page(request, "impact/agreements/disbursement_list.html", context)


def disbursement_propose(request, code, number):
    project = get_object_or_404(Project.objects.visible_to_team(request.user).select_related("partner"), code=code)
    lines = signed_agreement(project).installments.select_related("agreement__project__partner", "after_period")
    line = get_object_or_404(lines, number=number)
    form = DisbursementForm(request.POST or None, installment=line)
    if request.method == "POST" and form.is_valid():
        if actions.found_by_screening(line, by=request.user):
            return _screening_found(request, "impact:agreement", project.code)
        with form.refusals():
            row = actions.propose(line, by=request.user, **form.proposal())
            messages.success(request, _("The payment is proposed: the direction is asked by e-mail to approve it."))
            return redirect("impact:disbursement", row.pk)
    against = rules.against_proposer(project.partner, request.user)
    context = {
        "project": project,
        "title": _("Propose payment %(number)s") % {"number": line.number},
        "button": _("Propose the payment"),
        "against": against or rules.against_disbursing(line, before_screening=True),
        "back": reverse("impact:agreement", args=[project.code]),
    }
    return page(request, "impact/agreements/form.html", context, form=form)


def _screening_found(request, name, *args):
    """A redirect keeps what the screening found; a refusal would leave nothing behind."""
    words = _("A name of this organisation resembles one on a sanctions list: no money leaves before that is settled.")
    messages.warning(request, words)
    return redirect(name, *args)


# --- one payment ------------------------------------------------------------------------------------------------------


def _disbursement(request, pk):
    rows = Disbursement.objects.visible_to_team(request.user)
    related = ("installment__agreement__project__partner", "installment__after_period", "proposed_by", "approved_by")
    return get_object_or_404(rows.select_related(*related), pk=pk)


def disbursement(request, pk):
    return _payment_page(request, _disbursement(request, pk))


def _payment_page(request, row, form=None):
    context = {
        "payment": row,
        "tone": TONES[row.status],
        "project": row.installment.agreement.project,
        "moves": [move.name for move in rules.DISBURSEMENT.open_from(row.status)],
        "against": {name: rules.against_step(row, name, request.user) for name in ("approve", "pay", "cancel")},
        "events": audit.history(row)[:20],
    }
    form = form or ActionForm(seen=row.lock_version)
    return page(request, "impact/agreements/disbursement.html", context, form=form)


def disbursement_approve(request, pk):
    row = _disbursement(request, pk)
    form = ActionForm(request.POST or None, seen=row.lock_version)
    if request.method != "POST":
        return redirect("impact:disbursement", row.pk)
    if form.is_valid():
        if actions.found_by_screening(row.installment, by=request.user):
            return _screening_found(request, "impact:disbursement", row.pk)
        with form.refusals():
            actions.approve(row, by=request.user, **form.cleaned_data)
            messages.success(request, _("The payment is approved: it can be made."))
            return redirect("impact:disbursement", row.pk)
    return _payment_page(request, row, form)


def disbursement_pay(request, pk):
    row = _disbursement(request, pk)
    form = PaymentForm(request.POST or None, seen=row.lock_version)
    if request.method == "POST" and form.is_valid():
        if actions.found_by_screening(row.installment, by=request.user):
            return _screening_found(request, "impact:disbursement", row.pk)
        with form.refusals():
            actions.pay(row, by=request.user, **form.cleaned_data)
            messages.success(request, _("The payment is recorded: the organisation is told by e-mail."))
            return redirect("impact:disbursement", row.pk)
    return _step_page(request, row, form, name="pay", title=_("Record the payment"))


def disbursement_cancel(request, pk):
    row = _disbursement(request, pk)
    form = CancelForm(request.POST or None, seen=row.lock_version)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.cancel(row, by=request.user, **form.cleaned_data)
            messages.success(request, _("The payment is given up; its line of the calendar is free again."))
            return redirect("impact:disbursement", row.pk)
    return _step_page(request, row, form, name="cancel", title=_("Cancel this payment"))


def _step_page(request, row, form, *, name, title):
    context = {
        "project": row.installment.agreement.project,
        "payment": row,
        "title": title,
        "button": title,
        "against": rules.against_step(row, name, request.user),
        "back": reverse("impact:disbursement", args=[row.pk]),
    }
    return page(request, "impact/agreements/form.html", context, form=form)
