"""What the reference files load, written out once more by hand from ACE's page."""

from decimal import Decimal

import pytest

from ace_partners.core.models import AuditEvent
from ace_partners.core.search import fold
from partners.loading import REFERENCE, load_document_types, load_network, load_places
from partners.models import DocumentType, Gap, Partner, Person, Place
from partners.network_file import ReferenceFileError

SOURCE = "page de l’ACE"


@pytest.fixture
def places(db):
    return load_places()


@pytest.fixture
def network(places):
    return load_network()


# --- places and document types ----------------------------------------------------------------------------------------


def test_the_places_form_one_tree(places):
    assert len(places) == Place.objects.count() == 29
    assert list(Place.objects.filter(parent=None).values_list("name", flat=True)) == ["RD Congo"]
    kamilombe = Place.objects.get(name="Kamilombe")
    assert (kamilombe.lineage, kamilombe.level) == ("rd-congo/lualaba/kolwezi/kapata/kamilombe/", "site_minier")


def test_levels_are_read_as_people_spell_them_and_aliases_are_kept(places):
    assert Place.objects.get(name="Kisanfu").level == "localite"
    kasulu = Place.objects.get(name="Kasulu")
    assert (kasulu.aliases, kasulu.search_text) == ("Kasulo", "kasulu kasulo")


def test_a_point_comes_with_its_precision_and_a_gap_stays_a_gap(places):
    fungurume, kanina = Place.objects.get(name="Fungurume"), Place.objects.get(name="Kanina")
    assert (fungurume.latitude, fungurume.longitude, fungurume.precision) == (
        Decimal("-10.6177"),
        Decimal("26.3211"),
        "A",
    )
    assert (kanina.latitude, kanina.longitude, kanina.precision) == (None, None, "")


def test_the_document_types_are_those_of_the_file(db):
    assert len(load_document_types()) == DocumentType.objects.count() == 78
    permit = DocumentType.objects.get(code="AUT_PROV")
    facts = (permit.name_fr, permit.validity, permit.months, permit.confidentiality, permit.is_key)
    assert facts == ("Autorisation provisoire de fonctionnement", "max_age", 6, "public", True)
    assert DocumentType.objects.get(code="PIECE_ID").confidentiality == "restricted"


# --- the three partners -----------------------------------------------------------------------------------------------


def facts_of(slug):
    """Everything the file says about one organisation but its sentences, gaps and notes."""
    partner = Partner.objects.get(slug=slug)
    return {
        "names": (partner.name, partner.acronym),
        "type": partner.organisation_type,
        "dates": (partner.founded, partner.legalised),
        "areas": sorted(partner.areas.values_list("area", flat=True)),
        "places": sorted(partner.places.values_list("place__name", "kind")),
        "reach": [(f.qualifier, f.value, f.value_text, f.unit) for f in partner.reach_figures.all()],
        "funders": list(partner.funders.values_list("name", flat=True)),
        "people": list(partner.people.values_list("first_name", "post_name", "surname")),
    }


EXPECTED = {
    "maison-kwetu": {
        "names": ("Maison Kwetu", ""),
        "type": None,
        "dates": ("2013", ""),
        "areas": ["children"],
        "places": [("Kamilombe", "origin"), ("Kanina", "home"), ("Kasulu", "origin"), ("Kolwezi", "action")],
        "reach": [
            ("", Decimal("121"), "", "garçons de 8 à 17 ans soutenus"),
            ("", None, "près d’un quart", "des enfants viennent des environs de Kasulu et de Kamilombe"),
        ],
        "funders": [
            "Congrégation franciscaine aux États-Unis (nom à compléter)",
            "KCC",
            "Autorités provinciales",
            "Autres bailleurs privés locaux (noms à compléter)",
        ],
        "people": [("Damien", "", "Isabell")],
    },
    "afa": {
        "names": ("Alternatives for Actions", "A.F.A."),
        "type": "ngo",
        "dates": ("2013", ""),
        "areas": ["livelihoods", "savings"],
        "places": [
            ("Fungurume", "action"),
            ("Kisanfu", "action"),
            ("Kolwezi", "action"),
            ("Lubumbashi", "action"),
            ("Sakania", "action"),
        ],
        "reach": [
            ("près de", Decimal("5000"), "", "bénéficiaires"),
            ("plus de", Decimal("981528"), "", "USD d’épargne mobilisée"),
        ],
        "funders": ["TFM", "ERG Africa", "Good Shepherd", "World Vision", "ACCELLERE", "ILO"],
        "people": [],
    },
    "cmds": {
        "names": ("Coopérative Minière pour le Développement Social", "CMDS"),
        "type": "cooperative",
        "dates": ("2011", "2017"),
        "areas": ["children", "mine_sites"],
        "places": [("Kamilombe", "mine_site"), ("Kapata", "seat")],
        "reach": [],
        "funders": [],
        "people": [("", "", "Banza"), ("", "", "Mandela"), ("Jean", "", "Muyer")],
    },
}


@pytest.mark.parametrize("slug", EXPECTED)
def test_the_facts_are_those_of_ace_s_page(network, slug):
    assert facts_of(slug) == EXPECTED[slug]


def test_they_are_real_published_and_not_assessed(network):
    rows = Partner.objects.order_by("slug").values_list("slug", "status", "is_published", "is_fictitious")

    assert list(rows) == [(slug, "prospect", True, False) for slug in ("afa", "cmds", "maison-kwetu")]


def test_nobody_is_named_publicly(network):
    assert list(Person.objects.filter(public_since__isnull=False)) == []
    texts = " ".join(f"{p.summary} {p.presentation} {p.legal_form}" for p in Partner.objects.all())
    assert [name for name in ("Isabell", "Muyer", "Banza", "Mandela", "Damien") if name in texts] == []


def test_the_quarter_of_the_children_s_home_is_neither_told_nor_searchable(network):
    kwetu = Partner.objects.get(slug="maison-kwetu")

    assert "Kanina" not in kwetu.summary + kwetu.presentation
    assert "kanina" not in kwetu.search_text


def test_gaps_are_marked(network):
    assert {slug: Gap.objects.filter(partner__slug=slug).count() for slug in EXPECTED} == {
        "maison-kwetu": 11,
        "afa": 8,
        "cmds": 8,
    }
    assert Gap.objects.filter(partner__slug="maison-kwetu", what="type d’organisation").exists()


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        (
            "maison-kwetu",
            ["Kamoto Mining Company", "2021", "garçons", "Kasulo", "non évalué", "R4", "Le type d’organisation"],
        ),
        ("afa", ["2021", "981.528 USD", "ACCELLERE", "Villageoise", "critère 2", "collaborations", "non évalué", "R7"]),
        (
            "cmds",
            [
                "2010",
                "arrêté",
                "2004",
                "SAESSCAM",
                "GECAMINES",
                "30 km",
                "critère 2",
                "types cités",
                "C1.3",
                "non évalué",
                "R5",
            ],
        ),
    ],
)
def test_the_page_s_contradictions_are_notes_for_staff(network, slug, words):
    notes = list(Partner.objects.get(slug=slug).notes.all())

    assert [word for word in words if not any(word in note.text for note in notes)] == []
    assert {note.source for note in notes} == {SOURCE}
    assert len(notes) == len(words)


def test_loading_is_recorded_without_a_person(network):
    events = AuditEvent.objects.order_by("pk").values_list("action", "actor", "actor_name", "after")

    assert list(events) == [("partner.added", None, "ace_partners", {"source": "seed_partners.yaml"})] * 3


# --- twice ------------------------------------------------------------------------------------------------------------


def test_a_second_run_changes_nothing(network):
    load_document_types()

    assert (load_places(), load_document_types(), load_network()) == ([], [], [])


def test_what_staff_changed_meanwhile_stays(network):
    Partner.objects.filter(slug="afa").update(summary="Corrigé par l’équipe.")
    Gap.objects.filter(partner__slug="afa", what="siège").delete()
    Place.objects.filter(name="Kasulu").update(aliases="Kasulo, Kasolo")

    load_places()
    load_network()

    assert Partner.objects.get(slug="afa").summary == "Corrigé par l’équipe."
    assert not Gap.objects.filter(partner__slug="afa", what="siège").exists()
    assert Place.objects.get(name="Kasulu").aliases == "Kasulo, Kasolo"


# --- search -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("epargne", ["afa"]),
        ("Épargne", ["afa"]),
        ("AFA", ["afa"]),
        ("a.f.a.", ["afa"]),
        ("kolwezi", ["afa", "cmds", "maison-kwetu"]),
        ("Haut-Katanga", ["afa"]),
        ("kasulo", ["maison-kwetu"]),
        ("cooperative miniere", ["cmds"]),
        ("Muyer", []),
        ("kanina", []),
    ],
)
def test_search_is_blind_to_accents_and_never_finds_people(network, asked, found):
    matches = Partner.objects.filter(search_text__contains=fold(asked))

    assert sorted(matches.values_list("slug", flat=True)) == found


# --- bad files --------------------------------------------------------------------------------------------------------


def spoiled(tmp_path, name, old, new):
    """A copy of a reference file in which `old` reads `new`, once."""
    text = (REFERENCE / name).read_text(encoding="utf-8")
    assert old in text
    copy = tmp_path / name
    copy.write_text(text.replace(old, new, 1), encoding="utf-8")
    return copy


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("quartier,Kolwezi", "hameau,Kolwezi", "places.csv, line 8: unknown level “hameau”"),
        ("quartier,Kolwezi", "quartier,Kolwesi", "places.csv, line 8: the parent “Kolwesi” does not stand above it"),
        ("-10.7148", "10.71.48", "places.csv, line 5: “10.71.48” is not a number"),
        ("name,aliases", "nom,aliases", "places.csv, line 1: no column name"),
        ("Manika,", "Dilala,", "places.csv, line 7: the name “Dilala” is empty or there twice"),
        ("Manika,,", "Manika,", "places.csv, line 7: it has not as many columns as the first line"),
    ],
)
def test_a_bad_file_of_places_is_refused_by_line(db, tmp_path, old, new, sentence):
    with pytest.raises(ReferenceFileError) as refusal:
        load_places(spoiled(tmp_path, "places.csv", old, new))

    assert str(refusal.value) == sentence
    assert Place.objects.count() == 0


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("max_age,12,internal", "maxage,12,internal", "document_types.csv, line 3: unknown validity “maxage”"),
        ("max_age,12,internal", "max_age,12,secret", "document_types.csv, line 3: unknown confidentiality “secret”"),
        (
            "max_age,12,internal",
            "max_age,un an,internal",
            "document_types.csv, line 3: “un an” is not a number of months",
        ),
    ],
)
def test_a_bad_file_of_document_types_is_refused_by_line(db, tmp_path, old, new, sentence):
    with pytest.raises(ReferenceFileError) as refusal:
        load_document_types(spoiled(tmp_path, "document_types.csv", old, new))

    assert str(refusal.value) == sentence
    assert DocumentType.objects.count() == 0


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "areas: [children]",
            "areas: [enfants]",
            "line 6: unknown code “enfants” (mine_sites, children, savings, livelihoods)",
        ),
        ("place: Kanina", "place: Kanyna", "line 21: unknown place “Kanyna”; load the places first"),
        ("kind: home", "kind: foyer", "line 21: unknown code “foyer” (seat, action, mine_site, home, origin)"),
        ("  summary:", "  resume:", "line 6: unknown key “resume”"),
        ('founded: "2013"', 'founded: "vers 2013"', "line 6: founded “vers 2013” is no approximate-date code"),
        ("value: 121", "value: beaucoup", "line 26: “beaucoup” is not a number"),
        ("- {name: KCC, relation", "- {nom: KCC, relation", "line 34: unknown key “nom”"),
        ("- {name: TFM, relation: ", "- TFM # ", "line 70: a mapping with name is expected, not “TFM”"),
        ("areas: [children]", "areas: [children", "line 20: expected ',' or ']', but got ':'"),
        ("surname: Banza, ", "", "surname is missing"),
    ],
)
def test_a_bad_file_of_partners_is_refused_by_line(places, tmp_path, old, new, sentence):
    with pytest.raises(ReferenceFileError) as refusal:
        load_network(spoiled(tmp_path, "seed_partners.yaml", old, new))

    assert str(refusal.value).startswith("seed_partners.yaml, line ")
    assert str(refusal.value).endswith(sentence)
    assert Partner.objects.count() == 0


def test_the_network_needs_the_places(db):
    with pytest.raises(ReferenceFileError, match="unknown place “Kanina”; load the places first"):
        load_network()


def test_a_stated_figure_reads_as_the_page_said_it(network):
    figures = Partner.objects.get(slug="afa").reach_figures.all()

    assert [str(figure) for figure in figures] == [
        "près de 5\u202f000 bénéficiaires",
        "plus de 981\u202f528 USD d’épargne mobilisée",
    ]
