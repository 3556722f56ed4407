"""What changed between two versions of a report: values field by field, texts word by word, expenses."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ace_partners.core.numbers import number_words
from impact import grid
from impact.figures.axes import axes_words
from impact.figures.cells import words_of
from impact.figures.series import value_words
from impact.pairing import SAME, pairs_of
from vetting.difference import Piece, word_difference

REST_OF_EXPENSE = ("budget_line_id", "rate", "rate_on", "rate_source", "note")


@dataclass(frozen=True)
class Change:
    """One field before and after, in words; `pieces` where words of a text changed."""

    label: str
    before: str
    after: str
    pieces: tuple[Piece, ...] = ()


def changes_of_value(before, after, indicator, categories) -> tuple[Change, ...]:
    """The fields that differ between two value rows; either may be None."""
    pairs = [
        (_("Value"), value_words(before, indicator.kind), value_words(after, indicator.kind)),
        (_("Counted by a partner too"), _shared(before), _shared(after)),
        *_cells(before, after, categories),
    ]
    changes = [Change(label, was, now) for label, was, now in pairs if was != now]
    old, new = (row.comment if row else "" for row in (before, after))
    if old != new:
        changes.append(Change(_("Explanation"), old, new, word_difference(old, new)))
    return tuple(changes)


def _shared(row):
    if row is None or row.shared is None:
        return "—"
    return f"{number_words(row.shared)} ({row.shared_with})"


def _cells(before, after, categories):
    old, new = (grid.read_cells(row.cells) if row else {} for row in (before, after))
    for axes in dict.fromkeys([*old, *new]):
        was, now = old.get(axes, {}), new.get(axes, {})
        for codes in dict.fromkeys([*was, *now]):
            names = [dict(categories.get(axis, ())).get(code, code) for axis, code in zip(axes, codes, strict=True)]
            yield f"{axes_words(axes)}: {', '.join(names)}", words_of(was.get(codes)), words_of(now.get(codes))


@dataclass(frozen=True)
class ExpenseChanges:
    """`changed` are pairs of rows, before and after."""

    added: tuple
    removed: tuple
    changed: tuple

    def __bool__(self):
        return bool(self.added or self.removed or self.changed)


def expense_changes(before, after) -> ExpenseChanges:
    """What became of the expenses between two lists of rows; `impact.pairing` says which is which."""
    before, after = list(before), list(after)
    pairs = pairs_of(before, after)
    kept_before, kept_after = {was.pk for was, _now in pairs}, {now.pk for _was, now in pairs}
    return ExpenseChanges(
        added=tuple(row for row in after if row.pk not in kept_after),
        removed=tuple(row for row in before if row.pk not in kept_before),
        changed=tuple((was, now) for was, now in pairs if _facts(was) != _facts(now)),
    )


def _facts(row):
    return tuple(getattr(row, name) for name in (*SAME, *REST_OF_EXPENSE))
