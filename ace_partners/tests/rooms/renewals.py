"""The addresses of this room, for the role × URL × object matrix."""

POST_ONLY = "35555555555"

MATRIX: dict[str, str] = {
    **dict.fromkeys(["vetting:findings_save", "vetting:carry", "vetting_space:confirm"], POST_ONLY),
    "desk:dossier_refresh": POST_ONLY,
    "vetting:delays": "34444242422",
}


def addresses(people, rows):
    """Make the rows that the room's addresses need; return URL name → arguments."""
    dossier, collecting = rows["dossier"].pk, rows["collecting"].pk
    return {
        "vetting:findings_save": [dossier],
        "vetting:carry": [dossier, rows["code"][:2]],
        "vetting_space:confirm": [collecting, rows["code"][:2]],
        "desk:dossier_refresh": [dossier],
    }
