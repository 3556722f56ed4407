"""The copied databases keep what these tests promise: commits are real inside, and gone afterwards."""

import urllib.request

import pytest

from ace_partners.core.models import User
from ace_partners.core.tests.factories import UserFactory


@pytest.mark.parametrize("time", [1, 2])
def test_committed_row_is_gone_in_the_next_test(committed_db, time):
    UserFactory(email="seul@example.org")

    assert [user.email for user in User.objects.all()] == ["seul@example.org"]


def test_original_database_stays_empty(db):
    assert User.objects.count() == 0


def test_threads_share_the_copy_and_report_their_errors(together):
    UserFactory(email="avant@example.org")

    def read():
        return User.objects.get().email

    def fail():
        raise ValueError("perdu")

    read_result, error = together(read, fail)

    assert (read_result, str(error)) == ("avant@example.org", "perdu")


def test_live_site_answers_from_the_copy(live_site):
    with urllib.request.urlopen(f"{live_site}/healthz", timeout=10) as answer:  # noqa: S310 (our own address)
        assert (answer.status, answer.url) == (200, f"{live_site}/healthz")


@pytest.mark.browser
def test_browser_reads_the_copy_without_javascript(page_320, live_site):
    UserFactory()

    answer = page_320.goto("/healthz")

    assert (answer.status, page_320.viewport_size["width"], User.objects.count()) == (200, 320, 1)
