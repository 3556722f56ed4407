"""A stored risk rating as the second person, the dossier's page and the assessment PDF show it: read once."""

from dataclasses import dataclass
from datetime import datetime

from vetting import risk, risk_phrases
from vetting.models import RiskRating


@dataclass(frozen=True)
class FactorFacts:
    """`suggested` is None where the file did not tell; `reason` is the officer's, where the scores differ."""

    name: str
    weight: int
    suggested: int | None
    score: int
    anchor: str
    reason: str

    @property
    def differs(self):
        return bool(self.reason) or (self.suggested is not None and self.suggested != self.score)


@dataclass(frozen=True)
class RatingFacts:
    """One rating with its factors, and what its band decides. Never for the organisation's pages."""

    score: int
    band: str
    label: str
    suggested_score: int
    suggested_band: str
    suggested_label: str
    agrees: bool
    comment: str
    overrides: tuple[str, ...]
    oversight: tuple[str, ...]
    review_months: int
    rated_by: str
    rated_at: datetime
    factors: tuple[FactorFacts, ...]

    @classmethod
    def of(cls, rating: RiskRating | None):
        """The facts of a rating; None for none. Two queries."""
        if rating is None:
            return None
        return cls(
            score=rating.score,
            band=rating.band,
            label=rating.get_band_display(),
            suggested_score=rating.suggested_score,
            suggested_band=rating.suggested_band,
            suggested_label=rating.get_suggested_band_display(),
            agrees=rating.agrees,
            comment=rating.comment,
            overrides=tuple(str(risk_phrases.OVERRIDES[code]) for code in rating.overrides),
            oversight=oversight_words(rating.band),
            review_months=risk.review_months(rating.band),
            rated_by=str(rating.rated_by),
            rated_at=rating.rated_at,
            factors=tuple(_factor(row) for row in rating.factors.all()),
        )


def oversight_words(band):
    """How ACE accompanies a partner of this band, in words."""
    return tuple(str(risk_phrases.ASSURANCE[code]) for code in risk.oversight(band))


def _factor(row):
    return FactorFacts(
        name=str(risk_phrases.NAMES[row.code]),
        weight=risk.WEIGHTS[row.code],
        suggested=row.suggested,
        score=row.score,
        anchor=str(risk_phrases.ANCHORS[row.code][row.score]),
        reason=row.reason,
    )
