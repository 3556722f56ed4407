"""More time for one organisation: one report, one reason, and everything that counts days respects it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ace_partners.core.errors import NotAllowed, Stale
from ace_partners.core.models import AuditEvent, OutgoingMail
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import UserFactory
from ace_partners.desk.figures import late, space, team
from ace_partners.desk.figures.renewal import read_renewal
from impact import actions, rules
from impact.models import Report
from impact.rules.targets import against_touching_accepted
from impact.tests import factories
from impact.tests.steps import fresh
from vetting.tests.factories import DecisionFactory

pytestmark = pytest.mark.django_db
REASON = "Inondations à Musompo."


@pytest.fixture
def officer():
    return UserFactory(roles=[Role.ME_OFFICER], language="en")


@pytest.fixture
def due_soon(target):
    """A report that was due ten days ago, so that its date can still be moved to a day to come."""
    due = timezone.localdate() - timedelta(days=10)
    period = factories.PeriodFactory(
        project=target.project,
        number=40,
        label="Court",
        starts_on=due - timedelta(days=60),
        ends_on=due - timedelta(days=30),
        due_on=due,
    )
    return factories.ReportFactory(period=period)


def extend(report, officer, days=30, reason=REASON):
    until = report.period.due_on + timedelta(days=days)
    return actions.extend(report, by=officer, seen=fresh(report).lock_version, until=until, reason=reason)


def test_the_date_moves_for_this_report_alone(due_soon, report, officer, editor):
    moved = extend(due_soon, officer)

    assert moved.due_on == moved.last_day == due_soon.period.due_on + timedelta(days=30)
    assert fresh(due_soon).period.due_on == due_soon.period.due_on
    assert fresh(report).extended_until is None
    event = AuditEvent.objects.get(action="report.extended")
    assert (event.reason, event.before, event.after) == (
        REASON,
        {"due_on": due_soon.period.due_on.isoformat()},
        {"due_on": moved.extended_until.isoformat()},
    )
    mail = OutgoingMail.objects.get(kind="impact/email/report_extended")
    assert (mail.to_user, REASON in mail.body) == (editor, True)


@pytest.mark.parametrize(("days", "refused"), [(0, True), (-5, True), (1, False), (90, False), (91, True)])
def test_later_than_the_last_day_and_at_most_ninety_days(due_soon, officer, days, refused):
    until = due_soon.period.due_on + timedelta(days=days)

    assert bool(rules.against_extending(fresh(due_soon), officer, until)) is refused


def test_grace_is_part_of_the_last_day(officer):
    report = factories.ReportFactory(period=factories.PeriodFactory(grace_days=15))
    until = report.period.due_on + timedelta(days=15)

    assert rules.against_extending(report, officer, until) != []
    assert rules.against_extending(report, officer, until + timedelta(days=1)) == []


def test_a_second_extension_goes_on_from_the_first_and_ends_at_ninety_days(due_soon, officer):
    moved = fresh(extend(due_soon, officer, days=90))

    assert "at most, and it already is" in rules.against_extending(moved, officer)[0]


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.APPROVER, Role.ADMIN, Role.AUDITOR])
def test_a_monitoring_officer_and_nobody_else(due_soon, role):
    with pytest.raises(NotAllowed, match="Only a monitoring officer"):
        extend(due_soon, UserFactory(roles=[role]))


def test_what_was_sent_has_its_date(due_soon, officer):
    Report.objects.filter(pk=due_soon.pk).update(first_submitted_at=timezone.now())

    with pytest.raises(NotAllowed, match="never sent"):
        extend(due_soon, officer)


def test_a_stale_page_moves_nothing(due_soon, officer):
    with pytest.raises(Stale):
        actions.extend(due_soon, by=officer, seen=5, until=date(2099, 1, 1), reason=REASON)


# --- everything that counts days --------------------------------------------------------------------------------


def test_the_lists_of_both_sides_count_from_the_later_date(due_soon, report, officer, editor):
    report.delete()  # the fixture's own, late for years
    assert fresh(due_soon).days_late() == 10
    assert late.late_reports(due_soon.partner) == ((due_soon.pk, 10),)
    assert space.read_space(editor).late is True
    assert _cards(officer) == [(due_soon.pk, 10)]

    moved = fresh(extend(due_soon, officer))

    assert moved.days_late() == 0
    assert late.late_reports(due_soon.partner) == ()
    shown = space.read_space(editor)
    assert (shown.late, shown.first.due_on) == (False, moved.extended_until)
    assert _cards(officer) == []


def _cards(officer):
    lane = next(lane for lane in team.lanes_of(officer) if lane.code == "reports")
    return [(card.report.pk, card.late) for card in lane.cards]


def test_a_renewal_counts_the_later_date(due_soon, officer):
    decided = timezone.now() - timedelta(days=200)
    DecisionFactory(partner=due_soon.partner, decided_at=decided)
    Report.objects.exclude(pk=due_soon.pk).update(status="waived", waived_reason="x", **_two())
    before = read_renewal(due_soon.partner)

    extend(due_soon, officer)

    after = read_renewal(due_soon.partner)
    assert (before.reports_due, before.reports_missing) == (1, 1)
    assert (after.reports_due, after.reports_missing) == (0, 0)


def _two():
    return {"waiver_proposed_by": UserFactory(), "waiver_approved_by": UserFactory()}


def test_a_renewal_reads_a_reopened_report_as_accepted(due_soon):
    DecisionFactory(partner=due_soon.partner, decided_at=timezone.now() - timedelta(days=200))
    Report.objects.exclude(pk=due_soon.pk).update(status="waived", waived_reason="x", **_two())
    version = factories.ReportVersionFactory(report=due_soon)
    factories.IndicatorValueFactory(version=version, target=due_soon.project.targets.get())
    factories.AcceptanceFactory(version=version)
    accepted = read_renewal(due_soon.partner)

    for status in ("open", "submitted", "in_review"):
        Report.objects.filter(pk=due_soon.pk).update(status=status)
        assert read_renewal(due_soon.partner) == accepted


def test_the_target_of_a_reopened_report_stays_as_it_was_read(due_soon, target, officer):
    version = factories.ReportVersionFactory(report=due_soon)
    factories.AcceptanceFactory(version=version)
    Report.objects.filter(pk=due_soon.pk).update(status="open")

    number = str(due_soon.period.number)
    reasons = against_touching_accepted({"periods": {number: "100"}}, {"periods": {number: "5"}}, target)

    assert any("is accepted" in reason for reason in reasons)


def test_the_query_and_the_property_name_the_same_day(due_soon, report, officer):
    extend(due_soon, officer)

    for row in Report.objects.with_due_day().select_related("period"):
        assert row.due_day == row.due_on


# --- pages ------------------------------------------------------------------------------------------------------


def test_the_page_takes_a_date_and_shows_both_dates_afterwards(due_soon, officer, editor, login):
    url = reverse("impact:report_extend", args=[due_soon.pk])
    until = due_soon.period.due_on + timedelta(days=20)
    client = login(officer)
    assert url in client.get(reverse("impact:review", args=[due_soon.pk])).content.decode()

    answer = client.post(url, {"seen": 0, "until": until.isoformat(), "reason": REASON})

    assert answer["Location"] == reverse("impact:review", args=[due_soon.pk])
    for page in (
        client.get(answer["Location"]),
        login(editor).get(reverse("impact_space:report", args=[due_soon.pk])),
        login(editor).get(reverse("impact_space:project", args=[due_soon.project.code])),
    ):
        text = page.content.decode()
        assert "moved to" in text
        assert REASON in text


def test_a_refused_date_keeps_what_was_typed(due_soon, officer, login):
    url = reverse("impact:report_extend", args=[due_soon.pk])
    too_far = due_soon.period.due_on + timedelta(days=91)

    answer = login(officer).post(url, {"seen": 0, "until": too_far.isoformat(), "reason": REASON})

    assert answer.status_code == 403
    assert "at most" in answer.content.decode()
    assert REASON in answer.content.decode()
