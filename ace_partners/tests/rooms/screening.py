"""The addresses of this room, for the role × URL × object matrix."""

from vetting.tests.factories_screening import hit_on

MATRIX: dict[str, str] = {
    **dict.fromkeys(
        [
            f"vetting:{name}"
            for name in "screening_list screening screening_pdf hit hit_propose hit_send_back hit_reopen".split()
        ],
        "34444242424",
    ),
    "vetting:hit_list": "34444242422",
    **dict.fromkeys(
        [f"vetting:{name}" for name in "screening_run screening_run_all hit_clear hit_confirm".split()], "35555555555"
    ),
}


def addresses(people, rows):
    """An open match of the own organisation, and the screening that found it."""
    hit = hit_on(rows["partner"], listed="MUKULU Jeanne", person="Mukulu Jeanne")
    return {
        **dict.fromkeys(["vetting:screening_list", "vetting:screening_run"], [rows["partner"].slug]),
        **dict.fromkeys(["vetting:screening", "vetting:screening_pdf"], [hit.screening_id]),
        **dict.fromkeys(
            [f"vetting:{name}" for name in "hit hit_propose hit_clear hit_confirm hit_send_back hit_reopen".split()],
            [hit.pk],
        ),
    }
