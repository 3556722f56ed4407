"""A Django template in, the bytes of a tagged PDF (PDF/UA-1) out; and the answer that carries them to a browser.

    facts read once → frozen dataclass → render_pdf("public/pdf/partner.html", {"facts": facts}, title=…) → bytes

The template is rendered here, with autoescape; the layout happens in a child process (`pdf_worker.py`) that is limited
in time, memory and pages, reaches nothing but the packaged assets and can be killed. Two other ways were tried:
WeasyPrint in the web process (one hostile text stops a worker for minutes) and a pool of warm children (saves the half
second of start-up, but a child that has rendered one organisation's papers would go on to another's).
"""

import logging
import math
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import unicodedata
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connections
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from ace_partners.core import pdf_worker

logger = logging.getLogger(__name__)

MOST_CHARACTERS = 2_000_000  # of HTML; a directory of 500 organisations has some 500,000
MOST_PAGES = 300
MEGABYTES = 1024  # of address space: 300 before the first page, 650 for 160 pages of one table
AT_ONCE = 2  # documents being laid out per web process: more would only slow one another and the pages
QUEUE_SECONDS = 10

_places = threading.BoundedSemaphore(AT_ONCE)

# C0 controls have no business in a text; overrides, embeddings and isolates could make a printed decision read
# otherwise than the text that was approved.
_REMOVED = dict.fromkeys(
    [*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)


class PdfError(Exception):
    """No document. `str()` is a sentence for the person who asked, `status` suits the answer; the log has the cause."""

    sentence = _("The document could not be prepared. Please ask again; if it fails once more, write to ACE.")
    status = 500

    def __str__(self):
        return str(self.sentence)


class PdfFailed(PdfError):
    """The layout stopped for a reason nobody foresaw."""


class PdfUnavailable(PdfError):
    sentence = _(
        "PDF documents need the Pango library: apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        " (Debian, Ubuntu) or brew install pango (macOS)."
    )
    status = 503


class PdfTooLarge(PdfError):
    sentence = _("This document would be too large. Narrow the selection with the filters, then ask again.")
    status = 422


class PdfTimeout(PdfError):
    sentence = _("This document takes too long to prepare. Narrow the selection with the filters, then ask again.")
    status = 503


class PdfBusy(PdfError):
    sentence = _("Several documents are being prepared at this moment. Please ask again in a minute.")
    status = 503


def render_pdf(template, context, *, title, lang="fr", reference="", description=""):
    """Lay out `template` (which extends pdf/base.html) and return the PDF as bytes; same facts, same bytes.

    `title`, `lang`, `reference` (dossier number, in the running header) and `description` reach the template as
    `pdf.title` … and the file as metadata. Raises PdfUnavailable, PdfTooLarge, PdfTimeout, PdfBusy or PdfFailed, all
    PdfError; and RuntimeError inside a transaction, which would otherwise hold its locks during seconds of layout:
    render before the action or after its commit.
    """
    _refuse_transaction()
    with translation.override(lang):
        about = {"title": title, "lang": lang, "reference": reference, "description": description}
        html = render_to_string(template, {**context, "pdf": about}).translate(_REMOVED)
    if len(html) > MOST_CHARACTERS:
        raise PdfTooLarge
    if not _places.acquire(timeout=QUEUE_SECONDS):
        raise PdfBusy
    try:
        return _lay_out(html, template)
    finally:
        _places.release()


def pdf_response(content, filename, *, inline=False):
    """HttpResponse for PDF bytes: saved under `filename`, or shown in the browser's reader when `inline`."""
    plain, exact = _file_names(filename)
    kind = "inline" if inline else "attachment"
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(exact, safe='')}",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )


def _refuse_transaction():
    """Raise RuntimeError when any connection of this thread is inside atomic().

    Asked as `atomic(durable=True)` asks it: the blocks that a TestCase (so pytest-django) puts around a test do not
    count. `durable` itself would say it too, but opens a transaction to find out.
    """
    for connection in connections.all(initialized_only=True):
        if any(not block._from_testcase for block in connection.atomic_blocks):
            raise RuntimeError("render_pdf must not run inside a transaction")


def _lay_out(html, template):
    """Run the worker on `html`; return its bytes or raise the PdfError its end stands for."""
    seconds = getattr(settings, "ACE_PDF_TIMEOUT", 30)
    limits = [str(max(1, math.ceil(seconds))), str(MEGABYTES), str(MOST_PAGES)]
    # The folder takes the fonts that WeasyPrint unpacks, and goes with them even when the child is killed.
    with tempfile.TemporaryDirectory(prefix="ace-pdf-") as folder:
        child = subprocess.Popen(
            # -s -P: nothing of the user's, nothing from this folder. Not -I, which would drop the fixed hash seed.
            [sys.executable, "-s", "-P", "-W", "ignore", pdf_worker.__file__, *limits],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=_environment(folder),
            start_new_session=True,
        )
        try:
            content, complaints = child.communicate(html.encode("utf-8", "replace"), timeout=seconds)
        except subprocess.TimeoutExpired as late:
            logger.error("pdf %s: stopped after %s s", template, seconds)
            raise PdfTimeout from late
        finally:
            _end(child)
    return _outcome(child.returncode, content, complaints.decode("utf-8", "replace"), template)


def _environment(folder):
    """What the child may know: no secret of the application, a fixed hash seed, its own temporary folder."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in os.environ}
    if sys.platform == "darwin":
        # Homebrew's folder is not on the loader's path.
        kept["DYLD_FALLBACK_LIBRARY_PATH"] = "/opt/homebrew/lib:/usr/local/lib:/usr/lib"
    return {**kept, "TMPDIR": folder, "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8"}


def _end(child):
    """Leave no process behind: kill the child and whatever it may have started, and collect it."""
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()


def _outcome(code, content, complaints, template):
    """Bytes, or the exception that stands for the worker's exit code. Complaints go to the log, never to the reader."""
    complaints = complaints.strip()[-1000:]
    if code == pdf_worker.DONE and content.startswith(b"%PDF-"):
        if complaints:
            logger.warning("pdf %s: %s", template, complaints)
        return content
    logger.error("pdf %s: worker ended with %s: %s", template, code, complaints)
    if code == -signal.SIGXCPU:
        raise PdfTimeout
    raise {
        pdf_worker.UNAVAILABLE: PdfUnavailable,
        pdf_worker.TOO_LARGE: PdfTooLarge,
        pdf_worker.OUT_OF_MEMORY: PdfTooLarge,
    }.get(code, PdfFailed)


def _file_names(filename):
    """(ASCII name, exact name) of a download: no path, no control or bidi character, at most 120 characters, .pdf."""
    stem = Path(filename.replace("\\", "/")).name.removesuffix(".pdf")
    stem = "".join(c for c in unicodedata.normalize("NFC", stem) if unicodedata.category(c)[0] not in "CZ" or c == " ")
    stem = re.sub(r'[\s"*:<>?|;%]+', "-", stem).strip(" .-_")[:120] or "document"
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    plain = re.sub(r"-{2,}", "-", plain).strip(" .-_") or "document"
    return f"{plain}.pdf", f"{stem}.pdf"
