"""Reminders of reports: by the calendar every night, and of a whole quarter by a person who read them first."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from ace_partners.core.errors import NotAllowed
from ace_partners.core.models import AuditEvent, OutgoingMail
from ace_partners.core.models.mail import MailState
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import UserFactory
from impact import actions
from impact.figures.quarters import reports_of
from impact.models import Report
from impact.quarters import Quarter
from impact.reminders import remind_reports
from impact.tests import factories
from impact.tests.factories_closing import accepted
from partners.models import Partner, Relationship
from partners.tests.factories import MembershipFactory, PartnerFactory

pytestmark = pytest.mark.django_db
KIND, QUARTER_KIND = "impact/email/reports_due", "impact/email/quarter_reminder"
T1 = Quarter(2025, 1)


@pytest.fixture
def officer():
    return UserFactory(roles=[Role.ME_OFFICER], language="en")


@pytest.fixture(autouse=True)
def _editor_of_those_days(editor):
    """The editor reads English and had the access in 2025 already, where the clock of these tests stands."""
    editor.language = "en"
    editor.save()
    editor.memberships.update(starts_on=date(2024, 1, 1))


def run(report, days_after, times=1):
    """`remind_reports` that many days after the day the report is due; returns the number of mails it wrote."""
    day = report.due_on + timedelta(days=days_after)
    with time_machine.travel(day, tick=False):
        return [remind_reports(day) for _time in range(times)]


# --- every night ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("nights", "mails"),
    [
        ([-60, -15], [0, 0]),
        ([-15, -14, -13, -4, -3, -2, 0], [0, 1, 0, 0, 1, 0, 0]),
        ([0, 6, 7, 8, 29, 30, 31, 200], [1, 0, 1, 0, 0, 1, 0, 0]),
        ([-10, 12, 13], [1, 1, 0]),  # a missed night, or many: said at the next, once
        ([200, 201], [1, 0]),
    ],
)
def test_what_is_due_and_was_not_said_is_said_once(report, nights, mails):
    assert [run(report, night)[0] for night in nights] == mails


def test_twice_on_one_day_says_it_once(report):
    assert run(report, -14, times=2) == [1, 0]


def test_days_of_grace_put_off_what_is_late_not_what_is_due(report):
    type(report.period).objects.filter(pk=report.period_id).update(grace_days=10)
    report = Report.objects.get(pk=report.pk)

    assert [run(report, night)[0] for night in (-3, 16, 17)] == [1, 0, 1]


def test_a_report_with_more_time_is_reminded_of_anew(report):
    assert run(report, 7) == [1]
    later = report.period.due_on + timedelta(days=40)
    Report.objects.filter(pk=report.pk).update(extended_until=later, extension_reason="x")
    report = Report.objects.get(pk=report.pk)

    assert [run(report, night)[0] for night in (-20, -14, 7)] == [0, 1, 1]


def test_one_mail_names_all_the_reports_of_an_organisation(report, editor):
    period = factories.PeriodFactory(
        project=factories.ProjectFactory(partner=report.partner, title="Autre"), due_on=report.period.due_on
    )
    factories.ReportFactory(period=period)

    assert run(report, 8) == [1]

    mail = OutgoingMail.objects.get(kind=KIND)
    assert mail.to_user == editor
    assert "Autre" in mail.body
    assert report.project.title in mail.body
    assert "8 days late" in mail.body
    assert "late" in mail.subject


@pytest.mark.parametrize("status", ["submitted", "in_review", "changes_requested"])
def test_what_was_sent_is_not_reminded_of(report, status):
    Report.objects.filter(pk=report.pk).update(status=status, first_submitted_at=timezone.now())

    assert run(report, 30) == [0]


def test_a_reopened_report_is_not_late_again(report):
    factories.AcceptanceFactory(version=factories.ReportVersionFactory(report=report))
    Report.objects.filter(pk=report.pk).update(status="open")

    assert run(report, 30) == [0]


def test_an_organisation_that_ended_is_left_in_peace(report):
    Partner.objects.filter(pk=report.partner_id).update(status=Relationship.ENDED)

    assert run(report, 30) == [0]


def test_the_nightly_command_says_it_too(report, capsys):
    with time_machine.travel(report.due_on - timedelta(days=14), tick=False):
        call_command("remind")

    assert "reports: 1 mails queued." in capsys.readouterr().out
    assert OutgoingMail.objects.filter(kind=KIND).count() == 1


# --- a whole quarter --------------------------------------------------------------------------------------------


def waiting(officer):
    return reports_of(T1, Report.objects.visible_to_team(officer))


def release(officer, seen, **more):
    return actions.release_reminders(T1, Report.objects.visible_to_team(officer), by=officer, seen=seen, **more)


def preview_url():
    return reverse("impact:quarter_reminders", args=[2025, 1])


def test_a_preview_shows_the_words_and_sends_nothing(report, officer, editor, signatory, login):
    page = login(officer).get(preview_url())

    (preview,) = page.context["previews"]
    assert (preview.partner, preview.recipients, preview.reports) == (report.partner, 2, (report,))
    assert preview.subject == "Q1 2025: 1 report is awaited"
    assert report.project.title in preview.body
    assert preview.subject in page.content.decode()
    assert not OutgoingMail.objects.exists()
    assert not AuditEvent.objects.filter(action="report.reminded").exists()


def test_one_button_releases_one_mail_for_each_organisation_with_all_its_reports(report, officer, editor, login):
    second = factories.ReportFactory(period__project=factories.ProjectFactory(partner=report.partner, title="Autre"))
    foreign = factories.ReportFactory()
    other = MembershipFactory(partner=foreign.partner, role=Role.EDITOR, user__language="en").user
    accepted()  # nothing is asked of this one
    client = login(officer)
    page = client.get(preview_url())

    answer = client.post(preview_url(), {"reports": page.context["seen"]})

    assert answer["Location"] == reverse("impact:quarter", args=[2025, 1])
    mails = {mail.to_user: mail for mail in OutgoingMail.objects.filter(kind=QUARTER_KIND)}
    assert set(mails) == {editor, other}
    assert "Autre" in mails[editor].body
    shown = {each.partner: each for each in page.context["previews"]}
    assert (mails[editor].subject, mails[editor].body) == (shown[report.partner].subject, shown[report.partner].body)
    reminded = AuditEvent.objects.filter(action="report.reminded").values_list("target_id", flat=True)
    assert set(reminded) == {str(row.pk) for row in (report, second, foreign)}


def test_a_second_release_on_the_same_day_sends_nothing(report, officer):
    assert [release(officer, [report.pk]) for _time in range(2)] == [1, 0]
    assert AuditEvent.objects.filter(action="report.reminded").count() == 1


def test_a_later_release_replaces_what_has_not_left(report, officer):
    release(officer, [report.pk])
    release(officer, [report.pk], today=timezone.localdate() + timedelta(days=1))

    states = list(OutgoingMail.objects.filter(kind=QUARTER_KIND).order_by("pk").values_list("state", flat=True))
    assert states == [MailState.CANCELLED, MailState.QUEUED]


def test_what_changed_since_the_preview_is_read_again_first(report, officer, login):
    answer = login(officer).post(preview_url(), {"reports": "999 x"})

    assert answer.status_code == 403
    assert "have changed since you read this page" in answer.content.decode()
    assert f'value="{report.pk}"' in answer.content.decode()
    with pytest.raises(NotAllowed):
        release(officer, [])
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("role", [Role.REVIEWER])
def test_other_roles_read_but_do_not_release(report, role, login):
    reader = UserFactory(roles=[role], language="en")

    page = login(reader).get(preview_url())

    assert "Release them all" not in page.content.decode()
    assert login(reader).post(preview_url(), {"reports": page.context["seen"]}).status_code == 403
    assert not OutgoingMail.objects.exists()


def test_an_organisation_without_an_access_is_named_on_the_page(officer, login):
    lonely = factories.ReportFactory(period__project__partner=PartnerFactory(name="Sans accès"))

    page = login(officer).get(preview_url())

    assert lonely.partner.name in page.content.decode()
    assert "no message can reach it" in page.content.decode()


def test_an_officer_does_not_remind_an_organisation_of_their_own(report, officer):
    MembershipFactory(user=officer, partner=report.partner, role=Role.VIEWER)

    assert release(officer, []) == 0


def test_a_period_that_is_not_over_is_not_asked_for(report, officer):
    with time_machine.travel(report.period.ends_on, tick=False):
        assert release(officer, []) == 0
    with time_machine.travel(report.period.ends_on + timedelta(days=1), tick=False):
        assert release(officer, [report.pk]) == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_preview_query_count(rows, officer, login, django_assert_num_queries):
    for _row in range(rows):
        MembershipFactory(partner=factories.ReportFactory().partner, role=Role.EDITOR)
    client = login(officer)
    client.get(preview_url())

    with django_assert_num_queries(6):
        client.get(preview_url())
