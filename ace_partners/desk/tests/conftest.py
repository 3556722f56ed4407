from datetime import timedelta

import pytest
from django.utils import timezone

from ace_partners.core.rights import Role
from ace_partners.core.tests.fixtures import *  # noqa: F403
from impact.tests.factories import PeriodFactory, ProjectFactory, ReportFactory, TargetFactory
from partners.tests.factories import MembershipFactory, PartnerFactory


@pytest.fixture(autouse=True)
def _english(english):
    """Sentences are compared in the language they are written in."""


@pytest.fixture
def partner(db):
    return PartnerFactory(name="Maison Tumaini", slug="tumaini")


@pytest.fixture
def member(partner):
    """An account of the organisation, `member("editor", name="…")`."""

    def make(role, name="Membre", of=partner):
        return MembershipFactory(partner=of, role=role, user__name=name).user

    return make


@pytest.fixture
def signatory(member):
    return member(Role.SIGNATORY, "Sylvie Signe")


@pytest.fixture
def day():
    """A day counted from today: day(-3)."""
    return lambda n: timezone.localdate() + timedelta(days=n)


@pytest.fixture
def report_due(day):
    """An open report with one target, whose period is over and whose due date lies `n` days from today."""

    def make(partner, n=5, **facts):
        project = ProjectFactory(partner=partner, title="Épargne")
        period = PeriodFactory(
            project=project, label="T3", starts_on=day(n - 130), ends_on=day(n - 40), due_on=day(n), number=1
        )
        TargetFactory(project=project)
        return ReportFactory(period=period, **facts)

    return make
