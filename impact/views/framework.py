"""The framework on ACE's work pages: indicators and their versions, the forms of a draft, the second person."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ace_partners.core import audit
from ace_partners.core.forms import ActionForm, page
from impact.actions import framework as actions
from impact.figures.framework import differences, projects_using, read_versions
from impact.filters import IndicatorFilter
from impact.forms import SeenForm
from impact.forms.framework import IndicatorForm, NewIndicatorForm, WhatChangesForm
from impact.models import Indicator, IndicatorStatus
from impact.models.framework import FRAMEWORK_ROLES
from impact.rules import framework as rules
from vetting.forms.team import ReasonForm

PER_PAGE = 20
EVENTS_SHOWN = 30


def _versions(request, code=None):
    """What those who write and publish the framework see; 404 for everybody else."""
    if not request.user.roles & FRAMEWORK_ROLES:
        raise Http404
    rows = Indicator.objects.visible_to(request.user)
    if code is None:
        return rows
    rows = rows.filter(code=code)
    if not rows.exists():
        raise Http404
    return rows


def _newest(request, code):
    """The version that is worked on, else the newest published one: the one that the forms are about."""
    return _versions(request, code).select_related("proposed_by", "published_by").order_by("-version").first()


def _base(request, row):
    """The published version before this one, or None for the first."""
    before = _versions(request, row.code).filter(status=IndicatorStatus.PUBLISHED, version__lt=row.version)
    return before.order_by("-version").first()


# --- reading -----------------------------------------------------------------------------------------------------


def indicator_list(request):
    rows = _versions(request)
    listed = IndicatorFilter(request.GET, queryset=rows.current().order_by("code"))
    context = {
        "filter": listed,
        "page_obj": Paginator(listed.qs, PER_PAGE).get_page(request.GET.get("page")),
        "drafts": rows.exclude(status=IndicatorStatus.PUBLISHED).order_by("code"),
        "against": rules.against_writing_framework(request.user),
    }
    return page(request, "impact/framework/list.html", context)


def indicator(request, code):
    versions = read_versions(_versions(request, code))
    newest = versions[0].indicator
    projects, count = projects_using(code, request.user)
    events = list(audit.history(newest)[:EVENTS_SHOWN])
    context = {
        "versions": versions,
        "newest": newest,
        "projects": projects,
        "projects_count": count,
        "against_starting": rules.against_starting(code, request.user),
        "against_editing": rules.against_editing_indicator(newest, request.user),
        "returned": newest.status == IndicatorStatus.DRAFT
        and next((event for event in events if event.action == "indicator.return"), None),
        "events": events,
    }
    return page(request, "impact/framework/indicator.html", context)


# --- drafting ----------------------------------------------------------------------------------------------------


def indicator_create(request):
    _versions(request)
    form = NewIndicatorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            draft = actions.create_indicator(by=request.user, **form.cleaned_data)
            messages.success(request, _("%(code)s is a draft: propose it when it is whole.") % {"code": draft.code})
            return redirect("impact:indicator", draft.code)
    context = {"against": rules.against_writing_framework(request.user)}
    return page(request, "impact/framework/form.html", context, form=form)


@require_POST
def indicator_start(request, code):
    _versions(request, code)
    draft = actions.start_version(code, by=request.user)
    messages.success(request, _("Version %(version)s is yours to edit.") % {"version": draft.version})
    return redirect("impact:indicator_edit", code)


def indicator_edit(request, code):
    row = _newest(request, code)
    form = IndicatorForm(request.POST or None, indicator=row, seen=row.lock_version)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.edit_indicator(row, by=request.user, **form.cleaned_data)
            messages.success(request, _("The draft is saved."))
            return redirect("impact:indicator", code)
    context = {"indicator": row, "against": rules.against_editing_indicator(row, request.user)}
    return page(request, "impact/framework/form.html", context, form=form)


@require_POST
def indicator_discard(request, code):
    row = _newest(request, code)
    form = SeenForm(request.POST, seen=row.lock_version)
    if not form.is_valid():
        return redirect("impact:indicator", code)
    actions.discard_indicator(row, by=request.user, **form.cleaned_data)
    messages.success(request, _("The draft of %(code)s is discarded.") % {"code": code})
    return redirect("impact:indicator_list")


# --- proposing and publishing ------------------------------------------------------------------------------------


def indicator_propose(request, code):
    """Write down what changes, and keep it or pass the version on."""
    row = _newest(request, code)
    form = WhatChangesForm(request.POST or None, seen=row.lock_version, initial={"what_changes": row.what_changes})
    if request.method == "POST" and form.is_valid():
        passes_on = "propose" in request.POST
        with form.refusals():
            (actions.propose_indicator if passes_on else actions.explain_indicator)(
                row, by=request.user, **form.cleaned_data
            )
            done = _("The version waits for a second person.") if passes_on else _("Your explanation is kept.")
            messages.success(request, done)
            return redirect("impact:indicator", code)
    context = {
        "indicator": row,
        "against_editing": rules.against_editing_indicator(row, request.user),
        "against": rules.against_proposing_indicator(row, request.user),
    }
    return page(request, "impact/framework/propose.html", context, form=form)


def indicator_publish(request, code):
    """The second person's page: what changes, and the two answers."""
    row = _newest(request, code)
    form = ActionForm(request.POST or None, seen=row.lock_version)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.publish_indicator(row, by=request.user, **form.cleaned_data)
            messages.success(request, _("Published. New targets take this version; those agreed before keep theirs."))
            return redirect("impact:indicator", code)
    base = _base(request, row)
    context = {
        "indicator": row,
        "base": base,
        "changes": differences(base, row) if base else (),
        "facts": read_versions(_versions(request, code).filter(pk=row.pk))[0],
        "against": rules.against_moving_indicator(row, "publish", request.user),
        "against_return": rules.against_moving_indicator(row, "return", request.user),
    }
    return page(request, "impact/framework/publish.html", context, form=form)


def indicator_return(request, code):
    row = _newest(request, code)
    form = ReasonForm(request.POST or None, seen=row.lock_version)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.return_indicator(row, by=request.user, **form.cleaned_data)
            messages.success(request, _("The version is a draft again; its author has your reason."))
            return redirect("impact:indicator", code)
    context = {"indicator": row, "against": rules.against_moving_indicator(row, "return", request.user)}
    return page(request, "impact/framework/return.html", context, form=form)
