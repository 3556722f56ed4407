"""A screening on paper: what was compared with which lists, and what was found. Restricted: it names people."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import override

from ace_partners.core.pdf import render_pdf
from vetting.models import SanctionsList, SubjectOutcome
from vetting.rules.screening import missing_lists

TONES = {
    SubjectOutcome.CLEAN: "good",
    SubjectOutcome.CLEARED: "neutral",
    SubjectOutcome.HIT: "watch",
    SubjectOutcome.UNSCREENABLE: "watch",
}


@dataclass(frozen=True)
class ListFacts:
    label: str
    edition_on: date
    sha256: str


@dataclass(frozen=True)
class SubjectFacts:
    kind: str
    text: str
    outcome: str
    label: str
    tone: str
    best_score: Decimal | None


@dataclass(frozen=True)
class ScreeningFacts:
    """One screening, as the page and the paper show it, in the words of the active language."""

    partner: str
    fictitious: bool
    reference: str
    occasion: str
    result: str
    result_label: str
    screened_at: datetime
    screened_by: str
    strong_from: Decimal
    review_from: Decimal
    lists: tuple[ListFacts, ...]
    missing: tuple[str, ...]
    subjects: tuple[SubjectFacts, ...]

    @classmethod
    def of(cls, screening):
        return cls(
            partner=screening.partner.name,
            fictitious=screening.partner.is_fictitious,
            reference=screening.reference,
            occasion=screening.get_reason_display(),
            result=screening.result,
            result_label=screening.get_result_display(),
            screened_at=screening.screened_at,
            screened_by=str(screening.screened_by or ""),
            strong_from=screening.strong_from,
            review_from=screening.review_from,
            lists=tuple(
                ListFacts(str(SanctionsList(row["list"]).label), parse_date(row["date"]), row["sha256"])
                for row in screening.editions
            ),
            missing=tuple(str(label) for label in missing_lists({row["list"] for row in screening.editions})),
            subjects=tuple(
                SubjectFacts(
                    row.get_kind_display(),
                    row.text,
                    row.outcome,
                    row.get_outcome_display(),
                    TONES[row.outcome],
                    row.best_score,
                )
                for row in screening.subjects.all()
            ),
        )


def in_french(screening):
    """The facts of the paper, which is French whatever the reader's language."""
    with override("fr"):
        return ScreeningFacts.of(screening)


def screening_paper(facts: ScreeningFacts) -> bytes:
    """The screening on paper, for ACE's file. Raises PdfError."""
    with override("fr"):
        title = _("Screening of %(partner)s") % {"partner": facts.partner}
    return render_pdf("vetting/pdf/screening.html", {"facts": facts}, title=title, reference=facts.reference)
