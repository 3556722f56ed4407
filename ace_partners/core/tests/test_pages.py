"""What every answer carries and what a person sees when something goes wrong: headers, error pages, liveness."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import Http404
from django.test import Client, RequestFactory, override_settings
from django.urls import path
from django.utils import timezone

from ace_partners.core import errors_pages, health
from ace_partners.core.errors import NotAllowed
from ace_partners.core.models import PostReceipt
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import OutgoingMailFactory, UserFactory
from ace_partners.urls import urlpatterns as real_urls
from partners.tests.factories import MembershipFactory, PartnerFactory

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}


def policy_of(response):
    """The content policy as a list: django-csp writes its directives in an order of its own in every process."""
    return sorted(part.strip() for part in response["Content-Security-Policy"].split(";") if part.strip())


def main_of(response):
    html = response.content.decode()
    return html[html.index("<main") : html.index("</main>")]


# --- headers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/", 200),
        ("/criteres/", 200),
        ("/compte/connexion/", 200),
        ("/espace/", 302),
        ("/nulle-part/", 404),
        ("/healthz", 200),
    ],
)
def test_security_headers_for_a_stranger(address, status, db, client):
    response = client.get(address)

    assert response.status_code == status
    assert {name: response.get(name) for name in HEADERS} == HEADERS
    assert policy_of(response) == sorted(POLICY.split("; "))


@pytest.mark.parametrize(
    ("address", "status"), [("/espace/", 200), ("/criteres/", 200), ("/equipe/", 404), ("/debut/", 302)]
)
def test_answers_to_a_person_are_private(address, status, db, login):
    response = login(MembershipFactory().user).get(address)

    assert response.status_code == status
    assert {name: response.get(name) for name in HEADERS} == HEADERS
    assert policy_of(response) == sorted(POLICY.split("; "))
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"] == "noindex"
    assert "Cookie" in response["Vary"]


# --- closed addresses --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "/debut/",
        "/espace/",
        "/espace/dossiers/{pk}/",
        "/espace/rapports/999999/",
        "/espace/nulle-part/",
        "/equipe/",
        "/equipe/partenaires/{slug}/",
        "/equipe/partenaires/inconnue/",
        "/equipe/courriels/{pk}/",
        "/equipe/courriels/999999/",
        "/equipe/nulle-part/du-tout/",
        "/fichiers/documents/1/",
        "/fichiers/nulle-part/",
        "/compte/mot-de-passe/",
    ],
)
def test_a_stranger_is_sent_to_sign_in_whether_or_not_the_page_exists(address, db, client):
    found = address.format(pk=OutgoingMailFactory().pk, slug=PartnerFactory().slug)

    response = client.get(found)

    assert (response.status_code, response["Location"]) == (302, f"/compte/connexion/?next={found}")


@pytest.mark.parametrize(
    "address", ["/equipe/courriels/{pk}/cancel/", "/equipe/courriels/999999/cancel/", "/equipe/rien/"]
)
def test_a_strangers_post_does_nothing(address, db, client):
    mail = OutgoingMailFactory()

    response = client.post(address.format(pk=mail.pk))

    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/compte/connexion/")
    mail.refresh_from_db()
    assert mail.state == "queued"


def test_a_signed_in_person_gets_404_for_what_does_not_exist(db, login):
    client = login(UserFactory())

    assert {client.get(address).status_code for address in ("/espace/rien/", "/equipe/rien/", "/fichiers/rien/")} == {
        404
    }


# --- error pages -------------------------------------------------------------------------------------------------


def test_the_demonstration_shows_the_page_that_people_will_see(db, client, settings):
    settings.DEBUG, settings.ACE_DEMO = True, True

    response = client.get("/nulle-part/")

    assert response.status_code == 404
    assert "Page introuvable" in response.content.decode()


def test_404_is_a_french_page_with_a_way_home(db, client):
    response = client.get("/nulle-part/")

    assert response.status_code == 404
    assert "Page introuvable" in main_of(response)
    assert '<a href="/">' in main_of(response)


def breaks(failure):
    @login_not_required
    def view(request):
        raise failure

    return view


urlpatterns = [
    path("casse/refus/", breaks(NotAllowed(["Une autre personne doit le faire."]))),
    path("casse/defaut/", breaks(ValueError("détail interne"))),
    path("casse/base/", breaks(OperationalError("détail interne"))),
    *real_urls,
]
handler403 = "ace_partners.core.errors_pages.permission_denied"
handler404 = "ace_partners.core.errors_pages.not_found"
handler500 = "ace_partners.core.errors_pages.server_error"


@pytest.fixture
def broken():
    """A client to which failures come back as pages, as in production."""
    with override_settings(ROOT_URLCONF=__name__):
        yield Client(raise_request_exception=False)


def test_a_refusal_names_its_reasons_and_who_can_help(broken, db, settings):
    response = broken.get("/casse/refus/")

    assert response.status_code == 403
    assert "Une autre personne doit le faire." in main_of(response)
    assert settings.ACE_CONTACT_EMAIL in main_of(response)
    assert {name: response.get(name) for name in HEADERS} == HEADERS


@pytest.mark.parametrize(
    ("address", "status", "words", "retry"),
    [
        ("/casse/defaut/", 500, "Une erreur est survenue", None),
        ("/casse/base/", 503, "Le service est momentanément indisponible", "30"),
    ],
)
def test_a_failure_is_a_page_without_details(address, status, words, retry, broken, db):
    response = broken.get(address)

    assert (response.status_code, response.get("Retry-After")) == (status, retry)
    assert words in main_of(response)
    assert "détail interne" not in response.content.decode()
    assert {name: response.get(name) for name in HEADERS} == HEADERS


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        (OperationalError("gone"), 503),
        (InterfaceError("closed"), 503),
        (IntegrityError("a defect of ours"), 500),
        (ValueError("a defect of ours"), 500),
    ],
)
def test_only_an_unreachable_database_is_a_503(failure, status, django_assert_num_queries, db):
    request = RequestFactory().get("/")

    with django_assert_num_queries(0):
        try:
            raise failure
        except type(failure):
            response = errors_pages.server_error(request)

    assert response.status_code == status
    assert response.get("Retry-After") == ("30" if status == 503 else None)


def test_failure_pages_need_nothing_else(db):
    """No style sheet, script or picture: they must work when static files and database do not."""
    response = errors_pages.server_error(RequestFactory().get("/"))

    html = response.content.decode()
    assert re.findall(r"<(?:link|script|img|style)\b", html) == []
    assert '<html lang="fr">' in html


def test_not_found_page_renders_without_session_or_user():
    request = RequestFactory().get("/nulle-part/")
    request.user = AnonymousUser()

    assert errors_pages.not_found(request, Http404()).status_code == 404


# --- what was typed ----------------------------------------------------------------------------------------------


def test_an_expired_form_gives_the_typed_text_back(db):
    member = MembershipFactory(role=Role.EDITOR)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(member.user)
    address = f"/espace/organisations/{member.partner.slug}/documents/ajouter/"

    response = strict.post(address, {"title": "Statuts <b>notariés</b>", "once": "abc", "csrfmiddlewaretoken": "faux"})

    html = main_of(response)
    assert response.status_code == 403
    assert "Cette page a expiré" in html
    assert "Statuts &lt;b&gt;notariés&lt;/b&gt;</textarea>" in html
    assert ("faux</textarea>" in html, "abc</textarea>" in html) == (False, False)
    assert f'href="{address}"' in html
    assert not PostReceipt.objects.exists()


def test_a_form_without_its_one_time_token_gives_the_typed_text_back(db):
    member = MembershipFactory(role=Role.EDITOR)
    client = Client()
    client.force_login(member.user)

    response = client.post(f"/espace/organisations/{member.partner.slug}/documents/ajouter/", {"title": "Mes statuts"})

    assert response.status_code == 409
    assert "Mes statuts</textarea>" in main_of(response)


# --- is it alive, can it work ------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "head"])
def test_healthz_answers_without_asking_anything(method, client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = getattr(client, method)("/healthz")

    assert (response.status_code, response["Content-Type"]) == (200, "text/plain")
    assert response.content == (b"ok\n" if method == "get" else b"")
    assert "Set-Cookie" not in response


def test_readyz_when_all_is_well(db, client):
    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (
        200,
        {"database": True, "migrations": True, "mail": True, "storage": True},
    )


def test_readyz_when_files_cannot_be_written(db, client, settings, tmp_path):
    blocked = tmp_path / "a-file"
    blocked.write_text("not a directory")
    settings.ACE_FILES_ROOT = str(blocked / "files")

    response = client.get("/readyz")

    assert (response.status_code, response.json()["storage"]) == (503, False)


@pytest.mark.parametrize(("demo", "status"), [(False, 503), (True, 200)])
def test_readyz_when_mail_waits_for_hours(demo, status, db, client, settings):
    settings.ACE_DEMO = demo  # the demonstration has no sender
    OutgoingMailFactory(send_after=timezone.now() - timedelta(hours=2))

    response = client.get("/readyz")

    assert (response.status_code, response.json()["mail"]) == (status, demo)


def test_readyz_when_the_database_does_not_answer(db, client, monkeypatch):
    def gone():
        raise OperationalError("gone")

    monkeypatch.setattr(health, "_database", gone)

    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (503, {"database": False, "storage": True})
