"""The content of a checklist as plain facts, and what differs between two of them. Reads rows, imports no model.

Used by the page of a version, by its hash at publication, and by a renewal that asks again only what changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .checklist_content import in_order
from .scoring import ROUNDS

TEXTS = ("section", "question_fr", "question_en", "guidance_fr", "guidance_en")
ITEM_FIELDS = (
    *TEXTS,
    *("mandatory", "knock_out", "plan_months", "weight", "blocks_payment"),
    *("organisation_types", "areas", "rounds", "documents"),
    *("suggested_step", "suggested_months", "suggested_document"),
)
TITLE_FIELDS = ("title_fr", "title_en")

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Difference:
    """`added` and `removed` hold item codes; `changed` and `titles` the changes per item and per criterion."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)
    titles: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed or self.titles)


def facts_of(item: Any) -> dict[str, Any]:
    """One item's content. What means the same reads the same: codes in any order, "all" spelled out, both rounds."""
    facts = {name: getattr(item, name) for name in ITEM_FIELDS}
    for name in ("organisation_types", "areas", "rounds", "documents"):
        facts[name] = sorted(facts[name])
    facts["knock_out"] = facts["organisation_types"] if "all" in item.knock_out else sorted(item.knock_out)
    if facts["rounds"] == sorted(ROUNDS):
        facts["rounds"] = []
    return facts


def with_items(checklist: Any) -> list[Any]:
    """The criteria of a Checklist with their items at hand; two queries."""
    return list(checklist.criteria.prefetch_related("items"))


def content_of(checklist: Any) -> dict[str, Any]:
    """All that a version asks, as its hash is taken over it (`core.canonical`)."""
    criteria = {
        row.code: {
            **{name: getattr(row, name) for name in TITLE_FIELDS},
            "items": {item.code: facts_of(item) for item in row.items.all()},
        }
        for row in with_items(checklist)
    }
    return {"version": checklist.version, "criteria": criteria}


def changes(before: Facts, after: Facts) -> tuple[Change, ...]:
    """The fields of `after` that differ from `before`, in its order."""
    return tuple(Change(name, before.get(name), value) for name, value in after.items() if before.get(name) != value)


def compare(old: Facts, new: Facts) -> Difference:
    """What `new` changes in `old`; both as `content_of` gives them. The version number is no difference."""
    was, now = _items(old), _items(new)
    kept = [code for code in sorted(now, key=in_order) if code in was]
    return Difference(
        added=tuple(code for code in sorted(now, key=in_order) if code not in was),
        removed=tuple(code for code in sorted(was, key=in_order) if code not in now),
        changed={code: found for code in kept if (found := changes(was[code], now[code]))},
        titles={
            code: found
            for code in sorted(new["criteria"])
            if (found := changes(_titles(old["criteria"].get(code, {})), _titles(new["criteria"][code])))
        },
    )


def _items(content: Facts) -> dict[str, Facts]:
    return {code: facts for row in content["criteria"].values() for code, facts in row["items"].items()}


def _titles(criterion: Facts) -> Facts:
    return {name: criterion[name] for name in TITLE_FIELDS if name in criterion}
