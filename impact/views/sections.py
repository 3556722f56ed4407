"""The sections of the partner's draft, each saved by itself: values, expenses, narrative, files."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from ace_partners.core.forms import page
from impact import actions, rules
from impact.figures import balances, read_axes, read_sheet, sharing_partners
from impact.forms import EvidenceForm, ExpenseForm, NothingSpentForm, SeenForm, TextsForm, ValueForm
from impact.views.report import VALUES_PER_PAGE, all_valid, draft_or_404, with_errors


def values(request, pk, number):
    """Up to six indicators; untouched ones stay as they are, so a report is written in as many sittings as it takes."""
    report = draft_or_404(request, pk)
    pages = Paginator(read_sheet(report, draft=True).rows, VALUES_PER_PAGE)
    if not 1 <= number <= pages.num_pages:
        raise Http404
    shown = pages.page(number)
    offered = {"axes": read_axes(report.project), "sharing": sharing_partners(report.project)}
    rows = [(row, ValueForm(request.POST or None, target=row.target, row=row.row, **offered)) for row in shown]
    form = SeenForm(request.POST or None)
    if request.method == "POST" and all_valid([each for _row, each in rows]):
        with form.refusals():
            for row, each in rows:
                if each.has_changed() and not each.is_untouched:
                    actions.save_value(report, row.target, by=request.user, **each.values)
            messages.success(request, _("Saved."))
            if shown.has_next():
                return redirect("impact_space:values", report.pk, number + 1)
            return redirect("impact_space:report", report.pk)
    context = {
        "report": report,
        "rows": rows,
        "shown": shown,
        "forms": [each for _row, each in rows],
        "has_errors": any(each.errors for _row, each in rows),
        "against": _against_values(report, request.user, rows),
    }
    return with_errors(page(request, "impact/values.html", context, form=form), context["has_errors"])


def _against_values(report, user, rows):
    """The reasons against writing any of these values."""
    keys = [rules.value_key(row.target) for row, _form in rows]
    return rules.against_writing(report, user, *keys) or rules.against_period(report.period)


def spending(request, pk):
    report = draft_or_404(request, pk)
    against = rules.against_writing(report, request.user, "spending")
    form = NothingSpentForm(request.POST or None, initial={"nothing_spent": report.no_spending})
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.save_no_spending(report, by=request.user, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("impact_space:report", report.pk)
    expenses = list(report.draft_spending.select_related("budget_line"))
    context = {"report": report, "expenses": expenses, "balances": balances(report, expenses), "against": against}
    return page(request, "impact/spending.html", context, form=form)


def spending_add(request, pk):
    report = draft_or_404(request, pk)
    form = ExpenseForm(request.POST or None, report=report)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            line = actions.add_spending(report, by=request.user, **form.cleaned_data)
            messages.success(request, _("The expense “%(label)s” is saved.") % {"label": line.label})
            return redirect("impact_space:spending", report.pk)
    return _expense_page(request, report, form, title=_("Add an expense"))


def spending_edit(request, pk, line_pk):
    report = draft_or_404(request, pk)
    line = get_object_or_404(report.draft_spending.select_related("report__partner"), pk=line_pk)
    form = ExpenseForm(request.POST or None, report=report, line=line)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.edit_spending(line, by=request.user, **form.cleaned_data)
            messages.success(request, _("The expense is saved."))
            return redirect("impact_space:spending", report.pk)
    return _expense_page(request, report, form, title=line.label, line=line)


def _expense_page(request, report, form, *, title, line=None):
    if line is None:
        against = rules.against_writing(report, request.user, "spending")
    else:
        against = rules.against_changing_expense(line, request.user)
    lines = balances(report, list(report.draft_spending.all()))
    context = {"report": report, "title": title, "line": line, "against": against, "balances": lines}
    return page(request, "impact/expense_form.html", context, form=form)


def spending_remove(request, pk, line_pk):
    report = draft_or_404(request, pk)
    line = get_object_or_404(report.draft_spending.select_related("report__partner"), pk=line_pk)
    if request.method == "POST":
        actions.remove_spending(line, by=request.user)
        messages.success(request, _("The expense is removed."))
    return redirect("impact_space:spending", report.pk)


def narrative(request, pk):
    report = draft_or_404(request, pk)
    form = TextsForm(request.POST or None, report=report)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.save_texts(report, by=request.user, seen=form.cleaned_data["seen"], **form.texts)
            messages.success(request, _("Saved."))
            return redirect("impact_space:report", report.pk)
    context = {"report": report, "against": rules.against_writing(report, request.user, *rules.TEXT_KEYS)}
    return page(request, "impact/narrative.html", context, form=form)


def evidence(request, pk):
    report = draft_or_404(request, pk)
    pieces = report.evidence.select_related("file", "target__indicator")
    context = {"report": report, "pieces": pieces, "against": _against_files(report, request.user)}
    return page(request, "impact/evidence.html", context)


def _against_files(report, user):
    keys = [key for key in rules.field_keys(report) if key == "evidence" or key.startswith("value-")]
    return rules.against_writing(report, user, *keys)


def evidence_add(request, pk):
    report = draft_or_404(request, pk)
    form = EvidenceForm(request.POST or None, request.FILES or None, report=report)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.add_evidence(report, by=request.user, **form.cleaned_data)
            messages.success(request, _("The file is received."))
            return redirect("impact_space:evidence", report.pk)
    context = {"report": report, "against": _against_files(report, request.user)}
    return page(request, "impact/evidence_form.html", context, form=form)


def evidence_remove(request, pk, evidence_pk):
    report = draft_or_404(request, pk)
    piece = get_object_or_404(report.evidence.select_related("file", "report__partner", "target"), pk=evidence_pk)
    if request.method == "POST":
        actions.remove_evidence(piece, by=request.user)
        messages.success(request, _("The file is removed from the report."))
    return redirect("impact_space:evidence", report.pk)
