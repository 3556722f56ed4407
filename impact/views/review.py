"""ACE's pages on reports: the list, the review of the newest version, correction requests, acceptance, waiver.

A draft never shows here: of a report that was not sent ACE sees « commencé, 4/6 » and nothing else (design §6).
"""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from ace_partners.core.forms import page
from impact import actions, rules
from impact.figures import balances, checks_of, expense_changes, read_axes, read_sheet
from impact.filters import ReportFilter
from impact.forms import RemarkForm, SeenForm, WaiverForm
from impact.models import Report, ReportStatus
from impact.models.projects import TEAM_ROLES
from vetting.difference import word_difference

PER_PAGE = 20


def _report(request, pk):
    reports = Report.objects.visible_to_team(request.user).select_related("partner", "project", "period")
    return get_object_or_404(reports.with_started(), pk=pk)


def report_list(request):
    if not request.user.roles & set(TEAM_ROLES):
        raise Http404
    reports = Report.objects.visible_to_team(request.user).select_related("partner", "project", "period")
    listed = ReportFilter(request.GET, queryset=reports.with_started().by_urgency())
    page_obj = Paginator(listed.qs, PER_PAGE).get_page(request.GET.get("page"))
    return page(request, "impact/report_list.html", {"filter": listed, "page_obj": page_obj})


def review(request, pk):
    return _review_page(request, _report(request, pk))


def _review_page(request, report, form=None):
    if not report.versions_count:
        return _waiting_page(request, report, form)
    checks = checks_of(report, draft=False)
    sheet = read_sheet(report, draft=False, checks=checks, axes=read_axes(report.project))
    labels = field_labels(report)
    expenses = list(sheet.version.spending.select_related("budget_line"))
    before = sheet.before.spending.select_related("budget_line") if sheet.before else expenses
    context = {
        "report": report,
        "sheet": sheet,
        "checks": [check for check in checks if check.target_id is None],
        "expenses": [(line, sheet.requests.get(rules.line_key(line))) for line in expenses],
        "expense_changes": expense_changes(before, expenses),
        "papers": report.versions.filter(acceptance__isnull=False),
        "balances": balances(report, expenses),
        "texts": [_text(sheet, key, label) for key, label in text_labels().items()],
        "answered": [
            (labels[each.field_key], each) for each in report.requests.filter(answered_at=sheet.version.submitted_at)
        ],
        "unsent": [request for request in sheet.requests.values() if request.sent_at is None],
        "against_requesting": rules.against_requesting(report, request.user),
        "reopenings": list(report.reopenings.select_related("proposed_by", "answered_by", "version")),
        "against_reopening": rules.against_proposing_reopening(report, request.user),
        "move": next((m.name for m in rules.REPORT.open_from(report.status) if m.name in ("take", "accept")), None),
        **_reasons(report, request.user),
    }
    return page(request, "impact/review.html", context, form=form or SeenForm(seen=report.lock_version))


def _text(sheet, key, label):
    """One text of the version, with what changed in it since the version before."""
    text, before = getattr(sheet.version, key), getattr(sheet.before, key, None)
    pieces = word_difference(before, text) if before is not None and before != text else ()
    return {"key": key, "label": label, "text": text, "pieces": pieces, "request": sheet.requests.get(key)}


def _reasons(report, user):
    """The reasons against the moves that leave the present state."""
    against = {
        move.name: rules.against_moving_report(report, move, user)
        for move in rules.REPORT.open_from(report.status)
        if move.name in ("take", "accept", "request_changes")
    }
    return {f"against_{name}": reasons for name, reasons in against.items()}


def _waiting_page(request, report, form=None):
    context = {
        "report": report,
        "against_proposing": rules.against_proposing_waiver(report, request.user),
        "against_extending": rules.against_extending(report, request.user),
        "against_waive": rules.against_moving_report(report, rules.REPORT["waive"], request.user)
        if report.status == ReportStatus.OPEN
        else [],
    }
    return page(request, "impact/review_waiting.html", context, form=form or SeenForm(seen=report.lock_version))


def text_labels():
    """The texts of a report by field key."""
    return {
        "narrative": _("What happened in this period"),
        "difficulties": _("Difficulties, and why a target was missed"),
        "lessons": _("What was learned"),
    }


def field_labels(report):
    """How each field of a report is called on screen, by field key, with the expenses of all its versions."""
    targets = report.project.targets.agreed().select_related("indicator")
    values = {rules.value_key(target): target.indicator.name for target in targets}
    lines = [line for version in report.versions.prefetch_related("spending") for line in version.spending.all()]
    expenses = {rules.line_key(line): _("Expense “%(label)s”") % {"label": line.label} for line in lines}
    return {**text_labels(), "spending": _("Expenses"), "evidence": _("Files"), **values, **expenses}


def _step(request, pk, action, done):
    """A button without questions: the step is taken, or the page comes back with the reasons against it."""
    report = _report(request, pk)
    form = SeenForm(request.POST or None, seen=report.lock_version)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            action(report, by=request.user, **form.cleaned_data)
            messages.success(request, done)
            return redirect("impact:review", report.pk)
    return _review_page(request, report, form) if form.is_bound else redirect("impact:review", report.pk)


def take(request, pk):
    return _step(request, pk, actions.take, _("You are examining this report; your colleagues see it."))


def request_field(request, pk, field_key):
    report = _report(request, pk)
    label = field_labels(report).get(field_key)
    if label is None or not _is_of_newest(report, field_key):
        raise Http404
    written = report.requests.filter(field_key=field_key, answered_at__isnull=True).first()
    form = RemarkForm(request.POST or None, initial={"remark": written.remark if written else ""})
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.request_field(report, field_key, by=request.user, **form.cleaned_data)
            messages.success(request, _("The request is written. It leaves with the others when you send them."))
            return redirect("impact:review", report.pk)
    context = {
        "report": report,
        "label": label,
        "field_key": field_key,
        "written": written,
        "against": rules.against_requesting(report, request.user),
    }
    return page(request, "impact/request_field.html", context, form=form)


def _is_of_newest(report, field_key):
    """A request on one expense is about the version that is read, the newest."""
    if not field_key.startswith(rules.LINE):
        return True
    newest = report.versions.order_by("-number").first()
    return newest.spending.filter(pk=field_key.removeprefix(rules.LINE)).exists()


def request_remove(request, pk, field_key):
    report = _report(request, pk)
    unsent = report.requests.filter(sent_at__isnull=True)
    written = get_object_or_404(unsent.select_related("report__partner"), field_key=field_key)
    if request.method == "POST":
        actions.remove_request(written, by=request.user)
        messages.success(request, _("The correction request is removed."))
    return redirect("impact:review", report.pk)


def request_send(request, pk):
    report = _report(request, pk)
    form = SeenForm(request.POST or None, seen=report.lock_version)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.send_requests(report, by=request.user, **form.cleaned_data)
            messages.success(request, _("The requests are sent. The report is with the organisation again."))
            return redirect("impact:review", report.pk)
    unsent, labels = report.requests.filter(sent_at__isnull=True), field_labels(report)
    move = rules.REPORT["request_changes"]
    context = {
        "report": report,
        "requests": [(labels[each.field_key], each) for each in unsent],
        "against": rules.against_moving_report(report, move, request.user)
        if report.status in move.sources
        else rules.against_requesting(report, request.user),
    }
    return page(request, "impact/request_send.html", context, form=form)


def accept(request, pk):
    return _step(request, pk, actions.accept, _("The report is accepted. Its figures are public now."))


def waive_propose(request, pk):
    report = _report(request, pk)
    form = WaiverForm(request.POST or None, seen=report.lock_version)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.propose_waiver(report, by=request.user, **form.cleaned_data)
            messages.success(request, _("The waiver is proposed. Another person, of the direction, has to approve it."))
            return redirect("impact:review", report.pk)
    context = {"report": report, "against": rules.against_proposing_waiver(report, request.user)}
    return page(request, "impact/waive_propose.html", context, form=form)


def waive_approve(request, pk):
    return _step(request, pk, actions.approve_waiver, _("The report is waived: it is not asked for any more."))
