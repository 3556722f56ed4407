"""Which expense of one list is which of another. Pure: rows are anything with the attributes of a spending line.

A draft's expense has no tie to the row it was sent as, for a version is never written to; so they are recognised by what
they say. This is a likeness, and honest about it: an expense whose label, date, amount and currency all changed is taken
for a removed one and a new one.
"""

from collections import defaultdict
from collections.abc import Sequence

SAME = ("label", "spent_on", "amount", "currency")
# Identical first; then an expense that kept its name and its day; then one that kept its name.
STEPS = (SAME, ("label", "spent_on"), ("label",))


def pairs_of(before: Sequence, after: Sequence) -> list[tuple]:
    """Pairs (row of `before`, row of `after`), in the order of `before`; each row at most once."""
    left, right, found = list(range(len(before))), list(range(len(after))), []
    for names in STEPS:
        matched = _match(before, after, left, right, names)
        found += matched
        left = [place for place in left if place not in {was for was, _now in matched}]
        right = [place for place in right if place not in {now for _was, now in matched}]
    return [(before[was], after[now]) for was, now in sorted(found)]


def _match(before, after, left, right, names):
    waiting = defaultdict(list)
    for place in right:
        waiting[_said(after[place], names)].append(place)
    return [(place, same.pop(0)) for place in left if (same := waiting.get(_said(before[place], names)))]


def _said(row, names):
    return tuple(getattr(row, name) for name in names)
