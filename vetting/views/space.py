"""The organisation's own road through its dossier; a due-diligence officer may walk it on its behalf."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from ace_partners.core.forms import page
from partners.actions import add_document
from partners.models import Document, Validity
from partners.rules import is_member, warnings_about
from vetting import actions, carrying, rules, timing
from vetting.forms.space import AnswerForm, EvidenceForm, SubmitForm
from vetting.models import Dossier, DossierStatus
from vetting.rules import renewals
from vetting.views.team import item_of, withdrawal


def dossier_of(request, pk):
    dossiers = Dossier.objects.visible_to(request.user)
    return get_object_or_404(dossiers.select_related("partner", "checklist"), pk=pk)


def answers_of(dossier):
    related = dossier.answers.select_related("item__criterion", "updated_by")
    papers = ("evidence__document__type", "evidence__document__file", "references__assessment")
    return list(related.prefetch_related(*papers))


def answer_of(dossier, code):
    item = item_of(dossier, code)
    return get_object_or_404(dossier.answers.select_related("item__criterion", "dossier__partner"), item=item)


def frame(request, dossier):
    """What every page of the dossier shows: who is asked, whether ACE writes for them, what is still missing."""
    return {
        "dossier": dossier,
        "on_behalf": not is_member(request.user, dossier.partner),
        "against_answering": rules.against_answering(dossier, request.user),
        "asked": rules.asked_back(dossier),
        "carried": carrying.carried_answers(dossier) if dossier.status == DossierStatus.COLLECTING else {},
        "changed_type": rules.against_changed_type(dossier) if dossier.is_with_partner else [],
    }


def dossier(request, pk):
    row = dossier_of(request, pk)
    context = frame(request, row)
    asked_only = row.status == DossierStatus.CHANGES_REQUESTED
    answers = answers_of(row)
    missing = {answer.item_id for answer in rules.unanswered(row)} if row.is_with_partner else set()
    shown = [answer for answer in answers if not asked_only or answer.item_id in context["asked"]]
    context |= {
        "groups": groups(row, shown, missing, context),
        "missing": len(missing),
        "total": len(shown),
        "asked_only": asked_only,
        "rest": [answer for answer in answers if answer not in shown],
        "promise": timing.promise_of(timing.clock_of(row)),
        "against_confirming": renewals.against_confirming(row, request.user),
        "versions": row.versions.order_by("-number"),
        "decision": row.decisions.first(),
    }
    return page(request, "vetting/space_dossier.html", context)


def groups(row, answers, missing, context):
    """(criterion, its lines, how many answers one tap confirms), in the order of the checklist."""
    by_criterion = {}
    for answer in answers:
        by_criterion.setdefault(answer.item.criterion, []).append(answer)
    carried = context["carried"]
    return [
        (
            criterion,
            [task(row, answer, missing, context["asked"], carried.get(answer.pk)) for answer in rows],
            sum(1 for answer in rows if answer.pk in carried and carried[answer.pk].can_be_confirmed),
        )
        for criterion, rows in by_criterion.items()
    ]


def task(row, answer, missing, asked, carried=None):
    """One line of the task list, as components/task_list.html takes it."""
    done = answer.item_id not in missing
    confirm = carried is not None and carried.is_unconfirmed and not carried.is_empty
    return {
        "title": f"{answer.item.code} · {answer.item.section}",
        "hint": asked[answer.item_id].remark if answer.item_id in asked else _carried_hint(carried, done),
        "url": reverse("vetting_space:answer", args=[row.pk, answer.item.code]),
        "code": "done" if done else "todo",
        "label": _("Answered") if done else _("To confirm") if confirm else _("To do"),
        "tone": "good" if done else "none",
    }


def _carried_hint(carried, done):
    """Why an answer of the last round is not enough, on the line of its item."""
    if carried is None or done:
        return ""
    if carried.is_new:
        return _("New: it was not asked last time.")
    if carried.is_reworded:
        return _("Reworded since your last answer.")
    return " ".join(carried.lapsed)


def answer(request, pk, code):
    row = dossier_of(request, pk)
    current = answer_of(row, code)
    types = list(current.item.document_types.exclude(validity=Validity.NOT_ACCEPTED))
    form = AnswerForm(
        request.POST or None,
        seen=current.lock_version,
        initial={"text": current.text, "absence": current.absence},
        asks_for_papers=bool(types or current.absence),
    )
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.save_answer(current, by=request.user, **form.cleaned_data)
            messages.success(request, _("%(item)s: your answer is saved.") % {"item": current.item.code})
            return redirect(next_page(row, current))
    context = frame(request, row) | {
        "answer": current,
        "remark": rules.asked_back(row).get(current.item_id),
        "against": rules.against_answering(row, request.user, current.item),
        "evidence": current.evidence.select_related("document__type", "document__file"),
        "references": current.references.select_related("assessment__document__type", "assessment__document__file"),
        "types": types,
    }
    context["carried_answer"] = context["carried"].get(current.pk)
    context["confirm"] = not renewals.against_confirming(row, request.user)
    return page(request, "vetting/space_answer.html", context, form=form)


def next_page(row, current):
    """The next point still to answer after this one, else the list."""
    later = [answer for answer in rules.unanswered(row) if answer.item.position > current.item.position]
    if later:
        return reverse("vetting_space:answer", args=[row.pk, later[0].item.code])
    return reverse("vetting_space:dossier", args=[row.pk])


@require_POST
def confirm(request, pk, code):
    """One tap for what did not change: the answers of a criterion (C1), or one of them (C1.2)."""
    row = dossier_of(request, pk)
    codes = actions.confirm_answers(row, by=request.user, code=code)
    if codes:
        text = ngettext("%(count)s answer confirmed.", "%(count)s answers confirmed.", len(codes))
        messages.success(request, text % {"count": len(codes)})
    return redirect("vetting_space:dossier", row.pk)


def evidence_add(request, pk, code):
    row = dossier_of(request, pk)
    current = answer_of(row, code)
    form = evidence_form(request, row, current)
    against = rules.against_answering(row, request.user, current.item)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            document = form.cleaned_data["document"] or new_document(row, request.user, form.cleaned_data)
            actions.attach_evidence(current, document, by=request.user)
            messages.success(request, _("%(document)s is attached.") % {"document": document})
            for warning in warnings_about(document):
                messages.warning(request, warning)
            return redirect("vetting_space:answer", row.pk, current.item.code)
    context = frame(request, row) | {"answer": current, "against": against}
    return page(request, "vetting/space_evidence.html", context, form=form)


def evidence_form(request, row, current):
    """The item's own document types first among what it may be; any other type would hide what is asked."""
    documents = Document.objects.visible_to(request.user).filter(partner=row.partner).current().select_related("type")
    types = current.item.document_types
    return EvidenceForm(request.POST or None, request.FILES or None, documents=documents, types=types)


def new_document(row, user, values):
    facts = {name: values[name] for name in ("type", "upload", "title", "issued_on", "expires_on")}
    return add_document(row.partner, by=user, **facts)


@require_POST
def evidence_remove(request, pk, code, evidence_pk):
    row = dossier_of(request, pk)
    evidence = get_object_or_404(
        answer_of(row, code).evidence.select_related("answer__item", "answer__dossier"), pk=evidence_pk
    )
    actions.detach_evidence(evidence, by=request.user)
    messages.success(request, _("The document is taken off this answer; it stays in your file."))
    return redirect("vetting_space:answer", row.pk, code)


def check(request, pk):
    row = dossier_of(request, pk)
    on_behalf = not is_member(request.user, row.partner)
    return check_page(request, row, SubmitForm(seen=row.lock_version, on_behalf=on_behalf))


def check_page(request, row, form):
    """The whole dossier on one page, and what still stands in the way of sending it."""
    context = frame(request, row)
    answers = answers_of(row)
    asked = context["asked"]
    context |= {
        # After ACE asked for something: what was asked, ACE's words above it; the rest as it was sent.
        "answers": [(answer, asked.get(answer.item_id)) for answer in answers if not asked or answer.item_id in asked],
        "rest": [answer for answer in answers if asked and answer.item_id not in asked],
        "missing": {answer.item_id for answer in rules.unanswered(row)} if row.is_with_partner else set(),
        "against": rules.against_moving(row, "submit", request.user),
    }
    return page(request, "vetting/space_check.html", context, form=form)


@require_POST
def submit(request, pk):
    row = dossier_of(request, pk)
    form = SubmitForm(request.POST, seen=row.lock_version, on_behalf=not is_member(request.user, row.partner))
    if form.is_valid():
        with form.refusals():
            version = actions.submit(row, by=request.user, seen=form.cleaned_data["seen"])
            return redirect("vetting_space:receipt", row.pk, version.number)
    return check_page(request, row, form)


def receipt(request, pk, number):
    row = dossier_of(request, pk)
    version = get_object_or_404(row.versions.select_related("submitted_by", "dossier"), number=number)
    return page(request, "vetting/space_receipt.html", frame(request, row) | {"version": version})


def withdraw(request, pk):
    row = dossier_of(request, pk)
    return withdrawal(request, row, then=reverse("vetting_space:dossier", args=[row.pk]))
