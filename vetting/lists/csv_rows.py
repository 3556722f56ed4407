"""Rows of a CSV file with their line number, read line by line: memory never grows with the file."""

import codecs
import csv
from itertools import dropwhile

from vetting.lists.entries import ListFileError, Problem

CHUNK = 1 << 20  # bytes
LONGEST_LINE = 500_000  # characters: the longest line seen in an official list is under 20,000
END_OF_FILE_MARK = "\x1a"  # OFAC's files may end with the Ctrl-Z of DOS


def encoding_of(source, *, or_latin=False):
    """ "utf-8-sig", or "latin-1" for a list that may be in it. Reads the file once.

    Names in other scripts make a UTF-8 file unreadable as anything else: guessing would rename every entry of a file
    that was cut in the middle of a letter. Raises ListFileError.
    """
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    line, broken = 1, None
    with source.path.open("rb") as handle:
        while chunk := handle.read(CHUNK):
            if b"\0" in chunk:
                raise ListFileError(Problem.NUL, source.name, line + chunk[: chunk.index(b"\0")].count(b"\n"))
            if broken is None:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError as mistake:
                    broken = line + chunk[: mistake.start].count(b"\n")
            line += chunk.count(b"\n")
    if broken is not None:
        if or_latin:
            return "latin-1"
        raise ListFileError(Problem.ENCODING, source.name, broken)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as cut:
        raise ListFileError(Problem.CUT, source.name, line) from cut
    return "utf-8-sig"


class _Lines:
    """The lines of an open text file, none longer than we can bear; knows whether the last one was whole."""

    def __init__(self, handle, file):
        self.handle, self.file, self.number, self.whole = handle, file, 0, True

    def __iter__(self):
        return self

    def __next__(self):
        line = self.handle.readline(LONGEST_LINE)
        if not line:
            raise StopIteration
        self.number += 1
        self.whole = line.endswith(("\n", "\r"))
        if len(line) >= LONGEST_LINE and not self.whole:
            raise ListFileError(Problem.LONG_LINE, self.file, self.number)
        return line


def rows(source, *, encoding, delimiter=",", sloppy=False, ends_with_newline=False):
    """Yield (line number, cells) for every row that is not empty; a row over several lines has the number of its first.

    `sloppy`: a quote inside a quoted cell is a letter. `ends_with_newline`: a last line without its end was cut.
    Raises ListFileError.
    """
    with source.path.open(encoding=encoding, newline="") as handle:
        lines = _Lines(handle, source.name)
        reader = csv.reader(lines, delimiter=delimiter, strict=not sloppy)
        while True:
            line = lines.number + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as mistake:
                ended = not handle.readline(1)
                raise ListFileError(Problem.CUT if ended else Problem.MALFORMED, source.name, line) from mistake
            if cells == [END_OF_FILE_MARK]:
                continue
            if ends_with_newline and not lines.whole:
                raise ListFileError(Problem.CUT, source.name, line)
            if any(cells):
                yield line, cells


def columns_of(source, line, header, wanted):
    """name → position for the `wanted` columns of a header row, the first where a name comes twice.

    Each value of `wanted` lists the names a column had over the years. Raises ListFileError naming what is missing.
    """
    positions = {}
    for position, name in enumerate(header):
        positions.setdefault(name.strip().casefold(), position)
    found = {
        key: next((positions[name.casefold()] for name in names if name.casefold() in positions), None)
        for key, names in wanted.items()
    }
    if missing := [wanted[key][0] for key, position in found.items() if position is None]:
        raise ListFileError(Problem.COLUMNS, source.name, line, missing=", ".join(missing))
    return found


def against_width(source, line, cells, header, *, last):
    """Refuse a row that is shorter than its header (the last one of the file: cut) or longer: a stray mark shifts names.

    A header may end in empty cells that its rows leave out. `header` is a list of names, or a number of columns.
    """
    most = header if isinstance(header, int) else len(header)
    least = most if isinstance(header, int) else len([*dropwhile(lambda name: not name.strip(), reversed(header))])
    if len(cells) < least and last:
        raise ListFileError(Problem.CUT, source.name, line, cells=len(cells), wanted=least)
    if not least <= len(cells) <= most:
        raise ListFileError(Problem.MALFORMED, source.name, line, cells=len(cells), wanted=least)


def with_last(iterable):
    """Yield (item, whether it is the last one)."""
    iterator = iter(iterable)
    try:
        item = next(iterator)
    except StopIteration:
        return
    for following in iterator:
        yield item, False
        item = following
    yield item, True
