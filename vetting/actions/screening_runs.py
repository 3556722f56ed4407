"""Screening many organisations one after the other: each in its own transaction, so that a run can stop at any moment."""

import time
from dataclasses import dataclass

from ace_partners.core.errors import refuse
from partners.models import Partner, Relationship
from vetting.actions import listed_names
from vetting.actions.screening import screen
from vetting.models import ScreeningReason, ScreeningResult
from vetting.notifications import screening as notifications
from vetting.rules import screening as rules

CHUNK = 200  # organisations held in memory at a time


@dataclass
class Run:
    """What a run has done so far."""

    total: int
    screened: int = 0
    skipped: int = 0
    with_hits: int = 0
    new_hits: int = 0

    @property
    def done(self):
        return self.screened + self.skipped


def everybody():
    """The organisations that are screened at every import: all but those with which the relationship has ended."""
    return Partner.objects.exclude(status=Relationship.ENDED)


def unscreened(partners, lists=None):
    """Those that no screening has seen since the newest edition was imported: a cheap question, for counts and lists."""
    lists = lists or listed_names.current()
    if not lists.editions:
        return partners.none()
    newest = max(edition.imported_at for edition in lists.editions)
    return partners.exclude(screenings__screened_at__gte=newest)


def run(partners, *, reason=ScreeningReason.IMPORT, by=None, resume=False):
    """Screen these organisations in the order of their keys, yielding the Run after each.

    `resume` skips those whose newest screening still counts, so that a run which was stopped goes on where it stopped.
    Closing the generator, or Ctrl-C, loses nothing: what is screened is kept, and the mail about new hits leaves.
    """
    lists = listed_names.current()
    state = Run(total=partners.count())
    try:
        for partner in _in_chunks(partners):
            if resume and rules.screening_state(partner, lists.editions).is_fresh:
                state.skipped += 1
            else:
                _count(state, screen(partner, reason=reason, by=by, lists=lists))
            yield state
    finally:
        if state.new_hits:
            notifications.run_finished(organisations=state.screened, hits=state.new_hits, by=by)


def _count(state, screening):
    state.screened += 1
    if screening.result == ScreeningResult.HITS:
        state.with_hits += 1
        state.new_hits += screening.hits.count()


def _in_chunks(partners):
    """By key, a part at a time: an open cursor would see our own writes on SQLite, and needs a transaction elsewhere."""
    last = 0
    while chunk := list(partners.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        yield from chunk
        last = chunk[-1].pk


def run_for(seconds, *, by):
    """Screen whom no screening has seen since the newest edition, for so long at most: what a page can wait for.

    Returns (screened, still waiting). Raises NotAllowed.
    """
    refuse(rules.against_screening_all(by))
    begin = time.monotonic()
    waiting = unscreened(everybody())
    steps, screened = run(waiting, by=by), 0
    for state in steps:
        screened = state.screened
        if time.monotonic() - begin > seconds:
            break
    steps.close()
    return screened, unscreened(everybody()).count()
