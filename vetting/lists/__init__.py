"""The four official sanctions lists, read from the files as they are published. Pure: no database, no words.

`published_on` and `entries` take the code of the publisher (un, ofac, eu, uk) and the files of one edition, in any order.
Formats: docs of the publishers as of 2026; each module names the fields it reads.
"""

from collections import Counter
from dataclasses import replace

from vetting.lists import eu, ofac, shapes, uk, un
from vetting.lists.entries import ListedEntry, ListedName, ListFileError, Problem, Source
from vetting.lists.shapes import Shape

__all__ = ["ListFileError", "ListedEntry", "ListedName", "Problem", "Source", "entries", "published_on"]


def published_on(publisher, sources):
    """The day of the edition as its file says, or None where files say none (OFAC's CSV set). Raises ListFileError."""
    shape, source = _recognised(publisher, sources)
    readers = {
        Shape.UN_XML: un.published_on,
        Shape.OFAC_XML: ofac.published_on_xml,
        Shape.EU_XML: eu.published_on_xml,
        Shape.EU_CSV: eu.published_on_csv,
        Shape.UK_CSV: uk.published_on,
    }
    if shape == Shape.OFAC_CSV:
        shapes.ofac_set(sources)  # what is missing beside it is said before its day is asked for
        return None
    day = readers[shape](source)
    if day is None:
        raise ListFileError(Problem.DATE, source.name)
    return day


def entries(publisher, sources):
    """Yield a ListedEntry for every entry of the edition, each reference once. Raises ListFileError, also midway."""
    shape, source = _recognised(publisher, sources)
    readers = {
        Shape.UN_XML: un.entries,
        Shape.OFAC_XML: ofac.entries_xml,
        Shape.EU_XML: eu.entries_xml,
        Shape.EU_CSV: eu.entries_csv,
        Shape.UK_CSV: uk.entries,
    }
    found = ofac.entries_csv(shapes.ofac_set(sources)) if shape == Shape.OFAC_CSV else readers[shape](source)
    seen = Counter()
    for entry in found:
        seen[entry.reference] += 1
        # A publisher's slip must not keep a list out: the second entry of one reference gets a number of its own.
        count = seen[entry.reference]
        yield entry if count == 1 else replace(entry, reference=f"{entry.reference} ({count})")
    if not seen:
        raise ListFileError(Problem.NOTHING_LISTED, source.name)


def _recognised(publisher, sources):
    """(Shape, the file) of an edition; for OFAC's CSV set the first file stands for all. Raises ListFileError."""
    found = [shapes.shape_of(source) for source in sources]
    for source, shape in zip(sources, found, strict=True):
        if shapes.PUBLISHER[shape] != publisher:
            raise ListFileError(
                Problem.WRONG_LIST, source.name, found_list=shapes.PUBLISHER[shape], wanted_list=publisher
            )
    if len(sources) > 1 and set(found) != {Shape.OFAC_CSV}:
        raise ListFileError(Problem.TWICE, sources[1].name, other=sources[0].name)
    return found[0], sources[0]
