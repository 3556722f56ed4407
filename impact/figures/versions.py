"""One accepted version as the public may read it, also after a newer one replaced it: citable for ever, masked as today.

The figures are drawn by the same code as those of the partner page. A value is shown only where it would be shown with
this version in force, and also is today: an older page must not give away what the present one withholds.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from impact.figures.public import PeriodFigure, accepted_values, target_result, told
from impact.figures.sources import Revision, revision_of, revisions_of, source_of
from impact.figures.spending import SpendingRow, spending_row
from impact.models import BudgetLine, ReportVersion, Target


@dataclass(frozen=True)
class VersionValue:
    """One indicator of a version: `figure` is its period; `withheld` when either reading withholds it."""

    code: str
    name: str
    unit_label: str
    figure: PeriodFigure
    withheld: bool


@dataclass(frozen=True)
class VersionFacts:
    """An accepted version. `replaced_at` and `replaced_by` (its number) are None while it is in force."""

    report: str
    report_pk: int
    number: int
    project: str
    period: str
    accepted_at: datetime
    sha256: str
    replaced_at: datetime | None
    replaced_by: int | None
    revision: Revision | None
    values: tuple[VersionValue, ...]
    no_spending: bool
    spending: tuple[SpendingRow, ...]


def read_version(partner, report_pk, number):
    """The VersionFacts of an accepted version of this partner; None where there is none."""
    accepted = ReportVersion.objects.filter(report__partner=partner, report=report_pk, acceptance__isnull=False)
    versions = list(
        accepted.select_related("acceptance", "report__period", "report__project")
        .prefetch_related(revisions_of())
        .order_by("number")
    )
    version = next((each for each in versions if each.number == number), None)
    if version is None:
        return None
    later = next((each for each in versions if each.number > number), None)
    return VersionFacts(
        report=version.report.reference,
        report_pk=version.report_id,
        number=number,
        project=version.report.project.title,
        period=version.report.period.label,
        accepted_at=version.acceptance.at,
        sha256=version.sha256,
        replaced_at=later.acceptance.at if later else None,
        replaced_by=later.number if later else None,
        revision=revision_of(version),
        values=tuple(_values(partner, version)),
        no_spending=version.no_spending,
        spending=tuple(_spending(version)),
    )


def _values(partner, version):
    project, period = version.report.project, version.report.period
    periods = list(project.periods.with_report().order_by("starts_on"))
    place, today = periods.index(period), timezone.localdate()
    now, source = accepted_values(partner), source_of(version)
    rows = {row.target_id: row for row in version.values.all()}
    targets = told(Target.objects.filter(pk__in=rows))
    for target in targets:
        present = now.get(target.pk, {})
        then = {**present, period.pk: (rows[target.pk], source)}
        result, current = (target_result(target, periods, each, today) for each in (then, present))
        figure = result.rows[place]
        yield VersionValue(
            code=result.code,
            name=result.name,
            unit_label=result.unit_label,
            figure=figure,
            withheld=figure.is_masked or current.rows[place].is_masked,
        )


def _spending(version):
    spent = defaultdict(list)
    for row in version.spending.all():
        spent[row.budget_line_id].append(row)
    code = version.report.project.code
    lines = BudgetLine.objects.filter(pk__in=[pk for pk in spent if pk]).order_by("code")
    rows = [spending_row(code, line, spent.pop(line.pk)) for line in lines]
    return [*rows, *(spending_row(code, None, outside) for outside in spent.values())]
