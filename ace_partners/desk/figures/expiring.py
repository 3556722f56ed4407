"""Documents that stop counting soon, by the last day that each has by the rule of its type."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from partners.models import Document, Relationship, Validity

WEEK, MONTH, QUARTER = 7, 30, 90  # days left


@dataclass(frozen=True)
class ExpiringDocument:
    """`left`: days that it still counts, 0 on its last day, negative once it is over."""

    title: str
    partner_name: str
    partner_slug: str
    fictitious: bool
    last_day: date
    left: int


@dataclass(frozen=True)
class Expiring:
    """`bands`: (code, words, how many), the most urgent first; `rows`: those documents, the oldest day first.

    `dated` of `current` documents have a last day at all: the others are not counted here.
    """

    bands: tuple[tuple[str, str, int], ...]
    rows: tuple[ExpiringDocument, ...]
    dated: int
    current: int


def expiring(user, scope, today=None):
    """The Expiring of the documents that `user` may see, of the organisations of a scope that did not end; two queries."""
    today = today or timezone.localdate()
    documents = (
        Document.objects.visible_to(user)
        .current()
        .filter(partner__in=scope.organisations())
        .exclude(type__validity=Validity.NOT_ACCEPTED)
        .exclude(partner__status=Relationship.ENDED)
    )
    bands = _bands(today)
    counted = documents.aggregate(
        current=Count("pk"),
        dated=Count("pk", filter=Q(valid_until__isnull=False)),
        **{code: Count("pk", filter=within) for code, _words, within in bands},
    )
    soon = documents.filter(valid_until__lte=today + timedelta(days=QUARTER)).select_related("type", "partner")
    return Expiring(
        bands=tuple((code, words, counted[code]) for code, words, _within in bands),
        rows=tuple(_row(document, today) for document in soon.order_by("valid_until", "partner__name", "pk")),
        dated=counted["dated"],
        current=counted["current"],
    )


def _bands(today):
    week, month, quarter = (today + timedelta(days=days) for days in (WEEK, MONTH, QUARTER))
    return (
        ("expired", _("no longer count"), Q(valid_until__lt=today)),
        ("week", _("end within 7 days"), Q(valid_until__gte=today, valid_until__lte=week)),
        ("month", _("end in 8 to 30 days"), Q(valid_until__gt=week, valid_until__lte=month)),
        ("quarter", _("end in 31 to 90 days"), Q(valid_until__gt=month, valid_until__lte=quarter)),
    )


def _row(document, today):
    partner = document.partner
    left = (document.valid_until - today).days
    return ExpiringDocument(
        str(document), partner.name, partner.slug, partner.is_fictitious, document.valid_until, left
    )
