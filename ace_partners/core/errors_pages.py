"""Pages for what goes wrong outside a view."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from ace_partners.core.middleware import typed_texts


def csrf_failure(request, reason=""):
    """The page expired (session renewed in another tab, cookies off): say so, and give the typed text back."""
    return render(request, "errors/expired.html", {"typed": typed_texts(request)}, status=403)


def permission_denied(request, exception=None):
    """Django's own refusal, such as the administration for an account that is not staff."""
    reasons = [_("This part of the site is for ACE's own people.")]
    return render(request, "errors/refused.html", {"reasons": reasons}, status=403)


def not_found(request, exception=None):
    return render(request, "errors/404.html", status=404)


def server_error(request):
    """500, or 503 when the database cannot be reached; rendered without request, session or database."""
    unavailable = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    template = "errors/503.html" if unavailable else "errors/500.html"
    response = HttpResponse(render_to_string(template), status=503 if unavailable else 500)
    if unavailable:
        response["Retry-After"] = "30"
    return response
