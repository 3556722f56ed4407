"""Everything the page of one organisation and its sheet say, and nothing else of what is stored about it."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ace_partners.core.dates import ApproxDate, local_day
from ace_partners.core.numbers import format_number
from ace_partners.public.facts.directory import TYPES, areas_of
from ace_partners.public.facts.places import Gazetteer, PlaceGroup, in_town, place_of_home
from impact.figures import Freshness, ProjectResults, SpendingSummary, freshness, partner_results, partner_spending
from impact.figures.joint import JointWork, joint_work
from impact.figures.papers import published_versions
from partners.models import Document, Relationship, ValidityState
from partners.models.documents import Confidentiality
from partners.models.organisations import PlaceKind
from partners.models.places import PlaceLevel
from vetting.regulatory import regulations
from vetting.standing import NOT_ASSESSED, Standing, standing_of

STOPPED = (Relationship.SUSPENDED, Relationship.ENDED)
FILE_TYPES = {"application/pdf": "PDF", "image/jpeg": "JPEG", "image/png": "PNG"}


@dataclass(frozen=True)
class Fact:
    """A line of the identity; an empty value is shown as « à compléter »."""

    label: str
    value: str


@dataclass(frozen=True)
class FunderFact:
    name: str
    relation: str


@dataclass(frozen=True)
class StatedFigure:
    """What the organisation says about itself: "près de 5 000" of "bénéficiaires", for a period or date."""

    amount: str
    unit: str
    period: str


@dataclass(frozen=True)
class PublicPerson:
    """A person who consented to be named, and since when."""

    name: str
    office: str


@dataclass(frozen=True)
class DocumentFact:
    name: str
    kind: str
    size: int
    url: str
    issued_on: date | None
    expires_on: date | None
    is_expired: bool


@dataclass(frozen=True)
class ReportFact:
    """One accepted version: `sha256` of what was sent; `replaced_by` is the number of the version now in force, if another."""

    period: str
    project: str
    reference: str
    number: int
    accepted_at: datetime
    sha256: str
    replaced_by: int | None
    url: str


@dataclass(frozen=True)
class RegulatoryFact:
    """What the authorities say of the organisation (`site` empty) or of one of its mine sites, since when, and who says so."""

    site: str
    code: str
    label: str
    tone: str
    since: date
    source: str


@dataclass(frozen=True)
class PartnerFacts:
    """One published organisation. `stopped` names a suspended or ended relationship, "" otherwise."""

    name: str
    acronym: str
    slug: str
    url: str
    is_fictitious: bool
    type_label: str
    stopped: str
    summary: str
    presentation: str
    website: str
    identity: tuple[Fact, ...]
    areas: tuple[str, ...]
    places: tuple[PlaceGroup, ...]
    stated: tuple[StatedFigure, ...]
    funders: tuple[FunderFact, ...]
    gaps: tuple[str, ...]
    people: tuple[PublicPerson, ...]
    standing: Standing
    regulatory: tuple[RegulatoryFact, ...]
    projects: tuple[ProjectResults, ...]
    joint: tuple[JointWork, ...]  # under the lead of another
    spending: SpendingSummary
    reports: tuple[ReportFact, ...]
    freshness: Freshness | None
    documents: tuple[DocumentFact, ...]
    read_at: datetime

    @property
    def title(self):
        """« Alternatives for Actions (A.F.A.) »."""
        return f"{self.name} ({self.acronym})" if self.acronym else self.name

    @property
    def today(self):
        """The day of these facts in Lualaba."""
        return local_day(self.read_at)

    @property
    def is_assessed(self):
        return self.standing.decided_at is not None

    @property
    def has_spending(self):
        return bool(self.spending.rows)

    @property
    def is_waiting(self):
        """Nothing was decided and nothing is being examined."""
        return self.standing.code == NOT_ASSESSED


def read_partner(partner):
    """PartnerFacts of a published organisation; the number of queries does not depend on how much there is to tell."""
    gazetteer, places = Gazetteer(), list(partner.places.all())
    return PartnerFacts(
        name=partner.name,
        acronym=partner.acronym,
        slug=partner.slug,
        url=reverse("public:partner", args=[partner.slug]),
        is_fictitious=partner.is_fictitious,
        type_label=str(TYPES.get(partner.organisation_type, "")),
        stopped=str(Relationship(partner.status).label) if partner.status in STOPPED else "",
        summary=partner.summary,
        presentation=partner.presentation,
        website=partner.website,
        identity=_identity(partner),
        areas=areas_of(partner),
        places=gazetteer.groups(places),
        stated=tuple(_stated(row) for row in partner.reach_figures.all()),
        funders=tuple(FunderFact(row.name, row.relation) for row in partner.funders.all()),
        gaps=tuple(row.what for row in partner.gaps.all()),
        people=_people(partner),
        standing=standing_of(partner),
        regulatory=_regulatory(partner, places, gazetteer),
        projects=_projects(partner, places, gazetteer),
        joint=tuple(joint_work([partner.pk])[partner.pk]),
        spending=partner_spending(partner),
        reports=_reports(partner),
        freshness=freshness(partner),
        documents=tuple(_document(row, partner) for row in public_documents().filter(partner=partner)),
        read_at=timezone.now(),
    )


def public_documents():
    """Documents the public may read: published, of a type that may be public, and replaced by no newer version."""
    published = Document.objects.published().current().filter(type__confidentiality=Confidentiality.PUBLIC)
    return published.select_related("type", "file", "partner")


def _identity(partner):
    facts = [
        (_("Organisation type"), str(TYPES.get(partner.organisation_type, ""))),
        (_("Legal form"), partner.legal_form),
        (_("Founded"), _approximate(partner.founded)),
        (_("Legally recognised"), _approximate(partner.legalised)),
    ]
    if partner.former_names:
        facts.append((_("Former names"), partner.former_names))
    return tuple(Fact(label, value) for label, value in facts)


def _approximate(code):
    return ApproxDate.from_code(code).display(get_language() or settings.LANGUAGE_CODE) if code else ""


def _stated(row):
    number = format_number(row.value, lang=get_language() or settings.LANGUAGE_CODE) if row.value is not None else ""
    amount = " ".join(part for part in (row.qualifier, number or row.value_text) if part)
    return StatedFigure(amount, row.unit, row.period)


def _people(partner):
    consenting = partner.people.filter(public_since__lte=timezone.localdate())
    return tuple(PublicPerson(row.full_name, row.office) for row in consenting)


def _regulatory(partner, places, gazetteer):
    """The status of the organisation and of its mine sites, as it is now; a site that is also a home is left out."""
    homes = {row.place_id for row in places if row.kind == PlaceKind.HOME}
    sites = [gazetteer.by_id[row.place_id] for row in places if row.kind == PlaceKind.MINE_SITE]
    sites = [site for site in sites if site.level == PlaceLevel.MINE_SITE and site.pk not in homes]
    return tuple(
        RegulatoryFact(
            site=in_town(each.place) if each.place else "",
            code=each.current.state,
            label=str(each.current.get_state_display()),
            tone=each.tone,
            since=each.current.effective_on,
            source=each.current.source,
        )
        for each in regulations(partner, sites)
    )


def _projects(partner, places, gazetteer):
    """Results by project. The name of a place where the organisation keeps a home gives way to its town here too."""
    homes = [gazetteer.by_id[row.place_id] for row in places if row.kind == PlaceKind.HOME]
    towns = {place.name: in_town(place_of_home(place)) for place in homes}
    return tuple(
        replace(project, places=tuple(dict.fromkeys(towns.get(name, name) for name in project.places)))
        for project in partner_results(partner)
    )


def _reports(partner):
    """Every accepted version, the newest period first: those that were replaced stay citable."""
    versions = published_versions().filter(report__partner=partner).select_related("report__accepted_version")
    return tuple(
        ReportFact(
            period=version.report.period.label,
            project=version.report.project.title,
            reference=version.report.reference,
            number=version.number,
            accepted_at=version.acceptance.at,
            sha256=version.sha256,
            replaced_by=None if now.pk == version.pk else now.number,
            url=reverse("public:report_paper", args=[partner.slug, version.report_id, version.number]),
        )
        for version in versions.order_by("-report__period__starts_on", "-report_id", "-number")
        for now in [version.report.accepted_version or version]
    )


def _document(row, partner):
    return DocumentFact(
        name=str(row),
        kind=FILE_TYPES.get(row.file.media_type, ""),
        size=row.file.size,
        url=reverse("public:document", args=[partner.slug, row.pk]),
        issued_on=row.issued_on,
        expires_on=row.valid_until,
        is_expired=row.validity() == ValidityState.EXPIRED,
    )
