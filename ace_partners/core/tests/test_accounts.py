"""Signing in and what surrounds it: what a stranger may learn, what a stolen password is worth, how the pages look."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.cache import cache
from django.test import Client

from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import PASSWORD, UserFactory

SIGN_IN = "/compte/connexion/"
FORGOTTEN = "/compte/mot-de-passe/oublie/"
SECOND = "/compte/second-facteur/"
NEW_PASSWORD = "mutoshi-2026-autre"


@pytest.fixture(autouse=True)
def _fresh_limits():
    """The limits count in the cache, which outlives a test."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def user(db):
    return UserFactory(email="marie@example.org", name="Marie Kabwe")


def sign_in(client, email="marie@example.org", password=PASSWORD, **more):
    return client.post(SIGN_IN, {"login": email, "password": password, **more})


def signed_in(client):
    return client.get("/espace/").status_code == 200


def errors_of(response):
    return [str(error) for error in response.context["form"].non_field_errors()]


# --- signing in --------------------------------------------------------------------------------------------------


def test_sign_in_leads_to_the_start(user, client):
    response = sign_in(client)

    assert (response.status_code, response["Location"]) == (302, "/debut/")
    assert signed_in(client)


def test_sign_in_ignores_the_case_of_the_address(user, client):
    assert sign_in(client, email="Marie@Example.org").status_code == 302


def test_a_wrong_password_and_an_unknown_address_get_one_message(user, client):
    wrong = sign_in(client, password="pas-le-bon-mot")
    unknown = sign_in(client, email="personne@example.org", password="pas-le-bon-mot")

    assert errors_of(wrong) == errors_of(unknown) != []
    assert (wrong.status_code, unknown.status_code) == (200, 200)
    assert not signed_in(client)


def test_the_typed_address_stays_and_the_password_does_not(user, client):
    html = sign_in(client, password="pas-le-bon-mot").content.decode()

    assert 'value="marie@example.org"' in html
    assert "pas-le-bon-mot" not in html


def test_five_failures_close_an_address_for_a_while_even_for_the_right_password(user, client):
    for _attempt in range(5):
        sign_in(client, password="pas-le-bon-mot")

    response = sign_in(client)

    assert response.status_code in (200, 429)
    assert not signed_in(client)


def test_failures_of_one_address_do_not_close_another(user, client):
    UserFactory(email="jean@example.org")
    for _attempt in range(5):
        sign_in(client, password="pas-le-bon-mot")

    assert sign_in(client, email="jean@example.org").status_code == 302


def test_a_deactivated_account_cannot_sign_in(user, client):
    user.is_active = False
    user.save()

    sign_in(client)

    assert not signed_in(client)


def test_deactivation_ends_the_open_session(user, client):
    sign_in(client)
    user.is_active = False
    user.save()

    assert not signed_in(client)


def test_an_account_without_a_password_cannot_sign_in(user, client):
    user.set_unusable_password()
    user.save()

    sign_in(client, password="")

    assert not signed_in(client)


@pytest.mark.parametrize(
    "outside", ["https://mechant.example/", "//mechant.example/", "/\\mechant.example", "javascript:alert(1)"]
)
def test_next_cannot_leave_the_site(outside, user, client):
    response = client.post(f"{SIGN_IN}?next={outside}", {"login": user.email, "password": PASSWORD, "next": outside})

    assert (response.status_code, response["Location"]) == (302, "/debut/")


def test_next_inside_the_site_is_kept(user, client):
    asked = client.get("/espace/")
    form = client.get(asked["Location"]).content.decode()

    assert asked["Location"] == f"{SIGN_IN}?next=/espace/"
    assert '<input type="hidden" name="next" value="/espace/">' in form
    assert sign_in(client, next="/espace/")["Location"] == "/espace/"


def test_sign_out_is_a_post_and_ends_the_session(user, client):
    sign_in(client)
    client.get("/compte/deconnexion/")
    assert signed_in(client)

    response = client.post("/compte/deconnexion/")

    assert (response.status_code, response["Location"]) == (302, "/")
    assert not signed_in(client)


# --- the session -------------------------------------------------------------------------------------------------


def test_the_session_cookie_is_closed_to_scripts_and_other_sites(user, client):
    cookie = sign_in(client).cookies["sessionid"]

    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")


def test_a_shared_computer_forgets_and_an_own_phone_remembers(user):
    shared, own = Client(), Client()

    short = sign_in(shared).cookies["sessionid"]
    long = sign_in(own, remember="on").cookies["sessionid"]

    assert short["max-age"] == ""
    assert long["max-age"] == 30 * 24 * 3600


def test_signing_in_makes_a_new_session(user, client):
    client.get(SIGN_IN)
    session = client.session
    session["before"] = True
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before

    sign_in(client)

    assert client.cookies["sessionid"].value != before


def test_sign_in_needs_the_csrf_token(user):
    strict = Client(enforce_csrf_checks=True)

    response = sign_in(strict)

    assert response.status_code == 403
    assert not signed_in(strict)


# --- no account yet, password forgotten --------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
def test_sign_up_is_closed_and_says_whom_to_ask(method, db, client, settings):
    values = {"email": "neuf@example.org", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}

    response = getattr(client, method)("/compte/inscription/", values if method == "post" else {})

    assert response.status_code == 200
    assert settings.ACE_CONTACT_EMAIL in response.content.decode()
    assert not type(UserFactory.build()).objects.exists()


def test_a_forgotten_password_does_not_tell_who_has_an_account(user):
    known, unknown = Client(), Client()

    first = known.post(FORGOTTEN, {"email": "marie@example.org"}, follow=True)
    second = unknown.post(FORGOTTEN, {"email": "personne@example.org"}, follow=True)

    assert first.redirect_chain == second.redirect_chain
    assert without_tokens(first) == without_tokens(second)
    assert [message.to for message in mail.outbox] == [["marie@example.org"]]


def without_tokens(response):
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", response.content.decode())


def test_the_link_of_the_mail_sets_a_new_password_once(user, client):
    client.post(FORGOTTEN, {"email": user.email})
    [message] = mail.outbox
    link = re.search(r"https?://testserver(/compte/\S+)", message.body)[1]

    form = client.get(link)["Location"]
    done = client.post(form, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})

    assert (done.status_code, done["Location"]) == (302, "/compte/mot-de-passe/nouveau/fait/")
    assert sign_in(Client(), password=NEW_PASSWORD).status_code == 302
    assert sign_in(Client()).status_code == 200
    again = Client().get(link)
    assert again.status_code == 200  # « lien invalide », not a form
    assert 'name="password1"' not in again.content.decode()


def test_the_mail_is_ours_in_french(user, client):
    client.post(FORGOTTEN, {"email": user.email})

    [message] = mail.outbox
    assert message.subject == "ACE : choisir un nouveau mot de passe"
    assert message.body.startswith("Bonjour,")
    assert "testserver !" not in message.body


@pytest.mark.parametrize("weak", ["court", "1234567890", "marie@example.org", "password123"])
def test_weak_passwords_are_refused(weak, user, client):
    client.force_login(user)

    response = client.post("/compte/mot-de-passe/", {"oldpassword": PASSWORD, "password1": weak, "password2": weak})

    assert response.context["form"].errors
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_changing_the_password_signs_out_everywhere(user):
    here, elsewhere = Client(), Client()
    sign_in(here)
    sign_in(elsewhere)

    here.post("/compte/mot-de-passe/", {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD})

    assert (signed_in(here), signed_in(elsewhere)) == (False, False)


# --- the administration's door -----------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/admin/", "/admin/login/", "/admin/partners/partner/"])
def test_the_admin_site_sends_strangers_to_our_sign_in(address, db, client):
    response = client.get(address, follow=True)

    assert response.redirect_chain[-1][0].startswith(f"{SIGN_IN}?next=")
    assert 'name="username"' not in response.content.decode()


def test_the_admin_login_takes_no_password_of_its_own(user, client):
    response = client.post("/admin/login/", {"username": user.email, "password": PASSWORD})

    assert response.status_code == 302
    assert response["Location"].startswith(SIGN_IN)
    assert not signed_in(client)


@pytest.mark.parametrize("roles", [[], [Role.AUDITOR]])
def test_the_admin_site_refuses_who_is_not_staff_in_our_words(roles, db, login):
    response = login(UserFactory(roles=roles)).get("/admin/", follow=True)

    html = response.content.decode()
    assert response.status_code == 403
    assert "Cette partie du site est réservée à l’équipe de l’ACE." in html
    assert 'class="site-header"' in html


# --- second factor -----------------------------------------------------------------------------------------------


def digits(secret, *, step=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


def turn_on(client):
    """Turn the second factor on as a person would; return its secret."""
    client.post("/compte/confirmer/", {"password": PASSWORD})
    html = client.get(f"{SECOND}activer/").content.decode()
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", html)[1]
    response = client.post(f"{SECOND}activer/", {"code": digits(secret)})
    assert (response.status_code, response["Location"]) == (302, f"{SECOND}secours/")
    return secret


def test_turning_it_on_asks_for_the_password_first(user, client):
    sign_in(client)

    response = client.get(f"{SECOND}activer/")

    assert response["Location"].startswith("/compte/confirmer/")


def test_a_wrong_code_turns_nothing_on(user, client):
    sign_in(client)
    client.post("/compte/confirmer/", {"password": PASSWORD})
    client.get(f"{SECOND}activer/")

    client.post(f"{SECOND}activer/", {"code": "000000"})

    assert not user.authenticator_set.exists()


def test_the_second_factor_is_asked_at_the_next_sign_in(user, client):
    sign_in(client)
    secret = turn_on(client)
    cache.clear()  # a code is spent once: the next sign-in is a minute later
    other = Client()

    response = sign_in(other)
    assert (response.status_code, response["Location"]) == (302, f"{SECOND}code/")
    assert not signed_in(other)

    assert other.post(f"{SECOND}code/", {"code": "000000"}).status_code == 200
    assert not signed_in(other)

    done = other.post(f"{SECOND}code/", {"code": digits(secret)})
    assert (done.status_code, done["Location"]) == (302, "/debut/")
    assert signed_in(other)


def test_a_code_opens_once(user, client):
    sign_in(client)
    secret = turn_on(client)
    cache.clear()
    code = digits(secret)
    for expected in (True, False):
        other = Client()
        sign_in(other)
        other.post(f"{SECOND}code/", {"code": code})
        assert signed_in(other) is expected


def test_a_recovery_code_opens_once(user, client):
    sign_in(client)
    turn_on(client)
    code = re.search(r"<code>(\d{8})</code>", client.get(f"{SECOND}secours/").content.decode())[1]
    for expected in (True, False):
        other = Client()
        sign_in(other)
        other.post(f"{SECOND}code/", {"code": code})
        assert signed_in(other) is expected


def test_turning_it_off_asks_for_the_person_again(user, client):
    sign_in(client)
    secret = turn_on(client)
    cache.clear()
    other = Client()
    sign_in(other)
    other.post(f"{SECOND}code/", {"code": digits(secret)})

    response = other.post(f"{SECOND}desactiver/")

    assert "confirmer" in response["Location"]
    assert user.authenticator_set.filter(type="totp").exists()


# --- language, and how the pages look ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "page", "leads_to"),
    [("en", "/criteres/", "/en/criteres/"), ("fr", "/criteres/", "/criteres/"), ("en", SIGN_IN, SIGN_IN)],
)
def test_anybody_may_choose_a_language(language, page, leads_to, db, client):
    response = client.post("/langue/", {"language": language, "next": page})

    assert (response.status_code, response["Location"]) == (302, leads_to)
    assert response.cookies["django_language"].value == language


def test_choosing_a_language_cannot_leave_the_site(db, client):
    response = client.post("/langue/", {"language": "fr", "next": "https://mechant.example/"})

    assert response["Location"] == "/"


OPEN_PAGES = [
    "connexion/",
    "inscription/",
    "inactif/",
    "mot-de-passe/oublie/",
    "mot-de-passe/oublie/envoye/",
    "mot-de-passe/nouveau/fait/",
    "mot-de-passe/nouveau/xx-yy/",
]
OWN_PAGES = ["deconnexion/", "confirmer/", "mot-de-passe/", "second-facteur/"]
SURE_PAGES = [
    "second-facteur/",
    "second-facteur/confirmer/",
    "second-facteur/desactiver/",
    "second-facteur/secours/",
    "second-facteur/secours/nouveaux/",
]
# allauth's own English, had a French catalogue been missed.
ENGLISH = re.compile(
    r"\b(the|your|you|password|sign in|sign out|recovery codes|authenticator|confirm)\b", re.IGNORECASE
)


def assert_our_french_page(response):
    html = response.content.decode()
    assert response.status_code == 200
    assert '<html lang="fr">' in html
    assert 'class="site-header"' in html
    assert len(re.findall(r"<h1\b", html)) == 1
    assert re.findall(r"<script\b|<style\b|\sstyle=|\son[a-z]+=", html) == []
    words = re.sub(r"<[^>]+>", " ", html[html.index("<main") : html.index("</main>")])
    assert ENGLISH.findall(words) == []


@pytest.mark.parametrize("address", OPEN_PAGES)
def test_open_account_pages_are_french_and_ours(address, db, client):
    assert_our_french_page(client.get(f"/compte/{address}"))


@pytest.mark.parametrize("address", OWN_PAGES)
def test_own_account_pages_are_french_and_ours(address, user, client):
    sign_in(client)

    assert_our_french_page(client.get(f"/compte/{address}"))


def test_second_factor_pages_are_french_and_ours(user, client):
    sign_in(client)
    client.post("/compte/confirmer/", {"password": PASSWORD})
    assert_our_french_page(client.get(f"{SECOND}activer/"))
    turn_on(client)
    for address in SURE_PAGES:
        assert_our_french_page(client.get(f"/compte/{address}"))
    other = Client()
    sign_in(other)
    assert_our_french_page(other.get(f"{SECOND}code/"))


def test_the_account_page_is_one_link_away_from_everywhere(user, client):
    sign_in(client)

    assert f'<a href="{SECOND}">Marie Kabwe</a>' in client.get("/").content.decode()
    page = client.get(SECOND).content.decode()
    assert 'href="/compte/mot-de-passe/"' in page
    assert f'href="{SECOND}activer/"' in page
