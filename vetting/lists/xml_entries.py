"""Elements of an XML file one after the other, entity expansion off, each forgotten once it was read."""

import re

from lxml import etree

from vetting.lists.entries import ListFileError, Problem, one_line

# A file is never trusted: no entity is resolved, no DTD loaded, nothing fetched, no limit of libxml2 lifted.
SAFE = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False, "remove_comments": True}
HEAD = 64 * 1024  # bytes
TAIL = 200
OPENING = re.compile(rb"<([A-Za-z_][\w.:-]*)")


def local(element):
    """The name of an element without its namespace: OFAC's changes from year to year."""
    return etree.QName(element).localname


def root_of(source):
    """The root element when it opens, with its attributes.

    Raises ListFileError, also for any DOCTYPE: no official list has one, and entities are declared in it.
    """
    with source.path.open("rb") as handle:
        try:
            _event, root = next(etree.iterparse(handle, events=("start",), **SAFE), (None, None))
        except etree.XMLSyntaxError as mistake:
            raise _refusal(source, mistake) from mistake
    if root is None:
        raise ListFileError(Problem.MALFORMED, source.name, 1)
    if root.getroottree().docinfo.internalDTD is not None:
        raise ListFileError(Problem.DOCTYPE, source.name, root.sourceline)
    return root


def entries(source, names):
    """Yield every element called one of `names`, whole; each is forgotten when the next one is asked for.

    Call `root_of` first: it refuses what should not be read any further. Raises ListFileError.
    """
    with source.path.open("rb") as handle:
        parser = etree.iterparse(handle, events=("end",), tag=[f"{{*}}{name}" for name in names], **SAFE)
        while True:
            try:
                _event, element = next(parser)
            except StopIteration:
                return
            except etree.XMLSyntaxError as mistake:
                raise _refusal(source, mistake) from mistake
            yield element
            _forget(element)


def _forget(element):
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _refusal(source, mistake):
    """What to say of XML that broke off: a DOCTYPE, an end that did not arrive, or something wrong in the middle."""
    with source.path.open("rb") as handle:
        head = handle.read(HEAD)
        handle.seek(max(0, source.path.stat().st_size - TAIL))
        tail = handle.read().rstrip()
    line = mistake.lineno or 1
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        return ListFileError(Problem.DOCTYPE, source.name, line)
    # A whole file ends with the closing tag of its root, the first element that opens.
    opened = OPENING.search(head)
    whole = opened and tail.endswith(opened[1] + b">")
    return ListFileError(Problem.MALFORMED if whole else Problem.CUT, source.name, line)


def children(element, name):
    """The child elements of that name, whatever their namespace."""
    return [child for child in element if isinstance(child.tag, str) and local(child) == name]


def text_of(element, name):
    """The text of the first child of that name on one line; "" without one."""
    for child in children(element, name):
        return one_line(child.text)
    return ""


def grandchildren(element, name, below):
    """The children called `below` of the children called `name`."""
    return [inner for outer in children(element, name) for inner in children(outer, below)]
