"""The papers of ACE's own pages: the consolidated report of a closed quarter, and the network's annual reports."""

from django.shortcuts import get_object_or_404

from ace_partners.core import uploads
from impact.actions import papers
from impact.models import QuarterClose


def closing_paper(request, year, number, closing):
    """Built when it is first asked for, from the rows that the closing names; the same bytes ever after."""
    closings = QuarterClose.objects.visible_to(request.user).select_related("closed_by")
    row = get_object_or_404(closings, year=year, quarter=number, number=closing)
    return uploads.response(papers.build_quarter_paper(row).file)
