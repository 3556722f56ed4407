"""The canonical text of one submission or closing, and its SHA-256: the same facts give the same bytes, whoever asks and when.

It is computed from the rows of a version, so that anybody who holds the rows can prove the hash again. Rows of a draft
have the same attributes, so a version is hashed before it is written.
"""

import json
from dataclasses import asdict, is_dataclass
from decimal import Decimal

from ace_partners.core.canonical import canonical_json, sha256_of
from ace_partners.core.numbers import plain_digits

TEXTS = ("narrative", "difficulties", "lessons", "no_spending")
VALUE = ("target_id", "state", "value", "numerator", "denominator", "comment", "period_target")
SPENDING = (
    *("budget_line_id", "label", "spent_on", "amount", "currency"),
    *("rate", "rate_on", "rate_source", "amount_usd", "note"),
)
EVIDENCE = ("pk", "target_id", "caption", "is_public")
# Written only where they hold something: versions from before they existed keep their hash.
VALUE_EXTRA = ("cells", "shared", "shared_with_id")
COMMENT = ("key", "warning", "text")


def canonical(*, report, number, texts, values, spending, evidence, comments):
    """JSON with sorted keys and no spaces. `report` is the reference, `number` the version; the rest are rows.

    `comments` are the CheckComment rows of the version. Numbers are written in plain digits without trailing zeros, dates as YYYY-MM-DD, files by their SHA-256.
    """
    facts = {
        "report": report,
        "version": number,
        "texts": _facts(texts, TEXTS),
        "values": sorted((_value(row) for row in values), key=lambda facts: facts["target_id"]),
        "spending": sorted((_facts(row, SPENDING) for row in spending), key=json.dumps),
        "evidence": sorted(({**_facts(row, EVIDENCE), "sha256": row.file.sha256} for row in evidence), key=json.dumps),
    }
    if said := sorted((_facts(row, COMMENT) for row in comments), key=json.dumps):
        facts["comments"] = said
    return canonical_json(facts)


def _value(row):
    extra = {name: fact for name, fact in _facts(row, VALUE_EXTRA).items() if fact not in (None, {})}
    return {**_facts(row, VALUE), **extra}


def closing(*, quarter, number, note, versions, missing):
    """JSON of a closed quarter: `versions` are rows with their report, each by its own hash; `missing` are reports."""
    facts = {
        "quarter": quarter,
        "number": number,
        "note": note,
        "versions": sorted([row.report.reference, row.number, row.sha256] for row in versions),
        "missing": sorted(row.reference for row in missing),
    }
    return canonical_json(facts)


def _facts(row, names):
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value):
    if isinstance(value, Decimal):
        return plain_digits(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def sha256_of_facts(facts):
    """SHA-256 of frozen dataclasses of facts, as they are printed: the same facts, the same hash."""
    return sha256_of(content_of(facts))


def content_of(value):
    """Facts as `core.canonical` takes them: numbers as text, dates as YYYY-MM-DD, None where nothing is known."""
    if is_dataclass(value):
        value = asdict(value)
    if isinstance(value, dict):
        return {str(key): content_of(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [content_of(each) for each in value]
    if isinstance(value, bool | int | str | None):
        return value
    return _plain(value) if isinstance(value, Decimal) or hasattr(value, "isoformat") else str(value)
