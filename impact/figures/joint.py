"""Projects in which organisations work under the lead of another: what the public may know of them, read once."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from impact.figures.consultations import ConsultationFact, JointFact, consultation_facts, joint_facts
from impact.models import JointPartner


@dataclass(frozen=True)
class JointWork:
    """One project of another lead, as `public/_project.html` reads it, and what the organisation does in it (`role`).

    `url` is the public page of the lead, "" when it has none. `places` stay empty: a place may be a home of the lead,
    and the lead's own page says which name stands for it.
    """

    role: str
    title: str
    lead: str
    is_fictitious: bool
    url: str
    summary: str
    needs: str
    on_site: bool
    starts_on: date
    ends_on: date
    areas: tuple[str, ...]
    joint: tuple[JointFact, ...]
    consultations: tuple[ConsultationFact, ...]
    places: tuple[str, ...] = ()

    @property
    def is_public(self):
        """A lead that is not in the public directory is not named there, nor is its project."""
        return bool(self.url)


def joint_work(partner_ids):
    """{partner id: its JointWork, newest first}; as many queries for one organisation or project as for many."""
    rows = JointPartner.objects.filter(partner__in=partner_ids).select_related("project__partner")
    rows = rows.prefetch_related(
        "project__areas",
        "project__consultations",
        Prefetch("project__joint_partners", JointPartner.objects.select_related("partner")),
    )
    found = defaultdict(list)
    for row in rows.order_by("-project__starts_on", "project_id"):
        found[row.partner_id].append(_facts(row))
    return found


def _facts(row):
    project, lead = row.project, row.project.partner
    return JointWork(
        role=row.role,
        title=project.title,
        lead=lead.name,
        is_fictitious=lead.is_fictitious,
        url=lead.get_absolute_url() if lead.is_published else "",
        summary=project.summary,
        needs=project.needs,
        on_site=project.on_site,
        starts_on=project.starts_on,
        ends_on=project.ends_on,
        areas=tuple(area.get_area_display() for area in project.areas.all()),
        joint=joint_facts(project),
        consultations=consultation_facts(project),
    )
