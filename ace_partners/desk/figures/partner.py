"""One organisation on one page, for ACE's people: every part through its own `visible_to`, so that each role sees its rows."""

from dataclasses import dataclass, field

from django.db.models import Prefetch
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ace_partners.core.dates import ApproxDate
from ace_partners.core.event_words import event_label
from ace_partners.core.models import AuditEvent
from ace_partners.core.rights import CASE_ROLES, Role
from ace_partners.desk.figures.diligence import holds_of, rooms_of
from ace_partners.desk.figures.words import tone
from impact.models import Project, Report
from impact.rules import against_managing
from partners import rules
from partners.models import Confidentiality, Grant, Membership, Partner, PartnerNote, Person
from vetting.models import Decision, Dossier
from vetting.rules import against_opening
from vetting.standing import Standing, standing_of

EVENTS = 20  # newest events shown


@dataclass(frozen=True)
class PartnerFile:
    """What one reader sees of one organisation. `private`: this reader may see people, documents and dossiers at all."""

    partner: Partner
    standing: Standing
    record: list
    gaps: list
    private: bool
    examines: bool
    keeps_record: bool
    people: list = field(default_factory=list)
    dossiers: list = field(default_factory=list)
    decisions: list = field(default_factory=list)
    projects: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    accesses: list = field(default_factory=list)
    grants: list = field(default_factory=list)
    events: list = field(default_factory=list)
    against_opening: list = field(default_factory=list)
    against_managing: list = field(default_factory=list)
    against_adding: list = field(default_factory=list)
    holds: tuple = ()
    rooms: list = field(default_factory=list)


def read_partner(partner, user):
    """The PartnerFile of `partner` for `user`; as many queries for one row of each kind as for many."""
    roles = rules.roles_on(user, partner)
    mine = {"partner": partner}
    examines = bool(roles & {Role.REVIEWER, Role.APPROVER, Role.AUDITOR})
    return PartnerFile(
        partner=partner,
        standing=standing_of(partner),
        record=_record(partner),
        gaps=list(partner.gaps.all()),
        private=bool(roles & (CASE_ROLES | {Role.AUDITOR})),
        examines=examines,
        keeps_record=not rules.against_editing_record(partner, user),
        people=list(Person.objects.visible_to(user).filter(**mine)),
        dossiers=_dossiers(partner, user),
        decisions=list(Decision.objects.visible_to(user).filter(**mine)),
        projects=_projects(partner, user),
        notes=list(PartnerNote.objects.visible_to(user).filter(**mine)),
        accesses=list(Membership.objects.visible_to(user).filter(**mine).select_related("user")),
        grants=list(Grant.objects.visible_to(user).filter(**mine).select_related("user", "granted_by")),
        events=_events(partner, user),
        against_opening=against_opening(partner, user),
        against_managing=against_managing(partner, user),
        against_adding=rules.against_adding_document(partner, user),
        holds=holds_of(partner, roles),
        rooms=rooms_of(partner, user, roles),
    )


def _record(partner):
    """Rows for components/summary_list.html; an empty value shows as « à compléter »."""
    lang = get_language() or "fr"

    def day(code):
        return ApproxDate.from_code(code).display(lang) if code else ""

    places = [
        f"{spot.shown_place} ({spot.get_kind_display()})" for spot in partner.places.select_related("place__parent")
    ]
    summary = [] if partner.summary else [{"label": _("In two sentences"), "value": ""}]  # else it heads the page
    return [
        {"label": _("Name"), "value": partner.name},
        {"label": _("Acronym"), "value": partner.acronym},
        {"label": _("Type"), "value": partner.get_organisation_type_display() or ""},
        {"label": _("Legal form"), "value": partner.legal_form},
        {"label": _("Founded"), "value": day(partner.founded)},
        {"label": _("Legally recognised"), "value": day(partner.legalised)},
        {"label": _("Areas"), "value": ", ".join(str(area) for area in partner.areas.all())},
        {"label": _("Places"), "value": ", ".join(places)},
        {"label": _("Website"), "value": partner.website},
        *summary,
    ]


def _dossiers(partner, user):
    rows = Dossier.objects.visible_to(user).filter(partner=partner).select_related("assigned_to")
    return [{"row": row, "tone": tone(row.status)} for row in rows]


def _projects(partner, user):
    reports = Report.objects.visible_to_team(user).select_related("period").with_started().order_by("-period__number")
    projects = Project.objects.visible_to_team(user).filter(partner=partner)
    return list(projects.prefetch_related(Prefetch("reports", queryset=reports, to_attr="shown_reports")))


def _events(partner, user):
    """The newest events of the organisation's chain that this reader may see; the admin role reads no contents."""
    events = AuditEvent.objects.visible_to(user).filter(chain=partner.audit_chain).order_by("-number")[:EVENTS]
    contents = bool(user.roles - {Role.ADMIN})
    return [
        {
            "label": event_label(event.action),
            "target_label": event.target_label,
            "at": event.at,
            "actor_name": event.actor_name,
            "reason": event.reason if contents else "",
        }
        for event in events
    ]


def publishing(document, keeps_record):
    """What this reader may do about a document's place on the public page: "publish", "unpublish", "never" or ""."""
    if document.published_at:
        return "unpublish" if keeps_record else ""
    if document.type.confidentiality != Confidentiality.PUBLIC:
        return "never"
    return "publish" if keeps_record else ""
