"""The addresses of this room, for the role × URL × object matrix."""

CASE_ROLES_ALONE, MEMBERS = "34444222444", "32224444444"

MATRIX: dict[str, str] = {"desk:dashboard": CASE_ROLES_ALONE, "desk:own_dashboard": MEMBERS}


def addresses(people, rows):
    """URL name → arguments; the world's own rows are enough."""
    return {"desk:own_dashboard": [rows["partner"].slug]}
