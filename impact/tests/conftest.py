from decimal import Decimal

import pytest

from ace_partners.core.rights import Role
from ace_partners.core.tests.fixtures import *  # noqa: F403
from impact.models import Report
from impact.tests import factories
from partners.tests.factories import MembershipFactory


@pytest.fixture(autouse=True)
def _english(english):
    """Sentences are compared in the language they are written in."""


@pytest.fixture
def report(db):
    """An open report of a period that is over, with one target on 100 for that period."""
    report = factories.ReportFactory()
    target = factories.TargetFactory(project=report.project)
    factories.PeriodTargetFactory(target=target, period=report.period)
    factories.BudgetLineFactory(project=report.project, code="A1")
    return Report.objects.get(pk=report.pk)


@pytest.fixture
def target(report):
    return report.project.targets.get()


@pytest.fixture
def signatory(report):
    return MembershipFactory(partner=report.partner, role=Role.SIGNATORY, user__name="Sylvie Signe").user


@pytest.fixture
def editor(report):
    return MembershipFactory(partner=report.partner, role=Role.EDITOR, user__name="Emile Ecrit").user


@pytest.fixture
def viewer(report):
    return MembershipFactory(partner=report.partner, role=Role.VIEWER, user__name="Victor Voit").user


@pytest.fixture
def stranger(db):
    """A signatory of another organisation."""
    return MembershipFactory(role=Role.SIGNATORY).user


@pytest.fixture
def complete_report(report, target):
    """The open report with everything a submission needs."""
    factories.DraftValueFactory(report=report, target=target, value=Decimal(80))
    factories.DraftSpendingFactory(report=report, budget_line=report.project.budget_lines.get())
    factories.DraftCommentFactory(report=report, key="unproven")
    Report.objects.filter(pk=report.pk).update(narrative="Huit groupes se sont formés.")
    return Report.objects.get(pk=report.pk)
