"""The one mover of a dossier: `core.machine.perform`, and a row that says when the dossier entered its new state."""

from django.utils import timezone

from ace_partners.core.machine import perform
from vetting import rules
from vetting.models import Stage


def step(dossier, name, *, by, seen, against=rules.against_moving_dossier, reason="", **changes):
    """Take one step of a dossier inside the caller's transaction; returns it as it now is. Raises Stale, NotAllowed."""
    moved = perform(rules.DOSSIER, dossier, name, by=by, seen=seen, against=against, reason=reason, **changes)
    enter(moved)
    return moved


def enter(dossier):
    """Note that the dossier is in its present state from now on."""
    Stage.objects.create(dossier=dossier, status=dossier.status, entered_at=timezone.now())
