"""A session that ended while somebody was typing costs a sign-in and no text (workflow.md §8)."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from ace_partners.core import kept
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import PASSWORD
from impact.models import Report
from impact.tests.factories import ReportFactory
from partners.tests.factories import MembershipFactory

TEXT = "Huit groupes se sont formés, et les femmes président cinq d’entre eux."


@pytest.fixture
def report(db):
    return ReportFactory()


@pytest.fixture
def signatory(report):
    return MembershipFactory(partner=report.partner, role=Role.SIGNATORY).user


@pytest.fixture
def address(report):
    return reverse("impact_space:narrative", args=[report.pk])


def sign_in(client, user, follow_to):
    return client.post(
        reverse("account_login"), {"login": user.email, "password": PASSWORD, "next": follow_to}, follow=True
    )


def typed_after_the_session_ended(user, address):
    """A browser on which the person was signed in, and which now posts without a session."""
    client = Client()
    client.force_login(user)
    client.get(address)
    del client.cookies["sessionid"]
    return client, client.post(address, {"seen": 0, "narrative": TEXT, "once": "old-token"})


def test_the_text_comes_back_after_the_sign_in_and_is_saved_by_one_tap(signatory, report, address):
    client, answer = typed_after_the_session_ended(signatory, address)
    assert answer["Location"] == f"{reverse('account_login')}?next={reverse('account_kept_form')}"

    page = sign_in(client, signatory, reverse("account_kept_form"))

    assert TEXT in page.text
    assert Report.objects.get(pk=report.pk).narrative == ""  # given back, not saved behind somebody's back
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    assert fields["once"] != "old-token"

    assert client.post(address, fields).status_code == 302
    assert Report.objects.get(pk=report.pk).narrative == TEXT
    assert client.get(reverse("account_kept_form")).status_code == 302  # used up


def test_somebody_else_who_signs_in_never_sees_it(signatory, report, address):
    other = MembershipFactory(partner=report.partner, role=Role.EDITOR).user
    client, _answer = typed_after_the_session_ended(signatory, address)

    assert TEXT not in sign_in(client, other, reverse("account_kept_form")).text


def test_a_browser_that_nobody_signed_in_on_keeps_nothing(report, address):
    client = Client()

    answer = client.post(address, {"narrative": TEXT})

    assert answer["Location"] == f"{reverse('account_login')}?next={address}"
    assert kept.SESSION_KEY not in client.session


@pytest.mark.parametrize("cookie", ["1", "1:forged", "x"])
def test_a_forged_cookie_keeps_nothing(address, cookie):
    client = Client()
    client.cookies[kept.COOKIE] = cookie

    client.post(address, {"narrative": TEXT})

    assert kept.SESSION_KEY not in client.session


def test_signing_out_forgets_the_browser(signatory, address):
    client = Client()
    client.force_login(signatory)
    client.get(address)
    client.post(reverse("account_logout"))

    client.post(address, {"narrative": TEXT})

    assert kept.SESSION_KEY not in client.session


def test_more_than_the_limit_is_not_kept(signatory, address, monkeypatch):
    monkeypatch.setattr(kept, "MAX_BYTES", 20)

    client, _answer = typed_after_the_session_ended(signatory, address)

    assert kept.SESSION_KEY not in client.session


def test_a_password_is_never_kept(signatory):
    client, answer = typed_after_the_session_ended(signatory, reverse("account_change_password"))

    assert answer.status_code == 302
    assert kept.SESSION_KEY not in client.session
