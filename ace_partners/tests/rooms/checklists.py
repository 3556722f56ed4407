"""The addresses of this room, for the role × URL × object matrix."""

from vetting.actions import checklists as actions

#           anonymous viewer editor signatory foreign · reviewer me_officer approver admin auditor auditor_without_grant
DRAFTING = "34444242244"
POST_ONLY = "35555555555"

MATRIX: dict[str, str] = {
    **dict.fromkeys(
        [
            f"vetting:checklist{name}"
            for name in (
                "_list",
                "",
                "_preview",
                "_criterion",
                "_item",
                "_item_add",
                "_propose",
                "_publish",
                "_return",
                "_discard",
            )
        ],
        DRAFTING,
    ),
    **dict.fromkeys(["vetting:checklist_start", "vetting:checklist_item_remove"], POST_ONLY),
}


def addresses(people, rows):
    """Make the rows that the room's addresses need; return URL name → arguments."""
    draft = actions.start_draft(by=people["reviewer"])
    version = [draft.version]
    return {
        "vetting:checklist_list": [],
        "vetting:checklist_start": [],
        **dict.fromkeys(
            [f"vetting:checklist{name}" for name in ("", "_preview", "_propose", "_publish", "_return", "_discard")],
            version,
        ),
        **dict.fromkeys(["vetting:checklist_item", "vetting:checklist_item_remove"], [*version, "C1.2"]),
        **dict.fromkeys(["vetting:checklist_criterion", "vetting:checklist_item_add"], [*version, "C1"]),
    }
