"""The addresses of reopening, extension and quarters, for the role × URL × object matrix."""

from impact.tests.factories_closing import QuarterCloseFactory, ReopeningFactory, accepted

#            anonymous viewer editor signatory foreign · reviewer me_officer approver admin auditor auditor_without_grant
TEAM, TEAM_LIST, TEAM_BACK = "34444222424", "34444222422", "34444333434"
CASE = "34444222444"  # a quarter as a whole: no auditor of one organisation reads it
PUBLIC = "22222222222"

MATRIX: dict[str, str] = {
    **dict.fromkeys(
        ["impact:report_extend", "impact:reopening_propose", "impact:reopening", "impact:reopening_refuse"], TEAM
    ),
    "impact:reopening_approve": TEAM_BACK,  # a GET leads back to the reopening
    **dict.fromkeys(["impact:quarter_list", "impact:quarter"], TEAM_LIST),
    **dict.fromkeys(
        ["impact:quarter_reminders", "impact:quarter_close", "impact:closing", "impact:closing_workbook"], CASE
    ),
    "public:report_version": PUBLIC,
}


def addresses(people, rows):
    """Make the rows that the room's addresses need; return URL name → arguments."""
    project = rows["project"]
    report = accepted(project=project)
    reopening = ReopeningFactory(version=report.accepted_version, proposed_by=people["me_officer"])
    quarter = [2025, 1]
    QuarterCloseFactory(closed_by=people["approver"], missing=[rows["draft"].pk])
    return {
        "impact:report_extend": [rows["draft"].pk],
        "impact:reopening_propose": [report.pk],
        **dict.fromkeys(["impact:reopening", "impact:reopening_approve", "impact:reopening_refuse"], [reopening.pk]),
        **dict.fromkeys(["impact:quarter", "impact:quarter_reminders", "impact:quarter_close"], quarter),
        **dict.fromkeys(["impact:closing", "impact:closing_workbook"], [*quarter, 1]),
        "public:report_version": [rows["partner"].slug, report.pk, 1],
    }
