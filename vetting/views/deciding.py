"""Proposing, the second look, and the decision itself."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ace_partners.core.canonical import sha256_of
from ace_partners.core.forms import ActionForm, page
from ace_partners.core.pdf import PdfError, pdf_response
from partners.rules import is_member
from vetting import actions, pdf, rules, scoring
from vetting.figures import examination
from vetting.forms.team import ProposeForm, ReasonForm
from vetting.models import Decision
from vetting.views.team import examined


def propose(request, pk):
    """First shows the letter exactly as it would be sent; a second tap on the same letter passes it on."""
    dossier = examined(request, pk)
    against = rules.against_moving(dossier, "propose", request.user)
    facts = examination(dossier)
    form = propose_form(dossier, request.POST or None)
    letter = ""
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            letter = actions.preview_letter(dossier, by=request.user, **form.proposal())
            if request.POST.get("read") == sha256_of(letter):
                actions.propose(dossier, by=request.user, **form.proposal())
                messages.success(request, _("The proposal waits for a second person. You have nothing more to do."))
                return redirect("vetting:assessment", dossier.pk)
    context = {"dossier": dossier, "facts": facts, "against": against, "letter": letter, "read": sha256_of(letter)}
    return page(request, "vetting/propose.html", context, form=form)


def propose_form(dossier, data):
    items = dossier.assessed_items()
    return ProposeForm(
        data,
        seen=dossier.lock_version,
        dossier=dossier,
        criteria=list(dossier.checklist.criteria.all()),
        verdicts=rules.allowed_verdicts(items),
        gaps=[
            gap for gap in scoring.outcome(items).gaps if gap.answer in (scoring.Answer.PARTIAL, scoring.Answer.NOT_MET)
        ],
        previous=dossier.proposals.first(),
    )


def second_look(request, pk):
    dossier = examined(request, pk)
    context = {
        "dossier": dossier,
        "proposal": dossier.open_proposal,
        "facts": examination(dossier),
        "against_declaring": rules.against_declaring(dossier, request.user),
        "against": rules.against_moving(dossier, "decide", request.user),
        "against_return": rules.against_moving(dossier, "send_back", request.user),
        "decision": dossier.decisions.first(),
    }
    return page(request, "vetting/second_look.html", context)


@require_POST
def approve(request, pk):
    dossier = examined(request, pk)
    form = ActionForm(request.POST, seen=dossier.lock_version)
    if not form.is_valid():
        return redirect("vetting:second_look", dossier.pk)
    decision = actions.approve(dossier, by=request.user, **form.cleaned_data)
    messages.success(
        request, _("The decision is taken. The letter leaves in a few minutes; until then it can be stopped.")
    )
    return redirect("vetting:decision", decision.pk)


def send_back(request, pk):
    dossier = examined(request, pk)
    form = ReasonForm(request.POST or None, seen=dossier.lock_version)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.send_back(dossier, by=request.user, **form.cleaned_data)
            messages.success(request, _("The proposal is back with its examiner."))
            return redirect("vetting:assessment", dossier.pk)
    context = {"dossier": dossier, "against": rules.against_moving(dossier, "send_back", request.user)}
    return page(request, "vetting/send_back.html", context, form=form)


def _decision(request, pk):
    rows = Decision.objects.visible_to(request.user).select_related("partner", "dossier", "replaces", "replaced_by")
    return get_object_or_404(rows, pk=pk)


def decision(request, pk):
    """The released decision: one page for ACE and for the organisation, because both read the same letter."""
    row = _decision(request, pk)
    member = is_member(request.user, row.partner)
    context = {
        "decision": row,
        "criteria": row.criteria.select_related("criterion"),
        "conditions": row.conditions.select_related("item"),
        "newer": getattr(row, "replaced_by", None),
        "member": member,
        "pdf_url": f"{'vetting_space' if member else 'vetting'}:decision_pdf",
    }
    return page(request, "vetting/decision.html", context)


def decision_pdf(request, pk):
    row = _decision(request, pk)
    return _pdf(request, pdf.decision_letter, pdf.LetterFacts.of(row), f"decision-{row.reference}.pdf")


def assessment_pdf(request, pk):
    dossier = examined(request, pk)
    return _pdf(request, pdf.assessment, pdf.AssessmentFacts.of(dossier), f"evaluation-{dossier.reference}.pdf")


def _pdf(request, render_facts, facts, filename):
    try:
        return pdf_response(render_facts(facts), filename)
    except PdfError as problem:
        return render(request, "errors/refused.html", {"reasons": [str(problem)]}, status=problem.status)
