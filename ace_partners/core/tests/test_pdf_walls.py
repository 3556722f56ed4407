"""PDF: what is hostile stays text, reaches nothing, and can be stopped."""

import http.server
import io
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pikepdf
import pytest
import weasyprint

from ace_partners.core import pdf, pdf_worker
from ace_partners.core.tests.pdf_documents import (
    ACTIVE,
    links_in,
    names_in,
    render_raw,
    render_sample,
    render_texts,
    text_of,
)

# Every way out of a document that WeasyPrint knows; {url} answers on a loopback port, {file} is a local secret.
HOSTILE_HEAD = """
<base href="{url}/base/"><link rel="attachment" href="file://{file}"><link rel="stylesheet" href="{url}/a.css">
<link rel="attachment" href="asset:logo.svg">
<style>@import url("{url}/b.css"); @font-face {{ font-family: x; src: url("{url}/f.ttf"), url("file://{file}") }}
@page {{ background: url("{url}/p.png") }} body {{ background: url("{url}/c.png"); font-family: x }}
li {{ list-style-image: url("{url}/l.png") }} p::before {{ content: url("{url}/d.png") }}</style>"""
HOSTILE_BODY = """
<script src="{url}/s.js">alert(1)</script><img alt="i" src="{url}/i.png"><img alt="i" src="relative.png">
<img alt="i" src="data:image/svg+xml,&lt;svg xmlns='http://www.w3.org/2000/svg'&gt;
  &lt;image href='{url}/n.png'/&gt;&lt;/svg&gt;">
<object data="{url}/o.svg"></object><embed src="{url}/e.svg"><iframe src="{url}/r.html"></iframe>
<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>s</title><style>@import "{url}/g.css";</style>
<image href="{url}/v.png" width="9" height="9"/><use href="{url}/u.svg#a"/></svg>
<ul><li>point</li></ul><p style="background: url({url}/q.png)">suite</p><img alt="i" src="file://{file}">
<a href="javascript:alert(1)">un</a> <a href="file://{file}">deux</a> <a rel="attachment" href="file://{file}">trois</a>
<a rel="attachment" href="asset:logo.svg">quatre</a> <a href="https://example.org/">cinq</a>
<form action="{url}/x"><input name="n" value="v"><button>ok</button></form>"""


@pytest.fixture
def listener():
    """(address, list of the paths asked for) of a server on the loopback interface."""
    hits = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            hits.append(self.path)
            self.send_error(404)

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", hits
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "secret.txt"
    path.write_text("SECRET-OF-THE-MACHINE")
    return path


@pytest.fixture
def children(monkeypatch):
    """The worker processes that were started."""
    started = []

    class Popen(subprocess.Popen):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.folder = kwargs["cwd"]
            started.append(self)

    monkeypatch.setattr(pdf.subprocess, "Popen", Popen)
    return started


# --- what is hostile ----------------------------------------------------------------------------------------------


def test_hostile_text_is_shown_as_text(listener, secret):
    url, hits = listener
    head, body = (part.format(url=url, file=secret) for part in (HOSTILE_HEAD, HOSTILE_BODY))

    content = render_texts(head, body, title="</title><script>alert(1)</script>", reference='"><img src=x>')

    assert re.sub(r"\s", "", head) in text_of(content)
    assert re.sub(r"\s", "", body) in text_of(content)
    assert "</title><script>alert(1)</script>" in text_of(content)
    assert (hits, links_in(content), names_in(content) & ACTIVE) == ([], [], set())


def test_hostile_markup_reaches_nothing(listener, secret):
    url, hits = listener

    content = render_raw(HOSTILE_BODY.format(url=url, file=secret), HOSTILE_HEAD.format(url=url, file=secret))

    assert hits == []
    assert names_in(content) & ACTIVE == set()
    assert "SECRET" not in text_of(content)
    assert links_in(content) == ["https://example.org/"]


def test_the_same_markup_gets_out_of_plain_weasyprint(listener, secret):
    """Control: the two tests above would fail without the fetcher."""
    url, hits = listener
    html = HOSTILE_HEAD.format(url=url, file=secret) + HOSTILE_BODY.format(url=url, file=secret)

    content = weasyprint.HTML(string=html).write_pdf()

    assert len(hits) > 5
    assert "/EmbeddedFile" in names_in(content)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/a.png",
        "https://example.org/a.png",
        "HTTP://example.org/",
        "ftp://example.org/a",
        "file:///etc/passwd",
        "data:text/plain,a",
        "javascript:1",
        "print.css",
        "/etc/passwd",
        "",
        "asset:",
        "asset:fonts.conf",
        "asset:OFL.txt",
        "asset:../pdf.py",
        "asset:/etc/passwd",
        "asset://print.css",
        "asset:print.css?a",
        "asset:print.css#a",
        "ASSET:print.css",
        "asset:PRINT.CSS",
    ],
)
def test_fetcher_refuses(url):
    fetcher = pdf_worker.fetcher()

    for way in (fetcher, fetcher.fetch, fetcher.open):
        with pytest.raises(ValueError, match="refused"):
            way(url)


def test_fetcher_answers_the_closed_list():
    fetcher = pdf_worker.fetcher()

    answers = {name: fetcher(f"asset:{name}") for name in pdf_worker.ASSETS}

    assert {name: answer.content_type for name, answer in answers.items()} == pdf_worker.ASSETS
    assert all(answer.read() for answer in answers.values())
    not_served = {"OFL.txt", "build_fonts.sh", "fonts.conf"}
    assert {path.name for path in pdf_worker.FOLDER.iterdir()} == set(pdf_worker.ASSETS) | not_served


def test_second_wall_stops_a_fetcher_of_weasyprint(listener, secret):
    url, hits = listener
    program = (
        "import sys, runpy, weasyprint.urls; sys.argv = ['worker']; "
        f"sys.addaudithook(runpy.run_path({pdf_worker.__file__!r})['refuse_the_outside'])\n"
        f"for url in {[url, f'file://{secret}', 'data:text/plain,a']!r}:\n"
        "    try: weasyprint.urls.URLFetcher().fetch(url)\n"
        "    except PermissionError as refusal: print(refusal)\n"
    )

    run = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True, check=True)

    assert run.stdout.count("urllib.Request is refused") == 3
    assert hits == []


def test_direction_and_control_characters_are_removed():
    content = render_texts("Décision\u202e ésufer\u202c \u2066non\u2069\x00\x07\x0b fin", title="A\u202eB")

    assert "Décisionésufernonfin" in text_of(content)
    with pikepdf.open(io.BytesIO(content)) as document:
        assert str(document.docinfo.Title) == "AB"


def test_a_word_without_end_is_broken():
    content = render_texts("x" * 5_000, title="y" * 2_000, reference="z" * 500)

    assert text_of(content).count("x") == 5_000


def test_deep_nesting_is_refused():
    with pytest.raises(pdf.PdfTooLarge):
        render_raw("<div>" * 900 + "fond" + "</div>" * 900)


# --- what is too much ---------------------------------------------------------------------------------------------


def test_timeout_kills_the_child(settings, children):
    settings.ACE_PDF_TIMEOUT = 0.2

    with pytest.raises(pdf.PdfTimeout):
        render_texts(*["phrase " * 50] * 500)

    [child] = children
    assert child.returncode == -signal.SIGKILL
    assert not Path(child.folder).exists()


def test_processor_time_is_limited_too(settings, monkeypatch, children):
    monkeypatch.setattr(pdf.math, "ceil", lambda seconds: 1)

    with pytest.raises(pdf.PdfTimeout):
        render_texts(*["phrase " * 50] * 2_000)

    assert children[0].returncode == -signal.SIGXCPU


def test_too_many_characters_start_no_child(monkeypatch, children):
    monkeypatch.setattr(pdf, "MOST_CHARACTERS", 5_000)

    with pytest.raises(pdf.PdfTooLarge):
        render_texts("x" * 5_000)

    assert children == []


def test_too_many_pages(monkeypatch):
    monkeypatch.setattr(pdf, "MOST_PAGES", 1)

    with pytest.raises(pdf.PdfTooLarge):
        render_sample()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds the address space")
def test_memory_is_limited(monkeypatch):
    monkeypatch.setattr(pdf, "MEGABYTES", 330)

    # Python says MemoryError; the text library below it gives up by a signal.
    with pytest.raises((pdf.PdfTooLarge, pdf.PdfFailed)):
        render_sample(3_000)


def test_only_so_many_at_once(monkeypatch, children):
    monkeypatch.setattr(pdf, "_places", threading.BoundedSemaphore(1))
    monkeypatch.setattr(pdf, "QUEUE_SECONDS", 0)

    with pdf._places, pytest.raises(pdf.PdfBusy):
        render_texts("un")

    assert children == []
    assert render_texts("deux")
