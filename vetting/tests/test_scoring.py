"""The rules of design §5 as tables, over the real checklist and at the limits (properties: test_scoring_properties)."""

import ast
import csv
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from vetting import scoring
from vetting.checklist_file import read_checklist
from vetting.scoring import (
    CRITERIA,
    Answer,
    Assessed,
    Because,
    Block,
    Gap,
    PlanProblem,
    PlanStep,
)

ROOT = Path(__file__).parents[2]
with (ROOT / "partners/reference/document_types.csv").open(encoding="utf-8", newline="") as lines:
    DOCUMENTS = frozenset(row["code"] for row in csv.DictReader(lines))
ITEMS = read_checklist(ROOT / "vetting/reference/checklist.yaml", document_codes=DOCUMENTS).items
ALL_AREAS = ("mine_sites", "children", "savings", "livelihoods")


def asked(kind, areas=(), round="initial"):
    return [item for item in ITEMS if scoring.item_applies(item, organisation_type=kind, areas=areas, round=round)]


def dossier(kind, areas=(), round="initial", reasons=None, **answers):
    """Every item asked of such an organisation is met, save the given ones (C1_2="partial")."""
    given = {code.replace("_", "."): answer for code, answer in answers.items()}
    items = asked(kind, areas, round)
    assert given.keys() <= {item.code for item in items}
    return [
        Assessed(
            code=item.code,
            criterion=item.criterion,
            mandatory=item.obligation == "mandatory",
            knock_out=kind in item.knock_out,
            plan_months=item.plan_months,
            weight=item.weight,
            answer=given.get(item.code, "met"),
            blocks_payment=item.blocks_payment,
            reason=(reasons or {}).get(item.code, ""),
        )
        for item in items
    ]


def one(code, answer, *, mandatory=True, knock_out=False, plan_months=6, weight=1, blocks_payment=False, reason=""):
    return Assessed(code, code[:2], mandatory, knock_out, plan_months, weight, answer, blocks_payment, reason)


OTHER_CRITERIA_MET = [one(f"{criterion}.1", "met") for criterion in CRITERIA[1:]]


# Which items are asked: counted by hand. Of 32 items, 26 need no area and no renewal: 9 + 4 (C2.1–4) + 6 (C3.1–6) + 7.
# A CBO is spared C1.9 and C3.6, and C2.5 on a mine site; a cooperative always has C2.5–7; C3.7 comes at renewal.
ASKED = [
    ("cbo", (), 24, 25),
    ("cbo", ("mine_sites",), 26, 27),
    ("cbo", ("children",), 25, 26),
    ("cbo", ("savings",), 25, 26),
    ("cbo", ("savings", "livelihoods"), 25, 26),
    ("cbo", ALL_AREAS, 28, 29),
    ("ngo", (), 26, 27),
    ("ngo", ("mine_sites",), 29, 30),
    ("ngo", ("children",), 27, 28),
    ("ngo", ("livelihoods",), 27, 28),
    ("ngo", ALL_AREAS, 31, 32),
    ("ingo", (), 26, 27),
    ("ingo", ALL_AREAS, 31, 32),
    ("cso", (), 26, 27),
    ("cso", ALL_AREAS, 31, 32),
    ("cooperative", (), 29, 30),
    ("cooperative", ("mine_sites",), 29, 30),
    ("cooperative", ("children",), 30, 31),
    ("cooperative", ("savings", "livelihoods"), 30, 31),
    ("cooperative", ALL_AREAS, 31, 32),
]


@pytest.mark.parametrize(("kind", "areas", "initial", "renewal"), ASKED)
def test_number_of_items_asked(kind, areas, initial, renewal):
    assert (len(asked(kind, areas, "initial")), len(asked(kind, areas, "renewal"))) == (initial, renewal)


def test_items_asked_of_a_cooperative_without_declared_areas():
    extra = {item.code for item in asked("cooperative")} - {item.code for item in asked("ngo")}

    assert extra == {"C2.5", "C2.6", "C2.7"}


@pytest.mark.parametrize(("kind", "round"), [("church", "initial"), (None, "initial"), ("ngo", "first")])
def test_unknown_type_or_round_is_never_taken_for_nothing_to_ask(kind, round):
    with pytest.raises(ValueError, match="unknown organisation type or round"):
        scoring.item_applies(ITEMS[0], organisation_type=kind, areas=(), round=round)


CHILDREN = ("children",)
REAL_OUTCOMES = [
    # NGO for children. Weights: C1 22 (C1.9, recommended: 1), C2 12, C3 13 (C3.6, recommended: 1), C4 16.
    ("ngo", CHILDREN, {}, "", "approved", [("all_met", (), ())]),
    ("ngo", CHILDREN, {"C1_9": "not_met", "C3_6": "not_met"}, "", "approved", [("all_met", (), ())]),
    ("ngo", CHILDREN, {"C1_2": "partial"}, "", "conditional", [("mandatory_partial", ("C1.2",), ())]),
    ("ngo", CHILDREN, {"C1_1": "partial"}, "", "conditional", [("mandatory_partial", ("C1.1",), ())]),
    ("ngo", CHILDREN, {"C1_1": "not_met"}, "", "to_strengthen", [("mandatory_not_met", ("C1.1",), ())]),
    ("ngo", CHILDREN, {"C1_6": "not_met"}, "", "to_strengthen", [("mandatory_not_met", ("C1.6",), ())]),
    (
        # C3: (6 + 3 + 2 + 2 + 2 + 2) / 26 = 17/26, between half and seven tenths.
        *("ngo", CHILDREN, {"C3_2": "partial", "C3_3": "partial", "C3_4": "partial", "C3_5": "partial"}, ""),
        "conditional",
        [
            ("mandatory_partial", ("C3.2", "C3.3", "C3.4", "C3.5"), ()),
            ("criterion_below_seven_tenths", (), ("C3",)),
        ],
    ),
    ("ngo", CHILDREN, {"C2_1": "partial"}, "", "declined", [("no_plan_possible", ("C2.1",), ())]),
    (
        *("ngo", CHILDREN, {"C3_1": "not_met", "C1_1": "not_met", "C4_1": "partial"}, ""),
        *("declined", [("no_plan_possible", ("C3.1", "C4.1"), ())]),
    ),
    ("ngo", CHILDREN, {"C1_4": "not_met"}, "", "declined", [("no_plan_possible", ("C1.4",), ())]),
    ("ngo", CHILDREN, {"C1_4": "not_met"}, "UN list", "excluded", [("exclusion_recorded", ("C1.4",), ())]),
    ("ngo", CHILDREN, {"C1_8": "not_met"}, "", "to_strengthen", [("mandatory_not_met", ("C1.8",), ())]),
    (
        *("ngo", CHILDREN, {"C1_8": "not_met", "C2_1": "not_met"}, "covered up", "excluded"),
        [("exclusion_recorded", ("C1.8",), ())],
    ),
    # CBO: its local attestation is accepted with a plan, and even without one it is not declined.
    ("cbo", (), {}, "", "approved", [("all_met", (), ())]),
    ("cbo", (), {"C1_1": "partial"}, "", "conditional", [("mandatory_partial", ("C1.1",), ())]),
    ("cbo", (), {"C2_2": "not_met"}, "", "declined", [("no_plan_possible", ("C2.2",), ())]),
    (
        # C4 with nothing but its undertaking: 6/32.
        *("cbo", (), {f"C4_{n}": "not_met" for n in range(2, 8)}, "", "to_strengthen"),
        [
            ("mandatory_not_met", ("C4.2", "C4.3", "C4.4", "C4.5", "C4.6", "C4.7"), ()),
            ("criterion_below_half", (), ("C4",)),
        ],
    ),
    # Cooperative: no ZEA but a supervision authorisation, as CMDS has, is partial with a legalisation plan.
    ("cooperative", CHILDREN, {}, "", "approved", [("all_met", (), ())]),
    ("cooperative", CHILDREN, {"C2_5": "partial"}, "", "conditional", [("mandatory_partial", ("C2.5",), ())]),
    ("cooperative", CHILDREN, {"C2_5": "not_met"}, "", "to_strengthen", [("mandatory_not_met", ("C2.5",), ())]),
    ("cooperative", (), {"C2_6": "partial"}, "", "conditional", [("mandatory_partial", ("C2.6",), ())]),
    ("cooperative", (), {"C2_6": "not_met"}, "armed group", "excluded", [("exclusion_recorded", ("C2.6",), ())]),
]


@pytest.mark.parametrize(("kind", "areas", "answers", "exclusion", "reached", "because"), REAL_OUTCOMES)
def test_outcome_on_the_real_checklist(kind, areas, answers, exclusion, reached, because):
    verdict = scoring.outcome(dossier(kind, areas, **answers), exclusion_reason=exclusion)

    assert (verdict.outcome, verdict.blocks) == (reached, ())
    assert verdict.because == tuple(Because(*reason) for reason in because)


REAL_BLOCKS = [
    ("ngo", {"C1_9": "not_assessed"}, {}, "", [Block("not_assessed", "C1.9")]),
    ("ngo", {"C1_3": "not_met"}, {}, "", [Block("asked_again", "C1.3")]),
    ("ngo", {"C1_3": "partial", "C2_1": "not_met"}, {}, "", [Block("asked_again", "C1.3")]),
    ("ngo", {"C1_2": "not_applicable"}, {"C1.2": "  "}, "", [Block("not_applicable_without_reason", "C1.2")]),
    ("ngo", {"C1_2": "not_applicable"}, {"C1.2": "new statutes"}, "", []),
    ("ngo", {"C2_8": "not_applicable"}, {"C2.8": "no home"}, "", [Block("not_applicable_knock_out", "C2.8")]),
    ("cbo", {"C2_8": "not_applicable"}, {"C2.8": "no home"}, "", []),
    ("cooperative", {"C2_8": "not_applicable"}, {"C2.8": "no home"}, "", []),
    ("ngo", {}, {}, "a rumour", [Block("exclusion_unfounded")]),
    ("ngo", {"C1_1": "not_met"}, {}, "no papers", [Block("exclusion_unfounded")]),
    ("ngo", {"C1_4": "partial"}, {}, "open hit", [Block("exclusion_unfounded")]),
    ("ngo", {"C1_4": "not_met", "C4_7": "not_assessed"}, {}, "UN list", [Block("not_assessed", "C4.7")]),
]


@pytest.mark.parametrize(("kind", "answers", "reasons", "exclusion", "blocks"), REAL_BLOCKS)
def test_what_blocks_any_decision(kind, answers, reasons, exclusion, blocks):
    verdict = scoring.outcome(dossier(kind, CHILDREN, reasons=reasons, **answers), exclusion_reason=exclusion)

    assert verdict.blocks == tuple(blocks)
    assert (verdict.outcome is None, verdict.because == ()) == (bool(blocks), bool(blocks))


def test_criterion_with_nothing_scored_has_no_score_and_blocks():
    items = [*OTHER_CRITERIA_MET, one("C1.2", "not_applicable", reason="none")]

    verdict = scoring.outcome(items)

    assert verdict.scores == {"C1": None, "C2": 1, "C3": 1, "C4": 1}
    assert verdict.blocks == (Block("nothing_scored", criterion="C1"),)


def test_nothing_at_all_is_no_approval():
    assert scoring.outcome([]).blocks == tuple(Block("nothing_scored", criterion=name) for name in CRITERIA)


def test_scores_are_weighted_and_exact():
    answers = {"C1_1": "partial", "C1_9": "not_met", "C2_8": "not_met", "C3_6": "not_applicable"}

    scores = scoring.criterion_scores(dossier("ngo", CHILDREN, reasons={"C3.6": "too small"}, **answers))

    assert scores == {"C1": Fraction(39, 44), "C2": Fraction(18, 24), "C3": Fraction(1), "C4": Fraction(1)}


# (weight of a mandatory item, its answer, weight of a recommended one that is not met): the two limits, to the hair.
LIMITS = [
    (7, "met", 3, Fraction(7, 10), "approved", [("all_met", (), ())]),
    (699, "met", 301, Fraction(699, 1000), "conditional", [("criterion_below_seven_tenths", (), ("C1",))]),
    (1, "met", 1, Fraction(1, 2), "conditional", [("criterion_below_seven_tenths", (), ("C1",))]),
    (9, "met", 10, Fraction(9, 19), "to_strengthen", [("criterion_below_half", (), ("C1",))]),
    (9, "partial", 1, Fraction(9, 20), "to_strengthen", [("criterion_below_half", (), ("C1",))]),
]


@pytest.mark.parametrize(("weight", "answer", "recommended", "score", "reached", "because"), LIMITS)
def test_limits_of_half_and_seven_tenths(weight, answer, recommended, score, reached, because):
    items = [one("C1.1", answer, weight=weight), one("C1.2", "not_met", mandatory=False, weight=recommended)]

    verdict = scoring.outcome(items + OTHER_CRITERIA_MET)

    assert (verdict.scores["C1"], verdict.outcome) == (score, reached)
    assert verdict.because == tuple(Because(*reason) for reason in because)


def test_partial_mandatory_item_and_low_score_are_both_named():
    verdict = scoring.outcome([one("C1.1", "partial"), *OTHER_CRITERIA_MET])

    assert verdict.outcome == "conditional"
    assert verdict.because == (
        Because("mandatory_partial", ("C1.1",)),
        Because("criterion_below_seven_tenths", criteria=("C1",)),
    )


def test_gaps_say_what_needs_a_plan_and_what_stops_money():
    answers = {"C1_7": "partial", "C1_9": "not_met", "C2_3": "not_met", "C3_2": "not_applicable", "C3_6": "partial"}

    verdict = scoring.outcome(dossier("ngo", CHILDREN, reasons={"C3.2": "no ACE money yet"}, **answers))

    assert verdict.gaps == (
        Gap("C1.7", Answer.PARTIAL, 6, needs_plan=True, blocks_payment=True),
        Gap("C1.9", Answer.NOT_MET, 12, needs_plan=False, blocks_payment=False),
        Gap("C2.3", Answer.NOT_MET, 12, needs_plan=False, blocks_payment=False),
        Gap("C3.2", Answer.NOT_APPLICABLE, 3, needs_plan=False, blocks_payment=True),
        Gap("C3.6", Answer.PARTIAL, 12, needs_plan=False, blocks_payment=False),
    )


def test_gaps_read_in_the_order_of_their_numbers():
    items = [one(code, "partial") for code in ("C1.10", "C2.1", "C1.9")]

    assert [gap.item_code for gap in scoring.outcome(items).gaps] == ["C1.9", "C1.10", "C2.1"]


def test_partial_item_without_plan_months_needs_no_plan():
    assert scoring.outcome(dossier("ngo", C2_1="partial")).gaps == (Gap("C2.1", Answer.PARTIAL, 0, False, False),)


CRITERION_LINES = [
    ({}, {}, "met"),
    ({"C1_9": "not_met"}, {}, "met"),
    ({"C1_2": "not_applicable"}, {"C1.2": "new statutes"}, "met"),
    ({"C1_2": "partial"}, {}, "met_with_conditions"),
    ({"C1_4": "partial"}, {}, "not_met"),
    ({"C1_1": "not_met"}, {}, "not_met"),
    ({"C1_1": "not_met", "C1_9": "not_assessed"}, {}, "not_assessed"),
    ({"C1_3": "not_met"}, {}, "not_assessed"),
    ({"C1_2": "not_applicable"}, {}, "not_assessed"),
]


@pytest.mark.parametrize(("answers", "reasons", "line"), CRITERION_LINES)
def test_public_line_of_a_criterion(answers, reasons, line):
    first = [item for item in dossier("ngo", reasons=reasons, **answers) if item.criterion == "C1"]

    assert scoring.result_of_criterion(first) == line


@pytest.mark.parametrize("items", [[], [one("C1.2", "not_applicable", reason="none")]])
def test_criterion_with_nothing_scored_reads_not_assessed(items):
    assert scoring.result_of_criterion(items) == "not_assessed"


def test_criterion_line_refuses_items_of_several_criteria():
    with pytest.raises(ValueError, match="of several"):
        scoring.result_of_criterion(OTHER_CRITERIA_MET)


DECIDED = date(2026, 8, 31)
PLAN_CASES = [
    ([], [("no_step", None)]),
    ([date(2027, 2, 28)], []),
    ([date(2026, 9, 1)], []),
    ([date(2027, 3, 1)], [("too_late", date(2027, 3, 1))]),
    ([date(2026, 8, 31)], [("not_after_decision", date(2026, 8, 31))]),
    ([date(2026, 10, 1), date(2027, 3, 1)], [("too_late", date(2027, 3, 1))]),
]


@pytest.mark.parametrize(("due_dates", "problems"), PLAN_CASES)
def test_plan_is_due_after_the_decision_and_within_its_months(due_dates, problems):
    gaps = scoring.outcome(dossier("ngo", C1_2="partial", C1_9="partial")).gaps

    found = scoring.plan_problems(gaps, [PlanStep("C1.2", due) for due in due_dates], decided_on=DECIDED)

    # Six months after 31 August is 28 February; the recommended C1.9 asks for nothing.
    assert found == [PlanProblem(code, "C1.2", date(2027, 2, 28), due) for code, due in problems]


def test_step_on_another_item_fills_no_gap_and_is_not_judged():
    gaps = scoring.outcome(dossier("ngo", C1_2="partial", C1_9="partial")).gaps

    found = scoring.plan_problems(gaps, [PlanStep("C1.9", date(2031, 1, 1))], decided_on=DECIDED)

    assert found == [PlanProblem("no_step", "C1.2", date(2027, 2, 28))]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"answer": "yes"}, "'yes' is not a valid Answer"),
        ({"criterion": "C5"}, "unknown criterion 'C5'"),
        ({"weight": 0}, "weight must be at least 1"),
        ({"plan_months": -1}, "plan_months at least 0"),
        ({"mandatory": False, "knock_out": True}, "a recommended item cannot be a knock-out"),
    ],
)
def test_impossible_item_is_refused(change, sentence):
    with pytest.raises(ValueError, match=sentence):
        replace(one("C1.1", "met"), **change)


def test_item_assessed_twice_is_refused():
    with pytest.raises(ValueError, match="assessed twice"):
        scoring.outcome([one("C1.1", "met"), one("C1.1", "not_met")])


@pytest.mark.parametrize("name", ["scoring.py", "checklist_file.py"])
def test_pure_modules_import_no_django(name):
    tree = ast.parse((ROOT / "vetting" / name).read_text(encoding="utf-8"))
    imported = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    imported |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}

    assert not [module for module in imported if module.startswith("django")]
