"""Charts: what is drawn where, what is said, and that the SVG is fit for a strict page and for a PDF."""

from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from ace_partners.core.charts import (
    PLOT,
    Absent,
    BarChart,
    Meter,
    Point,
    ProgressChart,
    Scale,
    Table,
    describe,
)
from ace_partners.core.numbers import number_words

SVG = "{http://www.w3.org/2000/svg}"
PRESENTATION = {
    *("xmlns", "role", "viewBox", "width", "height", "x", "y", "d", "fill", "stroke", "stroke-width"),
    *("stroke-dasharray", "font-family", "font-size", "font-weight", "text-anchor"),
}

# The English msgids stand in these tests, whatever the state of the French catalogue.
pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def progress():
    return ProgressChart(
        title="Workers holding a full PPE set",
        unit="persons",
        points=(
            Point("T1 2025", Decimal(80), target=Decimal(100)),
            Point("T2 2025", target=Decimal(100)),
            Point("T3 2025", Decimal(0), target=Decimal(150), note="site closed"),
            Point("T4 2025", target=Decimal(200), absent=Absent.NOT_DUE),
        ),
        baseline=Decimal(20),
        final=Decimal(200),
    )


def svg_of(chart):
    html = render_to_string("components/chart.html", {"chart": chart})
    return ElementTree.fromstring(html[html.index("<svg") : html.index("</svg>") + 6])  # noqa: S314 (our own markup)


def texts(svg):
    return ["".join(text.itertext()) for text in svg.iter(f"{SVG}text")]


# --- scale ---


@pytest.mark.parametrize(
    ("value", "x"),
    [("0", 0), ("200", PLOT), ("100", 308), ("50.05", 154), ("250", PLOT), ("-10", 0)],
    ids=["zero", "maximum", "half", "rounded", "clipped above", "clipped below"],
)
def test_scale_places_and_clips(value, x):
    assert Scale(Decimal(0), Decimal(200)).x(Decimal(value)) == x


def test_scale_always_holds_zero_and_ignores_what_is_absent():
    assert Scale.over([Decimal(40), None, Decimal(90)]) == Scale(Decimal(0), Decimal(90))
    assert Scale.over([Decimal(-30), Decimal(-5)]) == Scale(Decimal(-30), Decimal(0))
    assert Scale.over([None]) == Scale(Decimal(0), Decimal(0))


def test_scale_without_extent_divides_nothing():
    assert Scale.over([]).x(Decimal(7)) == 0


# --- absent is not zero ---


def test_point_refuses_a_value_with_a_reason_for_its_absence():
    with pytest.raises(ValueError, match="Kapata"):
        Point("Kapata", Decimal(3), absent=Absent.MASKED)


def test_silence_is_not_reported():
    assert Point("T1").reason == Absent.NOT_REPORTED
    assert Point("T1", Decimal(0)).reason is None


def test_each_kind_of_absence_has_its_own_words_and_look(progress):
    points = (Point("zero", Decimal(0)), *(Point(reason.value, absent=reason) for reason in Absent))
    rows = BarChart("Children", "children", points, heading="Place").drawing.rows

    assert [(row.value.words, row.look, row.width) for row in rows] == [
        ("0", "result", 0),
        ("not reported", "not_reported", PLOT),
        ("withheld", "masked", PLOT),
        ("not applicable", "not_applicable", 0),
        ("not due yet", "not_due", 0),
        ("not asked for", "not_asked", 0),
    ]


# --- bars ---


def test_progress_chart_draws_values_targets_and_the_final_target(progress):
    rows = progress.drawing.rows

    assert [(row.value.words, row.look, row.x, row.width, row.target_x) for row in rows] == [
        ("80 · target 100", "result", 0, 246, 308),
        ("not reported · target 100", "not_reported", 0, PLOT, 308),
        ("0 · target 150", "result", 0, 0, 462),
        ("not due yet · target 200", "not_due", 0, 0, PLOT),
        ("200", "goal", 0, PLOT, None),
    ]
    assert (progress.drawing.baseline.x, progress.drawing.baseline.words) == (62, "baseline 20")
    assert [mark.words for mark in progress.drawing.legend] == ["Result", "Target"]


def test_nothing_overlaps_and_everything_is_inside(progress):
    drawing = progress.drawing

    edges = [(row.labels[0].y - 28, row.y + row.height) for row in drawing.rows]
    assert all(below[0] >= above[1] for above, below in zip(edges, edges[1:], strict=False))
    assert all(row.value.y < row.y for row in drawing.rows)
    assert edges[0][0] >= 0
    assert edges[-1][1] < drawing.baseline.y < drawing.legend[0].y < drawing.height


def test_a_chart_without_targets_has_no_legend():
    drawing = BarChart("Spending", "USD", (Point("Training", Decimal(12)),), heading="Heading").drawing

    assert (drawing.legend, drawing.baseline) == ((), None)


def test_negative_values_go_left_of_zero():
    points = (Point("Refund", Decimal(-50)), Point("Training", Decimal(150)))
    drawing = BarChart("Spending", "USD", points, heading="Heading").drawing

    assert drawing.zero_x == 154
    assert [(row.x, row.width) for row in drawing.rows] == [(0, 154), (154, 462)]


def test_a_tiny_value_is_still_seen_and_a_zero_is_not():
    points = (Point("one", Decimal(1)), Point("none", Decimal(0)), Point("many", Decimal(1_000_000)))
    widths = [row.width for row in BarChart("People", "persons", points, heading="Place").drawing.rows]

    assert widths == [4, 0, PLOT]


def test_long_labels_wrap_and_give_the_value_its_own_line():
    long = "Esprit d'entreprise et moyens de subsistance alternatifs dans les quartiers périphériques de Kolwezi"
    short, wrapped = BarChart("x", "USD", (Point("Kapata", Decimal(1)), Point(long, Decimal(2))), "y").drawing.rows

    assert (short.value.anchor, short.value.y) == ("end", short.labels[0].y)
    assert [line.words for line in wrapped.labels] == [
        "Esprit d'entreprise et moyens de",
        "subsistance alternatifs dans les …",
    ]
    assert (wrapped.value.anchor, wrapped.value.x) == ("end", PLOT)
    assert wrapped.y > wrapped.value.y >= wrapped.labels[-1].y


def test_an_empty_chart_is_no_error():
    chart = ProgressChart("Empty", "persons", ())

    assert (chart.drawing.rows, chart.drawing.height, chart.table.rows, chart.description) == ((), 0, (), "")


# --- meter ---


@pytest.mark.parametrize(
    ("value", "fill", "words"),
    [("0", 0, "0%"), ("62.5", 385, "62.5%"), ("134", PLOT, "134%"), ("-12", 0, "−12%")],
)
def test_meter_clips_the_bar_and_never_the_number(value, fill, words):
    drawing = Meter("Criterion 1", "%", Decimal(value), Decimal(100)).drawing

    assert (drawing.fill, drawing.value.words, drawing.look) == (fill, words, "result")


def test_meter_without_a_value_says_so():
    silent = Meter("Savings", "USD", None, Decimal(5000)).drawing
    masked = Meter("Children", "children", None, Decimal(40), absent=Absent.MASKED).drawing

    assert [(m.fill, m.value.words, m.look) for m in (silent, masked)] == [
        (0, "not reported", "not_reported"),
        (0, "withheld", "masked"),
    ]


def test_meter_threshold_leans_inwards_near_the_edges():
    anchors = [
        Meter("x", "%", Decimal(50), Decimal(100), threshold=Decimal(t)).drawing.threshold.anchor for t in (5, 50, 95)
    ]

    assert anchors == ["start", "middle", "end"]


def test_meter_says_value_and_maximum_in_its_unit():
    meter = Meter("Members", "persons", Decimal(200), Decimal(4000), threshold=Decimal(1000), note="5.0% of the target")

    assert meter.drawing.value.words == "200 out of 4,000"
    assert meter.table == Table(
        ("Measure", "Value"),
        (("Result", "200"), ("Maximum", "4,000"), ("Threshold", "1,000"), ("Note", "5.0% of the target")),
    )


# --- the table twin and the words ---


def test_progress_table_says_everything_the_picture_shows(progress):
    assert progress.table == Table(
        ("Period", "Result", "Target", "Note"),
        (
            ("Baseline", "20", "—", ""),
            ("T1 2025", "80", "100", ""),
            ("T2 2025", "not reported", "100", ""),
            ("T3 2025", "0", "150", "site closed"),
            ("T4 2025", "not due yet", "200", ""),
            ("Final target", "—", "200", ""),
        ),
        has_notes=True,
    )


def test_bar_table_has_only_the_columns_it_needs():
    plain = BarChart("Spending", "USD", (Point("Training", Decimal("24545.45")),), heading="Heading")
    aimed = BarChart("Spending", "USD", (Point("Training", Decimal(5), target=Decimal(6)),), heading="Heading")

    assert plain.table == Table(("Heading", "Quantity"), (("Training", "24,545.45"),))
    assert aimed.table == Table(("Heading", "Result", "Target"), (("Training", "5", "6"),))


def test_a_mark_that_is_no_target_has_its_own_name():
    points = (Point("Training", Decimal(5), target=Decimal(6)), Point("Travel", Decimal(1)))
    chart = BarChart("Spending", "USD", points, heading="Line", measures=("Spent", "Budget"))

    assert [row.value.words for row in chart.drawing.rows] == ["5 · Budget: 6", "1"]
    assert [mark.words for mark in chart.drawing.legend] == ["Spent", "Budget"]
    assert chart.table.head == ("Line", "Spent", "Budget")


def test_description_is_the_table_in_sentences(progress):
    table = Table(("Period", "Result", "Target"), (("T1", "80", "100"), ("T2", "not reported", "—")))

    assert describe(table) == "T1: Result 80, Target 100. T2: Result not reported."
    assert progress.description.startswith("Baseline: Result 20. T1 2025: Result 80, Target 100. T2 2025: ")


def test_numbers_follow_the_language_of_the_reader():
    assert number_words(Decimal("24545.45"), "USD") == "24,545.45"
    with translation.override("fr"):
        assert number_words(Decimal("24545.45"), "USD") == "24\u202f545,45"


# --- the markup ---


@pytest.mark.parametrize("language", ["en", "fr"])
def test_svg_needs_neither_style_nor_script_and_has_plain_coordinates(progress, language):
    meter = Meter("Criterion 1", "%", Decimal("62.5"), Decimal(100), threshold=Decimal(70))
    with translation.override(language):
        pictures = [svg_of(progress), svg_of(meter)]

    for svg in pictures:
        for element in svg.iter():
            assert set(element.attrib) <= PRESENTATION
            for name in ("x", "y", "width", "height"):
                assert element.get(name, "0").isdigit()


def test_svg_is_one_image_with_a_name_and_a_description(progress):
    svg = svg_of(progress)

    assert svg.get("role") == "img"
    assert svg[0].tag == f"{SVG}title"
    assert svg[0].text == "Workers holding a full PPE set"
    assert svg[1].tag == f"{SVG}desc"
    assert svg[1].text == progress.description


def test_svg_says_each_row(progress):
    assert texts(svg_of(progress)) == [
        *("T1 2025", "80 · target 100"),
        *("T2 2025", "not reported · target 100"),
        *("T3 2025", "0 · target 150"),
        *("T4 2025", "not due yet · target 200"),
        *("Final target", "200"),
        *("baseline 20", "Result", "Target"),
    ]


def test_every_chart_carries_its_table_folded_on_screen_and_open_on_paper(progress):
    screen = render_to_string("components/chart.html", {"chart": progress})
    paper = render_to_string("components/chart.html", {"chart": progress, "open": True})

    assert "<details>" in screen
    assert "<details open>" in paper
    assert screen.count("<tr>") == 1 + len(progress.table.rows)


def test_hostile_text_stays_text():
    chart = BarChart("<script>x</script>", "USD", (Point("</text><script>y</script>", Decimal(1)),), heading="h")

    html = render_to_string("components/chart.html", {"chart": chart})

    assert "<script>" not in html
    assert "&lt;/text&gt;&lt;script&gt;y&lt;/script&gt;" in html
