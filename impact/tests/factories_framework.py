"""The smallest valid versions of indicators that are being worked on."""

from impact.models import IndicatorStatus
from impact.models.framework import CONTENT_FIELDS
from impact.tests.factories import IndicatorFactory


class DraftIndicatorFactory(IndicatorFactory):
    status = IndicatorStatus.DRAFT
    published_on = None


class ProposedIndicatorFactory(DraftIndicatorFactory):
    """It waits for a second person; pass `proposed_by`."""

    status = IndicatorStatus.PROPOSED
    what_changes = "Un mot plus simple."


def content_of(indicator, **more):
    """The values of an edit that changes only `more`."""
    return {**{name: getattr(indicator, name) for name in CONTENT_FIELDS}, **more}
