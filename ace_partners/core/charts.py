"""Charts as facts and geometry: Decimals in, whole drawing units out; templates/components/chart*.html draw them.

One picture serves the page and the PDF: SVG with presentation attributes only, no script, no style. Bars lie down and
each has its words above it, so that a chart is as legible on a phone of 320 px as on paper, and nothing is said by
colour alone. Every chart carries its own table (`table`), which says the same in words.

A value that is not there keeps its reason (design §1.4): not reported, masked, not applicable and not due yet are four
different things, none of them is zero, and none of them gets a bar.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cached_property
from textwrap import shorten, wrap

from django.utils.translation import gettext as _

from ace_partners.core.numbers import NOTHING, number_words

# Drawing units. The picture is 640 wide; at its usual size one unit is about half a pixel.
WIDTH = 640
PLOT = 616  # where the scale ends; the rest leaves room for a target mark at the maximum
BAR = 26
TEXT_LINE = 36
ROW_GAP = 26
SLIVER = 4
METER_HEIGHT = TEXT_LINE + 8 + BAR + 10
LETTERS = 39  # that surely fit on one line of text, in the widest of the system fonts


class Absent(StrEnum):
    """Why a value is not there."""

    NOT_REPORTED = "not_reported"
    MASKED = "masked"  # 1 to 4 children (design §9)
    NOT_APPLICABLE = "not_applicable"
    NOT_DUE = "not_due"
    NOT_ASKED = "not_asked"


FRAMED = (Absent.NOT_REPORTED, Absent.MASKED)  # an empty frame where a bar is expected; the others get none


@dataclass(frozen=True)
class Point:
    """One bar: a period, a category. `value` in the chart's unit; None means absent, for the reason in `absent`.

    Raises ValueError when a value comes together with a reason for its absence: a masked figure must not travel.
    """

    label: str
    value: Decimal | None = None
    target: Decimal | None = None
    note: str = ""
    absent: Absent | None = None

    def __post_init__(self):
        if self.value is not None and self.absent is not None:
            raise ValueError(f"{self.label}: a value and a reason for its absence exclude each other")

    @property
    def reason(self):
        """Why there is no value; None when there is one. Silence is "not reported"."""
        return None if self.value is not None else (self.absent or Absent.NOT_REPORTED)


@dataclass(frozen=True)
class Text:
    """Words at a place; `anchor` is start, middle or end."""

    x: int
    y: int
    words: str
    anchor: str = "start"


@dataclass(frozen=True)
class Row:
    """One bar as drawn: its words above (`labels`, `value`), the bar or the frame of an absent value, the target's place.

    `look` is result, goal (the final target: an outline), or a code of Absent. `target_x` is None without a target.
    """

    labels: tuple[Text, ...]
    value: Text
    look: str
    y: int
    x: int
    width: int
    target_x: int | None
    height: int = BAR


@dataclass(frozen=True)
class Drawing:
    """Everything chart_bars.html draws. Bars begin at `zero_x`; `baseline` holds the place and words of its line, or None."""

    height: int
    rows: tuple[Row, ...]
    zero_x: int
    baseline: Text | None
    legend: tuple[Text, ...]  # words for result and target, when targets are drawn
    width: int = WIDTH


@dataclass(frozen=True)
class MeterDrawing:
    """Everything chart_meter.html draws; `fill` is the width of the bar, `look` as in Row."""

    height: int
    value: Text
    look: str
    fill: int
    threshold: Text | None
    y: int = TEXT_LINE + 8
    bar: int = BAR
    width: int = WIDTH
    plot: int = PLOT


@dataclass(frozen=True)
class Table:
    """The same facts in words: head cells, then rows of as many cells; the first cell of a row is its heading."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    has_notes: bool = False  # then the last column is prose


@dataclass(frozen=True)
class Scale:
    """Values to drawing units, zero always included. A scale without any extent puts everything at its beginning."""

    low: Decimal
    high: Decimal

    @classmethod
    def over(cls, values):
        """The scale that holds every value that is there."""
        present = [Decimal(value) for value in values if value is not None]
        return cls(min([Decimal(0), *present]), max([Decimal(0), *present]))

    def x(self, value):
        """Drawing units from the left, rounded half up; clipped to the plot, because bars are and numbers are not."""
        if self.high == self.low:
            return 0
        place = (Decimal(value) - self.low) / (self.high - self.low) * PLOT
        return int(min(max(place, Decimal(0)), Decimal(PLOT)).quantize(Decimal(1), rounding=ROUND_HALF_UP))


@dataclass(frozen=True)
class ProgressChart:
    """Values and targets, period by period.

    `baseline` and `final` are drawn on the same scale as the points, or None. For an indicator whose periods are added
    up, the final target belongs in a Meter: on this scale it would shrink every bar.
    """

    title: str
    unit: str
    points: tuple[Point, ...]
    baseline: Decimal | None = None
    final: Decimal | None = None

    template = "components/chart_bars.html"

    @cached_property
    def drawing(self):
        return _draw(self.points, self.unit, baseline=self.baseline, final=self.final)

    @cached_property
    def table(self):
        rows = [(p.label, said_value(p, self.unit), number_words(p.target, self.unit), p.note) for p in self.points]
        if self.baseline is not None:
            rows.insert(0, (_("Baseline"), number_words(self.baseline, self.unit), NOTHING, ""))
        if self.final is not None:
            rows.append((_("Final target"), NOTHING, number_words(self.final, self.unit), ""))
        return _table((_("Period"), _("Result"), _("Target")), rows)

    @property
    def description(self):
        return describe(self.table)


@dataclass(frozen=True)
class BarChart:
    """Quantities side by side: spending by heading, people by place. `heading` names what the bars are.

    `measures` names bar and mark where they are no result and target: ("Spent", "Budget").
    """

    title: str
    unit: str
    points: tuple[Point, ...]
    heading: str
    measures: tuple[str, str] | None = None

    template = "components/chart_bars.html"

    @cached_property
    def drawing(self):
        return _draw(self.points, self.unit, measures=self.measures)

    @cached_property
    def table(self):
        if any(point.target is not None for point in self.points):
            rows = [(p.label, said_value(p, self.unit), number_words(p.target, self.unit), p.note) for p in self.points]
            return _table((self.heading, *(self.measures or (_("Result"), _("Target")))), rows)
        return _table((self.heading, _("Quantity")), [(p.label, said_value(p, self.unit), p.note) for p in self.points])

    @property
    def description(self):
        return describe(self.table)


@dataclass(frozen=True)
class Meter:
    """One value on its way to `maximum`, with an optional threshold to pass. The bar is clipped, the number is not.

    It computes no percentage: what a share means is decided by the rules of progress, and comes in as `note`.
    """

    title: str
    unit: str
    value: Decimal | None
    maximum: Decimal
    threshold: Decimal | None = None
    note: str = ""
    absent: Absent | None = None

    template = "components/chart_meter.html"

    @cached_property
    def point(self):
        return Point(self.title, self.value, note=self.note, absent=self.absent)

    @cached_property
    def drawing(self):
        scale = Scale(Decimal(0), Decimal(self.maximum))
        threshold, height = None, METER_HEIGHT
        if self.threshold is not None:
            words = _("threshold %(value)s") % {"value": number_words(self.threshold, self.unit)}
            threshold, height = _under(scale.x(self.threshold), height + TEXT_LINE - 8, words), height + TEXT_LINE
        return MeterDrawing(
            height=height,
            value=Text(0, TEXT_LINE - 8, self._value_text()),
            look=self.point.reason or "result",
            fill=0 if self.value is None else scale.x(self.value),
            threshold=threshold,
        )

    def _value_text(self):
        if self.unit == "%" or self.value is None:
            return said_value(self.point, self.unit)
        parts = {"value": number_words(self.value, ""), "maximum": number_words(self.maximum, "")}
        return _("%(value)s out of %(maximum)s") % parts

    @cached_property
    def table(self):
        rows = [(_("Result"), said_value(self.point, self.unit)), (_("Maximum"), number_words(self.maximum, self.unit))]
        if self.threshold is not None:
            rows.append((_("Threshold"), number_words(self.threshold, self.unit)))
        if self.note:
            rows.append((_("Note"), self.note))
        return Table((_("Measure"), _("Value")), tuple(rows))

    @property
    def description(self):
        return describe(self.table)


# --- words ------------------------------------------------------------------------------------------------------


def absence(reason):
    """What is said instead of a number."""
    return {
        Absent.NOT_REPORTED: _("not reported"),
        Absent.MASKED: _("withheld"),
        Absent.NOT_APPLICABLE: _("not applicable"),
        Absent.NOT_DUE: _("not due yet"),
        Absent.NOT_ASKED: _("not asked for"),
    }[reason]


def said_value(point, unit):
    """The value of a point, or the reason for its absence."""
    return number_words(point.value, unit) if point.reason is None else absence(point.reason)


def said(point, unit, measures=None):
    """The words above a bar: value and target, or what the mark stands for instead of a target."""
    if point.target is None:
        return said_value(point, unit)
    facts = {"value": said_value(point, unit), "target": number_words(point.target, unit)}
    if measures:
        return _("%(value)s · %(mark)s: %(target)s") % {**facts, "mark": measures[1]}
    return _("%(value)s · target %(target)s") % facts


def describe(table):
    """The table in sentences, one for each row, for those who hear the chart."""
    sentences = []
    for label, *cells in table.rows:
        facts = ", ".join(
            f"{head} {cell}" for head, cell in zip(table.head[1:], cells, strict=True) if cell and cell != NOTHING
        )
        sentences.append(_("%(label)s: %(facts)s.") % {"label": label, "facts": facts})
    return " ".join(sentences)


def _table(head, rows):
    """A Table of rows that each end with a note; the column of notes goes when all are empty."""
    if any(row[-1] for row in rows):
        return Table((*head, _("Note")), tuple(rows), has_notes=True)
    return Table(head, tuple(row[:-1] for row in rows))


# --- geometry ---------------------------------------------------------------------------------------------------


def _draw(points, unit, *, baseline=None, final=None, measures=None):
    """Stack the bars; then the final target as an outline, the line of the baseline, and the legend if it is needed."""
    values = [number for point in points for number in (point.value, point.target)]
    scale = Scale.over([*values, baseline, final])
    rows, y = [], 0
    for point in points:
        rows.append(_row(point, scale, y, said(point, unit, measures)))
        y = rows[-1].y + BAR + ROW_GAP
    if final is not None:
        rows.append(_row(Point(_("Final target"), final), scale, y, number_words(final, unit), look="goal"))
    height = rows[-1].y + BAR + 10 if rows else 0
    line = None
    if baseline is not None:
        height += TEXT_LINE + 4
        line = _under(scale.x(baseline), height - 10, _("baseline %(value)s") % {"value": number_words(baseline, unit)})
    legend = ()
    if any(row.target_x is not None for row in rows):
        height += TEXT_LINE + 8
        bar, mark = measures or (_("Result"), _("Target"))
        legend = (Text(40, height - 10, bar), Text(300, height - 10, mark))
    return Drawing(height=height, rows=tuple(rows), zero_x=scale.x(0), baseline=line, legend=legend)


def _row(point, scale, y, value_words, *, look="result"):
    """Place one bar below `y`: its words, then the bar. Beside a long label the value gets a line of its own."""
    lines = wrap(point.label, LETTERS) or [""]
    if len(lines) > 2:
        lines = [lines[0], shorten(" ".join(lines[1:]), LETTERS, placeholder=" …")]
    labels = tuple(Text(0, y + TEXT_LINE * (n + 1) - 8, line) for n, line in enumerate(lines))
    beside = len(lines[-1]) + len(value_words) + 3 <= LETTERS
    value_y = labels[-1].y + (0 if beside else TEXT_LINE)
    start, width = _extent(point, scale)
    return Row(
        labels=labels,
        value=Text(PLOT, value_y, value_words, "end") if beside else Text(0, value_y, value_words),
        look=point.reason or look,
        y=value_y + 16,
        x=start,
        width=width,
        target_x=None if point.target is None else scale.x(point.target),
    )


def _extent(point, scale):
    """Where a bar begins and how wide it is. What is more than zero is always seen; an absent value has no length."""
    if point.value is None:
        return (0, PLOT) if point.reason in FRAMED else (scale.x(0), 0)
    start, end = sorted((scale.x(0), scale.x(point.value)))
    return start, max(end - start, SLIVER if point.value else 0)


def _under(x, y, words):
    """Words under a mark. Near an edge they lean inwards, so that none is cut off."""
    return Text(x, y, words, "start" if x < WIDTH // 4 else "end" if x > WIDTH * 3 // 4 else "middle")
