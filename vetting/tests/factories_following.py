"""The smallest valid rows of what follows an approval. Nothing is hidden: what a test needs, it passes."""

from datetime import timedelta

import factory
from django.utils import timezone

from ace_partners.core.tests.factories import UserFactory
from partners.tests.factories import PartnerFactory
from vetting.models import Flag, Hold, RegulatoryStatus, Visit, VisitPoint


class FlagFactory(factory.django.DjangoModelFactory):
    """A concern, raised and not told; one in a later state was told, with a day that is not past."""

    class Meta:
        model = Flag

    partner = factory.SubFactory(PartnerFactory)
    category = "finance"
    tone = "concern"
    severity = "watch"
    text = "Deux factures portent le même numéro."
    raised_by = factory.SubFactory(UserFactory)
    status = "raised"
    notified_at = factory.LazyAttribute(lambda row: None if row.status == "raised" else timezone.now())
    reply_due_on = factory.LazyAttribute(
        lambda row: timezone.localdate() + timedelta(days=14) if row.notified_at else None
    )


class HoldFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Hold

    partner = factory.SubFactory(PartnerFactory)
    kind = "inquiry"
    reason = "Une enquête est en cours."
    set_by = factory.SubFactory(UserFactory)


class VisitFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Visit

    partner = factory.SubFactory(PartnerFactory)
    planned_on = factory.LazyFunction(timezone.localdate)
    purpose = "Visite du site"
    visitors = "Deux chargés"
    added_by = factory.SubFactory(UserFactory)


class VisitPointFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = VisitPoint

    visit = factory.SubFactory(
        VisitFactory, status="held", held_on=factory.LazyFunction(timezone.localdate), account="Tout vu."
    )
    text = "Clôturer le puits"
    responsible = "La coopérative"
    due_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=10))


class RegulatoryStatusFactory(factory.django.DjangoModelFactory):
    """Of a new organisation, unless `place` (with `partner=None`) says of which site."""

    class Meta:
        model = RegulatoryStatus

    partner = factory.SubFactory(PartnerFactory)
    state = "suspended"
    effective_on = factory.LazyFunction(timezone.localdate)
    source = "Arrêté du 19 décembre 2025"
    recorded_by = factory.SubFactory(UserFactory)
