"""The examination page: one form for all findings, what a renewal takes over, and one item alone for a phone."""

from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from ace_partners.core import audit
from ace_partners.core.errors import Stale
from ace_partners.core.forms import page
from vetting import actions, phrases, rules, timing
from vetting.figures import CriterionCard, ItemCard, examination
from vetting.forms.team import FindingForm
from vetting.models import DossierStatus, Round
from vetting.performance import Line, performance_of
from vetting.risk_facts import RatingFacts
from vetting.rules import renewals
from vetting.rules.screening import screening_state
from vetting.views.team import documents_of, examined, item_of, open_moves

FORM = "constats"  # the id of the one form on the page


@dataclass(frozen=True)
class Row:
    """One item on the page. `holds`: its finding can be taken over; `why_open`: why not; `performance`: what reports suggest."""

    card: ItemCard
    form: FindingForm | None
    why_open: str
    holds: bool
    performance: Line | None

    @property
    def is_open(self):
        """Unfolded: what is left to do by hand, and what was refused."""
        refused = self.form is not None and self.form.is_bound
        return refused or not (self.card.is_settled or self.holds)


@dataclass(frozen=True)
class Section:
    """One criterion on the page. `holding`: codes whose finding of the last round can be taken over."""

    card: CriterionCard
    rows: tuple[Row, ...]
    holding: tuple[str, ...]
    lines: tuple[Line, ...]


def assessment(request, pk):
    dossier = examined(request, pk)
    facts = examination(dossier)
    against_writing = rules.against_writing_findings(dossier, request.user)
    forms = {} if against_writing else unbound(dossier, facts, request.user)
    return assessment_page(request, dossier, facts, forms, against_writing)


def assessment_page(request, dossier, facts, forms, against_writing, *, status=200):
    """The page with these forms by item code; bound ones show what was typed and what is wrong with it."""
    user = request.user
    snapshot = performance_of(dossier) if dossier.round == Round.RENEWAL else None
    clock = timing.clock_of(dossier)
    bound = [form for form in forms.values() if form.is_bound]
    context = {
        "dossier": dossier,
        "facts": facts,
        "sections": sections(facts, forms, renewals.findings_to_carry(dossier), snapshot),
        "forms": forms,
        "bound": bound,
        "has_errors": any(form.errors for form in bound),
        "performance": snapshot,
        "against_refreshing": renewals.against_refreshing(dossier, user),
        "clock": clock,
        "promise": timing.promise_of(clock),
        "against_writing": against_writing,
        "against_declaring": rules.against_declaring(dossier, user),
        "against": {move.name: rules.against_moving_dossier(dossier, move, user) for move in open_moves(dossier)},
        "changed_type": rules.against_changed_type(dossier) if dossier.is_open else [],
        "requests": [card.draft_request for card in facts.items if card.draft_request],
        "returned": dossier.proposals.filter(returned_at__isnull=False).first(),
        "decision": dossier.decisions.first() if dossier.status == DossierStatus.DECIDED else None,
        "rating": RatingFacts.of(dossier.risk_ratings.select_related("rated_by").first()),
        "screening": screening_state(dossier.partner),
        "events": audit.history(dossier)[:20],
    }
    return render(request, "vetting/assessment.html", context, status=status)


def sections(facts, forms, carriable, snapshot):
    """The page criterion by criterion."""
    holding = carriable.holding if carriable else {}
    why = carriable.open if carriable else {}
    return [
        Section(
            card=criterion,
            rows=tuple(
                Row(
                    card=card,
                    form=forms.get(card.item.code),
                    why_open=why.get(card.item.pk, ""),
                    holds=card.item.pk in holding,
                    performance=snapshot.items.get(card.item.code) if snapshot else None,
                )
                for card in criterion.items
            ),
            holding=tuple(card.item.code for card in criterion.items if card.item.pk in holding),
            lines=snapshot.lines.get(criterion.criterion.code, ()) if snapshot else (),
        )
        for criterion in facts.criteria
    ]


# --- findings ----------------------------------------------------------------------------------------------------


def finding_form(card, others, data=None, *, form_id=""):
    seen = card.finding.lock_version if card.finding else 0
    return FindingForm(data, card=card, others=others, seen=seen, form_id=form_id)


def unbound(dossier, facts, user):
    """An empty form per item, or the finding as it stands."""
    others = documents_of(dossier, user)
    return {card.item.code: finding_form(card, others, form_id=FORM) for card in facts.items}


@require_POST
def findings_save(request, pk):
    """Save all that was chosen or typed on the page, or nothing: then the page comes back with every word of it.

    `at`: the item whose button was pressed, saved even when unchanged (a finding looked at again stands for the new
    answer). `then`: "propose" leads on to the decision when nothing stands in its way.
    """
    dossier = examined(request, pk)
    facts = examination(dossier)
    others = documents_of(dossier, request.user)
    forms = {card.item.code: finding_form(card, others, request.POST, form_id=FORM) for card in facts.items}
    wanted = {code: form for code, form in forms.items() if form.needs_saving or code == request.POST.get("at")}
    if any(form.errors for form in wanted.values()):
        return _again(request, dossier, facts, wanted, status=422)
    rows = [(form.card.item, form.finding()) for form in wanted.values()]
    try:
        saved = actions.save_findings(dossier, rows, by=request.user)
    except actions.FindingRefused as refused:
        code = refused.item.code
        wanted[code] = _refused_form(wanted[code].card, others, request.POST, refused.refusal)
        return _again(request, dossier, facts, wanted, status=409 if isinstance(refused.refusal, Stale) else 403)
    if saved:
        text = ngettext("%(count)s finding saved.", "%(count)s findings saved.", len(saved))
        messages.success(request, text % {"count": len(saved)})
    return redirect(_after_saving(request, dossier, facts, {finding.item_id for finding in saved}))


def _again(request, dossier, facts, bound, *, status):
    forms = unbound(dossier, facts, request.user) | bound
    against_writing = rules.against_writing_findings(dossier, request.user)
    return assessment_page(request, dossier, facts, forms, against_writing, status=status)


def _refused_form(card, others, data, refusal):
    """The form with what was typed and why it was not saved. After a colleague's change the next saving is a choice."""
    if not isinstance(refusal, Stale):
        form = finding_form(card, others, data, form_id=FORM)
        for reason in refusal.reasons:
            form.add_error(None, reason)
        return form
    data = data.copy()
    data[f"{card.item.code}-seen"] = refusal.row.lock_version
    form = finding_form(card, others, data, form_id=FORM)
    words = _(
        "%(name)s saved a finding on %(item)s meanwhile: “%(finding)s”, %(reason)s Yours is still here, and is not saved:"
        " save it again to replace the other one."
    )
    form.add_error(
        None,
        words
        % {
            "name": refusal.row.author,
            "item": card.item.code,
            "finding": refusal.row.get_answer_display(),
            "reason": refusal.row.reason,
        },
    )
    return form


def _after_saving(request, dossier, facts, saved):
    """To the decision if that was asked and nothing is in its way; else to the next item that is still open."""
    if request.POST.get("then") == "propose" and not rules.against_moving(dossier, "propose", request.user):
        return reverse("vetting:propose", args=[dossier.pk])
    left = [card.item.code for card in facts.items if card.item.pk not in saved and not card.is_settled]
    after = [code for code in left if code > request.POST.get("at", "")] or left
    return reverse("vetting:assessment", args=[dossier.pk]) + (f"#{after[0]}" if after else "")


def finding(request, pk, code):
    """One card by itself: a page that a phone can bear."""
    dossier = examined(request, pk)
    item = item_of(dossier, code)
    facts = examination(dossier)
    card = next(card for card in facts.items if card.item.pk == item.pk)
    form = finding_form(card, documents_of(dossier, request.user), request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.save_finding(dossier, item, by=request.user, **form.finding())
            messages.success(request, _("%(item)s: finding saved.") % {"item": item.code})
            return redirect(f"{reverse('vetting:assessment', args=[dossier.pk])}#{item.code}")
    against = rules.against_writing_findings(dossier, request.user)
    context = {"dossier": dossier, "card": card, "facts": facts, "against": against}
    return page(request, "vetting/finding.html", context, form=form)


@require_POST
def carry(request, pk, code):
    """Take over the findings of one criterion that still hold."""
    dossier = examined(request, pk)
    criterion = get_object_or_404(dossier.checklist.criteria, code=code)
    findings = actions.carry_findings(dossier, criterion, by=request.user)
    text = ngettext(
        "Criterion %(number)s: %(count)s finding taken over.",
        "Criterion %(number)s: %(count)s findings taken over.",
        len(findings),
    )
    messages.success(request, text % {"number": phrases.number_of(code), "count": len(findings)})
    return redirect(f"{reverse('vetting:assessment', args=[dossier.pk])}#{code}")
