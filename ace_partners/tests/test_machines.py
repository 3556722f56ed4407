"""What must hold of every state machine of the project; each room tests its own, source × role × move."""

import pytest

from ace_partners.core.event_words import event_label
from ace_partners.core.mail import MACHINE as MAIL
from ace_partners.core.rights import Role
from impact.rules import REOPENING, REPORT, TARGET_REVISION
from impact.rules.agreements import DISBURSEMENT
from impact.rules.framework import INDICATOR
from impact.rules.lessons import LESSON
from partners.rules import RELATIONSHIP
from vetting.rules import DOSSIER
from vetting.rules.checklists import CHECKLIST
from vetting.rules.flags import FLAG
from vetting.rules.measures import MEASURE
from vetting.rules.plans import CAPACITY
from vetting.rules.reviews import REVIEW
from vetting.rules.screening import HIT
from vetting.rules.visits import VISIT

MACHINES = [
    HIT,
    MAIL,
    RELATIONSHIP,
    DOSSIER,
    REPORT,
    REVIEW,
    MEASURE,
    CHECKLIST,
    FLAG,
    VISIT,
    CAPACITY,
    DISBURSEMENT,
    LESSON,
    TARGET_REVISION,
    REOPENING,
    INDICATOR,
]


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


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.noun)
def test_every_move_has_its_words_in_the_history(machine):
    codes = [f"{machine.noun}.{move.name}" for move in machine.moves if move.actors]

    assert [code for code in codes if event_label(code) == code] == []
