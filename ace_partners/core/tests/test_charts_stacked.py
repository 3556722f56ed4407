"""Bars cut into parts: shares in whole units, nothing lost, nothing said by colour alone."""

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from ace_partners.core.charts import PLOT, Table
from ace_partners.core.charts_stacked import NARROWEST, Part, Stack, StackedChart, widths
from ace_partners.core.tests.test_charts import PRESENTATION, svg_of

PARTS = (Part("on track", "good"), Part("off track", "bad"), Part("no data", "silent"), Part("context", "neutral"))

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def chart():
    stacks = (Stack("Savings", (3, 0, 1, 0)), Stack("Children", (0, 0, 2, 0)), Stack("Empty", (0, 0, 0, 0)))
    return StackedChart("Targets", "targets", "Area", PARTS, stacks)


def test_parts_share_the_bar(chart):
    savings, children, empty = chart.drawing.rows

    assert [(part.x, part.width, part.look, part.number.words) for part in savings.segments] == [
        (0, 462, "good", "3"),
        (462, 154, "silent", "1"),
    ]
    assert [(part.width, part.look) for part in children.segments] == [(PLOT, "silent")]
    assert empty.segments == ()


def test_each_bar_says_its_parts_in_words(chart):
    words = [" ".join(text.words for text in row.words) for row in chart.drawing.rows]

    assert words == ["on track: 3 · no data: 1", "no data: 2", "nothing to count"]


def test_parts_that_occur_nowhere_are_left_out(chart):
    assert [mark.text.words for mark in chart.drawing.legend] == ["on track", "no data"]
    assert chart.table == Table(
        ("Area", "on track", "no data", "Total"),
        (("Savings", "3", "1", "4"), ("Children", "0", "2", "2"), ("Empty", "0", "0", "0")),
    )


def test_nothing_overlaps_and_everything_is_inside(chart):
    drawing = chart.drawing

    edges = [(row.labels[0].y - 28, row.y + row.height) for row in drawing.rows]
    assert all(below[0] >= above[1] for above, below in zip(edges, edges[1:], strict=False))
    assert edges[-1][1] < drawing.legend[0].y < drawing.legend[-1].y + 28 <= drawing.height


@settings(derandomize=True, database=None, deadline=None, max_examples=200)
@given(st.lists(st.integers(0, 500), min_size=1, max_size=11))
def test_widths_fill_the_bar_and_hide_nobody(counts):
    found = widths(counts)

    assert sum(found) == (PLOT if any(counts) else 0)
    assert all((width >= NARROWEST) if count else (width == 0) for width, count in zip(found, counts, strict=True))


def test_a_thin_part_has_no_number_inside():
    (bar,) = StackedChart("x", "x", "x", PARTS[:2], (Stack("a", (1, 999)),)).drawing.rows

    assert [part.number and part.number.words for part in bar.segments] == [None, "999"]


def test_a_look_that_nobody_drew_is_refused():
    with pytest.raises(ValueError, match="green"):
        Part("fine", "green")


def test_svg_needs_neither_style_nor_script(chart):
    svg = svg_of(chart)

    assert svg.get("role") == "img"
    for element in svg.iter():
        assert set(element.attrib) <= PRESENTATION
        for name in ("x", "y", "width", "height"):
            assert element.get(name, "0").isdigit()
    looks = {element.get("fill") for element in svg.iter("{http://www.w3.org/2000/svg}rect")}
    assert len(looks) == 2
