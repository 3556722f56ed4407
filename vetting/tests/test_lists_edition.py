"""The page of an edition names the entries that came and went against the edition before."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from vetting.models import SanctionsEntry, SanctionsList
from vetting.tests.factories_screening import edition, entry

pytestmark = pytest.mark.django_db


def page_of(client, row, query=""):
    return client.get(reverse("vetting:list_edition", args=[row.pk]) + query).content.decode()


def test_what_came_and_what_went(login, reviewer):
    first, other = edition(), edition(SanctionsList.EU)
    entry(first, "GONE Jean", delisted_at=timezone.now())
    stays = entry(first, "STAYS Marie")
    entry(other, "ELSEWHERE Paul", delisted_at=timezone.now())
    second = edition()
    SanctionsEntry.objects.filter(pk=stays.pk).update(last_edition=second)
    entry(second, "NEW Luc", weak=["ALIAS Lucas"])

    shown = page_of(login(reviewer), second)

    assert [name for name in ("GONE Jean", "NEW Luc", "ALIAS Lucas") if name not in shown] == []
    assert [name for name in ("STAYS Marie", "ELSEWHERE Paul") if name in shown] == []
    assert shown.index("NEW Luc") < shown.index("GONE Jean")


def test_entries_that_went_with_an_older_edition_are_not_named_again(login, reviewer):
    first = edition()
    entry(first, "GONE Jean", delisted_at=timezone.now())
    edition()

    assert "GONE Jean" not in page_of(login(reviewer), edition())
    assert "GONE Jean" in page_of(login(reviewer), first)  # as one of those that came with it


def test_a_long_list_has_pages_and_costs_no_more(login, reviewer):
    client, row, counts = login(reviewer), edition(), []
    for _ in range(2):
        for _n in range(11):
            entry(row, "KABWE Marie")
        with CaptureQueriesContext(connection) as counted:
            shown = page_of(client, row)
        counts.append(len(counted))

    assert counts[0] == counts[1]
    assert shown.count("KABWE Marie") == 20
    assert page_of(client, row, "?new=2").count("KABWE Marie") == 2
