"""The public page of results across partners: one year, indicator by indicator, never two of them together."""

from dataclasses import dataclass

from django.urls import reverse

from impact.figures.network import NetworkResult, network_results
from impact.models.framework import ImpactArea
from impact.quarters import days_of_year
from partners.models import Area

MOST_SOURCES = 12
ORDER = {area: place for place, area in enumerate(ImpactArea.values)}
AREAS = {**dict(Area.choices)}


@dataclass(frozen=True)
class ResultFacts:
    """One indicator with the words of its contribution area and the address that explains it."""

    result: NetworkResult
    area_label: str
    calculation_url: str

    @property
    def impact_area_label(self):
        return self.result.impact_area_label

    @property
    def sources(self):
        return self.result.sources[:MOST_SOURCES]

    @property
    def sources_left(self):
        return max(0, len(self.result.sources) - MOST_SOURCES)


def read_results(*, year, area=None, place=None):
    """ResultFacts of a year, by impact area, then by code. Six queries, whatever there is to tell."""
    start, end = days_of_year(year)
    found = network_results(start=start, end=end, area=area, place=place)
    return tuple(
        ResultFacts(
            result=result,
            area_label=str(AREAS.get(result.area, "")),
            calculation_url=f"{reverse('public:calculation', args=[result.code])}?annee={year}",
        )
        for result in sorted(
            found, key=lambda each: (ORDER.get(each.impact_area, len(ORDER)), each.code, each.versions)
        )
    )
