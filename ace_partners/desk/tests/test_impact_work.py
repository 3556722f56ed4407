"""Cards about lessons, targets, quarters and years in « Mon travail »: there for those who act, gone when it is done."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from ace_partners.core.models import OutgoingMail
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import UserFactory
from ace_partners.desk.figures.impact_work import impact_work
from ace_partners.desk.figures.team import lanes_of
from impact.actions import lessons, targets
from impact.models import QuarterClose
from impact.tests import factories
from impact.tests.factories_lessons import LessonFactory
from impact.tests.factories_targets import ProposedTargetFactory, TargetRevisionFactory
from partners.tests.factories import MembershipFactory
from vetting.tests.factories import signatory_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
TODAY = date(2025, 8, 20)


def whys(user, today=TODAY):
    return [card["why"] for card in impact_work(user, today)[0]]


def lane(user, code):
    return next((lane for lane in lanes_of(user) if lane.code == code), None)


# --- targets ------------------------------------------------------------------------------------------------------------


def test_a_remark_waits_until_ace_answers_it(me_officer, approver):
    target = ProposedTargetFactory()
    targets.question_target(target, by=signatory_of(target.project.partner), reason="Trop.")
    said = f"The organisation sent a remark on the target {target.indicator.code}"
    assert (whys(me_officer), whys(approver)) == ([said], [])

    fields = {name: getattr(target, name) for name in targets.TARGET_FIELDS}
    targets.edit_target(target, by=me_officer, seen=target.lock_version, period_targets={}, **fields)

    assert whys(me_officer) == []


def test_a_remark_on_a_revision_counts_while_that_revision_is_open(me_officer):
    revision = TargetRevisionFactory(proposed_at=timezone.now())
    targets.question_target(revision.target, by=signatory_of(revision.target.project.partner), reason="Trop.")
    assert len(whys(me_officer)) == 1

    revision.__class__.objects.update(proposed_at=timezone.now() + timedelta(seconds=1))  # another, after the remark

    assert whys(me_officer) == []


@pytest.mark.parametrize(("days", "count"), [(13, 0), (15, 1)])
def test_a_revision_that_nobody_answers_comes_up_after_two_weeks(me_officer, days, count):
    TargetRevisionFactory(proposed_at=timezone.now() - timedelta(days=days))

    assert len(whys(me_officer)) == count


def test_a_member_of_the_organisation_does_not_answer_it_for_ace(me_officer):
    revision = TargetRevisionFactory()
    MembershipFactory(user=me_officer, partner=revision.target.project.partner, role=Role.VIEWER)

    assert whys(me_officer) == []


# --- quarters and years -------------------------------------------------------------------------------------------------


def report_until(day, **more):
    period = factories.PeriodFactory(starts_on=day - timedelta(days=80), ends_on=day, due_on=day)
    return factories.ReportFactory(period=period, **more)


def test_a_quarter_waits_once_it_is_over_and_until_it_is_closed(me_officer, approver):
    report_until(date(2025, 6, 30))
    report_until(date(2025, 8, 15))
    assert [card["title"] for card in impact_work(me_officer, TODAY)[0]] == ["Q2 2025"]
    assert whys(me_officer, date(2025, 6, 30)) == []
    assert whys(approver) == []

    QuarterClose.objects.create(
        year=2025, quarter=2, versions=[], missing=[], closed_by=me_officer, closed_at=timezone.now(), sha256="0" * 64
    )

    assert whys(me_officer) == []


def test_past_years_without_annual_report_make_one_line(me_officer, approver):
    for year in (2023, 2024):
        report = report_until(date(year, 6, 30))
        report.partner.__class__.objects.filter(pk=report.partner_id).update(is_published=True)
        factories.AcceptanceFactory(version=factories.ReportVersionFactory(report=report))

    assert whys(approver) == ["The annual report of the network is not established: 2023, 2024"]
    assert whys(approver, date(2023, 9, 1)) == []
    assert not any("annual report" in why for why in whys(me_officer))


def test_queries_do_not_grow(me_officer, django_assert_max_num_queries):
    for _ in range(3):
        TargetRevisionFactory()
        target = ProposedTargetFactory()
        targets.question_target(target, by=signatory_of(target.project.partner), reason="Trop.")
    me_officer.roles  # noqa: B018 — read once, as the request does

    with django_assert_max_num_queries(10):
        assert len(impact_work(me_officer, TODAY)[0]) >= 6


# --- lessons ------------------------------------------------------------------------------------------------------------


def test_a_proposed_lesson_waits_for_everybody_but_its_writer(me_officer, reviewer):
    lesson = LessonFactory(written_by=me_officer)
    lesson = lessons.propose_lesson(lesson, by=me_officer, seen=lesson.lock_version)

    assert [card.why for card in lane(reviewer, "second_person").cards] == [f"A lesson is proposed: {lesson.title}"]
    assert lane(me_officer, "second_person").cards == []
    lessons.publish_lesson(lesson, by=reviewer, seen=lesson.lock_version)
    assert lane(reviewer, "second_person").cards == []


def test_lessons_are_mailed_to_who_may_publish_and_back_to_the_writer(
    me_officer, reviewer, approver, partner_of_lesson
):
    member = UserFactory(roles=[Role.REVIEWER])
    MembershipFactory(user=member, partner=partner_of_lesson, role=Role.VIEWER)
    lesson = LessonFactory(written_by=me_officer, partner=partner_of_lesson)

    lesson = lessons.propose_lesson(lesson, by=me_officer, seen=lesson.lock_version)

    asked = OutgoingMail.objects.filter(kind="impact/email/lesson_proposed")
    assert set(asked.values_list("to_user", "in_digest")) == {(reviewer.pk, True), (approver.pk, True)}
    lessons.return_lesson(lesson, by=approver, seen=lesson.lock_version, reason="Dire où.")
    back = OutgoingMail.objects.get(kind="impact/email/lesson_returned")
    assert (back.to_user, back.in_digest, "Dire où." in back.body) == (me_officer, False, True)


@pytest.fixture
def partner_of_lesson():
    return factories.ProjectFactory().partner
