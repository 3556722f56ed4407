"""The rules of design §5 as properties, over any checklist Hypothesis thinks of (derandomised: each run the same)."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from ace_partners.core.dates import add_months
from vetting import scoring
from vetting.scoring import ASKED_AGAIN, CRITERIA, EXCLUSION_ITEMS, Answer, Assessed, Outcome, PlanProblem, PlanStep

# Best last: improving an answer may only move to the right.
LADDER = [Outcome.EXCLUDED, Outcome.DECLINED, Outcome.TO_STRENGTHEN, Outcome.CONDITIONAL, Outcome.APPROVED]
SCORED = (Answer.NOT_MET, Answer.PARTIAL, Answer.MET)

steady = settings(derandomize=True, deadline=None, max_examples=100)


@st.composite
def item_of(draw, criterion, number, answers):
    mandatory = draw(st.booleans())
    knock_out = mandatory and draw(st.booleans())
    return Assessed(
        code=f"{criterion}.{number}",
        criterion=criterion,
        mandatory=mandatory,
        knock_out=knock_out,
        plan_months=draw(st.sampled_from((0, 3, 12))),
        weight=draw(st.integers(1, 4)),
        answer=draw(st.sampled_from(answers)),
        blocks_payment=draw(st.booleans()),
        reason=draw(st.sampled_from(("", "because"))),
    )


@st.composite
def any_items(draw):
    """Whatever a dossier may hold, criteria with no item included."""
    return [
        draw(item_of(criterion, number, tuple(Answer)))
        for criterion in CRITERIA
        for number in draw(st.sets(st.sampled_from((1, 2, 3, 4, 8, 10)), max_size=4))
    ]


def fit_to_decide(item):
    """The same item with the answer mended where it would block a decision."""
    if item.code == ASKED_AGAIN:
        return replace(item, answer=Answer.MET)
    if item.answer is Answer.NOT_APPLICABLE:
        return replace(item, answer=Answer.PARTIAL) if item.knock_out else replace(item, reason="because")
    return item


@st.composite
def decidable_items(draw):
    """A dossier that nothing blocks: C1.3 and reasons are there, and each criterion has something scored."""
    items = []
    for criterion in CRITERIA:
        items.append(draw(item_of(criterion, 1, SCORED)))
        for number in draw(st.sets(st.sampled_from((2, 3, 4, 8)), max_size=3)):
            items.append(draw(item_of(criterion, number, (*SCORED, Answer.MET, Answer.NOT_APPLICABLE))))
    return [fit_to_decide(item) for item in items]


def by_the_letter(items):
    """Design §5 once more, read line by line and counted in hundredths, for a dossier that nothing blocks."""
    gaps = [item for item in items if item.mandatory and item.answer in ("not_met", "partial")]
    if any(item.plan_months == 0 for item in gaps):
        return "declined"
    percents = []
    for criterion in CRITERIA:
        scored = [item for item in items if item.criterion == criterion and item.answer != "not_applicable"]
        points = sum(item.weight * {"met": 2, "partial": 1, "not_met": 0}[item.answer] for item in scored)
        percents.append((100 * points, sum(2 * item.weight for item in scored)))
    if any(item.answer == "not_met" for item in gaps) or any(points < 50 * of for points, of in percents):
        return "to_strengthen"
    return "approved" if not gaps and all(points >= 70 * of for points, of in percents) else "conditional"


@steady
@given(decidable_items())
def test_outcome_is_the_one_of_the_design_to_the_letter(items):
    verdict = scoring.outcome(items)

    assert verdict.blocks == ()
    assert verdict.outcome == by_the_letter(items)


@steady
@given(decidable_items(), st.data())
def test_no_score_offsets_a_knock_out(items, data):
    final = [item for item in items if item.mandatory and item.plan_months == 0 and item.answer in SCORED[:2]]
    others = [item for item in items if item not in final]
    raised = [item if data.draw(st.booleans()) else replace(item, answer=Answer.MET) for item in others]

    verdict = scoring.outcome(final + raised)

    assert (verdict.outcome is Outcome.DECLINED) == bool(final)


@steady
@given(decidable_items())
def test_one_mandatory_item_not_met_outweighs_every_score(items):
    for item in items:
        if item.mandatory and item.code != ASKED_AGAIN:
            best = [replace(other, answer=Answer.MET) for other in items if other != item]
            failed = scoring.outcome([*best, replace(item, answer=Answer.NOT_MET)])
            assert failed.outcome is (Outcome.TO_STRENGTHEN if item.plan_months else Outcome.DECLINED)


@steady
@given(decidable_items())
def test_improving_one_answer_never_worsens_the_outcome(items):
    before = LADDER.index(scoring.outcome(items).outcome)

    for place, item in enumerate(items):
        for better in SCORED[SCORED.index(item.answer) + 1 :] if item.answer in SCORED else ():
            after = scoring.outcome([*items[:place], replace(item, answer=better), *items[place + 1 :]])
            assert LADDER.index(after.outcome) >= before


@steady
@given(any_items().filter(bool), st.sampled_from(("", "a reason")), st.data())
def test_one_item_not_assessed_always_blocks(items, exclusion_reason, data):
    silent = data.draw(st.sampled_from(items))
    silenced = [replace(item, answer=Answer.NOT_ASSESSED) if item == silent else item for item in items]

    verdict = scoring.outcome(silenced, exclusion_reason=exclusion_reason)

    assert (verdict.outcome, verdict.because) == (None, ())
    assert scoring.Block("not_assessed", silent.code) in verdict.blocks


@steady
@given(any_items(), st.sampled_from(("", "a reason")))
def test_there_is_an_outcome_with_its_reasons_or_something_that_blocks(items, exclusion_reason):
    verdict = scoring.outcome(items, exclusion_reason=exclusion_reason)

    assert (verdict.outcome is None) == bool(verdict.blocks)
    assert (verdict.outcome is None) == (verdict.because == ())
    assert [block for block in verdict.blocks if block.code != "exclusion_unfounded"] == scoring.blocks(items)


@steady
@given(decidable_items())
def test_recommended_items_alone_never_decline(items):
    recommended = [replace(item, mandatory=False, knock_out=False) for item in items]

    assert scoring.outcome(recommended).outcome is not Outcome.DECLINED


@steady
@given(any_items(), st.randoms(use_true_random=False), st.sampled_from(("", "a reason")))
def test_order_of_the_items_changes_nothing(items, random, exclusion_reason):
    shuffled = random.sample(items, len(items))

    expected = scoring.outcome(items, exclusion_reason=exclusion_reason)

    assert scoring.outcome(shuffled, exclusion_reason=exclusion_reason) == expected
    assert list(expected.scores) == list(CRITERIA)


@steady
@given(any_items())
def test_score_lies_between_0_and_1_and_the_ends_mean_what_they_say(items):
    for criterion, score in scoring.criterion_scores(items).items():
        answers = {item.answer for item in items if item.criterion == criterion} & set(SCORED)
        assert (score is None) == (not answers)
        assert score is None or 0 <= score <= 1
        assert (score == 1) == (answers == {Answer.MET})
        assert (score == 0) == (answers == {Answer.NOT_MET})


@steady
@given(decidable_items())
def test_approved_means_every_mandatory_item_met_and_seven_tenths_everywhere(items):
    verdict = scoring.outcome(items)
    mandatory = {item.answer for item in items if item.mandatory}
    clean = mandatory <= {Answer.MET, Answer.NOT_APPLICABLE}

    enough = all(score >= Fraction(7, 10) for score in verdict.scores.values())

    assert (verdict.outcome is Outcome.APPROVED) == (clean and enough)


@steady
@given(any_items())
def test_not_applicable_leaves_the_score(items):
    without = [item for item in items if item.answer is not Answer.NOT_APPLICABLE]

    assert scoring.criterion_scores(items) == scoring.criterion_scores(without)


@steady
@given(decidable_items())
def test_whole_is_as_good_as_its_worst_criterion(items):
    lines = [scoring.result_of_criterion([i for i in items if i.criterion == name]) for name in CRITERIA]

    reached = scoring.outcome(items).outcome

    assert (reached is Outcome.APPROVED) == (set(lines) == {"met"})
    assert (reached in (Outcome.DECLINED, Outcome.TO_STRENGTHEN)) == ("not_met" in lines)
    assert "not_assessed" not in lines


@steady
@given(decidable_items())
def test_exclusion_needs_a_reason_and_ground(items):
    grounds = [item.code for item in items if item.code in EXCLUSION_ITEMS and item.answer is Answer.NOT_MET]

    verdict = scoring.outcome(items, exclusion_reason="recorded")

    assert scoring.outcome(items, exclusion_reason=" \n").outcome is not Outcome.EXCLUDED
    assert verdict.outcome is (Outcome.EXCLUDED if grounds else None)
    assert verdict.blocks == (() if grounds else (scoring.Block("exclusion_unfounded"),))


@steady
@given(decidable_items(), st.dates(max_value=date(9990, 1, 1)), st.data())
def test_plan_is_accepted_on_its_last_day_and_refused_the_day_after(items, decided_on, data):
    gaps = scoring.outcome(items).gaps
    planned = [gap for gap in gaps if gap.needs_plan]
    last = {gap.item_code: add_months(decided_on, gap.plan_months) for gap in planned}
    late = data.draw(st.sampled_from([0, 1]))

    steps = [PlanStep(code, day + timedelta(days=late)) for code, day in last.items()]

    expected = [PlanProblem("too_late", step.item_code, last[step.item_code], step.due_on) for step in steps]
    assert scoring.plan_problems(gaps, steps, decided_on=decided_on) == (expected if late else [])
    assert {gap.item_code for gap in planned} == {
        item.code for item in items if item.mandatory and item.answer is Answer.PARTIAL and item.plan_months
    }


@steady
@given(decidable_items())
def test_plan_steps_of_the_day_of_the_decision_are_refused(items):
    gaps = [gap for gap in scoring.outcome(items).gaps if gap.needs_plan]
    today = date(2026, 2, 28)

    problems = scoring.plan_problems(gaps, [PlanStep(gap.item_code, today) for gap in gaps], decided_on=today)

    assert [problem.code for problem in problems] == ["not_after_decision"] * len(gaps)
