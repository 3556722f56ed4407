"""The checklist reader: the real file read whole, then spoiled in one place at a time."""

import csv
from pathlib import Path

import pytest

from vetting.checklist_file import ChecklistError, FileStep, NamedCode, Wording, parse_checklist, read_checklist

ROOT = Path(__file__).parents[2]
CHECKLIST = ROOT / "vetting/reference/checklist.yaml"
TEXT = CHECKLIST.read_text(encoding="utf-8")
with (ROOT / "partners/reference/document_types.csv").open(encoding="utf-8", newline="") as lines:
    DOCUMENTS = frozenset(row["code"] for row in csv.DictReader(lines))

ALL_TYPES = ("cbo", "cso", "ngo", "ingo", "cooperative")


def refused(text):
    with pytest.raises(ChecklistError) as refusal:
        parse_checklist(text, document_codes=DOCUMENTS)
    return str(refusal.value)


def spoiled(old, new, *, after="answers:"):
    """The real text with the first `old` that follows `after` replaced."""
    start = TEXT.index(after)
    at = TEXT.index(old, start)
    return TEXT[:at] + new + TEXT[at + len(old) :]


def test_real_file_has_the_32_items_in_order():
    checklist = read_checklist(CHECKLIST, document_codes=DOCUMENTS)

    assert [item.code for item in checklist.items] == (
        [f"C1.{n}" for n in range(1, 10)]
        + [f"C2.{n}" for n in range(1, 10)]
        + [f"C3.{n}" for n in range(1, 8)]
        + [f"C4.{n}" for n in range(1, 8)]
    )
    assert [item.position for item in checklist.items] == list(range(1, 33))
    assert {item.criterion for item in checklist.items} == {"C1", "C2", "C3", "C4"}


def test_real_file_head():
    checklist = read_checklist(CHECKLIST, document_codes=DOCUMENTS)

    assert [kind.code for kind in checklist.organisation_types] == list(ALL_TYPES)
    assert [area.code for area in checklist.contribution_areas] == ["mine_sites", "children", "savings", "livelihoods"]
    assert [criterion.code for criterion in checklist.criteria] == ["C1", "C2", "C3", "C4"]
    assert checklist.organisation_types[4] == NamedCode(
        "cooperative", Wording(fr="Coopérative minière", en="Mining cooperative")
    )


def test_one_item_is_read_field_by_field():
    item = read_checklist(CHECKLIST, document_codes=DOCUMENTS).items[13]

    assert (item.code, item.criterion, item.position, item.section) == ("C2.5", "C2", 14, "Droit au site")
    assert TEXT.splitlines()[item.line - 1] == "  - code: C2.5"
    assert (item.obligation, item.plan_months, item.weight) == ("mandatory", 12, 3)
    assert item.organisation_types == ("cooperative", "ngo", "ingo", "cso")
    assert (item.knock_out, item.areas, item.rounds) == (("cooperative",), ("mine_sites",), ())
    assert item.documents == ("AGR_MIN", "ZEA_ACTE", "AUT_TITULAIRE", "CARTES_EA", "ATT_SAEMAPE")
    assert item.question.fr.startswith("L'activité sur le site minier repose-t-elle sur un droit documenté")
    assert item.guidance.en.startswith("Supervision authorisation alone")


def test_rare_fields_of_the_real_items():
    items = read_checklist(CHECKLIST, document_codes=DOCUMENTS).items

    assert {item.code for item in items if item.blocks_payment} == {"C1.4", "C1.7", "C3.2"}
    assert {item.code for item in items if item.obligation == "recommended"} == {"C1.9", "C3.6"}
    assert {item.code: item.rounds for item in items if item.rounds} == {"C3.7": ("renewal",)}
    assert {item.code for item in items if item.step} == (
        {"C1.1", "C1.2", "C1.6", "C1.7", "C1.8", "C2.5", "C2.8", "C3.2", "C4.2", "C4.5"}
    )
    assert items[1].step == FileStep("Tenir une assemblée générale et renouveler les mandats des organes", 6, "PV_AG")
    assert {item.code for item in items if item.plan_months == 0} == {"C1.3", "C1.4", "C2.1", "C2.2", "C3.1", "C4.1"}
    assert {item.code: item.knock_out for item in items if item.knock_out} == {
        **dict.fromkeys(("C1.3", "C1.4", "C1.6", "C1.8", "C2.1", "C2.2", "C3.1", "C4.1"), ALL_TYPES),
        "C1.1": ("ngo", "ingo", "cooperative"),
        "C2.5": ("cooperative",),
        "C2.6": ("cbo", "cooperative", "ngo", "ingo", "cso"),
        "C2.8": ("ngo", "ingo", "cso"),
    }


C1_1, C1_2, C1_9, C2_5, C2_6, C3_6 = "code: C1.1", "code: C1.2", "code: C1.9", "code: C2.5", "code: C2.6", "code: C3.6"
TYPES = "organisation_types: [cbo, cso, ngo, ingo, cooperative]"
ENGLISH = '"Does the organisation accept oversight (ACE access right, proportionate audit) and follow recommendations?"'
WEIGHT = "item C1.1, weight must be a whole number from 1 to 10."
STEP = "item C1.2, step, months must be a whole number from 1 to 24."
PLAN = "item C1.1, plan_months must be a whole number from 0 to 24."

# name of the fault: (replaced after, old text, new text, line that is named, sentence)
ITEM_FAULTS = {
    "unknown item code": (
        *("items:", "code: C1.1", "code: C7.1", 25),
        "unknown item code C7.1: codes read C1.1, with one of C1, C2, C3, C4.",
    ),
    "item code of another shape": (
        *("items:", "code: C1.1", "code: C1.01", 25),
        "unknown item code C1.01: codes read C1.1, with one of C1, C2, C3, C4.",
    ),
    "unknown type": (C1_1, "[cbo, cso", "[cbo, club", 31, "item C1.1, organisation type club is unknown."),
    "type twice": (C1_1, "[cbo, cso", "[cbo, cbo", 31, "item C1.1, organisation type cbo is there twice."),
    "no type": (C1_1, TYPES, "organisation_types: []", 31, "item C1.1, organisation type: the list is empty."),
    "unknown area": (C2_6, "areas: [mine_sites]", "areas: [mines]", 209, "item C2.6, area mines is unknown."),
    "no area": (C2_6, "areas: [mine_sites]", "areas: []", 209, "item C2.6, area: the list is empty."),
    "unknown round": ("code: C3.7", "[renewal]", "[renewed]", 336, "item C3.7, round renewed is unknown."),
    "unknown document": (C1_1, "ARR_PJ", "ARR_XX", 32, "item C1.1, document code ARR_XX is unknown."),
    "documents not a list": (C1_9, "[MAN_RH", "MAN_RH #", 135, "item C1.9, document code must be a list."),
    "bad obligation": (C1_1, "mandatory", "optional", 27, "item C1.1, obligation optional is unknown."),
    "unknown knock-out": (
        *(C1_1, "[ngo, ingo,", "[ong, ingo,", 28),
        "item C1.1, knock_out organisation type ong is unknown.",
    ),
    "recommended knock-out": (
        *(C1_9, "knock_out: []", "knock_out: [ngo]", 131),
        "item C1.9 is recommended, so it cannot be a knock-out.",
    ),
    "knock-out for a type that is not asked": (
        *(C2_5, "knock_out: [cooperative]", "knock_out: [cbo]", 191),
        "item C2.5 is a knock-out for cbo, which its organisation_types do not list.",
    ),
    "all and one more": (C2_6, "[all]", "[cbo, all]", 205, "item C2.6, knock_out: all stands alone."),
    "weight 0": (C1_1, "weight: 3", "weight: 0", 30, WEIGHT),
    "weight 11": (C1_1, "weight: 3", "weight: 11", 30, WEIGHT),
    "weight 1.5": (C1_1, "weight: 3", "weight: 1.5", 30, WEIGHT),
    "weight a word": (C1_1, "weight: 3", "weight: heavy", 30, WEIGHT),
    "weight a list": (C1_1, "weight: 3", "weight: [3]", 30, WEIGHT),
    "plan below 0": (C1_1, "months: 12", "months: -1", 29, PLAN),
    "plan past 24": (C1_1, "months: 12", "months: 25", 29, PLAN),
    "octal plan": (C1_1, "months: 12", "months: 012", 29, PLAN),
    "flag a word": (
        *("code: C3.2", "payment: true", "payment: yes", 274),
        "item C3.2, blocks_payment must be true or false.",
    ),
    "no French": (C1_1, "{fr:", "{en:", 34, "item C1.1, question: the key en is there twice."),
    "another language": (C1_1, "{fr:", "{de:", 33, "item C1.1, question: unknown key de."),
    "no English": (C3_6, f",\n               en: {ENGLISH}", "", 325, "item C3.6, question: en is missing."),
    "blank English": (C3_6, ENGLISH, '" "', 326, "item C3.6, question, en: a text is expected here."),
    "blank section": (C1_1, '"Existence légale"', '" "', 26, "item C1.1, section: a text is expected here."),
    "long section": (C1_1, "Existence", "E" * 75, 26, "item C1.1, section: the text is longer than 80 characters."),
    "section a number": (C1_1, '"Existence légale"', "2024", 26, "item C1.1, section: a text is expected here."),
    "misspelt key": (C1_1, "plan_months", "plan_month", 29, "item C1.1: unknown key plan_month."),
    "key missing": (C1_1, "    weight: 3\n", "", 25, "item C1.1: weight is missing."),
    "code missing": ("items:", "- code: C1.1\n    section", "- section", 25, "item number 1: code is missing."),
    "step without words": (
        C1_2,
        'fr: "Tenir une assemblée générale et renouveler les mandats des organes", ',
        "",
        50,
        "item C1.2, step: fr is missing.",
    ),
    "step without months": (C1_2, ", months: 6, document: PV_AG", "", 50, "item C1.2, step: months is missing."),
    "step of no months": (C1_2, "months: 6, document", "months: 0, document", 50, STEP),
    "step beyond two years": (C1_2, "months: 6, document", "months: 25, document", 50, STEP),
    "step after the plan": (
        *(C1_2, "months: 6, document", "months: 7, document", 50),
        "item C1.2, step: it ends after the plan, 6 months at most.",
    ),
    "step with an unknown document": (
        *(C1_2, "document: PV_AG", "document: PV_AGO", 50),
        "item C1.2, step, document PV_AGO is unknown.",
    ),
    "step a word": (C1_2, "step: {fr", "step: agir #{fr", 50, "item C1.2, step must be written as “key: value”."),
    "item twice": (C1_1, "code: C1.2", "code: C1.1", 38, "item C1.1 is there twice (first at line 25)."),
    "item a word": (
        *("items:", "  - code: C1.1", "  - C1.0\n  - code: C1.1", 25),
        "item number 1 must be written as “key: value”.",
    ),
}


@pytest.mark.parametrize(("after", "old", "new", "line", "sentence"), ITEM_FAULTS.values(), ids=ITEM_FAULTS)
def test_fault_in_an_item_names_line_and_code(after, old, new, line, sentence):
    assert refused(spoiled(old, new, after=after)) == f"Line {line} of the checklist: {sentence}"


HEAD_FAULTS = {
    "unknown answer": ("not_assessed]", "unknown]", 7, "answer unknown is unknown."),
    "answer missing": (", not_assessed]", "]", 7, "answers: not_assessed is missing."),
    "unknown type": (
        *("  cso:", "  club:", 10),
        "unknown organisation type club; known are cbo, cso, ngo, ingo, cooperative.",
    ),
    "area missing": (
        *('  savings: {fr: "Épargne des ménages", en: "Household savings"}\n', "", 15),
        "contribution area: savings is missing.",
    ),
    "unknown area": (
        *("  savings:", "  credit:", 17),
        "unknown contribution area credit; known are mine_sites, children, savings, livelihoods.",
    ),
    "fifth criterion": ("  C4:", "  C5:", 23, "unknown criterion C5; known are C1, C2, C3, C4."),
    "name without English": (
        *(', en: "Household savings"', "", 17),
        "contribution area savings: en is missing.",
    ),
    "long name": (
        *("ONG nationale", "O" * 201, 11),
        "organisation type ngo, fr: the text is longer than 200 characters.",
    ),
    "unknown key": ("criteria:", "criterias:", 19, "the file: unknown key criterias."),
    "key twice": ("criteria:", "answers:", 19, "the file: the key answers is there twice."),
    "rule item missing": (
        *("code: C1.3", "code: C1.99", 25),
        "item C1.3 is missing, on which a rule of the decision rests.",
    ),
    "broken YAML": ("  - code: C1.1\n", "  - code: [C1.1\n", 26, "not valid YAML: expected ',' or ']', but got ':'."),
    "second document": (
        "organisation_types:",
        "---\norganisation_types:",
        8,
        "not valid YAML: but found another document.",
    ),
    "forbidden character": ("Household", "House\x07hold", 17, "there is a character that YAML forbids."),
}


@pytest.mark.parametrize(("old", "new", "line", "sentence"), HEAD_FAULTS.values(), ids=HEAD_FAULTS)
def test_fault_in_the_head_names_line_and_code(old, new, line, sentence):
    assert refused(spoiled(old, new)) == f"Line {line} of the checklist: {sentence}"


def test_criterion_that_asks_nothing_of_a_type_is_refused():
    without_c4 = TEXT[: TEXT.index("  - code: C4.1")]

    assert refused(without_c4) == (
        "Line 25 of the checklist: criterion C4 has no item for cbo without areas in the initial round."
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Line 1 of the checklist: the file is empty."),
        ("just words", "Line 1 of the checklist: the file must be written as “key: value”."),
        ("- a\n- b\n", "Line 1 of the checklist: the file must be written as “key: value”."),
        ("? [a, b]\n: c\n", "Line 1 of the checklist: the file: a key is not plain text."),
        ("answers: *gone\n", "Line 1 of the checklist: not valid YAML: found undefined alias 'gone'."),
        ("items: !!python/object:os.system []\n", "Line 1 of the checklist: the file: answers is missing."),
        ("[" * 5000, "The checklist: the file is nested far too deep."),
    ],
)
def test_text_that_is_no_checklist_is_refused(text, sentence):
    assert refused(text) == sentence


def test_file_is_read_as_utf_8_with_or_without_byte_order_mark(tmp_path):
    path = tmp_path / "grille.yaml"
    path.write_text(TEXT, encoding="utf-8-sig")

    assert read_checklist(path, document_codes=DOCUMENTS) == parse_checklist(TEXT, document_codes=DOCUMENTS)


def test_file_in_another_encoding_is_refused_at_its_first_accent(tmp_path):
    path = tmp_path / "grille.yaml"
    path.write_bytes(TEXT.encode("latin-1", errors="replace"))

    with pytest.raises(ChecklistError) as refusal:
        read_checklist(path, document_codes=DOCUMENTS)

    assert str(refusal.value) == "Line 9 of the checklist: this is not UTF-8 text."


def test_absent_file_is_refused_with_its_name(tmp_path):
    with pytest.raises(ChecklistError) as refusal:
        read_checklist(tmp_path / "absent.yaml", document_codes=DOCUMENTS)

    assert refusal.value.line is None
    assert "absent.yaml cannot be read" in str(refusal.value)
