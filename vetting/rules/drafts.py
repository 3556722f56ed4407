"""A decision before it is one: which outcomes the findings allow, and what is wrong with a draft."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from ace_partners.core.dates import add_months
from vetting import phrases, scoring
from vetting.scoring import Answer, Outcome

IN_FAVOUR = (Outcome.APPROVED, Outcome.CONDITIONAL)
DEFAULT_VALIDITY = 12  # months
LONGEST_VALIDITY = 24  # months
LONGEST_STRENGTHENING = 12  # months until an organisation that is to strengthen is assessed again
REAPPLY_AFTER = 6  # months after a decision "declined"


@dataclass(frozen=True)
class Step:
    """A dated step that closes the gap on one item."""

    item_code: str
    action: str
    due_on: date | None


@dataclass(frozen=True)
class Draft:
    """A decision as it is being proposed: what the rules judge and what the letter is written from."""

    outcome: str
    reasons: dict  # criterion code → the reason the organisation will read
    steps: tuple[Step, ...] = ()
    valid_until: date | None = None
    exclusion_reason: str = ""


def draft_of(proposal):
    """The stored proposal as a Draft."""
    return Draft(
        outcome=proposal.outcome,
        reasons={row.criterion.code: row.reason for row in proposal.criteria.select_related("criterion")},
        steps=tuple(Step(row.item.code, row.action, row.due_on) for row in proposal.steps.select_related("item")),
        valid_until=proposal.valid_until,
        exclusion_reason=proposal.exclusion_reason,
    )


def allowed_verdicts(items):
    """The outcomes that the findings allow: the one that follows, and an exclusion where one can be founded."""
    verdict = scoring.outcome(items)
    allowed = [verdict] if verdict.outcome else []
    excluded = scoring.outcome(items, exclusion_reason="founded") if allowed else None
    if excluded and excluded.outcome:
        allowed.append(excluded)
    return allowed


def gaps_to_plan(outcome, items):
    """The gaps that need a dated step under this outcome: a "no" says what would make it a "yes"."""
    by_code = {item.code: item for item in items}
    gaps = scoring.outcome(items).gaps
    if outcome == Outcome.CONDITIONAL:
        return [gap for gap in gaps if gap.needs_plan]
    if outcome == Outcome.TO_STRENGTHEN:
        return [gap for gap in gaps if by_code[gap.item_code].mandatory and gap.answer != Answer.NOT_APPLICABLE]
    return []


def against_draft(dossier, draft, *, today=None):
    """What is wrong with a decision as drafted: outcome, reasons, steps and dates. Asked again at approval."""
    today = today or timezone.localdate()
    items = dossier.assessed_items()
    return [
        *_against_outcome(items, draft),
        *_against_reasons(dossier, draft),
        *_against_steps(items, draft, today),
        *_against_validity(draft, today),
    ]


def _against_outcome(items, draft):
    if draft.outcome == Outcome.EXCLUDED and not draft.exclusion_reason.strip():
        return [_("Record the reason for the exclusion.")]
    reason = draft.exclusion_reason if draft.outcome == Outcome.EXCLUDED else ""
    verdict = scoring.outcome(items, exclusion_reason=reason)
    if verdict.blocks:
        return phrases.block_sentences(verdict.blocks)
    if verdict.outcome != draft.outcome:
        because = "; ".join(phrases.because_sentences(verdict.because))
        return [_("The findings lead to another outcome: %(because)s.") % {"because": because}]
    return []


def _against_reasons(dossier, draft):
    return [
        _("Criterion %(number)s: write the reason that the organisation will read.") % {"number": criterion.number}
        for criterion in dossier.checklist.criteria.all()
        if not draft.reasons.get(criterion.code, "").strip()
    ]


def _against_steps(items, draft, today):
    steps = [
        scoring.PlanStep(step.item_code, step.due_on) for step in draft.steps if step.due_on and step.action.strip()
    ]
    halves = [step.item_code for step in draft.steps if bool(step.due_on) != bool(step.action.strip())]
    reasons = [_("%(item)s: a step needs both words and a date.") % {"item": code} for code in halves]
    gaps = gaps_to_plan(draft.outcome, items)
    if draft.outcome == Outcome.TO_STRENGTHEN:
        # Re-assessed within 12 months (design §5): the item's own limit is for conditions, not for strengthening.
        gaps = [scoring.Gap(gap.item_code, gap.answer, LONGEST_STRENGTHENING, True, False) for gap in gaps]
    problems = scoring.plan_problems([gap for gap in gaps if gap.item_code not in halves], steps, decided_on=today)
    return [*reasons, *phrases.plan_sentences(problems)]


def _against_validity(draft, today):
    if draft.outcome not in IN_FAVOUR:
        return []
    latest = add_months(today, LONGEST_VALIDITY)
    if draft.valid_until is None or not today < draft.valid_until <= latest:
        return [
            _("The decision is valid until a day after today, %(latest)s at the latest.")
            % {"latest": phrases.day(latest)}
        ]
    return []
