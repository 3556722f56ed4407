"""The two papers of a dossier: the decision letter for the organisation, the full assessment for ACE's file."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from ace_partners.core.pdf import render_pdf
from vetting.figures import Examination, examination
from vetting.models import OUTCOME_CHOICES
from vetting.risk_facts import RatingFacts

LABELS = dict(OUTCOME_CHOICES)


@dataclass(frozen=True)
class LetterFacts:
    """`text` is the letter as it was approved and mailed, without its first line, which becomes the subject."""

    partner: str
    fictitious: bool
    reference: str
    dossier: str
    decided_on: date
    subject: str
    text: str

    @classmethod
    def of(cls, decision):
        subject, _empty, text = decision.letter.partition("\n")
        return cls(
            partner=decision.partner.name,
            fictitious=decision.partner.is_fictitious,
            reference=decision.reference,
            dossier=decision.dossier.reference,
            decided_on=timezone.localdate(decision.decided_at),
            subject=subject.strip(),
            text=text.strip(),
        )


def decision_letter(facts: LetterFacts) -> bytes:
    """The letter on paper. Raises PdfError."""
    with override("fr"):
        title = _("Decision on your dossier")
    return render_pdf("vetting/pdf/decision.html", {"facts": facts}, title=title, reference=facts.reference)


@dataclass(frozen=True)
class AssessmentFacts:
    partner: str
    fictitious: bool
    reference: str
    kind: str
    status: str
    checklist: int
    examination: Examination
    outcome: str
    override_reason: str
    rating: RatingFacts | None
    proposed_by: str
    proposed_at: datetime | None
    approved_by: str
    decided_at: datetime | None
    declarations: tuple[tuple[str, bool, datetime], ...]

    @classmethod
    def of(cls, dossier):
        decision = dossier.decisions.select_related("proposal__risk__rated_by", "proposed_by", "approved_by").first()
        with override("fr"):
            return cls(
                partner=dossier.partner.name,
                fictitious=dossier.partner.is_fictitious,
                reference=dossier.reference,
                kind=dossier.get_round_display(),
                status=dossier.get_status_display(),
                checklist=dossier.checklist.version,
                examination=examination(dossier),
                outcome=str(LABELS[decision.outcome]) if decision else "",
                override_reason=decision.proposal.override_reason if decision else "",
                rating=RatingFacts.of(decision.proposal.risk if decision else dossier.risk_ratings.first()),
                proposed_by=str(decision.proposed_by) if decision else "",
                proposed_at=decision.proposal.proposed_at if decision else None,
                approved_by=str(decision.approved_by) if decision else "",
                decided_at=decision.decided_at if decision else None,
                declarations=tuple(
                    (str(row.user), row.has_link, row.declared_at)
                    for row in dossier.declarations.select_related("user").order_by("pk")
                ),
            )


def assessment(facts: AssessmentFacts) -> bytes:
    """The whole assessment on paper: every item, finding, reason and page relied on. Internal. Raises PdfError."""
    with override("fr"):
        title = _("Assessment of %(partner)s") % {"partner": facts.partner}
    return render_pdf("vetting/pdf/assessment.html", {"facts": facts}, title=title, reference=facts.reference)
