"""What is agreed around a project: ACE's money page and its forms, and the organisation's reading of the same."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ace_partners.core.forms import ActionForm, page
from impact.actions import agreements as actions
from impact.forms.agreements import AgreementForm, ConsultationForm, InstallmentForm, JointPartnerForm
from impact.models import Project
from impact.payments import read_money, still_needed
from impact.rules import agreements as rules
from impact.rules import projects as project_rules
from partners.models import Partner


def _project(request, code):
    return get_object_or_404(Project.objects.visible_to_team(request.user).select_related("partner"), code=code)


def signed_agreement(project):
    """The agreement of a visible project, else 404."""
    if (found := getattr(project, "agreement", None)) is None:
        raise Http404
    return found


def agreed_facts(project):
    """What both project pages show of the talks and of the joint partners, read once."""
    return {
        "consultations": list(project.consultations.select_related("place")),
        "joint": list(project.joint_partners.select_related("partner").order_by("partner__name")),
    }


# --- the money page ---------------------------------------------------------------------------------------------------


def agreement(request, code):
    return _money_page(request, _project(request, code))


def agreement_approve(request, code):
    project = _project(request, code)
    row = signed_agreement(project)
    if request.method != "POST":
        return redirect("impact:agreement", project.code)
    form = ActionForm(request.POST, seen=row.lock_version)
    if form.is_valid():
        with form.refusals():
            actions.approve_agreement(row, by=request.user, **form.cleaned_data)
            messages.success(request, _("The agreement is approved: the organisation is told by e-mail."))
            return redirect("impact:agreement", project.code)
    return _money_page(request, project, form=form)


def _money_page(request, project, form=None):
    money, user = read_money(project), request.user
    row = money.agreement
    context = {
        "project": project,
        "money": money,
        "against": project_rules.against_managing(project.partner, user),
        "against_proposing": rules.against_proposer(project.partner, user),
        "against_approving": rules.against_approving(row, user) if row and not row.is_approved else [],
    }
    if form is None and row:
        form = ActionForm(seen=row.lock_version)
    return page(request, "impact/agreements/agreement.html", context, form=form)


def agreement_for_members(request, code):
    own = Project.objects.visible_to_members(request.user).select_related("partner")
    project = get_object_or_404(own, code=code)
    money = read_money(project)
    context = {"project": project, "money": money, "needed": still_needed(money.next) if money.next else []}
    return page(request, "impact/agreements/own_agreement.html", context)


def agreement_edit(request, code):
    project = _project(request, code)
    known = getattr(project, "agreement", None)
    form = AgreementForm(request.POST or None, agreement=known, seen=known.lock_version if known else None)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            if known:
                actions.edit_agreement(known, by=request.user, **form.cleaned_data)
            else:
                actions.sign_agreement(project, by=request.user, **form.cleaned_data)
            messages.success(request, _("The agreement is saved."))
            return redirect("impact:agreement", project.code)
    against = project_rules.against_managing(project.partner, request.user)
    title = _("Change the agreement") if known else _("Write down the agreement")
    return _form_page(request, project, form, title=title, button=_("Save the agreement"), against=against)


def installment_add(request, code):
    project = _project(request, code)
    row = signed_agreement(project)
    form = InstallmentForm(request.POST or None, project=project)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            line = actions.add_installment(row, by=request.user, **form.cleaned_data)
            messages.success(request, _("Payment %(number)s is in the calendar.") % {"number": line.number})
            return redirect("impact:agreement", project.code)
    against = project_rules.against_managing(project.partner, request.user)
    return _form_page(
        request, project, form, title=_("Plan a payment"), button=_("Add to the calendar"), against=against
    )


@require_POST
def installment_remove(request, code, number):
    project = _project(request, code)
    line = get_object_or_404(signed_agreement(project).installments, number=number)
    actions.remove_installment(line, by=request.user)
    messages.success(request, _("The planned payment is removed from the calendar."))
    return redirect("impact:agreement", project.code)


# --- consultations, joint partners --------------------------------------------------------------------------------------


def consultation_add(request, code):
    project = _project(request, code)
    form = ConsultationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.add_consultation(project, by=request.user, **form.cleaned_data)
            messages.success(request, _("The consultation is written down; the public page of the project shows it."))
            return redirect("impact:project", project.code)
    against = project_rules.against_managing(project.partner, request.user)
    title, button = _("Write down a consultation"), _("Save the consultation")
    return _form_page(request, project, form, title=title, button=button, against=against, back="impact:project")


@require_POST
def consultation_remove(request, code, pk):
    project = _project(request, code)
    actions.remove_consultation(get_object_or_404(project.consultations, pk=pk), by=request.user)
    messages.success(request, _("The consultation is removed."))
    return redirect("impact:project", project.code)


def joint_add(request, code):
    project = _project(request, code)
    form = JointPartnerForm(
        request.POST or None, project=project, partners=Partner.objects.visible_to_team(request.user)
    )
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            joint = actions.add_joint_partner(project, by=request.user, **form.cleaned_data)
            messages.success(request, _("%(partner)s is a joint partner of the project.") % {"partner": joint.partner})
            return redirect("impact:project", project.code)
    against = project_rules.against_managing(project.partner, request.user)
    title, button = _("Add a joint partner"), _("Add the organisation")
    return _form_page(request, project, form, title=title, button=button, against=against, back="impact:project")


@require_POST
def joint_remove(request, code, pk):
    project = _project(request, code)
    joint = get_object_or_404(project.joint_partners.select_related("partner"), pk=pk)
    actions.remove_joint_partner(joint, by=request.user)
    messages.success(request, _("The organisation is no joint partner of the project any more."))
    return redirect("impact:project", project.code)


def _form_page(request, project, form, *, title, button, against, back="impact:agreement"):
    context = {
        "project": project,
        "title": title,
        "button": button,
        "against": against,
        "back": reverse(back, args=[project.code]),
    }
    return page(request, "impact/agreements/form.html", context, form=form)
