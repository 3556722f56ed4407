"""Import of an official sanctions list as one dated edition: everything or nothing."""

import hashlib
from dataclasses import dataclass
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ace_partners.core import audit
from ace_partners.core.canonical import sha256_of
from ace_partners.core.errors import refuse
from vetting import lists, matching
from vetting.actions import screening
from vetting.models import SanctionsEdition, SanctionsEntry, SanctionsName
from vetting.rules import lists as rules

BATCH = 500  # entries written together
CHUNK = 1 << 20  # bytes


@dataclass(frozen=True)
class Imported:
    """The edition, and whether it is new: the same files give the edition they gave before."""

    edition: SanctionsEdition
    is_new: bool


@dataclass
class Tally:
    """How an edition differs from the one before."""

    added: int = 0
    changed: int = 0
    relisted: int = 0
    removed: int = 0


def import_edition(publisher, sources, *, by, edition_on=None, shrink_reason="", progress=None):
    """Import the files of one edition (`vetting.lists.Source`s, in any order); return Imported.

    The files are read twice: once whole, to know that nothing is wrong with them, then again to write, in one
    transaction. `progress(done, total)` is called as entries are written. Raises ListFileError for a bad file,
    NotAllowed when the rules speak against the edition; nothing is changed then.
    """
    refuse(rules.against_importing(by))
    files = [_facts_of(source) for source in sources]
    fingerprint = _fingerprint_of_files(files)
    if present := SanctionsEdition.objects.filter(publisher=publisher, sha256=fingerprint).first():
        return Imported(present, is_new=False)
    published_on = lists.published_on(publisher, sources)
    newest = SanctionsEdition.objects.filter(publisher=publisher).first()
    refuse(rules.against_edition(published_on, edition_on, newest))
    entries = names = 0
    for entry in lists.entries(publisher, sources):
        entries += 1
        names += len(entry.names)
    refuse(rules.against_shrinking(entries, newest, shrink_reason))
    facts = {
        "publisher": publisher,
        "edition_on": published_on or edition_on,
        "sha256": fingerprint,
        "files": files,
        "entries": entries,
        "names": names,
    }
    return _write(facts, sources, by=by, shrink_reason=shrink_reason, progress=progress)


@transaction.atomic
def _write(facts, sources, *, by, shrink_reason, progress):
    publisher, total = facts["publisher"], facts["entries"]
    # Two people may import at once: the second waits for the first, and then looks again.
    before = list(SanctionsEdition.objects.select_for_update().filter(publisher=publisher)[:1])
    refuse(rules.against_edition(facts["edition_on"], None, before[0] if before else None))
    edition, is_new = SanctionsEdition.objects.get_or_create(
        publisher=publisher,
        sha256=facts["sha256"],
        defaults={**facts, "added": 0, "changed": 0, "removed": 0, "imported_by": by},
    )
    if not is_new:
        return Imported(edition, is_new=False)
    tally, done = Tally(), 0
    stream = lists.entries(publisher, sources)
    while batch := list(islice(stream, BATCH)):
        _write_batch(edition, batch, tally)
        done += len(batch)
        if progress:
            progress(done, total)
    gone = SanctionsEntry.objects.filter(publisher=publisher, delisted_at__isnull=True)
    tally.removed = gone.exclude(last_edition=edition).update(delisted_at=timezone.now())
    edition.added, edition.changed, edition.removed = tally.added, tally.changed, tally.removed
    edition.save(update_fields=["added", "changed", "removed"])
    audit.record(
        "sanctions.import",
        edition,
        by=by,
        after={
            "list": publisher,
            "edition_on": edition.edition_on.isoformat(),
            "sha256": edition.sha256,
            "entries": total,
            "names": facts["names"],
            "added": tally.added,
            "changed": tally.changed,
            "relisted": tally.relisted,
            "removed": tally.removed,
        },
        reason=shrink_reason,
    )
    screening.after_import(edition, by=by)  # hits on entries that are no longer listed close with them
    return Imported(edition, is_new=True)


def _write_batch(edition, batch, tally):
    """Write one batch in a handful of queries, whatever its size."""
    known = {
        row.reference: row
        for row in SanctionsEntry.objects.filter(
            publisher=edition.publisher, reference__in=[_reference(entry) for entry in batch]
        )
    }
    upserts, renamed, same = [], [], []
    for entry in batch:
        row, fresh = known.get(_reference(entry)), _row(edition, entry)
        if row is None:
            tally.added += 1
        else:
            tally.relisted += row.delisted_at is not None
            tally.changed += row.fingerprint != fresh.fingerprint
        if row is None or row.fingerprint != fresh.fingerprint:
            renamed.append(entry)
        elif (row.programme, row.listed_on) == (fresh.programme, fresh.listed_on):
            same.append(row.pk)
            continue
        upserts.append(fresh)
    SanctionsEntry.objects.filter(pk__in=same).update(last_edition=edition, delisted_at=None)
    written = SanctionsEntry.objects.bulk_create(
        upserts,
        update_conflicts=True,
        unique_fields=["publisher", "reference"],
        update_fields=["kind", "programme", "born", "listed_on", "fingerprint", "last_edition", "delisted_at"],
    )
    keys = {row.reference: row.pk for row in written}
    replaced = [keys[_reference(entry)] for entry in renamed if _reference(entry) in known]
    SanctionsName.objects.filter(entry__in=replaced).delete()
    SanctionsName.objects.bulk_create(
        SanctionsName(
            entry_id=keys[_reference(entry)],
            text=name.text[:300],
            tokens=_tokens(name.text),
            is_primary=name.primary,
            is_weak=name.weak,
        )
        for entry in renamed
        for name in entry.names
    )


def _row(edition, entry):
    return SanctionsEntry(
        publisher=edition.publisher,
        reference=_reference(entry),
        kind=entry.kind,
        programme=entry.programme[:200],
        born=entry.born[:120],
        listed_on=entry.listed_on[:20],
        fingerprint=fingerprint_of(entry),
        first_edition=edition,
        last_edition=edition,
        delisted_at=None,
    )


def _reference(entry):
    return entry.reference[:60]


def _tokens(text):
    """The tokens of a name as they are stored: sorted, whole words only where the column is too short for all."""
    tokens = " ".join(sorted(matching.tokens_of(text)))
    return tokens if len(tokens) <= 300 else tokens[:300].rpartition(" ")[0]


def fingerprint_of(entry):
    """What a cleared match rests on: the names with their strength, the kind, the birth. Their order does not count."""
    names = sorted([name.text, name.weak] for name in entry.names)
    return sha256_of({"names": names, "kind": entry.kind, "born": entry.born})


def _facts_of(source):
    """Name, size and SHA-256 of a file. Raises ListFileError when it is larger than ACE_LIST_MAX_BYTES."""
    size = source.path.stat().st_size
    if size > settings.ACE_LIST_MAX_BYTES:
        raise too_large(source.name)
    digest = hashlib.sha256()
    with source.path.open("rb") as handle:
        while chunk := handle.read(CHUNK):
            digest.update(chunk)
    return {"name": source.name[:150], "size": size, "sha256": digest.hexdigest()}


def too_large(name):
    """The refusal of a file above the limit, for the page that sees its size first."""
    return lists.ListFileError(lists.Problem.TOO_LARGE, name, megabytes=settings.ACE_LIST_MAX_BYTES // 1_000_000)


def _fingerprint_of_files(files):
    """One file: its own SHA-256, as `sha256sum` shows it. Several: that of theirs, in whatever order they came."""
    digests = sorted(file["sha256"] for file in files)
    return digests[0] if len(digests) == 1 else sha256_of(digests)
