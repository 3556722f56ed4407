"""Who reports, and in time (impact.md §c.5): completeness is accepted out of expected, timeliness sent in time out of expected.

Expected is what `progress.coverage_of` expects of a value: a report whose last day has passed, and one accepted before it.
A waived report is expected of nobody. The last day is the calendar's with its grace, or the later one that was given.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from ace_partners.core.dates import local_day
from ace_partners.core.money import share
from impact.models import Report, ReportStatus

FIELDS = (
    *("partner", "partner__name", "partner__slug", "partner__is_fictitious"),
    *("status", "period__due_on", "period__grace_days", "extended_until", "first_submitted_at"),
)


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
    for partner, name, slug, fictitious, *report in reports.values_list(*FIELDS):
        names[partner] = (name, slug, fictitious)
        for place, one in enumerate(_judged(*report, today)):
            counted[partner][place] += one
    rows = [PartnerPunctuality(pk, *names[pk], Punctuality(*counts)) for pk, counts in counted.items()]
    together = (
        Punctuality(*(sum(counts) for counts in zip(*counted.values(), strict=True))) if rows else Punctuality(0, 0, 0)
    )
    return together, tuple(sorted(rows, key=_worst_first))


def _judged(status, due_on, grace_days, extended_until, sent_at, today):
    """(expected, accepted, in time) of one report, each 0 or 1."""
    if status == ReportStatus.WAIVED:
        return 0, 0, 0
    last_day = due_on + timedelta(days=grace_days)
    last_day = max(last_day, extended_until or last_day)
    accepted = status == ReportStatus.ACCEPTED
    expected = accepted or last_day < today
    in_time = expected and sent_at is not None and local_day(sent_at) <= last_day
    return int(expected), int(accepted), int(in_time)


def _worst_first(row):
    figure = row.figure
    if not figure.expected:
        return (1, Decimal(0), Decimal(0), row.name, row.partner)
    return (0, figure.completeness, figure.timeliness, row.name, row.partner)
