"""What every public page keeps: open, light, cacheable, in two languages, and none of them asks in its template."""

import pytest
from django.conf import settings

from ace_partners.public.tests.network import full_partner, stored
from ace_partners.public.tests.reading import first_visit, headings, html, links, unrendered
from partners.tests.factories import DocumentFactory, PartnerFactory
from vetting.tests.factories import ChecklistFactory

pytestmark = pytest.mark.django_db
PAGES = ["/", "/criteres/", "/partenaires/", "/partenaires/cmds/", "/resultats/", "/depenses/"]


@pytest.fixture
def network():
    ChecklistFactory()
    return full_partner(2, name="Coopérative Minière", acronym="CMDS", slug="cmds")


@pytest.mark.parametrize("path", PAGES)
def test_page_is_whole(client, network, path):
    response = client.get(path)
    levels = headings(response)

    assert response.status_code == 200
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert [b for a, b in zip(levels, levels[1:], strict=False) if b > a + 1] == []
    assert html(response).count('<meta name="description" content="') == 1
    assert "style=" not in html(response)
    assert "<script" not in html(response)


@pytest.mark.parametrize("path", PAGES)
def test_head_names_the_page_and_its_other_language(client, network, path):
    site = settings.SITE_URL
    alternates = [
        ("alternate", "fr", site + path),
        ("alternate", "x-default", site + path),
        ("alternate", "en", f"{site}/en{path}"),
    ]

    assert links(client.get(path)) == [("canonical", "", site + path), *alternates]
    assert links(client.get(f"/en{path}")) == [("canonical", "", f"{site}/en{path}"), *alternates]


def test_language_switch_keeps_the_filters(client, network):
    assert 'href="/en/partenaires/?q=mine&amp;type=ngo"' in html(client.get("/partenaires/?q=mine&type=ngo"))
    assert 'href="/partenaires/?q=mine"' in html(client.get("/en/partenaires/?q=mine"))


@pytest.mark.parametrize("path", ["/sw/", "/sw/partenaires/", "/fr/"])
def test_no_other_language_has_an_address(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", [*PAGES, "/partenaires/?page=1&q=coop"])
def test_reader_without_cookies_may_be_answered_by_a_cache(client, network, path):
    response = client.get(path)

    assert response["Cache-Control"] == "public, max-age=0, s-maxage=60"
    assert "Cookie" in response["Vary"]
    assert client.get(path, headers={"if-none-match": response["ETag"]}).status_code == 304


def test_page_changes_its_tag_with_its_content(client, network):
    before = client.get("/partenaires/")["ETag"]

    PartnerFactory(name="Nouvelle")

    response = client.get("/partenaires/", headers={"if-none-match": before})
    assert response.status_code == 200
    assert response["ETag"] != before


def test_reader_with_a_cookie_is_answered_alone(client, login, reviewer, network):
    client.cookies["csrftoken"] = "x" * 32
    assert client.get("/")["Cache-Control"] == "private, no-cache"
    assert login(reviewer).get("/")["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", PAGES)
def test_only_reading_is_possible(client, network, path):
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("path", PAGES)
def test_templates_ask_the_database_nothing(network, path, django_assert_num_queries):
    response = unrendered(path)

    with django_assert_num_queries(0):
        response.render()

    assert response.status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/", 11),
        ("/criteres/", 5),  # the last one: how long ACE takes
        ("/partenaires/", 6),
        ("/partenaires/?q=coop&type=ngo&domaine=mine_sites&situation=approved", 6),
        ("/partenaires/cmds/", 33),
        ("/resultats/", 8),
        ("/depenses/", 7),
    ],
)
def test_query_count(client, rows, path, queries, django_assert_num_queries):
    for number in range(rows - 1):
        full_partner(rows, slug=f"autre-{number}", name=f"Coop autre {number}")
    full_partner(rows, name="Coopérative Minière", slug="cmds")

    with django_assert_num_queries(queries):
        client.get(path)


@pytest.mark.parametrize("path", PAGES)
def test_first_visit_is_light(client, network, path):
    for number in range(25):
        PartnerFactory(name=f"Organisation du Lualaba {number}", summary="Elle travaille avec les familles. " * 5)

    size, requests = first_visit(client.get(path))

    assert size <= 30_000
    assert requests <= 6


def test_document_is_a_download_with_a_name_of_ours(client, network):
    document = DocumentFactory(
        partner=network, file=stored("Jean Muyer signature.pdf"), published_at="2026-01-01T00:00:00Z"
    )

    response = client.get(f"/partenaires/cmds/documents/{document.pk}/")

    assert b"".join(response.streaming_content) == b"%PDF-1.7\n%%EOF\n"
    assert response["Content-Disposition"] == 'attachment; filename="cmds-statuts.pdf"'
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "public, max-age=0, s-maxage=60"


def test_document_missing_from_storage_is_not_found(client, network, caplog):
    document = DocumentFactory(partner=network, published_at="2026-01-01T00:00:00Z")

    assert client.get(f"/partenaires/cmds/documents/{document.pk}/").status_code == 404
    assert f"the file of document {document.pk} is not in storage" in caplog.text


def test_pages_of_an_empty_site_teach(client):
    home, criteria, directory = (client.get(path) for path in ("/en/", "/en/criteres/", "/en/partenaires/"))

    assert "No organisation is listed yet" in html(home)
    assert "The questions are not published yet" in html(criteria)
    assert "The directory is still empty" in html(directory)
