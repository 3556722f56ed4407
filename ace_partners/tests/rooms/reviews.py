"""The addresses of this room, for the role × URL × object matrix: measures, reviews, decisions that replace others."""

from vetting.models import DecisionReview, Measure
from vetting.tests.factories import ProposalFactory

MATRIX: dict[str, str] = {
    **dict.fromkeys(["vetting:measures", "vetting:measure", "vetting:measure_return"], "34444222424"),
    "vetting:measure_approve": "35555555555",
    "vetting:review_list": "34444222422",
    **dict.fromkeys(["vetting:review", "vetting:review_uphold"], "34444222424"),
    "vetting:review_hear": "35555555555",
    **dict.fromkeys(["vetting_space:review_ask", "vetting_space:review"], "32224444444"),
    "vetting_space:review_withdraw": "35555555555",
    **dict.fromkeys(["vetting:replace", "vetting:replacement", "vetting:replacement_return"], "34444222424"),
    "vetting:replacement_approve": "35555555555",
}


def addresses(people, rows):
    """A measure that waits and a review that was asked, both of the own organisation."""
    partner, decision = rows["partner"], rows["decision"]
    measure = Measure.objects.create(
        partner=partner, kind="end", reason="Fin du projet.", proposed_by=people["reviewer"]
    )
    review = DecisionReview.objects.create(decision=decision, grounds="Page 3.", asked_by=people["signatory"])
    proposal = ProposalFactory(
        dossier=decision.dossier,
        proposed_by=people["reviewer"],
        kind="exclusion",
        outcome="excluded",
        motive="Fait établi.",
        replaces=decision,
    )
    return {
        "vetting:replace": [decision.pk],
        **dict.fromkeys(
            ["vetting:replacement", "vetting:replacement_approve", "vetting:replacement_return"], [proposal.pk]
        ),
        "vetting:measures": [partner.slug],
        **dict.fromkeys(["vetting:measure", "vetting:measure_approve", "vetting:measure_return"], [measure.pk]),
        **dict.fromkeys(["vetting:review", "vetting:review_hear", "vetting:review_uphold"], [review.pk]),
        "vetting_space:review_ask": [decision.pk],
        **dict.fromkeys(["vetting_space:review", "vetting_space:review_withdraw"], [review.pk]),
    }
