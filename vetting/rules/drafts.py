"""A decision before it is one: which outcomes the findings allow, and what is wrong with a draft."""

from dataclasses import dataclass, replace
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from ace_partners.core.dates import add_months
from partners.models import DocumentType
from vetting import phrases, risk, scoring
from vetting.scoring import Answer, Outcome

IN_FAVOUR = (Outcome.APPROVED, Outcome.CONDITIONAL)
WITH_STEPS = (Outcome.CONDITIONAL, Outcome.TO_STRENGTHEN)
LONGEST_VALIDITY = 24  # months, where no risk rating shortens it
LONGEST_STRENGTHENING = 12  # months until an organisation that is to strengthen is assessed again
REAPPLY_AFTER = 6  # months after a decision "declined"


@dataclass(frozen=True)
class Step:
    """A dated step that closes the gap on one item: who does it, who helps, which paper will show it."""

    item_code: str
    action: str
    due_on: date | None
    responsible: str = ""
    support: str = ""
    evidence_type: DocumentType | None = None

    @property
    def is_complete(self):
        return bool(self.action.strip() and self.due_on)

    @property
    def is_started(self):
        """Whether anything was written at all: half a step is asked back, an empty one is none."""
        return bool(self.action.strip() or self.due_on or self.responsible.strip() or self.support.strip())


@dataclass(frozen=True)
class Draft:
    """A decision as it is being proposed: what the rules judge and what the letter is written from."""

    outcome: str
    reasons: dict  # criterion code → the reason the organisation will read
    steps: tuple[Step, ...] = ()
    valid_until: date | None = None
    exclusion_reason: str = ""
    override_reason: str = ""
    band: str = ""  # of the risk rating; "" where there is none


def draft_of(proposal):
    """The stored proposal as a Draft."""
    return Draft(
        outcome=proposal.outcome,
        reasons={row.criterion.code: row.reason for row in proposal.criteria.select_related("criterion")},
        steps=tuple(_step_of(row) for row in proposal.steps.select_related("item", "evidence_type")),
        valid_until=proposal.valid_until,
        exclusion_reason=proposal.exclusion_reason,
        override_reason=proposal.override_reason,
        band=proposal.risk.band if proposal.risk else "",
    )


def _step_of(row):
    return Step(row.item.code, row.action, row.due_on, row.responsible, row.support, row.evidence_type)


def allowed_verdicts(items):
    """The outcomes that the findings allow: the one that follows, and an exclusion where one can be founded."""
    verdict = scoring.outcome(items)
    allowed = [verdict] if verdict.outcome else []
    excluded = scoring.outcome(items, exclusion_reason="founded") if allowed else None
    if excluded and excluded.outcome:
        allowed.append(excluded)
    return allowed


def allowed_overrides(items):
    """The other outcomes that may be proposed with a reason (`scoring.overrides`)."""
    return scoring.overrides(scoring.outcome(items))


def gaps_to_plan(outcome, items):
    """The gaps that need a dated step under this outcome: a "no" says what would make it a "yes"."""
    by_code = {item.code: item for item in items}
    gaps = scoring.outcome(items).gaps
    if outcome == Outcome.CONDITIONAL:
        return [gap for gap in gaps if gap.needs_plan]
    if outcome == Outcome.TO_STRENGTHEN:
        return [gap for gap in gaps if by_code[gap.item_code].mandatory and gap.answer != Answer.NOT_APPLICABLE]
    return []


def longest_validity(band):
    """Months that a decision in favour may hold: until the organisation is looked at again (domain.md §3)."""
    return risk.review_months(band) if band else LONGEST_VALIDITY


def against_draft(dossier, draft, *, today=None, items=None):
    """What is wrong with a decision as drafted: outcome, reasons, steps and dates. Asked again at approval.

    `items`: the assessed items, where they are not those of the dossier.
    """
    today = today or timezone.localdate()
    items = dossier.assessed_items() if items is None else items
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
    if verdict.outcome == draft.outcome:
        return _against_needless_reason(draft)
    if draft.outcome not in scoring.overrides(verdict):
        because = "; ".join(phrases.because_sentences(verdict.because))
        return [_("The findings lead to another outcome: %(because)s.") % {"because": because}]
    if not draft.override_reason.strip():
        return [
            _("The findings lead to another outcome: say why you depart from it; the organisation reads the reason.")
        ]
    return []


def _against_needless_reason(draft):
    if not draft.override_reason.strip():
        return []
    return [_("You give a reason for departing from the findings, and propose the outcome that they lead to.")]


def _against_reasons(dossier, draft):
    return [
        _("Criterion %(number)s: write the reason that the organisation will read.") % {"number": criterion.number}
        for criterion in dossier.checklist.criteria.all()
        if not draft.reasons.get(criterion.code, "").strip()
    ]


def _against_steps(items, draft, today):
    steps = [scoring.PlanStep(step.item_code, step.due_on) for step in draft.steps if step.is_complete]
    halves = [step.item_code for step in draft.steps if step.is_started and not step.is_complete]
    reasons = [_("%(item)s: a step needs both words and a date.") % {"item": code} for code in halves]
    gaps = gaps_to_plan(draft.outcome, items)
    if draft.outcome == Outcome.CONDITIONAL:
        if not (gaps or steps or halves):
            reasons.append(_("An approval with conditions needs one: write at least one step and its date."))
        gaps = [*gaps, *_other_conditions(gaps, steps, items)]
    if draft.outcome == Outcome.TO_STRENGTHEN:
        # Re-assessed within 12 months (design §5): the item's own limit is for conditions, not for strengthening.
        gaps = [scoring.Gap(gap.item_code, gap.answer, LONGEST_STRENGTHENING, True, False) for gap in gaps]
    problems = scoring.plan_problems([gap for gap in gaps if gap.item_code not in halves], steps, decided_on=today)
    return [*reasons, *phrases.plan_sentences(problems)]


def _other_conditions(gaps, steps, items):
    """The gaps that need no step and got one all the same: once it is a condition, its date counts like the others."""
    needed, written = {gap.item_code for gap in gaps}, {step.item_code for step in steps}
    return [
        replace(gap, needs_plan=True, plan_months=gap.plan_months or LONGEST_STRENGTHENING)
        for gap in scoring.outcome(items).gaps
        if gap.item_code in written - needed
    ]


def _against_validity(draft, today):
    if draft.outcome not in IN_FAVOUR:
        return []
    latest = add_months(today, longest_validity(draft.band))
    if draft.valid_until is None or not today < draft.valid_until <= latest:
        return [
            _("The decision is valid until a day after today, %(latest)s at the latest.")
            % {"latest": phrases.day(latest)}
        ]
    return []
