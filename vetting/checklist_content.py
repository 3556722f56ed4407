"""What every checklist must hold, whether a file brings it or people write it on the staff pages.

Pure: faults come out as codes. `checklist_file` turns them into a sentence with a line, `rules.checklists` into
sentences for the person who edits.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from .scoring import ASKED_AGAIN, CRITERIA, EXCLUSION_ITEMS, ORGANISATION_TYPES, ROUNDS, Askable, item_applies

LONGEST_PLAN_MONTHS = 24  # as long as a decision may be valid (design §5)
HEAVIEST_WEIGHT = 10
LONGEST_SECTION = 80
LONGEST_NAME = 200
LONGEST_STEP = 300
RULE_ITEMS = (
    ASKED_AGAIN,
    *EXCLUSION_ITEMS,
)  # a rule of the decision names them: a checklist without them decides nothing

ITEM_CODE = re.compile(r"(C[1-9])\.([1-9][0-9]?)")


class FaultCode(StrEnum):
    RECOMMENDED_KNOCK_OUT = "recommended_knock_out"
    ALL_AND_MORE = "all_and_more"
    KNOCK_OUT_NOT_ASKED = "knock_out_not_asked"
    HALF_A_STEP = "half_a_step"
    STEP_MONTHS = "step_months"
    STEP_AFTER_PLAN = "step_after_plan"


@dataclass(frozen=True)
class Fault:
    """What is wrong with one item; `value` is the code or number at fault."""

    code: FaultCode
    value: str = ""


def criterion_of(code: str) -> str | None:
    """ "C2.5" → "C2"; None for what is no item code."""
    match = ITEM_CODE.fullmatch(code)
    return match[1] if match and match[1] in CRITERIA else None


def in_order(code: str) -> tuple[str, int]:
    """The sort key of an item code: C1.2 comes before C1.10."""
    match = ITEM_CODE.fullmatch(code)
    return (match[1], int(match[2])) if match else (code, 0)


def knock_out_fault(codes: Collection[str], *, mandatory: bool, types: Collection[str]) -> Fault | None:
    """A knock-out is mandatory, and only for types that are asked; "all" stands alone for every one of them."""
    if codes and not mandatory:
        return Fault(FaultCode.RECOMMENDED_KNOCK_OUT)
    if list(codes) == ["all"]:
        return None
    for code in codes:
        if code == "all":
            return Fault(FaultCode.ALL_AND_MORE)
        if code not in types:
            return Fault(FaultCode.KNOCK_OUT_NOT_ASKED, code)
    return None


def step_fault(*, words: str, months: int | None, plan_months: int) -> Fault | None:
    """A suggested step has words and months, and ends within the plan that the item allows (0 months: no such limit)."""
    if bool(words) != (months is not None):
        return Fault(FaultCode.HALF_A_STEP)
    if months is None:
        return None
    if not 1 <= months <= LONGEST_PLAN_MONTHS:
        return Fault(FaultCode.STEP_MONTHS, str(months))
    if plan_months and months > plan_months:
        return Fault(FaultCode.STEP_AFTER_PLAN, str(plan_months))
    return None


def missing_items(codes: Collection[str]) -> tuple[str, ...]:
    """The items on which a rule of the decision rests and that are not there."""
    return tuple(code for code in RULE_ITEMS if code not in codes)


def unasked(items: Iterable[tuple[str, Askable]]) -> Iterator[tuple[str, str, str]]:
    """(criterion, organisation type, round) of which nothing at all is asked when no area is declared.

    `items`: (criterion code, item) pairs. Such a checklist could never lead to a decision.
    """
    pairs = list(items)
    for criterion, kind, round in product(CRITERIA, ORGANISATION_TYPES, ROUNDS):
        own = (item for code, item in pairs if code == criterion)
        if not any(item_applies(item, organisation_type=kind, areas=(), round=round) for item in own):
            yield criterion, kind, round
