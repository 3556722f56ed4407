"""The two documents say what their pages say, as tagged PDF."""

import pikepdf
import pytest

from ace_partners.core.pdf import PdfTimeout
from ace_partners.core.tests.pdf_documents import text_of
from ace_partners.public import pdf
from ace_partners.public.tests.network import full_partner
from ace_partners.public.tests.reading import html
from partners.tests.factories import PartnerFactory

pytestmark = pytest.mark.django_db


def squeezed(text):
    return "".join(text.split())


def test_partner_sheet_says_what_the_page_says(client):
    full_partner(1, slug="afa", name="Alternatives for Actions", acronym="A.F.A.", is_fictitious=True)

    response = client.get("/en/partenaires/afa/fiche.pdf")

    text = text_of(response.content)
    wanted = [
        "Alternatives for Actions (A.F.A.)",
        "This organisation does not exist",
        "Last report accepted on",
        "près de 5,000 personnes 0",
        "Stated by the organisation, not verified",
        "version 1 (accepted on",
        "1/1 periods reported",
        "Total in USD",
        "What was not checked",
        "/en/partenaires/afa/",
    ]
    assert response["Content-Disposition"].startswith('attachment; filename="fiche-afa.pdf"')
    assert [words for words in wanted if squeezed(words) not in text] == []


def test_directory_pdf_keeps_the_filters(client):
    PartnerFactory(name="Alternatives for Actions", organisation_type="ngo")
    PartnerFactory(name="Coopérative Minière", organisation_type="cooperative")

    text = text_of(client.get("/en/partenaires/annuaire.pdf?type=cooperative").content)

    assert "CoopérativeMinière" in text
    assert "AlternativesforActions" not in text
    assert "1organisation" in text


def test_documents_are_tagged_titled_and_in_the_language_of_the_page(client, tmp_path):
    PartnerFactory(slug="afa", name="Alternatives")

    for number, path in enumerate(["/partenaires/afa/fiche.pdf", "/en/partenaires/annuaire.pdf"]):
        file = tmp_path / f"{number}.pdf"
        file.write_bytes(client.get(path).content)
        with pikepdf.open(file) as document:
            assert str(document.Root.Lang) == ["fr", "en"][number]
            assert document.Root.MarkInfo.Marked
            with document.open_metadata() as about:
                assert about["pdfuaid:part"] == "1"


def test_directory_pdf_with_an_unknown_value_is_a_page(client):
    response = client.get("/partenaires/annuaire.pdf?type=xx")

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["type"]


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("path", "queries"), [("annuaire.pdf", 5), ("cmds/fiche.pdf", 33)])
def test_query_count(client, monkeypatch, rows, path, queries, django_assert_num_queries):
    monkeypatch.setattr(pdf, "render_pdf", lambda *args, **about: b"%PDF-")
    for number in range(rows):
        full_partner(rows, slug="cmds" if number == 0 else f"autre-{number}")

    with django_assert_num_queries(queries):
        client.get(f"/partenaires/{path}")


def test_document_that_fails_is_a_page_with_the_reason(client, monkeypatch):
    def late(*args, **about):
        raise PdfTimeout

    PartnerFactory(slug="afa")
    monkeypatch.setattr(pdf, "render_pdf", late)

    response = client.get("/en/partenaires/afa/fiche.pdf")

    assert response.status_code == 503
    assert "takes too long to prepare" in html(response)
