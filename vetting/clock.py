"""The clock of a dossier: how long it lay with ACE and with the organisation. Pure: moments in, durations out.

ACE's clock stands still while the organisation holds the dossier. A history that does not begin at the beginning
(dossiers from before these moments were kept) gives None: a number that nobody measured is not shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

FIRST = "collecting"
WITH_ORGANISATION = frozenset({"collecting", "changes_requested"})
WITH_ACE = frozenset({"submitted", "in_review", "proposed"})
STAGES = ("collecting", "submitted", "in_review", "changes_requested", "proposed")  # in the order people meet them
NOTHING = timedelta(0)
SECONDS_A_DAY = 86_400


@dataclass(frozen=True)
class Spell:
    """One stay in one stage; `until` is None while it lasts."""

    status: str
    since: datetime
    until: datetime | None

    def lasted(self, now: datetime) -> timedelta:
        return (self.until or now) - self.since


@dataclass(frozen=True)
class Clock:
    """The time of one dossier: by stage, with ACE, with the organisation. `ace_since`: the present spell with ACE."""

    by_stage: Mapping[str, timedelta]
    with_ace: timedelta
    with_organisation: timedelta
    ace_since: datetime | None

    @property
    def ace_days(self) -> int:
        return self.with_ace.days

    @property
    def organisation_days(self) -> int:
        return self.with_organisation.days

    def answer_by(self, promise: timedelta, now: datetime) -> datetime | None:
        """When ACE has used up what it promised, if the dossier stays with it; None while the organisation holds it."""
        return None if self.ace_since is None else now + promise - self.with_ace


def read(entered: Iterable[tuple[str, datetime]], now: datetime) -> Clock | None:
    """The clock of one dossier from (stage, moment it was entered), oldest first; None when its beginning is unknown."""
    rows = list(entered)
    if not rows or rows[0][0] != FIRST:
        return None
    spells = [
        Spell(status, since, rows[place + 1][1] if place + 1 < len(rows) else None)
        for place, (status, since) in enumerate(rows)
    ]
    running = [spell for spell in spells if spell.status in STAGES]
    return Clock(
        by_stage={
            stage: sum((spell.lasted(now) for spell in running if spell.status == stage), NOTHING)
            for stage in STAGES
            if any(spell.status == stage for spell in running)
        },
        with_ace=_total(running, WITH_ACE, now),
        with_organisation=_total(running, WITH_ORGANISATION, now),
        ace_since=_ace_since(spells),
    )


def _total(spells: Sequence[Spell], stages: frozenset[str], now: datetime) -> timedelta:
    return sum((spell.lasted(now) for spell in spells if spell.status in stages), NOTHING)


def _ace_since(spells: Sequence[Spell]) -> datetime | None:
    """Since when the dossier has lain with ACE without a break; None when it does not lie there."""
    since = None
    for spell in reversed(spells):
        if spell.status not in WITH_ACE:
            break
        since = spell.since
    return since


@dataclass(frozen=True)
class Medians:
    """Half of `count` decided dossiers took no longer than this: days to one place. Only stages that some dossier met."""

    count: int
    by_stage: Mapping[str, Decimal]
    with_ace: Decimal
    with_organisation: Decimal


def medians(clocks: Sequence[Clock]) -> Medians | None:
    """Over the clocks of decided dossiers; a stage that a dossier skipped is no zero. None without any clock."""
    if not clocks:
        return None
    by_stage = {stage: [clock.by_stage[stage] for clock in clocks if stage in clock.by_stage] for stage in STAGES}
    return Medians(
        count=len(clocks),
        by_stage={stage: _median(times) for stage, times in by_stage.items() if times},
        with_ace=_median([clock.with_ace for clock in clocks]),
        with_organisation=_median([clock.with_organisation for clock in clocks]),
    )


def _median(times: Sequence[timedelta]) -> Decimal:
    days = Decimal(int(median(time.total_seconds() for time in times))) / SECONDS_A_DAY
    return days.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
