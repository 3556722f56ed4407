"""Flags: every step by source and role, the right of reply before effect, the one exception and its end."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from ace_partners.core import audit
from ace_partners.core.errors import NotAllowed, Stale
from ace_partners.core.models import AuditEvent, OutgoingMail
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import UserFactory
from partners.tests.factories import MembershipFactory, PartnerFactory
from vetting.actions import flags as actions
from vetting.models import Flag, FlagStatus
from vetting.rules import flags as rules
from vetting.tests.factories import editor_of, signatory_of, viewer_of
from vetting.tests.factories_following import FlagFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(english):
    """Sentences are compared as they are written in the code."""


def day(days):
    return timezone.localdate() + timedelta(days=days)


def values(**more):
    return {
        "category": "safeguarding",
        "tone": "concern",
        "severity": "serious",
        "text": "Un adulte seul dort au foyer.",
        **more,
    }


def silent(days=30, **more):
    return FlagFactory(category="safeguarding", silent_reason="L'enfant serait menacé.", silent_until=day(days), **more)


# --- raising -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ME_OFFICER])
def test_an_officer_raises_a_flag_and_nothing_leaves(role):
    officer, partner = UserFactory(roles=[role]), PartnerFactory()
    signatory_of(partner)

    flag = actions.raise_flag(partner, by=officer, note="Source : un voisin.", **values())

    assert (flag.status, flag.raised_by, flag.notified_at) == ("raised", officer, None)
    assert OutgoingMail.objects.count() == 0
    event = audit.latest(flag)
    assert event.action == "flag.raise"
    assert event.after == {
        "category": "safeguarding",
        "tone": "concern",
        "severity": "serious",
        "silent_until": None,
    }


@pytest.mark.parametrize("role", [Role.APPROVER, Role.ADMIN, Role.AUDITOR])
def test_no_other_role_raises(role):
    with pytest.raises(NotAllowed, match="raises a flag"):
        actions.raise_flag(PartnerFactory(), by=UserFactory(roles=[role]), **values())

    assert Flag.objects.count() == 0


def test_a_member_does_not_raise_even_as_an_officer(reviewer):
    partner = MembershipFactory(user=reviewer).partner

    with pytest.raises(NotAllowed):
        actions.raise_flag(partner, by=reviewer, **values())


def test_a_flag_needs_words(reviewer):
    with pytest.raises(NotAllowed, match="Say what was observed"):
        actions.raise_flag(PartnerFactory(), by=reviewer, **values(text=" "))


def test_in_favour_is_for_information(reviewer):
    partner = PartnerFactory()
    with pytest.raises(NotAllowed, match="no other severity"):
        actions.raise_flag(partner, by=reviewer, **values(tone="positive", severity="watch"))

    assert actions.raise_flag(partner, by=reviewer, **values(tone="positive", severity="info")).tone == "positive"


# --- the exception -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"category": "finance", "silent_reason": "x", "silent_until": 9}, "Only a concern about protection"),
        ({"tone": "neutral", "silent_reason": "x", "silent_until": 9}, "Only a concern about protection"),
        ({"silent_reason": "x", "silent_until": None}, "Say until which day"),
        ({"silent_reason": "x", "silent_until": 0}, "Say until which day"),
        ({"silent_reason": " ", "silent_until": 9}, "Say why the organisation is not told yet."),
        ({"silent_reason": "x", "silent_until": 91}, "at the latest"),
    ],
)
def test_the_exception_is_narrow_has_a_reason_and_ends(reviewer, facts, sentence):
    until = facts["silent_until"]
    facts = {**facts, "silent_until": None if until is None else day(until)}

    with pytest.raises(NotAllowed, match=sentence):
        actions.raise_flag(PartnerFactory(), by=reviewer, **values(**facts))


@pytest.mark.parametrize("category", ["safeguarding", "accident"])
def test_the_direction_is_told_of_the_exception_at_once_without_its_reason(reviewer, approver, category):
    partner = PartnerFactory()
    signatory_of(partner)

    actions.raise_flag(
        partner, by=reviewer, **values(category=category, silent_reason="Secretmotif", silent_until=day(90))
    )

    mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.to_user) == ("vetting/email/flag_kept_back", approver)
    assert "Secretmotif" not in mail.subject + mail.body


@pytest.mark.parametrize(
    ("status", "until", "told", "to_tell", "is_silent"),
    [
        ("raised", None, False, True, False),
        ("raised", 0, False, False, True),
        ("raised", -1, False, True, False),
        ("raised", 5, False, False, True),
        ("substantiated", 5, False, False, True),
        ("substantiated", -1, False, True, False),
        ("substantiated", -1, True, False, False),
        ("not_substantiated", -1, False, False, False),
        ("resolved", -1, False, False, False),
        ("notified", None, True, False, False),
    ],
)
def test_after_the_exception_the_organisation_is_to_be_told(status, until, told, to_tell, is_silent):
    flag = FlagFactory(
        category="safeguarding",
        status=status,
        silent_reason="" if until is None else "Danger.",
        silent_until=None if until is None else day(until),
        notified_at=timezone.now() if told else None,
    )

    assert (rules.is_to_tell(flag), rules.is_silent(flag)) == (to_tell, is_silent)


# --- telling and replying ------------------------------------------------------------------------------------------


def test_telling_gives_the_organisation_its_days(me_officer):
    flag = FlagFactory(note="Secretnote", silent_reason="", text="Deux factures.")
    people = {signatory_of(flag.partner), editor_of(flag.partner)}
    viewer_of(flag.partner)

    flag = actions.notify_flag(flag, by=me_officer, seen=0)

    assert (flag.status, flag.reply_due_on) == ("notified", day(settings.ACE_REPLY_DAYS))
    mails = OutgoingMail.objects.filter(kind="vetting/email/flag_told")
    assert {mail.to_user for mail in mails} == people
    assert all("Deux factures." in mail.body and "Secretnote" not in mail.subject + mail.body for mail in mails)


def test_the_reply_stays_with_the_flag_for_good(reviewer, approver):
    flag = FlagFactory(raised_by=reviewer)
    signatory = signatory_of(flag.partner)
    flag = actions.notify_flag(flag, by=reviewer, seen=0)
    flag = actions.answer_flag(flag, by=signatory, seen=flag.lock_version, reply="Une faute de saisie.")
    mailed = set(OutgoingMail.objects.filter(kind="vetting/email/flag_answered").values_list("to_user", flat=True))
    flag = actions.close_flag(flag, "not_substantiate", by=approver, seen=flag.lock_version, conclusion="Expliqué.")

    flag.refresh_from_db()
    assert (flag.status, flag.reply, flag.replied_by) == ("not_substantiated", "Une faute de saisie.", signatory)
    assert (flag.conclusion, flag.closed_by) == ("Expliqué.", approver)
    assert mailed == {reviewer.pk, approver.pk}
    assert "Une faute" not in str(list(AuditEvent.objects.values("before", "after", "reason")))


def test_nobody_replies_twice(reviewer):
    flag = FlagFactory(status="answered", reply="Non.", raised_by=reviewer)

    with pytest.raises(NotAllowed, match="has replied already"):
        actions.answer_flag(flag, by=signatory_of(flag.partner), seen=0, reply="Oui.")


@pytest.mark.parametrize("make", [editor_of, viewer_of])
def test_only_a_signatory_replies(make):
    flag = FlagFactory(status="notified")

    with pytest.raises(NotAllowed, match="Your role"):
        actions.answer_flag(flag, by=make(flag.partner), seen=0, reply="Non.")


def test_a_reply_has_words():
    flag = FlagFactory(status="notified")

    with pytest.raises(NotAllowed, match="Write your reply"):
        actions.answer_flag(flag, by=signatory_of(flag.partner), seen=0, reply="  ")


def test_a_reply_may_come_after_a_conclusion_that_did_not_wait_for_it():
    flag = FlagFactory(status="substantiated")

    flag = actions.answer_flag(flag, by=signatory_of(flag.partner), seen=0, reply="Nous étions sans réseau.")

    assert (flag.status, flag.reply, flag.lock_version) == ("substantiated", "Nous étions sans réseau.", 1)
    assert audit.latest(flag).action == "flag.reply"


@pytest.mark.parametrize(
    ("status", "told", "sentence"),
    [
        ("raised", False, "Nothing is asked"),
        ("not_substantiated", True, "nothing is held against"),
        ("resolved", True, "nothing is held against"),
    ],
)
def test_no_reply_where_nothing_is_asked(status, told, sentence):
    flag = FlagFactory(status=status, notified_at=timezone.now() if told else None)

    assert any(sentence in reason for reason in rules.against_replying(flag, signatory_of(flag.partner)))


def test_what_was_substantiated_in_silence_is_told_afterwards_and_can_be_answered(reviewer, approver):
    flag = silent(raised_by=reviewer)
    signatory = signatory_of(flag.partner)
    flag = actions.close_flag(flag, "substantiate", by=approver, seen=0, conclusion="Confirmé.")
    told_before = OutgoingMail.objects.filter(to_user=signatory).count()
    with pytest.raises(NotAllowed, match="does not know of this flag yet"):
        actions.close_flag(flag, "resolve", by=approver, seen=1, conclusion="Réglé.")

    flag = actions.notify_flag(flag, by=reviewer, seen=1)
    flag = actions.answer_flag(flag, by=signatory, seen=2, reply="Il est parti.")
    flag = actions.close_flag(flag, "resolve", by=approver, seen=3, conclusion="Réglé.")

    assert told_before == 0
    assert (flag.status, flag.conclusion) == ("resolved", "Confirmé.\n\nRéglé.")
    assert [event.action for event in audit.history(flag)] == [
        "flag.resolve", "flag.reply", "flag.tell", "flag.substantiate",
    ]  # fmt: skip


# --- closing -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", rules.CLOSING_MOVES)
def test_who_raised_a_flag_does_not_close_it(name):
    both = UserFactory(roles=[Role.REVIEWER, Role.APPROVER])
    flag = FlagFactory(raised_by=both, status="answered")

    with pytest.raises(NotAllowed, match="You raised this flag"):
        actions.close_flag(flag, name, by=both, seen=0, conclusion="Vu.")


@pytest.mark.parametrize("name", rules.CLOSING_MOVES)
def test_a_conclusion_has_words(approver, name):
    flag = FlagFactory(status="answered")

    with pytest.raises(NotAllowed, match="Say why"):
        actions.close_flag(flag, name, by=approver, seen=0, conclusion=" ")


def test_nothing_is_substantiated_before_the_organisation_was_heard(approver):
    with pytest.raises(NotAllowed, match="has not been heard"):
        actions.close_flag(FlagFactory(), "substantiate", by=approver, seen=0, conclusion="Sûr.")
    with pytest.raises(NotAllowed, match="has not been heard"):
        actions.close_flag(silent(days=-1), "substantiate", by=approver, seen=0, conclusion="Sûr.")
    with pytest.raises(Stale):
        actions.close_flag(FlagFactory(status="notified"), "substantiate", by=approver, seen=0, conclusion="Sûr.")

    flag = actions.close_flag(silent(days=0), "substantiate", by=approver, seen=0, conclusion="Sûr.")

    assert flag.status == "substantiated"


def test_no_answer_is_noted_only_after_its_day(reviewer):
    flag = FlagFactory(status="notified", reply_due_on=day(0))
    with pytest.raises(NotAllowed, match="wait for that day"):
        actions.lapse_flag(flag, by=reviewer, seen=0)
    Flag.objects.filter(pk=flag.pk).update(reply_due_on=day(-1))

    assert actions.lapse_flag(flag, by=reviewer, seen=0).status == "no_answer"


@pytest.mark.parametrize("told", [True, False])
def test_the_organisation_reads_the_conclusion_if_it_knows_of_the_flag(approver, told):
    flag = FlagFactory(status="answered" if told else "raised", note="Secretnote")
    signatory_of(flag.partner)

    actions.close_flag(flag, "not_substantiate", by=approver, seen=0, conclusion="Une faute de saisie.")

    bodies = list(OutgoingMail.objects.filter(kind="vetting/email/flag_concluded").values_list("body", flat=True))
    assert ["Une faute de saisie." in body and "Secretnote" not in body for body in bodies] == ([True] if told else [])


def test_an_old_page_is_stale(reviewer):
    flag = FlagFactory(lock_version=1)

    with pytest.raises(Stale):
        actions.notify_flag(flag, by=reviewer, seen=0)


# --- the machine: source × role × move -----------------------------------------------------------------------------

ACE = [Role.REVIEWER, Role.ME_OFFICER, Role.APPROVER, Role.ADMIN, Role.AUDITOR]
OWN = [Role.VIEWER, Role.EDITOR, Role.SIGNATORY]


def somebody(role, partner):
    if role in OWN:
        return MembershipFactory(partner=partner, role=role).user
    return UserFactory(roles=[role])


def ready(status):
    """A flag in which only the state and the role can stand in the way."""
    late = {"reply_due_on": day(-1)} if status == "notified" else {}
    if status == "raised":
        return silent()
    return FlagFactory(status=status, **late)


@pytest.mark.parametrize("role", [*ACE, *OWN])
@pytest.mark.parametrize("status", FlagStatus.values)
@pytest.mark.parametrize("name", [move.name for move in rules.FLAG.moves])
def test_each_step_by_source_and_role(name, status, role):
    flag = ready(status)
    move = rules.FLAG[name]

    against = rules.against_stepping(flag, name, somebody(role, flag.partner))

    assert (against == []) == (status in move.sources and role in move.actors)


# --- who sees ------------------------------------------------------------------------------------------------------


def test_the_organisation_sees_a_flag_once_it_was_told():
    untold, told = FlagFactory(), FlagFactory(status="notified")
    for flag in (untold, told):
        assert not Flag.objects.visible_to(viewer_of(flag.partner)).exists()
        assert not Flag.objects.visible_to(signatory_of(PartnerFactory())).exists()

    assert not Flag.objects.visible_to(signatory_of(untold.partner)).exists()
    assert Flag.objects.visible_to(editor_of(told.partner)).get() == told
