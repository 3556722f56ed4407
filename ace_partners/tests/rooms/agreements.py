"""The addresses of this room, for the role × URL × object matrix."""

from impact.tests.factories_agreements import (
    AgreementFactory,
    ConsultationFactory,
    DisbursementFactory,
    InstallmentFactory,
    JointPartnerFactory,
)

TEAM, TEAM_LIST, POST_ONLY = "34444222424", "34444222422", "35555555555"
BACK = "34444333434"  # a GET on a step's address leads back to the payment
MEMBERS = "32224444444"

ON_PROJECT = "agreement agreement_approve agreement_edit installment_add consultation_add joint_add".split()
ON_PAYMENT = "disbursement disbursement_approve disbursement_pay disbursement_cancel".split()

MATRIX: dict[str, str] = {
    **dict.fromkeys([f"impact:{name}" for name in (*ON_PROJECT, *ON_PAYMENT, "disbursement_propose")], TEAM),
    **dict.fromkeys(["impact:disbursement_approve", "impact:agreement_approve"], BACK),
    "impact:disbursement_list": TEAM_LIST,
    **dict.fromkeys([f"impact:{n}" for n in "installment_remove consultation_remove joint_remove".split()], POST_ONLY),
    "impact_space:agreement": MEMBERS,
}


def addresses(people, rows):
    """Make the rows that the room's addresses need; return URL name → arguments."""
    project = rows["project"]
    agreement = AgreementFactory(project=project)
    proposed, free = InstallmentFactory.create_batch(2, agreement=agreement)
    payment = DisbursementFactory(installment=proposed, proposed_by=people["me_officer"])
    talk = ConsultationFactory(project=project, added_by=people["me_officer"])
    return {
        **dict.fromkeys([f"impact:{name}" for name in ON_PROJECT], [project.code]),
        "impact_space:agreement": [project.code],
        **dict.fromkeys(["impact:installment_remove", "impact:disbursement_propose"], [project.code, free.number]),
        "impact:consultation_remove": [project.code, talk.pk],
        "impact:joint_remove": [project.code, JointPartnerFactory(project=project).pk],
        **dict.fromkeys([f"impact:{name}" for name in ON_PAYMENT], [payment.pk]),
    }
