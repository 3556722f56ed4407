"""The review of a decision, on both sides: asked and followed by the organisation, heard by ACE."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ace_partners.core.forms import ActionForm, page
from ace_partners.core.rights import CASE_ROLES, Role
from partners.rules import is_member
from vetting.actions import reviews as actions
from vetting.forms.reviews import AskReviewForm, ConclusionForm
from vetting.models import Decision, DecisionReview
from vetting.rules import reviews as rules

PER_PAGE = 20


def _review(request, pk):
    rows = DecisionReview.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("decision__partner", "decision__dossier", "asked_by", "heard_by", "new_decision"), pk=pk
    )


# --- the organisation --------------------------------------------------------------------------------------------


def ask(request, pk):
    decision = get_object_or_404(
        Decision.objects.visible_to(request.user).select_related("partner", "replaced_by"), pk=pk
    )
    if not is_member(request.user, decision.partner):
        raise Http404
    form = AskReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            review = actions.ask_review(decision, by=request.user, **form.cleaned_data)
            messages.success(request, _("Your request has left. Somebody who took no part in the decision hears it."))
            return redirect("vetting_space:review", review.pk)
    context = {
        "decision": decision,
        "last_day": rules.last_day_to_ask(decision),
        "against": rules.against_asking(decision, request.user),
    }
    return page(request, "vetting/reviews/ask.html", context, form=form)


def own_review(request, pk):
    row = _review(request, pk)
    if not is_member(request.user, row.decision.partner):
        raise Http404
    context = {
        "review": row,
        "form": ActionForm(seen=row.lock_version),
        "against": rules.against_stepping(row, "withdraw", request.user),
    }
    return page(request, "vetting/reviews/own_review.html", context)


@require_POST
def withdraw(request, pk):
    row = _review(request, pk)
    form = ActionForm(request.POST, seen=row.lock_version)
    if form.is_valid():
        actions.withdraw_review(row, by=request.user, **form.cleaned_data)
        messages.success(request, _("Your request is withdrawn."))
    return redirect("vetting_space:review", row.pk)


# --- ACE -----------------------------------------------------------------------------------------------------------


def review_list(request):
    if not request.user.roles & (CASE_ROLES | {Role.AUDITOR}):
        raise Http404
    rows = DecisionReview.objects.visible_to(request.user).select_related("decision__partner", "heard_by")
    page_obj = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return page(request, "vetting/reviews/review_list.html", {"page_obj": page_obj})


def _heard(request, pk):
    """The request as ACE works on it; the organisation has its own page."""
    row = _review(request, pk)
    if is_member(request.user, row.decision.partner):
        raise Http404
    return row


def review(request, pk):
    row = _heard(request, pk)
    context = {
        "review": row,
        "form": ActionForm(seen=row.lock_version),
        "against_hearing": rules.against_stepping(row, "hear", request.user),
        "against": rules.against_stepping(row, "uphold", request.user),
        "proposal": row.decision.dossier.open_proposal,
    }
    return page(request, "vetting/reviews/review.html", context)


@require_POST
def hear(request, pk):
    row = _heard(request, pk)
    form = ActionForm(request.POST, seen=row.lock_version)
    if form.is_valid():
        actions.hear_review(row, by=request.user, **form.cleaned_data)
        messages.success(request, _("This review is yours to hear."))
    return redirect("vetting:review", row.pk)


def uphold(request, pk):
    row = _heard(request, pk)
    form = ConclusionForm(request.POST or None, seen=row.lock_version)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.uphold(row, by=request.user, **form.cleaned_data)
            messages.success(request, _("The decision stands; the organisation is told why."))
            return redirect("vetting:review", row.pk)
    context = {"review": row, "against": rules.against_stepping(row, "uphold", request.user)}
    return page(request, "vetting/reviews/uphold.html", context, form=form)
