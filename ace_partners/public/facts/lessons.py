"""Lessons as the public reads them: what was learned, by whom, from which accepted report, in which area and place."""

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from ace_partners.public.facts.places import in_town, place_of_home
from impact.models import Lesson
from partners.models import Area, PartnerPlace
from partners.models.organisations import PlaceKind

AREAS = dict(Area.choices)
ON_HOME_PAGE = 2


@dataclass(frozen=True)
class LessonLink:
    """A lesson in one line."""

    title: str
    url: str
    area: str
    published_on: date
    is_fictitious: bool


@dataclass(frozen=True)
class LessonFacts:
    """One published lesson. `partner` is "" where the organisation is not public (`is_partners`), or where it is ACE's own.

    `report` names the period of the accepted report it is from, "" for one that was written directly.
    """

    title: str
    url: str
    text: str
    advice: str
    area: str
    place: str
    is_partners: bool
    partner: str
    partner_url: str
    is_fictitious: bool
    report: str
    accepted_at: datetime | None
    published_on: date


def lessons(rows):
    """LessonFacts of these rows, in their order; two queries however many there are."""
    found = list(
        rows.select_related(
            "partner", "place__parent__parent__parent__parent", "version__report__period", "version__acceptance"
        ).defer("search_text", "partner__presentation", "partner__search_text")
    )
    homes = set(
        PartnerPlace.objects.filter(
            kind=PlaceKind.HOME, partner__in=[row.partner_id for row in found if row.partner_id]
        ).values_list("partner_id", "place_id")
    )
    return tuple(_lesson(row, homes) for row in found)


def _lesson(row, homes):
    partner = row.partner if row.partner_id and row.partner.is_published else None
    return LessonFacts(
        title=row.title,
        url=_url(row),
        text=row.text,
        advice=row.advice,
        area=str(AREAS.get(row.area, "")),
        place=_place(row, homes),
        is_partners=row.partner_id is not None,
        partner=str(partner.name) if partner else "",
        partner_url=reverse("public:partner", args=[partner.slug]) if partner else "",
        is_fictitious=bool(row.partner_id and row.partner.is_fictitious),
        report=row.version.report.period.label if row.version_id else "",
        accepted_at=row.version.acceptance.at if row.version_id else None,
        published_on=row.published_on,
    )


def _place(row, homes):
    """The place in its town; where the organisation keeps a home, the town alone (design §9)."""
    if not row.place_id:
        return ""
    is_home = (row.partner_id, row.place_id) in homes
    return in_town(place_of_home(row.place) if is_home else row.place)


def _url(row):
    return reverse("public:lesson", args=[row.slug])


def newest_lessons():
    """The newest LessonLinks for the home page; one query."""
    rows = (
        Lesson.objects.published()
        .select_related("partner")
        .only("title", "slug", "area", "published_on", "partner__is_fictitious")[:ON_HOME_PAGE]
    )
    return tuple(
        LessonLink(
            row.title,
            _url(row),
            str(AREAS.get(row.area, "")),
            row.published_on,
            bool(row.partner_id and row.partner.is_fictitious),
        )
        for row in rows
    )
