"""ACE's pages on a project: its record, budget and periods; and the partner's reading of the same."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from ace_partners.core.forms import page
from impact import actions, rules
from impact.figures import read_targets
from impact.forms import BudgetLineForm, PeriodForm, ProjectForm
from impact.models import Project
from impact.models.projects import TEAM_ROLES
from impact.views.agreements import agreed_facts
from partners.models import Partner


def _project(request, code):
    return get_object_or_404(Project.objects.visible_to_team(request.user).select_related("partner"), code=code)


def project_create(request, slug):
    partner = get_object_or_404(Partner.objects.visible_to(request.user).in_reach(request.user, *TEAM_ROLES), slug=slug)
    form = ProjectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            project = actions.create_project(partner, by=request.user, **form.cleaned_data)
            messages.success(request, _("The project is created. Add its budget, its periods and its targets."))
            return redirect("impact:project", project.code)
    context = {"partner": partner, "against": rules.against_managing(partner, request.user)}
    return page(request, "impact/project_form.html", context, form=form)


def project(request, code):
    return page(request, "impact/project.html", _facts(_project(request, code), request.user))


def project_for_members(request, code):
    own = Project.objects.visible_to_members(request.user).select_related("partner")
    return page(request, "impact/space_project.html", _facts(get_object_or_404(own, code=code), request.user))


def _facts(project, user):
    """What both project pages show, read once."""
    return {
        "project": project,
        "areas": [area.get_area_display() for area in project.areas.all()],
        "places": [place.place for place in project.places.select_related("place")],
        "reports": project.reports.select_related("period").order_by("period__starts_on"),
        "targets": read_targets(project, project.targets.all()),
        "lines": project.budget_lines.all(),
        **agreed_facts(project),
        "against": rules.against_managing(project.partner, user),
    }


def project_edit(request, code):
    project = _project(request, code)
    form = ProjectForm(request.POST or None, project=project, seen=project.lock_version)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.edit_project(project, by=request.user, **form.cleaned_data)
            messages.success(request, _("The project is saved."))
            return redirect("impact:project", project.code)
    context = {
        "project": project,
        "partner": project.partner,
        "against": rules.against_managing(project.partner, request.user),
    }
    return page(request, "impact/project_form.html", context, form=form)


def budget_line_add(request, code):
    project = _project(request, code)
    form = BudgetLineForm(request.POST or None, project=project)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            line = actions.add_budget_line(project, by=request.user, **form.cleaned_data)
            messages.success(request, _("The budget line %(code)s is added.") % {"code": line.code})
            return redirect("impact:project", project.code)
    return _part_page(request, project, form, title=_("Add a budget line"), button=_("Add the line"))


def period_add(request, code):
    project = _project(request, code)
    form = PeriodForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            report = actions.add_period(project, by=request.user, **form.cleaned_data)
            messages.success(
                request,
                _("The period %(period)s is added and its report is open: the organisation is told by e-mail.")
                % {"period": report.period.label},
            )
            return redirect("impact:project", project.code)
    return _part_page(request, project, form, title=_("Add a reporting period"), button=_("Add the period"))


def _part_page(request, project, form, *, title, button):
    context = {
        "project": project,
        "title": title,
        "button": button,
        "against": rules.against_managing(project.partner, request.user),
    }
    return page(request, "impact/project_part_form.html", context, form=form)
