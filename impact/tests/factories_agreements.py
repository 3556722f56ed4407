"""The smallest valid rows of what is agreed around a project. Nothing is hidden: what a test needs, it passes."""

from datetime import date
from decimal import Decimal

import factory
from django.utils import timezone

from ace_partners.core.tests.factories import UserFactory
from impact.models import Agreement, Consultation, Disbursement, Installment, JointPartner
from impact.tests.factories import ProjectFactory
from partners.tests.factories import PartnerFactory
from vetting.tests.factories import DecisionFactory, FindingFactory


class ConsultationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Consultation

    project = factory.SubFactory(ProjectFactory)
    held_on = date(2024, 11, 5)
    groups = "Laveuses de Kapata"
    asked = "Une caisse sûre."
    outcome = "Trois groupes d'épargne."
    added_by = factory.SubFactory(UserFactory)


class JointPartnerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = JointPartner

    project = factory.SubFactory(ProjectFactory)
    partner = factory.SubFactory(PartnerFactory)
    role = "Alphabétisation"


class AgreementFactory(factory.django.DjangoModelFactory):
    """Approved, as payments need it."""

    class Meta:
        model = Agreement

    project = factory.SubFactory(ProjectFactory)
    reference = factory.Sequence(lambda n: f"ACE/CONV/2025/{n:03d}")
    signed_on = date(2025, 1, 6)
    signed_for_partner = "La présidente"
    approved_by = factory.SubFactory(UserFactory)
    approved_at = factory.LazyFunction(timezone.now)


class WaitingFactory(AgreementFactory):
    """Written by somebody, and not approved."""

    written_by = factory.SubFactory(UserFactory)
    approved_by = approved_at = None


class InstallmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Installment

    agreement = factory.SubFactory(AgreementFactory)
    number = factory.LazyAttribute(lambda row: row.agreement.installments.count() + 1)
    amount = Decimal("5000.00")
    currency = "USD"
    planned_on = date(2025, 2, 1)


class DisbursementFactory(factory.django.DjangoModelFactory):
    """Proposed. A later state takes who approved, and the day of a payment."""

    class Meta:
        model = Disbursement

    installment = factory.SubFactory(InstallmentFactory)
    amount = factory.SelfAttribute("installment.amount")
    currency = factory.SelfAttribute("installment.currency")
    proposed_by = factory.SubFactory(UserFactory)
    proposed_at = factory.LazyFunction(timezone.now)


class ApprovedFactory(DisbursementFactory):
    status = "approved"
    approved_by = factory.SubFactory(UserFactory)
    approved_at = factory.LazyFunction(timezone.now)


class PaidFactory(ApprovedFactory):
    status = "paid"
    paid_on = factory.LazyFunction(timezone.localdate)
    payment_reference = "VIR-1"


def approved(partner, **decision):
    """A decision in force on `partner` that found every item met: due diligence stops no payment. Returns the partner."""
    dossier = DecisionFactory(partner=partner, **decision).dossier
    for item in dossier.items:
        FindingFactory(dossier=dossier, item=item, answer="met")
    return partner
