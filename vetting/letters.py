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
from django.utils import timezone

from ace_partners.core.dates import format_date
from vetting import risk, scoring
from vetting.models import ChecklistItem
from vetting.risk import Assurance
from vetting.scoring import Outcome

RESULTS = {
    "met": "conforme",
    "met_with_conditions": "conforme sous conditions",
    "not_met": "pas encore conforme",
    "not_assessed": "non évalué",
}
ANSWERS = {"partial": "partiel", "not_met": "non conforme", "not_applicable": "sans objet"}
OUTCOMES = {
    "approved": "une approbation",
    "conditional": "une approbation sous conditions",
    "to_strengthen": "un renforcement avant toute approbation",
    "declined": "un refus",
}
# How ACE accompanies the partner. The band and the score behind it stay inside ACE.
OVERSIGHT = {
    Assurance.DESK: "l’étude de vos rapports au bureau",
    Assurance.VISIT_EVERY_TWO_YEARS: "une visite tous les deux ans",
    Assurance.VISIT_EVERY_YEAR: "une visite par an",
    Assurance.VISIT_BEFORE_PAYMENT: "une visite avant le premier versement",
    Assurance.VISIT_EVERY_HALF_YEAR: "une visite par semestre",
    Assurance.TWO_TRANCHES: "des versements en deux tranches",
    Assurance.THREE_TRANCHES: "des versements en trois tranches",
    Assurance.SMALL_TRANCHES: "des versements en petites tranches",
    Assurance.VOUCHERS: "la vérification de vos pièces justificatives",
}


@dataclass(frozen=True)
class GapLine:
    code: str
    question: str
    answer: str
    guidance: str
    action: str
    due_on: str
    responsible: str
    support: str
    evidence: str
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
    """`agreed`: the steps bind both sides; otherwise they say what would change the answer. `rule_outcome` is empty
    where the outcome is the one of the rules."""

    partner: str
    reference: str
    outcome: str
    agreed: bool
    rule_outcome: str
    override_reason: str
    valid_until: str
    oversight: tuple[str, ...]
    review_days: int
    contact: str
    criteria: tuple[CriterionPart, ...]


def decision_letter(dossier, draft, *, items=None, replaces=None, motive=""):
    """The letter as text, paragraphs parted by one empty line. `items`: as examined, where not those of the dossier.

    `replaces`: the decision in force that this one takes the place of, for the reason `motive`.
    """
    items = dossier.assessed_items() if items is None else items
    content = {"content": _letter(dossier, draft, items), "replaces": replaces, "motive": motive}
    if replaces:
        content["replaced_on"] = _day(timezone.localdate(replaces.decided_at))
    text = render_to_string("vetting/letters/decision.txt", content)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _letter(dossier, draft, assessed):
    verdict = scoring.outcome(assessed)
    gaps = _gap_lines(dossier, draft, verdict.gaps)
    in_favour = draft.outcome in (Outcome.APPROVED, Outcome.CONDITIONAL)
    return Letter(
        partner=dossier.partner.name,
        reference=dossier.reference,
        outcome=draft.outcome,
        agreed=draft.outcome in (Outcome.CONDITIONAL, Outcome.TO_STRENGTHEN),
        rule_outcome=OUTCOMES.get(verdict.outcome, "") if draft.override_reason else "",
        override_reason=draft.override_reason,
        valid_until=_day(draft.valid_until),
        oversight=_oversight(draft.band) if in_favour and draft.band else (),
        review_days=settings.ACE_REVIEW_DAYS,
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
    steps = {step.item_code: step for step in draft.steps if step.is_complete}
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
        responsible=step.responsible if step else "",
        support=step.support if step else "",
        evidence=step.evidence_type.name_fr if step and step.evidence_type else "",
        blocks_payment=gap.blocks_payment,
    )


def _oversight(band):
    return tuple(OVERSIGHT[code] for code in risk.oversight(band))


def _day(value: date | None) -> str:
    return format_date(value, "fr") if value else ""
