"""What the annual report of the network prints, read once: results and spending of a year as the public may know them,
how punctual the reports were, which accepted versions all of it rests on, and what is missing by name."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from ace_partners.core.dates import local_day
from impact.figures.network import NetworkResult, NetworkSpending, network_results, network_spending
from impact.models import Report, ReportStatus
from impact.models.framework import ImpactArea
from partners.models import Partner


@dataclass(frozen=True)
class AreaResults:
    """One of the five impact areas with the indicators that something is known about."""

    label: str
    results: tuple[NetworkResult, ...]


@dataclass(frozen=True)
class Punctuality:
    """Reports of the year's periods: those asked for, and how the answers came. Waived ones are not asked for."""

    asked: int
    in_time: int
    late: int
    silent: int
    waived: int


@dataclass(frozen=True)
class CountedReport:
    reference: str
    version: int
    project: str
    period: str
    accepted_on: date
    sha256: str


@dataclass(frozen=True)
class PartnerReports:
    """An organisation and the accepted versions that it brings to the year."""

    name: str
    is_fictitious: bool
    reports: tuple[CountedReport, ...]


@dataclass(frozen=True)
class MissingLine:
    """A report of the year that is not accepted. `is_sent`: ACE has it and has not accepted it yet."""

    partner: str
    is_fictitious: bool
    project: str
    period: str
    due_on: date
    is_sent: bool


@dataclass(frozen=True)
class AnnualFacts:
    """A year of the network. `partners` are those with an accepted report, in the order of their names."""

    year: int
    number: int
    read_at: datetime
    areas: tuple[AreaResults, ...]
    spending: NetworkSpending
    punctuality: Punctuality
    partners: tuple[PartnerReports, ...]
    missing: tuple[MissingLine, ...]

    @property
    def accepted(self):
        return sum(len(partner.reports) for partner in self.partners)

    @property
    def has_fictitious(self):
        return any(partner.is_fictitious for partner in self.partners)


def read_annual(year, number):
    """AnnualFacts of a calendar year, public figures only, in the active language. Queries do not grow with the rows."""
    start, end = date(year, 1, 1), date(year, 12, 31)
    reports = _reports(start, end)
    return AnnualFacts(
        year=year,
        number=number,
        read_at=timezone.now(),
        areas=_areas(network_results(start=start, end=end)),
        spending=network_spending(start=start, end=end),
        punctuality=_punctuality(reports),
        partners=_partners(reports),
        missing=tuple(_missing(report) for report in reports if _is_missing(report)),
    )


def _reports(start, end):
    rows = Report.objects.filter(partner__in=Partner.objects.published(), period__ends_on__range=(start, end))
    related = rows.select_related("partner", "project", "period", "accepted_version__acceptance")
    return list(related.order_by("partner__name", "partner__pk", "project__code", "period__starts_on", "pk"))


def _areas(results):
    found = defaultdict(list)
    for result in results:
        found[result.impact_area].append(result)
    return tuple(AreaResults(str(label), tuple(found[code])) for code, label in ImpactArea.choices if found[code])


def _is_asked(report):
    return report.status != ReportStatus.WAIVED


def _punctuality(reports):
    asked = [report for report in reports if _is_asked(report)]
    sent = [report for report in asked if report.first_submitted_at]
    late = sum(report.days_late() > 0 for report in sent)
    return Punctuality(len(asked), len(sent) - late, late, len(asked) - len(sent), len(reports) - len(asked))


def _partners(reports):
    found = defaultdict(list)
    for report in reports:
        if report.accepted_version is not None:
            found[report.partner].append(_counted(report))
    return tuple(PartnerReports(partner.name, partner.is_fictitious, tuple(rows)) for partner, rows in found.items())


def _counted(report):
    version = report.accepted_version
    return CountedReport(
        reference=report.reference,
        version=version.number,
        project=report.project.title,
        period=report.period.label,
        accepted_on=local_day(version.acceptance.at),
        sha256=version.sha256,
    )


def _is_missing(report):
    return _is_asked(report) and report.accepted_version is None


def _missing(report):
    return MissingLine(
        partner=report.partner.name,
        is_fictitious=report.partner.is_fictitious,
        project=report.project.title,
        period=report.period.label,
        due_on=report.last_day,
        is_sent=report.first_submitted_at is not None,
    )
