"""Holds put by people: who sets and lifts, what a flag may hold, and that lifting one leaves the other."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ace_partners.core import audit
from ace_partners.core.errors import NotAllowed, Stale
from ace_partners.core.models import OutgoingMail
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import UserFactory
from partners.tests.factories import MembershipFactory, PartnerFactory
from vetting.actions import holds as actions
from vetting.holds import open_holds
from vetting.models import Hold, Measure
from vetting.rules import holds as rules
from vetting.tests.factories import editor_of, signatory_of, viewer_of
from vetting.tests.factories_following import FlagFactory, HoldFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(english):
    """Sentences are compared as they are written in the code."""


def day(days):
    return timezone.localdate() + timedelta(days=days)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ME_OFFICER])
def test_an_officer_sets_a_hold_and_the_organisation_reads_why(role):
    officer, partner = UserFactory(roles=[role]), PartnerFactory()
    people = {signatory_of(partner), editor_of(partner)}
    viewer_of(partner)

    hold = actions.set_hold(partner, by=officer, kind="finance", reason="Deux factures.", ends_on=day(0))

    assert [each.row for each in open_holds(partner)] == [hold]
    mails = OutgoingMail.objects.all()
    assert {mail.to_user for mail in mails} == people
    assert all("Deux factures." in mail.body for mail in mails)
    assert audit.latest(hold).after == {"kind": "finance", "flag": None, "ends_on": day(0).isoformat()}


@pytest.mark.parametrize("role", [Role.APPROVER, Role.ADMIN, Role.AUDITOR])
def test_no_other_role_sets_a_hold(role):
    with pytest.raises(NotAllowed, match="sets a hold"):
        actions.set_hold(PartnerFactory(), by=UserFactory(roles=[role]), kind="other", reason="x")

    assert Hold.objects.count() == 0


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"kind": "suspension"}, "A suspension takes two people"),
        ({"reason": " "}, "Say why"),
        ({"ends_on": -1}, "cannot end before today"),
        ({"kind": "flag"}, "Name the flag"),
    ],
)
def test_a_hold_is_refused(reviewer, facts, sentence):
    facts = {"kind": "inquiry", "reason": "Enquête.", **facts}
    if "ends_on" in facts:
        facts["ends_on"] = day(facts["ends_on"])

    with pytest.raises(NotAllowed, match=sentence):
        actions.set_hold(PartnerFactory(), by=reviewer, **facts)


SILENCE = {"category": "safeguarding", "silent_reason": "Danger."}


@pytest.mark.parametrize(
    ("facts", "may"),
    [
        ({"status": "substantiated"}, True),
        ({"status": "raised"}, False),
        ({"status": "notified"}, False),
        ({"status": "answered"}, False),
        ({"status": "no_answer"}, False),
        ({"status": "not_substantiated"}, False),
        ({"status": "resolved"}, False),
        ({"status": "raised", **SILENCE, "silent_until": 0}, True),
        ({"status": "raised", **SILENCE, "silent_until": -1}, False),
        ({"status": "resolved", **SILENCE, "silent_until": 5, "notified_at": None}, False),
        ({"status": "substantiated", "tone": "positive", "severity": "info"}, False),
        ({"status": "substantiated", "tone": "neutral"}, False),
    ],
)
def test_a_flag_has_no_effect_before_the_organisation_could_reply(reviewer, facts, may):
    if "silent_until" in facts:
        facts = {**facts, "silent_until": day(facts["silent_until"])}
    flag = FlagFactory(**facts)

    if may:
        assert actions.set_hold(flag.partner, by=reviewer, kind="flag", reason="x", flag=flag).flag == flag
    else:
        with pytest.raises(NotAllowed):
            actions.set_hold(flag.partner, by=reviewer, kind="flag", reason="x", flag=flag)
        with pytest.raises(NotAllowed):  # nor under another name
            actions.set_hold(flag.partner, by=reviewer, kind="inquiry", reason="x", flag=flag)


def test_a_flag_closed_meanwhile_holds_nothing(reviewer):
    flag = FlagFactory(status="substantiated")
    flag.__class__.objects.filter(pk=flag.pk).update(status="resolved")

    with pytest.raises(NotAllowed, match="no effect yet"):
        actions.set_hold(flag.partner, by=reviewer, kind="flag", reason="x", flag=flag)


def test_a_flag_of_another_organisation_holds_nothing(reviewer):
    with pytest.raises(NotAllowed, match="another organisation"):
        actions.set_hold(
            PartnerFactory(), by=reviewer, kind="flag", reason="x", flag=FlagFactory(status="substantiated")
        )


def test_lifting_one_hold_leaves_the_other(approver):
    partner = PartnerFactory()
    signatory = signatory_of(partner)
    one, other = HoldFactory(partner=partner, reason="Factures."), HoldFactory(partner=partner, reason="Enquête.")

    one = actions.lift_hold(one, by=approver, seen=0, reason="Expliqué.")

    assert [each.row for each in open_holds(partner)] == [other]
    assert (one.lifted_by, one.lift_reason) == (approver, "Expliqué.")
    mail = OutgoingMail.objects.get(kind="vetting/email/hold_lifted", to_user=signatory)
    assert "Factures." in mail.body
    assert "Expliqué." in mail.body
    assert "Enquête." not in mail.body


def test_who_set_a_hold_does_not_lift_it():
    both = UserFactory(roles=[Role.REVIEWER, Role.APPROVER])
    hold = actions.set_hold(PartnerFactory(), by=both, kind="other", reason="x")

    with pytest.raises(NotAllowed, match="You set this hold"):
        actions.lift_hold(hold, by=both, seen=0, reason="y")

    assert Hold.objects.get().lifted_at is None


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ME_OFFICER, Role.ADMIN, Role.AUDITOR, Role.SIGNATORY])
def test_only_the_direction_lifts(role):
    hold = HoldFactory()
    user = (
        MembershipFactory(partner=hold.partner, role=role).user if role == Role.SIGNATORY else UserFactory(roles=[role])
    )

    with pytest.raises(NotAllowed, match="Only the direction"):
        actions.lift_hold(hold, by=user, seen=0, reason="x")


def test_a_direction_that_belongs_to_the_organisation_lifts_nothing(approver):
    hold = HoldFactory(partner=MembershipFactory(user=approver).partner)

    with pytest.raises(NotAllowed, match="Only the direction"):
        actions.lift_hold(hold, by=approver, seen=0, reason="x")


def test_a_hold_is_lifted_once(approver):
    hold = actions.lift_hold(HoldFactory(), by=approver, seen=0, reason="Expliqué.")

    with pytest.raises(NotAllowed, match="lifted already"):
        actions.lift_hold(hold, by=approver, seen=1, reason="Encore.")
    with pytest.raises(Stale):
        actions.lift_hold(hold, by=approver, seen=0, reason="Encore.")


def test_a_hold_past_its_day_ended_by_itself(approver):
    hold = HoldFactory(ends_on=day(-1))

    assert open_holds(hold.partner) == ()
    assert rules.against_lifting(hold, approver)[0].startswith("This hold ended by itself on")
    assert rules.against_lifting(HoldFactory(ends_on=day(0)), approver) == []


def test_a_suspension_is_lifted_by_its_measure(approver, reviewer):
    partner = PartnerFactory(status="suspended")
    measure = Measure.objects.create(
        partner=partner, kind="suspend", reason="Détournement.", status="approved", proposed_by=reviewer
    )
    hold = HoldFactory(partner=partner, kind="suspension", measure=measure)

    with pytest.raises(NotAllowed, match="belongs to a suspension"):
        actions.lift_hold(hold, by=approver, seen=0, reason="x")
