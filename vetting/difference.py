"""What changed between two texts, word by word. Pure: the pieces are plain text, the template escapes and marks them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

WORDS = re.compile(
    r"\s*\S+|\s+"
)  # each word with the space before it, so that adding at the end changes nothing before
SAME, ADDED, REMOVED = "same", "added", "removed"
MOST_PAIRS = 1_000_000  # words of the old text × words of the new one: beyond, the comparison would hold up the page


@dataclass(frozen=True)
class Piece:
    """A run of text. The pieces without those added are the old text, without those removed the new one."""

    kind: str
    text: str


def word_difference(old: str, new: str) -> tuple[Piece, ...]:
    """The pieces that lead from `old` to `new`, removals before what replaces them."""
    before, after = WORDS.findall(old), WORDS.findall(new)
    if len(before) * len(after) > MOST_PAIRS:
        return tuple(piece for piece in (Piece(REMOVED, old), Piece(ADDED, new)) if piece.text)
    return tuple(_pieces(before, after))


def _pieces(before: list[str], after: list[str]) -> Iterator[Piece]:
    for what, first, last, start, end in SequenceMatcher(None, before, after).get_opcodes():
        if what == "equal":
            yield Piece(SAME, "".join(before[first:last]))
            continue
        if first < last:
            yield Piece(REMOVED, "".join(before[first:last]))
        if start < end:
            yield Piece(ADDED, "".join(after[start:end]))
