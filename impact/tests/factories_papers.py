"""Rows for the papers: an accepted report with one of everything it prints."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from impact.models import IndicatorValue
from impact.tests import factories


def accept(report, *, number=1, at=None, **texts):
    """An accepted version of a report."""
    at = at or timezone.now()
    version = factories.ReportVersionFactory(
        report=report, number=number, submitted_at=at - timedelta(minutes=5), sha256=f"{number}" * 64, **texts
    )
    factories.AcceptanceFactory(version=version, at=at)
    version.report.refresh_from_db()
    return version


def add_value(version, target, value=None, **fields):
    """A value of a version: a number, or what `fields` say."""
    number = None if value is None else Decimal(value)
    return IndicatorValue.objects.create(
        version=version, target=target, **{"state": "reported", "value": number, **fields}
    )


def children(project, **fields):
    """A target on an indicator that counts children."""
    indicator = factories.IndicatorFactory(
        **{"code": "ENF-02", "area": "children", "unit": "children", "is_sensitive": True, **fields}
    )
    return factories.TargetFactory(project=project, indicator=indicator)


def francs(version, line, amount="1000", **fields):
    """An expense in francs at 2 750 for a dollar."""
    given = {"amount": Decimal(amount), "amount_usd": (Decimal(amount) / 2750).quantize(Decimal("0.01")), **fields}
    return factories.SpendingLineFactory(
        version=version,
        budget_line=line,
        currency="CDF",
        rate=Decimal(2750),
        rate_on=version.report.period.starts_on,
        rate_source="BCC",
        **given,
    )
