"""The addresses of this room, for the role × URL × object matrix."""

from partners.tests.factories import PartnerFactory
from vetting.tests.factories_plans import TrainingAttendanceFactory, plan_for, with_document

# anonymous viewer editor signatory foreign · reviewer me_officer approver admin auditor auditor_without_grant
OWN, TEAM, OWN_POST, TEAM_POST = "32224222424", "34444222424", "35555555555", "35555555555"
TRAININGS = "34444222222"  # of which an auditor sees those of the organisations granted

MATRIX = {
    **dict.fromkeys([f"vetting_space:{n}" for n in "plan plan_pdf step step_attach".split()], OWN),
    **dict.fromkeys([f"vetting_space:{n}" for n in "step_detach step_start step_send".split()], OWN_POST),
    "vetting:plan_list": "34444222422",
    **dict.fromkeys([f"vetting:{n}" for n in "plan plan_pdf step step_send_back step_extend step_drop".split()], TEAM),
    "vetting:step_validate": TEAM_POST,
    "vetting:training_list": TRAININGS,
    "vetting:training": "34444222224",
    **dict.fromkeys([f"vetting:{n}" for n in "training_add training_edit training_attendance".split()], "34444222244"),
    "vetting:training_attendance_remove": TEAM_POST,
}


def addresses(people, rows):
    """A plan of the own organisation, and a training that it took part in beside another organisation."""
    partner = rows["partner"]
    plan = plan_for(partner, by=people["approver"])
    step = plan.actions.first()
    with_document(step, people["signatory"])
    present = TrainingAttendanceFactory(partner=partner)
    TrainingAttendanceFactory(session=present.session, partner=PartnerFactory())
    return {
        **dict.fromkeys(
            [f"{space}:{n}" for space in ("vetting_space", "vetting") for n in ("plan", "plan_pdf")], [plan.pk]
        ),
        **dict.fromkeys(
            [f"vetting_space:{n}" for n in "step step_attach step_start step_send".split()]
            + [f"vetting:{n}" for n in "step step_validate step_send_back step_extend step_drop".split()],
            [step.pk],
        ),
        "vetting_space:step_detach": [step.pk, step.evidence.get().pk],
        **dict.fromkeys(["vetting:training", "vetting:training_edit"], [present.session_id]),
        **dict.fromkeys(
            ["vetting:training_attendance", "vetting:training_attendance_remove"], [present.session_id, partner.slug]
        ),
    }
