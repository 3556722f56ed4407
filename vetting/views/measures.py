"""Measures that take two persons: proposed on the organisation's page, decided on their own."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ace_partners.core.forms import ActionForm, page
from partners.models import Partner
from vetting.actions import measures as actions
from vetting.forms.reviews import MeasureForm
from vetting.forms.team import ReasonForm
from vetting.models import Measure
from vetting.rules import measures as rules


def measures(request, slug):
    """The measures of one organisation, newest first, and the form for another."""
    partners = Partner.objects.in_reach(request.user, *rules.READING)
    partner = get_object_or_404(partners, slug=slug)
    form = MeasureForm(request.POST or None, kinds=rules.kinds_open_to(partner))
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            measure = actions.propose_measure(partner, by=request.user, **form.cleaned_data)
            messages.success(request, _("The measure waits for a second person. Nothing has changed yet."))
            return redirect("vetting:measure", measure.pk)
    context = {
        "partner": partner,
        "measures": Measure.objects.visible_to(request.user).filter(partner=partner).select_related("proposed_by"),
        "against": rules.against_proposing_measure(partner, request.user),
    }
    # Without an open kind the form has no choice to offer: the reasons say so, and the list stays readable.
    return page(request, "vetting/reviews/measures.html", context, form=form)


def _measure(request, pk):
    rows = Measure.objects.visible_to(request.user).select_related("partner", "proposed_by", "decided_by")
    return get_object_or_404(rows, pk=pk)


def measure(request, pk):
    row = _measure(request, pk)
    context = {
        "measure": row,
        "form": ActionForm(seen=row.lock_version),
        "against": rules.against_deciding_measure(row, "approve", request.user),
        "against_return": rules.against_deciding_measure(row, "return", request.user),
    }
    return page(request, "vetting/reviews/measure.html", context)


@require_POST
def approve(request, pk):
    row = _measure(request, pk)
    form = ActionForm(request.POST, seen=row.lock_version)
    if form.is_valid():
        actions.approve_measure(row, by=request.user, **form.cleaned_data)
        messages.success(request, _("The measure is in force; the organisation is told."))
    return redirect("vetting:measure", row.pk)


def return_(request, pk):
    row = _measure(request, pk)
    form = ReasonForm(request.POST or None, seen=row.lock_version)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.return_measure(row, by=request.user, **form.cleaned_data)
            messages.success(request, _("The measure is not approved; nothing has changed for the organisation."))
            return redirect("vetting:measure", row.pk)
    against = rules.against_deciding_measure(row, "return", request.user)
    return page(request, "vetting/reviews/measure_return.html", {"measure": row, "against": against}, form=form)
