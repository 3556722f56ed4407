"""Accepted reports of several partners, as figures across partners need them."""

from datetime import date
from decimal import Decimal

from impact.models import IndicatorValue, ValueState
from impact.tests import factories


def target_of(indicator, **fields):
    """A target in force of a new partner on this indicator."""
    return factories.TargetFactory(indicator=indicator, **fields)


def accepted_value(target, value, quarter=1, year=2025, **fields):
    """An accepted report of a quarter of the target's project with one value on it; None is « no data ».

    A tuple is (numerator, denominator).
    """
    version = accepted_version(target.project, quarter, year)
    numbers = {"state": ValueState.REPORTED}
    if isinstance(value, tuple):
        numbers |= {"numerator": Decimal(value[0]), "denominator": Decimal(value[1])}
    elif value is None:
        numbers = {"state": ValueState.NO_DATA, "comment": "Cahier perdu"}
    else:
        numbers["value"] = Decimal(value)
    return IndicatorValue.objects.create(version=version, target=target, **{**numbers, **fields})


def accepted_version(project, quarter=1, year=2025):
    """The accepted version of a calendar quarter, made when it is not there."""
    period = quarter_period(project, quarter, year)
    if report := period.reports.filter(accepted_version__isnull=False).first():
        return report.accepted_version
    return factories.AcceptanceFactory(version__report=factories.ReportFactory(period=period)).version


def quarter_period(project, quarter=1, year=2025):
    """The project's period of a calendar quarter, made when it is not there."""
    ends_on = date(year, 3 * quarter, 28)
    found = project.periods.filter(ends_on=ends_on).first()
    return found or factories.PeriodFactory(
        project=project, label=f"T{quarter} {year}", starts_on=date(year, 3 * quarter - 2, 1), ends_on=ends_on
    )


def children(**fields):
    """An indicator that counts children, new ones in each period."""
    given = {
        "code": "ENF-02",
        "area": "children",
        "unit": "children",
        "is_sensitive": True,
        "across_partners": "sum_net",
    }
    return factories.IndicatorFactory(**{**given, **fields})
