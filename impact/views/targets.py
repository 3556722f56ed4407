"""Targets: ACE proposes and revises, a signatory of the organisation agrees or sends a remark back. Both read the same facts."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ace_partners.core.forms import page
from impact import actions, rules
from impact.figures import read_targets, target_warnings, yardsticks_of
from impact.forms import QuestionForm, RevisionForm, SeenForm, TargetForm
from impact.models import Project


def _project(request, code):
    return get_object_or_404(Project.objects.visible_to_team(request.user).select_related("partner"), code=code)


def _own_project(request, code):
    return get_object_or_404(Project.objects.visible_to_members(request.user).select_related("partner"), code=code)


def _target(project, pk):
    """The target of that project, with what every page of it reads; 404 when it is not there."""
    rows = project.targets.select_related("indicator", "project__partner").prefetch_related("period_targets__period")
    return get_object_or_404(rows, pk=pk)


def _revision(target):
    """The revision that waits for the organisation; 404 when none does."""
    return get_object_or_404(target.revisions, status=rules.TARGET_REVISION.initial)


def _facts(project, target, *, for_team):
    """What both sides read on the page of a target."""
    return {
        "project": project,
        "facts": read_targets(project, project.targets.filter(pk=target.pk))[0],
        "yardsticks": yardsticks_of(project, target.indicator, target=target, for_team=for_team),
    }


# --- ACE ---------------------------------------------------------------------------------------------------------


def target(request, code, pk):
    project = _project(request, code)
    row = _target(project, pk)
    context = {
        **_facts(project, row, for_team=True),
        "against": rules.against_managing(project.partner, request.user),
    }
    return page(request, "impact/target.html", context)


def target_add(request, code):
    """A new proposal. `?indicateur=` shows the yardsticks of that indicator before the numbers are written."""
    project = _project(request, code)
    wanted = request.GET.get("indicateur") or None
    form = TargetForm(
        request.POST or None,
        project=project,
        periods=project.periods.order_by("starts_on"),
        initial={"indicator": wanted},
    )
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            row = actions.set_target(project, by=request.user, **form.cleaned_data)
            _say_it_waits(request, row)
            return redirect("impact:target", project.code, row.pk)
    # As typed, and so perhaps no number at all: compared as text.
    chosen = str(request.POST.get("indicator") or wanted or "")
    indicators = list(form.fields["indicator"].queryset)
    indicator = next((each for each in indicators if str(each.pk) == chosen), None)
    context = {
        "project": project,
        "title": _("Propose a target"),
        "button": _("Propose the target"),
        "against": rules.against_managing(project.partner, request.user),
        "indicators": indicators,
        "indicator": indicator,
        "yardsticks": yardsticks_of(project, indicator, for_team=True) if indicator else None,
    }
    return page(request, "impact/target_form.html", context, form=form)


def target_edit(request, code, pk):
    project = _project(request, code)
    row = _target(project, pk)
    form = _form(TargetForm, request, project, row)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            row = actions.edit_target(row, by=request.user, **form.cleaned_data)
            _say_it_waits(request, row)
            return redirect("impact:target", project.code, row.pk)
    context = {
        **_facts(project, row, for_team=True),
        "title": row.indicator,
        "button": _("Change the proposal"),
        "against": rules.against_editing_target(row, request.user),
    }
    return page(request, "impact/target_form.html", context, form=form)


def target_revise(request, code, pk):
    project = _project(request, code)
    row = _target(project, pk)
    form = _form(RevisionForm, request, project, row)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.propose_revision(row, by=request.user, **form.cleaned_data)
            messages.success(request, _("The revision waits for the organisation; until it agrees, nothing changes."))
            return redirect("impact:target", project.code, row.pk)
    context = {
        **_facts(project, row, for_team=True),
        "title": _("Propose a revision"),
        "button": _("Propose the revision"),
        "against": rules.against_revising(row, request.user),
    }
    return page(request, "impact/target_form.html", context, form=form)


def _form(kind, request, project, row):
    periods = project.periods.order_by("starts_on")
    return kind(request.POST or None, project=project, periods=periods, target=row, seen=row.lock_version)


@require_POST
def target_discard(request, code, pk):
    project = _project(request, code)
    row = _target(project, pk)
    form = SeenForm(request.POST, seen=row.lock_version)
    if not form.is_valid():
        return redirect("impact:target", project.code, row.pk)
    actions.discard_target(row, by=request.user, **form.cleaned_data)
    messages.success(request, _("The proposal is taken back."))
    return redirect("impact:project", project.code)


@require_POST
def revision_withdraw(request, code, pk):
    project = _project(request, code)
    row = _target(project, pk)
    revision = _revision(row)
    form = SeenForm(request.POST, seen=revision.lock_version)
    if form.is_valid():
        actions.withdraw_revision(revision, by=request.user, **form.cleaned_data)
        messages.success(request, _("The revision is withdrawn; the target stays as it was agreed."))
    return redirect("impact:target", project.code, row.pk)


def _say_it_waits(request, row):
    """Saved; and what does not tie out is said at once, while the numbers are still in mind."""
    messages.success(request, _("The target is proposed. It binds nobody before a signatory agrees; they are told."))
    for warning in target_warnings(row, list(row.project.periods.order_by("starts_on")), row.project.ends_on):
        messages.warning(request, warning)


# --- the organisation --------------------------------------------------------------------------------------------


def target_for_members(request, code, pk):
    project = _own_project(request, code)
    row = _target(project, pk)
    context = {
        **_facts(project, row, for_team=False),
        "against": rules.against_agreeing(row, request.user),
        "against_answering": rules.against_answering(row, request.user),
    }
    return page(request, "impact/space_target.html", context)


@require_POST
def target_agree(request, code, pk):
    project = _own_project(request, code)
    row = _target(project, pk)
    form = SeenForm(request.POST, seen=row.lock_version)
    if form.is_valid():
        actions.agree_target(row, by=request.user, **form.cleaned_data)
        messages.success(request, _("You agreed to the target; your reports will ask for it."))
    return redirect("impact_space:target", project.code, row.pk)


@require_POST
def revision_agree(request, code, pk):
    project = _own_project(request, code)
    row = _target(project, pk)
    revision = _revision(row)
    form = SeenForm(request.POST, seen=revision.lock_version)
    if form.is_valid():
        actions.agree_revision(revision, by=request.user, **form.cleaned_data)
        messages.success(request, _("You agreed to the revision: the target has its new values."))
    return redirect("impact_space:target", project.code, row.pk)


def target_question(request, code, pk):
    project = _own_project(request, code)
    row = _target(project, pk)
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.question_target(row, by=request.user, **form.cleaned_data)
            messages.success(request, _("ACE has your remark. The target waits until ACE answers or you agree."))
            return redirect("impact_space:target", project.code, row.pk)
    context = {"project": project, "target": row, "against": rules.against_questioning(row, request.user)}
    return page(request, "impact/target_question.html", context, form=form)
