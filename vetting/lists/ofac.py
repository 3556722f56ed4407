"""OFAC's list of Specially Designated Nationals: the CSV set (no header, joined on ent_num), or sdn.xml."""

import re
from collections import defaultdict

from vetting.lists import csv_rows, xml_entries
from vetting.lists.entries import ENTITY, OTHER, PERSON, Draft, ListFileError, Problem, day_of, one_line

KINDS = {"individual": PERSON, "entity": ENTITY, "": ENTITY, "vessel": OTHER, "aircraft": OTHER}
NULL = "-0-"
AMERICAN = "%m/%d/%Y"

# The CSV set: how many columns each file has tells which one it is.
SDN, ALT, ADDRESSES, COMMENTS = 12, 5, 6, 2
FILES = {SDN: "sdn.csv", ALT: "alt.csv", ADDRESSES: "add.csv", COMMENTS: "sdn_comments.csv"}

# Weak aliases stand in the free text of the remarks, in quotes: "DOB 1964; a.k.a. 'EL SENOR'."
WEAK_ALIAS = re.compile(r"\b[afn]\.k\.a\. '((?:[^']|'(?=\w))+)'")
BIRTH = re.compile(r"\b(?:alt\. )?DOB ([^;]+?)(?=;|\.?$)")


# --- sdn.xml ------------------------------------------------------------------------------------------------------


def published_on_xml(source):
    """The day of `Publish_Date` (month first); the element around it is misspelled in the file itself."""
    announced = _announced(source)
    return day_of(xml_entries.text_of(announced, "Publish_Date"), AMERICAN) if announced is not None else None


def _announced(source):
    """The `publshInformation` element at the top of the file, or None."""
    stream = xml_entries.entries(source, ("publshInformation", "publishInformation", "sdnEntry"))
    try:
        first = next(stream, None)
        return first if first is not None and xml_entries.local(first) != "sdnEntry" else None
    finally:
        stream.close()


def entries_xml(source):
    """Yield the ListedEntry of every `sdnEntry`; fewer than the file itself announces is a file that was cut."""
    head = _announced(source)
    announced = xml_entries.text_of(head, "Record_Count") if head is not None else ""
    count = 0
    for element in xml_entries.entries(source, ("sdnEntry",)):
        count += 1
        yield _entry(source, element)
    if announced.isdigit() and count < int(announced):
        raise ListFileError(Problem.FEWER, source.name, None, announced=int(announced), found=count)


def _entry(source, element):
    text = xml_entries.text_of
    uid = text(element, "uid")
    if not uid:
        raise ListFileError(Problem.REFERENCE, source.name, element.sourceline)
    draft = Draft(uid, KINDS.get(text(element, "sdnType").casefold(), OTHER))
    for programme in xml_entries.grandchildren(element, "programList", "program"):
        draft.add_programme(programme.text)
    draft.add_name(_name(element), primary=True)
    for alias in xml_entries.grandchildren(element, "akaList", "aka"):
        draft.add_name(_name(alias), weak=text(alias, "category").casefold() == "weak")
    for birth in xml_entries.grandchildren(element, "dateOfBirthList", "dateOfBirthItem"):
        draft.add_birth(text(birth, "dateOfBirth"))
    return draft.finished(source.name, element.sourceline)


def _name(element):
    """ "NOM, Prénom", as OFAC writes it everywhere."""
    return ", ".join(
        filter(None, (xml_entries.text_of(element, "lastName"), xml_entries.text_of(element, "firstName")))
    )


# --- the CSV set --------------------------------------------------------------------------------------------------


def entries_csv(files):
    """Yield the ListedEntry of every row of sdn.csv with its aliases. `files`: number of columns → Source.

    A row of another file about an entry that sdn.csv does not hold means files of different days, or a file that was
    cut: ListFileError.
    """
    aliases = _by_entry(files[ALT], ALT)
    comments = _by_entry(files.get(COMMENTS), COMMENTS)
    addresses = _by_entry(files.get(ADDRESSES), ADDRESSES, keep=False)
    for line, cells in _rows(files[SDN], SDN):
        number, name, kind, programmes, *_rest, remarks = cells
        draft = Draft(number, KINDS.get(kind.casefold(), OTHER))
        for programme in re.split(r"\]\s*\[|;", programmes):
            draft.add_programme(programme.strip(" []"))
        draft.add_name(name, primary=True)
        for _line, alias in aliases.pop(number, ()):
            draft.add_name(alias[3])
        addresses.pop(number, None)
        remarks = one_line(" ".join([remarks, *(row[1] for _line, row in comments.pop(number, ()))]))
        for alias in WEAK_ALIAS.findall(remarks):
            draft.add_name(alias, weak=True)
        for birth in BIRTH.findall(remarks):
            draft.add_birth(birth)
        yield draft.finished(files[SDN].name, line)
    for width, rest in ((ALT, aliases), (COMMENTS, comments), (ADDRESSES, addresses)):
        for number, found in rest.items():
            raise ListFileError(Problem.ORPHAN, files[width].name, found[0][0], reference=number, sdn=files[SDN].name)


def _by_entry(source, width, *, keep=True):
    """ent_num → its rows with their line; without `keep`, the line of the first row alone."""
    found = defaultdict(list)
    for line, cells in _rows(source, width) if source else ():
        if keep or cells[0] not in found:
            found[cells[0]].append((line, cells if keep else None))
    return found


def _rows(source, width):
    encoding = csv_rows.encoding_of(source, or_latin=True)
    # The comments are free text, whose quotes and commas nobody minds: what follows the number is one text.
    free_text = width == COMMENTS
    read = csv_rows.rows(source, encoding=encoding, sloppy=free_text, ends_with_newline=True)
    for (line, cells), last in csv_rows.with_last(read):
        if free_text and len(cells) > width:
            cells = [cells[0], ", ".join(cells[1:])]
        csv_rows.against_width(source, line, cells, width, last=last)
        cells = [_value(cell) for cell in cells[:width]]
        if not cells[0].isdigit():
            raise ListFileError(Problem.REFERENCE, source.name, line)
        yield line, cells


def _value(cell):
    cell = one_line(cell)
    return "" if cell == NULL else cell
