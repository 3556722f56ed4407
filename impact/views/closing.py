"""ACE's pages on one report around its calendar: a later date, and opening it again after acceptance by two people."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from ace_partners.core.forms import page
from impact import actions, rules
from impact.forms import ExtensionForm, MotiveForm, RefusalForm, SeenForm
from impact.models import Reopening, ReopeningStatus, Report


def _report(request, pk):
    reports = Report.objects.visible_to_team(request.user)
    return get_object_or_404(reports.select_related("partner", "project", "period", "accepted_version"), pk=pk)


def report_extend(request, pk):
    report = _report(request, pk)
    form = ExtensionForm(request.POST or None, seen=report.lock_version)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.extend(report, by=request.user, **form.cleaned_data)
            messages.success(request, _("The date is moved. The organisation is told, with the reason."))
            return redirect("impact:review", report.pk)
    context = {
        "report": report,
        "against": rules.against_extending(report, request.user),
        "latest": rules.latest_extension(report),
    }
    return page(request, "impact/report_extend.html", context, form=form)


def reopening_propose(request, pk):
    report = _report(request, pk)
    form = MotiveForm(request.POST or None, seen=report.lock_version)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            row = actions.propose_reopening(report, by=request.user, **form.cleaned_data)
            messages.success(
                request, _("The reopening is proposed. Another person, of the direction, has to approve it.")
            )
            return redirect("impact:reopening", row.pk)
    context = {"report": report, "against": rules.against_proposing_reopening(report, request.user)}
    return page(request, "impact/reopening_propose.html", context, form=form)


def _reopening(request, pk):
    rows = Reopening.objects.visible_to(request.user)
    related = ("report__partner", "report__project", "report__period", "version", "proposed_by", "answered_by")
    return get_object_or_404(rows.select_related(*related), pk=pk)


def _against(row, name, user):
    """The reasons against one answer; a reopening already answered is a reason too."""
    if row.status != ReopeningStatus.PROPOSED:
        return [_("This reopening is decided already.")]
    return rules.against_moving_reopening(row, rules.REOPENING[name], user)


def reopening(request, pk):
    return _reopening_page(request, _reopening(request, pk))


def _reopening_page(request, row, form=None):
    context = {"row": row, "report": row.report, "against": _against(row, "approve", request.user)}
    return page(request, "impact/reopening.html", context, form=form or SeenForm(seen=row.lock_version))


def reopening_approve(request, pk):
    """A button; what it does is said above it."""
    row = _reopening(request, pk)
    form = SeenForm(request.POST or None, seen=row.lock_version)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            report = actions.approve_reopening(row, by=request.user, **form.cleaned_data)
            messages.success(request, _("The report is open again. The organisation is told."))
            return redirect("impact:review", report.pk)
    return _reopening_page(request, row, form) if form.is_bound else redirect("impact:reopening", row.pk)


def reopening_refuse(request, pk):
    row = _reopening(request, pk)
    form = RefusalForm(request.POST or None, seen=row.lock_version)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.refuse_reopening(row, by=request.user, **form.cleaned_data)
            messages.success(request, _("The report stays as it is. Who proposed to reopen it is told why."))
            return redirect("impact:reopening", row.pk)
    context = {"row": row, "report": row.report, "against": _against(row, "refuse", request.user)}
    return page(request, "impact/reopening_refuse.html", context, form=form)
