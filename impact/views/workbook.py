"""The report as a workbook: taken along, filled without a connection, sent back on a page that checks it whole."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ace_partners.core.errors import refuse
from ace_partners.core.forms import page
from ace_partners.core.sheets import xlsx_response
from impact import rules
from impact.actions import workbook as actions
from impact.forms.workbook import WorkbookForm
from impact.forms.workbook_sheets import read_report_forms
from impact.rules.workbook import against_making_workbook
from impact.views.report import draft_or_404
from impact.workbook import write


def workbook_file(request, pk):
    """The workbook with the draft in it, for members of the organisation."""
    report = draft_or_404(request, pk)
    refuse(against_making_workbook(report))
    contents = read_report_forms(report).contents
    return xlsx_response(write.build(contents), f"classeur-{report.reference}-{slugify(report.period.label)}")


def workbook(request, pk):
    """The page: what happens, the file to take along, the file to send back. The report is this address's, whatever it says."""
    report = draft_or_404(request, pk)
    form = WorkbookForm(report=report)
    if request.method == "POST":
        form = WorkbookForm(
            request.POST, request.FILES, report=report, report_forms=read_report_forms(report), by=request.user
        )
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            _take(request, report, form)
            return redirect("impact_space:report", report.pk)
    context = {
        "report": report,
        "against": rules.against_writing(report, request.user, *rules.field_keys(report)),
        "against_making": against_making_workbook(report),
        "too_early": rules.against_period(report.period),
    }
    return page(request, "impact/workbook.html", context, form=form)


def _take(request, report, form):
    taking = form.taking
    if taking.is_empty:
        messages.info(request, _("The workbook says what the draft says already: nothing was changed."))
        return
    actions.take_in(
        report,
        by=request.user,
        seen=form.cleaned_data["seen"],
        values=taking.values,
        expenses=taking.expenses,
        texts=taking.texts,
    )
    messages.success(request, " ".join(_counts(taking)))


def _counts(taking):
    """What was taken, in one sentence per part."""
    yield _("The workbook is taken into the draft.")
    if n := len(taking.values):
        yield ngettext("%(n)s value is new or changed.", "%(n)s values are new or changed.", n) % {"n": n}
    if taking.expenses is not None:
        n = len(taking.expenses)
        yield ngettext("%(n)s expense is listed now.", "%(n)s expenses are listed now.", n) % {"n": n}
    if n := len(taking.texts):
        yield ngettext("%(n)s text is new or changed.", "%(n)s texts are new or changed.", n) % {"n": n}
