"""Search, filters, pages: everything in the query string, and a clear answer to whatever stands there."""

import pytest

from ace_partners.public import pdf
from ace_partners.public.filters import words_of
from ace_partners.public.tests.reading import codes, entries, html
from partners.actions import refresh_search
from partners.models import PartnerArea, PartnerPlace
from partners.tests.factories import PartnerFactory, PersonFactory, PlaceFactory
from vetting.tests.factories import DecisionFactory, DossierFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def places():
    """Lualaba › Kolwezi › Kanina, a quarter."""
    country = PlaceFactory(name="RD Congo", slug="rd-congo", level="pays")
    province = PlaceFactory(name="Lualaba", slug="lualaba", level="province", parent=country)
    town = PlaceFactory(name="Kolwezi", slug="kolwezi", level="ville", parent=province)
    return {
        "province": province,
        "town": town,
        "quarter": PlaceFactory(name="Kanina", slug="kanina", level="quartier", parent=town),
    }


@pytest.fixture
def three(places):
    """A cooperative, an NGO and a home, in the order of their names."""
    afa = PartnerFactory(name="Alternatives for Actions", acronym="A.F.A.", slug="afa", organisation_type="ngo")
    cmds = PartnerFactory(name="Coopérative Minière", acronym="CMDS", slug="cmds", organisation_type="cooperative")
    kwetu = PartnerFactory(name="L’Maison Kwetu", slug="kwetu", organisation_type=None, summary="Élève des enfants.")
    PartnerArea.objects.create(partner=afa, area="savings")
    PartnerArea.objects.create(partner=cmds, area="mine_sites")
    PartnerPlace.objects.create(partner=afa, place=places["quarter"], kind="action")
    PartnerPlace.objects.create(partner=kwetu, place=places["quarter"], kind="home")
    for partner in (afa, cmds, kwetu):
        refresh_search(partner)
    return afa, cmds, kwetu


def slugs(response):
    return [address.split("/")[-2] for address in entries(response)]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("A.F.A.", ["afa"]),
        ("a f a kolwezi", ["afa", "kolwezi"]),
        ("  ÉPARGNE  d'Été ", ["epargne", "d", "ete"]),
        ("!!!", []),
        ("", []),
    ],
)
def test_words_of(typed, words):
    assert words_of(typed) == words


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["afa", "cmds", "kwetu"]),
        ("q=COOPERATIVE+miniere", ["cmds"]),
        ("q=miniere+alternatives", []),
        ("q=A.F.A.", ["afa"]),
        ("q=afa", ["afa"]),
        ("q=l'maison", ["kwetu"]),
        ("q=eleve", ["kwetu"]),
        ("q=%25", ["afa", "cmds", "kwetu"]),
        ("q=kolwezi", ["afa", "kwetu"]),
        ("q=kanina", ["afa"]),
        ("domaine=savings", ["afa"]),
        ("type=cooperative", ["cmds"]),
        ("lieu=lualaba", ["afa", "kwetu"]),
        ("lieu=kolwezi", ["afa", "kwetu"]),
        ("lieu=kanina", ["afa"]),
        ("situation=not_assessed", ["afa", "cmds", "kwetu"]),
        ("situation=approved", []),
        ("q=&domaine=&type=&lieu=&situation=", ["afa", "cmds", "kwetu"]),
        ("lieu=kolwezi&domaine=savings&type=ngo&q=actions&situation=not_assessed", ["afa"]),
    ],
)
def test_search_and_filters(client, three, query, found):
    assert slugs(client.get(f"/partenaires/?{query}")) == found


def test_standing_filter_knows_every_standing(client, three):
    afa, cmds, kwetu = three
    DecisionFactory(partner=afa)
    DecisionFactory(partner=cmds, valid_until="2020-01-01")
    DossierFactory(partner=kwetu, organisation_type="cso", status="in_review")
    PartnerFactory(slug="nouvelle")

    shown = {code: slugs(client.get(f"/partenaires/?situation={code}")) for code in (
        "approved", "conditional", "expired", "in_progress", "not_assessed"
    )}  # fmt: skip

    assert shown == {
        "approved": ["afa"],
        "conditional": [],
        "expired": ["cmds"],
        "in_progress": ["kwetu"],
        "not_assessed": ["nouvelle"],
    }


def test_people_are_never_found(client, three):
    PersonFactory(partner=three[0], surname="Kabulo", public_since="2025-01-01")
    refresh_search(three[0])

    assert slugs(client.get("/partenaires/?q=kabulo")) == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("domaine=xx", "domaine"),
        ("type=xx", "type"),
        ("lieu=nulle-part", "lieu"),
        ("lieu=%00", "lieu"),
        ("situation=green", "situation"),
        (f"q={'a' * 101}", "q"),
        ("q=%00", "q"),
    ],
)
def test_unknown_value_is_answered_with_a_sentence_at_its_field(client, three, query, field):
    response = client.get(f"/partenaires/?{query}")

    page = html(response)
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert f'<a href="#id_{field}">' in page
    assert f'aria-describedby="id_{field}-error"' in page
    assert entries(response) == []


def test_row_tells_what_the_directory_promises(client, places):
    partner = PartnerFactory(name="Foyer", acronym="FO", slug="foyer", is_fictitious=True, organisation_type="ngo")
    PartnerArea.objects.create(partner=partner, area="children")
    PartnerPlace.objects.create(partner=partner, place=places["quarter"], kind="home")
    decision = DecisionFactory(partner=partner)

    response = client.get("/en/partenaires/")

    (entry,) = response.context["entries"]
    facts = (entry.name, entry.acronym, entry.towns, len(entry.areas), entry.standing, entry.is_fictitious)
    assert facts == ("Foyer", "FO", ("Kolwezi",), 1, "approved", True)
    assert (entry.decided_at, entry.valid_until) == (decision.decided_at, decision.valid_until)
    assert codes(response) == ["approved"]
    assert "tag-fictitious" in html(response)


def test_towns_of_an_organisation_are_few_words(client, three, places):
    for number in range(4):
        town = PlaceFactory(name=f"Ville {number}", level="ville", parent=places["province"])
        PartnerPlace.objects.create(partner=three[1], place=town, kind="action")
    PartnerPlace.objects.create(
        partner=three[0], place=PlaceFactory(name="Kisanfu", level="localite", parent=places["province"]), kind="seat"
    )

    afa, cmds, kwetu = client.get("/partenaires/").context["entries"]

    assert (cmds.towns, cmds.more_towns) == (("Ville 0", "Ville 1", "Ville 2"), 1)
    assert afa.towns == ("Kisanfu",)
    assert kwetu.towns == ("Kolwezi",)


def test_twenty_a_page_and_links_that_keep_the_filters(client):
    for number in range(45):
        PartnerFactory(name=f"Mine {number:02}", slug=f"mine-{number:02}")

    second = client.get("/partenaires/?q=mine&type=&page=2")

    assert slugs(second) == [f"mine-{number}" for number in range(20, 40)]
    assert [link for link in ("?q=mine&amp;page=1", "?q=mine&amp;page=3") if link not in html(second)] == []
    assert '<link rel="canonical" href="http://127.0.0.1:8000/partenaires/?page=2">' in html(second)
    assert 'href="/partenaires/annuaire.pdf?q=mine"' in html(second)
    assert slugs(client.get("/partenaires/?page=99")) == [f"mine-{number}" for number in range(40, 45)]
    assert slugs(client.get("/partenaires/?page=abc")) == [f"mine-{number:02}" for number in range(20)]


def test_nothing_found_teaches(client, three):
    page = html(client.get("/en/partenaires/?q=zzz"))

    assert "No organisation answers to all of this" in page
    assert 'href="/en/partenaires/">Show all organisations' in page


def test_unpublished_is_not_listed(client, three):
    three[0].is_published = False
    three[0].save()

    assert slugs(client.get("/partenaires/")) == ["cmds", "kwetu"]


def test_list_too_long_for_a_pdf_says_to_filter(client, three, monkeypatch):
    monkeypatch.setattr(pdf, "MOST_ENTRIES", 2)

    response = client.get("/en/partenaires/annuaire.pdf?lieu=&q=")

    assert response.status_code == 422
    assert response["Content-Type"].startswith("text/html")
    assert "a PDF takes 2 at most" in html(response)
    assert "Up to 2 organisations fit into a PDF" in html(client.get("/en/partenaires/"))
