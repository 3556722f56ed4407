"""The outbox as a page: who sees what, and what people may still stop or send again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ace_partners.core import mail
from ace_partners.core.models import AuditEvent
from ace_partners.core.models.mail import MailState
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import OutgoingMailFactory, UserFactory

LIST = "/equipe/courriels/"


def address(row, move=""):
    return f"{LIST}{row.pk}/" + (f"{move}/" if move else "")


def subjects(client, query=""):
    return [row["mail"].subject for row in client.get(LIST + query).context["rows"]]


def test_direction_and_admin_see_all_officers_their_own(approver, ace_admin, reviewer, login):
    OutgoingMailFactory(subject="À lui", caused_by=reviewer)
    OutgoingMailFactory(subject="À d'autres")

    assert subjects(login(approver)) == subjects(login(ace_admin)) == ["À d'autres", "À lui"]
    assert subjects(login(reviewer)) == ["À lui"]


def test_filters(approver, login):
    OutgoingMailFactory(subject="Échoué", state=MailState.FAILED, to_address="une@example.org")
    OutgoingMailFactory(subject="En attente", to_address="deux@example.org")

    assert subjects(login(approver), "?state=failed") == ["Échoué"]
    assert subjects(login(approver), "?q=DEUX") == ["En attente"]


@pytest.mark.parametrize("roles", [[], [Role.AUDITOR]])
def test_the_queue_is_for_staff(roles, db, login):
    row = OutgoingMailFactory()
    client = login(UserFactory(roles=roles))

    statuses = [client.get(LIST), client.get(address(row)), client.post(address(row, "cancel"))]

    assert [response.status_code for response in statuses] == [404, 404, 404]


def test_the_body_is_shown_as_text(approver, login):
    row = OutgoingMailFactory(body="Bonjour <b>à</b> vous.\n\nMerci.\n")

    html = login(approver).get(address(row)).content.decode()

    assert "Bonjour &lt;b&gt;à&lt;/b&gt; vous." in html


def test_cancel_once(approver, login):
    row = OutgoingMailFactory()
    client = login(approver)

    first = client.post(address(row, "cancel"), once="un")
    client.post(address(row, "cancel"), once="un")

    row.refresh_from_db()
    assert (first.status_code, first["Location"], row.state) == (302, address(row), MailState.CANCELLED)
    assert list(AuditEvent.objects.values_list("action", flat=True)) == ["mail.cancel"]


def test_a_message_that_left_meanwhile_says_so(approver, login):
    row = OutgoingMailFactory(state=MailState.SENT, sent_at=timezone.now())
    client = login(approver)

    html = client.post(address(row, "cancel"), follow=True).content.decode()

    assert "Too late: the message has moved on meanwhile. This is how it stands now." in html
    assert not AuditEvent.objects.exists()


def test_admin_role_may_retry_and_not_cancel(ace_admin, login):
    waiting, failed = OutgoingMailFactory(), OutgoingMailFactory(state=MailState.FAILED)
    client = login(ace_admin)

    refused = client.post(address(waiting, "cancel"))
    client.post(address(failed, "retry"))

    failed.refresh_from_db()
    assert (refused.status_code, failed.state) == (403, MailState.QUEUED)
    reasons = ["Your role does not allow this step; another colleague has to take it."]
    assert refused.context["reasons"] == reasons
    assert reasons[0] in client.get(address(waiting)).content.decode()


@pytest.mark.parametrize("move", ["claim", "deliver", "fail", "erase"])
def test_sending_itself_is_nobodys_button(move, approver, login):
    row = OutgoingMailFactory()

    assert login(approver).post(address(row, move)).status_code == 404


def test_buttons_follow_the_state(approver, login):
    client = login(approver)
    states = {MailState.QUEUED: ["cancel"], MailState.FAILED: ["retry"], MailState.CANCELLED: []}

    for state, moves in states.items():
        response = client.get(address(OutgoingMailFactory(state=state)))
        assert [each["move"].name for each in response.context["moves"]] == moves


def test_every_state_move_and_role_agrees_with_the_table(db, login):
    """The page refuses exactly what the machine refuses."""
    for role in (Role.REVIEWER, Role.ME_OFFICER, Role.APPROVER, Role.ADMIN):
        user = UserFactory(roles=[role])
        client = login(user)
        for state in (MailState.QUEUED, MailState.FAILED, MailState.CANCELLED):
            for name in ("cancel", "retry"):
                row = OutgoingMailFactory(state=state, caused_by=user)
                move = mail.MACHINE[name]

                response = client.post(address(row, name))

                row.refresh_from_db()
                allowed = role in move.actors
                moved = allowed and state in move.sources
                assert response.status_code == (302 if allowed else 403)
                assert row.state == (move.target if moved else state)


def test_list_and_page_query_counts(approver, login, django_assert_max_num_queries):
    client = login(approver)
    counts = []
    for rows in (1, 2):
        OutgoingMailFactory.create_batch(rows, caused_by=approver)
        with django_assert_max_num_queries(6) as counted:
            assert client.get(LIST).status_code == 200
        counts.append(len(counted))
    assert counts[0] == counts[1]

    row = OutgoingMailFactory(send_after=timezone.now() + timedelta(minutes=9))
    with django_assert_max_num_queries(5):
        client.get(address(row))
