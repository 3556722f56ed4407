"""Load what the partners' room begins with: places, document types, ACE's first three partners. Idempotent.

Rows are only ever created: what exists was perhaps corrected by staff, and a file does not know better than they do.
"""

import csv
from decimal import Decimal, InvalidOperation
from pathlib import Path

from django.db import transaction
from django.utils.text import slugify

from ace_partners.core import audit
from ace_partners.core.search import fold
from partners.models import Confidentiality, DocumentType, Place, PlaceLevel, Validity
from partners.network_file import ReferenceFileError, read_network

REFERENCE = Path(__file__).parent / "reference"

PLACE_COLUMNS = {"name", "aliases", "level", "parent", "lat", "lon", "prec", "pcode", "note"}
TYPE_COLUMNS = {"code", "name_fr", "name_en", "issuer", "validity", "months", "confidentiality", "key"}


@transaction.atomic
def load_places(path=REFERENCE / "places.csv"):
    """Create the places that are missing; return one line for each. ReferenceFileError changes nothing."""
    known = {place.name: place for place in Place.objects.all()}
    changes = []
    for line, row in _rows(path, PLACE_COLUMNS):
        fields = _place_fields(f"{path.name}, line {line}", row, known)
        if row["name"] not in known:
            known[row["name"]] = Place.objects.create(name=row["name"], slug=slugify(row["name"]), **fields)
            changes.append(f"place {row['name']}: added")
    return changes


def _place_fields(where, row, known):
    """The model's fields of one row; its parent must stand above it."""
    # The file spells levels as people do: "localité".
    level = fold(row["level"]).replace(" ", "_")
    if level not in PlaceLevel.values:
        raise ReferenceFileError(f"{where}: unknown level “{row['level']}”")
    if row["parent"] and row["parent"] not in known:
        raise ReferenceFileError(f"{where}: the parent “{row['parent']}” does not stand above it")
    return {
        "level": level,
        "parent": known.get(row["parent"]),
        "aliases": row["aliases"],
        "latitude": _decimal(where, row["lat"]),
        "longitude": _decimal(where, row["lon"]),
        "precision": row["prec"],
        "pcode": row["pcode"],
        "note": row["note"],
    }


@transaction.atomic
def load_document_types(path=REFERENCE / "document_types.csv"):
    """Create the document types that are missing; return one line for each. ReferenceFileError changes nothing."""
    known = set(DocumentType.objects.values_list("code", flat=True))
    changes = []
    for line, row in _rows(path, TYPE_COLUMNS):
        fields = _type_fields(f"{path.name}, line {line}", row)
        if row["code"] not in known:
            known.add(row["code"])
            DocumentType.objects.create(code=row["code"], **fields)
            changes.append(f"document type {row['code']}: added")
    return changes


def _type_fields(where, row):
    for column, codes in {"validity": Validity, "confidentiality": Confidentiality}.items():
        if row[column] not in codes.values:
            raise ReferenceFileError(f"{where}: unknown {column} “{row[column]}”")
    if row["months"] and not row["months"].isdecimal():
        raise ReferenceFileError(f"{where}: “{row['months']}” is not a number of months")
    return {
        "name_fr": row["name_fr"],
        "name_en": row["name_en"],
        "issuer": row["issuer"],
        "validity": row["validity"],
        "months": int(row["months"]) if row["months"] else None,
        "confidentiality": row["confidentiality"],
        "is_key": row["key"] == "yes",
    }


@transaction.atomic
def load_network(path=REFERENCE / "seed_partners.yaml"):
    """Create the partners that are missing, each with all its rows; return one line for each.

    A partner that exists is left alone, down to the last note. Needs the places. ReferenceFileError changes nothing.
    """
    places = {place.name: place for place in Place.objects.all()}
    changes = []
    for entry in read_network(path, place_names=places.keys()):
        if type(entry.partner).objects.filter(slug=entry.partner.slug).exists():
            continue
        entry.partner.save()
        for row in entry.rows(places):
            row.save()
        entry.partner.save()  # once more: its search text holds its places
        audit.record("partner.added", entry.partner, by=None, after={"source": path.name})
        changes.append(f"partner {entry.partner.slug}: added")
    return changes


def _rows(path, columns):
    """(line, row) for each row of a CSV file that has at least these columns, a code or name in the first, no row twice."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if missing := columns - set(reader.fieldnames or ()):
            raise ReferenceFileError(f"{path.name}, line 1: no column {', '.join(sorted(missing))}")
        rows = [(reader.line_num, row) for row in reader]
    key = reader.fieldnames[0]
    seen = set()
    for line, row in rows:
        if None in row or None in row.values():
            raise ReferenceFileError(f"{path.name}, line {line}: it has not as many columns as the first line")
        if not row[key] or row[key] in seen:
            raise ReferenceFileError(f"{path.name}, line {line}: the {key} “{row[key]}” is empty or there twice")
        seen.add(row[key])
    return rows


def _decimal(where, text):
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        raise ReferenceFileError(f"{where}: “{text}” is not a number") from None
