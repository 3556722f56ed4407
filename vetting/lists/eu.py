"""The European Union's consolidated financial sanctions list: XML with its data in attributes, or CSV with `;`."""

from vetting.lists import csv_rows, xml_entries
from vetting.lists.entries import ENTITY, PERSON, Draft, ListFileError, Problem, day_of, day_or_text, one_line

KINDS = {"person": PERSON, "p": PERSON, "enterprise": ENTITY, "e": ENTITY}
DAY_FIRST = "%d/%m/%Y"

# The two CSV files that the Commission publishes call their columns differently; the first name is today's (1.1).
COLUMNS = {
    "day": ("fileGenerationDate", "Date_file"),
    "entry": ("Entity_LogicalId", "Entity_logical_id"),
    "kind": ("Entity_SubjectType_ClassificationCode", "Entity_SubjectType", "Subject_type"),
    "name": ("NameAlias_WholeName", "Naal_wholename"),
    "first": ("NameAlias_FirstName", "Naal_firstname"),
    "middle": ("NameAlias_MiddleName", "Naal_middlename"),
    "last": ("NameAlias_LastName", "Naal_lastname"),
    "born": ("BirthDate_BirthDate", "Birt_date"),
    "programme": ("Entity_Regulation_Programme", "Programme"),
}
OPTIONAL = {
    "born_year": ("BirthDate_Year", "Birt_year"),
    "designated": ("Entity_DesignationDate",),
}


# --- XML ----------------------------------------------------------------------------------------------------------


def published_on_xml(source):
    """The day of `generationDate`, or None when the file does not say."""
    return day_of(xml_entries.root_of(source).get("generationDate"))


def entries_xml(source):
    """Yield the ListedEntry of every `sanctionEntity`. Raises ListFileError."""
    for element in xml_entries.entries(source, ("sanctionEntity",)):
        yield _entry(source, element)


def _entry(source, element):
    children = xml_entries.children
    reference = element.get("logicalId") or ""
    if not reference:
        raise ListFileError(Problem.REFERENCE, source.name, element.sourceline)
    kinds = [child.get("code") or child.get("classificationCode") or "" for child in children(element, "subjectType")]
    draft = Draft(reference, KINDS.get("".join(kinds[:1]).casefold(), ENTITY))
    draft.listed_on = day_or_text(element.get("designationDate"))
    for regulation in children(element, "regulation"):
        draft.add_programme(regulation.get("programme"))
    for alias in children(element, "nameAlias"):
        draft.add_name(
            _whole(alias.get("wholeName"), *(alias.get(part) for part in ("firstName", "middleName", "lastName"))),
            weak=(alias.get("strong") or "true").casefold() == "false",
        )
    for birth in children(element, "birthdate"):
        about = "~" if (birth.get("circa") or "").casefold() == "true" else ""
        if born := day_or_text(birth.get("birthdate")) or one_line(birth.get("year")):
            draft.add_birth(about + born)
    return draft.finished(source.name, element.sourceline)


def _whole(whole, *parts):
    return one_line(whole) or one_line(" ".join(part or "" for part in parts))


# --- CSV ----------------------------------------------------------------------------------------------------------


def published_on_csv(source):
    """The day in the first column of the first row; None when it is no day. Raises ListFileError without any row."""
    stream = _rows(source)
    try:
        for _line, row in stream:
            return day_of(row["day"], DAY_FIRST)
        raise ListFileError(Problem.NOTHING_LISTED, source.name)
    finally:
        stream.close()


def entries_csv(source):
    """Yield one ListedEntry per logical id. There is a row per alias, address, birth date: they are gathered first.

    Memory grows with the names of the list, never with the length of its rows. Raises ListFileError.
    """
    drafts, lines = {}, {}
    for line, row in _rows(source):
        draft = drafts.get(row["entry"])
        if draft is None:
            draft = drafts[row["entry"]] = Draft(row["entry"], KINDS.get(row["kind"].casefold(), ENTITY))
            lines[row["entry"]] = line
        draft.add_name(_whole(row["name"], row["first"], row["middle"], row["last"]))
        draft.add_programme(row["programme"])
        draft.add_birth(day_or_text(row["born"], DAY_FIRST) or row["born_year"])
        draft.listed_on = draft.listed_on or day_or_text(row["designated"], DAY_FIRST)
    for reference, draft in drafts.items():
        yield draft.finished(source.name, lines[reference])


def _rows(source):
    """Yield (line, column → text). Every row must have the header's columns: a stray `;` would shift the names."""
    encoding = csv_rows.encoding_of(source)
    read = csv_rows.with_last(csv_rows.rows(source, encoding=encoding, delimiter=";", sloppy=True))
    (line, header), _only = next(read)
    columns = csv_rows.columns_of(source, line, header, COLUMNS)
    present = {name.strip().casefold(): position for position, name in reversed(list(enumerate(header)))}
    for key, names in OPTIONAL.items():
        columns[key] = next((present[name.casefold()] for name in names if name.casefold() in present), None)
    for (line, cells), last in read:
        csv_rows.against_width(source, line, cells, header, last=last)
        row = {key: one_line(cells[at]) if at is not None else "" for key, at in columns.items()}
        if not row["entry"]:
            raise ListFileError(Problem.REFERENCE, source.name, line)
        yield line, row
