"""What a file must be before anybody opens it as a workbook: small, an XLSX, without macros, links, passwords or traps."""

import io
import re
import zipfile
import zlib

from django.utils.translation import gettext as _

MOST_BYTES = 2 * 1024 * 1024
MOST_INFLATED = 20 * 1024 * 1024
MOST_PARTS = 300
MOST_CELLS = 300_000  # of one sheet, empty ones included: a few seconds to read
STEEPEST = 200  # times that one part may shrink; honest sheets stay under 60
SMALL_PART = 256 * 1024  # below it the ratio means nothing

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, or an XLSX behind a password
PASSWORD = "EncryptedPackage".encode("utf-16-le")
FOREIGN_PARTS = re.compile(r"xl/(externalLinks|connections|queryTables|embeddings|activeX|ctrlProps)", re.I)
XML_PART = re.compile(r"\.(xml|rels|vml)$", re.I)
TRAP = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.I)
ENCODING = re.compile(rb"""^<\?xml[^>]*encoding\s*=\s*["']([^"']+)["']""", re.I)


class WorkbookRefused(Exception):
    """The file is not read at all; `words` is the sentence for the person who sent it."""

    def __init__(self, words):
        self.words = words
        super().__init__(words)


def checked(name: str, content: bytes) -> bytes:
    """`content` if it may be opened. `name` is the sender's own file name. Raises WorkbookRefused."""
    if len(content) > MOST_BYTES:
        raise WorkbookRefused(_("This workbook is larger than 2 MB. Send the one of this report, without pictures."))
    if content.startswith(OLD_OFFICE):
        raise WorkbookRefused(_with_password() if PASSWORD in content else _old_excel())
    if name.lower().endswith((".xlsm", ".xltm", ".xlsb", ".xlam")):
        raise WorkbookRefused(_macros())
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_parts(archive)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError) as broken:
        raise WorkbookRefused(unreadable()) from broken
    return content


def _check_parts(archive):
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        raise WorkbookRefused(_with_password())
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_INFLATED or any(map(_is_steep, parts)):
        raise WorkbookRefused(_far_too_much())
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= names or len(names) < len(parts):
        raise WorkbookRefused(unreadable())
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise WorkbookRefused(_macros())
    if any(FOREIGN_PARTS.match(name) for name in names):
        raise WorkbookRefused(
            _("This workbook leads to other files or holds objects: send the one of this report, with nothing added.")
        )
    for part in parts:
        if XML_PART.search(part.filename):
            _check_xml(text := archive.read(part))
            if text.count(b"<c ") > MOST_CELLS:
                raise WorkbookRefused(_far_too_much())
    if b"macroenabled" in archive.read("[Content_Types].xml").lower():
        raise WorkbookRefused(_macros())


def _is_steep(part):
    return part.file_size > SMALL_PART and part.file_size > STEEPEST * max(part.compress_size, 1)


def _check_xml(text):
    """Plain UTF-8 without a document type: nothing that a reader of XML could be led astray by."""
    declared = ENCODING.match(text.removeprefix(b"\xef\xbb\xbf"))
    if TRAP.search(text) or b"\0" in text or (declared and declared[1].lower() not in (b"utf-8", b"us-ascii")):
        raise WorkbookRefused(_("This file holds parts that no workbook of ours has: it is not opened."))


def unreadable():
    return _("This file cannot be read as a workbook (.xlsx). Save it as “Excel workbook (.xlsx)” and send it again.")


def _far_too_much():
    return _("This file unpacks to far more than a report holds: it is not opened.")


def _old_excel():
    return _("This is an old Excel file (.xls). Save it as “Excel workbook (.xlsx)” and send it again.")


def _with_password():
    return _("This workbook is protected by a password: take the password away, then send it again.")


def _macros():
    return _("This workbook holds macros, or may hold some. Save it as “Excel workbook (.xlsx)”, without macros.")
