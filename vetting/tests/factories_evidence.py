"""Rows of the evidence room: assessments by other bodies, and findings in force that rest on key papers."""

from datetime import timedelta

import factory
from django.utils import timezone

from ace_partners.core.tests.factories import UserFactory
from partners.models import Partner
from partners.tests.factories import DocumentFactory, DocumentTypeFactory, PartnerFactory
from vetting.holds import with_holds
from vetting.models import ChecklistItem, FindingEvidence, OtherAssessment
from vetting.tests.factories import DecisionFactory, FindingFactory


class OtherAssessmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OtherAssessment

    partner = factory.SubFactory(PartnerFactory)
    body = "UNICEF"
    tool = "PSEA"
    result = "14 sur 18"
    assessed_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=30))
    source = "https://unpartnerportal.example/1"
    added_by = factory.SubFactory(UserFactory)


def key_type(code="STATUTS", **facts):
    """A key document type; the checklist of the factories asks for STATUTS at every item."""
    return DocumentTypeFactory(code=code, is_key=True, validity="printed_expiry", **facts)


def ending(partner, days, **facts):
    """A key paper of the organisation whose last day is `days` from today."""
    facts.setdefault("type", key_type())
    return DocumentFactory(partner=partner, expires_on=timezone.localdate() + timedelta(days=days), **facts)


def resting_on(decision, code, document, page="3"):
    """A finding of the decision's round that relies on this document."""
    item = ChecklistItem.objects.get(criterion__checklist=decision.dossier.checklist, code=code)
    finding = FindingFactory(dossier=decision.dossier, item=item)
    FindingEvidence.objects.create(finding=finding, document=document, page=page)
    return finding


def lapsed_finding(partner=None, code="C1.2"):
    """A finding in force whose key paper lapsed yesterday: its organisation is held."""
    decision = DecisionFactory(partner=partner or PartnerFactory())
    return resting_on(decision, code, ending(decision.partner, -1))


def is_held(partner, today=None):
    """What lists and reports ask: the annotation, not the function."""
    return with_holds(Partner.objects.filter(pk=partner.pk), today).get().has_hold
