"""Ways to look at an answer: its headings, its head, its text, its weight."""

import gzip
import re
from html.parser import HTMLParser

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import resolve


def unrendered(address, **query):
    """The TemplateResponse of an anonymous GET, as the view returns it: before its template has run."""
    request = RequestFactory().get(address, query)
    request.user = AnonymousUser()
    match = resolve(address)
    return match.func(request, *match.args, **match.kwargs)


def html(response):
    return response.content.decode()


def headings(response):
    """Levels of the headings, in order."""
    return [int(level) for level in re.findall(r"<h([1-6])[ >]", html(response))]


def links(response):
    """(rel, hreflang, href) of the head."""
    found = re.findall(r'<link rel="(canonical|alternate)"(?: hreflang="([a-z-]+)")? href="([^"]+)"', html(response))
    return [link for link in found if "favicon" not in link[2]]


def entries(response):
    """Addresses of the organisations of a list, in order."""
    return re.findall(r'<h3><a href="([^"]+)"', html(response))


def codes(response):
    """Stored codes of the pills, in order."""
    return re.findall(r'data-code="([a-z_]+)"', html(response))


class _Fetched(HTMLParser):
    """What a browser fetches beside the page itself."""

    def __init__(self):
        super().__init__()
        self.files = []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "link" and attrs.get("rel") in ("stylesheet", "icon"):
            self.files.append(attrs["href"])
        elif tag in ("img", "script", "iframe", "source") and attrs.get("src"):
            self.files.append(attrs["src"])


def first_visit(response):
    """(compressed bytes, requests) of a page with all that it fetches."""
    parser = _Fetched()
    parser.feed(html(response))
    files = [settings.BASE_DIR / "static" / name.removeprefix(settings.STATIC_URL) for name in parser.files]
    contents = [response.content, *(file.read_bytes() for file in files)]
    return sum(len(gzip.compress(content, 6)) for content in contents), len(contents)
