"""What happens around every view: private answers stay private, a second tap does nothing, a refusal becomes a page."""

from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme

from ace_partners.core.errors import NotAllowed, Stale
from ace_partners.core.models import PostReceipt
from ace_partners.core.pdf import PdfError

PERMISSIONS_POLICY = "camera=(), microphone=(), geolocation=(), payment=()"
HIDDEN = frozenset({"csrfmiddlewaretoken", "once", "seen"})
ACCOUNT_PAGES = "/compte/"  # what is typed there is a secret: neither kept nor shown again
# Signing in and out, and choosing a language, may be repeated without harm; allauth's forms carry no token of ours.
WITHOUT_TOKEN = (ACCOUNT_PAGES, "/langue/")


class HeadersMiddleware:
    """Headers that no view should have to remember. Inside SessionMiddleware, so that `Vary` is set once."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        user = getattr(request, "user", None)  # absent when a middleware before authentication answered
        if user is not None and user.is_authenticated:
            response.headers["Cache-Control"] = "private, no-store"
            patch_vary_headers(response, ["Cookie"])
            response.headers.setdefault("X-Robots-Tag", "noindex")
        return response


class RefusalMiddleware:
    """Turn refusals into pages: 403 with the reasons, 409 with who did what meanwhile; and a paper that cannot be made."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code == 404 and settings.ACE_DEMO and not hasattr(response, "template_name"):
            # Instead of DEBUG's list of addresses: a demonstration shows what people will see. A 404 that a view wrote
            # itself, with its own template, keeps its words.
            return render(request, "errors/404.html", status=404)
        return response

    def process_exception(self, request, exception):
        if isinstance(exception, NotAllowed):
            return render(request, "errors/refused.html", {"reasons": exception.reasons}, status=403)
        if isinstance(exception, PdfError):
            return render(request, "errors/refused.html", {"reasons": [str(exception)]}, status=exception.status)
        if isinstance(exception, Stale):
            typed = beside_the_text_of_now(typed_texts(request), exception)
            context = {"event": exception.event, "typed": typed, "back": page_before(request)}
            return render(request, "errors/stale.html", context, status=409)
        return None


def page_before(request):
    """The page of this site that the person came from; a form's own address may answer to POST alone."""
    referer = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure())
    return referer if referer and ours else request.path


@dataclass(frozen=True)
class Typed:
    """One field as somebody typed it; `now` is what stands there meanwhile, where that is known and differs."""

    label: str
    text: str
    now: str = ""


def beside_the_text_of_now(typed, stale):
    """The typed fields, each with what somebody else wrote into it meanwhile (workflow.md §8: mine, theirs, by field)."""
    return [_with_now(each, stale.row) if each.label in stale.texts else each for each in typed]


def _with_now(typed, row):
    now = getattr(row, typed.label)
    label = str(row._meta.get_field(typed.label).verbose_name)
    return Typed(label[:1].upper() + label[1:], typed.text, now if now.strip() != typed.text.strip() else "")


def typed_texts(request):
    """What the person had typed, so that a lost race costs no text: a Typed for every longer text of the POST."""
    return [] if request.path.startswith(ACCOUNT_PAGES) else recognised(request.POST.items())


def recognised(fields):
    """Of (name, text) pairs, what a person recognises as typed: the longer texts, none of the hidden fields."""
    return [Typed(name, text) for name, text in fields if name not in HIDDEN and len(text) > 2]


class OnceMiddleware:
    """Every POST of a signed-in person happens once (design §6).

    The form carries a random token. The token's row and the view's writes share one transaction: a second POST with
    the same token waits for the first and then gets its redirect; a POST that ends in anything but a redirect leaves
    neither token nor writes behind.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method != "POST" or not request.user.is_authenticated or request.path.startswith(WITHOUT_TOKEN):
            return self.get_response(request)
        token = request.POST.get("once", "")[:64]
        if not token:
            return render(request, "errors/no_token.html", {"typed": typed_texts(request)}, status=409)
        if done := self._receipt(request, token):
            return HttpResponseRedirect(done.redirect_to)
        try:
            return self._first_time(request, token)
        except IntegrityError:
            # The same token was committed while this request waited; any other integrity error is a defect.
            done = self._receipt(request, token)
            if done is None:
                raise
            return HttpResponseRedirect(done.redirect_to)

    def _first_time(self, request, token):
        with transaction.atomic():
            receipt = PostReceipt.objects.create(user=request.user, token=token, path=request.path[:300])
            response = self.get_response(request)
            if response.status_code in (301, 302, 303):
                receipt.redirect_to = response["Location"][:500]
                receipt.save(update_fields=["redirect_to"])
            else:
                transaction.set_rollback(True)
        return response

    @staticmethod
    def _receipt(request, token):
        return PostReceipt.objects.filter(user=request.user, token=token, path=request.path[:300]).first()
