"""The addresses of this room, for the role × URL × object matrix."""

from vetting.tests.factories_evidence import OtherAssessmentFactory, ending, resting_on

#            anonymous viewer editor signatory foreign · reviewer me_officer approver admin auditor auditor_without_grant
ANSWERING, READERS, POST_ONLY, EXAMINING = "32224222424", "34224222424", "35555555555", "34444242424"

MATRIX: dict[str, str] = {
    **dict.fromkeys(["vetting_space:assessments", "vetting_space:assessment_add"], READERS),
    **dict.fromkeys(["vetting_space:reference_add", "vetting_space:reference_new"], ANSWERING),
    "vetting_space:reference_remove": POST_ONLY,
    "vetting:evidence_accept": EXAMINING,
}


def addresses(people, rows):
    """Make the rows that the room's addresses need; return URL name → arguments."""
    partner, dossier = rows["partner"], rows["collecting"]
    answer = dossier.answers.select_related("item").first()
    OtherAssessmentFactory(partner=partner)
    reference = answer.references.create(assessment=OtherAssessmentFactory(partner=dossier.partner))
    finding = resting_on(rows["decision"], "C1.2", ending(partner, -1))
    here = [dossier.pk, answer.item.code]
    return {
        **dict.fromkeys(["vetting_space:assessments", "vetting_space:assessment_add"], [partner.slug]),
        **dict.fromkeys(["vetting_space:reference_add", "vetting_space:reference_new"], here),
        "vetting_space:reference_remove": [*here, reference.pk],
        "vetting:evidence_accept": [finding.pk],
    }
