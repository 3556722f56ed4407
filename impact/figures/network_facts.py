"""The frozen facts of figures across partners: what `network` reads, pages and papers show, `core.canonical` hashes."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ace_partners.core.charts import Absent, BarChart, Point
from impact.across import Across
from impact.figures.network_tables import Breakdown
from impact.progress import Coverage


class SpanState(StrEnum):
    VALUE = "value"
    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"
    MASKED = "masked"
    NOT_DUE = "not_due"
    NOT_ASKED = "not_asked"
    NEVER_ADDED = "never_added"


ABSENT = {
    SpanState.MISSING: Absent.NOT_REPORTED,
    SpanState.NOT_APPLICABLE: Absent.NOT_APPLICABLE,
    SpanState.MASKED: Absent.MASKED,
    SpanState.NOT_DUE: Absent.NOT_DUE,
    SpanState.NOT_ASKED: Absent.NOT_ASKED,
}


@dataclass(frozen=True)
class NetworkSource:
    """One accepted version that a figure rests on."""

    partner: str
    slug: str
    project: str
    report: str
    version: int
    period: str
    accepted_on: date
    sha256: str


@dataclass(frozen=True)
class SpanFigure:
    """One indicator over all partners in one quarter or span. Numbers rounded as shown; None is "not known", never 0.

    `gross` counts joint work with each partner, `net` once (impact.md §c.6); they are equal without joint work. `n` and
    `d` are those of a pooled percentage or ratio. `last_known` completes levels with the newest earlier values of those
    who are silent; it is never the span's total. `partners` and `periods` are what was reported of what was due.
    """

    label: str
    starts_on: date
    ends_on: date
    state: SpanState
    gross: Decimal | None
    net: Decimal | None
    n: Decimal | None
    d: Decimal | None
    last_known: Decimal | None
    partners: Coverage
    periods: Coverage
    words: str
    net_words: str
    last_known_words: str

    @property
    def is_joint(self):
        return self.net is not None and self.net != self.gross


@dataclass(frozen=True)
class NetworkPart:
    """What one target of one partner brings to the figure of a span. `value`, `n`, `d` and `shared` are None where masked."""

    partner: str
    slug: str
    project: str
    state: SpanState
    value: Decimal | None
    n: Decimal | None
    d: Decimal | None
    shared: Decimal | None
    words: str
    sources: tuple[NetworkSource, ...]


@dataclass(frozen=True)
class NetworkResult:
    """One indicator (or those of its versions that may be added) over all partners, in one span and quarter by quarter."""

    code: str
    versions: tuple[int, ...]
    name: str
    definition: str
    area: str
    impact_area: str
    impact_area_label: str
    unit: str
    unit_label: str
    kind: str
    calculation: str
    direction: str
    across: str
    counts_children: bool
    total: SpanFigure
    quarters: tuple[SpanFigure, ...]
    parts: tuple[NetworkPart, ...]
    breakdowns: tuple[Breakdown, ...]
    disaggregated: Coverage
    has_fictitious: bool

    @property
    def sources(self):
        return tuple(source for part in self.parts for source in part.sources)

    @property
    def is_partly_broken_down(self):
        return 0 < self.disaggregated.reported < self.disaggregated.expected

    @property
    def shown_unit(self):
        """The unit as charts and numbers take it."""
        return "%" if self.unit == "%" else self.unit_label

    @property
    def chart(self):
        """Gross figures quarter by quarter, None where nothing may be added."""
        if self.across == Across.NONE or not self.quarters:
            return None
        points = tuple(_point(figure) for figure in self.quarters)
        return BarChart(
            title=self.name, unit=self.shown_unit, points=points, heading=pgettext("three months", "Quarter")
        )


def _point(figure):
    note = _("%(coverage)s partners") % {"coverage": figure.partners}
    if figure.gross is None:
        return Point(figure.label, absent=ABSENT[figure.state], note=note)
    return Point(figure.label, figure.gross, note=note)
