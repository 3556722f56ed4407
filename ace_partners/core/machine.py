"""State machines: one table per machine offers the buttons, enforces the moves, draws the diagram and drives the tests.

There is no library behind it: a machine is a tuple of `Move`s, and `perform` is the one mover (design §3, §5).
"""

from dataclasses import dataclass, field

from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from ace_partners.core import audit
from ace_partners.core.errors import Stale, refuse


@dataclass(frozen=True)
class Move:
    """One step: its name, the states it leaves from, the state it leads to, who may take it, its button's label."""

    name: str
    sources: tuple[str, ...]
    target: str
    actors: frozenset[str]
    label: str | Promise
    needs_reason: bool = False


@dataclass(frozen=True)
class Machine:
    """The moves of one kind of row. `noun` begins the audit action: "dossier" + "submit" → "dossier.submit"."""

    noun: str
    states: type[models.TextChoices]
    initial: str
    moves: tuple[Move, ...]
    by_name: dict[str, Move] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self):
        self.by_name.update({move.name: move for move in self.moves})

    def __getitem__(self, name):
        return self.by_name[name]

    def open_from(self, state):
        """The moves that leave `state`, in table order."""
        return [move for move in self.moves if state in move.sources]

    def diagram(self):
        """The machine as a Mermaid state diagram, as the README shows it."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        for move in self.moves:
            lines += [f"    {source} --> {move.target} : {move.name}" for source in move.sources]
        leaving = {source for move in self.moves for source in move.sources}
        lines += [f"    {state} --> [*]" for state in self.states.values if state not in leaving]
        return "\n".join(lines)


def against_role(move, roles):
    """The reason a person with these roles may not take the move, or []."""
    return [] if move.actors & roles else [_("Your role does not allow this step; another colleague has to take it.")]


@transaction.atomic
def perform(machine, row, name, *, by, seen, against, reason="", **changes):
    """Take one step and return the row as it now is: lock, look again, ask the rules, write, audit.

    `seen` is the `lock_version` that the person's page showed. `against(row, move, by)` returns the reasons against,
    asked on the locked row. `changes` are fields written together with the state.
    Raises Stale when the row has moved on, NotAllowed when the rules refuse or a needed reason is missing.
    """
    move = machine[name]
    # Read again under a lock: two people may press the button at once.
    locked = type(row).objects.select_for_update().get(pk=row.pk)
    if locked.status not in move.sources or locked.lock_version != seen:
        raise Stale(locked, audit.latest(locked))
    reasons = list(against(locked, move, by))
    if move.needs_reason and not reason.strip():
        reasons.append(_("Say why, in one sentence."))
    refuse(reasons)
    was = locked.status
    locked.status = move.target
    locked.lock_version += 1
    for field_name, value in changes.items():
        setattr(locked, field_name, value)
    locked.save(update_fields=["status", "lock_version", *changes])
    audit.record(
        f"{machine.noun}.{name}", locked, by=by, before={"status": was}, after={"status": move.target}, reason=reason
    )
    return locked


@transaction.atomic
def claim_version(row, *, seen, texts=()):
    """Lock a row for an edit that leaves its state alone; return it with `lock_version` raised.

    `texts` names the fields of the form: when somebody else was quicker, their text is shown beside one's own.
    Raises Stale.
    """
    locked = type(row).objects.select_for_update().get(pk=row.pk)
    if locked.lock_version != seen:
        raise Stale(locked, audit.latest(locked), texts=texts)
    locked.lock_version += 1
    locked.save(update_fields=["lock_version"])
    return locked
