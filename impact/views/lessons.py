"""Lessons on ACE's work pages: the list, one lesson with its steps, its form, the reasons."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from ace_partners.core import audit
from ace_partners.core.forms import ActionForm, page
from ace_partners.core.rights import CASE_ROLES
from impact.actions import lessons as actions
from impact.filters import LessonStateFilter
from impact.forms.lessons import DirectLessonForm, LessonForm, LessonReasonForm
from impact.models import Lesson, LessonStatus, Report
from impact.rules import lessons as rules
from partners.models import Partner

PER_PAGE = 20


def _lessons(request):
    """The lessons of the work pages; 404 for whoever works on none."""
    if not request.user.roles & set(CASE_ROLES):
        raise Http404
    rows = Lesson.objects.visible_to_team(request.user)
    return rows.select_related("partner", "place", "written_by", "published_by")


def _lesson(request, pk):
    return get_object_or_404(_lessons(request).select_related("version__report__period"), pk=pk)


def lesson_list(request):
    listed = LessonStateFilter(request.GET, queryset=_lessons(request).order_by("-pk"))
    page_obj = Paginator(listed.qs, PER_PAGE).get_page(request.GET.get("page"))
    context = {"filter": listed, "page_obj": page_obj, "against": rules.against_writing_lesson(request.user)}
    return page(request, "impact/lesson_list.html", context)


def lesson(request, pk):
    return _lesson_page(request, _lesson(request, pk))


def _lesson_page(request, row, form=None):
    events = audit.history(row)[:20]
    context = {
        "lesson": row,
        "against": {
            move.name: rules.against_moving_lesson(row, move, request.user)
            for move in rules.LESSON.open_from(row.status)
        },
        "against_editing": rules.against_editing_lesson(row, request.user),
        "returned": row.status == LessonStatus.DRAFT
        and next((event for event in events if event.action == "lesson.return"), None),
        "events": events,
    }
    return page(request, "impact/lesson.html", context, form=form or ActionForm(seen=row.lock_version))


def lesson_add(request):
    _lessons(request)
    partners = Partner.objects.in_reach(request.user, *rules.WRITERS).order_by("name")
    form = DirectLessonForm(request.POST or None, partners=partners)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            partner = form.cleaned_data["partner"]
            row = actions.write_lesson(by=request.user, partner=partner, **form.words)
            messages.success(request, _("The lesson is kept as a draft."))
            return redirect("impact:lesson", row.pk)
    context = {"against": rules.against_writing_lesson(request.user)}
    return page(request, "impact/lesson_form.html", context, form=form)


def lesson_from_report(request, pk):
    reports = Report.objects.visible_to_team(request.user)
    report = get_object_or_404(reports.select_related("partner", "project", "period", "accepted_version"), pk=pk)
    version = report.accepted_version
    form = LessonForm(request.POST or None, initial={"text": version.lessons if version else ""})
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            row = actions.lesson_from_report(report, by=request.user, **form.words)
            messages.success(request, _("The lesson is kept as a draft."))
            return redirect("impact:lesson", row.pk)
    context = {"report": report, "against": rules.against_lesson_from(report, request.user)}
    return page(request, "impact/lesson_form.html", context, form=form)


def lesson_edit(request, pk):
    row = _lesson(request, pk)
    initial = {name: getattr(row, name) for name in actions.LESSON_FIELDS}
    form = LessonForm(request.POST or None, initial=initial, seen=row.lock_version)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.edit_lesson(row, by=request.user, seen=form.cleaned_data["seen"], **form.words)
            messages.success(request, _("The lesson is kept as a draft."))
            return redirect("impact:lesson", row.pk)
    context = {"lesson": row, "against": rules.against_editing_lesson(row, request.user)}
    return page(request, "impact/lesson_form.html", context, form=form)


def _step(request, pk, action, done):
    """A button without questions: the step is taken, or the page comes back with the reasons against it."""
    row = _lesson(request, pk)
    form = ActionForm(request.POST or None, seen=row.lock_version)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            action(row, by=request.user, **form.cleaned_data)
            messages.success(request, done)
            return redirect("impact:lesson", row.pk)
    return _lesson_page(request, row, form) if form.is_bound else redirect("impact:lesson", row.pk)


def lesson_propose(request, pk):
    return _step(request, pk, actions.propose_lesson, _("The lesson waits for a second person."))


def lesson_publish(request, pk):
    return _step(request, pk, actions.publish_lesson, _("The lesson is on the public site."))


def _with_reason(request, pk, name, action, done):
    """A step that says why, on a page of its own."""
    row = _lesson(request, pk)
    form = LessonReasonForm(request.POST or None, seen=row.lock_version)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            action(row, by=request.user, **form.cleaned_data)
            messages.success(request, done)
            return redirect("impact:lesson", row.pk)
    context = {
        "lesson": row,
        "move": rules.LESSON[name],
        "against": rules.against_stepping_lesson(row, name, request.user),
    }
    return page(request, "impact/lesson_reason.html", context, form=form)


def lesson_return(request, pk):
    return _with_reason(request, pk, "return", actions.return_lesson, _("The lesson is sent back to its writer."))


def lesson_withdraw(request, pk):
    return _with_reason(request, pk, "withdraw", actions.withdraw_lesson, _("The lesson is off the public site."))
