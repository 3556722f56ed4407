"""The smallest valid rows of the core models. Nothing is hidden: what a test needs, it passes."""

import hashlib
from datetime import timedelta

import factory
from django.utils import timezone

from ace_partners.core.models import AceRole, OutgoingMail, StoredFile, User

PASSWORD = "kolwezi-2026-essai"
PDF_BYTES = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"personne{n}@example.org")
    name = factory.Sequence(lambda n: f"Personne {n}")
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def roles(self, create, extracted, **kwargs):
        for role in extracted or []:
            AceRole.objects.create(user=self, role=role)


class StoredFileFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = StoredFile

    sha256 = factory.Sequence(lambda n: hashlib.sha256(str(n).encode()).hexdigest())
    media_type = "application/pdf"
    size = 1234
    name = "piece.pdf"
    path = factory.Sequence(lambda n: f"00/{n:032x}.pdf")
    uploaded_by = factory.SubFactory(UserFactory)


class OutgoingMailFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OutgoingMail

    kind = "core/email/test"
    to_user = factory.SubFactory(UserFactory)
    to_address = factory.LazyAttribute(lambda mail: mail.to_user.email)
    subject = "Essai"
    body = "Bonjour.\n"
    dedupe_key = factory.Sequence(lambda n: f"essai-{n}")
    send_after = factory.LazyFunction(lambda: timezone.now() - timedelta(minutes=1))
