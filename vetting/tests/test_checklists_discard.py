"""A draft of the checklist is given up: only a draft, only by those who write them, and nothing published is touched."""

import pytest
from django.urls import reverse

from ace_partners.core.errors import NotAllowed, Stale
from ace_partners.core.models import AuditEvent
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import UserFactory
from vetting.actions import checklists as actions
from vetting.checklist_diff import content_of
from vetting.models import Checklist, ChecklistItem, Criterion
from vetting.tests.factories_checklists import drafted, edited, now, proposed, published

pytestmark = pytest.mark.django_db


def test_a_draft_goes_with_its_rows_and_the_published_version_stays(reviewer):
    current = published()
    before, rows = content_of(current), (Criterion.objects.count(), ChecklistItem.objects.count())
    draft = edited(drafted(reviewer), "C1.1", by=reviewer, weight=2)

    actions.discard_draft(draft, by=reviewer, seen=draft.lock_version)

    assert Checklist.objects.get() == current
    assert (content_of(now(current)), (Criterion.objects.count(), ChecklistItem.objects.count())) == (before, rows)
    event = AuditEvent.objects.get(action="checklist.discarded")
    assert (event.actor, event.before["version"], event.before["based_on"]) == (reviewer, 2, 1)
    assert actions.start_draft(by=reviewer).version == 2


def test_what_is_proposed_or_published_is_not_given_up(reviewer):
    waiting = proposed(reviewer)

    for row in (waiting, waiting.based_on):
        with pytest.raises(NotAllowed):
            actions.discard_draft(row, by=reviewer, seen=row.lock_version)

    assert Checklist.objects.count() == 2


@pytest.mark.parametrize("role", [Role.ME_OFFICER, Role.AUDITOR])
def test_other_roles_do_not_give_it_up(reviewer, role):
    draft = drafted(reviewer)

    with pytest.raises(NotAllowed):
        actions.discard_draft(draft, by=UserFactory(roles=[role]), seen=draft.lock_version)


def test_a_colleagues_edit_made_meanwhile_is_not_lost(reviewer, other_reviewer):
    draft = drafted(reviewer)
    edited(draft, "C1.1", by=other_reviewer, weight=2)

    with pytest.raises(Stale):
        actions.discard_draft(draft, by=reviewer, seen=draft.lock_version)


def test_the_page_asks_once_more(login, reviewer):
    draft = drafted(reviewer)
    client, address = login(reviewer), reverse("vetting:checklist_discard", args=[draft.version])
    assert address in client.get(reverse("vetting:checklist", args=[draft.version])).text
    assert "<form" in client.get(address).text.partition("<main")[2]

    answer = client.post(address, {"seen": draft.lock_version})

    assert answer.url == reverse("vetting:checklist_list")
    assert Checklist.objects.count() == 1


def test_the_page_says_why_not(login, reviewer):
    row = proposed(reviewer)
    client, address = login(reviewer), reverse("vetting:checklist_discard", args=[row.version])

    assert address not in client.get(reverse("vetting:checklist", args=[row.version])).text
    assert "<form" not in client.get(address).text.partition("<main")[2]
    assert client.post(address, {"seen": row.lock_version}).status_code == 403
