"""ACE's pages on a quarter: the list, the matrix of its reports, its reminders, its closing and what a closing says."""

from itertools import groupby

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from ace_partners.core.forms import page
from ace_partners.core.rights import CASE_ROLES
from ace_partners.core.sheets import xlsx_response
from impact import actions, rules
from impact.figures.closing import read_closing
from impact.figures.quarters import (
    count_quarter,
    exceptions_first,
    matrix_row,
    read_quarters,
    reports_of,
    reports_to_remind,
    standing_of_quarter,
)
from impact.filters import QuarterFilter
from impact.forms import CloseForm, ReleaseForm
from impact.models import QuarterClose, Report
from impact.models.projects import TEAM_ROLES
from impact.notifications.closing import preview_quarter
from impact.quarters import Quarter
from impact.workbook import closing as closing_workbook

QUARTERS_PER_PAGE, REPORTS_PER_PAGE, MESSAGES_PER_PAGE = 12, 50, 20


def _reports(request, roles=TEAM_ROLES):
    """The reports that this reader may see; a quarter is nobody else's page."""
    if not request.user.roles & set(roles):
        raise Http404
    return Report.objects.visible_to_team(request.user)


def _quarter_or_404(year, number):
    try:
        return Quarter(year, number)
    except ValueError:
        raise Http404 from None


def _closings(request, quarter):
    closings = QuarterClose.objects.visible_to(request.user).filter(year=quarter.year, quarter=quarter.number)
    return closings.select_related("closed_by")


@require_safe
def quarter_list(request):
    closings = QuarterClose.objects.visible_to(request.user)
    page_obj = read_quarters(_reports(request), closings, request.GET.get("page"), QUARTERS_PER_PAGE)
    return page(request, "impact/quarter_list.html", {"page_obj": page_obj})


@require_safe
def quarter(request, year, number):
    shown = _quarter_or_404(year, number)
    reports = reports_of(shown, _reports(request))
    listed = QuarterFilter(request.GET, queryset=exceptions_first(reports))
    page_obj = Paginator(listed.qs, REPORTS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "quarter": shown,
        "filter": listed,
        "page_obj": page_obj,
        "rows": [matrix_row(report) for report in page_obj],
        "counts": count_quarter(reports),
        "closings": list(_closings(request, shown)),
        "against_closing": rules.against_closing_at_all(shown, request.user),
        "against_reminding": rules.against_reminding(request.user),
    }
    return page(request, "impact/quarter.html", context)


def reminders(request, year, number):
    """Every message in its words, before anything leaves; one button releases them all."""
    shown = _quarter_or_404(year, number)
    reports = _reports(request, CASE_ROLES)
    waiting = list(reports_to_remind(reports_of(shown, reports)))
    seen = " ".join(str(report.pk) for report in waiting)
    form = ReleaseForm(request.POST or None, initial={"reports": seen})
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            count = actions.release_reminders(shown, reports, by=request.user, seen=form.cleaned_data["reports"])
            messages.success(request, _released(count))
            return redirect("impact:quarter", shown.year, shown.number)
    groups = [list(group) for _partner, group in groupby(waiting, key=lambda report: report.partner_id)]
    page_obj = Paginator(groups, MESSAGES_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "quarter": shown,
        "page_obj": page_obj,
        "seen": seen,
        "previews": preview_quarter(shown, list(page_obj)),
        "against": rules.against_reminding(request.user),
    }
    return page(request, "impact/quarter_reminders.html", context, form=form)


def _released(count):
    if not count:
        return _("No message left: today's were released already, or nobody of these organisations has an access.")
    return ngettext("%(n)s message is in the outbox.", "%(n)s messages are in the outbox.", count) % {"n": count}


def close(request, year, number):
    shown = _quarter_or_404(year, number)
    _reports(request, CASE_ROLES)
    latest = _closings(request, shown).first()
    form = CloseForm(request.POST or None, seen=latest.number if latest else 0)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            closing = actions.close_quarter(shown, by=request.user, **form.cleaned_data)
            messages.success(request, _("The quarter is closed."))
            return redirect("impact:closing", shown.year, shown.number, closing.number)
    counted, missing = standing_of_quarter(shown)
    context = {
        "quarter": shown,
        "latest": latest,
        "counted": len(counted),
        "missing": len(missing),
        "against": rules.against_closing(shown, request.user, counted, missing, latest),
    }
    return page(request, "impact/quarter_close.html", context, form=form)


def _closing_or_404(request, year, number, closing):
    shown = _quarter_or_404(year, number)
    return get_object_or_404(_closings(request, shown), number=closing)


@require_safe
def closing(request, year, number, closing):
    """What counted and what was missing, by name; what was missing comes first."""
    row = _closing_or_404(request, year, number, closing)
    facts = read_closing(row)
    page_obj = Paginator([*facts.missing, *facts.reports], REPORTS_PER_PAGE).get_page(request.GET.get("page"))
    newest = _closings(request, facts.quarter).first()
    context = {"row": row, "facts": facts, "page_obj": page_obj, "newest": newest, "quarter": facts.quarter}
    return page(request, "impact/closing.html", context)


@require_safe
def workbook(request, year, number, closing):
    """The consolidated workbook of this closing, from the versions that it names."""
    facts = read_closing(_closing_or_404(request, year, number, closing))
    name = f"ace-{facts.quarter.year}-T{facts.quarter.number}-cloture-{facts.number}"
    return xlsx_response(closing_workbook.build(facts), name)
