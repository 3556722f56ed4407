"""Rows of the directory, and the few numbers of the home page."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from ace_partners.public.facts.places import Gazetteer
from impact.models import Report
from partners.models import Area, Document, OrganisationType, Partner
from vetting.models import Decision
from vetting.scoring import Outcome
from vetting.standing import LABELS, with_standing

TYPES = dict(OrganisationType.choices)
AREAS = dict(Area.choices)
MOST_TOWNS = 3
IN_FAVOUR = (Outcome.APPROVED, Outcome.CONDITIONAL)


@dataclass(frozen=True)
class Entry:
    """One organisation of the directory."""

    name: str
    acronym: str
    url: str
    type_label: str
    areas: tuple[str, ...]
    towns: tuple[str, ...]
    more_towns: int
    standing: str
    standing_label: str
    decided_at: datetime | None
    valid_until: date | None
    is_fictitious: bool
    summary: str


@dataclass(frozen=True)
class NetworkFacts:
    """What the home page counts. Invented organisations are shown, never counted."""

    partners: int
    in_favour: int
    accepted_reports: int
    documents: int
    has_fictitious: bool
    first: tuple[Entry, ...]


def entries(partners, gazetteer):
    """Entries of these partners in their order; three queries however many there are."""
    rows = with_standing(partners).prefetch_related("areas", "places").defer("presentation", "search_text")
    return tuple(_entry(row, gazetteer) for row in rows)


def _entry(row, gazetteer):
    towns = gazetteer.towns(row.places.all())
    return Entry(
        name=row.name,
        acronym=row.acronym,
        url=reverse("public:partner", args=[row.slug]),
        type_label=str(TYPES.get(row.organisation_type, "")),
        areas=areas_of(row),
        towns=towns[:MOST_TOWNS],
        more_towns=max(0, len(towns) - MOST_TOWNS),
        standing=row.standing_code,
        standing_label=str(LABELS[row.standing_code]),
        decided_at=row.standing_decided_at,
        valid_until=row.standing_valid_until,
        is_fictitious=row.is_fictitious,
        summary=row.summary,
    )


def areas_of(partner):
    """Labels of its contribution areas, in the order of criterion 2."""
    declared = {row.area for row in partner.areas.all()}
    return tuple(str(label) for code, label in AREAS.items() if code in declared)


def network():
    """NetworkFacts: the numbers by query, and the three organisations that were in the network first."""
    listed = Partner.objects.published()
    real = Q(partner__is_published=True, partner__is_fictitious=False)
    favourable = Decision.objects.in_force().filter(real, outcome__in=IN_FAVOUR, valid_until__gte=timezone.localdate())
    counts = listed.aggregate(real=Count("pk", filter=Q(is_fictitious=False)), all=Count("pk"))
    return NetworkFacts(
        partners=counts["real"],
        in_favour=favourable.count(),
        accepted_reports=Report.objects.filter(real, accepted_version__isnull=False).count(),
        documents=Document.objects.published().filter(real).count(),
        has_fictitious=counts["all"] > counts["real"],
        first=entries(listed.filter(is_fictitious=False).order_by("pk")[:3], Gazetteer()),
    )
