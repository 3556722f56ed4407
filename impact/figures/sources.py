"""Which accepted version a public figure comes from, what it replaced, and how fresh a partner's figures are."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from impact.models import Reopening, ReopeningStatus, ReportVersion


@dataclass(frozen=True)
class Revision:
    """« Révisé le … : motif »: since when the figure is another one, why, and where the older one stays to be read."""

    on: datetime
    motive: str
    partner: str
    report: int
    replaced: int


@dataclass(frozen=True)
class Source:
    """Where a figure comes from."""

    report: str
    version: int
    accepted_at: datetime
    period: str
    sha256: str = ""
    revision: Revision | None = None


def revisions_of(path=""):
    """What `source_of` needs to be prefetched of versions reached by `path` ("version__" from a value row): one query."""
    approved = Reopening.objects.filter(status=ReopeningStatus.APPROVED)
    return Prefetch(
        f"{path}report__reopenings",
        queryset=approved.select_related("version", "report__partner"),
        to_attr="approved_reopenings",
    )


def source_of(version):
    """The Source of a version read with its acceptance, its report, the report's period, and `revisions_of`."""
    return Source(
        report=version.report.reference,
        version=version.number,
        accepted_at=version.acceptance.at,
        period=version.report.period.label,
        revision=revision_of(version),
        sha256=version.sha256,
    )


def revision_of(version):
    """The Revision that an accepted version is, None for the first; it is read with `revisions_of`."""
    before = [each for each in _reopenings(version.report) if each.version.number < version.number]
    if not before:
        return None
    last = max(before, key=lambda each: each.version.number)
    return Revision(
        on=version.acceptance.at,
        motive=last.motive,
        partner=last.report.partner.slug,
        report=version.report_id,
        replaced=last.version.number,
    )


def _reopenings(report):
    if hasattr(report, "approved_reopenings"):
        return report.approved_reopenings
    # One report by itself: nobody prefetched.
    return report.reopenings.filter(status=ReopeningStatus.APPROVED).select_related("version", "report__partner")


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
    report = newest.report
    return Freshness(report.reference, newest.number, report.period.label, newest.acceptance.at)
