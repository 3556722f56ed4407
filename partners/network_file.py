"""Reads `seed_partners.yaml` into unsaved rows, or refuses it with one sentence that names the line."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import yaml

from ace_partners.core.dates import ApproxDate, DateError
from partners.models import (
    Area,
    Funder,
    Gap,
    OrganisationType,
    Partner,
    PartnerArea,
    PartnerNote,
    PartnerPlace,
    Person,
    PlaceKind,
    ReachFigure,
)

SOURCE = "page de l’ACE"

TEXTS = ("slug", "name", "acronym", "legal_form", "founded", "legalised", "summary", "presentation")
LISTS = ("areas", "places", "reach", "funders", "people", "gaps", "notes")
REACH_KEYS = {"qualifier", "value", "value_text", "unit", "period"}
PERSON_KEYS = {"surname", "post_name", "first_name", "office", "note"}


class ReferenceFileError(ValueError):
    """A reference file is refused; the sentence names the line, counted from 1."""


class Entry(dict):
    """A mapping of the file that remembers where it stands."""

    where = ""


@dataclass(frozen=True)
class PartnerEntry:
    """One organisation of the file: its unsaved record and its parts."""

    partner: Partner
    parts: Entry

    def rows(self, places):
        """The unsaved rows that belong to the saved record, in the order of the file; `places` by name."""
        partner, parts = self.partner, self.parts
        yield from (PartnerArea(partner=partner, area=area) for area in parts["areas"])
        for spot in parts["places"]:
            yield PartnerPlace(partner=partner, place=places[spot["place"]], kind=spot["kind"])
        yield from (ReachFigure(partner=partner, **figure) for figure in parts["reach"])
        yield from (Funder(partner=partner, **funder) for funder in parts["funders"])
        yield from (Person(partner=partner, **person) for person in parts["people"])
        yield from (Gap(partner=partner, what=gap) for gap in parts["gaps"])
        yield from (PartnerNote(partner=partner, text=note, source=SOURCE) for note in parts["notes"])


def read_network(path, *, place_names):
    """The organisations of the file, in its order; `place_names` are the places that exist. Raises ReferenceFileError."""
    entries = _load(path)
    if not isinstance(entries, list) or not entries:
        raise ReferenceFileError(f"{path.name}, line 1: a list of organisations is expected")
    return [_partner(entry, place_names, path.name) for entry in entries]


def _load(path):
    """The file as lists and `Entry`s. Raises ReferenceFileError where it is not YAML."""

    class Loader(yaml.SafeLoader):
        """Mappings become entries with their line."""

    def entry(loader, node):
        made = Entry(loader.construct_mapping(node, deep=True))
        made.where = f"{path.name}, line {node.start_mark.line + 1}"
        return made

    Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, entry)
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader)  # noqa: S506 (a SafeLoader)
    except yaml.MarkedYAMLError as mistake:
        line = mistake.problem_mark.line + 1 if mistake.problem_mark else 1
        raise ReferenceFileError(f"{path.name}, line {line}: {mistake.problem}") from None


def _partner(entry, place_names, file_name):
    if not isinstance(entry, Entry):
        raise ReferenceFileError(f"{file_name}, line 1: every organisation is a mapping, not “{entry}”")
    _only(entry, {*TEXTS, *LISTS, "organisation_type"}, entry.where, required={"slug", "name", "summary"})
    for key in LISTS:
        entry.setdefault(key, [])
    for key in ("founded", "legalised"):
        _approximate(entry, key)
    if entry.get("organisation_type") is not None:
        _code(entry.where, entry["organisation_type"], OrganisationType)
    for area in entry["areas"]:
        _code(entry.where, area, Area)
    for spot in entry["places"]:
        _only(spot, {"place", "kind"}, entry.where, required={"place", "kind"})
        _code(spot.where, spot["kind"], PlaceKind)
        if spot["place"] not in place_names:
            raise ReferenceFileError(f"{spot.where}: unknown place “{spot['place']}”; load the places first")
    for figure in entry["reach"]:
        _only(figure, REACH_KEYS, entry.where, required={"unit"})
        _number(figure)
    for funder in entry["funders"]:
        _only(funder, {"name", "relation"}, entry.where, required={"name"})
    for person in entry["people"]:
        _only(person, PERSON_KEYS, entry.where, required={"surname", "office"})
    texts = {key: str(entry[key]) for key in TEXTS if key in entry}
    partner = Partner(**texts, organisation_type=entry.get("organisation_type"), is_published=True)
    return PartnerEntry(partner, entry)


def _only(entry, keys, near, *, required):
    """Refuse an entry with unknown or missing keys; `near` places one that is no mapping."""
    if not isinstance(entry, Entry):
        raise ReferenceFileError(f"{near}: a mapping with {', '.join(sorted(required))} is expected, not “{entry}”")
    if unknown := sorted(set(entry) - keys):
        raise ReferenceFileError(f"{entry.where}: unknown key “{unknown[0]}”")
    if missing := sorted(key for key in required if not entry.get(key)):
        raise ReferenceFileError(f"{entry.where}: {missing[0]} is missing")


def _code(where, code, codes):
    if code not in codes.values:
        raise ReferenceFileError(f"{where}: unknown code “{code}” ({', '.join(codes.values)})")


def _approximate(entry, key):
    try:
        if entry.get(key):
            ApproxDate.from_code(str(entry[key]))
    except DateError:
        raise ReferenceFileError(f"{entry.where}: {key} “{entry[key]}” is no approximate-date code") from None


def _number(figure):
    try:
        figure["value"] = None if figure.get("value") is None else Decimal(str(figure["value"]))
    except InvalidOperation:
        raise ReferenceFileError(f"{figure.where}: “{figure['value']}” is not a number") from None
