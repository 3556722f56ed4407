"""The mail of the day: one mail for all the work that nobody has taken, and one click that ends it (workflow.md §8)."""

import re
from datetime import date

import pytest
from django.core import mail as django_mail
from django.core.management import call_command
from django.test import Client

from ace_partners.core import digest, mail
from ace_partners.core.models import AuditEvent, OutgoingMail
from ace_partners.core.models.mail import MailState
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import UserFactory
from impact.models import ReportStatus
from impact.notifications import reports as notifications
from impact.tests.factories import PeriodFactory, ProjectFactory, ReportVersionFactory

DAY = date(2026, 11, 27)


@pytest.fixture
def officers(db):
    return [UserFactory(roles=[Role.ME_OFFICER]) for _ in range(3)]


def reports_arrive(count):
    project = ProjectFactory()
    for _number in range(count):
        notifications.report_submitted(
            ReportVersionFactory(report__period=PeriodFactory(project=project), report__status=ReportStatus.SUBMITTED)
        )


def sent():
    mail.send_due()
    return django_mail.outbox


def test_ten_reports_make_one_mail_for_each_officer(officers):
    reports_arrive(4)
    assert sent() == []

    call_command("send_digests")

    assert sorted(each.to[0] for each in sent()) == sorted(officer.email for officer in officers)
    assert django_mail.outbox[0].body.count("– ") == 4
    gathered = OutgoingMail.objects.filter(state=MailState.GATHERED)
    assert gathered.count() == 12
    assert all(row.gathered_in.to_user_id == row.to_user_id for row in gathered)


def test_twice_a_day_sends_nothing_twice_and_the_next_day_brings_what_came_since(officers):
    reports_arrive(1)
    assert (digest.send_digests(DAY), digest.send_digests(DAY)) == (3, 0)

    reports_arrive(1)
    assert digest.send_digests(DAY) == 0
    assert digest.send_digests(date(2026, 11, 28)) == 3


def test_one_click_stops_it_and_opening_the_address_does_not(officers):
    reports_arrive(1)
    digest.send_digests(DAY)
    message = next(each for each in sent() if each.to == [officers[0].email])
    address = re.search(r"/compte/courriels/arreter/\S+", message.body)[0]
    assert address in message.extra_headers["List-Unsubscribe"]

    assert Client().get(address).status_code == 200
    officers[0].refresh_from_db()
    assert officers[0].wants_digest

    assert Client(enforce_csrf_checks=True).post(address, {"List-Unsubscribe": "One-Click"}).status_code == 204
    officers[0].refresh_from_db()
    assert not officers[0].wants_digest
    assert AuditEvent.objects.filter(action="account.digest_off", actor=officers[0]).count() == 1

    reports_arrive(1)
    assert digest.send_digests(date(2026, 11, 28)) == 2


def test_a_forged_address_stops_nothing(officers):
    assert Client().post("/compte/courriels/arreter/1:forged/").status_code == 404


def test_what_is_sent_in_person_cannot_be_stopped(officers):
    officers[0].wants_digest = False
    officers[0].save()

    mail.queue("core/email/account_opened", to=[officers[0]], context={"link": "x"}, dedupe="opened")

    (message,) = sent()
    assert "List-Unsubscribe" not in message.extra_headers


def test_the_account_page_turns_it_off_and_on(officers, client):
    client.force_login(officers[0])

    client.post("/compte/courriels/", {"wants": "no"})
    officers[0].refresh_from_db()
    assert not officers[0].wants_digest

    client.post("/compte/courriels/", {"wants": "yes"})
    officers[0].refresh_from_db()
    assert officers[0].wants_digest
