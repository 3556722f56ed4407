"""Which accepted version a public figure comes from, and how fresh a partner's figures are."""

from dataclasses import dataclass
from datetime import datetime

from impact.models import ReportVersion


@dataclass(frozen=True)
class Source:
    """Where a figure comes from."""

    report: str
    version: int
    accepted_at: datetime
    period: str


def source_of(version):
    """The Source of a version read with its acceptance, its report and the report's period."""
    return Source(
        report=version.report.reference,
        version=version.number,
        accepted_at=version.acceptance.at,
        period=version.report.period.label,
    )


def accepted_versions(partner):
    """The versions of a partner that are in force: the only ones the public knows."""
    return ReportVersion.objects.filter(accepted_for__partner=partner).select_related("acceptance", "report__period")


def versions_at(project_id, moment):
    """The versions of a project's reports that were in force at a moment: of each report the last one accepted by then."""
    accepted = ReportVersion.objects.filter(report__project=project_id, acceptance__at__lte=moment)
    newest = dict(accepted.order_by("number").values_list("report_id", "pk"))
    return ReportVersion.objects.filter(pk__in=newest.values())


@dataclass(frozen=True)
class Freshness:
    """The newest accepted report of a partner."""

    report: str
    version: int
    period: str
    accepted_at: datetime


def freshness(partner):
    """The newest acceptance that is in force, or None: what the public page says in one line."""
    newest = accepted_versions(partner).order_by("-acceptance__at", "-pk").first()
    if newest is None:
        return None
    source = source_of(newest)
    return Freshness(source.report, source.version, source.period, source.accepted_at)
