"""Holds, visits, the regulatory status and the calendar; the page that gathers them all is the desk's, which knows reports."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ace_partners.core import audit
from ace_partners.core.forms import ActionForm, page
from ace_partners.core.rights import EDITING_ROLES
from partners.models import Partner
from vetting.actions import following as actions
from vetting.actions import holds as hold_actions
from vetting.actions import visits as visit_actions
from vetting.agenda import agenda, entries
from vetting.followup import read_own_following
from vetting.forms.following import (
    CalendarForm,
    HoldForm,
    PointFormSet,
    RegulatoryForm,
    VisitForm,
    VisitRecordForm,
)
from vetting.forms.team import ReasonForm
from vetting.models import Flag, Hold, Visit
from vetting.regulatory import sites_of
from vetting.rules import following as rules
from vetting.rules import holds as hold_rules
from vetting.rules import visits as visit_rules
from vetting.views.flags import PER_PAGE, READERS, followed

# --- holds -------------------------------------------------------------------------------------------------------


def hold_set(request, slug):
    partner = followed(request, slug)
    flags = Flag.objects.visible_to(request.user).filter(partner=partner)
    flags = [flag for flag in flags if not hold_rules.against_effect(flag, partner)]
    form = HoldForm(request.POST or None, flags=flags, initial={"flag": request.GET.get("signalement")})
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            hold_actions.set_hold(partner, by=request.user, **form.hold())
            messages.success(request, _("The hold is set; the organisation is told why."))
            return redirect("desk:following", partner.slug)
    context = {"partner": partner, "against": hold_rules.against_setting_holds(partner, request.user)}
    return page(request, "vetting/following/hold_set.html", context, form=form)


def hold_lift(request, pk):
    holds = Hold.objects.visible_to(request.user).filter(partner__in=Partner.objects.in_reach(request.user, *READERS))
    row = get_object_or_404(holds.select_related("partner", "set_by", "lifted_by", "flag"), pk=pk)
    form = ReasonForm(request.POST or None, seen=row.lock_version)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            hold_actions.lift_hold(row, by=request.user, **form.cleaned_data)
            messages.success(request, _("This hold is lifted; the organisation is told why. Others stay."))
            return redirect("desk:following", row.partner.slug)
    context = {"hold": row, "against": hold_rules.against_lifting(row, request.user)}
    return page(request, "vetting/following/hold_lift.html", context, form=form)


# --- visits ------------------------------------------------------------------------------------------------------


def _visit(request, pk):
    return get_object_or_404(Visit.objects.visible_to(request.user).select_related("partner", "place"), pk=pk)


def visit_plan(request, slug):
    partner = followed(request, slug)
    spots = partner.places.select_related("place").order_by("pk")
    form = VisitForm(request.POST or None, places=[spot.place for spot in spots])
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            visit_actions.plan_visit(partner, by=request.user, **form.visit())
            messages.success(request, _("The visit is in the calendar."))
            return redirect("desk:following", partner.slug)
    context = {"partner": partner, "against": visit_rules.against_planning(partner, request.user)}
    return page(request, "vetting/following/visit_plan.html", context, form=form)


def visit(request, pk):
    row = _visit(request, pk)
    context = {
        "visit": row,
        "points": list(row.points.all()),
        "form": ActionForm(seen=row.lock_version),
        "against": {name: visit_rules.against_stepping(row, name, request.user) for name in ("record", "cancel")},
        "may_visit": not visit_rules.against_planning(row.partner, request.user),
        "events": audit.history(row)[:20],
    }
    return page(request, "vetting/following/visit.html", context)


def visit_record(request, pk):
    row = _visit(request, pk)
    form = VisitRecordForm(request.POST or None, seen=row.lock_version)
    points = PointFormSet(request.POST or None, prefix="points")
    if request.method == "POST" and _both_valid(form, points):
        with form.refusals():
            written = [each.point() for each in points if each.has_changed()]
            visit_actions.record_visit(row, by=request.user, points=written, **form.cleaned_data)
            messages.success(request, _("The visit is recorded."))
            return redirect("vetting:visit", row.pk)
    context = {
        "visit": row,
        "points": points,
        "against": visit_rules.against_stepping(row, "record", request.user),
    }
    return page(request, "vetting/following/visit_record.html", context, form=form)


def _both_valid(form, points):
    """Whether the record and all its lines are; a line that is not makes the page one to correct."""
    valid = [form.is_valid(), points.is_valid()]
    if valid == [True, False]:
        form.add_error(None, _("Correct the lines marked below."))
    return all(valid)


def visit_cancel(request, pk):
    row = _visit(request, pk)
    form = ReasonForm(request.POST or None, seen=row.lock_version)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            visit_actions.cancel_visit(row, by=request.user, **form.cleaned_data)
            messages.success(request, _("The visit is cancelled."))
            return redirect("vetting:visit", row.pk)
    context = {"visit": row, "against": visit_rules.against_stepping(row, "cancel", request.user)}
    return page(request, "vetting/following/visit_cancel.html", context, form=form)


@require_POST
def visit_point_done(request, pk, point_pk):
    row = _visit(request, pk)
    point = get_object_or_404(row.points.select_related("visit__partner"), pk=point_pk)
    form = ActionForm(request.POST, seen=row.lock_version)
    if form.is_valid():
        visit_actions.close_point(point, by=request.user, **form.cleaned_data)
        messages.success(request, _("The action is marked as done."))
    return redirect("vetting:visit", row.pk)


# --- the regulatory status, the calendar ---------------------------------------------------------------------------


def regulatory_record(request, slug):
    partner = followed(request, slug)
    form = RegulatoryForm(request.POST or None, partner=partner, sites=sites_of(partner))
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.record_status(partner, by=request.user, **form.status())
            messages.success(request, _("The status is recorded, and stands on the public page."))
            return redirect("desk:following", partner.slug)
    context = {"partner": partner, "against": rules.against_recording_status(partner, request.user)}
    return page(request, "vetting/following/regulatory_record.html", context, form=form)


def calendar(request):
    if not request.user.roles & frozenset(READERS):
        raise Http404
    form = CalendarForm(request.GET or None)
    chosen = form.cleaned_data if form.is_valid() else {}
    page_obj = Paginator(agenda(request.user, **chosen), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page_obj, "entries": entries(page_obj, request.user)}
    return page(request, "vetting/following/calendar.html", context, form=form)


# --- the organisation --------------------------------------------------------------------------------------------


def own_following(request, slug):
    """What those who act for the organisation read of it: nothing stops it in secret."""
    partner = get_object_or_404(Partner.objects.in_reach(request.user, *EDITING_ROLES), slug=slug)
    context = {"following": read_own_following(partner, request.user)}
    return page(request, "vetting/following/own_following.html", context)
