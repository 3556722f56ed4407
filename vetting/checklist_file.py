"""Reads a checklist file (YAML) into frozen dataclasses, or refuses it with one sentence that names the line.

The file is walked as YAML nodes instead of plain dicts because nodes remember their line, and because a dict would
silently keep the last of two equal keys. Nothing is guessed: an unknown key or code stops the reading.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

import yaml

from .checklist_content import (
    HEAVIEST_WEIGHT,
    LONGEST_NAME,
    LONGEST_PLAN_MONTHS,
    LONGEST_SECTION,
    LONGEST_STEP,
    Fault,
    FaultCode,
    criterion_of,
    knock_out_fault,
    missing_items,
    step_fault,
    unasked,
)
from .scoring import AREAS, CRITERIA, ORGANISATION_TYPES, ROUNDS, Answer

OBLIGATIONS = ("mandatory", "recommended")
LANGUAGES = ("fr", "en")

HEAD_KEYS = ("answers", "organisation_types", "contribution_areas", "criteria", "items")
ITEM_KEYS = (
    *("code", "section", "obligation", "knock_out", "plan_months", "weight"),
    *("organisation_types", "documents", "question", "guidance"),
)
OPTIONAL_ITEM_KEYS = ("areas", "rounds", "blocks_payment", "step")

TEXT_TAG = "tag:yaml.org,2002:str"
FLAG_TAG = "tag:yaml.org,2002:bool"

Obligation = Literal["mandatory", "recommended"]


class ChecklistError(ValueError):
    """The file is refused. `sentence` names the code at fault, `line` counts from 1 (None: unreadable)."""

    def __init__(self, sentence: str, *, line: int | None = None) -> None:
        self.sentence, self.line = sentence, line
        super().__init__(f"Line {line} of the checklist: {sentence}" if line else f"The checklist: {sentence}")


@dataclass(frozen=True)
class Wording:
    fr: str
    en: str


@dataclass(frozen=True)
class FileStep:
    """What usually closes a gap on an item: French words, how many months it takes, the type of document expected."""

    fr: str
    months: int
    document: str = ""


@dataclass(frozen=True)
class NamedCode:
    """An organisation type, a contribution area or a criterion with its name."""

    code: str
    name: Wording


@dataclass(frozen=True)
class FileItem:
    """One item as the file asks it. `knock_out` holds organisation types ("all" is spelled out);
    empty `areas` or `rounds` mean every one; `position` counts from 1; `section` is French."""

    code: str
    criterion: str
    position: int
    line: int
    section: str
    obligation: Obligation
    knock_out: tuple[str, ...]
    plan_months: int
    weight: int
    organisation_types: tuple[str, ...]
    areas: tuple[str, ...]
    rounds: tuple[str, ...]
    blocks_payment: bool
    documents: tuple[str, ...]
    question: Wording
    guidance: Wording
    step: FileStep | None = None


@dataclass(frozen=True)
class ChecklistFile:
    organisation_types: tuple[NamedCode, ...]
    contribution_areas: tuple[NamedCode, ...]
    criteria: tuple[NamedCode, ...]
    items: tuple[FileItem, ...]


def read_checklist(path: Path, *, document_codes: Collection[str]) -> ChecklistFile:
    """`parse_checklist` on a UTF-8 file; ChecklistError also when the file cannot be read."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ChecklistError(f"the file {path} cannot be read ({error.strerror}).") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ChecklistError("this is not UTF-8 text.", line=data.count(b"\n", 0, error.start) + 1) from None
    return parse_checklist(text, document_codes=document_codes)


def parse_checklist(text: str, *, document_codes: Collection[str]) -> ChecklistFile:
    """The checklist of a YAML text; `document_codes` are the document types that exist. ChecklistError otherwise."""
    head = _mapping(_compose(text), "the file", required=HEAD_KEYS)
    answers = head["answers"]
    _refuse_missing(_codes(answers, "answer", tuple(Answer)), tuple(Answer), "answers", _line(answers))
    checklist = ChecklistFile(
        organisation_types=_named(head["organisation_types"], "organisation type", ORGANISATION_TYPES),
        contribution_areas=_named(head["contribution_areas"], "contribution area", AREAS),
        criteria=_named(head["criteria"], "criterion", CRITERIA),
        items=_items(head["items"], document_codes),
    )
    _refuse_undecidable(checklist.items, _line(head["items"]))
    return checklist


def _items(node: yaml.Node, document_codes: Collection[str]) -> tuple[FileItem, ...]:
    items: dict[str, FileItem] = {}
    for position, child in enumerate(_sequence(node, "items"), start=1):
        item = _item(child, position, document_codes)
        if first := items.get(item.code):
            raise ChecklistError(f"item {item.code} is there twice (first at line {first.line}).", line=item.line)
        items[item.code] = item
    return tuple(items.values())


def _item(node: yaml.Node, position: int, document_codes: Collection[str]) -> FileItem:
    what = f"item {_code_if_any(node) or f'number {position}'}"
    fields = _mapping(node, what, required=ITEM_KEYS, optional=OPTIONAL_ITEM_KEYS)
    code = _text(fields["code"], f"{what}, code")
    criterion = criterion_of(code)
    if criterion is None:
        raise ChecklistError(
            f"unknown item code {code}: codes read C1.1, with one of {', '.join(CRITERIA)}.", line=_line(fields["code"])
        )
    types = _codes(fields["organisation_types"], f"{what}, organisation type", ORGANISATION_TYPES, at_least_one=True)
    obligation = _one_of(fields["obligation"], f"{what}, obligation", OBLIGATIONS)
    plan_months = _whole(fields["plan_months"], f"{what}, plan_months", 0, LONGEST_PLAN_MONTHS)
    return FileItem(
        code=code,
        criterion=criterion,
        position=position,
        line=_line(node),
        section=_text(fields["section"], f"{what}, section", longest=LONGEST_SECTION),
        obligation=cast(Obligation, obligation),
        knock_out=_knock_out(fields["knock_out"], what, types, obligation),
        plan_months=plan_months,
        weight=_whole(fields["weight"], f"{what}, weight", 1, HEAVIEST_WEIGHT),
        organisation_types=types,
        areas=_optional_codes(fields.get("areas"), f"{what}, area", AREAS),
        rounds=_optional_codes(fields.get("rounds"), f"{what}, round", ROUNDS),
        blocks_payment=_flag(fields.get("blocks_payment"), f"{what}, blocks_payment"),
        documents=_codes(fields["documents"], f"{what}, document code", document_codes),
        question=_wording(fields["question"], f"{what}, question"),
        guidance=_wording(fields["guidance"], f"{what}, guidance"),
        step=_step(fields.get("step"), what, plan_months, document_codes),
    )


def _code_if_any(node: yaml.Node) -> str:
    """The code of an item that may be malformed in every other respect, so that the sentence can name it."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((str(value.value) for key, value in pairs if key.value == "code" and _is_text(value)), "")


def _knock_out(node: yaml.Node, what: str, types: tuple[str, ...], obligation: str) -> tuple[str, ...]:
    codes = _codes(node, f"{what}, knock_out organisation type", (*ORGANISATION_TYPES, "all"))
    if fault := knock_out_fault(codes, mandatory=obligation == "mandatory", types=types):
        raise ChecklistError(_fault_sentence(fault, what, obligation), line=_line(node))
    return types if codes == ("all",) else codes


def _step(node: yaml.Node | None, what: str, plan_months: int, document_codes: Collection[str]) -> FileStep | None:
    if node is None:
        return None
    fields = _mapping(node, f"{what}, step", required=("fr", "months"), optional=("document",))
    months = _whole(fields["months"], f"{what}, step, months", 1, LONGEST_PLAN_MONTHS)
    step = FileStep(
        fr=_text(fields["fr"], f"{what}, step, fr", longest=LONGEST_STEP),
        months=months,
        document=_one_of(fields["document"], f"{what}, step, document", document_codes) if "document" in fields else "",
    )
    if fault := step_fault(words=step.fr, months=months, plan_months=plan_months):
        raise ChecklistError(_fault_sentence(fault, what), line=_line(node))
    return step


def _fault_sentence(fault: Fault, what: str, obligation: str = "") -> str:
    return {
        FaultCode.RECOMMENDED_KNOCK_OUT: f"{what} is {obligation}, so it cannot be a knock-out.",
        FaultCode.ALL_AND_MORE: f"{what}, knock_out: all stands alone.",
        FaultCode.KNOCK_OUT_NOT_ASKED: (
            f"{what} is a knock-out for {fault.value}, which its organisation_types do not list."
        ),
        FaultCode.STEP_AFTER_PLAN: f"{what}, step: it ends after the plan, {fault.value} months at most.",
    }[fault.code]


def _refuse_undecidable(items: tuple[FileItem, ...], line: int) -> None:
    """A checklist that could never lead to a decision is better refused here than found out in a dossier."""
    for code in missing_items({item.code for item in items}):
        raise ChecklistError(f"item {code} is missing, on which a rule of the decision rests.", line=line)
    for criterion, kind, round in unasked((item.criterion, item) for item in items):
        raise ChecklistError(
            f"criterion {criterion} has no item for {kind} without areas in the {round} round.", line=line
        )


def _named(node: yaml.Node, what: str, known: tuple[str, ...]) -> tuple[NamedCode, ...]:
    pairs = [(_text(key, what), key, value) for key, value in _pairs(node, what)]
    for code, key, _value in pairs:
        if code not in known:
            raise ChecklistError(f"unknown {what} {code}; known are {', '.join(known)}.", line=_line(key))
    _refuse_missing(tuple(code for code, _key, _value in pairs), known, what, _line(node))
    return tuple(
        NamedCode(code, _wording(value, f"{what} {code}", longest=LONGEST_NAME)) for code, _key, value in pairs
    )


def _refuse_missing(codes: tuple[str, ...], known: tuple[str, ...], what: str, line: int) -> None:
    for code in known:
        if code not in codes:
            raise ChecklistError(f"{what}: {code} is missing.", line=line)


def _wording(node: yaml.Node, what: str, *, longest: int | None = None) -> Wording:
    texts = _mapping(node, what, required=LANGUAGES)
    return Wording(**{key: _text(texts[key], f"{what}, {key}", longest=longest) for key in LANGUAGES})


def _compose(text: str) -> yaml.Node:
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise ChecklistError(f"not valid YAML: {error.problem}.", line=mark.line + 1 if mark else 1) from None
    except yaml.reader.ReaderError as error:
        raise ChecklistError(
            "there is a character that YAML forbids.", line=text.count("\n", 0, error.position) + 1
        ) from None
    except RecursionError:
        raise ChecklistError("the file is nested far too deep.") from None
    if node is None:
        raise ChecklistError("the file is empty.", line=1)
    return node


def _line(node: yaml.Node) -> int:
    return node.start_mark.line + 1


def _pairs(node: yaml.Node, what: str) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    if not isinstance(node, yaml.MappingNode):
        raise ChecklistError(f"{what} must be written as “key: value”.", line=_line(node))
    seen = set()
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise ChecklistError(f"{what}: a key is not plain text.", line=_line(key))
        if key.value in seen:
            raise ChecklistError(f"{what}: the key {key.value} is there twice.", line=_line(key))
        seen.add(key.value)
        yield key, value


def _mapping(
    node: yaml.Node, what: str, *, required: tuple[str, ...], optional: tuple[str, ...] = ()
) -> dict[str, yaml.Node]:
    fields = {}
    for key, value in _pairs(node, what):
        if key.value not in required + optional:
            raise ChecklistError(f"{what}: unknown key {key.value}.", line=_line(key))
        fields[key.value] = value
    for name in required:
        if name not in fields:
            raise ChecklistError(f"{what}: {name} is missing.", line=_line(node))
    return fields


def _sequence(node: yaml.Node, what: str) -> list[yaml.Node]:
    if not isinstance(node, yaml.SequenceNode):
        raise ChecklistError(f"{what} must be a list.", line=_line(node))
    return node.value


def _is_text(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == TEXT_TAG


def _text(node: yaml.Node, what: str, *, longest: int | None = None) -> str:
    if not _is_text(node) or not node.value.strip():
        raise ChecklistError(f"{what}: a text is expected here.", line=_line(node))
    if longest and len(node.value.strip()) > longest:
        raise ChecklistError(f"{what}: the text is longer than {longest} characters.", line=_line(node))
    return node.value.strip()


def _one_of(node: yaml.Node, what: str, known: Collection[str]) -> str:
    value = _text(node, what)
    if value not in known:
        raise ChecklistError(f"{what} {value} is unknown.", line=_line(node))
    return value


def _codes(node: yaml.Node, what: str, known: Collection[str], *, at_least_one: bool = False) -> tuple[str, ...]:
    codes: list[str] = []
    for child in _sequence(node, what):
        code = _text(child, what)
        if code not in known:
            raise ChecklistError(f"{what} {code} is unknown.", line=_line(child))
        if code in codes:
            raise ChecklistError(f"{what} {code} is there twice.", line=_line(child))
        codes.append(code)
    if at_least_one and not codes:
        raise ChecklistError(f"{what}: the list is empty.", line=_line(node))
    return tuple(codes)


def _optional_codes(node: yaml.Node | None, what: str, known: tuple[str, ...]) -> tuple[str, ...]:
    # An absent list means "every one"; an empty list would mean "none", so it is refused rather than reinterpreted.
    return () if node is None else _codes(node, what, known, at_least_one=True)


def _whole(node: yaml.Node, what: str, lowest: int, highest: int) -> int:
    # Digits only: YAML 1.1 would also read 1:30, 0x1F and 010 as integers.
    digits = node.value if isinstance(node, yaml.ScalarNode) else ""
    if not re.fullmatch(r"0|[1-9][0-9]{0,3}", digits) or not lowest <= int(digits) <= highest:
        raise ChecklistError(f"{what} must be a whole number from {lowest} to {highest}.", line=_line(node))
    return int(digits)


def _flag(node: yaml.Node | None, what: str) -> bool:
    if node is None:
        return False
    if node.tag != FLAG_TAG or node.value not in ("true", "false"):
        raise ChecklistError(f"{what} must be true or false.", line=_line(node))
    return node.value == "true"
