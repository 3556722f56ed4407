"""What a dashboard asks about: whose projects, which periods, which area, which place. One narrowing for every figure."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from impact.models import Project, ProjectArea, ProjectPlace
from partners.models import PartnerArea, Place


@dataclass(frozen=True)
class Scope:
    """Projects of `partners` (a queryset) in an area and at a place or below it; periods that end from `start` to `end`.

    The day that a period ends decides, so that each period belongs to one quarter and one year.
    """

    partners: Any
    start: date
    end: date
    area: str = ""
    place: Place | None = None

    def projects(self, *, in_area=True):
        """The projects asked for, whatever their dates; all areas where what hangs on them has an area of its own."""
        rows = Project.objects.filter(partner__in=self.partners)
        if self.area and in_area:
            rows = rows.filter(pk__in=ProjectArea.objects.filter(area=self.area).values("project"))
        if self.place:
            here = ProjectPlace.objects.filter(place__lineage__startswith=self.place.lineage)
            rows = rows.filter(pk__in=here.values("project"))
        return rows

    def organisations(self):
        """The organisations asked for: in the area by their own declaration, at the place by their seat or work."""
        rows = self.partners
        if self.area:
            rows = rows.filter(pk__in=PartnerArea.objects.filter(area=self.area).values("partner"))
        return rows.at(self.place) if self.place else rows

    def ending(self, path=""):
        """The condition that a Period, or the one at `path`, ends within the span: `ending("version__report__period")`."""
        field = f"{path}__ends_on" if path else "ends_on"
        return Q(**{f"{field}__gte": self.start, f"{field}__lte": self.end})
