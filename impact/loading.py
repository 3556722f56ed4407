"""Load ACE's indicators and axes from `reference/indicators.csv` and `axes.csv`. Idempotent.

What the file brings is published at once: it was agreed outside the application. A published version never changes, so
a new method or wording is a new version of the indicator (design §2).
"""

import csv
from decimal import Decimal, InvalidOperation
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from impact.models import AxisCategory, Indicator, IndicatorStatus
from impact.models.framework import SITE, AcrossPartners, Calculation, Direction, ImpactArea, Kind
from impact.progress import CALCULATIONS
from partners.models import Area

REFERENCE = Path(__file__).parent / "reference"

# Column of the file → the codes it may hold.
CODES = {
    "area": {*Area.values, "all"},
    "impact_area": set(ImpactArea.values),
    "scope": {"mine", "community"},
    "nature": {"progress", "impact"},
    "level": {"output", "outcome", "impact", "context"},
    "kind": set(Kind.values),
    "calculation": set(Calculation.values),
    "direction": set(Direction.values),
    "across_partners": set(AcrossPartners.values),
    "sensitive": {"yes", "no"},
}
METHOD = ("method_source", "method_tool", "method_collector", "method_frequency", "minimum_evidence")  # may be missing
TEXTS = ("code", "sdg", "name_fr", "name_en", "unit", "definition_fr", "definition_en")


class IndicatorFileError(ValueError):
    """The file is refused; the sentence names the line, counted from 1."""


@transaction.atomic
def load_indicators(folder=REFERENCE):
    """Bring the indicators to what the file says; return one line per change. Raises IndicatorFileError, changing nothing."""
    # The values of "site" are not in the file: they are the places of level site_minier.
    categories = _rows(folder / "axes.csv", {"axis", "code", "name_fr", "name_en", "applies_to"})
    axes = {row["axis"] for _line, row in categories} | {SITE}
    known = _rows(folder / "indicators.csv", {*CODES, *TEXTS, "threshold", "disaggregation"})
    changes = _load_categories(categories)
    seen = set()
    for line, row in known:
        if row["code"] in seen:
            raise IndicatorFileError(f"indicators.csv, line {line}: the code {row['code']} is there twice")
        seen.add(row["code"])
        changes += _load(_fields(line, row, axes))
    return changes


def _load_categories(rows):
    """Bring the categories of the axes to what the file says; one that is gone from the file stays, reports hold it."""
    changes = []
    for position, (_line, row) in enumerate(rows, start=1):
        facts = {
            "position": position,
            "name_fr": row["name_fr"],
            "name_en": row["name_en"],
            "families": row["applies_to"].split(),
        }
        known = AxisCategory.objects.filter(axis=row["axis"], code=row["code"])
        if not known.exists():
            AxisCategory.objects.create(axis=row["axis"], code=row["code"], **facts)
            changes.append(f"category {row['axis']}/{row['code']}: added")
        elif not known.filter(**facts).exists():
            known.update(**facts)
            changes.append(f"category {row['axis']}/{row['code']}: updated")
    return changes


def _rows(path, columns):
    """(line, row) for each row of a CSV file that has at least these columns."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if missing := columns - set(reader.fieldnames or ()):
            raise IndicatorFileError(f"{path.name}, line 1: no column {', '.join(sorted(missing))}")
        return [(reader.line_num, row) for row in reader]


def _fields(line, row, axes):
    """The model's fields of one row; refuses a code that the application does not know."""
    for column, codes in CODES.items():
        if row[column] not in codes:
            raise IndicatorFileError(f"indicators.csv, line {line}: unknown {column} “{row[column]}”")
    for column in TEXTS:
        if not row[column] and column != "sdg":
            raise IndicatorFileError(f"indicators.csv, line {line}: {column} is empty")
    if row["calculation"] not in CALCULATIONS[row["kind"]]:
        raise IndicatorFileError(
            f"indicators.csv, line {line}: a {row['kind']} has no calculation {row['calculation']}"
        )
    split = row["disaggregation"].split()
    if unknown := [axis for axis in split if axis not in axes]:
        raise IndicatorFileError(f"indicators.csv, line {line}: unknown disaggregation “{unknown[0]}”")
    fields = {column: row[column] for column in (*CODES, *TEXTS) if column != "sensitive"}
    fields |= {column: row[column] for column in METHOD if column in row}
    return {
        **fields,
        "threshold": _threshold(line, row["threshold"]),
        "disaggregation": split,
        "is_sensitive": row["sensitive"] == "yes",
    }


def _threshold(line, text):
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        raise IndicatorFileError(f"indicators.csv, line {line}: the threshold “{text}” is not a number") from None


def _load(fields):
    """Publish the indicator, or its next version when the file says something else than the newest published one."""
    code = fields["code"]
    published = {"status": IndicatorStatus.PUBLISHED, "published_on": timezone.localdate()}
    versions = Indicator.objects.filter(code=code)
    newest = versions.filter(status=IndicatorStatus.PUBLISHED).order_by("-version").first()
    if newest is None:
        Indicator.objects.create(**fields, **published)
        return [f"indicator {code}: added"]
    changed = sorted(name for name, value in fields.items() if getattr(newest, name) != value)
    if not changed:
        return []
    number = versions.order_by("-version").values_list("version", flat=True)[0] + 1
    Indicator.objects.create(**fields, **published, version=number)
    return [f"indicator {code}: version {number} ({', '.join(changed)})"]
