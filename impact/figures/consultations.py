"""What the public may know of the talks behind a project, and of who works in it beside the lead."""

from dataclasses import dataclass
from datetime import date

from partners.models import Area

SMALL = range(1, 5)  # a count of children from 1 to 4 is withheld (design §9)


@dataclass(frozen=True)
class ConsultationFact:
    """One talk, without names. `people` and `women` are None when nobody counted, or when `is_masked`."""

    held_on: date
    groups: str
    people: int | None
    women: int | None
    asked: str
    outcome: str
    is_masked: bool


@dataclass(frozen=True)
class JointFact:
    """Another organisation of the project. One that is not in the public directory has neither name nor address here."""

    name: str
    url: str
    role: str


def consultation_facts(project):
    """Newest first. `project.consultations` and `project.areas` are read, so the caller prefetches them."""
    children = any(area.area == Area.CHILDREN for area in project.areas.all())
    return tuple(_fact(row, children) for row in project.consultations.all())


def _fact(row, children):
    """Where a project is for children, those who were heard may be children: no small number, nor one left by subtraction."""
    people, women, masked = row.people, row.women, False
    if children and people is not None:
        parts = [people] if women is None else [people, women, people - women]
        if masked := any(part in SMALL for part in parts):
            people = None if people in SMALL else people
            women = None
    return ConsultationFact(row.held_on, row.groups, people, women, row.asked, row.outcome, masked)


def joint_facts(project):
    """`project.joint_partners` with their `partner` are read, so the caller prefetches them."""
    rows = sorted(project.joint_partners.all(), key=lambda row: row.partner.name)
    return tuple(
        JointFact(row.partner.name, row.partner.get_absolute_url(), row.role)
        if row.partner.is_published
        else JointFact("", "", row.role)
        for row in rows
    )
