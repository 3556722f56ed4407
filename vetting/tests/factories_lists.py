"""Rows of sanctions lists with invented names."""

import hashlib
from datetime import timedelta

from django.utils import timezone

from vetting.matching import tokens_of
from vetting.models import EntryKind, SanctionsEdition, SanctionsEntry, SanctionsName


def edition_of(publisher, *, edition_on=None, entries=1, **more):
    """An edition in force, of yesterday unless said otherwise; its entries are not made."""
    edition_on = edition_on or timezone.localdate() - timedelta(days=1)
    number = SanctionsEdition.objects.count() + 1
    sha256 = hashlib.sha256(f"{publisher} {number}".encode()).hexdigest()
    facts = {"names": entries, "added": entries, "changed": 0, "removed": 0}
    facts["files"] = [{"name": f"{publisher}.xml", "size": 1000, "sha256": sha256}]
    return SanctionsEdition.objects.create(
        publisher=publisher, edition_on=edition_on, sha256=sha256, entries=entries, **{**facts, **more}
    )


def entry_of(edition, *names, reference=None, kind=EntryKind.PERSON, weak=(), born=""):
    """A listed entry of an edition with its names, the first one primary; those in `weak` are poor identifiers."""
    reference = reference or f"T-{SanctionsEntry.objects.count() + 1}"
    entry = SanctionsEntry.objects.create(
        publisher=edition.publisher,
        reference=reference,
        kind=kind,
        programme="TEST",
        born=born,
        fingerprint=hashlib.sha256(f"{names} {weak} {kind} {born}".encode()).hexdigest(),
        first_edition=edition,
        last_edition=edition,
    )
    for number, text in enumerate([*names, *weak]):
        SanctionsName.objects.create(
            entry=entry,
            text=text,
            tokens=" ".join(sorted(tokens_of(text))),
            is_primary=number == 0,
            is_weak=text in weak,
        )
    return entry
