"""What was typed on a page whose session had ended: kept through the sign-in, and given back before anything is saved.

Only for a browser that somebody had signed in on, known by a signed cookie, and only to that same person. Kept in the
anonymous session, which Django carries through the sign-in; files are not kept.
"""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect, render
from django.urls import reverse

from ace_partners.core.middleware import ACCOUNT_PAGES, recognised

COOKIE = "known"
SALT = "ace_partners.core.kept"
SESSION_KEY = "kept_form"
MAX_BYTES = 200_000
KEPT_FOR = 3600  # seconds that an anonymous session with a kept form lives
SENT_ANEW = frozenset({"csrfmiddlewaretoken", "once"})


@dataclass(frozen=True)
class KeptForm:
    """A POST that met no session: where it went, whose it was, and its fields in order, names repeated as they came."""

    path: str
    user: int
    fields: tuple[tuple[str, str], ...]

    @property
    def typed(self):
        return recognised(self.fields)


class KeptFormMiddleware:
    """Keep the POST of somebody whose session ended, and lead over the sign-in to the page that gives it back."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.user.is_authenticated:
            _after_signed_in(request, response)
        elif request.method == "POST" and request.path == reverse("account_logout"):
            response.delete_cookie(COOKIE)
        elif _met_no_session(request, response) and (user := _known_user(request)):
            _keep(request, user)
            return redirect_to_login(reverse("account_kept_form"), settings.LOGIN_URL)
        return response


def _after_signed_in(request, response):
    if _known_user(request) != request.user.pk:
        response.set_signed_cookie(
            COOKIE,
            request.user.pk,
            salt=SALT,
            max_age=settings.SESSION_COOKIE_AGE,
            secure=settings.SECURE,
            httponly=True,
            samesite="Lax",
        )
    kept = kept_form(request)
    if kept and request.method == "POST" and request.path == kept.path:
        del request.session[SESSION_KEY]


def _met_no_session(request, response):
    """A closed page that led to the sign-in; the account pages are left out: what is typed there is a secret."""
    return (
        request.method == "POST"
        and response.status_code == 302
        and response["Location"].startswith(reverse(settings.LOGIN_URL))
        and not request.path.startswith(ACCOUNT_PAGES)
    )


def _known_user(request):
    """The person who was last signed in on this browser, or None."""
    known = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=settings.SESSION_COOKIE_AGE)
    return int(known) if known.isdecimal() else None


def _keep(request, user):
    fields = [(name, text) for name, texts in request.POST.lists() for text in texts if name not in SENT_ANEW]
    if sum(len(name) + len(text) for name, text in fields) > MAX_BYTES:
        return
    request.session[SESSION_KEY] = {"path": request.path, "user": user, "fields": fields}
    request.session.set_expiry(KEPT_FOR)


def kept_form(request):
    """The KeptForm of the person now signed in, or None; somebody else's is never shown."""
    kept = request.session.get(SESSION_KEY)
    if not kept or kept["user"] != request.user.pk:
        return None
    return KeptForm(kept["path"], kept["user"], tuple((name, text) for name, text in kept["fields"]))


def resume(request):
    """Show what was typed, with one button that sends it to where it was going, through the usual checks."""
    kept = kept_form(request)
    if kept is None:
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "account/kept.html", {"kept": kept})
