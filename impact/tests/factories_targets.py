"""The smallest valid rows about targets that wait for the organisation."""

from datetime import UTC, datetime

import factory

from ace_partners.core.tests.factories import UserFactory
from impact.figures.revisions import facts_of
from impact.models import TargetRevision
from impact.tests.factories import TargetFactory


class ProposedTargetFactory(TargetFactory):
    """A target that ACE proposed and nobody agreed to."""

    agreed_on = None


class TargetRevisionFactory(factory.django.DjangoModelFactory):
    """A revision that asks for 500 at the end of the project and waits for the organisation."""

    class Meta:
        model = TargetRevision

    target = factory.SubFactory(TargetFactory)
    number = 1
    motive = "Deux villages de plus."
    before = factory.LazyAttribute(lambda row: facts_of(row.target))
    after = factory.LazyAttribute(lambda row: {**row.before, "final": "500"})
    proposed_by = factory.SubFactory(UserFactory)
    proposed_at = datetime(2025, 5, 1, 9, tzinfo=UTC)
