"""The papers of ACE's own pages: the consolidated report of a closed quarter, and the network's annual reports."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from ace_partners.core import uploads
from ace_partners.core.forms import page
from ace_partners.core.rights import CASE_ROLES
from impact.actions import papers
from impact.figures.network_rows import reported_years
from impact.forms.papers import AnnualReportForm
from impact.models import Paper, PaperKind, QuarterClose
from impact.rules.papers import against_annual_report


def closing_paper(request, year, number, closing):
    """Built when it is first asked for, from the rows that the closing names; the same bytes ever after."""
    closings = QuarterClose.objects.visible_to(request.user).select_related("closed_by")
    row = get_object_or_404(closings, year=year, quarter=number, number=closing)
    return uploads.response(papers.build_quarter_paper(row).file)


def annual_reports(request):
    """Every year with accepted reports: its editions, and the button that establishes the next one."""
    if not request.user.roles & set(CASE_ROLES):
        raise Http404
    form = AnnualReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            papers.establish_annual_report(**form.cleaned_data, by=request.user)
            messages.success(
                request,
                _("The annual report is being established. When it is ready, it stands below and on the public page."),
            )
            return redirect("impact:annual_reports")
    return page(request, "impact/annual_reports.html", {"years": _years(request.user)}, form=form)


def _years(user):
    """(year, its editions with the newest first, number of the newest or 0, reasons against the next one)."""
    editions, reported = {}, reported_years()
    kept = Paper.objects.visible_to(user).filter(kind=PaperKind.YEAR).select_related("file")
    for paper in kept.order_by("-year", "-number"):
        editions.setdefault(paper.year, []).append(paper)
    years = {*editions, *reported}
    return [
        (year, found, found[0].number if found else 0, against_annual_report(year, user, reported))
        for year in sorted(years, reverse=True)
        for found in [editions.get(year, [])]
    ]
