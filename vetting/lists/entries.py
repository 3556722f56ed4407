"""What every official list becomes once read, and how a file that cannot be read says so. Pure: no database, no words."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

PERSON, ENTITY, OTHER = "person", "entity", "other"  # the values of vetting.models.EntryKind


@dataclass(frozen=True, slots=True)
class ListedName:
    """One name as published. Weak: the publisher itself calls it a poor identifier."""

    text: str
    primary: bool = False
    weak: bool = False


@dataclass(frozen=True, slots=True)
class ListedEntry:
    """One listed person, organisation or ship, with at least one name."""

    reference: str
    kind: str
    programme: str
    born: str
    listed_on: str
    names: tuple[ListedName, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """One file of an edition: the name its sender knows it by, and where its bytes lie."""

    name: str
    path: Path


class Problem(StrEnum):
    """Why a file is refused. `vetting.list_phrases` has the sentence of each."""

    EMPTY = "empty"
    NOTHING_LISTED = "nothing_listed"
    TOO_LARGE = "too_large"
    NUL = "nul"
    ENCODING = "encoding"
    CUT = "cut"
    MALFORMED = "malformed"
    COLUMNS = "columns"
    LONG_LINE = "long_line"
    DOCTYPE = "doctype"
    UNKNOWN = "unknown"
    WRONG_LIST = "wrong_list"
    WRONG_FORMAT = "wrong_format"
    OLD_UK_LIST = "old_uk_list"
    DATE = "date"
    REFERENCE = "reference"
    NAME = "name"
    TWICE = "twice"
    MISSING_FILE = "missing_file"
    ORPHAN = "orphan"
    FEWER = "fewer"


class ListFileError(Exception):
    """A file of a list cannot be taken. `line` is 1 for the first line, None when it is about the whole file.

    `facts` are what the sentence needs beyond that: codes, numbers and short texts of the file.
    """

    def __init__(self, problem, file, line=None, **facts):
        self.problem, self.file, self.line, self.facts = problem, file, line, facts
        super().__init__(f"{file}:{line or ''} {problem}")


@dataclass(slots=True)
class Draft:
    """An entry while its rows are still being gathered; several rows of a file may speak of one entry."""

    reference: str
    kind: str
    programmes: dict[str, None] = field(default_factory=dict)
    births: dict[str, None] = field(default_factory=dict)
    listed_on: str = ""
    names: dict[str, tuple[bool, bool]] = field(default_factory=dict)
    spare_name: str = ""

    def add_name(self, text, *, primary=False, weak=False):
        """Note a name once; said twice, it is as strong as its strongest mention. An empty one is nothing."""
        text = one_line(text)
        if text:
            was_primary, was_weak = self.names.get(text, (False, True))
            self.names[text] = (primary or was_primary, weak and was_weak)

    def add_programme(self, text):
        if text := one_line(text):
            self.programmes[text] = None

    def add_birth(self, text):
        if text := one_line(text):
            self.births[text] = None

    def finished(self, file, line):
        """The entry as it stays. Raises ListFileError when it has no name, not even in another script."""
        if not self.names:
            self.add_name(self.spare_name, primary=True)
        if not self.names:
            raise ListFileError(Problem.NAME, file, line, reference=self.reference)
        if not any(primary for primary, _weak in self.names.values()):
            first = next(iter(self.names))
            self.names[first] = (True, self.names[first][1])
        return ListedEntry(
            reference=self.reference,
            kind=self.kind,
            programme="; ".join(self.programmes),
            born="; ".join(self.births),
            listed_on=self.listed_on,
            names=tuple(ListedName(text, primary, weak) for text, (primary, weak) in self.names.items()),
        )


def one_line(text):
    """A text without line breaks and double spaces; None is empty."""
    return " ".join((text or "").split())


FORMATS = ("%d/%m/%Y", "%d-%b-%Y", "%d %B %Y")


def day_of(text, *formats):
    """The day a text begins with, read as ISO (with or without a time) or by `formats`; None when it is no day."""
    text = one_line(text)
    for form in ("%Y-%m-%d", *(formats or FORMATS)):
        try:
            return datetime.strptime(text[:10] if form == "%Y-%m-%d" else text, form).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
    return None


def day_or_text(text, *formats):
    """A day as ISO when it is one, else what the file says; "00/00/1975" stays as published."""
    day = day_of(text, *formats)
    return day.isoformat() if isinstance(day, date) else one_line(text)
