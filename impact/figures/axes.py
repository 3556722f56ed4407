"""What the forms of a project's values offer: the categories of each axis, and the partners that work may be shared with."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from impact import grid
from impact.models import AxisCategory, JointPartner, ProjectPlace, Target
from impact.models.framework import SITE
from partners.models import Partner, Place, PlaceLevel

ALL_FAMILIES = "all"

# How an axis is called over its table. A code without words here is shown as it is.
AXIS_WORDS = {
    "sex": _("sex"),
    "age": _("age"),
    "site": _("mine site"),
    "work": _("kind of work"),
    "cause": _("cause"),
    "activity": _("activity on the site"),
    "schooling": _("kind of schooling"),
    "cycle": _("cycle"),
    "sector": _("sector"),
    "household_head_sex": _("who heads the household"),
}

Categories = tuple[tuple[str, str], ...]


def axes_words(axes) -> str:
    """The name of a table: "sex × age"."""
    return " × ".join(str(AXIS_WORDS.get(axis, axis)) for axis in axes)


@dataclass(frozen=True)
class Axes:
    """Read once for all targets of a project: `rows` are (axis, code, name, families), `sites` (place slug, name)."""

    rows: tuple[tuple[str, str, str, frozenset[str]], ...]
    sites: Categories

    def of(self, target: Target) -> dict[str, list[tuple[str, str]]]:
        """{axis: [(code, label), …]} for each axis of the target's indicator, in the order of the reference data.

        An axis without a category here (no mine site in the project) has an empty list.
        """
        family = target.indicator.code.partition("-")[0]
        found = defaultdict(list)
        for axis, code, name, families in self.rows:
            if families & {family, ALL_FAMILIES}:
                found[axis].append((code, name))
        return {
            axis: list(self.sites) if axis == SITE else found[axis] for axis in target.indicator.disaggregation or []
        }


class Labels:
    """The words of every category and site that the cells of some values name: at most two queries."""

    def __init__(self, values):
        named = {
            (axis, code)
            for value in values
            for axes, table in grid.read_cells(value.cells).items()
            for codes in table
            for axis, code in zip(axes, codes, strict=True)
        }
        sites = {code for axis, code in named if axis == SITE}
        categories = AxisCategory.objects.filter(axis__in={axis for axis, _code in named}) if named else ()
        self.order, self.words = {}, {}
        for row in categories:
            self.order[row.axis, row.code] = row.position
            self.words[row.axis, row.code] = row.name
        for place in Place.objects.filter(slug__in=sites) if sites else ():
            self.words[SITE, place.slug] = place.name

    def of(self, axis, code):
        """What a code is called; "not specified" for NS, and the code itself where nobody named it."""
        if code == grid.NOT_SPECIFIED:
            return self.words.get((axis, code), gettext("Not specified"))
        return self.words.get((axis, code), code)

    def sorted(self, axis, codes):
        """Codes in the order of the reference data, "not specified" last."""
        return sorted(codes, key=lambda code: (code == grid.NOT_SPECIFIED, self.order.get((axis, code), 0), code))


def read_axes(project) -> Axes:
    """The axes as they are for one project: two queries."""
    categories = AxisCategory.objects.order_by("axis", "position")
    places = ProjectPlace.objects.filter(project=project, place__level=PlaceLevel.MINE_SITE).select_related("place")
    return Axes(
        rows=tuple((row.axis, row.code, row.name, frozenset(row.families)) for row in categories),
        sites=tuple((spot.place.slug, str(spot.place)) for spot in places.order_by("place__name", "pk")),
    )


def categories_of(target) -> dict[str, list[tuple[str, str]]]:
    """{axis: [(code, label), …]} of one target; for several targets of a project, `read_axes` once and `of` each."""
    return read_axes(target.project_id).of(target)


def sharing_partners(project) -> tuple[list[Partner], list[Partner]]:
    """With whom work may be shared: the project's joint partners, then the others of the directory. Two queries."""
    joint = [row.partner for row in JointPartner.objects.filter(project=project).select_related("partner")]
    known = {project.partner_id, *(partner.pk for partner in joint)}
    others = Partner.objects.published().exclude(pk__in=known).order_by("name", "pk")
    return joint, list(others)
