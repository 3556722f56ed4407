"""Lessons: written directly or from an accepted report, read by a second person, published, taken back."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from ace_partners.core import audit
from ace_partners.core.errors import NotAllowed, Stale
from ace_partners.core.rights import ACE_ROLES, CASE_ROLES, Role
from ace_partners.core.tests.factories import UserFactory
from impact.actions import lessons as actions
from impact.models import Lesson, LessonStatus
from impact.rules import lessons as rules
from impact.tests import factories
from impact.tests.factories_lessons import LessonFactory, PublishedLessonFactory
from partners.tests.factories import MembershipFactory, PartnerFactory, PlaceFactory

pytestmark = pytest.mark.django_db

WORDS = {"title": "Annoncer par affiche", "text": "La présence double.", "advice": "", "area": "savings", "place": None}
FORM = {**WORDS, "place": ""}


def url(name, *args):
    return reverse(f"impact:lesson{name}", args=args)


@pytest.fixture
def accepted():
    """A report that ACE accepted, with what the organisation learned."""
    version = factories.ReportVersionFactory(lessons="Annoncer la date par affiche double la présence.")
    factories.AcceptanceFactory(version=version)
    version.report.refresh_from_db()
    return version.report


def test_a_lesson_takes_two_people_and_each_step_is_on_record(me_officer, approver):
    lesson = actions.write_lesson(by=me_officer, **WORDS)
    lesson = actions.propose_lesson(lesson, by=me_officer, seen=0)
    lesson = actions.return_lesson(lesson, by=approver, seen=1, reason="Dites où.")
    lesson = actions.edit_lesson(lesson, by=me_officer, seen=2, **{**WORDS, "text": "À Kolwezi, elle double."})
    lesson = actions.propose_lesson(lesson, by=me_officer, seen=3)
    lesson = actions.publish_lesson(lesson, by=approver, seen=4)
    lesson = actions.withdraw_lesson(lesson, by=approver, seen=5, reason="Une erreur.")

    lesson.refresh_from_db()
    assert (lesson.status, lesson.text) == ("withdrawn", "À Kolwezi, elle double.")
    assert (lesson.written_by, lesson.published_by, lesson.published_on) == (
        me_officer,
        approver,
        timezone.localdate(),
    )
    assert [event.action.partition(".")[2] for event in audit.history(lesson)] == [
        *("withdraw", "publish", "propose", "edited", "return", "propose", "written")
    ]


def test_a_lesson_from_a_report_keeps_its_version_and_its_partner(me_officer, accepted):
    lesson = actions.lesson_from_report(accepted, by=me_officer, **WORDS)

    assert (lesson.partner, lesson.version) == (accepted.partner, accepted.accepted_version)


def test_only_an_accepted_report_that_says_something_gives_a_lesson(me_officer, accepted, report):
    with pytest.raises(NotAllowed, match="accepted report only"):
        actions.lesson_from_report(report, by=me_officer, **WORDS)
    silent = factories.ReportVersionFactory(lessons=" ")
    factories.AcceptanceFactory(version=silent)
    silent.report.refresh_from_db()
    with pytest.raises(NotAllowed, match="wrote nothing"):
        actions.lesson_from_report(silent.report, by=me_officer, **WORDS)

    assert Lesson.objects.count() == 0


MAY = {
    "propose": {Role.REVIEWER, Role.ME_OFFICER},
    "return": set(CASE_ROLES),
    "publish": set(CASE_ROLES),
    "withdraw": {Role.APPROVER},
}


@pytest.mark.parametrize("role", sorted(ACE_ROLES))
@pytest.mark.parametrize("name", sorted(MAY))
def test_every_step_by_role(name, role):
    lesson = LessonFactory()
    reasons = rules.against_moving_lesson(lesson, rules.LESSON[name], UserFactory(roles=[role]))

    assert (reasons == []) == (role in MAY[name])


@pytest.mark.parametrize("role", sorted(ACE_ROLES))
def test_who_writes(role):
    user = UserFactory(roles=[role])
    if role in {Role.REVIEWER, Role.ME_OFFICER}:
        assert actions.write_lesson(by=user, **WORDS).status == "draft"
    else:
        with pytest.raises(NotAllowed, match="writes a lesson"):
            actions.write_lesson(by=user, **WORDS)


@pytest.mark.parametrize("status", LessonStatus.values)
@pytest.mark.parametrize("name", sorted(MAY))
def test_every_step_leaves_its_own_states_only(name, status, approver):
    published = {"published_by": UserFactory(), "published_on": date(2026, 1, 1)} if status == "published" else {}
    lesson = LessonFactory(status=status, **published)
    by = approver if name != "propose" else UserFactory(roles=[Role.ME_OFFICER])
    extra = {"reason": "Parce que."} if rules.LESSON[name].needs_reason else {}
    step = getattr(actions, f"{name}_lesson")

    if status in rules.LESSON[name].sources:
        assert step(lesson, by=by, seen=0, **extra).status == rules.LESSON[name].target
    else:
        with pytest.raises(Stale):
            step(lesson, by=by, seen=0, **extra)


def test_the_writer_does_not_publish_and_the_database_says_so_too(me_officer):
    lesson = LessonFactory(status="proposed", written_by=me_officer)

    with pytest.raises(NotAllowed, match="another person"):
        actions.publish_lesson(lesson, by=me_officer, seen=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Lesson.objects.filter(pk=lesson.pk).update(published_by=me_officer)


def test_whoever_saved_last_is_the_writer(me_officer, reviewer):
    lesson = actions.edit_lesson(LessonFactory(written_by=me_officer), by=reviewer, seen=0, **WORDS)
    lesson = actions.propose_lesson(lesson, by=reviewer, seen=1)

    with pytest.raises(NotAllowed, match="another person"):
        actions.publish_lesson(lesson, by=reviewer, seen=2)
    assert actions.publish_lesson(lesson, by=me_officer, seen=2).status == "published"


def test_members_past_and_present_do_not_publish_about_their_organisation(reviewer, me_officer):
    partner = PartnerFactory()
    MembershipFactory(partner=partner, user=reviewer, starts_on=date(2020, 1, 1), ends_on=date(2021, 1, 1))
    lesson = LessonFactory(partner=partner, status="proposed", written_by=me_officer)

    with pytest.raises(NotAllowed, match="belong or belonged"):
        actions.publish_lesson(lesson, by=reviewer, seen=0)


@pytest.mark.parametrize("status", ["proposed", "published", "withdrawn"])
def test_only_drafts_are_edited(status, me_officer, approver):
    published = {"published_by": approver, "published_on": date(2026, 1, 1)} if status == "published" else {}
    lesson = LessonFactory(status=status, **published)

    with pytest.raises(NotAllowed, match="Only a draft"):
        actions.edit_lesson(lesson, by=me_officer, seen=0, **WORDS)


@pytest.mark.parametrize("name", ["return", "withdraw"])
def test_sending_back_and_taking_back_say_why(name, approver):
    status = rules.LESSON[name].sources[0]
    published = {"published_by": UserFactory(), "published_on": date(2026, 1, 1)} if status == "published" else {}
    lesson = LessonFactory(status=status, **published)

    with pytest.raises(NotAllowed, match="Say why"):
        getattr(actions, f"{name}_lesson")(lesson, by=approver, seen=0, reason=" ")


def test_the_second_of_two_editors_is_told(me_officer, reviewer):
    lesson = LessonFactory()
    actions.edit_lesson(lesson, by=reviewer, seen=0, **WORDS)

    with pytest.raises(Stale):
        actions.edit_lesson(lesson, by=me_officer, seen=0, **{**WORDS, "text": "Autre."})
    lesson.refresh_from_db()
    assert lesson.text == WORDS["text"]


def test_equal_titles_get_different_addresses(me_officer):
    slugs = [actions.write_lesson(by=me_officer, **{**WORDS, "title": title}).slug for title in ("Été", "Été", "« ? »")]

    assert slugs == ["ete", "ete-2", "lecon"]


# --- pages ---------------------------------------------------------------------------------------------------------


def test_from_the_review_page_to_the_public_page(login, client, me_officer, approver, accepted):
    writer, reader = login(me_officer), login(approver)
    review = writer.get(reverse("impact:review", args=[accepted.pk])).text
    form = writer.get(url("_from_report", accepted.pk)).text
    answer = writer.post(url("_from_report", accepted.pk), FORM)
    lesson = Lesson.objects.get()
    proposed = writer.post(url("_propose", lesson.pk), {"seen": 0})
    early = client.get(f"/lecons/{lesson.slug}/")
    published = reader.post(url("_publish", lesson.pk), {"seen": 1})

    assert url("_from_report", accepted.pk) in review
    assert "Annoncer la date par affiche double la présence." in form
    assert "nothing by which a child" in form
    assert [response.status_code for response in (answer, proposed, early, published)] == [302, 302, 404, 302]
    assert "La présence double." in client.get(f"/lecons/{lesson.slug}/").text


def test_a_report_that_is_not_accepted_offers_no_lesson(login, me_officer, report):
    factories.ReportVersionFactory(report=report, lessons="Appris.")
    answer = login(me_officer).post(url("_from_report", report.pk), FORM)

    assert url("_from_report", report.pk) not in login(me_officer).get(reverse("impact:review", args=[report.pk])).text
    assert (answer.status_code, Lesson.objects.count()) == (403, 0)


def test_written_directly_for_an_organisation_or_for_ace(login, me_officer):
    partner = PartnerFactory(name="Coopérative")
    client = login(me_officer)
    for chosen in (partner.pk, ""):
        assert client.post(url("_add"), {**FORM, "partner": chosen}).status_code == 302

    assert list(Lesson.objects.order_by("pk").values_list("partner", flat=True)) == [partner.pk, None]


def test_a_form_with_a_gap_comes_back(login, me_officer):
    response = login(me_officer).post(url("_add"), {**FORM, "title": "", "partner": ""})

    assert (response.status_code, Lesson.objects.count()) == (422, 0)


def test_the_writer_reads_why_he_cannot_publish(login, me_officer):
    lesson = LessonFactory(status="proposed", written_by=me_officer)
    client = login(me_officer)

    assert "another person has to read" in client.get(url("", lesson.pk)).text
    assert client.post(url("_publish", lesson.pk), {"seen": 0}).status_code == 403
    assert client.post(url("_publish", lesson.pk), {"seen": 7}).status_code == 409


def test_reason_of_a_return_is_shown_to_the_writer(login, me_officer, approver):
    lesson = LessonFactory(status="proposed", written_by=me_officer)
    answer = login(approver).post(url("_return", lesson.pk), {"seen": 0, "reason": "Trop long."})

    page = login(me_officer).get(url("", lesson.pk)).text
    assert answer.status_code == 302
    assert "Sent back by Albert Approuve: Trop long." in " ".join(page.split())
    assert login(me_officer).get(url("_withdraw", lesson.pk)).status_code == 200


@pytest.mark.parametrize("who", ["signatory", "viewer", "ace_admin", "auditor"])
def test_work_pages_do_not_exist_for_others(login, request, report, who):
    lesson = LessonFactory(partner=report.partner)
    client = login(request.getfixturevalue(who))

    assert {client.get(url(name, *args)).status_code for name, args in [
        ("_list", []), ("_add", []), ("", [lesson.pk]), ("_edit", [lesson.pk])
    ]} == {404}  # fmt: skip


def test_a_colleague_who_belongs_to_the_organisation_does_not_see_its_lesson(login, reviewer):
    partner = PartnerFactory()
    MembershipFactory(partner=partner, user=reviewer)
    lesson = LessonFactory(partner=partner)

    assert login(reviewer).get(url("", lesson.pk)).status_code == 404
    assert lesson.title not in login(reviewer).get(url("_list")).text


@pytest.mark.parametrize("rows", [1, 3])
def test_query_counts(login, me_officer, rows, django_assert_num_queries):
    for _each in range(rows):
        lesson = LessonFactory(partner=PartnerFactory(), place=PlaceFactory(level="ville"), status="proposed")
    client = login(me_officer)

    with django_assert_num_queries(6):
        client.get(url("_list"))
    with django_assert_num_queries(9):
        client.get(url("", lesson.pk))


def test_the_list_is_filtered_by_state_and_words(login, me_officer):
    LessonFactory(title="Épargne d'abord", status="proposed")
    LessonFactory(title="Autre chose")
    client = login(me_officer)

    assert [row.title for row in client.get(url("_list"), {"q": "EPARGNE"}).context["page_obj"]] == ["Épargne d'abord"]
    assert [row.title for row in client.get(url("_list"), {"statut": "draft"}).context["page_obj"]] == ["Autre chose"]


def test_admin_reads_and_changes_nothing(login, me_officer):
    lesson = PublishedLessonFactory()
    client = login(me_officer)
    page = f"/admin/impact/lesson/{lesson.pk}/change/"

    assert client.get(page).status_code == 200
    assert client.post(page, {"title": "Autre"}).status_code == 403
    assert client.get("/admin/impact/lesson/add/").status_code == 403
