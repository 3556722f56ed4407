"""The one mover, on the partners' relationship machine (any row with status and lock_version would do)."""

import pytest
from django.db import models

from ace_partners.core import audit
from ace_partners.core.errors import NotAllowed, Stale
from ace_partners.core.machine import Machine, Move, claim_version, perform
from ace_partners.core.tests.factories import UserFactory
from partners.models import Relationship
from partners.tests.factories import PartnerFactory

MACHINE = Machine(
    noun="partner",
    states=Relationship,
    initial="prospect",
    moves=(
        Move("apply", ("prospect",), "applicant", frozenset({"reviewer"}), "Apply"),
        Move("end", ("applicant", "active"), "ended", frozenset({"approver"}), "End", needs_reason=True),
    ),
)


def nothing_against(row, move, by):
    return []


def test_a_move_writes_state_version_and_audit(db):
    partner, user = PartnerFactory(), UserFactory()

    moved = perform(MACHINE, partner, "apply", by=user, seen=0, against=nothing_against, website="https://example.org")

    partner.refresh_from_db()
    assert (moved.status, partner.status, partner.lock_version, partner.website) == (
        "applicant",
        "applicant",
        1,
        "https://example.org",
    )
    event = audit.latest(partner)
    assert (event.action, event.before, event.after) == (
        "partner.apply",
        {"status": "prospect"},
        {"status": "applicant"},
    )


def test_a_page_that_showed_an_older_row_is_stale_and_names_who_moved_it(db):
    partner, first, second = PartnerFactory(), UserFactory(name="Marie"), UserFactory()
    perform(MACHINE, partner, "apply", by=first, seen=0, against=nothing_against)

    with pytest.raises(Stale) as stale:
        perform(MACHINE, partner, "end", by=second, seen=0, against=nothing_against, reason="fin")

    assert stale.value.event.actor_name == "Marie"


def test_a_move_from_the_wrong_state_is_stale(db):
    with pytest.raises(Stale):
        perform(MACHINE, PartnerFactory(), "end", by=UserFactory(), seen=0, against=nothing_against, reason="fin")


def test_reasons_against_refuse_and_change_nothing(db):
    partner = PartnerFactory()

    with pytest.raises(NotAllowed) as refusal:
        perform(MACHINE, partner, "apply", by=UserFactory(), seen=0, against=lambda row, move, by: ["Non."])

    partner.refresh_from_db()
    assert (refusal.value.reasons, partner.status, partner.lock_version) == (["Non."], "prospect", 0)
    assert audit.latest(partner) is None


def test_a_needed_reason_is_asked_for(db):
    partner = PartnerFactory(status="applicant")

    with pytest.raises(NotAllowed):
        perform(MACHINE, partner, "end", by=UserFactory(), seen=0, against=nothing_against, reason="  ")


def test_an_edit_claims_the_version_it_saw(db):
    partner = PartnerFactory()

    assert claim_version(partner, seen=0).lock_version == 1
    with pytest.raises(Stale):
        claim_version(partner, seen=0)


def test_a_machine_draws_itself():
    class Light(models.TextChoices):
        RED = "red"
        GREEN = "green"

    light = Machine("light", Light, "red", (Move("go", ("red",), "green", frozenset(), "Go"),))

    assert light.diagram() == "stateDiagram-v2\n    [*] --> red\n    red --> green : go\n    green --> [*]"
    assert light.open_from("green") == []
