"""Editions of lists with invented entries, and hits on them."""

import itertools
from hashlib import sha256

from django.utils import timezone

from partners.tests.factories import PersonFactory
from vetting.actions import screening
from vetting.matching import tokens_of
from vetting.models import (
    EntryKind,
    SanctionsEdition,
    SanctionsEntry,
    SanctionsList,
    SanctionsName,
    ScreeningReason,
)

numbers = itertools.count(1)


def edition(publisher=SanctionsList.UN, **facts):
    """A newer edition of one list, empty until `entry` fills it."""
    values = {
        "edition_on": timezone.localdate(),
        "sha256": sha256(str(next(numbers)).encode()).hexdigest(),
        "entries": 1,
        **dict.fromkeys(["names", "added", "changed", "removed"], 0),
        **facts,
    }
    return SanctionsEdition.objects.create(publisher=publisher, **values)


def entry(of, *names, weak=(), kind=EntryKind.PERSON, **facts):
    """A listed person or organisation; the first name is the primary one, those in `weak` are weak aliases."""
    number = next(numbers)
    values = {"reference": f"REF.{number:04d}", "fingerprint": f"{number:064d}", "programme": "DRC", **facts}
    row = SanctionsEntry.objects.create(publisher=of.publisher, kind=kind, first_edition=of, last_edition=of, **values)
    for name in [*names, *weak]:
        SanctionsName.objects.create(
            entry=row,
            text=name,
            tokens=" ".join(tokens_of(name)),
            is_primary=name == names[0] if names else False,
            is_weak=name in weak,
        )
    return row


def hit_on(partner, *, listed="KABWE Marie", person="Kabwe Marie"):
    """An open hit on one person in office of this organisation, found by screening it."""
    surname, first_name = person.split()
    PersonFactory(partner=partner, surname=surname, first_name=first_name)
    entry(edition(), listed)
    return screening.screen(partner, reason=ScreeningReason.IMPORT).hits.get()


def settled(hit, first, second, verdict="clear"):
    """A hit that two people settled."""
    hit = screening.propose_verdict(hit, by=first, seen=hit.lock_version, verdict=verdict, reason="Né en 1990.")
    act = screening.clear if verdict == "clear" else screening.confirm
    return act(hit, by=second, seen=hit.lock_version)
