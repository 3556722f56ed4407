"""Bars cut into parts: how a whole is divided, one bar under the other. Counts in, whole drawing units out.

As in `core.charts`: words above each bar, a table twin, nothing said by colour alone. Every bar is as long as the
others, because it shows shares; how many it stands for is said in its words.
"""

from dataclasses import dataclass
from functools import cached_property
from textwrap import wrap

from django.utils.translation import gettext as _

from ace_partners.core.charts import (
    BAR,
    LETTERS,
    PLOT,
    ROW_GAP,
    TEXT_LINE,
    WIDTH,
    Table,
    Text,
    describe,
)
from ace_partners.core.numbers import number_words

LOOKS = ("above", "good", "watch", "bad", "silent", "neutral")
NARROWEST = 8  # a part that is there is always seen
ROOM_FOR_A_NUMBER = 22  # units for each digit inside a part
HEIGHT = BAR + 10


@dataclass(frozen=True)
class Part:
    """One kind of part, the same in every bar. `look` is one of LOOKS: "silent" is an empty frame, never a colour."""

    label: str
    look: str

    def __post_init__(self):
        if self.look not in LOOKS:
            raise ValueError(f"no look {self.look}")


@dataclass(frozen=True)
class Stack:
    """One bar: as many counts as the chart has parts, in the same order."""

    label: str
    counts: tuple[int, ...]

    @property
    def total(self):
        return sum(self.counts)


@dataclass(frozen=True)
class Segment:
    x: int
    width: int
    look: str
    number: Text | None  # inside, where there is room


@dataclass(frozen=True)
class Bar:
    labels: tuple[Text, ...]
    words: tuple[Text, ...]
    segments: tuple[Segment, ...]
    y: int
    height: int = HEIGHT


@dataclass(frozen=True)
class Swatch:
    look: str
    y: int
    text: Text


@dataclass(frozen=True)
class StackDrawing:
    """Everything chart_stacked.html draws."""

    height: int
    rows: tuple[Bar, ...]
    legend: tuple[Swatch, ...]
    width: int = WIDTH


@dataclass(frozen=True)
class StackedChart:
    """`heading` names what the bars are, `unit` what is counted. Parts that occur in no bar are left out of the picture."""

    title: str
    unit: str
    heading: str
    parts: tuple[Part, ...]
    stacks: tuple[Stack, ...]

    template = "components/chart_stacked.html"

    @cached_property
    def present(self):
        """The places of the parts that occur somewhere."""
        return tuple(n for n, _part in enumerate(self.parts) if any(stack.counts[n] for stack in self.stacks))

    @cached_property
    def drawing(self):
        rows, y = [], 0
        for stack in self.stacks:
            rows.append(self._bar(stack, y))
            y = rows[-1].y + HEIGHT + ROW_GAP
        legend = []
        for place in self.present:
            part = self.parts[place]
            legend.append(Swatch(part.look, y, Text(40, y + TEXT_LINE - 10, part.label)))
            y += TEXT_LINE + 4
        return StackDrawing(height=y, rows=tuple(rows), legend=tuple(legend))

    def _bar(self, stack, y):
        labels = _lines(stack.label, y)
        words = _lines(self.said(stack), y + TEXT_LINE * len(labels))
        top = words[-1].y + 16
        return Bar(labels, words, self._segments(stack, top), top)

    def _segments(self, stack, y):
        segments, x = [], 0
        for place, width in zip(self.present, widths([stack.counts[n] for n in self.present]), strict=True):
            if not width:
                continue
            digits = str(stack.counts[place])
            number = Text(x + width // 2, y + HEIGHT - 8, digits, "middle")
            fits = width >= ROOM_FOR_A_NUMBER * len(digits)
            segments.append(Segment(x, width, self.parts[place].look, number if fits else None))
            x += width
        return tuple(segments)

    def said(self, stack):
        """The words above a bar: "on track: 3 · to watch: 1", in the order of its parts."""
        said = [
            _("%(part)s: %(count)s") % {"count": number_words(stack.counts[n]), "part": self.parts[n].label}
            for n in self.present
            if stack.counts[n]
        ]
        return " · ".join(said) or _("nothing to count")

    @cached_property
    def table(self):
        head = (self.heading, *(self.parts[n].label for n in self.present), _("Total"))
        rows = tuple(
            (stack.label, *(number_words(stack.counts[n]) for n in self.present), number_words(stack.total))
            for stack in self.stacks
        )
        return Table(head, rows)

    @property
    def description(self):
        return describe(self.table)


def widths(counts):
    """Whole units that add up to the plot, in proportion to the counts; 0 for 0, and never too thin to be seen.

    The largest part gives what the thinnest take, and takes what rounding leaves.
    """
    whole = sum(counts)
    if not whole:
        return [0] * len(counts)
    shares = [max(NARROWEST, count * PLOT // whole) if count else 0 for count in counts]
    shares[shares.index(max(shares))] += PLOT - sum(shares)
    return shares


def _lines(words, y):
    lines = wrap(words, LETTERS) or [""]
    return tuple(Text(0, y + TEXT_LINE * (n + 1) - 8, line) for n, line in enumerate(lines))
