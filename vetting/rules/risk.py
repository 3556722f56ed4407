"""The risk rating: what the machine suggests from the findings, and what is wrong with an officer's own scores.

The suggestion follows the table LINKS: of the items linked to a factor, the worst finding decides. What the file does
not tell stays None and counts as 1. Flags count once they are substantiated: before, the organisation has not been heard.
"""

from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ace_partners.core.dates import ApproxDate, whole_months
from partners.models import OrganisationType, PlaceKind
from vetting import risk, risk_phrases
from vetting.models import FINDING_CHOICES, FindingEvidence, FlagCategory, FlagSeverity, FlagStatus, FlagTone
from vetting.renewal import RenewalFacts
from vetting.scoring import Answer

# factor → item of checklist 1 → what "partly met" and "not met" are worth; "met" is worth 0.
LINKS = {
    "R1": {"C1.1": (2, 3), "C1.2": (1, 3)},
    "R2": {"C1.4": (2, 3), "C1.5": (1, 2), "C1.6": (1, 2)},
    "R3": {"C1.7": (2, 3), "C3.2": (1, 2), "C3.3": (1, 2), "C3.6": (1, 1)},
    "R4": {"C1.8": (1, 2), "C2.8": (1, 2)},
    "R5": {"C2.5": (2, 3), "C2.6": (2, 3), "C2.7": (2, 3)},
    "R6": {},
    "R7": {"C3.7": (1, 3)},
}
SITE_ITEM, SAFEGUARDING_ITEM = "C2.5", "C1.8"
SITE_PAPERS, CHILD_POLICY = ("ZEA_ACTE", "AUT_TITULAIRE"), ("POL_PE",)

# Where a substantiated concern counts; every other category counts for integrity.
FLAG_FACTORS = {
    FlagCategory.GOVERNANCE: "R1",
    FlagCategory.FINANCE: "R3",
    FlagCategory.SAFEGUARDING: "R4",
    FlagCategory.ACCIDENT: "R5",
    FlagCategory.REPORTING: "R7",
}
FLAG_WORTH = {FlagSeverity.INFO: 0, FlagSeverity.WATCH: 2, FlagSeverity.SERIOUS: 3}
REPORTS_LATE_WORTH = (0, 1)  # none, one; from two on the factor is at its height
FINDINGS = dict(FINDING_CHOICES)


@dataclass(frozen=True)
class Factor:
    """One factor as suggested: `score` is None where the file does not tell; `why` are sentences."""

    code: str
    score: int | None
    why: tuple[str, ...]

    @property
    def counted(self):
        return risk.UNKNOWN if self.score is None else self.score

    @property
    def name(self):
        return risk_phrases.NAMES[self.code]

    @property
    def weight(self):
        return risk.WEIGHTS[self.code]

    @property
    def anchor(self):
        """What the counted score stands for; "" while nobody can tell."""
        return "" if self.score is None else risk_phrases.ANCHORS[self.code][self.score]


@dataclass(frozen=True)
class Suggestion:
    factors: tuple[Factor, ...]
    facts: risk.Facts
    rating: risk.Rating = field(init=False)

    def __post_init__(self):
        object.__setattr__(self, "rating", risk.rate(self.scores, self.facts))

    @property
    def scores(self):
        """factor → what it counts."""
        return {factor.code: factor.counted for factor in self.factors}

    @property
    def suggested(self):
        """factor → the suggested score, None where the file does not tell."""
        return {factor.code: factor.score for factor in self.factors}

    @property
    def unknown(self):
        """What the overriding rules would need and nobody knows."""
        if self.facts.months_old is not None:
            return ()
        return (_("The date of foundation is not known: whether the organisation is young cannot be told."),)


@dataclass(frozen=True)
class Disagreement:
    """Where the officer departs from the suggestion: other scores, the reason for each, and why on the whole."""

    scores: dict = field(default_factory=dict)
    reasons: dict = field(default_factory=dict)
    comment: str = ""


def rate(suggestion, disagreement=None):
    """The rating in force: the suggestion's, or the officer's own scores under the same overriding rules."""
    own = disagreement.scores if disagreement else {}
    return risk.rate({**suggestion.scores, **own}, suggestion.facts)


def faults(suggestion, disagreement):
    """What is wrong with a disagreement: (where, sentence) pairs, where a factor, "why_" and a factor, or "comment"."""
    suggested = suggestion.suggested
    changed = {code for code, score in disagreement.scores.items() if score != suggested[code]}
    found = []
    for code in risk.WEIGHTS:
        named = {"factor": risk_phrases.NAMES[code]}
        if suggested[code] is None and code not in disagreement.scores:
            found.append((code, _("%(factor)s: the file does not tell; choose a score yourself.") % named))
        if code in changed and not disagreement.reasons.get(code, "").strip():
            found.append((f"why_{code}", _("%(factor)s: say why, in one sentence.") % named))
        if code not in changed and disagreement.reasons.get(code, "").strip():
            found.append((code, _("%(factor)s: you give a reason; choose another score too.") % named))
    if not disagreement.comment.strip():
        found.append(("comment", _("Say why you do not agree with the rating.")))
    if not changed:
        found.append(("comment", _("You do not agree, and change no score: change one, or empty this field.")))
    return found


def against_disagreement(suggestion, disagreement):
    """The sentences of `faults`; [] for an officer who agrees."""
    return [sentence for _where, sentence in faults(suggestion, disagreement)] if disagreement else []


def suggest(dossier, today=None):
    """Read the file of one dossier and suggest its seven scores; the number of queries does not depend on its size."""
    file = _read(dossier, today or timezone.localdate())
    return Suggestion(tuple(_factor(code, file) for code in risk.WEIGHTS), _facts(dossier, file))


@dataclass(frozen=True)
class _File:
    """What the suggestion looks at."""

    answers: dict  # item code → Answer, of the items asked
    kinds: frozenset  # of the organisation's places
    flags: tuple  # substantiated concerns
    open_hit: bool
    papers: frozenset  # types of the papers that findings rely on, valid today
    renewal: RenewalFacts | None
    today: object

    @property
    def home(self):
        return PlaceKind.HOME in self.kinds


def _read(dossier, today):
    partner = dossier.partner
    concerns = partner.flags.filter(status=FlagStatus.SUBSTANTIATED, tone=FlagTone.CONCERN)
    evidence = FindingEvidence.objects.filter(finding__dossier=dossier).exclude(document__valid_until__lt=today)
    snapshot = dossier.snapshots.first()
    return _File(
        answers={item.code: item.answer for item in dossier.assessed_items()},
        kinds=frozenset(partner.places.values_list("kind", flat=True)),
        flags=tuple(concerns),
        open_hit=partner.hits.holding().exists(),
        papers=frozenset(evidence.values_list("document__type__code", flat=True)),
        renewal=RenewalFacts.from_json(snapshot.facts) if snapshot else None,
        today=today,
    )


def _facts(dossier, file):
    return risk.Facts(
        home=file.home,
        child_policy=_shown(file, SAFEGUARDING_ITEM, CHILD_POLICY),
        on_site_cooperative=dossier.organisation_type == OrganisationType.COOPERATIVE,
        site_right=_shown(file, SITE_ITEM, SITE_PAPERS),
        months_old=_months_old(dossier.partner.founded, file.today),
        late_reports=_late(file.renewal) if file.renewal else None,
        open_hit=file.open_hit,
    )


def _shown(file, item, papers):
    """Met in the examiner's eyes, or a valid paper of this kind that a finding relies on: an unread upload is neither."""
    return file.answers.get(item) == Answer.MET or not file.papers.isdisjoint(papers)


def _months_old(founded, today):
    """Age in whole months by the latest day the date can mean, 0 for one to come; None while the date is not known."""
    if not founded:
        return None
    day = ApproxDate.from_code(founded).latest()
    return whole_months(day, today) if day <= today else 0


def _late(renewal):
    """Reports that came late or never came."""
    return len(renewal.reports_late) + renewal.reports_missing


def _factor(code, file):
    """The worst of what speaks for this factor, with each reason; None when nothing does."""
    found = [*_from_findings(code, file), *_from_flags(code, file), *MORE.get(code, _nothing)(file)]
    found = MENDED.get(code, _as_it_is)(found, file)
    if not found:
        return Factor(code, None, (risk_phrases.unknown(),))
    worst = max(score for score, _sentence in found)
    speaking = [sentence for score, sentence in found if score == worst or score > 0]
    return Factor(code, worst, (*dict.fromkeys(speaking), *_not_in_the_file(code)))


def _not_in_the_file(code):
    """What the anchors of a factor speak of and no row holds: the officer has to think of it."""
    return [_("The share of the grant in the yearly budget is not in the file.")] if code == "R3" else []


def _from_findings(code, file):
    """(score, sentence) of each linked item that was asked and assessed."""
    found = []
    for item, (partial, not_met) in LINKS[code].items():
        worth = {Answer.MET: 0, Answer.PARTIAL: partial, Answer.NOT_MET: not_met}
        answer = file.answers.get(item)
        if answer in worth:
            found.append((worth[answer], f"{item}\u00a0: {str(FINDINGS[answer]).lower()}"))
    return found


def _from_flags(code, file):
    return [
        (FLAG_WORTH[flag.severity], _("Substantiated flag: %(about)s.") % {"about": flag.get_category_display()})
        for flag in file.flags
        if FLAG_FACTORS.get(flag.category, "R2") == code and FLAG_WORTH[flag.severity]
    ]


def _nothing(file):
    return []


def _as_it_is(found, file):
    return found


def _hits(file):
    return [(risk.HIGHEST, _("A match with a sanctions list is open or confirmed."))] if file.open_hit else []


def _reports(file):
    if file.renewal is None or file.renewal.reports_due == 0:
        return []
    late, due = _late(file.renewal), file.renewal.reports_due
    words = ngettext("%(late)s of %(due)s report late or missing.", "%(late)s of %(due)s reports late or missing.", due)
    return [((*REPORTS_LATE_WORTH, risk.HIGHEST)[min(late, 2)], words % {"late": late, "due": due})]


def _with_home(found, file):
    """Weak protection weighs more where children live; with protection complete, it does not."""
    if not file.home or not any(score for score, _sentence in found):
        return found
    worst = max(score for score, _sentence in found)
    return [*found, (min(worst + 1, risk.HIGHEST), _("Children live in a residential home."))]


def _on_site(found, file):
    """Off site is 0; on site is 1 at least; a site that the checklist asked nothing about is not known."""
    asked = any(item in file.answers for item in LINKS["R5"])
    if not asked and PlaceKind.MINE_SITE not in file.kinds:
        return found or [(0, _("No work on a mine site."))]
    return [*found, (1, _("Works on a mine site."))] if found else []


MORE = {"R2": _hits, "R7": _reports}
MENDED = {"R4": _with_home, "R5": _on_site}
