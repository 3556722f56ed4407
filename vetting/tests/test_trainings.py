"""Trainings: kept by officers, people counted and never named, zero different from nothing said."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ace_partners.core.errors import NotAllowed, Stale
from ace_partners.core.models import AuditEvent
from partners.models import Relationship
from partners.tests.factories import GrantFactory, PartnerFactory
from vetting.actions import trainings
from vetting.models import TrainingAttendance, TrainingSession
from vetting.tests.factories import editor_of
from vetting.tests.factories_plans import TrainingAttendanceFactory, TrainingSessionFactory, plan_for

pytestmark = pytest.mark.django_db
FACTS = {"title": "Tenir un livre de caisse", "held_on": date(2026, 11, 3), "place": "Kolwezi"}


@pytest.fixture(autouse=True)
def _english(english):
    """Sentences are compared as they are written in the code."""


@pytest.fixture
def session():
    return TrainingSessionFactory(title="Registre", held_on=date(2026, 11, 3))


@pytest.fixture
def partner():
    return PartnerFactory(name="Maison Tumaini", slug="tumaini")


def url(name, *args):
    return reverse(f"vetting:{name}", args=args)


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def numbers():
    return list(TrainingAttendance.objects.order_by("pk").values_list("partner__name", "women", "men"))


# --- actions -----------------------------------------------------------------------------------------------------


def test_who_may_keep_trainings(reviewer, me_officer, approver, ace_admin, partner):
    facts = {**FACTS, "trainer": "", "hours": None}
    for user in (reviewer, me_officer):
        assert trainings.add_session(by=user, **facts).added_by == user
    for user in (approver, ace_admin, editor_of(partner)):
        with pytest.raises(NotAllowed) as refusal:
            trainings.add_session(by=user, **facts)
        assert refusal.value.reasons == ["Only a due-diligence officer or a monitoring officer keeps the trainings."]
    assert TrainingSession.objects.count() == 2


def test_what_was_not_held_yet_is_not_written_down(reviewer):
    tomorrow = timezone.localdate() + timedelta(days=1)

    with pytest.raises(NotAllowed) as refusal:
        trainings.add_session(by=reviewer, title="x", held_on=tomorrow)

    assert refusal.value.reasons == ["This day is still to come: write the training down once it was held."]


def test_numbers_are_replaced_and_both_stay_in_the_trail(session, partner, reviewer):
    trainings.save_attendance(session, partner, by=reviewer, women=4, men=0)
    trainings.save_attendance(session, partner, by=reviewer, women=5, men=1)

    assert numbers() == [("Maison Tumaini", 5, 1)]
    first, second = AuditEvent.objects.about(session).order_by("pk")
    assert (first.before, first.after) == ({}, {"partner": partner.pk, "women": 4, "men": 0})
    assert second.before == {"women": 4, "men": 0}


@pytest.mark.parametrize(
    ("women", "men", "reason"),
    [
        (0, 0, "Nobody came from this organisation: then it is not entered."),
        (-1, 3, "A number of people cannot be below zero."),
    ],
)
def test_nobody_and_less_than_nobody_are_refused(session, partner, reviewer, women, men, reason):
    with pytest.raises(NotAllowed) as refusal:
        trainings.save_attendance(session, partner, by=reviewer, women=women, men=men)

    assert refusal.value.reasons == [reason]
    assert numbers() == []


def test_the_database_refuses_nobody_too(session, partner):
    with pytest.raises(IntegrityError), transaction.atomic():
        TrainingAttendance.objects.create(session=session, partner=partner, women=0, men=0)


def test_a_stale_correction_is_refused(session, reviewer, me_officer):
    seen = trainings.version_of(session)
    facts = {**FACTS, "trainer": "", "hours": Decimal("6.5")}
    trainings.edit_session(session, by=reviewer, seen=seen, **facts)

    with pytest.raises(Stale):
        trainings.edit_session(session, by=me_officer, seen=seen, **{**facts, "title": "Autre"})

    session.refresh_from_db()
    assert (session.title, session.hours) == (FACTS["title"], Decimal("6.5"))


def test_a_correction_without_a_change_leaves_no_event(session, reviewer):
    facts = {name: getattr(session, name) for name in trainings.FACTS}

    trainings.edit_session(session, by=reviewer, seen=0, **facts)

    assert AuditEvent.objects.about(session).count() == 0


# --- pages -------------------------------------------------------------------------------------------------------


def test_the_road_of_a_training(login, reviewer, partner):
    client = login(reviewer)

    added = client.post(url("training_add"), {**FACTS, "held_on": "2026-11-03", "hours": "6,5"})
    session = TrainingSession.objects.get()
    found = client.get(url("training", session.pk), {"q": "TUMAINI"})
    entered = client.post(url("training_attendance", session.pk, "tumaini"), {"women": "1 200", "men": "0"})
    page = text_of(client.get(url("training", session.pk)))

    assert added["Location"] == url("training", session.pk)
    assert session.hours == Decimal("6.5")
    assert url("training_attendance", session.pk, "tumaini") in found.content.decode()
    assert entered["Location"] == url("training", session.pk)
    assert numbers() == [("Maison Tumaini", 1200, 0)]
    assert "Maison Tumaini" in page
    assert "6.5 h" in page
    client.post(url("training_attendance_remove", session.pk, "tumaini"))
    assert numbers() == []


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"title": ""}, "Write what the training was about."),
        ({"held_on": ""}, "Write the day of the training."),
        ({"held_on": "2999-01-01"}, "This day is still to come: write the training down once it was held."),
        ({"hours": "beaucoup"}, "Write the hours as a number, for example 6 or 6,5."),
        ({"hours": "6,25"}, "Write the hours with one decimal at most, for example 6,5."),
        ({"hours": "-1"}, "Hours cannot be below zero."),
        ({"hours": "10000"}, "This is too long for one training: 999 hours at most."),
    ],
)
def test_a_mistake_in_a_training_is_named(login, reviewer, values, sentence):
    response = login(reviewer).post(url("training_add"), {**FACTS, "held_on": "2026-11-03", **values})

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert TrainingSession.objects.count() == 0


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"women": "", "men": "2"}, "Write the number; 0 if there was nobody."),
        ({"women": "deux", "men": "2"}, "Write a whole number."),
        ({"women": "-1", "men": "2"}, "A number of people cannot be below zero."),
        ({"women": "5001", "men": "2"}, "This number is too large: 5000 at most."),
        ({"women": "0", "men": "0"}, "Nobody came from this organisation: then it is not entered."),
    ],
)
def test_a_mistake_in_the_numbers_is_named(login, reviewer, session, partner, values, sentence):
    response = login(reviewer).post(url("training_attendance", session.pk, "tumaini"), values)

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert numbers() == []


def test_a_stale_page_corrects_nothing(login, reviewer, session, me_officer):
    seen = trainings.version_of(session)
    facts = {name: getattr(session, name) for name in trainings.FACTS}
    trainings.edit_session(session, by=me_officer, seen=seen, **{**facts, "title": "Nouveau"})

    response = login(reviewer).post(
        url("training_edit", session.pk), {"seen": seen, "title": "Ancien", "held_on": "2026-11-03"}
    )

    session.refresh_from_db()
    assert (response.status_code, session.title) == (409, "Nouveau")


def test_a_second_tap_writes_one_training(login, reviewer):
    client = login(reviewer)
    for _tap in range(2):
        client.post(url("training_add"), {**FACTS, "held_on": "2026-11-03"}, once="meme-jeton")

    assert TrainingSession.objects.count() == 1


def test_others_of_ace_read_without_buttons_and_cannot_write(login, approver, session, partner):
    client = login(approver)

    page = client.get(url("training", session.pk)).content.decode()
    refused = client.post(url("training_attendance", session.pk, "tumaini"), {"women": "1", "men": "1"})

    assert url("training_edit", session.pk) not in page
    assert refused.status_code == 403
    assert numbers() == []


def test_ended_relationships_are_not_offered(login, reviewer, session):
    PartnerFactory(name="Fini", slug="fini", status=Relationship.ENDED)

    page = login(reviewer).get(url("training", session.pk), {"q": "fini"})

    assert page.context["found"] == []


def test_an_auditor_sees_the_numbers_of_granted_organisations_alone(login, auditor, session, partner):
    TrainingAttendanceFactory(session=session, partner=partner, women=4)
    TrainingAttendanceFactory(session=session, partner=PartnerFactory(name="Autre"), women=7)
    client = login(auditor)
    assert client.get(url("training", session.pk)).status_code == 404
    GrantFactory(user=auditor, partner=partner)

    page = client.get(url("training", session.pk))
    [row] = client.get(url("training_list")).context["page_obj"]

    assert [(each.partner, each.women) for each in page.context["present"]] == [(partner, 4)]
    assert "Autre" not in text_of(page)
    assert (row.organisations, row.women) == (1, 4)


def test_an_organisation_reads_its_own_trainings_on_its_plan(login, partner, session):
    plan = plan_for(partner)
    TrainingAttendanceFactory(session=session, partner=partner, women=4, men=0)
    TrainingAttendanceFactory(session=session, women=71)

    page = login(editor_of(partner)).get(reverse("vetting_space:plan", args=[plan.pk]))

    assert [(row.women, row.men) for row in page.context["facts"].trainings] == [(4, 0)]
    assert "71" not in text_of(page)


def test_hostile_words_are_words(login, reviewer, partner):
    session = TrainingSessionFactory(title="<script>alert(1)</script>", place="=cmd|'/C calc'!A0")

    for address in (url("training_list"), url("training", session.pk)):
        page = login(reviewer).get(address).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


def test_query_count_is_the_same_at_one_row_and_three(login, reviewer, session):
    client = login(reviewer)

    def cost(address):
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    TrainingAttendanceFactory(session=session)
    client.get(url("training_list"))
    one = [cost(url("training_list")), cost(url("training", session.pk))]
    for _n in range(2):
        TrainingAttendanceFactory(session=session)
        TrainingAttendanceFactory()

    assert [cost(url("training_list")), cost(url("training", session.pk))] == one
