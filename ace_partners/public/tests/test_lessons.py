"""Lessons as the public reads them: only published ones, found by words, area and place, with their source."""

from datetime import date

import pytest

from ace_partners.public import views_lessons
from ace_partners.public.tests.reading import entries, first_visit, headings, html, links, unrendered
from impact.tests.factories import AcceptanceFactory, ReportVersionFactory
from impact.tests.factories_lessons import LessonFactory, PublishedLessonFactory
from partners.models import PartnerPlace
from partners.tests.factories import PartnerFactory, PlaceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def places():
    country = PlaceFactory(name="RD Congo", slug="rd-congo", level="pays")
    province = PlaceFactory(name="Lualaba", slug="lualaba", level="province", parent=country)
    town = PlaceFactory(name="Kolwezi", slug="kolwezi", level="ville", parent=province)
    quarter = PlaceFactory(name="Kanina", slug="kanina", level="quartier", parent=town)
    return {"province": province, "town": town, "quarter": quarter}


@pytest.fixture
def two(places):
    """A lesson on savings in a quarter of Kolwezi, and one on children without a place."""
    return (
        PublishedLessonFactory(
            title="L’épargne d'abord", slug="epargne", place=places["quarter"], published_on=date(2026, 2, 1)
        ),
        PublishedLessonFactory(
            title="Écouter",
            slug="ecouter",
            area="children",
            advice="Commencer tôt.",
            text="Les familles.",
            published_on=date(2026, 1, 1),
        ),
    )


def slugs(response):
    return [address.split("/")[-2] for address in entries(response)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["epargne", "ecouter"]),
        ("q=EPARGNE", ["epargne"]),
        ("q=l'épargne", ["epargne"]),
        ("q=tot", ["ecouter"]),
        ("q=affiche+presence", ["epargne"]),
        ("q=zzz", []),
        ("domaine=children", ["ecouter"]),
        ("lieu=lualaba", ["epargne"]),
        ("lieu=kolwezi", ["epargne"]),
        ("lieu=kanina", ["epargne"]),
        ("q=&domaine=&lieu=", ["epargne", "ecouter"]),
    ],
)
def test_search_and_filters(client, two, query, found):
    assert slugs(client.get(f"/lecons/?{query}")) == found


@pytest.mark.parametrize(("query", "field"), [("domaine=xx", "domaine"), ("lieu=xx", "lieu"), (f"q={'a' * 101}", "q")])
def test_unknown_value_is_answered_with_a_sentence(client, two, query, field):
    response = client.get(f"/lecons/?{query}")

    assert (response.status_code, list(response.context["form"].errors), slugs(response)) == (200, [field], [])


@pytest.mark.parametrize("status", ["draft", "proposed", "withdrawn"])
def test_only_published_lessons_are_public(client, status):
    lesson = LessonFactory(status=status, title="Secret")

    assert client.get(f"/lecons/{lesson.slug}/").status_code == 404
    assert "Secret" not in html(client.get("/lecons/"))
    assert "Secret" not in html(client.get("/"))


def test_a_lesson_says_where_it_comes_from(client, places):
    version = ReportVersionFactory(report__period__label="T1 2025")
    AcceptanceFactory(version=version, at="2025-05-12T08:00:00Z")
    partner = version.report.partner
    lesson = PublishedLessonFactory(partner=partner, version=version, place=places["quarter"], advice="Afficher.")

    page = " ".join(html(client.get(f"/en/lecons/{lesson.slug}/")).split())

    assert f'<a href="/en/partenaires/{partner.slug}/" lang="fr">{partner.name}</a>' in page
    assert "after the report T1 2025, accepted on 12 May 2025" in page
    assert "Kanina (Kolwezi)" in page
    assert "Household savings" in page
    assert "1 March 2026" in page
    assert "Afficher." in page


def test_an_organisation_that_is_not_public_is_not_named(client):
    partner = PartnerFactory(name="Secrète", acronym="SEC", slug="secrete", is_published=False)
    lesson = PublishedLessonFactory(partner=partner)

    for address in (f"/en/lecons/{lesson.slug}/", "/en/lecons/"):
        page = html(client.get(address))
        assert "A local partner of ACE" in page
        assert [word for word in ("Secrète", "SEC", "secrete") if word in page] == []


def test_a_home_is_shown_and_found_by_its_town_only(client, places):
    partner = PartnerFactory()
    PartnerPlace.objects.create(partner=partner, place=places["quarter"], kind="home")
    lesson = PublishedLessonFactory(partner=partner, place=places["quarter"], slug="foyer")

    assert "Kanina" not in html(client.get(f"/lecons/{lesson.slug}/"))
    assert slugs(client.get("/lecons/?lieu=kanina")) == []
    assert slugs(client.get("/lecons/?lieu=kolwezi")) == ["foyer"]


def test_twenty_a_page_with_the_filters_kept(client):
    for number in range(25):
        PublishedLessonFactory(slug=f"l-{number:02}")

    second = client.get("/lecons/?domaine=savings&q=&page=2")

    assert slugs(second) == [f"l-{number:02}" for number in range(4, -1, -1)]
    assert "?domaine=savings&amp;page=1" in html(second)
    assert views_lessons.PER_PAGE == 20


def test_home_shows_the_two_newest_and_nothing_without_any(client, two):
    newest = PublishedLessonFactory(title="Toute neuve", published_on=date(2026, 5, 1))

    page = html(client.get("/"))
    assert [title for title in ("Toute neuve", "épargne d", "Écouter") if title in page] == ["Toute neuve", "épargne d"]
    newest.delete()
    for lesson in two:
        lesson.delete()
    assert 'id="lecons"' not in html(client.get("/"))


PAGES = ["/lecons/", "/lecons/epargne/"]


@pytest.mark.parametrize("path", PAGES)
def test_page_is_whole_light_and_in_two_languages(client, two, path):
    response = client.get(path)
    levels = headings(response)

    assert (response.status_code, levels[0], levels.count(1)) == (200, 1, 1)
    assert [b for a, b in zip(levels, levels[1:], strict=False) if b > a + 1] == []
    assert [href for rel, _lang, href in links(response) if rel == "canonical"] == [f"http://127.0.0.1:8000{path}"]
    assert client.get(f"/en{path}").status_code == 200
    assert response["Cache-Control"] == "public, max-age=0, s-maxage=60"
    assert client.post(path).status_code == 405
    assert first_visit(response)[0] <= 30_000


@pytest.mark.parametrize("path", PAGES)
def test_templates_ask_the_database_nothing(two, path, django_assert_num_queries):
    response = unrendered(path)

    with django_assert_num_queries(0):
        response.render()


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count(client, places, rows, django_assert_num_queries):
    for _each in range(rows):
        version = ReportVersionFactory()
        AcceptanceFactory(version=version)
        lesson = PublishedLessonFactory(
            partner=version.report.partner, version=version, place=places["quarter"], slug=f"l-{version.pk}"
        )

    with django_assert_num_queries(5):
        client.get("/lecons/?q=affiche&lieu=kolwezi")
    with django_assert_num_queries(2):
        client.get(f"/lecons/{lesson.slug}/")


def test_hostile_text_stays_text(client):
    lesson = PublishedLessonFactory(title="<b>x</b>", text="<script>alert(1)</script>")

    assert "<script" not in html(client.get(f"/lecons/{lesson.slug}/"))
    assert "<b>x" not in html(client.get("/lecons/"))
