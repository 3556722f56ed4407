"""The smallest valid lessons."""

from datetime import date

import factory

from ace_partners.core.tests.factories import UserFactory
from impact.models import Lesson, LessonStatus


class LessonFactory(factory.django.DjangoModelFactory):
    """A draft of ACE's own; pass a partner, a version, a status."""

    class Meta:
        model = Lesson

    title = factory.Sequence(lambda n: f"Leçon {n}")
    slug = factory.Sequence(lambda n: f"lecon-{n}")
    text = "Annoncer la date par affiche double la présence."
    area = "savings"
    written_by = factory.SubFactory(UserFactory)


class PublishedLessonFactory(LessonFactory):
    status = LessonStatus.PUBLISHED
    published_by = factory.SubFactory(UserFactory)
    published_on = date(2026, 3, 1)
