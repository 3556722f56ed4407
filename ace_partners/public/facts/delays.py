"""How long ACE takes: medians over the decided dossiers, never about one organisation."""

from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings

from vetting.models import Dossier
from vetting.timing import FEWEST_FOR_THE_PUBLIC, medians_of


@dataclass(frozen=True)
class DelayFacts:
    """Days to one place; both None while fewer than `fewest` dossiers of real organisations were decided."""

    promised: int
    fewest: int
    count: int
    with_ace: Decimal | None
    with_organisation: Decimal | None


def delays():
    """The DelayFacts of today, one query; invented organisations and unmeasured dossiers are left out."""
    found = medians_of(Dossier.objects.filter(partner__is_fictitious=False))
    enough = found is not None and found.count >= FEWEST_FOR_THE_PUBLIC
    return DelayFacts(
        promised=settings.ACE_ANSWER_DAYS,
        fewest=FEWEST_FOR_THE_PUBLIC,
        count=found.count if found else 0,
        with_ace=found.with_ace if enough else None,
        with_organisation=found.with_organisation if enough else None,
    )
