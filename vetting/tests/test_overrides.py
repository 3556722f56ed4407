"""Departing from the outcome of the findings: what the pure rule opens, and that no knock-out gets through."""

import pytest
from hypothesis import assume, given

from vetting import scoring
from vetting.scoring import LADDER, Answer, Assessed, BecauseCode, Outcome
from vetting.tests.test_scoring_properties import any_items, decidable_items, steady


def item(code, answer="met", **more):
    facts = {"mandatory": True, "knock_out": False, "plan_months": 6, "weight": 1, "blocks_payment": False, **more}
    return Assessed(code=code, criterion=code[:2], answer=Answer(answer), **facts)


def findings(*changed):
    """One mandatory item per criterion, met, and one recommended beside it; `changed` take the place of those."""
    rows = {f"{c}.1": item(f"{c}.1") for c in scoring.CRITERIA}
    rows |= {f"{c}.2": item(f"{c}.2", mandatory=False) for c in scoring.CRITERIA}
    return list((rows | {row.code: row for row in changed}).values())


def opened(items):
    verdict = scoring.outcome(items)
    return verdict.outcome, scoring.overrides(verdict)


@pytest.mark.parametrize(
    ("changed", "outcome", "others"),
    [
        ([], "approved", ("declined", "to_strengthen")),  # no gap: nothing to hang a condition on
        ([item("C1.2", "partial", mandatory=False)], "approved", ("declined", "to_strengthen", "conditional")),
        ([item("C1.1", "partial")], "conditional", ("declined", "to_strengthen")),
        # a score alone stands in the way: 50 %, then 25 %
        ([item("C1.2", "not_met", mandatory=False)], "conditional", ("declined", "to_strengthen", "approved")),
        ([item("C1.2", "not_met", mandatory=False, weight=3)], "to_strengthen", ("declined", "conditional")),
        # the same score, and a mandatory item not met as well
        ([item("C1.1", "not_met")], "to_strengthen", ("declined",)),
        ([item("C1.1", "not_met", knock_out=True)], "to_strengthen", ("declined",)),
        # a partial mandatory item under a low score: only a plan is left to ask for
        (
            [item("C1.1", "partial"), item("C1.2", "not_met", mandatory=False, weight=2)],
            "to_strengthen",
            ("declined", "conditional"),
        ),
        ([item("C1.1", "partial", plan_months=0)], "declined", ()),
        ([item("C1.1", "not_assessed")], None, ()),
    ],
)
def test_which_other_outcomes_are_open(changed, outcome, others):
    assert opened(findings(*changed)) == (outcome, others)


def test_an_exclusion_is_never_talked_away():
    items = findings(item("C1.4", "not_met", knock_out=True, plan_months=0))

    assert scoring.overrides(scoring.outcome(items, exclusion_reason="Confirmée.")) == ()


@steady
@given(any_items())
def test_a_knock_out_never_ends_in_an_approval(items):
    stopped = any(row.knock_out and row.answer is Answer.NOT_MET for row in items)
    closed = any(row.mandatory and row.plan_months == 0 and row.answer in ("partial", "not_met") for row in items)
    assume(stopped or closed)

    verdict = scoring.outcome(items)

    reachable = {verdict.outcome, *scoring.overrides(verdict)}
    assert reachable.isdisjoint({Outcome.APPROVED, Outcome.CONDITIONAL})


@steady
@given(decidable_items())
def test_milder_is_one_step_and_past_a_score_alone(items):
    verdict = scoring.outcome(items)
    others = scoring.overrides(verdict)

    milder = [other for other in others if LADDER.index(other) > LADDER.index(verdict.outcome)]
    if milder:
        assert [LADDER.index(other) for other in milder] == [LADDER.index(verdict.outcome) + 1]
        assert {reason.code for reason in verdict.because} <= {
            BecauseCode.CRITERION_BELOW_HALF,
            BecauseCode.CRITERION_BELOW_SEVEN_TENTHS,
        }
        assert not any(row.mandatory and row.answer is Answer.NOT_MET for row in items)
    if verdict.outcome is Outcome.DECLINED:
        assert others == ()
    elif verdict.outcome is not Outcome.APPROVED:
        assert set(LADDER[: LADDER.index(verdict.outcome)]) <= set(others)


@steady
@given(any_items())
def test_what_blocks_a_decision_opens_nothing(items):
    verdict = scoring.outcome(items)
    assume(verdict.blocks)

    assert scoring.overrides(verdict) == ()


@steady
@given(decidable_items())
def test_an_exclusion_is_never_reached_by_an_override(items):
    assert Outcome.EXCLUDED not in scoring.overrides(scoring.outcome(items))
