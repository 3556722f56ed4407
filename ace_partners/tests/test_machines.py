"""What must hold of every state machine of the project; each room tests its own, source × role × move."""

import pytest

from ace_partners.core.mail import MACHINE as MAIL
from ace_partners.core.rights import Role
from impact.rules import REPORT
from partners.rules import RELATIONSHIP
from vetting.rules import DOSSIER

MACHINES = [MAIL, RELATIONSHIP, DOSSIER, REPORT]


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.noun)
def test_every_state_is_reached(machine):
    reached = {machine.initial} | {move.target for move in machine.moves}

    assert set(machine.states.values) == reached


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.noun)
def test_moves_name_known_states_and_roles_once(machine):
    names = [move.name for move in machine.moves]

    assert len(names) == len(set(names))
    for move in machine.moves:
        assert {*move.sources, move.target} <= set(machine.states.values)
        assert set(move.actors) <= set(Role.values)
        assert move.target not in move.sources or move.name == "release"
