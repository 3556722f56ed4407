"""Flags as their people meet them: an officer raises and tells, a signatory replies, the direction concludes."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ace_partners.core.models import OutgoingMail
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import UserFactory
from partners.tests.factories import MembershipFactory, PartnerFactory
from vetting.actions import flags as actions
from vetting.models import Flag
from vetting.rules import flags as rules
from vetting.tests.factories import editor_of, signatory_of, viewer_of
from vetting.tests.factories_following import FlagFactory, HoldFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(english):
    """Sentences are compared as they are written in the code."""


def url(name, *args):
    return reverse(name, args=args)


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def day(days):
    return timezone.localdate() + timedelta(days=days)


FLAG = {"category": "finance", "tone": "concern", "severity": "watch", "text": "Deux factures."}


# --- the road ------------------------------------------------------------------------------------------------------


def test_a_flag_on_its_whole_road(login, reviewer, approver):
    partner = PartnerFactory()
    signatory = signatory_of(partner)
    officer, member, direction = login(reviewer), login(signatory), login(approver)

    officer.post(url("vetting:flag_raise", partner.slug), {**FLAG, "note": "Secretnote"})
    flag = Flag.objects.get()
    hidden = member.get(url("vetting_space:flag", flag.pk))
    officer.post(url("vetting:flag_notify", flag.pk), {"seen": 0})
    told = member.get(url("vetting_space:flag", flag.pk))
    member.post(url("vetting_space:flag_answer", flag.pk), {"seen": 1, "reply": "Une faute."})
    read = text_of(direction.get(url("vetting:flag", flag.pk)))
    closed = direction.post(url("vetting:flag_substantiate", flag.pk), {"seen": 2, "conclusion": "Confirmé."})
    page = text_of(member.get(url("vetting_space:flag", flag.pk)))

    assert hidden.status_code == 404
    assert "Deux factures." in text_of(told)
    assert told.context["against"] == []
    assert "Une faute." in read
    assert closed["Location"] == url("vetting:flag", flag.pk)
    assert "Substantiated" in page
    assert "Confirmé." in page
    assert "Une faute." in page


def test_the_note_and_the_exception_never_reach_the_organisation(login, reviewer, approver):
    """Not its pages, not its mails, in no state of the flag."""
    partner = PartnerFactory()
    signatory, editor = signatory_of(partner), editor_of(partner)
    flag = actions.raise_flag(
        partner, by=reviewer, category="safeguarding", tone="concern", severity="serious", text="Visible.",
        note="Secretnote", silent_reason="Secretmotif", silent_until=day(9),
    )  # fmt: skip
    flag = actions.close_flag(flag, "substantiate", by=approver, seen=0, conclusion="Conclu.")
    flag = actions.notify_flag(flag, by=reviewer, seen=1)
    flag = actions.answer_flag(flag, by=signatory, seen=2, reply="Réplique.")
    actions.close_flag(flag, "resolve", by=approver, seen=3, conclusion="Réglé.")
    HoldFactory(partner=partner, flag=flag)

    pages = "".join(
        login(user).get(address).content.decode()
        for user in (signatory, editor)
        for address in (url("vetting_space:flag", flag.pk), url("vetting_space:following", partner.slug), "/espace/")
    )
    mails = "".join(mail.subject + mail.body for mail in OutgoingMail.objects.all())

    assert "Visible." in pages
    assert "Secret" not in pages
    assert "Visible." in mails
    assert "Secret" not in mails
    assert "Secretnote" in login(reviewer).get(url("vetting:flag", flag.pk)).content.decode()


def test_a_silent_flag_is_nowhere_for_the_organisation(login, approver):
    flag = FlagFactory(category="safeguarding", text="Secrettexte", silent_reason="Danger.", silent_until=day(5))
    signatory = signatory_of(flag.partner)

    answers = [
        login(signatory).get(url("vetting_space:flag", flag.pk)).status_code,
        login(signatory).post(url("vetting_space:flag_answer", flag.pk), {"seen": 0, "reply": "x"}).status_code,
        login(signatory).get(url("vetting:flag", flag.pk)).status_code,
    ]

    assert answers == [404, 404, 404]
    assert "Secrettexte" not in login(signatory).get(url("vetting_space:following", flag.partner.slug)).content.decode()


@pytest.mark.parametrize("make", [viewer_of, editor_of, signatory_of])
def test_aces_page_with_the_note_is_closed_to_the_organisation(login, make):
    flag = FlagFactory(status="notified")

    assert login(make(flag.partner)).get(url("vetting:flag", flag.pk)).status_code == 404


def test_a_colleague_who_belongs_to_the_organisation_reads_its_page_and_not_aces(login, reviewer):
    flag = FlagFactory(status="notified")
    MembershipFactory(user=reviewer, partner=flag.partner, role=Role.SIGNATORY)

    answers = [login(reviewer).get(url(name, flag.pk)).status_code for name in ("vetting:flag", "vetting_space:flag")]

    assert answers == [404, 200]
    assert flag not in login(reviewer).get(url("vetting:flag_list")).context["page_obj"].object_list


def test_another_organisation_reads_nothing(login):
    flag = FlagFactory(status="notified")
    stranger = login(signatory_of(PartnerFactory()))

    assert stranger.get(url("vetting_space:flag", flag.pk)).status_code == 404
    assert stranger.get(url("vetting_space:following", flag.partner.slug)).status_code == 404


# --- forms and refusals --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "field", "sentence"),
    [
        ({"text": ""}, "text", "Say what was observed, in words for the organisation."),
        ({"category": ""}, "category", "Choose what it is about."),
        ({"tone": ""}, "tone", "Say whether this is in favour, neutral or a concern."),
        ({"severity": ""}, "severity", "Choose how serious it is."),
        ({"tone": "positive"}, "severity", "An observation in favour is for information: it has no other severity."),
        ({"silent_reason": "x"}, "silent_until", "Say until which day the organisation is not told; that day is after today."),
        ({"silent_until": "2999-01-01"}, "silent_reason", "Say why the organisation is not told yet."),
        ({"silent_until": "2020-01-01", "silent_reason": "x"}, "silent_until", "Choose a day after today."),
        ({"category": "gossip"}, "category", "Select a valid choice. gossip is not one of the available choices."),
    ],
)  # fmt: skip
def test_bad_input_comes_back_with_what_was_typed(login, reviewer, facts, field, sentence):
    response = login(reviewer).post(
        url("vetting:flag_raise", PartnerFactory().slug), {**FLAG, "note": "Gardé", **facts}
    )

    assert response.status_code == 422
    assert response.context["form"].errors[field] == [sentence]
    assert response.context["form"]["note"].value() == "Gardé"
    assert Flag.objects.count() == 0


def test_the_exception_for_another_subject_is_refused_with_its_reason(login, reviewer):
    response = login(reviewer).post(
        url("vetting:flag_raise", PartnerFactory().slug), {**FLAG, "silent_reason": "x", "silent_until": day(9)}
    )

    assert response.status_code == 403
    assert "Only a concern about protection" in text_of(response)
    assert "Deux factures." in response.content.decode()


def test_an_empty_reply_comes_back(login):
    flag = FlagFactory(status="notified")

    response = login(signatory_of(flag.partner)).post(
        url("vetting_space:flag_answer", flag.pk), {"seen": 0, "reply": ""}
    )

    assert (response.status_code, response.context["form"].errors["reply"]) == (422, ["Write your reply."])


def test_an_editors_reply_is_refused_and_kept_on_the_page(login):
    flag = FlagFactory(status="notified")

    response = login(editor_of(flag.partner)).post(
        url("vetting_space:flag_answer", flag.pk), {"seen": 0, "reply": "Mon texte."}
    )

    assert response.status_code == 403
    assert Flag.objects.get().reply == ""
    page = login(editor_of(flag.partner)).get(url("vetting_space:flag", flag.pk))
    assert "another colleague has to take it" in text_of(page)
    assert page.content.decode().count("<textarea") == 0


@pytest.mark.parametrize("name", ["flag_substantiate", "flag_not_substantiate", "flag_resolve"])
def test_a_conclusion_by_who_raised_it_is_refused(login, name):
    both = UserFactory(roles=[Role.REVIEWER, Role.APPROVER])
    flag = FlagFactory(status="answered", raised_by=both)

    response = login(both).post(url(f"vetting:{name}", flag.pk), {"seen": 0, "conclusion": "Vu."})

    assert response.status_code == 403
    assert "You raised this flag: another person has to close it." in text_of(response)
    assert Flag.objects.get().status == "answered"


def test_an_old_page_is_stale_and_a_second_tap_does_nothing(login, reviewer, me_officer):
    flag = FlagFactory(raised_by=reviewer)
    client, address = login(reviewer), url("vetting:flag_notify", flag.pk)
    signatory_of(flag.partner)

    first = client.post(address, {"seen": 0}, once="a" * 32)
    again = client.post(address, {"seen": 0}, once="a" * 32)
    stale = login(me_officer).post(address, {"seen": 0})

    assert (first.status_code, again.status_code, stale.status_code) == (302, 302, 409)
    assert OutgoingMail.objects.count() == 1


def test_no_reply_in_time_is_noted_with_a_button(login, reviewer):
    flag = FlagFactory(status="notified", reply_due_on=day(-1))
    client = login(reviewer)

    page = client.get(url("vetting:flag", flag.pk))
    client.post(url("vetting:flag_lapse", flag.pk), {"seen": 0})

    assert url("vetting:flag_lapse", flag.pk) in page.content.decode()
    assert Flag.objects.get().status == "no_answer"
    assert url("vetting:flag_lapse", flag.pk) not in client.get(url("vetting:flag", flag.pk)).content.decode()


def test_hostile_text_is_only_words(login, reviewer):
    flag = FlagFactory(
        status="substantiated", text="<script>x()</script>", reply="<script>y()</script>", conclusion="<b>z</b>",
        note="<i>n</i>", replied_at=timezone.now(), closed_at=timezone.now(),
    )  # fmt: skip
    signatory = signatory_of(flag.partner)
    pages = [
        login(reviewer).get(url("vetting:flag", flag.pk)),
        login(reviewer).get(url("desk:following", flag.partner.slug)),
        login(signatory).get(url("vetting_space:flag", flag.pk)),
        login(signatory).get(url("vetting_space:following", flag.partner.slug)),
    ]

    for page in pages:
        assert not re.search(r"<script>[xy]|<b>z|<i>n", page.content.decode())
        assert "&lt;script&gt;x()" in page.content.decode()


# --- the list ------------------------------------------------------------------------------------------------------


def test_the_list_filters_what_has_to_be_done_as_the_rules_say(login, reviewer):
    for status in ("raised", "notified", "answered", "substantiated", "resolved"):
        for until in (None, day(-1), day(0)):
            for told in (None, timezone.now()):
                FlagFactory(
                    category="safeguarding", status=status, silent_reason="Danger." if until else "", notified_at=told,
                    silent_until=until, reply_due_on=day(-1) if told and until else day(3),
                ) if told or until or status != "substantiated" else None  # fmt: skip
    client = login(reviewer)
    every = list(Flag.objects.all())

    tell = client.get(url("vetting:flag_list"), {"todo": "tell"}).context["filter"].qs
    late = client.get(url("vetting:flag_list"), {"todo": "late"}).context["filter"].qs

    assert set(tell) == {flag for flag in every if rules.is_to_tell(flag)} != set()
    assert set(late) == {flag for flag in every if rules.is_reply_late(flag)} != set()


def test_the_list_filters_by_organisation_and_state(login, me_officer):
    wanted = FlagFactory(partner__name="Amani Élevage", status="answered")
    FlagFactory(partner__name="Amani Élevage bis")
    FlagFactory(partner__name="Umoja", status="answered")

    page = login(me_officer).get(url("vetting:flag_list"), {"q": "elevage", "status": "answered"})

    assert list(page.context["page_obj"]) == [wanted]


def test_the_list_has_twenty_a_page_and_keeps_the_filter(login, reviewer):
    FlagFactory.create_batch(21)

    page = login(reviewer).get(url("vetting:flag_list"), {"status": "raised"})

    assert len(page.context["page_obj"]) == 20
    assert "?status=raised&amp;page=2" in page.content.decode()


def test_an_empty_list_teaches(login, reviewer):
    assert "No flag here" in text_of(login(reviewer).get(url("vetting:flag_list")))


@pytest.fixture
def cost(login, django_assert_max_num_queries):
    """The number of queries of one page; what every page costs (session, account, navigation) is in it."""

    def count(user, address):
        client = login(user)
        with django_assert_max_num_queries(45) as found:
            assert client.get(address).status_code == 200
        return len(found)

    return count


def test_the_list_costs_the_same_for_one_row_as_for_three(reviewer, cost):
    FlagFactory()
    one = cost(reviewer, url("vetting:flag_list"))
    FlagFactory.create_batch(2)

    assert cost(reviewer, url("vetting:flag_list")) == one


def test_the_page_costs_the_same_for_one_hold_as_for_three(reviewer, cost):
    flag = FlagFactory(status="substantiated")
    HoldFactory(partner=flag.partner, flag=flag)
    one = cost(reviewer, url("vetting:flag", flag.pk))
    HoldFactory.create_batch(2, partner=flag.partner, flag=flag)

    assert cost(reviewer, url("vetting:flag", flag.pk)) == one
