"""The organisation's own road through its dossier; a due-diligence officer may walk it on its behalf."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ace_partners.core.forms import page
from partners.actions import add_document
from partners.models import Document
from partners.rules import is_member
from vetting import actions, rules
from vetting.forms.space import AnswerForm, EvidenceForm, SubmitForm
from vetting.models import Dossier, DossierStatus
from vetting.views.team import item_of, withdrawal


def dossier_of(request, pk):
    dossiers = Dossier.objects.visible_to(request.user)
    return get_object_or_404(dossiers.select_related("partner", "checklist"), pk=pk)


def answers_of(dossier):
    related = dossier.answers.select_related("item__criterion", "updated_by")
    return list(related.prefetch_related("evidence__document__type", "evidence__document__file"))


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
    }


def dossier(request, pk):
    row = dossier_of(request, pk)
    context = frame(request, row)
    asked_only = row.status == DossierStatus.CHANGES_REQUESTED
    answers = answers_of(row)
    missing = {answer.item_id for answer in rules.unanswered(row)} if row.is_with_partner else set()
    context |= {
        "tasks": [
            task(row, answer, missing, context["asked"])
            for answer in answers
            if not asked_only or answer.item_id in context["asked"]
        ],
        "missing": len(missing),
        "total": len(context["asked"]) if asked_only else len(answers),
        "asked_only": asked_only,
        "rest": [answer for answer in answers if answer.item_id not in context["asked"]] if asked_only else [],
        "versions": row.versions.order_by("-number"),
        "decision": row.decisions.first(),
    }
    return page(request, "vetting/space_dossier.html", context)


def task(row, answer, missing, asked):
    """One line of the task list, as components/task_list.html takes it."""
    done = answer.item_id not in missing
    return {
        "title": f"{answer.item.code} · {answer.item.section}",
        "hint": asked[answer.item_id].remark if answer.item_id in asked else "",
        "criterion": answer.item.criterion,
        "url": reverse("vetting_space:answer", args=[row.pk, answer.item.code]),
        "code": "done" if done else "todo",
        "label": _("Answered") if done else _("To do"),
        "tone": "good" if done else "none",
    }


def answer(request, pk, code):
    row = dossier_of(request, pk)
    current = answer_of(row, code)
    form = AnswerForm(request.POST or None, seen=current.lock_version, initial={"text": current.text})
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
        "types": current.item.document_types,
    }
    return page(request, "vetting/space_answer.html", context, form=form)


def next_page(row, current):
    """The next point still to answer after this one, else the list."""
    later = [answer for answer in rules.unanswered(row) if answer.item.position > current.item.position]
    if later:
        return reverse("vetting_space:answer", args=[row.pk, later[0].item.code])
    return reverse("vetting_space:dossier", args=[row.pk])


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
    context |= {
        "answers": answers_of(row),
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
