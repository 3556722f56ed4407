"""The capacity plan on both sides: the organisation works on its steps, ACE judges them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ace_partners.core import audit
from ace_partners.core.forms import ActionForm, page
from ace_partners.core.pdf import pdf_response
from ace_partners.core.rights import CASE_ROLES, Role
from partners.models import Document, DocumentType
from partners.rules import is_member
from vetting.actions import plans as actions
from vetting.filters import PlanFilter
from vetting.forms.plans import ExtendForm, SendStepForm, StepReasonForm
from vetting.forms.space import EvidenceForm
from vetting.models import CapacityAction, CapacityPlan
from vetting.pdf import plans as paper
from vetting.plan_facts import plan_facts, step_facts, with_steps
from vetting.rules import plans as rules

PER_PAGE = 20
EVENTS_SHOWN = 20
PLAN_ROWS = ("partner", "decision__dossier", "decision__replaced_by__plan")


def _plan(rows, pk):
    return get_object_or_404(rows.select_related(*PLAN_ROWS), pk=pk)


def _step(rows, pk):
    """A step with its plan, for those who may read it; 404 for everybody else."""
    related = ["item__criterion", "evidence_type", *(f"plan__{name}" for name in PLAN_ROWS)]
    return get_object_or_404(rows.select_related(*related), pk=pk)


def _own_plan(request, pk):
    return _plan(CapacityPlan.objects.visible_to(request.user), pk)


def _own_step(request, pk):
    return _step(CapacityAction.objects.visible_to(request.user), pk)


def _team_plan(request, pk):
    return _plan(CapacityPlan.objects.visible_to_team(request.user), pk)


def _team_step(request, pk):
    return _step(CapacityAction.objects.visible_to_team(request.user), pk)


def _step_frame(request, row):
    """What both sides see of a step: what was agreed, its documents, ACE's remark, the note of the last sending."""
    sent = audit.history(row).filter(action="capacity.send_evidence").first()
    return {
        "facts": step_facts(row, row.plan),
        "plan": row.plan,
        "step": row,
        "in_force": rules.is_in_force(row.plan),
        "note": sent.reason if sent else "",
        "evidence": row.evidence.select_related("document__type", "document__file").order_by("pk"),
        "on_behalf": not is_member(request.user, row.plan.partner),
    }


def _paper(request, plan):
    """The plan on paper: both sides hold the same."""
    content = paper.plan(paper.PaperFacts.of(plan_facts(plan)))
    return pdf_response(content, f"plan-{plan.reference}.pdf")


# --- the organisation --------------------------------------------------------------------------------------------


def own_plan(request, pk):
    row = _own_plan(request, pk)
    context = {"facts": plan_facts(row), "plan": row, "on_behalf": not is_member(request.user, row.partner)}
    return page(request, "vetting/plans/own_plan.html", context)


def own_plan_pdf(request, pk):
    return _paper(request, _own_plan(request, pk))


def own_step(request, pk):
    row = _own_step(request, pk)
    return _own_step_page(request, row, SendStepForm(seen=row.lock_version))


def _own_step_page(request, row, form):
    context = _step_frame(request, row) | {
        "against_changing": rules.against_changing_evidence(row, request.user),
        "against_starting": rules.against_taking(row, "start", request.user),
        "against_sending": rules.against_taking(row, "send_evidence", request.user),
        "start_form": ActionForm(seen=row.lock_version),
    }
    return page(request, "vetting/plans/own_step.html", context, form=form)


def step_attach(request, pk):
    row = _own_step(request, pk)
    documents = Document.objects.visible_to(request.user).filter(partner=row.plan.partner).current()
    form = EvidenceForm(
        request.POST or None,
        request.FILES or None,
        documents=documents.select_related("type"),
        types=_types_for(row),
    )
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            document = _attached(row, request.user, form.cleaned_data)
            messages.success(request, _("%(document)s is attached.") % {"document": document})
            return redirect("vetting_space:step", row.pk)
    context = _step_frame(request, row) | {"against": rules.against_changing_evidence(row, request.user)}
    return page(request, "vetting/plans/step_attach.html", context, form=form)


def _types_for(row):
    """What the new file may be: the paper expected and those of the item; any paper where the item names none."""
    codes = {*row.item.documents, *([row.evidence_type.code] if row.evidence_type else [])}
    named = DocumentType.objects.filter(code__in=codes)
    return named if named.exists() else DocumentType.objects.all()


def _attached(row, user, values):
    if document := values["document"]:
        actions.attach_document(row, document, by=user)
        return document
    facts = {name: values[name] for name in ("type", "upload", "title", "issued_on", "expires_on")}
    return actions.attach_new_document(row, by=user, **facts)


@require_POST
def step_detach(request, pk, evidence_pk):
    row = _own_step(request, pk)
    actions.detach_document(get_object_or_404(row.evidence, pk=evidence_pk), by=request.user)
    messages.success(request, _("The document is taken off this step; it stays in your file."))
    return redirect("vetting_space:step", row.pk)


@require_POST
def step_start(request, pk):
    row = _own_step(request, pk)
    form = ActionForm(request.POST, seen=row.lock_version)
    if form.is_valid():
        actions.start(row, by=request.user, **form.cleaned_data)
        messages.success(request, _("Good: ACE sees that you have begun."))
    return redirect("vetting_space:step", row.pk)


@require_POST
def step_send(request, pk):
    row = _own_step(request, pk)
    form = SendStepForm(request.POST, seen=row.lock_version)
    if form.is_valid():
        with form.refusals():
            actions.send_evidence(row, by=request.user, **form.cleaned_data)
            messages.success(request, _("ACE has your evidence for this step and will write to you."))
            return redirect("vetting_space:plan", row.plan_id)
    return _own_step_page(request, row, form)


# --- ACE ---------------------------------------------------------------------------------------------------------


def plan_list(request):
    if not request.user.roles & (CASE_ROLES | {Role.AUDITOR}):
        raise Http404
    plans = with_steps(CapacityPlan.objects.visible_to_team(request.user)).select_related(
        "partner", "decision__replaced_by"
    )
    ordered = plans.order_by("next_due", "pk")
    found = PlanFilter(request.GET, queryset=ordered, request=request)
    page_obj = Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
    return page(request, "vetting/plans/plan_list.html", {"filter": found, "page_obj": page_obj})


def plan(request, pk):
    row = _team_plan(request, pk)
    return page(request, "vetting/plans/plan.html", {"facts": plan_facts(row), "plan": row})


def plan_pdf(request, pk):
    return _paper(request, _team_plan(request, pk))


def step(request, pk):
    row = _team_step(request, pk)
    context = _step_frame(request, row) | {
        "validate_form": ActionForm(seen=row.lock_version),
        "against": {name: rules.against_taking(row, name, request.user) for name in rules.JUDGED_BY_ACE},
        "against_extending": rules.against_extending(row, request.user),
        "events": audit.history(row)[:EVENTS_SHOWN],
    }
    return page(request, "vetting/plans/step.html", context)


@require_POST
def step_validate(request, pk):
    row = _team_step(request, pk)
    form = ActionForm(request.POST, seen=row.lock_version)
    if form.is_valid():
        actions.validate(row, by=request.user, **form.cleaned_data)
        messages.success(request, _("The step is validated and the organisation has been told."))
    return redirect("vetting:step", row.pk)


def step_send_back(request, pk):
    row = _team_step(request, pk)
    form = StepReasonForm(request.POST or None, seen=row.lock_version)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.send_back(row, by=request.user, **form.cleaned_data)
            messages.success(request, _("The step is back with the organisation, with your reason."))
            return redirect("vetting:step", row.pk)
    context = _step_frame(request, row) | {"against": rules.against_taking(row, "send_back", request.user)}
    return page(request, "vetting/plans/step_send_back.html", context, form=form)


def step_extend(request, pk):
    row = _team_step(request, pk)
    form = ExtendForm(request.POST or None, seen=row.lock_version)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.extend(row, by=request.user, **form.cleaned_data)
            messages.success(request, _("The step has a later day and the organisation has been told."))
            return redirect("vetting:step", row.pk)
    against = rules.against_extending(row, request.user)
    context = _step_frame(request, row) | {"against": against, "latest": rules.last_day(row)}
    return page(request, "vetting/plans/step_extend.html", context, form=form)


def step_drop(request, pk):
    row = _team_step(request, pk)
    form = StepReasonForm(request.POST or None, seen=row.lock_version)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.drop(row, by=request.user, **form.cleaned_data)
            messages.success(request, _("The step is dropped and the organisation has been told why."))
            return redirect("vetting:step", row.pk)
    context = _step_frame(request, row) | {"against": rules.against_taking(row, "drop", request.user)}
    return page(request, "vetting/plans/step_drop.html", context, form=form)
