"""Proposing, the second look, and the decision itself."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ace_partners.core.canonical import sha256_of
from ace_partners.core.forms import page
from ace_partners.core.pdf import pdf_response
from partners.rules import is_member
from vetting import actions, risk, risk_phrases, rules, scoring
from vetting.criterion_reasons import reasons_where_met
from vetting.figures import examination
from vetting.forms.deciding import ApproveForm, ProposeForm, SendBackForm
from vetting.models import CapacityPlan, Decision, RiskBand, RiskRating
from vetting.pdf import dossiers as pdf
from vetting.risk_facts import RatingFacts, oversight_words
from vetting.rules import replacing as replacing_rules
from vetting.rules import reviews as review_rules
from vetting.rules import risk as risk_rules
from vetting.rules.screening import screening_state
from vetting.views.team import examined


def propose(request, pk):
    """First shows the letter exactly as it would be sent; a second tap on the same letter and rating passes it on."""
    dossier = examined(request, pk)
    against = rules.against_moving(dossier, "propose", request.user)
    facts = examination(dossier)
    form = propose_form(dossier, request.POST or None, reasons_where_met(facts))
    letter, read = "", ""
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            letter = actions.preview_letter(dossier, by=request.user, **form.proposal())
            read = what_is_read(letter, form)
            if request.POST.get("read") == read:
                actions.propose(dossier, by=request.user, **form.proposal())
                messages.success(request, _("The proposal waits for a second person. You have nothing more to do."))
                return redirect("vetting:assessment", dossier.pk)
    context = {
        "dossier": dossier,
        "facts": facts,
        "against": against,
        "letter": letter,
        "read": read,
        "band": risk_phrases.band_label(form.rating.band),
        "risk": risk_words(form.rating),
    }
    return page(request, "vetting/propose.html", context, form=form)


def what_is_read(letter, form):
    """One word for the letter and the rating on the page: when either changes, the last button shows the page again."""
    rating = form.rating
    return sha256_of([letter, form.suggestion.suggested, rating.score, rating.band, rating.blocked])


def risk_words(rating):
    """What a rating that is not stored yet says and decides, for the page."""
    return {
        "label": RiskBand(rating.band).label,
        "overrides": [risk_phrases.OVERRIDES[code] for code in rating.overrides],
        "oversight": oversight_words(rating.band),
        "review_months": risk.review_months(rating.band),
    }


def propose_form(dossier, data, reasons):
    """`reasons`: what the reason of a criterion begins with, by its code."""
    items = dossier.assessed_items()
    return ProposeForm(
        data,
        initial={f"reason_{code}": sentence for code, sentence in reasons.items()},
        seen=dossier.lock_version,
        dossier=dossier,
        criteria=list(dossier.checklist.criteria.all()),
        verdicts=rules.allowed_verdicts(items),
        overrides=rules.allowed_overrides(items),
        gaps=[
            gap for gap in scoring.outcome(items).gaps if gap.answer in (scoring.Answer.PARTIAL, scoring.Answer.NOT_MET)
        ],
        suggestion=risk_rules.suggest(dossier),
        previous=dossier.proposals.select_related("risk").first(),
    )


def second_look(request, pk):
    return second_look_page(request, examined(request, pk))


def second_look_page(request, dossier, form=None):
    """What the second person reads and presses; with `form` after a refusal."""
    proposal = dossier.open_proposal
    context = {
        "dossier": dossier,
        "proposal": proposal,
        "facts": examination(dossier),
        "rating": RatingFacts.of(proposal.risk) if proposal else None,
        "screening": screening_state(dossier.partner) if proposal else None,
        "against": rules.against_once_declared(dossier, "decide", request.user),
        "against_return": rules.against_once_declared(dossier, "send_back", request.user),
        "decision": dossier.decisions.first(),
    }
    return page(request, "vetting/second_look.html", context, form=form or approve_form(request, dossier))


def approve_form(request, dossier, data=None):
    declares = not rules.against_declaring(dossier, request.user)
    return ApproveForm(data, seen=dossier.lock_version, declares=declares)


@require_POST
def approve(request, pk):
    """Declaration and approval with one button: who has a link is noted as such, and approves nothing."""
    dossier = examined(request, pk)
    form = approve_form(request, dossier, request.POST)
    if form.is_valid():
        if form.cleaned_data.get("has_link"):
            return has_a_link(request, dossier)
        with form.refusals():
            decision = actions.approve(dossier, by=request.user, **second_look_values(form))
            messages.success(
                request, _("The decision is taken. The letter leaves in a few minutes; until then it can be stopped.")
            )
            return redirect("vetting:decision", decision.pk)
    return second_look_page(request, dossier, form)


def has_a_link(request, dossier):
    """Note the link and leave the proposal to somebody else."""
    actions.declare(dossier, by=request.user, has_link=True)
    messages.warning(request, _("Thank you. A colleague takes over; you have nothing more to do here."))
    return redirect("vetting:second_look", dossier.pk)


def second_look_values(form):
    """The clean values as `approve` and `send_back` take them."""
    values = dict(form.cleaned_data)
    has_link = values.pop("has_link", None)
    return {**values, "no_link": has_link is False}


def send_back(request, pk):
    dossier = examined(request, pk)
    declares = not rules.against_declaring(dossier, request.user)
    form = SendBackForm(request.POST or None, seen=dossier.lock_version, declares=declares)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data.get("has_link"):
            return has_a_link(request, dossier)
        with form.refusals():
            actions.send_back(dossier, by=request.user, **second_look_values(form))
            messages.success(request, _("The proposal is back with its examiner."))
            return redirect("vetting:assessment", dossier.pk)
    context = {"dossier": dossier, "against": rules.against_once_declared(dossier, "send_back", request.user)}
    return page(request, "vetting/send_back.html", context, form=form)


def _decision(request, pk):
    rows = Decision.objects.visible_to(request.user).select_related(
        "partner", "dossier", "proposal", "replaces", "replaced_by"
    )
    return get_object_or_404(rows, pk=pk)


def rating_for(user, decision):
    """The rating that a decision rests on, for those who may read it: ACE's examiners, never the organisation."""
    ratings = RiskRating.objects.visible_to(user).select_related("rated_by")
    return ratings.filter(pk=decision.proposal.risk_id).first()


def decision(request, pk):
    """The released decision: one page for ACE and for the organisation, because both read the same letter."""
    row = _decision(request, pk)
    member = is_member(request.user, row.partner)
    context = {
        "decision": row,
        "criteria": row.criteria.select_related("criterion"),
        "conditions": row.conditions.select_related("item"),
        "plan": CapacityPlan.objects.visible_to(request.user).filter(decision=row).first(),
        "newer": getattr(row, "replaced_by", None),
        "rating": RatingFacts.of(rating_for(request.user, row)),
        "member": member,
        "review": row.reviews.first(),
        "against_asking": review_rules.against_asking(row, request.user) if member else [],
        "may_replace": not member and not replacing_rules.against_replacing(row, request.user),
        "pdf_url": f"{'vetting_space' if member else 'vetting'}:decision_pdf",
    }
    return page(request, "vetting/decision.html", context)


def decision_pdf(request, pk):
    row = _decision(request, pk)
    return pdf_response(pdf.decision_letter(pdf.LetterFacts.of(row)), f"decision-{row.reference}.pdf")


def assessment_pdf(request, pk):
    dossier = examined(request, pk)
    return pdf_response(pdf.assessment(pdf.AssessmentFacts.of(dossier)), f"evaluation-{dossier.reference}.pdf")
