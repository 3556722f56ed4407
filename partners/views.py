"""The files of an organisation, given back to those who may read them."""

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from ace_partners.core import uploads
from partners import actions
from partners.models import Document


@require_safe
def document(request, pk):
    """The file itself; `?voir=1` shows it in the page instead of saving it. Every accepted type can be shown."""
    found = get_object_or_404(
        Document.objects.visible_to(request.user).select_related("type", "file", "partner"), pk=pk
    )
    actions.read_document(found, by=request.user)
    return uploads.response(found.file, inline=request.GET.get("voir") == "1")
