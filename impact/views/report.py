"""The partner's report as a whole: task list, corrections, check page, sending, receipt."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ace_partners.core.forms import page
from ace_partners.core.rights import Role
from impact import actions, rules
from impact.figures import balances, checks_of, read_axes, read_sheet, sharing_partners
from impact.forms import CommentsForm, ReplyForm, SeenForm, SubmitForm, TextsForm, ValueForm
from impact.models import ReopeningStatus, Report, ReportStatus
from impact.views.review import field_labels
from partners.rules import roles_on


def draft_or_404(request, pk):
    """A report of one of the reader's own organisations, with what its pages name."""
    own = Report.objects.draft_visible_to(request.user).select_related("partner", "project", "period")
    return get_object_or_404(own, pk=pk)


@dataclass(frozen=True)
class Task:
    """One line of the task list; `code` is a key of STATES."""

    title: str
    url: str | None
    code: str
    label: str
    tone: str
    hint: str = ""


STATES = {"todo": "none", "started": "progress", "done": "good", "closed": "neutral", "optional": "none"}


def _task(title, url, code, hint=""):
    labels = {
        "todo": _("to do"),
        "started": _("started"),
        "done": _("done"),
        "closed": _("closed"),
        "optional": _("optional"),
    }
    return Task(title, url, code, labels[code], STATES[code], hint)


def report(request, pk):
    report = draft_or_404(request, pk)
    context = {
        "report": report,
        "tasks": _tasks(report) if report.is_with_partner else [],
        "versions": report.versions.all(),
        "papers": report.versions.filter(acceptance__isnull=False),
        "against": rules.against_writing(report, request.user, *rules.field_keys(report)),
        "late": report.days_late(),
        "reopening": _reopening(report),
        "answer_by": _answer_by(report.last_submitted_at) if report.last_submitted_at else None,
    }
    return page(request, "impact/report.html", context)


def _reopening(report):
    """Why a report that was accepted is being written again, or None."""
    approved = report.reopenings.filter(status=ReopeningStatus.APPROVED).select_related("version")
    return approved.first() if report.is_reopened else None


def _tasks(report):
    if report.status == ReportStatus.CHANGES_REQUESTED:
        return [_corrections_task(report), _check_task(report)]
    return [*_section_tasks(report), _check_task(report)]


def _section_tasks(report):
    done, asked = report.draft_values.count(), report.project.targets.agreed().count()
    lines, files = report.draft_spending.count(), report.evidence.count()
    closed = rules.against_period(report.period)
    spending = ngettext("%(n)s expense listed", "%(n)s expenses listed", lines) % {"n": lines} if lines else ""
    received = ngettext("%(n)s file received", "%(n)s files received", files) % {"n": files}
    return [
        _task(
            _("Indicators"),
            None if closed else reverse("impact_space:values", args=[report.pk, 1]),
            "closed" if closed else "todo" if not done else "done" if done >= asked else "started",
            closed[0] if closed else _("%(done)s of %(all)s answered") % {"done": done, "all": asked},
        ),
        _task(
            _("Expenses"),
            reverse("impact_space:spending", args=[report.pk]),
            "done" if report.no_spending or lines else "todo",
            _("nothing was spent") if report.no_spending else spending,
        ),
        _task(
            _("Narrative"),
            reverse("impact_space:narrative", args=[report.pk]),
            "done" if report.narrative.strip() else "started" if report.texts_version else "todo",
        ),
        _task(
            _("Files"),
            reverse("impact_space:evidence", args=[report.pk]),
            "done" if files else "optional",
            received if files else _("not compulsory, but they make a figure believable"),
        ),
    ]


def _corrections_task(report):
    asked = report.requests.filter(sent_at__isnull=False, answered_at__isnull=True)
    silent = asked.filter(reply="").count()
    return _task(
        _("What ACE asks you to correct"),
        reverse("impact_space:corrections", args=[report.pk]),
        "started" if silent else "done",
        ngettext("%(n)s reply is missing", "%(n)s replies are missing", silent) % {"n": silent} if silent else "",
    )


def _check_task(report):
    gaps = _gaps(report, checks_of(report, draft=True))
    missing = ngettext("%(n)s thing is missing", "%(n)s things are missing", len(gaps)) % {"n": len(gaps)}
    hint = missing if gaps else _("everything is there")
    return _task(_("Check and send"), reverse("impact_space:check", args=[report.pk]), "todo", hint)


# --- check and send ---------------------------------------------------------------------------------------------


def check(request, pk):
    return _check_page(request, draft_or_404(request, pk))


def _gaps(report, checks):
    """Everything that keeps the draft from being sent: what it lacks, and what the checks say."""
    return [*rules.gaps_in(report), *rules.gaps_in_checks(checks)]


def _check_page(request, report, form=None, comments=None):
    checks = checks_of(report, draft=True)
    warnings = [check for check in checks if not check.is_error]
    sheet = read_sheet(report, draft=True, checks=checks, axes=read_axes(report.project))
    expenses = list(report.draft_spending.select_related("budget_line"))
    move = rules.REPORT["submit"]
    roles = roles_on(request.user, report.partner)
    context = {
        "report": report,
        "sheet": sheet,
        "expenses": expenses,
        "balances": balances(report, expenses),
        "gaps": [(gap.words, _gap_url(report, sheet, gap)) for gap in _gaps(report, checks)],
        "warnings": warnings,
        "against_commenting": rules.against_commenting(report, request.user),
        "comments": comments or CommentsForm(warnings=warnings, seen=report.lock_version),
        "too_early": rules.against_period(report.period),
        "is_open": report.status in move.sources,
        "may_sign": Role.SIGNATORY in roles,
        "signatories": _signatories(report) if Role.SIGNATORY not in roles else [],
    }
    context["submit_form"] = form or SubmitForm(signatory=request.user, seen=report.lock_version)
    return page(request, "impact/check.html", context, form=comments or context["submit_form"])


def comments(request, pk):
    """What the organisation says to the warnings of the checks; it stays on the check page."""
    report = draft_or_404(request, pk)
    warnings = [check for check in checks_of(report, draft=True) if not check.is_error]
    form = CommentsForm(request.POST or None, warnings=warnings, seen=report.lock_version)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.save_comments(report, by=request.user, seen=form.cleaned_data["seen"], texts=form.texts)
            messages.success(request, _("Saved."))
            return redirect("impact_space:check", report.pk)
    if form.is_bound:
        return _check_page(request, report, comments=form)
    return redirect("impact_space:check", report.pk)


def _gap_url(report, sheet, gap):
    """The page, and the place on it, where what is missing can be given."""
    if gap.section == "comments":
        return "#remarques"
    if report.status == ReportStatus.CHANGES_REQUESTED or gap.section == "corrections":
        return reverse("impact_space:corrections", args=[report.pk])
    if gap.section != "values":
        return reverse(f"impact_space:{gap.section}", args=[report.pk])
    return value_url(report, [row.target.pk for row in sheet.rows], gap.target_id)


def value_url(report, target_ids, target_id):
    """The address of one target's form among the pages of six."""
    place = target_ids.index(target_id) if target_id in target_ids else 0
    url = reverse("impact_space:values", args=[report.pk, place // VALUES_PER_PAGE + 1])
    return f"{url}#v{target_id}" if target_id else url


VALUES_PER_PAGE = 6


def _signatories(report):
    """Who can sign for the organisation today, by name: the editor knows whom to call."""
    signing = report.partner.memberships.filter(role=Role.SIGNATORY, user__is_active=True).select_related("user")
    today = timezone.localdate()
    return [m.user for m in signing if m.starts_on <= today and (m.ends_on is None or m.ends_on >= today)]


def submit(request, pk):
    """The POST carries the version seen, the declaration and the one-time token; what is sent is the saved draft."""
    report = draft_or_404(request, pk)
    form = SubmitForm(request.POST or None, signatory=request.user, seen=report.lock_version)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            version = actions.submit(report, by=request.user, seen=form.cleaned_data["seen"])
            return redirect("impact_space:receipt", report.pk, version.number)
    return _check_page(request, report, form) if form.is_bound else redirect("impact_space:check", report.pk)


def receipt(request, pk, number):
    report = draft_or_404(request, pk)
    version = get_object_or_404(report.versions.select_related("submitted_by"), number=number)
    context = {"report": report, "version": version, "answer_by": _answer_by(version.submitted_at)}
    return page(request, "impact/receipt.html", context)


def _answer_by(submitted_at):
    return submitted_at + timedelta(days=rules.REVIEW_DAYS)


# --- corrections ------------------------------------------------------------------------------------------------


def corrections(request, pk):
    """Only the fields that ACE asks about, on one page; each saved with its reply."""
    report = draft_or_404(request, pk)
    asked = list(
        report.requests.filter(sent_at__isnull=False, answered_at__isnull=True).select_related("report__partner")
    )
    sheet = read_sheet(report, draft=True)
    labels = field_labels(report)
    offered = {"axes": read_axes(report.project), "sharing": sharing_partners(report.project)}
    items = [_correction(request, report, sheet, each, labels[each.field_key], offered) for each in asked]
    form = SeenForm(request.POST or None)
    forms = [part for item in items for part in item["forms"]]
    if request.method == "POST" and all_valid(forms):
        with form.refusals():
            for item in items:
                _save_correction(report, item, by=request.user)
            return redirect("impact_space:check", report.pk)
    context = {"report": report, "items": items, "forms": forms, "has_errors": any(part.errors for part in forms)}
    for key, line in rules.asked_expenses(report).items():
        next(item for item in items if item["asked"].field_key == key)["expenses"] = [line] if line else []
    context["expenses"] = report.draft_spending.select_related("budget_line") if "spending" in sheet.requests else []
    return with_errors(page(request, "impact/corrections.html", context, form=form), context["has_errors"])


def _correction(request, report, sheet, asked, label, offered):
    """One request: its label, ACE's remark, the form of its field if it has one, and the reply."""
    data = request.POST or None
    row = next((row for row in sheet.rows if rules.value_key(row.target) == asked.field_key), None)
    field = None
    if row is not None:
        field = ValueForm(data, target=row.target, row=row.row, **offered)
    elif asked.field_key in rules.TEXT_KEYS:
        field = TextsForm(data, report=report, only=[asked.field_key])
    reply = ReplyForm(data, request=asked)
    return {
        "asked": asked,
        "is_expense": asked.field_key.startswith(rules.LINE),
        "label": label,
        "row": row,
        "field": field,
        "reply": reply,
        "forms": [part for part in (field, reply) if part is not None],
    }


def _save_correction(report, item, *, by):
    field, asked = item["field"], item["asked"]
    if field is not None and field.has_changed():
        if item["row"] is not None:
            actions.save_value(report, item["row"].target, by=by, **field.values)
        else:
            report = actions.save_texts(report, by=by, seen=field.cleaned_data["seen"], **field.texts)
    if item["reply"].has_changed():
        actions.save_reply(asked, by=by, reply=item["reply"].cleaned_data["reply"])


def all_valid(forms):
    """Whether all forms are; each is asked, so that all errors show at once."""
    return not [form for form in forms if not form.is_valid()]


def with_errors(response, has_errors):
    """422 for a page of several forms when one of them has an error."""
    if has_errors and response.status_code == 200:
        response.status_code = 422
    return response
