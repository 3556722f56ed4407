"""The smallest valid rows of reopening and closing. Nothing is hidden: what a test needs, it passes."""

from datetime import date

import factory
from django.utils import timezone

from ace_partners.core.tests.factories import UserFactory
from impact.models import QuarterClose, Reopening
from impact.tests.factories import AcceptanceFactory, IndicatorValueFactory, PeriodFactory, ReportFactory
from impact.tests.factories import ReportVersionFactory as VersionFactory


class ReopeningFactory(factory.django.DjangoModelFactory):
    """A proposal on the accepted version of a report."""

    class Meta:
        model = Reopening

    report = factory.SelfAttribute("version.report")
    version = factory.LazyFunction(lambda: accepted().accepted_version)
    motive = "Un groupe était compté deux fois."
    proposed_by = factory.SubFactory(UserFactory)
    proposed_at = factory.LazyFunction(timezone.now)

    class Params:
        is_approved = factory.Trait(
            status="approved",
            answered_by=factory.SubFactory(UserFactory),
            answered_at=factory.LazyFunction(timezone.now),
        )


class QuarterCloseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = QuarterClose

    year = 2025
    quarter = 1
    versions: list[int] = []
    missing: list[int] = []
    closed_by = factory.SubFactory(UserFactory)
    closed_at = factory.LazyFunction(timezone.now)
    sha256 = "0" * 64


def accepted(report=None, *, number=1, values=(), **period):
    """A report whose version `number` is accepted, with these values: {target: number}. Returns it read again."""
    if report is None:
        report = ReportFactory(period=PeriodFactory(**period))
    version = VersionFactory(report=report, number=number)
    for target, value in dict(values).items():
        IndicatorValueFactory(version=version, target=target, value=value)
    AcceptanceFactory(version=version)
    return type(report).objects.select_related("period", "project", "partner", "accepted_version").get(pk=report.pk)


def ended(project, ends_on, **more):
    """A period of a month that ends on this day, and its report, still open."""
    period = PeriodFactory(
        project=project,
        label=f"{ends_on:%m/%Y}",
        starts_on=date(ends_on.year, ends_on.month, 1),
        ends_on=ends_on,
        **more,
    )
    return ReportFactory(period=period)
