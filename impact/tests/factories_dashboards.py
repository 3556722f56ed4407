"""Rows of the dashboards' tests: a partner with a project, and reports that are accepted in a few words."""

from datetime import date, datetime, time
from decimal import Decimal

from django.utils import timezone

from impact.models import Report
from impact.tests.factories import (
    AcceptanceFactory,
    IndicatorValueFactory,
    PeriodFactory,
    PeriodTargetFactory,
    ProjectFactory,
    ReportFactory,
    ReportVersionFactory,
    SpendingLineFactory,
    TargetFactory,
)


def moment(year, month, day):
    return timezone.make_aware(datetime.combine(date(year, month, day), time(12)))


def accepted_report(period, *, sent=None):
    """The accepted report of a period, sent at `sent` (a date; the day the period is due if not given). Its version."""
    day = sent or period.due_on
    version = ReportVersionFactory(
        report=ReportFactory(period=period, status="submitted"), submitted_at=moment(day.year, day.month, day.day)
    )
    AcceptanceFactory(version=version)
    return version


def reached(indicator, *values, aim=100, partner=None, baseline=0, **facts):
    """A Target with one accepted period of 2025 for each value (None: the report says nothing), each aiming at `aim`.

    A value is a number, or (numerator, denominator).
    """
    project = ProjectFactory(**({"partner": partner} if partner else {}))
    target = TargetFactory(project=project, indicator=indicator, baseline=Decimal(baseline), **facts)
    for value in values:
        period = PeriodFactory(project=project)
        PeriodTargetFactory(target=target, period=period, value=Decimal(aim))
        if value is not None:
            IndicatorValueFactory(version=accepted_report(period), target=target, **_fields(value))
    return target


def _fields(value):
    if isinstance(value, tuple):
        n, d = value
        return {"value": None, "numerator": Decimal(n), "denominator": Decimal(d)}
    return {"value": Decimal(value)}


def spent(version, line, usd, **facts):
    """An accepted expense in dollars on a budget line, or outside the budget when `line` is None."""
    return SpendingLineFactory(version=version, budget_line=line, amount=Decimal(usd), **facts)


def report_of(period, **facts):
    """A report as it stands, its dates written without an action."""
    report = ReportFactory(period=period)
    Report.objects.filter(pk=report.pk).update(**facts)
    return Report.objects.get(pk=report.pk)
