"""Replacing the decision in force: the proposal, and the second person's look at it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ace_partners.core.forms import ActionForm, page
from ace_partners.core.rights import Role
from partners.models import Partner
from vetting.actions import replacing as actions
from vetting.forms.replacing import ReplaceForm
from vetting.forms.team import ReasonForm
from vetting.models import EXAMINING_ROLES, Decision, Proposal, ProposalKind
from vetting.rules import replacing as rules


def _decision(request, pk):
    """For those who examine, and for the monitoring officer, who may propose an exclusion."""
    partners = Partner.objects.in_reach(request.user, *EXAMINING_ROLES, Role.ME_OFFICER)
    rows = Decision.objects.visible_to(request.user).filter(partner__in=partners)
    return get_object_or_404(
        rows.select_related("partner", "dossier__checklist", "dossier__partner", "replaced_by", "proposal"), pk=pk
    )


def replace(request, pk):
    """Propose a decision in place of this one: a correction, the outcome of a review, an exclusion."""
    decision = _decision(request, pk)
    kinds = rules.kinds_for(decision, request.user)
    against = rules.against_replacing(decision, request.user)
    form = ReplaceForm(
        request.POST or None,
        decision=decision,
        kinds=kinds,
        # An exclusion rests on what came after the round; a monitoring officer does not read the findings (design §6).
        items=[] if kinds == [ProposalKind.EXCLUSION] else list(decision.dossier.items),
    )
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            proposal = actions.propose_replacement(decision, by=request.user, **form.replacement())
            messages.success(
                request, _("The proposal waits for a second person. The decision in force stays meanwhile.")
            )
            return redirect("vetting:replacement", proposal.pk)
    context = {"decision": decision, "against": against, "review": rules.hearing_of(decision)}
    return page(request, "vetting/reviews/replace.html", context, form=form)


def _proposal(request, pk):
    rows = Proposal.objects.visible_to(request.user).exclude(kind=ProposalKind.ROUND)
    return get_object_or_404(
        rows.select_related(
            "dossier__partner", "replaces__replaced_by", "proposed_by", "returned_by", "risk", "decision"
        ),
        pk=pk,
    )


def replacement(request, pk):
    row = _proposal(request, pk)
    context = {
        "proposal": row,
        "form": ActionForm(),
        "changes": _changes(row),
        "decision": getattr(row, "decision", None),
        "against": rules.against_approving_replacement(row, request.user),
    }
    return page(request, "vetting/reviews/replacement.html", context)


def _changes(proposal):
    """(item, answer before, answer now) of the findings that this decision reads differently."""
    findings = proposal.dossier.findings.select_related("item")
    labels = dict(findings.model._meta.get_field("answer").choices)
    return [
        (finding.item, finding.get_answer_display(), labels[proposal.changed_findings[finding.item.code]])
        for finding in findings
        if finding.item.code in proposal.changed_findings
    ]


@require_POST
def approve(request, pk):
    decision = actions.approve_replacement(_proposal(request, pk), by=request.user)
    messages.success(
        request, _("The decision is taken. The letter leaves in a few minutes; until then it can be stopped.")
    )
    return redirect("vetting:decision", decision.pk)


def return_(request, pk):
    row = _proposal(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.return_replacement(row, by=request.user, **form.cleaned_data)
            messages.success(request, _("The proposal is back with the one who made it; the decision in force stays."))
            return redirect("vetting:replacement", row.pk)
    against = rules.against_approving_replacement(row, request.user)
    return page(request, "vetting/reviews/replacement_return.html", {"proposal": row, "against": against}, form=form)
