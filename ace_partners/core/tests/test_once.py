"""The second tap: one effect, one redirect."""

import pytest
from django.http import HttpResponse, HttpResponseRedirect
from django.test import RequestFactory

from ace_partners.core.middleware import OnceMiddleware, Typed, typed_texts
from ace_partners.core.models import PostReceipt, StoredFile
from ace_partners.core.tests.factories import StoredFileFactory, UserFactory


@pytest.fixture
def user(db):
    return UserFactory()


def post(user, data, path="/espace/x/"):
    request = RequestFactory().post(path, data)
    request.user = user
    return request


def creating_view(answer):
    def view(request):
        StoredFileFactory(uploaded_by=request.user)
        return answer

    return OnceMiddleware(view)


def test_a_second_post_gets_the_first_redirect_and_does_nothing(user):
    view = creating_view(HttpResponseRedirect("/espace/recu/"))

    first, second = view(post(user, {"once": "t1"})), view(post(user, {"once": "t1"}))

    assert (first["Location"], second["Location"]) == ("/espace/recu/", "/espace/recu/")
    assert StoredFile.objects.count() == 1


def test_a_refused_post_leaves_nothing_and_may_be_sent_again(user):
    assert creating_view(HttpResponse(status=422))(post(user, {"once": "t1"})).status_code == 422
    assert (StoredFile.objects.count(), PostReceipt.objects.count()) == (0, 0)

    assert creating_view(HttpResponseRedirect("/"))(post(user, {"once": "t1"})).status_code == 302
    assert StoredFile.objects.count() == 1


def test_a_token_belongs_to_one_person_and_one_address(user):
    view = creating_view(HttpResponseRedirect("/"))

    view(post(user, {"once": "t1"}))
    view(post(UserFactory(), {"once": "t1"}))
    view(post(user, {"once": "t1"}, path="/espace/y/"))

    assert StoredFile.objects.count() == 3


def test_a_post_without_token_does_nothing(user, monkeypatch):
    monkeypatch.setattr(
        "ace_partners.core.middleware.render",
        lambda request, template, context, status: HttpResponse(template, status=status),
    )

    response = creating_view(HttpResponseRedirect("/"))(post(user, {}))

    assert (response.status_code, response.content) == (409, b"errors/no_token.html")
    assert StoredFile.objects.count() == 0


def test_reading_and_signing_in_need_no_token(user):
    view = OnceMiddleware(lambda request: HttpResponse("ok"))
    reading = RequestFactory().get("/espace/")
    reading.user = user

    assert view(reading).content == b"ok"
    assert view(post(user, {}, path="/compte/deconnexion/")).content == b"ok"


def test_typed_texts_are_given_back_without_secrets(user):
    request = post(user, {"once": "t", "csrfmiddlewaretoken": "c", "seen": "3", "narrative": "Trois mois de travail"})

    assert typed_texts(request) == [Typed("narrative", "Trois mois de travail")]


def test_a_password_is_never_given_back(user):
    request = RequestFactory().post("/compte/connexion/", {"login": "a@example.org", "password": "kolwezi-secret"})

    assert typed_texts(request) == []
