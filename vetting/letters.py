"""The text of a decision letter, written from a draft. What is written here once is approved, mailed and printed as it is.

It carries only what is released to the organisation: the reasons per criterion and the steps, in the words of the
public checklist; never a finding's internal reason, never a person's name (the row that keeps it cannot be erased).
It carries no date of its own either: it is written on the day of the proposal and holds on the day of the decision.
"""

import re
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.template.loader import render_to_string

from ace_partners.core.dates import format_date
from vetting import scoring
from vetting.models import ChecklistItem

RESULTS = {
    "met": "conforme",
    "met_with_conditions": "conforme sous conditions",
    "not_met": "pas encore conforme",
    "not_assessed": "non évalué",
}
ANSWERS = {"partial": "partiel", "not_met": "non conforme", "not_applicable": "sans objet"}


@dataclass(frozen=True)
class GapLine:
    code: str
    question: str
    answer: str
    guidance: str
    action: str
    due_on: str
    blocks_payment: bool


@dataclass(frozen=True)
class CriterionPart:
    number: int
    title: str
    result: str
    reason: str
    gaps: tuple[GapLine, ...]


@dataclass(frozen=True)
class Letter:
    partner: str
    reference: str
    outcome: str
    valid_until: str
    contact: str
    criteria: tuple[CriterionPart, ...]


def decision_letter(dossier, draft):
    """The letter as text, paragraphs parted by one empty line."""
    text = render_to_string("vetting/letters/decision.txt", {"content": _letter(dossier, draft)})
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _letter(dossier, draft):
    assessed = dossier.assessed_items()
    gaps = _gap_lines(dossier, draft, scoring.outcome(assessed).gaps)
    return Letter(
        partner=dossier.partner.name,
        reference=dossier.reference,
        outcome=draft.outcome,
        valid_until=_day(draft.valid_until),
        contact=settings.ACE_CONTACT_EMAIL,
        criteria=tuple(
            CriterionPart(
                number=criterion.number,
                title=criterion.title_fr,
                result=RESULTS[scoring.result_of_criterion(i for i in assessed if i.criterion == criterion.code)],
                reason=draft.reasons.get(criterion.code, "").strip(),
                gaps=tuple(gaps.get(criterion.code, ())),
            )
            for criterion in dossier.checklist.criteria.all()
        ),
    )


def _gap_lines(dossier, draft, gaps):
    """criterion code → the lines of its gaps, in checklist order."""
    items = {item.code: item for item in dossier.items}
    steps = {step.item_code: step for step in draft.steps if step.action and step.due_on}
    lines = {}
    for gap in gaps:
        item = items[gap.item_code]
        lines.setdefault(item.criterion.code, []).append(_gap_line(gap, item, steps.get(item.code)))
    return lines


def _gap_line(gap: scoring.Gap, item: ChecklistItem, step) -> GapLine:
    return GapLine(
        code=item.code,
        question=item.question_fr,
        answer=ANSWERS[gap.answer],
        guidance=item.guidance_fr,
        action=step.action if step else "",
        due_on=_day(step.due_on) if step else "",
        blocks_payment=gap.blocks_payment,
    )


def _day(value: date | None) -> str:
    return format_date(value, "fr") if value else ""
