"""What the authorities say about a cooperative and its sites: of each, the newest row by date of effect counts.

The sector was suspended by an order of 19 December 2025 and partly reopened on 5 January 2026 (domain.md §0.1), so every
row has its day and its source, and none is ever rewritten.
"""

from dataclasses import dataclass

from django.db.models import Q

from partners.models import Place, PlaceKind, PlaceLevel
from vetting.models import RegulatoryState, RegulatoryStatus

TONES = {
    RegulatoryState.IN_ORDER: "good",
    RegulatoryState.TOLERATED: "watch",
    RegulatoryState.PARTLY_LIFTED: "watch",
    RegulatoryState.SUSPENDED: "bad",
    RegulatoryState.WITHDRAWN: "bad",
}
STOPPED = frozenset({RegulatoryState.SUSPENDED, RegulatoryState.WITHDRAWN})


@dataclass(frozen=True)
class Regulation:
    """The statuses of one subject, newest first. `place` is None for the organisation itself."""

    place: Place | None
    current: RegulatoryStatus
    earlier: tuple[RegulatoryStatus, ...]

    @property
    def tone(self):
        return TONES[self.current.state]


def sites_of(partner):
    """The mine sites of one organisation, in the order they were entered; one query."""
    spots = partner.places.filter(kind=PlaceKind.MINE_SITE, place__level=PlaceLevel.MINE_SITE)
    return [spot.place for spot in spots.select_related("place__parent__parent").order_by("pk")]


def regulations(partner, sites=()):
    """One Regulation per subject that has any status: the organisation first, then `sites` as given; one query."""
    found = {}
    rows = RegulatoryStatus.objects.filter(Q(partner=partner) | Q(place__in=[site.pk for site in sites]))
    for row in rows.select_related("recorded_by").order_by("-effective_on", "-pk"):
        found.setdefault(row.place_id, []).append(row)
    subjects = [(None, None), *((site.pk, site) for site in sites)]
    return tuple(
        Regulation(place, found[pk][0], tuple(found[pk][1:])) for pk, place in dict(subjects).items() if pk in found
    )
