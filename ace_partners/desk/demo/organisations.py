"""Twelve organisations that do not exist. Between them they show every state of the network."""

from dataclasses import dataclass
from datetime import timedelta

from partners.models import Partner, PartnerArea, PartnerPlace, Place
from partners.models.organisations import PlaceKind


@dataclass(frozen=True)
class Organisation:
    """A fictitious organisation, and `story`: the name of the road that `dossiers` drives it along."""

    slug: str
    name: str
    acronym: str
    type: str
    areas: tuple[str, ...]
    places: tuple[tuple[str, str], ...]
    summary: str
    story: str


SEAT, ACTION, SITE, HOME = PlaceKind.SEAT, PlaceKind.ACTION, PlaceKind.MINE_SITE, PlaceKind.HOME

ORGANISATIONS = [
    Organisation(
        "mutuelle-tujenge", "Mutuelle Tujenge", "MUTU", "ngo", ("savings", "livelihoods"),
        (("kolwezi", SEAT), ("fungurume", ACTION)),
        "Anime des groupes d’épargne de quartier et accompagne leurs membres vers une première activité.",
        "approved",
    ),
    Organisation(
        "foyer-amani", "Foyer Amani", "", "ngo", ("children",), (("kolwezi", HOME), ("kolwezi", SEAT)),
        "Accueille des enfants séparés de leur famille, les remet à l’école et cherche leur réintégration.",
        "conditional",
    ),
    Organisation(
        "cooperative-mwangaza", "Coopérative minière Mwangaza", "COMIMWA", "cooperative", ("mine_sites",),
        (("kolwezi", SEAT), ("kolwezi", ACTION)),
        "Regroupe des creuseurs et organise la sécurité, le registre des travailleurs et l’accès au site.",
        "approved",
    ),
    Organisation(
        "wanawake-wa-kesho", "Wanawake wa Kesho", "WWK", "cbo", ("savings",), (("likasi", SEAT),),
        "Des laveuses de minerais qui épargnent ensemble et se forment à la gestion.",
        "to_strengthen",
    ),
    Organisation(
        "elimu-kwanza", "Elimu Kwanza", "EK", "cso", ("children",), (("lubumbashi", SEAT), ("kipushi", ACTION)),
        "Soutient le retour en classe et les cours de rattrapage autour des carrières.",
        "in_review",
    ),
    Organisation(
        "kilimo-bora", "Kilimo Bora", "", "ngo", ("livelihoods",), (("sakania", SEAT), ("mokambo", ACTION)),
        "Forme au maraîchage des familles qui veulent un revenu hors de la mine.",
        "changes_requested",
    ),
    Organisation(
        "sauti-ya-vijana", "Sauti ya Vijana", "SYV", "cso", ("livelihoods", "children"), (("kambove", SEAT),),
        "Des jeunes qui orientent d’autres jeunes vers l’apprentissage d’un métier.",
        "submitted",
    ),
    Organisation(
        "usalama-kazini", "Usalama Kazini", "UK", "ngo", ("mine_sites",), (("kolwezi", SEAT),),
        "Forme des capitaines de sécurité et suit les accidents sur les sites artisanaux.",
        "proposed",
    ),
    Organisation(
        "umoja-wa-dilala", "Umoja wa Dilala", "", "cbo", ("savings",), (("dilala", SEAT),),
        "Un comité de quartier qui prépare sa première candidature.",
        "collecting",
    ),
    Organisation(
        "mines-et-profits", "Mines et Profits", "M&P", "cso", ("mine_sites",), (("likasi", SEAT),),
        "Une association dont l’engagement de transparence n’a pas été signé.",
        "declined",
    ),
    Organisation(
        "fondation-ombre", "Fondation Ombre", "", "ingo", ("livelihoods",), (("lubumbashi", SEAT),),
        "Une organisation internationale exclue après une correspondance confirmée sur une liste de sanctions.",
        "excluded",
    ),
    Organisation(
        "maendeleo-plus", "Maendeleo Plus", "MP", "ngo", ("livelihoods",), (("kasumbalesa", SEAT),),
        "Accompagne de petits commerces de la frontière ; sa vérification est arrivée à échéance.",
        "expired",
    ),
    Organisation(
        "tumaini-kisanfu", "Tumaini Kisanfu", "", "cbo", ("savings",), (("kisanfu", SEAT),),
        "Un groupe de femmes qui a retiré son dossier pour le compléter.",
        "withdrawn",
    ),
]  # fmt: skip

KNOWN_SINCE = timedelta(
    days=3 * 365
)  # before any decision of the demonstration: a seat noted later asks for a new look


def create(organisation):
    """Make the organisation with its areas and places; return the Partner."""
    partner = Partner.objects.create(
        slug=organisation.slug,
        name=organisation.name,
        acronym=organisation.acronym,
        organisation_type=organisation.type,
        summary=organisation.summary,
        founded="~2016",
        is_published=True,
        is_fictitious=True,
    )
    for area in organisation.areas:
        PartnerArea.objects.create(partner=partner, area=area)
    for slug, kind in organisation.places:
        place = Place.objects.get(slug=slug)
        PartnerPlace.objects.create(partner=partner, place=place, kind=kind, added_at=partner.created_at - KNOWN_SINCE)
    partner.save()  # once more: its search text holds its places
    return partner
