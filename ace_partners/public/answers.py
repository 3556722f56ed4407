"""How a public page is answered: open to everyone, in two languages, and cheap to ask for again.

A browser asks each time, and an unchanged page costs it one round trip without a body (ETag, 304): what ACE takes back
is gone at once, and a page is never older than the decision it shows. A cache in front of the site may answer for a
minute, to readers without any cookie; whoever carries one (signed in, or on the way there) is answered for himself.
Rejected: `max-age` in the browser (a reader would see his own change a minute late), a cache inside the application
(rows and frame differ by reader and language; nginx does it for nothing).
"""

from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.template.response import TemplateResponse
from django.urls import translate_url
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import get_language, get_language_info
from django.views.decorators.http import conditional_page, require_safe

SHARED_SECONDS = 60


def public(view):
    """An address that anyone may read. Signed-in readers get `private, no-store` from HeadersMiddleware all the same."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        patch_vary_headers(response, ["Cookie"])
        if request.COOKIES or response.status_code != 200:
            patch_cache_control(response, private=True, no_cache=True)
        else:
            patch_cache_control(response, public=True, max_age=0, s_maxage=SHARED_SECONDS)
        return response

    return login_not_required(require_safe(conditional_page(answer)))


def page(request, template, context, *, status=200, query=""):
    """A public page as an unrendered answer, with what its head and the language switch need.

    `query` is the part of the query string that makes it a page of its own (page=2), not the filters.
    """
    links = [_language_link(request, code) for code, _name in settings.LANGUAGES]
    about = {
        "language_links": links,
        "canonical": _absolute(request.path) + (f"?{query}" if query else ""),
        "alternates": [{"code": link["code"], "url": _absolute(_without_query(link["url"]))} for link in links],
        "french_page": get_language() == settings.LANGUAGE_CODE,
    }
    return TemplateResponse(request, template, {**about, **context}, status=status)


def _language_link(request, code):
    name = get_language_info(code)["name_local"]
    return {"code": code, "name": name[:1].upper() + name[1:], "url": translate_url(request.get_full_path(), code)}


def _without_query(url):
    return url.partition("?")[0]


def _absolute(path):
    return f"{settings.SITE_URL}{path}"
