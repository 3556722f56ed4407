"""The names of the active editions in memory, built when first needed and kept by each process until an import."""

from dataclasses import dataclass

from vetting.matching import Listed, NameIndex
from vetting.models import SanctionsEdition, SanctionsName


@dataclass(frozen=True)
class Lists:
    """The active editions and the index of their names."""

    editions: tuple[SanctionsEdition, ...]
    index: NameIndex


_kept: dict[tuple, Lists] = {}  # at most one: the names of the editions with this key


def current():
    """The lists as they stand now; one query while no edition was imported since the last call."""
    editions = tuple(SanctionsEdition.objects.active().order_by("publisher"))
    key = tuple((edition.pk, edition.sha256, edition.imported_at) for edition in editions)
    lists = _kept.get(key)
    if lists is None:
        lists = Lists(editions, NameIndex(_names(editions)))
        _kept.clear()
        _kept[key] = lists
    return lists


def _names(editions):
    listed = SanctionsName.objects.filter(
        entry__publisher__in=[edition.publisher for edition in editions], entry__delisted_at__isnull=True
    )
    rows = listed.order_by("pk").values_list("pk", "entry_id", "tokens", "is_weak", "entry__kind")
    for pk, entry_id, tokens, is_weak, kind in rows.iterator(chunk_size=5_000):
        yield Listed(pk, entry_id, tuple(tokens.split()), is_weak, kind)
