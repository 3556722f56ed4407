"""The smallest valid rows of the partners' room."""

from datetime import timedelta

import factory
from django.utils import timezone

from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import StoredFileFactory, UserFactory
from partners.models import (
    Document,
    DocumentType,
    Grant,
    Membership,
    OrganisationType,
    Partner,
    Person,
    Place,
    PlaceLevel,
)


class PartnerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Partner

    name = factory.Sequence(lambda n: f"Organisation {n}")
    slug = factory.Sequence(lambda n: f"organisation-{n}")
    organisation_type = OrganisationType.NGO
    is_published = True


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    partner = factory.SubFactory(PartnerFactory)
    role = Role.SIGNATORY


class GrantFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Grant

    user = factory.SubFactory(UserFactory)
    partner = factory.SubFactory(PartnerFactory)
    purpose = "Audit annuel"
    starts_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=1))
    ends_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=30))
    granted_by = factory.SubFactory(UserFactory)


class PlaceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Place

    name = factory.Sequence(lambda n: f"Lieu {n}")
    slug = factory.Sequence(lambda n: f"lieu-{n}")
    level = PlaceLevel.CITY


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Person

    partner = factory.SubFactory(PartnerFactory)
    surname = "Kabwe"
    first_name = "Marie"
    office = "Présidente"


class DocumentTypeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DocumentType
        django_get_or_create = ("code",)

    code = "STATUTS"
    name_fr = "Statuts notariés"
    name_en = "Notarised statutes"
    issuer = "Notaire"
    validity = "until_changed"
    confidentiality = "public"


class DocumentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Document

    partner = factory.SubFactory(PartnerFactory)
    type = factory.SubFactory(DocumentTypeFactory)
    file = factory.SubFactory(StoredFileFactory)
    added_by = factory.SubFactory(UserFactory)
