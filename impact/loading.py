"""Load ACE's indicators from `reference/indicators.csv`, checked against `axes.csv`. Idempotent.

An indicator that a target already uses never changes: a new method or wording is a new version of it (design §2).
"""

import csv
from decimal import Decimal, InvalidOperation
from pathlib import Path

from django.db import transaction

from impact.models import Indicator, Target
from impact.models.framework import AcrossPartners, Calculation, Direction, ImpactArea, Kind
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
TEXTS = ("code", "sdg", "name_fr", "name_en", "unit", "definition_fr", "definition_en")


class IndicatorFileError(ValueError):
    """The file is refused; the sentence names the line, counted from 1."""


@transaction.atomic
def load_indicators(folder=REFERENCE):
    """Bring the indicators to what the file says; return one line per change. Raises IndicatorFileError, changing nothing."""
    # The values of "site" are not in the file: they are the places of level site_minier.
    axes = {row["axis"] for _line, row in _rows(folder / "axes.csv", {"axis"})} | {"site"}
    known = _rows(folder / "indicators.csv", {*CODES, *TEXTS, "threshold", "disaggregation"})
    changes = []
    seen = set()
    for line, row in known:
        if row["code"] in seen:
            raise IndicatorFileError(f"indicators.csv, line {line}: the code {row['code']} is there twice")
        seen.add(row["code"])
        changes += _load(_fields(line, row, axes))
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
    """Create the indicator, update it while nothing uses it, or make its next version; the line that says so."""
    code = fields["code"]
    newest = Indicator.objects.filter(code=code).order_by("-version").first()
    if newest is None:
        Indicator.objects.create(**fields)
        return [f"indicator {code}: added"]
    changed = sorted(name for name, value in fields.items() if getattr(newest, name) != value)
    if not changed:
        return []
    if Target.objects.filter(indicator=newest).exists():
        Indicator.objects.create(**fields, version=newest.version + 1)
        return [f"indicator {code}: version {newest.version + 1} ({', '.join(changed)})"]
    Indicator.objects.filter(pk=newest.pk).update(**fields)
    return [f"indicator {code}: {', '.join(changed)} updated"]
