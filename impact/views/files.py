"""A file of a report, given back to those who may see it."""

from django.shortcuts import get_object_or_404

from ace_partners.core import uploads
from impact.models import ReportEvidence


def evidence(request, pk):
    """The file itself; `?voir=1` opens it in the browser, beside the figure it supports."""
    piece = get_object_or_404(ReportEvidence.objects.visible_to(request.user).select_related("file"), pk=pk)
    return uploads.response(piece.file, inline=request.GET.get("voir") == "1")
