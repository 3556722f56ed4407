"""Reminders of steps: 14 and 3 days before and once after, whatever nights were missed; one mail per organisation."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ace_partners.core.models import OutgoingMail
from partners.models import Relationship
from partners.tests.factories import PartnerFactory
from vetting.actions import plans
from vetting.plan_reminders import remind_steps
from vetting.tests.factories import DecisionFactory, editor_of, viewer_of
from vetting.tests.factories_plans import fresh, plan_for, received, step_for

pytestmark = pytest.mark.django_db
KIND = "vetting/email/plan_reminder"


@pytest.fixture(autouse=True)
def _english(english):
    """Sentences are compared as they are written in the code."""


@pytest.fixture
def step():
    return step_for()  # due in 60 days


@pytest.fixture
def editor(step):
    """Mails are written in their reader's language, whatever the page's is."""
    user = editor_of(step.plan.partner)
    user.language = "en"
    user.save()
    return user


def run(step, days_before):
    """`remind_steps` that many days before the day of the step; returns the number of mails it wrote."""
    day = step.due_on - timedelta(days=days_before)
    with time_machine.travel(timezone.now() + (day - timezone.localdate()), tick=False):
        return remind_steps(day)


@pytest.mark.parametrize(
    ("nights", "mails"),
    [
        ([60, 15], [0, 0]),
        ([15, 14, 13, 4, 3, 2, 0], [0, 1, 0, 0, 1, 0, 0]),
        ([0, -1, -2, -50], [1, 1, 0, 0]),
        ([2], [1]),  # a fortnight without a night: only what is most urgent now
        ([10, -4, -5], [1, 1, 0]),
    ],
)
def test_what_is_due_and_was_not_said_is_said_once(step, editor, nights, mails):
    assert [run(step, night) for night in nights] == mails


def test_the_mail_names_the_step_its_day_and_the_page(step, editor):
    run(step, 14)

    mail = OutgoingMail.objects.get(kind=KIND)
    assert (mail.to_user, mail.dedupe_key) == (editor, f"capacity-{step.pk}-14-{step.due_on:%Y%m%d}:{editor.pk}")
    assert "C1.2 · Action C1.2" in mail.body
    assert f"/espace/plans/{step.plan_id}/" in mail.body
    assert "a step of your plan is due soon" in mail.subject


def test_a_missed_day_is_said_as_such(step, editor):
    run(step, -1)

    mail = OutgoingMail.objects.get(kind=KIND)
    assert "has passed" in mail.subject
    assert "it is suspended until ACE validates" in mail.body


def test_all_steps_of_one_organisation_leave_in_one_mail():
    plan = plan_for(items=("C1.2", "C3.1", "C4.1"))
    editor_of(plan.partner)
    other = plan_for(items=("C1.2",))
    editor_of(other.partner)

    assert run(plan.actions.first(), 14) == 2

    bodies = sorted(mail.body.count("Action C") for mail in OutgoingMail.objects.filter(kind=KIND))
    assert bodies == [1, 3]
    assert run(plan.actions.first(), 13) == 0


def test_a_step_that_was_said_is_not_repeated_in_the_mail_about_another():
    plan = plan_for(items=("C1.2", "C3.1"))
    editor_of(plan.partner)
    first, second = plan.actions.all()
    plan.actions.filter(pk=second.pk).update(due_on=second.due_on + timedelta(days=1))

    assert [run(first, 14), run(first, 13)] == [1, 1]

    newest = OutgoingMail.objects.filter(kind=KIND).first()
    assert ("C3.1" in newest.body, "C1.2" in newest.body) == (True, False)


def test_more_steps_than_one_mail_can_name_follow_the_next_night(monkeypatch):
    monkeypatch.setattr("vetting.reminders.LONGEST_KEY", 60)
    plan = plan_for(items=("C1.2", "C1.4", "C1.9", "C2.1", "C3.1", "C4.1"))
    editor_of(plan.partner)
    step = plan.actions.first()

    counts = [run(step, 14), run(step, 13), run(step, 12)]

    assert counts == [1, 1, 0]
    assert sum(mail.body.count("Action C") for mail in OutgoingMail.objects.filter(kind=KIND)) == 6


def test_evidence_at_ace_is_not_reminded_of(step, editor):
    received(step, editor)

    assert [run(step, night) for night in (14, 3, -1)] == [0, 0, 0]


def test_a_later_day_is_reminded_of_anew_but_not_of_what_its_mail_said(step, editor, approver):
    run(step, 14)
    day = step.due_on - timedelta(days=2)
    with time_machine.travel(timezone.now() + (day - timezone.localdate()), tick=False):
        new = step.due_on + timedelta(days=10)  # 12 days ahead: nearer than the first threshold
        plans.extend(fresh(step), by=approver, seen=0, due_on=new, reason="Route coupée.")
    later = fresh(step)

    assert [run(later, night) for night in (11, 4, 3)] == [0, 0, 1]


def test_history_and_ended_relationships_are_left_alone(step, editor):
    other = step_for(PartnerFactory(status=Relationship.ENDED))
    editor_of(other.plan.partner)
    DecisionFactory(partner=step.plan.partner)

    assert [run(step, 14), run(step, -1)] == [0, 0]


def test_readers_are_not_reminded_and_nothing_is_lost_while_nobody_is_there(step):
    viewer_of(step.plan.partner)
    assert run(step, 14) == 0

    editor_of(step.plan.partner)
    assert run(step, 13) == 1


def test_the_command_runs_it(step, editor, capsys):
    day = step.due_on - timedelta(days=14)
    with time_machine.travel(timezone.now() + (day - timezone.localdate()), tick=False):
        call_command("remind")

    assert "steps of plans: 1 mails queued." in capsys.readouterr().out


def test_query_count_is_the_same_for_one_step_and_three():
    counts = []
    for items in (("C1.2",), ("C1.2", "C3.1", "C4.1")):
        plan = plan_for(items=items)
        editor_of(plan.partner)
        with CaptureQueriesContext(connection) as queries:
            assert remind_steps(plan.actions.first().due_on - timedelta(days=14)) == 1
        counts.append(len(queries))
        plan.actions.update(status="in_progress", due_on=plan.actions.first().due_on + timedelta(days=99))

    assert counts[0] == counts[1]
