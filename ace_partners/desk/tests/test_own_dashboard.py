"""An organisation's own dashboard: its figures, and the median of the network, which names nobody and hides below five."""

import csv
import re
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest

from ace_partners.core.charts import Absent
from ace_partners.core.rights import Role
from impact.tests.factories import BudgetLineFactory, IndicatorFactory, PeriodFactory, ReportFactory
from impact.tests.factories_dashboards import reached, spent
from partners.tests.factories import PartnerFactory

PAGE = "/espace/organisations/tumaini/tableau/"


@pytest.fixture
def indicator(db):
    return IndicatorFactory(code="EPA-01", name_en="Savings groups")


@pytest.fixture
def client(signatory, login):
    return login(signatory)


def section(response, key):
    return next(found for found, _series, _tables in response.context["sections"] if found.key == key)


def rows(response, key):
    return [[cell.words for cell in line.cells] for line in section(response, key).sheets[0].lines]


def others(indicator, *values):
    return [reached(indicator, value, partner=PartnerFactory(name=f"Voisine {n}")) for n, value in enumerate(values)]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR, Role.SIGNATORY])
def test_every_member_sees_it(role, member, login):
    assert login(member(role)).get(PAGE).status_code == 200


def test_ace_and_other_organisations_do_not(partner, me_officer, member, login):
    stranger = member(Role.SIGNATORY, of=PartnerFactory())

    assert [login(user).get(PAGE).status_code for user in (me_officer, stranger)] == [404, 404]


def test_it_is_one_link_away_from_the_space(partner, client):
    assert f'href="{PAGE}"' in client.get("/espace/").content.decode()


def test_achievement_stands_beside_the_median_of_five(partner, indicator, client):
    reached(indicator, 80, partner=partner)
    others(indicator, 10, 90, 100, 130)

    response = client.get(PAGE)

    # 10, 80, 90, 100, 130 per cent: the middle is 90.
    (row,) = rows(response, "cibles")
    assert (row[0], row[2:]) == (
        "EPA-01 Savings groups",
        ["groups", "80", "80.0%", "90.0%", "5", "to watch", "1/1"],
    )
    (chart,) = section(response, "cibles").charts
    assert [(point.value, point.target) for point in chart.points] == [(Decimal("80.0"), Decimal("90.0"))]
    assert [trend.median_words for trend in response.context["trends"]] == ["90%"]


def test_four_have_no_median_and_the_page_says_why(partner, indicator, client):
    reached(indicator, 80, partner=partner)
    others(indicator, 10, 90, 100)

    response = client.get(PAGE)

    assert rows(response, "cibles")[0][5:7] == ["—", "—"]
    assert "none: fewer than 5 organisations have a figure" in response.content.decode()


def test_who_is_silent_is_not_among_the_five(partner, indicator, client):
    reached(indicator, 80, partner=partner)
    others(indicator, 10, 90, 100, None)

    assert rows(client.get(PAGE), "cibles")[0][5:7] == ["—", "—"]


def test_the_median_is_of_the_span(partner, indicator, client):
    reached(indicator, 80, 50, partner=partner)
    for values in ((10, 1), (90, 2), (100, 3), (130, 4)):
        reached(indicator, *values)

    assert rows(client.get(PAGE + "?annee=2025&trimestre=1"), "cibles")[0][4:6] == ["80.0%", "90.0%"]
    assert rows(client.get(PAGE + "?annee=2025&trimestre=2"), "cibles")[0][4:6] == ["50.0%", "3.0%"]


def test_no_name_of_another_organisation_is_on_the_page_or_in_a_file(partner, indicator, client):
    reached(indicator, 80, partner=partner)
    others(indicator, 10, 90, 100, 130)

    for query in ("", "?export=cibles", "?export=depenses-lignes", "?export=ponctualite"):
        assert "Voisine" not in client.get(PAGE + query).content.decode()


def test_a_median_of_few_children_is_withheld_and_the_own_figure_is_not(partner, client):
    indicator = IndicatorFactory(code="ENF-01", unit="children", is_sensitive=True)
    reached(indicator, 2, partner=partner, aim=4)
    for value in (1, 3, 4, 4):
        reached(indicator, value, aim=4)

    response = client.get(PAGE)

    # 25, 50, 75, 100, 100 % of the targets; the middle, 3 of 4, counts three children.
    assert rows(response, "cibles")[0][3:7] == ["2", "50.0%", "—", "5"]
    assert "withheld: it rests on few children" in response.content.decode()


def test_an_indicator_without_percentage_says_so(partner, client):
    reached(IndicatorFactory(code="MIN-04", direction="at_most"), 0, partner=partner, aim=0)

    (point,) = section(client.get(PAGE), "cibles").charts[0].points

    assert (point.absent, point.note) == (Absent.NOT_APPLICABLE, "no percentage can be made of it")


@pytest.mark.parametrize(
    ("facts", "values", "absent"),
    [
        ({}, (None,), Absent.NOT_REPORTED),
        ({"calculation": "latest"}, (30, None), Absent.NOT_APPLICABLE),  # values, and a baseline nobody knows
    ],
)
def test_silence_is_not_taken_for_a_percentage_that_cannot_be(facts, values, absent, partner, client):
    target = reached(IndicatorFactory(**facts), *values, partner=partner)
    type(target).objects.filter(pk=target.pk).update(baseline=None, baseline_state="unknown")

    (point,) = section(client.get(PAGE), "cibles").charts[0].points

    assert (point.value, point.absent) == (None, absent)


def test_each_target_has_its_trend(partner, indicator, client):
    reached(indicator, 80, None, 0, partner=partner)

    (trend,) = client.get(PAGE).context["trends"]

    assert [(point.value, point.target, point.absent) for point in trend.chart.points] == [
        (Decimal(80), Decimal(100), None),
        (None, Decimal(100), Absent.NOT_REPORTED),
        (Decimal(0), Decimal(100), None),
    ]
    assert (trend.status, trend.coverage) == ("missing_data", "2/3")


def test_reports_and_spending_are_its_own(partner, indicator, client):
    target = reached(indicator, 80, partner=partner)
    ReportFactory(period=PeriodFactory(project=target.project))
    line = BudgetLineFactory(project=target.project, code="A1", amount=Decimal(1000))
    version = target.project.reports.get(accepted_version__isnull=False).accepted_version
    spent(version, line, "250")
    others(indicator, 10)

    response = client.get(PAGE)

    assert rows(response, "ponctualite") == [["Your organisation", "2", "1", "1", "50.0%", "50.0%"]]
    assert [row[1:] for row in rows(response, "depenses")] == [
        ["A1", "Formation", "1,000.00", "—", "250.00", "250.00", "25.0%", "—"]
    ]
    assert section(response, "depenses").coverage == "1/2 expected reports accepted"


def test_the_file_is_the_table(partner, indicator, client):
    reached(indicator, 80, partner=partner)
    others(indicator, 10, 90, 100, 130)

    content = client.get(PAGE + "?export=cibles").content.decode("utf-8-sig")

    _head, row = csv.reader(StringIO(content))
    assert row[3:7] == ["80", "80.0", "90.0", "5"]


def test_nothing_yet_says_why(partner, client):
    response = client.get(PAGE)

    assert [found.empty for found, _series, _tables in response.context["sections"]] == [
        "No agreed target has a period that ends in the span.",
        "No report was expected in the span yet.",
        "No project that runs in the span has a budget line or an accepted expense.",
    ]


def test_a_quarter_needs_its_year(partner, client):
    response = client.get(PAGE + "?trimestre=2")

    assert response.status_code == 422
    assert "Choose the year of the quarter too." in response.content.decode()


def test_area_and_place_are_not_asked(partner, client):
    assert list(client.get(PAGE).context["form"].fields) == ["annee", "trimestre"]


def test_tables_and_headings_are_in_order(partner, indicator, client):
    reached(indicator, 80, partner=partner)
    html = client.get(PAGE).content.decode()

    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", html)]
    assert levels[0] == 1
    assert all(below <= above + 1 for above, below in zip(levels, levels[1:], strict=False))
    for table in re.findall(r"<table.*?</table>", html, re.DOTALL):
        assert re.findall(r"<th(?![^>]*scope=)[^>]*>", table.replace("<thead>", "")) == []


def test_it_costs_the_same_for_one_target_and_neighbour_and_for_three(
    partner, indicator, client, django_assert_max_num_queries
):
    reached(indicator, 80, partner=partner)
    others(indicator, 10)
    with django_assert_max_num_queries(25) as one:
        client.get(PAGE)
    for code in ("EPA-02", "EPA-03"):
        another = IndicatorFactory(code=code)
        reached(another, 80, partner=partner)
        others(another, 10, 20)

    with django_assert_max_num_queries(len(one)) as three:
        response = client.get(PAGE)

    assert len(response.context["trends"]) == 3
    assert len(three) == len(one)


def test_only_its_own_indicators_are_read_of_the_network(partner, indicator, client, django_assert_max_num_queries):
    reached(indicator, 80, partner=partner)
    reached(IndicatorFactory(code="MIN-01"), 50)

    with django_assert_max_num_queries(25) as asked:
        client.get(PAGE + "?annee=2025")

    values = [query["sql"] for query in asked.captured_queries if 'FROM "impact_indicatorvalue"' in query["sql"]]
    assert len(values) == 1
    assert "'EPA-01'" in values[0]
    assert str(date(2025, 12, 31)) in values[0]
