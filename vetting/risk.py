"""The risk rating of an organisation as pure arithmetic (domain.md §3): seven factors in, score and band out.

It sets how ACE accompanies a partner and how soon it looks again. It never decides whether a partner is eligible:
nothing of `scoring` reads this file. Codes come out, the layers above turn them into sentences.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import floor

WEIGHTS = {"R1": 15, "R2": 15, "R3": 20, "R4": 20, "R5": 15, "R6": 5, "R7": 10}
HIGHEST = 3  # each factor is scored 0 (low) to 3 (high)
UNKNOWN = 1  # what a factor counts while nobody can tell: neither green nor an accusation

MEDIUM_FROM, HIGH_FROM = 34, 60
YOUNG_MONTHS = 24
LATE_REPORTS = 2


class Band(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


LADDER = (Band.LOW, Band.MEDIUM, Band.HIGH)
REVIEW_MONTHS = {Band.LOW: 24, Band.MEDIUM: 12, Band.HIGH: 6}


class Assurance(StrEnum):
    DESK = "desk"
    VISIT_EVERY_TWO_YEARS = "visit_every_two_years"
    VISIT_EVERY_YEAR = "visit_every_year"
    VISIT_BEFORE_PAYMENT = "visit_before_payment"
    VISIT_EVERY_HALF_YEAR = "visit_every_half_year"
    TWO_TRANCHES = "two_tranches"
    THREE_TRANCHES = "three_tranches"
    SMALL_TRANCHES = "small_tranches"
    VOUCHERS = "vouchers"


OVERSIGHT = {
    Band.LOW: (Assurance.DESK, Assurance.VISIT_EVERY_TWO_YEARS, Assurance.TWO_TRANCHES),
    Band.MEDIUM: (Assurance.VISIT_EVERY_YEAR, Assurance.THREE_TRANCHES),
    Band.HIGH: (
        Assurance.VISIT_BEFORE_PAYMENT,
        Assurance.VISIT_EVERY_HALF_YEAR,
        Assurance.SMALL_TRANCHES,
        Assurance.VOUCHERS,
    ),
}


class Override(StrEnum):
    """The rules that raise a band whatever the score, in the order they are applied."""

    HOME_WITHOUT_POLICY = "home_without_policy"
    SITE_WITHOUT_RIGHT = "site_without_right"
    YOUNG = "young"
    LATE_TWICE = "late_twice"


FLOORS = {
    Override.HOME_WITHOUT_POLICY: Band.HIGH,
    Override.SITE_WITHOUT_RIGHT: Band.MEDIUM,
    Override.YOUNG: Band.MEDIUM,
}


@dataclass(frozen=True)
class Facts:
    """What the overrides look at. `months_old` and `late_reports` are None where nobody knows: no rule then applies."""

    home: bool = False
    child_policy: bool = False
    on_site_cooperative: bool = False
    site_right: bool = False
    months_old: int | None = None
    late_reports: int | None = None
    open_hit: bool = False


@dataclass(frozen=True)
class Rating:
    """`overrides` are the rules that raise the band above the one of the score; `blocked` is a hold, not a band."""

    score: int
    band: Band
    overrides: tuple[Override, ...]
    blocked: bool


def score(scores: Mapping[str, int]) -> int:
    """Σ weight × score / 3, from 0 to 100, half-up. ValueError unless all seven factors are there, each from 0 to 3."""
    if set(scores) != set(WEIGHTS) or not all(0 <= value <= HIGHEST for value in scores.values()):
        raise ValueError(f"seven factors from 0 to {HIGHEST} are needed: {dict(scores)}")
    return floor(Fraction(sum(WEIGHTS[code] * value for code, value in scores.items()), HIGHEST) + Fraction(1, 2))


def band_of(points: int) -> Band:
    """The band of a score as it is shown, so that the number on the page and its band never contradict each other."""
    if points >= HIGH_FROM:
        return Band.HIGH
    return Band.MEDIUM if points >= MEDIUM_FROM else Band.LOW


def applying(facts: Facts) -> tuple[Override, ...]:
    """The overrides whose condition holds."""
    holds = {
        Override.HOME_WITHOUT_POLICY: facts.home and not facts.child_policy,
        Override.SITE_WITHOUT_RIGHT: facts.on_site_cooperative and not facts.site_right,
        Override.YOUNG: facts.months_old is not None and facts.months_old < YOUNG_MONTHS,
        Override.LATE_TWICE: facts.late_reports is not None and facts.late_reports >= LATE_REPORTS,
    }
    return tuple(code for code in Override if holds[code])


def rate(scores: Mapping[str, int], facts: Facts) -> Rating:
    """Score, band and what raised it. Floors first, then "one band up": lateness comes on top of what one is."""
    points = score(scores)
    base = band = band_of(points)
    rules = applying(facts)
    for code in rules:
        band = _raised(band, code)
    return Rating(points, band, tuple(code for code in rules if _raised(base, code) != base), facts.open_hit)


def review_months(band: str) -> int:
    """Months until the organisation is looked at again: also the longest validity of a decision in its favour."""
    return REVIEW_MONTHS[Band(band)]


def oversight(band: str) -> tuple[Assurance, ...]:
    """How ACE accompanies a partner of this band."""
    return OVERSIGHT[Band(band)]


def _raised(band: Band, code: Override) -> Band:
    place = LADDER.index(band)
    if code in FLOORS:
        return LADDER[max(place, LADDER.index(FLOORS[code]))]
    return LADDER[min(place + 1, len(LADDER) - 1)]
