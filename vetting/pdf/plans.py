"""The capacity plan on paper, the same for the organisation and for ACE."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from ace_partners.core.pdf import render_pdf


@dataclass(frozen=True)
class PaperStep:
    code: str
    section: str
    action: str
    gap: str
    responsible: str
    support: str
    evidence: str
    due: str
    status: str
    code_of_status: str
    tone: str
    late: int  # days
    validated_on: date | None
    documents: tuple[str, ...]


@dataclass(frozen=True)
class PaperTraining:
    title: str
    held_on: date
    women: int
    men: int


@dataclass(frozen=True)
class PaperFacts:
    partner: str
    fictitious: bool
    reference: str
    decision: str
    outcome: str
    decided_on: date
    printed_on: date
    in_force: bool
    is_condition: bool
    progress: str
    steps: tuple[PaperStep, ...]
    trainings: tuple[PaperTraining, ...]

    @classmethod
    def of(cls, facts):
        """From `plan_facts.PlanFacts`, in French: the language of the paper."""
        plan, decision = facts.plan, facts.plan.decision
        with override("fr"):
            return cls(
                partner=plan.partner.name,
                fictitious=plan.partner.is_fictitious,
                reference=plan.reference,
                decision=decision.reference,
                outcome=str(decision.get_outcome_display()),
                decided_on=timezone.localdate(decision.decided_at),
                printed_on=timezone.localdate(),
                in_force=facts.in_force,
                is_condition=facts.is_condition,
                progress=facts.progress,
                steps=tuple(_step(row) for row in facts.steps),
                trainings=tuple(
                    PaperTraining(row.session.title, row.session.held_on, row.women, row.men) for row in facts.trainings
                ),
            )


def _step(facts):
    step = facts.step
    return PaperStep(
        code=step.item.code,
        section=step.item.section,
        action=step.action,
        gap=str(facts.gap),
        responsible=step.responsible,
        support=step.support,
        evidence=str(step.evidence_type or ""),
        due=facts.due,
        status=str(step.get_status_display()),
        code_of_status=step.status,
        tone=facts.tone,
        late=facts.late,
        validated_on=timezone.localdate(step.validated_at) if step.validated_at else None,
        documents=tuple(str(row.document) for row in step.evidence.all()),
    )


def plan(facts: PaperFacts) -> bytes:
    """The plan on paper: what was agreed and how far each step is on the day it is printed. Raises PdfError."""
    with override("fr"):
        title = _("Capacity plan of %(partner)s") % {"partner": facts.partner}
    return render_pdf("vetting/pdf/plan.html", {"facts": facts}, title=title, reference=facts.reference)
