"""Everything that follows an approval on one page, and what asks for a new look: due diligence joined with reports."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ace_partners.core.forms import page
from ace_partners.desk.figures.late import late_reports
from vetting.actions.following import dismiss_trigger
from vetting.followup import read_following
from vetting.forms.team import ReasonForm
from vetting.offcycle import open_triggers
from vetting.rules.following import against_dismissing
from vetting.views.flags import followed


@require_safe
def following(request, slug):
    partner = followed(request, slug)
    context = {"following": read_following(partner, request.user, late_reports(partner))}
    return page(request, "vetting/following/following.html", context)


def trigger_dismiss(request, slug, kind, key):
    """« Sans suite, parce que… »: one open trigger, with the reason. One that is answered by now does not exist."""
    partner = followed(request, slug)
    found = (each for each in open_triggers(partner, late_reports(partner)) if (each.kind, each.key) == (kind, key))
    trigger = next(found, None)
    if trigger is None:
        raise Http404
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            dismiss_trigger(partner, trigger, by=request.user, **form.cleaned_data)
            messages.success(request, _("Noted: no new dossier is needed for this."))
            return redirect("desk:following", partner.slug)
    context = {"partner": partner, "trigger": trigger, "against": against_dismissing(partner, request.user)}
    return page(request, "vetting/following/trigger_dismiss.html", context, form=form)
