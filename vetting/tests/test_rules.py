"""The machine's table against every state and role, and the rules that actions do not reach by themselves."""

import pytest
from django.utils import timezone, translation

from ace_partners.core.errors import NotAllowed, Stale
from ace_partners.core.machine import against_role, perform
from ace_partners.core.rights import ACE_ROLE_CHOICES, PARTNER_ROLES, Role
from ace_partners.core.tests.factories import UserFactory
from partners.rules import roles_on
from partners.tests.factories import GrantFactory, MembershipFactory
from vetting import rules
from vetting.models import DossierStatus
from vetting.tests.factories import DossierFactory, current, decided, in_review, proposed

pytestmark = pytest.mark.django_db
OUTSIDER = "outsider"
ROLES = [code for code, _label in ACE_ROLE_CHOICES] + sorted(PARTNER_ROLES) + [OUTSIDER]


def person(role, partner):
    """Somebody who holds just this role on the organisation."""
    if role in PARTNER_ROLES:
        return MembershipFactory(partner=partner, role=role).user
    user = UserFactory(roles=[] if role == OUTSIDER else [role])
    if role == Role.AUDITOR:
        GrantFactory(user=user, partner=partner)
    return user


def role_only(dossier, move, by):
    """The role alone: what else a step asks has its own tests."""
    return against_role(move, roles_on(by, dossier.partner))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("source", DossierStatus.values)
@pytest.mark.parametrize("name", list(rules.DOSSIER.by_name))
def test_every_move_from_every_state_by_every_role(name, source, role):
    move = rules.DOSSIER[name]
    dossier = DossierFactory(status=source)
    by = person(role, dossier.partner)

    sent = {"first_submitted_at": timezone.now(), "last_submitted_at": timezone.now()}

    try:
        perform(rules.DOSSIER, dossier, name, by=by, seen=0, against=role_only, reason="Motif.", **sent)
    except Stale:
        happened = "closed"
    except NotAllowed:
        happened = "refused"
    else:
        happened = "moved"

    expected = "closed" if source not in move.sources else "moved" if role in move.actors else "refused"
    assert happened == expected
    assert current(dossier).status == (move.target if happened == "moved" else source)


def test_the_table_is_design_5():
    assert {move.name: (set(move.sources), move.target, set(move.actors)) for move in rules.DOSSIER.moves} == {
        "submit": ({"collecting", "changes_requested"}, "submitted", {"signatory", "reviewer"}),
        "take": ({"submitted"}, "in_review", {"reviewer"}),
        "release": ({"in_review"}, "submitted", {"reviewer", "approver"}),
        "request_changes": ({"in_review"}, "changes_requested", {"reviewer"}),
        "propose": ({"in_review"}, "proposed", {"reviewer"}),
        "send_back": ({"proposed"}, "in_review", {"approver"}),
        "decide": ({"proposed"}, "decided", {"approver"}),
        "withdraw": (
            {"collecting", "submitted", "in_review", "changes_requested", "proposed"},
            "withdrawn",
            {"signatory", "reviewer"},
        ),
    }


def test_every_state_can_be_reached():
    assert {move.target for move in rules.DOSSIER.moves} | {rules.DOSSIER.initial} == set(DossierStatus.values)


@pytest.mark.parametrize("role", ROLES)
def test_who_answers(role):
    dossier = DossierFactory()
    by = person(role, dossier.partner)

    reasons = rules.against_answering(dossier, by)

    assert (reasons == []) == (role in {Role.REVIEWER, Role.EDITOR, Role.SIGNATORY})


def test_a_member_loses_the_ace_role_there(reviewer):
    dossier = in_review(reviewer)
    MembershipFactory(partner=dossier.partner, user=reviewer, role=Role.VIEWER)

    with translation.override("en"):
        reasons = rules.against_writing_findings(dossier, reviewer)

    assert reasons == ["Only a due-diligence officer writes findings."]


def test_a_closed_step_says_so(reviewer, approver):
    dossier = decided(reviewer, approver).dossier

    with translation.override("en"):
        reasons = rules.against_moving(dossier, "withdraw", reviewer)

    assert reasons == ["This step is not open: the dossier is “Decided”."]


def test_the_draft_is_the_stored_proposal(reviewer):
    dossier = proposed(reviewer)

    draft = rules.draft_of(dossier.open_proposal)

    assert draft.reasons == {code: f"Motif {code}." for code in ("C1", "C2", "C3", "C4")}
    assert (draft.outcome, draft.steps, rules.against_draft(dossier, draft)) == ("approved", (), [])
