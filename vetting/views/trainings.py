"""ACE's trainings: the sessions, and how many people of each organisation took part."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ace_partners.core.forms import page
from ace_partners.core.rights import STAFF_ROLES, Role
from ace_partners.core.search import fold
from partners.models import Partner, Relationship
from vetting.actions import trainings as actions
from vetting.forms.plans import AttendanceForm, TrainingForm
from vetting.models import TrainingSession
from vetting.rules import plans as rules

PER_PAGE = 20
FOUND = 20  # organisations offered for one search


def _sessions(request):
    """The sessions open to ACE's people; the organisations read theirs on their plan."""
    if not request.user.roles & (STAFF_ROLES | {Role.AUDITOR}):
        raise Http404
    return TrainingSession.objects.visible_to(request.user)


def _session(request, pk):
    return get_object_or_404(_sessions(request), pk=pk)


def training_list(request):
    seen = Q(attendance__partner__in=Partner.objects.visible_to_team(request.user))
    rows = _sessions(request).annotate(
        organisations=Count("attendance", filter=seen),
        women=Sum("attendance__women", filter=seen),
        men=Sum("attendance__men", filter=seen),
    )
    page_obj = Paginator(rows.order_by("-held_on", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page_obj, "against": rules.against_keeping_trainings(request.user)}
    return page(request, "vetting/plans/training_list.html", context)


def training(request, pk):
    """The session, who took part, and the search for an organisation to enter."""
    session = _session(request, pk)
    partners = Partner.objects.visible_to_team(request.user)
    present = list(session.attendance.filter(partner__in=partners).select_related("partner"))
    query = request.GET.get("q", "").strip()
    found = partners.exclude(pk__in=[row.partner_id for row in present]).exclude(status=Relationship.ENDED)
    context = {
        "session": session,
        "present": present,
        "women": sum(row.women for row in present),
        "men": sum(row.men for row in present),
        "query": query,
        "found": list(found.filter(search_text__contains=fold(query)).order_by("name")[:FOUND]) if query else [],
        "against": rules.against_keeping_trainings(request.user),
    }
    return page(request, "vetting/plans/training.html", context)


def training_add(request):
    _staff_only(request)
    form = TrainingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            session = actions.add_session(by=request.user, **form.cleaned_data)
            messages.success(request, _("The training is written down. Now enter who took part."))
            return redirect("vetting:training", session.pk)
    context = {"session": None, "against": rules.against_keeping_trainings(request.user)}
    return page(request, "vetting/plans/training_form.html", context, form=form)


def training_edit(request, pk):
    _staff_only(request)
    session = _session(request, pk)
    initial = {name: getattr(session, name) for name in actions.FACTS}
    form = TrainingForm(request.POST or None, seen=actions.version_of(session), initial=initial)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.edit_session(session, by=request.user, **form.cleaned_data)
            messages.success(request, _("The training is corrected."))
            return redirect("vetting:training", session.pk)
    context = {"session": session, "against": rules.against_keeping_trainings(request.user)}
    return page(request, "vetting/plans/training_form.html", context, form=form)


def _staff_only(request):
    if not request.user.roles & STAFF_ROLES:
        raise Http404


def _present(request, pk, slug):
    """(session, organisation, its attendance or None)."""
    _staff_only(request)
    session = _session(request, pk)
    partner = get_object_or_404(Partner.objects.visible_to_team(request.user), slug=slug)
    return session, partner, session.attendance.filter(partner=partner).first()


def training_attendance(request, pk, slug):
    session, partner, row = _present(request, pk, slug)
    initial = {"women": row.women, "men": row.men} if row else {}
    form = AttendanceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.save_attendance(session, partner, by=request.user, **form.cleaned_data)
            messages.success(request, _("%(partner)s is entered.") % {"partner": partner})
            return redirect("vetting:training", session.pk)
    against = rules.against_keeping_trainings(request.user)
    context = {"session": session, "partner": partner, "row": row, "against": against}
    return page(request, "vetting/plans/training_attendance.html", context, form=form)


@require_POST
def training_attendance_remove(request, pk, slug):
    session, partner, row = _present(request, pk, slug)
    if row is not None:
        actions.remove_attendance(row, by=request.user)
        messages.success(request, _("%(partner)s is taken out.") % {"partner": partner})
    return redirect("vetting:training", session.pk)
