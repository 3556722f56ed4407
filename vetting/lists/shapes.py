"""Which official file is this? Told by what it holds, never by its name."""

import csv
from enum import StrEnum

from vetting.lists import csv_rows, ofac, xml_entries
from vetting.lists.entries import ListFileError, Problem

HEAD = 64 * 1024  # bytes that are enough for the first lines of any list
BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


class Shape(StrEnum):
    UN_XML = "un_xml"
    OFAC_XML = "ofac_xml"
    OFAC_CSV = "ofac_csv"
    EU_XML = "eu_xml"
    EU_CSV = "eu_csv"
    UK_CSV = "uk_csv"


PUBLISHER = {
    Shape.UN_XML: "un",
    Shape.OFAC_XML: "ofac",
    Shape.OFAC_CSV: "ofac",
    Shape.EU_XML: "eu",
    Shape.EU_CSV: "eu",
    Shape.UK_CSV: "uk",
}
ROOTS = {"CONSOLIDATED_LIST": Shape.UN_XML, "sdnList": Shape.OFAC_XML, "export": Shape.EU_XML}
# Other files of the same publishers, for a sentence that says which one to take.
OTHER_ROOTS = {"Sanctions": "ofac", "Designations": "uk", "ArrayOfFinancialSanctionsTarget": "uk"}


def shape_of(source):
    """The Shape of one file. Raises ListFileError when it is empty or no list that we know."""
    with source.path.open("rb") as handle:
        head = handle.read(HEAD)
    if not head.strip():
        raise ListFileError(Problem.EMPTY, source.name)
    for bom in BOMS:
        head = head.removeprefix(bom)
    if head.lstrip(b" \t\r\n\0").startswith(b"<"):
        return _xml_shape(source)
    return _csv_shape(source, head)


def _xml_shape(source):
    root = xml_entries.local(xml_entries.root_of(source))
    if root in OTHER_ROOTS:
        raise ListFileError(Problem.WRONG_FORMAT, source.name, found_list=OTHER_ROOTS[root])
    if root not in ROOTS:
        raise ListFileError(Problem.UNKNOWN, source.name)
    return ROOTS[root]


def _csv_shape(source, head):
    first, second = lines_of(head)[:2]
    if b"\0" in head:
        raise ListFileError(Problem.NUL, source.name, head[: head.index(b"\0")].count(b"\n") + 1)
    if "unique id" in first.casefold() or first.casefold().startswith(("report date", '"report date')):
        return Shape.UK_CSV
    if first.casefold().startswith("last updated") and "group id" in second.casefold():
        raise ListFileError(Problem.OLD_UK_LIST, source.name, 1)
    if first.casefold().startswith(("filegenerationdate;", "date_file;", '"filegenerationdate"', '"date_file"')):
        return Shape.EU_CSV
    if ofac_columns(first) or first == csv_rows.END_OF_FILE_MARK:
        return Shape.OFAC_CSV
    raise ListFileError(Problem.UNKNOWN, source.name)


def lines_of(head):
    """The first lines of a file, at least two; latin-1, because only ASCII matters here."""
    lines = head.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n", 3)
    return [line.decode("latin-1").strip(" \t") for line in [*lines, b"", b""]]


def ofac_columns(line):
    """How many columns a first line of OFAC's CSV set has, or 0 when it is none."""
    cells = next(csv.reader([line]), [])
    width = len(cells)
    return width if width in ofac.FILES and cells[0].strip().isdigit() else 0


def ofac_set(sources):
    """number of columns → Source for the files of OFAC's CSV set. Raises ListFileError: one twice, or one missing."""
    found = {}
    for source in sources:
        with source.path.open("rb") as handle:
            width = ofac_columns(lines_of(handle.read(HEAD))[0])
        if width in found:
            raise ListFileError(Problem.TWICE, source.name, other=found[width].name)
        found[width] = source
    for width in (ofac.SDN, ofac.ALT):
        if width not in found:
            raise ListFileError(Problem.MISSING_FILE, sources[0].name, missing=ofac.FILES[width])
    return found
