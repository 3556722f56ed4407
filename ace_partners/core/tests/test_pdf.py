"""PDF: a document is accessible and repeatable, and travels under a safe name."""

import io
import logging
import re
import subprocess
import sys

import outloud
import pdfua
import pikepdf
import pypdf
import pytest
import weasyprint
from django.db import transaction

from ace_partners.core import pdf, pdf_worker
from ace_partners.core.tests.pdf_documents import ACTIVE, names_in, render_sample, render_texts, text_of


@pytest.fixture(scope="module")
def sample():
    return render_sample()


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
    assert families == {"ACE-Sans", "ACE-Sans-Bold", "ACE-Sans-Italic", "ACE-Symbols"}


def test_style_sheet_raises_no_complaint(caplog):
    with caplog.at_level(logging.WARNING):
        render_sample()

    assert caplog.text == ""


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


def test_a_name_outside_the_packaged_fonts_is_no_failure():
    assert render_texts("华友钴业 · شركة").startswith(b"%PDF-1.7")


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
def test_no_layout_inside_a_transaction():
    with transaction.atomic(), pytest.raises(RuntimeError, match="transaction"):
        render_texts("un")

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
