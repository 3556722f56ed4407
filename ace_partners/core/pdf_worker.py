"""The child process that turns HTML (stdin) into a PDF/UA-1 file (stdout). Started by `pdf.py`, which knows its codes.

It runs apart because WeasyPrint can be made to eat seconds and hundreds of megabytes by its input, and because a
process can be limited and killed where a thread cannot. Only the standard library is imported at the top:
the limits stand before WeasyPrint is loaded.

    python -s -P pdf_worker.py SECONDS MEGABYTES PAGES < in.html > out.pdf
    python -s -P pdf_worker.py --check          # 0, or 10 when Pango (or WeasyPrint) is missing

`-P` is needed: without it this folder's `numbers.py` would hide the one of the standard library.
Exit codes: 0 done · 10 no Pango · 11 too large or too deeply nested · 12 out of memory · 13 anything else.
"""

import contextlib
import hashlib
import os
import re
import sys
from pathlib import Path

DONE, UNAVAILABLE, TOO_LARGE, OUT_OF_MEMORY, FAILED = 0, 10, 11, 12, 13

FOLDER = Path(__file__).resolve().parent / "pdf_assets"
# Everything a document may load, by the name after `asset:`. A file in the folder is not enough: it must be named here.
ASSETS = {
    "print.css": "text/css",
    "logo.svg": "image/svg+xml",
    "NotoSans-Regular.ttf": "font/ttf",
    "NotoSans-Bold.ttf": "font/ttf",
    "NotoSans-Italic.ttf": "font/ttf",
    "NotoSans-Symbols.ttf": "font/ttf",
}
FONTS = [name for name in ASSETS if name.endswith(".ttf")]

# A link may leave the document only to these; `javascript:`, `file:` and the like lose their link and keep their text.
LINK = re.compile(r"(https?|mailto|tel):", re.IGNORECASE)

# What no rendering needs. Second wall behind the fetcher: three WeasyPrint advisories of 2025-2026 were code paths
# that built their own fetcher. `urllib.Request` is the event of every urllib opener, for file: and data: too.
FORBIDDEN_EVENTS = frozenset(
    [
        "urllib.Request",
        *("socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"),
        *("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork"),
    ]
)


def limit(seconds, megabytes):
    """Bound this process: processor seconds, address space, file size, no core dump, below the web workers."""
    import resource  # noqa: PLC0415 (does not exist everywhere; only the renderer needs it)

    def at_most(kind, value, hard=None):
        # macOS refuses some of them (RLIMIT_AS); the parent's wall clock still holds there.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (value, hard or value))

    at_most(resource.RLIMIT_CPU, seconds, seconds + 2)  # SIGXCPU first, which the parent understands
    at_most(resource.RLIMIT_AS, megabytes * 1024 * 1024)
    at_most(resource.RLIMIT_FSIZE, 64 * 1024 * 1024)
    at_most(resource.RLIMIT_CORE, 0)
    os.nice(5)


def refuse_the_outside(event, arguments):
    """Audit hook: stop on whatever would reach the network, another address or another program."""
    if event in FORBIDDEN_EVENTS:
        raise PermissionError(f"{event} is refused while a document is rendered")


def fetcher():
    """The only door for images, fonts and style sheets: an instance that answers `asset:<name>` of the closed list."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415

    class AssetFetcher(URLFetcher):
        def fetch(self, url, headers=None):
            scheme, _, name = url.partition(":")
            if scheme != "asset" or name not in ASSETS:
                raise ValueError("refused: only the application's own assets can be loaded")
            return URLFetcherResponse(url, (FOLDER / name).read_bytes(), {"Content-Type": ASSETS[name]})

        def open(self, *args, **kwargs):
            raise ValueError("refused: this fetcher opens nothing")

    return AssetFetcher(allowed_protocols=(), allow_redirects=False)


def choose_fonts(html):
    """Let the machine's own fonts in only for a text that the packaged ones cannot write (a Chinese name).

    Otherwise a document looks, and hashes, the same on every machine.
    """
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    covered = {ord(character) for character in "\t\n\r"}
    for name in FONTS:
        covered.update(TTFont(FOLDER / name, lazy=True).getBestCmap())
    if {ord(character) for character in set(html)} <= covered:
        os.environ["FONTCONFIG_FILE"] = str(FOLDER / "fonts.conf")


def render(html, most_pages):
    """PDF bytes of an HTML text, the same bytes for the same text. Raises OverflowError above `most_pages` pages."""
    from weasyprint import HTML  # noqa: PLC0415

    document = HTML(string=html, url_fetcher=fetcher()).render(pdf_variant="pdf/ua-1", presentational_hints=False)
    if len(document.pages) > most_pages:
        raise OverflowError(f"{len(document.pages)} pages, at most {most_pages}")
    # No file travels inside a document, not even one of ours.
    document.metadata.attachments.clear()
    for page in document.pages:
        page.links[:] = [
            (kind, target, *rest)
            for kind, target, *rest in page.links
            if kind == "internal" or (kind == "external" and LINK.match(target))
        ]
    # Named after its content and undated: stored twice, the same document has the same hash.
    identifier = hashlib.sha256(html.encode()).hexdigest()
    return document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier, finisher=finish)


def finish(document, pdf):
    """Add to the finished `pydyf.PDF` what WeasyPrint 70 leaves out of PDF/UA-1 and a screen reader needs."""
    elements = [item for item in pdf.objects if isinstance(item, dict)]
    for header in (item for item in elements if item.get("S") == "/TH"):
        row = _at(pdf, header["P"])
        # A row of headers alone heads columns; a header beside data heads its row.
        alone = all(_at(pdf, cell).get("S") == "/TH" for cell in row["K"])
        heads_columns = alone or _at(pdf, row["P"]).get("S") == "/THead"
        header["A"]["Scope"] = "/Column" if heads_columns else "/Row"
    for link in (item for item in elements if item.get("Subtype") == "/Link"):
        link["F"] = 4  # print it too
    _set_aside_margins(pdf)


def _at(pdf, reference):
    """The object that a reference such as b"12 0 R" names."""
    return pdf.objects[int(reference.split()[0])]


def _set_aside_margins(pdf):
    """Mark running headers and footers as pagination: WeasyPrint tags them as text that hangs nowhere in the tree."""
    root = _at(pdf, pdf.catalog["StructTreeRoot"])
    reached, to_visit = set(), list(root["K"])
    while to_visit:
        kid = to_visit.pop()
        if isinstance(kid, int):  # content of a page, by its number there
            continue
        element = _at(pdf, kid)
        reached.add(element.number)
        to_visit.extend(element.get("K", ()))
    parents = dict(zip(*[iter(_at(pdf, root["ParentTree"])["Nums"])] * 2, strict=True))
    for number, page in enumerate(pdf.page_references):
        stream = _at(pdf, _at(pdf, page)["Contents"]).stream
        owners = parents[number]
        for position, item in enumerate(stream):
            mark = item.get("MCID") if isinstance(item, dict) else None
            if mark is not None and _at(pdf, owners[mark]).number not in reached:
                owners[mark] = "null"
                stream[position - 1] = "/Artifact"
                stream[position] = b"<</Type /Pagination>>"


def main(arguments):
    """Do what the command line asks and return the exit code."""
    # Only the PDF may reach the pipe: WeasyPrint and the libraries below it print their troubles.
    pipe = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    html = None
    try:
        if arguments != ["--check"]:
            seconds, megabytes, most_pages = (int(argument) for argument in arguments)
            limit(seconds, megabytes)
            html = sys.stdin.buffer.read().decode()
            choose_fonts(html)
        try:
            import weasyprint  # noqa: F401, PLC0415
        except (ImportError, OSError) as missing:
            return complain(UNAVAILABLE, missing)
        if html is not None:
            sys.addaudithook(refuse_the_outside)
            pipe.write(render(html, most_pages))
            pipe.close()
        return DONE
    except (OverflowError, RecursionError) as excess:
        return complain(TOO_LARGE, excess)
    except MemoryError as excess:
        return complain(OUT_OF_MEMORY, excess)
    except Exception as mistake:
        return complain(FAILED, mistake)


def complain(code, mistake):
    """Say why on stderr, for the log, and return the exit code. No traceback: it would carry lines of the document."""
    sys.stderr.write(f"{type(mistake).__name__}: {str(mistake)[:500]}\n")
    return code


if __name__ == "__main__":
    # Skips the interpreter's tear-down, which costs time with a large document and has nothing left to do.
    code = main(sys.argv[1:])
    sys.stderr.flush()
    os._exit(code)
