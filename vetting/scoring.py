"""The rules of due diligence as pure arithmetic: findings in, outcome out (design §5).

No ORM, no request, no clock and no translation: codes come out, the layers above turn them into sentences.
Scores are exact fractions, because 70 % is a limit that decides about people and 0.7 is not a number floats know.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Literal, Protocol

from ace_partners.core.dates import add_months

CRITERIA = ("C1", "C2", "C3", "C4")
ORGANISATION_TYPES = ("cbo", "cso", "ngo", "ingo", "cooperative")
AREAS = ("mine_sites", "children", "savings", "livelihoods")
ROUNDS = ("initial", "renewal")

# The items that design §5 names: who leads is asked again rather than declined; three findings can ground an exclusion.
ASKED_AGAIN = "C1.3"
EXCLUSION_ITEMS = ("C1.4", "C1.8", "C2.6")

HALF = Fraction(1, 2)
SEVEN_TENTHS = Fraction(7, 10)

CriterionResult = Literal["met", "met_with_conditions", "not_met", "not_assessed"]


class Answer(StrEnum):
    MET = "met"
    PARTIAL = "partial"
    NOT_MET = "not_met"
    NOT_APPLICABLE = "not_applicable"
    NOT_ASSESSED = "not_assessed"


# An answer without points leaves the score: it counts neither for nor against.
POINTS = {Answer.MET: 2, Answer.PARTIAL: 1, Answer.NOT_MET: 0}


class Outcome(StrEnum):
    APPROVED = "approved"
    CONDITIONAL = "conditional"
    TO_STRENGTHEN = "to_strengthen"
    DECLINED = "declined"
    EXCLUDED = "excluded"


class BlockCode(StrEnum):
    NOT_ASSESSED = "not_assessed"
    ASKED_AGAIN = "asked_again"
    NOT_APPLICABLE_WITHOUT_REASON = "not_applicable_without_reason"
    NOT_APPLICABLE_KNOCK_OUT = "not_applicable_knock_out"
    NOTHING_SCORED = "nothing_scored"
    EXCLUSION_UNFOUNDED = "exclusion_unfounded"


class BecauseCode(StrEnum):
    EXCLUSION_RECORDED = "exclusion_recorded"
    NO_PLAN_POSSIBLE = "no_plan_possible"
    MANDATORY_NOT_MET = "mandatory_not_met"
    CRITERION_BELOW_HALF = "criterion_below_half"
    MANDATORY_PARTIAL = "mandatory_partial"
    CRITERION_BELOW_SEVEN_TENTHS = "criterion_below_seven_tenths"
    ALL_MET = "all_met"


# Strictest first. An exclusion stands beside it: nothing leads there but a recorded reason.
LADDER = (Outcome.DECLINED, Outcome.TO_STRENGTHEN, Outcome.CONDITIONAL, Outcome.APPROVED)
SCORE_ALONE = frozenset({BecauseCode.CRITERION_BELOW_HALF, BecauseCode.CRITERION_BELOW_SEVEN_TENTHS})


class PlanProblemCode(StrEnum):
    NO_STEP = "no_step"
    NOT_AFTER_DECISION = "not_after_decision"
    TOO_LATE = "too_late"


class Askable(Protocol):
    """What decides whether an item is asked; the file's item and the model's both answer to it."""

    @property
    def organisation_types(self) -> Collection[str]: ...
    @property
    def areas(self) -> Collection[str]: ...
    @property
    def rounds(self) -> Collection[str]: ...


@dataclass(frozen=True)
class Assessed:
    """One applicable item with its finding. `knock_out` is already resolved for this organisation's type.

    A plain string answer is accepted and becomes an Answer. ValueError for what could only be a programming mistake
    and would otherwise pass silently: an unknown answer or criterion, a weight under 1, a recommended knock-out.
    """

    code: str
    criterion: str
    mandatory: bool
    knock_out: bool
    plan_months: int
    weight: int
    answer: Answer
    blocks_payment: bool
    reason: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "answer", Answer(self.answer))
        if self.criterion not in CRITERIA:
            raise ValueError(f"{self.code}: unknown criterion {self.criterion!r}")
        if self.weight < 1 or self.plan_months < 0:
            raise ValueError(f"{self.code}: weight must be at least 1 and plan_months at least 0")
        if self.knock_out and not self.mandatory:
            raise ValueError(f"{self.code}: a recommended item cannot be a knock-out")


@dataclass(frozen=True)
class Block:
    """What stands in the way of any decision: an item, or a criterion with nothing scored."""

    code: BlockCode
    item_code: str = ""
    criterion: str = ""


@dataclass(frozen=True)
class Because:
    """Why this outcome and not a better one: the item codes or the criteria that decided."""

    code: BecauseCode
    items: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()


@dataclass(frozen=True)
class Gap:
    """What is left to do on one item: `needs_plan` for a dated step, `blocks_payment` for no money until it is met."""

    item_code: str
    answer: Answer
    plan_months: int
    needs_plan: bool
    blocks_payment: bool


@dataclass(frozen=True)
class Verdict:
    """`outcome` is None while `blocks` is not empty; scores and gaps are there in either case."""

    outcome: Outcome | None
    blocks: tuple[Block, ...]
    because: tuple[Because, ...]
    scores: dict[str, Fraction | None]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class PlanStep:
    item_code: str
    due_on: date


@dataclass(frozen=True)
class PlanProblem:
    """`latest` is the last day the step may be due; `due_on` is None when there is no step at all."""

    code: PlanProblemCode
    item_code: str
    latest: date
    due_on: date | None = None


def item_applies(item: Askable, *, organisation_type: str, areas: Collection[str], round: str) -> bool:
    """Whether the checklist asks this item of such an organisation in this round ("initial" or "renewal").

    Cooperatives always get the mine-site items, whatever areas they declare. ValueError for an unknown type or round:
    a slip there would quietly ask nothing.
    """
    if organisation_type not in ORGANISATION_TYPES or round not in ROUNDS:
        raise ValueError(f"unknown organisation type or round: {organisation_type!r}, {round!r}")
    declared = {*areas, "mine_sites"} if organisation_type == "cooperative" else set(areas)
    return (
        organisation_type in item.organisation_types
        and (not item.rounds or round in item.rounds)
        and (not item.areas or not declared.isdisjoint(item.areas))
    )


def criterion_scores(items: Iterable[Assessed]) -> dict[str, Fraction | None]:
    """Σ weight·points / Σ 2·weight per criterion, from 0 to 1, over the items that have points.

    All four criteria are there, in order; None where nothing is scored, which is not the same as 0.
    """
    reached, possible = dict.fromkeys(CRITERIA, 0), dict.fromkeys(CRITERIA, 0)
    for item in items:
        if item.answer in POINTS:
            reached[item.criterion] += item.weight * POINTS[item.answer]
            possible[item.criterion] += item.weight * POINTS[Answer.MET]
    return {name: Fraction(reached[name], possible[name]) if possible[name] else None for name in CRITERIA}


def blocks(items: Iterable[Assessed]) -> list[Block]:
    """What blocks any decision at all, exclusion included: items in checklist order, then criteria."""
    items = _in_order(items)
    unscored = [name for name, score in criterion_scores(items).items() if score is None]
    return [
        *_item_blocks(items),
        *(Block(BlockCode.NOTHING_SCORED, criterion=name) for name in unscored),
    ]


def outcome(items: Iterable[Assessed], *, exclusion_reason: str = "") -> Verdict:
    """The outcome of a round from its applicable items; the first match of design §5 wins.

    An exclusion is never inferred: it happens only when the caller records a reason for it, and is refused as a block
    when no item that can ground one (sanctions, covered-up abuse, armed-group link) is not met. Without that reason
    the same finding follows the ordinary rules. ValueError if an item is there twice.
    """
    items = _in_order(items)
    scores = criterion_scores(items)
    gaps = tuple(_gap(item) for item in items if _is_gap(item))
    in_the_way = blocks(items)
    excluding = bool(exclusion_reason.strip())
    grounds = tuple(item.code for item in items if item.code in EXCLUSION_ITEMS and item.answer is Answer.NOT_MET)
    if excluding and not grounds:
        in_the_way.append(Block(BlockCode.EXCLUSION_UNFOUNDED))
    if in_the_way:
        return Verdict(None, tuple(in_the_way), (), scores, gaps)
    if excluding:
        return Verdict(Outcome.EXCLUDED, (), (Because(BecauseCode.EXCLUSION_RECORDED, grounds),), scores, gaps)
    reached, because = _first_match(items, scores)
    return Verdict(reached, (), because, scores, gaps)


def overrides(verdict: Verdict) -> tuple[Outcome, ...]:
    """The other outcomes that a person may propose with a written reason, from the strictest to the most lenient.

    Stricter is always open, an exclusion apart, which is recorded or not; conditional only where a gap is left to hang
    a condition on. More lenient by one step only, and only where a score alone stands in the way: a knock-out, a
    mandatory item that no plan may close, or one not met, would be a reason of its own. A "no" is never talked away.
    """
    if verdict.outcome not in (Outcome.APPROVED, Outcome.CONDITIONAL, Outcome.TO_STRENGTHEN):
        return ()
    place = LADDER.index(verdict.outcome)
    stricter = [outcome for outcome in LADDER[:place] if outcome is not Outcome.CONDITIONAL or verdict.gaps]
    only_a_score = {reason.code for reason in verdict.because} <= SCORE_ALONE
    return (*stricter, *(LADDER[place + 1 : place + 2] if only_a_score else ()))


def result_of_criterion(items_of_criterion: Iterable[Assessed]) -> CriterionResult:
    """The public line of one criterion, by the rules that decide the whole, so that both always agree.

    Anything that would block a decision, and a criterion with nothing scored, reads "not_assessed".
    ValueError if the items are of several criteria.
    """
    items = _in_order(items_of_criterion)
    if len({item.criterion for item in items}) > 1:
        raise ValueError("the items of one criterion are needed, these are of several")
    scores = {name: score for name, score in criterion_scores(items).items() if score is not None}
    if not scores or _item_blocks(items):
        return "not_assessed"
    reached, _because = _first_match(items, scores)
    if reached is Outcome.APPROVED:
        return "met"
    return "met_with_conditions" if reached is Outcome.CONDITIONAL else "not_met"


def plan_problems(gaps: Iterable[Gap], steps: Sequence[PlanStep], *, decided_on: date) -> list[PlanProblem]:
    """What is wrong with a capacity plan: every gap that needs a plan has a step, and all its steps are due in time.

    In time: after the day of the decision and no later than `plan_months` calendar months after it (31 January plus
    one month is 28 or 29 February). Steps on other gaps are free help and are not judged.
    """
    problems = []
    for gap in gaps:
        if not gap.needs_plan:
            continue
        latest = add_months(decided_on, gap.plan_months)
        due_dates = [step.due_on for step in steps if step.item_code == gap.item_code]
        if not due_dates:
            problems.append(PlanProblem(PlanProblemCode.NO_STEP, gap.item_code, latest))
        for due_on in due_dates:
            if due_on <= decided_on:
                problems.append(PlanProblem(PlanProblemCode.NOT_AFTER_DECISION, gap.item_code, latest, due_on))
            elif due_on > latest:
                problems.append(PlanProblem(PlanProblemCode.TOO_LATE, gap.item_code, latest, due_on))
    return problems


def _first_match(
    items: Sequence[Assessed], scores: Mapping[str, Fraction | None]
) -> tuple[Outcome, tuple[Because, ...]]:
    """Declined, to strengthen, conditional or approved, for items that nothing blocks.

    A score between 50 % and 70 % is conditional even when no mandatory gap is left (recommended items can pull it
    down): design §5 grants approval only from 70 %, and below 50 % only does it ask to strengthen.
    """
    mandatory = [item for item in items if item.mandatory]
    not_met = tuple(item.code for item in mandatory if item.answer is Answer.NOT_MET)
    partial = tuple(item.code for item in mandatory if item.answer is Answer.PARTIAL)
    # C1.3 has plan_months 0 too, but never gets here with a gap: it blocks and is asked again.
    final = tuple(item.code for item in mandatory if item.plan_months == 0 and item.code in not_met + partial)
    below_half = tuple(name for name, score in scores.items() if score is not None and score < HALF)
    below_seven_tenths = tuple(name for name, score in scores.items() if score is not None and score < SEVEN_TENTHS)
    ladder = [
        (Outcome.DECLINED, [Because(BecauseCode.NO_PLAN_POSSIBLE, items=final)]),
        (
            Outcome.TO_STRENGTHEN,
            [
                Because(BecauseCode.MANDATORY_NOT_MET, items=not_met),
                Because(BecauseCode.CRITERION_BELOW_HALF, criteria=below_half),
            ],
        ),
        (
            Outcome.CONDITIONAL,
            [
                Because(BecauseCode.MANDATORY_PARTIAL, items=partial),
                Because(BecauseCode.CRITERION_BELOW_SEVEN_TENTHS, criteria=below_seven_tenths),
            ],
        ),
    ]
    for reached, reasons in ladder:
        if because := tuple(reason for reason in reasons if reason.items or reason.criteria):
            return reached, because
    return Outcome.APPROVED, (Because(BecauseCode.ALL_MET),)


def _item_blocks(items: Iterable[Assessed]) -> list[Block]:
    return [Block(code, item_code=item.code) for item in items if (code := _block_of(item))]


def _block_of(item: Assessed) -> BlockCode | None:
    if item.answer is Answer.NOT_ASSESSED:
        return BlockCode.NOT_ASSESSED
    if item.answer is Answer.NOT_APPLICABLE and item.knock_out:
        return BlockCode.NOT_APPLICABLE_KNOCK_OUT
    if item.answer is Answer.NOT_APPLICABLE and not item.reason.strip():
        return BlockCode.NOT_APPLICABLE_WITHOUT_REASON
    if item.code == ASKED_AGAIN and item.answer in (Answer.PARTIAL, Answer.NOT_MET):
        return BlockCode.ASKED_AGAIN
    return None


def _is_gap(item: Assessed) -> bool:
    # "No disbursement until met" is meant literally: not applicable does not open the purse either.
    return item.answer in (Answer.PARTIAL, Answer.NOT_MET) or (item.blocks_payment and item.answer is not Answer.MET)


def _gap(item: Assessed) -> Gap:
    needs_plan = item.mandatory and item.answer is Answer.PARTIAL and item.plan_months > 0
    return Gap(item.code, item.answer, item.plan_months, needs_plan, item.blocks_payment)


def _in_order(items: Iterable[Assessed]) -> list[Assessed]:
    """Items by number, C1.10 after C1.9, so that the same findings always read the same way."""
    ordered = sorted(items, key=lambda item: ([int(number) for number in re.findall(r"\d+", item.code)], item.code))
    if len({item.code for item in ordered}) < len(ordered):
        raise ValueError("an item is assessed twice")
    return ordered
