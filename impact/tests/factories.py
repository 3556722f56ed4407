"""The smallest valid rows of the impact room. Nothing is hidden: what a test needs, it passes.

The calendar of a test: the project runs over 2026, T1 is over and due, whatever the day the tests run on later.
"""

from datetime import date
from decimal import Decimal

import factory
from django.utils import timezone

from ace_partners.core.tests.factories import StoredFileFactory, UserFactory
from impact.models import (
    Acceptance,
    BaselineState,
    BudgetLine,
    CorrectionRequest,
    DraftComment,
    DraftSpending,
    DraftValue,
    Indicator,
    IndicatorStatus,
    IndicatorValue,
    Period,
    PeriodTarget,
    Project,
    ProjectArea,
    Report,
    ReportEvidence,
    ReportStatus,
    ReportVersion,
    SpendingLine,
    Target,
    ValueState,
)
from partners.tests.factories import PartnerFactory


class IndicatorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Indicator

    code = factory.Sequence(lambda n: f"EPA-{n:02d}")
    area = "savings"
    impact_area = "livelihood"
    scope = "community"
    nature = "progress"
    level = "output"
    name_fr = factory.LazyAttribute(lambda row: f"Indicateur {row.code}")
    name_en = factory.LazyAttribute(lambda row: f"Indicator {row.code}")
    definition_fr = "Ce qui est compté."
    definition_en = "What is counted."
    unit = "groups"
    kind = "number"
    calculation = "sum"
    direction = "increase"
    across_partners = "sum"
    status = IndicatorStatus.PUBLISHED
    published_on = date(2024, 1, 1)


class PercentageFactory(IndicatorFactory):
    unit = "%"
    kind = "percentage"
    calculation = "latest"
    across_partners = "pooled"


class ProjectFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Project

    partner = factory.SubFactory(PartnerFactory)
    code = factory.Sequence(lambda n: f"projet-{n}")
    title = factory.Sequence(lambda n: f"Projet {n}")
    summary = "Des groupes d'épargne."
    starts_on = date(2025, 1, 1)
    ends_on = date(2099, 12, 31)


class ProjectAreaFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ProjectArea

    project = factory.SubFactory(ProjectFactory)
    area = "savings"


class PeriodFactory(factory.django.DjangoModelFactory):
    """Quarters of 2025, in order; pass dates for another one."""

    class Meta:
        model = Period

    project = factory.SubFactory(ProjectFactory)
    number = factory.LazyAttribute(lambda row: row.project.periods.count() + 1)
    label = factory.LazyAttribute(lambda row: f"T{row.number} 2025")
    starts_on = factory.LazyAttribute(lambda row: date(2025, 3 * row.number - 2, 1))
    ends_on = factory.LazyAttribute(lambda row: date(2025, 3 * row.number, 28))
    due_on = factory.LazyAttribute(lambda row: date.fromordinal(row.ends_on.toordinal() + 30))


class BudgetLineFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = BudgetLine

    project = factory.SubFactory(ProjectFactory)
    code = factory.Sequence(lambda n: f"A{n}")
    label = "Formation"
    amount = Decimal("45000")
    currency = "USD"


class TargetFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Target

    project = factory.SubFactory(ProjectFactory)
    indicator = factory.SubFactory(IndicatorFactory)
    baseline_state = BaselineState.KNOWN
    baseline = Decimal(0)
    baseline_on = date(2024, 12, 1)
    final_target = Decimal(400)
    rationale = "Deux groupes de plus par mois."
    agreed_on = date(2024, 12, 15)
    set_by = factory.SubFactory(UserFactory)


class PeriodTargetFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PeriodTarget

    target = factory.SubFactory(TargetFactory)
    period = factory.SubFactory(PeriodFactory)
    value = Decimal(100)


class ReportFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Report

    period = factory.SubFactory(PeriodFactory)
    project = factory.SelfAttribute("period.project")
    partner = factory.SelfAttribute("period.project.partner")


class DraftValueFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DraftValue

    report = factory.SubFactory(ReportFactory)
    target = factory.SubFactory(TargetFactory, project=factory.SelfAttribute("..report.project"))
    state = ValueState.REPORTED
    value = Decimal(80)
    lock_version = 1


class DraftSpendingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DraftSpending

    report = factory.SubFactory(ReportFactory)
    label = "Location de salle"
    spent_on = factory.SelfAttribute("report.period.starts_on")
    amount = Decimal("250.00")
    currency = "USD"
    rate = Decimal(1)
    amount_usd = factory.SelfAttribute("amount")


class DraftCommentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DraftComment

    report = factory.SubFactory(ReportFactory)
    key = "unproven"
    text = "Le registre est au bureau."


class ReportVersionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ReportVersion

    report = factory.SubFactory(ReportFactory, status=ReportStatus.SUBMITTED)
    number = 1
    submitted_by = factory.SubFactory(UserFactory)
    submitted_at = factory.LazyFunction(timezone.now)
    narrative = "Les groupes se réunissent."
    sha256 = "0" * 64


class IndicatorValueFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = IndicatorValue

    version = factory.SubFactory(ReportVersionFactory)
    target = factory.SubFactory(TargetFactory, project=factory.SelfAttribute("..version.report.project"))
    state = ValueState.REPORTED
    value = Decimal(80)


class SpendingLineFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SpendingLine

    version = factory.SubFactory(ReportVersionFactory)
    label = "Location de salle"
    spent_on = date(2025, 1, 15)
    amount = Decimal("250.00")
    currency = "USD"
    rate = Decimal(1)
    amount_usd = factory.SelfAttribute("amount")


class AcceptanceFactory(factory.django.DjangoModelFactory):
    """An accepted version: the report says so too."""

    class Meta:
        model = Acceptance
        skip_postgeneration_save = True

    version = factory.SubFactory(ReportVersionFactory)
    by = factory.SubFactory(UserFactory)
    at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def report_is_accepted(self, create, extracted, **kwargs):
        Report.objects.filter(pk=self.version.report_id).update(
            status=ReportStatus.ACCEPTED,
            accepted_version=self.version,
            first_submitted_at=self.version.submitted_at,
            last_submitted_at=self.version.submitted_at,
        )


class ReportEvidenceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ReportEvidence

    report = factory.SubFactory(ReportFactory)
    file = factory.SubFactory(StoredFileFactory)
    caption = "Liste de présence"
    added_by = factory.SubFactory(UserFactory)


class CorrectionRequestFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CorrectionRequest

    version = factory.SubFactory(ReportVersionFactory)
    report = factory.SelfAttribute("version.report")
    field_key = "narrative"
    remark = "Dites combien de groupes sont nouveaux."
    author = factory.SubFactory(UserFactory)
