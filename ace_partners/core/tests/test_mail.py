from datetime import timedelta

import pytest
import time_machine
from django.core import mail as django_mail
from django.core.management import call_command
from django.utils import timezone

from ace_partners.core import mail
from ace_partners.core.errors import NotAllowed
from ace_partners.core.models import AuditEvent, OutgoingMail
from ace_partners.core.models.mail import MailState
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import OutgoingMailFactory, UserFactory


@pytest.fixture
def letter(tmp_path, settings):
    """A template outside the project: what matters here is the queue."""
    folder = tmp_path / "test" / "email"
    folder.mkdir(parents=True)
    (folder / "letter.subject.txt").write_text("Bonjour\n{{ user.name }}")
    (folder / "letter.body.txt").write_text("{{ site_url }} {{ what|safe }}")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], tmp_path]}]
    return "test/email/letter"


def test_a_mail_is_rendered_once_when_it_is_queued(db, letter):
    user = UserFactory(name="Marie")

    (row,) = mail.queue(letter, to=[user], context={"what": "rapport"}, dedupe="r1")

    assert (row.subject, row.body, row.to_address, row.state) == (
        "Bonjour Marie",
        "http://127.0.0.1:8000 rapport\n",
        user.email,
        MailState.QUEUED,
    )


def test_the_same_mail_is_queued_once(db, letter):
    user = UserFactory()

    mail.queue(letter, to=[user], context={}, dedupe="r1")
    again = mail.queue(letter, to=[user], context={}, dedupe="r1")

    assert again == []
    assert OutgoingMail.objects.count() == 1


def test_a_newer_mail_on_a_topic_cancels_the_unsent_one(db, letter):
    user = UserFactory()
    (first,) = mail.queue(letter, to=[user], context={}, dedupe="v1", topic="decision-7", hold=timedelta(minutes=10))

    (second,) = mail.queue(letter, to=[user], context={}, dedupe="v2", topic="decision-7")

    first.refresh_from_db()
    assert (first.state, second.state) == (MailState.CANCELLED, MailState.QUEUED)


def test_due_mail_is_sent_once(db):
    row = OutgoingMailFactory()

    assert (mail.send_due(), mail.send_due()) == (1, 0)

    row.refresh_from_db()
    assert (row.state, row.attempts) == (MailState.SENT, 1)
    assert [sent.to for sent in django_mail.outbox] == [[row.to_address]]


def test_held_mail_waits(db):
    OutgoingMailFactory(send_after=timezone.now() + timedelta(minutes=10))

    assert mail.send_due() == 0
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        assert mail.send_due() == 1


def test_a_mail_that_another_sender_took_meanwhile_is_left_alone(db, monkeypatch):
    row = OutgoingMailFactory()
    looked = []

    def due(now):
        # The first look lists the row; before the claim, the other sender takes it.
        if looked:
            OutgoingMail.objects.filter(pk=row.pk).update(state=MailState.SENDING, claimed_at=timezone.now())
        looked.append(now)
        return OutgoingMail.objects.filter(state=MailState.QUEUED).order_by("pk")

    monkeypatch.setattr(mail, "_due", due)

    assert (mail.send_due(), len(looked)) == (0, 2)
    assert django_mail.outbox == []


def test_a_failure_is_kept_and_tried_again_then_given_up(db, settings):
    settings.EMAIL_BACKEND = "ace_partners.core.tests.failing_backend.Backend"
    row = OutgoingMailFactory()

    for _attempt in range(mail.MAX_ATTEMPTS):
        OutgoingMail.objects.filter(pk=row.pk).update(send_after=timezone.now() - timedelta(seconds=1))
        assert mail.send_due() == 0

    row.refresh_from_db()
    assert (row.state, row.attempts) == (MailState.FAILED, mail.MAX_ATTEMPTS)
    assert row.error == "ConnectionRefusedError: no mail server"


def test_a_sender_that_died_leaves_a_failed_row_for_a_person(db):
    row = OutgoingMailFactory(state=MailState.SENDING, claimed_at=timezone.now() - timedelta(hours=1))

    mail.send_due()

    row.refresh_from_db()
    assert row.state == MailState.FAILED
    assert django_mail.outbox == []


def test_the_command_says_how_many_left(db, capsys):
    OutgoingMailFactory.create_batch(2)

    call_command("send_mail")

    assert capsys.readouterr().out == "2 sent.\n"


STATES = list(MailState.values)


@pytest.mark.parametrize("role", [*Role.values, None])
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", ["cancel", "retry"])
def test_every_state_and_role_of_the_queue(db, role, state, name):
    sent_at = timezone.now() if state == MailState.SENT else None
    digest = OutgoingMailFactory() if state == MailState.GATHERED else None
    row = OutgoingMailFactory(state=state, sent_at=sent_at, gathered_in=digest)
    user = UserFactory(roles=[role] if role in {"reviewer", "me_officer", "approver", "admin", "auditor"} else [])
    move = mail.MACHINE[name]

    if role not in move.actors:
        with pytest.raises(NotAllowed):
            mail.change(row, name, by=user)
    else:
        assert mail.change(row, name, by=user) is (state in move.sources)
    row.refresh_from_db()
    moved = role in move.actors and state in move.sources
    assert row.state == (move.target if moved else state)
    assert AuditEvent.objects.filter(action=f"mail.{name}").count() == int(moved)


def test_officers_see_their_own_mail_and_direction_sees_all(db, reviewer, approver, auditor):
    own, other = OutgoingMailFactory(caused_by=reviewer), OutgoingMailFactory()

    assert list(OutgoingMail.objects.visible_to(reviewer)) == [own]
    assert set(OutgoingMail.objects.visible_to(approver)) == {own, other}
    assert list(OutgoingMail.objects.visible_to(auditor)) == []
