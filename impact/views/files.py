"""Files of reports, given back to those who may see them."""

from django.shortcuts import get_object_or_404

from ace_partners.core import uploads
from impact.actions import papers
from impact.figures.papers import accepted_versions_of_everybody
from impact.models import Report, ReportEvidence


def evidence(request, pk):
    """The file itself; `?voir=1` opens it in the browser, beside the figure it supports."""
    piece = get_object_or_404(ReportEvidence.objects.visible_to(request.user).select_related("file"), pk=pk)
    return uploads.response(piece.file, inline=request.GET.get("voir") == "1")


def report_paper(request, pk, number):
    """The impact report of an accepted version, for ACE and the organisation; public or not, the same bytes."""
    reports = Report.objects.visible_to(request.user)
    version = get_object_or_404(accepted_versions_of_everybody().filter(report__in=reports), report=pk, number=number)
    return uploads.response(papers.build_report_paper(version).file)
