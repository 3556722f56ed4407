"""The UK Sanctions List: a CSV with the day on its first line, the header on its second and a row per name."""

import re

from vetting.lists import csv_rows
from vetting.lists.entries import ENTITY, OTHER, PERSON, Draft, ListFileError, Problem, day_of, day_or_text, one_line

KINDS = {"individual": PERSON, "entity": ENTITY, "ship": OTHER}
REPORT_DATE = re.compile(r"report date\s*:?\s*(.+)", re.IGNORECASE)
DAY_FIRST = "%d/%m/%Y"
PARTS = ("Name 1", "Name 2", "Name 3", "Name 4", "Name 5", "Name 6")  # Name 6 is the family name, or the whole one
COLUMNS = {
    **{part: (part,) for part in PARTS},
    "entry": ("Unique ID",),
    "name_type": ("Name type",),
    "strength": ("Alias strength",),
    "other_script": ("Name non-latin script",),
    "regime": ("Regime Name", "Regime"),
    "kind": ("Designation Type", "Individual, Entity, Ship"),
    "designated": ("Date Designated",),
    "born": ("D.O.B", "DOB"),
}


def published_on(source):
    """The report day of the first line ("Report Date: 08-Oct-2026"); None when it is no day."""
    with source.path.open(encoding="utf-8-sig", errors="replace", newline="") as handle:
        said = REPORT_DATE.match(handle.readline(500).strip(' ",;\r\n'))
    return day_of(said[1].strip(' ",;')) if said else None


def entries(source):
    """Yield one ListedEntry per Unique ID, whose rows are gathered first. Raises ListFileError."""
    drafts, lines = {}, {}
    for line, row in _rows(source):
        draft = drafts.get(row["entry"])
        if draft is None:
            draft = drafts[row["entry"]] = Draft(row["entry"], KINDS.get(row["kind"].casefold(), ENTITY))
            draft.listed_on = day_or_text(row["designated"], DAY_FIRST)
            lines[row["entry"]] = line
        draft.add_name(
            " ".join(row[part] for part in PARTS),
            primary=row["name_type"].casefold() == "primary name",
            weak="low" in row["strength"].casefold(),
        )
        draft.spare_name = draft.spare_name or row["other_script"]
        draft.add_programme(row["regime"])
        draft.add_birth(day_or_text(row["born"], DAY_FIRST))
    for reference, draft in drafts.items():
        yield draft.finished(source.name, lines[reference])


def _rows(source):
    read = csv_rows.with_last(csv_rows.rows(source, encoding=csv_rows.encoding_of(source)))
    columns, header = None, []
    for (line, cells), last in read:
        if columns is None:
            if REPORT_DATE.match(cells[0].strip()):
                continue
            columns, header = csv_rows.columns_of(source, line, cells, COLUMNS), cells
            continue
        csv_rows.against_width(source, line, cells, header, last=last)
        row = {key: one_line(cells[at]) for key, at in columns.items()}
        if not row["entry"]:
            raise ListFileError(Problem.REFERENCE, source.name, line)
        yield line, row
