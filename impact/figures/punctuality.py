"""Who reports, and in time (impact.md §c.5): completeness is accepted out of expected, timeliness sent in time out of expected.

Expected is what `impact.deadlines` says, as of a value: a report whose last day has passed, and one accepted before it.
A reopened report stays accepted, as its version stays public, until the next one is.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from ace_partners.core.money import share
from impact.models import Report


@dataclass(frozen=True)
class Punctuality:
    """Counts of reports. The rates are per cent, unrounded; None where none was expected, which is neither good nor bad."""

    expected: int
    accepted: int
    in_time: int

    @property
    def completeness(self) -> Decimal | None:
        return share(Decimal(self.accepted), Decimal(self.expected))

    @property
    def timeliness(self) -> Decimal | None:
        return share(Decimal(self.in_time), Decimal(self.expected))


@dataclass(frozen=True)
class PartnerPunctuality:
    partner: int
    name: str
    slug: str
    fictitious: bool
    figure: Punctuality


def punctuality(scope, today=None):
    """(Punctuality of all together, PartnerPunctuality of each, the worst first); one query over the reports of the span.

    An organisation of which nothing is expected yet comes last: nothing can be said of it.
    """
    today = today or timezone.localdate()
    counted, names = defaultdict(lambda: [0, 0, 0]), {}
    reports = Report.objects.filter(scope.ending("period"), project__in=scope.projects())
    for report in reports.framed().select_related("partner"):
        partner = report.partner
        names[partner.pk] = (partner.name, partner.slug, partner.is_fictitious)
        for place, one in enumerate(_judged(report, today)):
            counted[partner.pk][place] += one
    rows = [PartnerPunctuality(pk, *names[pk], Punctuality(*counts)) for pk, counts in counted.items()]
    together = (
        Punctuality(*(sum(counts) for counts in zip(*counted.values(), strict=True))) if rows else Punctuality(0, 0, 0)
    )
    return together, tuple(sorted(rows, key=_worst_first))


def _judged(report, today):
    """(expected, accepted, in time) of one report, each 0 or 1."""
    if not report.is_expected(today):
        return 0, 0, 0
    in_time = report.first_submitted_at is not None and not report.days_late()
    return 1, int(report.accepted_version_id is not None), int(in_time)


def _worst_first(row):
    figure = row.figure
    if not figure.expected:
        return (1, Decimal(0), Decimal(0), row.name, row.partner)
    return (0, figure.completeness, figure.timeliness, row.name, row.partner)
