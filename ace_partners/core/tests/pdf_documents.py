"""Documents for the tests of core/pdf.py, and ways to read them back."""

import copy
import io
import re
from pathlib import Path

import pikepdf
import pypdf
from django.conf import settings
from django.test import override_settings

from ace_partners.core import pdf

TEMPLATES = copy.deepcopy(settings.TEMPLATES)
TEMPLATES[0]["DIRS"] = [*TEMPLATES[0]["DIRS"], Path(__file__).parent / "pdf_templates"]


def render(template, context, **about):
    """PDF of one of the templates beside this file."""
    with override_settings(TEMPLATES=TEMPLATES):
        return pdf.render_pdf(template, context, **{"title": "Essai", **about})


def render_sample(lines=40):
    """One of everything, three pages long."""
    return render(
        "sample.html",
        {"lines": [f"Ligne {number}" for number in range(1, lines + 1)]},
        title="Alternatives for Actions (A.F.A.)",
        reference="DD-2026-014",
        description="Fiche publique du partenaire",
    )


def render_texts(*texts, **about):
    """What people typed, shown as every template shows it."""
    return render("text.html", {"texts": texts}, **about)


def render_raw(body, head=""):
    """Markup let through unescaped, as no template may."""
    return render("raw.html", {"body": body, "head": head})


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


ACTIVE = {
    "/EmbeddedFile",
    "/EmbeddedFiles",
    "/Filespec",
    "/FileAttachment",
    "/JavaScript",
    "/JS",
    "/Launch",
    "/AcroForm",
}
