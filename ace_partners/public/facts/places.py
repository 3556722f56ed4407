"""Places as the public reads them: in their town, and of a residential home nothing smaller than its town."""

from dataclasses import dataclass

from partners.models import Place, PlaceLevel
from partners.models.organisations import PlaceKind
from partners.models.places import TOWN_OR_WIDER

INDENT = "\u00a0\u00a0"


@dataclass(frozen=True)
class PlaceGroup:
    """The places of one kind: "Siège: Kapata (Kolwezi)"."""

    label: str
    names: tuple[str, ...]


class Gazetteer:
    """Every place, read in one query, each with its parent at hand: towns are found without asking again."""

    def __init__(self):
        rows = Place.objects.order_by("lineage").defer(
            "aliases", "latitude", "longitude", "pcode", "note", "search_text"
        )
        self.by_id = {place.pk: place for place in rows}
        for place in self.by_id.values():
            if place.parent_id:
                place.parent = self.by_id[place.parent_id]
        self.by_slug = {place.slug: place for place in self.by_id.values()}

    def choices(self):
        """(slug, name) in the order of the tree, indented by depth; the country itself would filter nothing."""
        for place in self.by_id.values():
            if depth := place.lineage.count("/") - 1:
                yield place.slug, INDENT * (depth - 1) + place.name

    def shown(self, rows):
        """(kind, place) of PartnerPlace rows of one organisation, in the order they were entered, without doubles.

        Whatever else an organisation does where it keeps a home, that address stays at the town too (design §9).
        """
        homes = {row.place_id for row in rows if row.kind == PlaceKind.HOME}
        found = {}
        for row in sorted(rows, key=lambda row: row.pk):
            place = self.by_id[row.place_id]
            found[row.kind, place_of_home(place) if place.pk in homes else place] = None
        return list(found)

    def groups(self, rows):
        """PlaceGroups in the order of PlaceKind."""
        shown = self.shown(rows)
        named = ((kind, tuple(in_town(place) for each, place in shown if each == kind)) for kind in PlaceKind)
        return tuple(PlaceGroup(str(kind.label), names) for kind, names in named if names)

    def towns(self, rows):
        """Where to find an organisation, in few words: the towns of its seat, else of its home, else of its work."""
        shown = self.shown(rows)
        for kind in (PlaceKind.SEAT, PlaceKind.HOME, PlaceKind.ACTION, PlaceKind.MINE_SITE):
            if towns := tuple(dict.fromkeys(town_of(place).name for each, place in shown if each == kind)):
                return towns
        return ()


def place_of_home(place):
    """The place, or the narrowest one above it that may be named of a home."""
    while place.level not in TOWN_OR_WIDER and place.parent_id:
        place = place.parent
    return place


def town_of(place):
    """The town, commune or territory that a quarter, a locality or a mine site belongs to; the place itself if none."""
    town = place
    while town.level not in {*TOWN_OR_WIDER, PlaceLevel.COMMUNE} and town.parent_id:
        town = town.parent
    return place if town.level in (PlaceLevel.PROVINCE, PlaceLevel.COUNTRY) else town


def in_town(place):
    """« Kapata (Kolwezi) »; a town stands alone."""
    town = town_of(place)
    return place.name if town is place else f"{place.name} ({town.name})"
