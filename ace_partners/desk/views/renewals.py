"""Opening a round, and reading the performance of a renewal: the desk may look into impact, vetting may not (design §3)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ace_partners.core.forms import page
from ace_partners.desk.figures.renewal import read_renewal
from partners.models import Partner
from vetting import actions, rules
from vetting.forms.team import OpenForm
from vetting.models import Dossier, Round


def dossier_open(request, slug):
    """A due-diligence officer opens a first round or a renewal; the renewal starts from what the reports say today."""
    partner = get_object_or_404(Partner.objects.visible_to_team(request.user), slug=slug)
    form = OpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            facts = read_renewal(partner) if form.cleaned_data["round"] == Round.RENEWAL else None
            dossier = actions.open_dossier(partner, by=request.user, facts=facts, **form.cleaned_data)
            messages.success(request, _("The dossier is open and the organisation has been told."))
            return redirect("vetting_space:dossier", dossier.pk)
    context = {"partner": partner, "against": rules.against_opening(partner, request.user)}
    return page(request, "desk/dossier_open.html", context, form=form)


@require_POST
def dossier_refresh(request, pk):
    """The examiner of a renewal reads the reports again; the older reading is kept beside the new one."""
    dossiers = Dossier.objects.visible_to(request.user).examined_by(request.user)
    dossier = get_object_or_404(dossiers.select_related("partner"), pk=pk)
    actions.refresh_performance(dossier, read_renewal(dossier.partner), by=request.user)
    messages.success(request, _("The reports were read again: this is where they stand today."))
    return redirect("vetting:assessment", dossier.pk)
