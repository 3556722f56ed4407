"""The addresses of the sanctions lists, for the role × URL × object matrix."""

from vetting.tests.factories_lists import edition_of

MATRIX = dict.fromkeys(["vetting:list_index", "vetting:list_import", "vetting:list_edition"], "34444242244")


def addresses(people, rows):
    """Make the rows that the room's addresses need; return URL name → arguments."""
    return {"vetting:list_edition": [edition_of("un").pk]}
