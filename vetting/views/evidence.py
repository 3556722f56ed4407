"""Other bodies' assessments in the organisation's space, and ACE's page that accepts a paper after a decision."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ace_partners.core.forms import page
from ace_partners.core.rights import CASE_ROLES, EDITING_ROLES, Role
from partners.models import COUNTS, Document, Partner, Validity
from partners.rules import is_member
from vetting.actions import evidence as actions
from vetting.forms.evidence import AcceptForm, AssessmentForm, ReferenceForm
from vetting.models import Dossier, Finding, OtherAssessment
from vetting.rules import against_answering
from vetting.rules import evidence as rules
from vetting.views.space import answer_of, dossier_of, frame

# --- other bodies' assessments -----------------------------------------------------------------------------------


def partner_of(request, slug):
    """An organisation whose assessments the reader may see; 404 for every other."""
    readable = Partner.objects.in_reach(request.user, *CASE_ROLES, *EDITING_ROLES, Role.AUDITOR)
    return get_object_or_404(readable, slug=slug)


def assessments_of(request, partner):
    rows = OtherAssessment.objects.visible_to(request.user).filter(partner=partner)
    return rows.select_related("document__type", "document__file", "added_by")


def own_documents(request, partner):
    documents = Document.objects.visible_to(request.user).filter(partner=partner)
    return documents.current().select_related("type", "file")


@require_safe
def assessments(request, slug):
    partner = partner_of(request, slug)
    context = {
        "partner": partner,
        "assessments": assessments_of(request, partner),
        "against": rules.against_adding_assessment(partner, request.user),
        "on_behalf": not is_member(request.user, partner),
    }
    return page(request, "vetting/evidence/assessments.html", context)


def assessment_add(request, slug):
    partner = partner_of(request, slug)
    form = AssessmentForm(request.POST or None, documents=own_documents(request, partner))
    back = reverse("vetting_space:assessments", args=[slug])
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            row = actions.add_assessment(partner, by=request.user, **form.cleaned_data)
            messages.success(request, _("“%(assessment)s” is noted.") % {"assessment": row})
            return redirect(back)
    context = {
        "partner": partner,
        "back": back,
        "against": rules.against_adding_assessment(partner, request.user),
        "on_behalf": not is_member(request.user, partner),
    }
    return page(request, "vetting/evidence/assessment_form.html", context, form=form)


def reference_add(request, pk, code):
    """Choose among the assessments that are noted already and do not stand beside this answer."""
    row = dossier_of(request, pk)
    answer = answer_of(row, code)
    attached = answer.references.values("assessment")
    noted = assessments_of(request, row.partner).exclude(pk__in=attached)
    form = ReferenceForm(request.POST or None, assessments=noted)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.attach_reference(answer, form.cleaned_data["assessment"], by=request.user)
            messages.success(request, _("The assessment stands beside your answer."))
            return redirect("vetting_space:answer", row.pk, code)
    against = against_answering(row, request.user, answer.item)
    context = frame(request, row) | {"answer": answer, "against": against, "noted": noted}
    return page(request, "vetting/evidence/reference_add.html", context, form=form)


def reference_new(request, pk, code):
    """Note a new assessment and lean the answer on it, in one step."""
    row = dossier_of(request, pk)
    answer = answer_of(row, code)
    form = AssessmentForm(request.POST or None, documents=own_documents(request, row.partner))
    back = reverse("vetting_space:answer", args=[row.pk, code])
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            assessment = actions.add_assessment(row.partner, by=request.user, **form.cleaned_data)
            actions.attach_reference(answer, assessment, by=request.user)
            messages.success(request, _("The assessment stands beside your answer."))
            return redirect(back)
    context = frame(request, row) | {
        "answer": answer,
        "partner": row.partner,
        "back": back,
        "against": against_answering(row, request.user, answer.item),
    }
    return page(request, "vetting/evidence/assessment_form.html", context, form=form)


@require_POST
def reference_remove(request, pk, code, reference_pk):
    row = dossier_of(request, pk)
    references = answer_of(row, code).references.select_related("answer__item", "answer__dossier")
    actions.detach_reference(get_object_or_404(references, pk=reference_pk), by=request.user)
    messages.success(request, _("The assessment is taken off this answer; it stays in your file."))
    return redirect("vetting_space:answer", row.pk, code)


# --- a paper accepted after a decision ---------------------------------------------------------------------------


def accept(request, pk):
    """For a finding in force whose key paper lapsed: choose the valid paper, and its page, that takes its place."""
    readable = Dossier.objects.visible_to(request.user).examined_by(request.user)
    finding = get_object_or_404(Finding, pk=pk, dossier__in=readable)
    partner = finding.dossier.partner
    documents = own_documents(request, partner).filter(type__code__in=rules.types_for(finding))
    usable = [document for document in documents if document.validity(timezone.localdate()) in COUNTS]
    choices = documents.filter(pk__in=[document.pk for document in usable])
    form = AcceptForm(request.POST or None, documents=choices)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            row = actions.accept_evidence(finding, by=request.user, **form.cleaned_data)
            messages.success(
                request, _("%(item)s now rests on “%(document)s”.") % {"item": finding.item.code, "document": row}
            )
            return redirect(reverse("desk:partner", args=[partner.slug]) + "#documents")
    context = {
        "finding": finding,
        "partner": partner,
        "usable": usable,
        "evidence": finding.evidence.select_related("document__type", "document__file"),
        "renewals": finding.renewals.select_related("document__type", "document__file", "accepted_by"),
        "types": finding.item.document_types.exclude(validity=Validity.NOT_ACCEPTED),
        "against": rules.against_accepting(finding, request.user),
    }
    return page(request, "vetting/evidence/accept.html", context, form=form)
