"""PDF: what is rendered is accessible and repeatable; what is hostile stays text, reaches nothing and can be stopped."""

import copy
import http.server
import io
import logging
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import outloud
import pdfua
import pikepdf
import pypdf
import pytest
import weasyprint
from django.conf import settings as django_settings
from django.db import transaction
from django.test import override_settings

from ace_partners.core import pdf, pdf_worker

HERE = Path(__file__).parent
TEMPLATES = copy.deepcopy(django_settings.TEMPLATES)
TEMPLATES[0]["DIRS"] = [*TEMPLATES[0]["DIRS"], HERE / "pdf_templates"]

# Every way out of a document that WeasyPrint knows; {url} answers on a loopback port, {file} is a local secret.
HOSTILE_HEAD = """
<base href="{url}/base/"><link rel="attachment" href="file://{file}"><link rel="stylesheet" href="{url}/a.css">
<link rel="attachment" href="asset:logo.svg">
<style>@import url("{url}/b.css"); @font-face {{ font-family: x; src: url("{url}/f.ttf"), url("file://{file}") }}
@page {{ background: url("{url}/p.png") }} body {{ background: url("{url}/c.png"); font-family: x }}
li {{ list-style-image: url("{url}/l.png") }} p::before {{ content: url("{url}/d.png") }}</style>"""
HOSTILE_BODY = """
<script src="{url}/s.js">alert(1)</script><img alt="i" src="{url}/i.png"><img alt="i" src="relative.png">
<img alt="i" src="data:image/svg+xml,&lt;svg xmlns='http://www.w3.org/2000/svg'&gt;&lt;image href='{url}/n.png'/&gt;&lt;/svg&gt;">
<object data="{url}/o.svg"></object><embed src="{url}/e.svg"><iframe src="{url}/r.html"></iframe>
<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>s</title><style>@import "{url}/g.css";</style>
<image href="{url}/v.png" width="9" height="9"/><use href="{url}/u.svg#a"/></svg>
<ul><li>point</li></ul><p style="background: url({url}/q.png)">suite</p><img alt="i" src="file://{file}">
<a href="javascript:alert(1)">un</a> <a href="file://{file}">deux</a> <a rel="attachment" href="file://{file}">trois</a>
<a rel="attachment" href="asset:logo.svg">quatre</a> <a href="https://example.org/">cinq</a>
<form action="{url}/x"><input name="n" value="v"><button>ok</button></form>"""


@pytest.fixture(autouse=True)
def _templates(settings):
    settings.TEMPLATES = TEMPLATES


@pytest.fixture(scope="module")
def sample():
    with override_settings(TEMPLATES=TEMPLATES):
        return render_sample()


def render_sample():
    return pdf.render_pdf(
        "sample.html",
        {"lines": [f"Ligne {number}" for number in range(1, 41)]},
        title="Alternatives for Actions (A.F.A.)",
        reference="DD-2026-014",
        description="Fiche publique du partenaire",
    )


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


def render_texts(*texts, **kwargs):
    return pdf.render_pdf("text.html", {"texts": texts}, **{"title": "Essai", **kwargs})


def render_raw(body, head=""):
    return pdf.render_pdf("raw.html", {"body": body, "head": head}, title="Essai")


def text_of(content):
    """The document's text, without any space: where a line breaks is not what these tests are about."""
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages))


def names_in(content):
    """Every dictionary key and name in the file."""
    found = set()
    with pikepdf.open(io.BytesIO(content)) as document:
        for item in document.objects:
            if isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)):
                found |= {str(word) for pair in item.items() for word in pair if isinstance(word, (str, pikepdf.Name))}
    return found


def links_in(content):
    with pikepdf.open(io.BytesIO(content)) as document:
        return [str(mark.A.URI) for page in document.pages for mark in page.get("/Annots", []) if "/A" in mark]


ACTIVE = {"/EmbeddedFile", "/EmbeddedFiles", "/Filespec", "/FileAttachment", "/JavaScript", "/JS", "/Launch", "/AcroForm"}


# --- what a document is -------------------------------------------------------------------------------------------


def test_sample_is_accessible(sample, tmp_path):
    path = tmp_path / "sample.pdf"
    path.write_bytes(sample)

    by_outloud = outloud.check(str(path))
    by_pdfua = pdfua.validate(str(path))

    assert (by_outloud.error, [str(finding) for finding in by_outloud.findings]) == (None, [])
    assert [finding.message for finding in by_pdfua.findings] == []
    # pdfua 0.1.3 cannot run its rule on empty headings with pikepdf 10; outloud has the same rule.
    assert {outcome.rule_id for outcome in by_pdfua.outcomes if outcome.skipped} <= {"UA-14-001"}


def test_sample_says_what_it_is(sample):
    with pikepdf.open(io.BytesIO(sample)) as document:
        assert {key: str(value) for key, value in document.docinfo.items()} == {
            "/Title": "Alternatives for Actions (A.F.A.)",
            "/Author": "Alliance pour un Cobalt Équitable (ACE)",
            "/Subject": "Fiche publique du partenaire",
            "/Producer": f"WeasyPrint {weasyprint.__version__}",
        }
        assert str(document.Root.Lang) == "fr"
        assert document.Root.ViewerPreferences.DisplayDocTitle is True
        assert document.Root.MarkInfo.Marked is True
        assert b'pdfuaid:part="1"' in document.Root.Metadata.read_bytes()
        assert len(document.pages) == 3
    assert names_in(sample) & ACTIVE == set()


def test_sample_has_running_header_and_counted_pages(sample):
    first, *others = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(sample)).pages]

    assert "page 1 / 3" in first
    for number, text in enumerate(others, start=2):
        assert f"page {number} / 3" in text
        assert "DD-2026-014" in text
        assert "Ligne budgétaire" in text  # the head of the table, repeated


def test_header_cells_say_what_they_head(sample):
    with pikepdf.open(io.BytesIO(sample)) as document:
        scopes = [str(item.A.Scope) for item in document.objects if is_element(item, "/TH")]

    assert scopes.count("/Column") == 2 * 4  # the head stands on two pages
    assert scopes.count("/Row") == 40 + 1


def is_element(item, role):
    return isinstance(item, pikepdf.Dictionary) and item.get("/S") == role


def test_fonts_are_embedded_and_are_ours(sample):
    with pikepdf.open(io.BytesIO(sample)) as document:
        descriptors = [
            item
            for item in document.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"
        ]

        assert all("/FontFile2" in descriptor for descriptor in descriptors)
        families = {str(descriptor.FontName).partition("+")[2] for descriptor in descriptors}
    assert families == {"ACE-Sans", "ACE-Sans-Bold", "ACE-Sans-Italic", "ACE-Symbols", "ACE-Symbols-Bold"}


def test_same_facts_give_same_bytes(sample):
    assert render_sample() == sample
    assert render_texts("un") != render_texts("deux")


def test_language_is_the_one_asked_for():
    content = render_texts("Hello", lang="en")

    with pikepdf.open(io.BytesIO(content)) as document:
        assert str(document.Root.Lang) == "en"


def test_packaged_fonts_write_what_the_field_writes():
    text = "« À l’œuvre » 1\u202f234,5\u00a0% ≥ ≤ ≠ − × → ✔ ✘ ○ ▲ ☐ Łódź Mwangaza ng’ombe č ş № °"

    content = render_texts(text)

    assert text_of(content).count(re.sub(r"\s", "", text)) == 1
    assert "/FontFile3" not in names_in(content)


def test_a_name_outside_the_packaged_fonts_is_no_failure():
    assert render_texts("华友钴业 · شركة").startswith(b"%PDF-1.7")


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
    not_served = {"OFL.txt", "README.md", "fonts.conf"}
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
    content = render_texts("x" * 20_000, title="y" * 2_000, reference="z" * 500)

    assert text_of(content).count("x") == 20_000


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


def test_memory_is_limited(monkeypatch):
    monkeypatch.setattr(pdf, "MEGABYTES", 330)

    with pytest.raises((pdf.PdfTooLarge, pdf.PdfFailed)):
        render_texts(*["phrase " * 50] * 1_000)


def test_only_so_many_at_once(monkeypatch, children):
    monkeypatch.setattr(pdf, "_places", threading.BoundedSemaphore(1))
    monkeypatch.setattr(pdf, "QUEUE_SECONDS", 0)

    with pdf._places, pytest.raises(pdf.PdfBusy):
        render_texts("un")

    assert children == []
    assert render_texts("deux")


# --- what is missing or broken ------------------------------------------------------------------------------------


def stand_in(monkeypatch, folder, source):
    """Let the worker find a `weasyprint` of one line instead of the real one."""
    (folder / "weasyprint.py").write_text(source)
    environment = pdf._environment
    monkeypatch.setattr(pdf, "_environment", lambda temp: {**environment(temp), "PYTHONPATH": str(folder)})


def test_missing_pango_is_one_sentence_with_the_cure(monkeypatch, tmp_path):
    stand_in(monkeypatch, tmp_path, "raise OSError('cannot load library libpango-1.0-0')")

    with pytest.raises(pdf.PdfUnavailable) as refusal:
        render_texts("un")

    assert "apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0" in str(refusal.value)
    assert "brew install pango" in str(refusal.value)


def test_check_says_whether_pango_is_there():
    command = [sys.executable, "-P", pdf_worker.__file__, "--check"]

    assert subprocess.run(command, check=False).returncode == pdf_worker.DONE


def test_a_crash_is_logged_and_not_shown(monkeypatch, tmp_path, caplog):
    stand_in(monkeypatch, tmp_path, "import sys, os; sys.stderr.write('INNER CAUSE'); sys.stderr.flush(); os._exit(99)")

    with pytest.raises(pdf.PdfFailed) as refusal, caplog.at_level(logging.ERROR):
        render_texts("un")

    assert "INNER CAUSE" in caplog.text
    assert "INNER CAUSE" not in str(refusal.value)


def test_the_child_inherits_no_secret(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY", "not-for-the-child")
    monkeypatch.setenv("DATABASE_URL", "postgresql://not-for-the-child")

    assert set(pdf._environment(str(tmp_path))) <= {
        "PATH",
        "HOME",
        "LD_LIBRARY_PATH",
        "DYLD_FALLBACK_LIBRARY_PATH",
        "TMPDIR",
        "PYTHONHASHSEED",
        "LC_ALL",
    }


@pytest.mark.django_db
def test_no_layout_inside_a_transaction(children):
    with transaction.atomic(), pytest.raises(RuntimeError, match="transaction"):
        render_texts("un")

    assert children == []
    assert render_texts("un")  # the test's own transaction does not count


# --- the answer ---------------------------------------------------------------------------------------------------


def test_response_headers():
    response = pdf.pdf_response(b"%PDF-1.7", "Fiche À.F.A.")

    assert response.content == b"%PDF-1.7"
    assert dict(response.headers) == {
        "Content-Type": "application/pdf",
        "Content-Disposition": "attachment; filename=\"Fiche-A.F.A.pdf\"; filename*=UTF-8''Fiche-%C3%80.F.A.pdf",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    assert pdf.pdf_response(b"", "a", inline=True)["Content-Disposition"].startswith("inline; ")


@pytest.mark.parametrize(
    ("given", "plain", "exact"),
    [
        ("cmds.pdf", "cmds.pdf", "cmds.pdf"),
        ("../../etc/passwd", "passwd.pdf", "passwd.pdf"),
        ("..\\..\\boot.ini", "boot.ini.pdf", "boot.ini.pdf"),
        ('a"; filename="b.exe', "a-filename=-b.exe.pdf", "a-filename=-b.exe.pdf"),
        ("a\r\nSet-Cookie: x=1", "aSet-Cookie-x=1.pdf", "aSet-Cookie-x=1.pdf"),
        ("gpj.\u202eexe", "gpj.exe.pdf", "gpj.exe.pdf"),
        ("", "document.pdf", "document.pdf"),
        ("...", "document.pdf", "document.pdf"),
        ("华友", "document.pdf", "华友.pdf"),
        ("x" * 300, f"{'x' * 120}.pdf", f"{'x' * 120}.pdf"),
    ],
)
def test_file_names(given, plain, exact):
    assert pdf._file_names(given) == (plain, exact)
