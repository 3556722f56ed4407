"""Results and spending of the network, how a figure is calculated, and open data: one figure, the same everywhere."""

import csv
import gzip
import io
import re
from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from ace_partners.core.numbers import plain_digits
from ace_partners.core.tests.pdf_documents import text_of
from ace_partners.public.facts import read_partner
from ace_partners.public.tests.network import full_partner
from ace_partners.public.tests.reading import headings, html, unrendered
from impact.figures.explained import network_steps
from impact.figures.network import network_results, network_spending
from impact.models import Indicator, ProjectPlace
from impact.tests import factories
from impact.tests.factories_network import accepted_value, accepted_version, children, quarter_period, target_of
from partners.tests.factories import PartnerFactory, PlaceFactory

pytestmark = pytest.mark.django_db
YEAR = {"start": date(2025, 1, 1), "end": date(2025, 12, 31)}


def text(response):
    """The words of a page, without its tags."""
    return re.sub(r"[ \n]+", " ", re.sub(r"<[^>]+>", "", html(response)))


def rows_of(response):
    """The rows of a CSV answer, by column."""
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))


def two_partners(**fields):
    """Two organisations on one indicator of joint work: 120 (30 of it shared) and 80."""
    indicator = factories.IndicatorFactory(code="EPA-01", across_partners="sum_net", **fields)
    one, other = target_of(indicator), target_of(indicator)
    accepted_value(one, 120, shared=Decimal(30), shared_with=other.project.partner)
    accepted_value(other, 80)
    return one, other


# Results


def test_results_tell_gross_net_and_coverage(client):
    two_partners()

    page = text(client.get("/en/resultats/"))

    assert "2025: 200 groups (gross) · 170 (net) · 2/2 partners · 2/2 periods reported" in page
    assert "2 reports behind this figure" in page
    assert "version 1 (accepted on" in page


def test_zero_and_missing_are_told_apart(client):
    target = target_of(factories.IndicatorFactory(code="EPA-01"))
    accepted_value(target, 0, 1)
    quarter_period(target.project, 2)

    page = text(client.get("/en/resultats/"))

    assert "Q1 2025: Quantity 0, Note 1/1 partners." in page
    assert "Q2 2025: Quantity not reported, Note 0/1 partners." in page
    assert "Q3 2025: Quantity not asked for, Note 0/0 partners." in page


def test_results_are_narrowed_by_area_place_and_year(client):
    here = PlaceFactory(name="Likasi", slug="likasi", level="ville", parent=PlaceFactory(level="province"))
    one, _other = two_partners()
    ProjectPlace.objects.create(project=one.project, place=here)
    accepted_value(one, 7, year=2024)

    assert "2025: 120 groups" in text(client.get("/en/resultats/?lieu=likasi"))
    assert "2024: 7 groups" in text(client.get("/en/resultats/?annee=2024"))
    assert "Nothing to show for this choice" in text(client.get("/en/resultats/?domaine=children"))


@pytest.mark.parametrize(
    "path", ["/en/resultats/?annee=soon", "/en/resultats/?lieu=nulle-part", "/en/depenses/?domaine=x"]
)
def test_what_nobody_knows_gets_a_sentence(client, path):
    response = client.get(path)

    assert response.status_code == 200
    assert "There is a problem" in html(response)


def test_quarters_and_years_are_no_small_places(client):
    PlaceFactory(name="Quartier", slug="quartier", level="quartier")

    assert 'value="quartier"' not in html(client.get("/resultats/"))


def test_deaths_have_no_percentage(client):
    deaths = factories.IndicatorFactory(code="MIN-04", unit="deaths", direction="at_most", area="mine_sites")
    accepted_value(target_of(deaths), 1)

    page = text(client.get("/en/resultats/"))

    assert "2025: 1 deaths" in page
    assert "%" not in page


def test_one_withheld_partner_is_withheld_on_every_surface(client):
    indicator = children()
    small, large = target_of(indicator), target_of(indicator)
    accepted_value(small, 3)
    accepted_value(large, 40)

    results, calculation = client.get("/en/resultats/"), client.get("/en/resultats/ENF-02/calcul/")
    data = rows_of(client.get("/donnees/resultats.csv"))

    assert "2025: withheld" in text(results)
    assert "43" not in re.sub(r'"[^"]*"', "", text(results))
    assert "withheld" in text(calculation)
    assert {row["partner"]: (row["state"], row["value"]) for row in data} == {
        small.project.partner.slug: ("masked", ""),
        large.project.partner.slug: ("reported", "40"),
    }


# How a figure is calculated


def test_network_figure_is_explained_with_its_own_numbers(client):
    two_partners()
    (result,) = network_results(**YEAR)

    response = client.get("/en/resultats/EPA-01/calcul/?annee=2025")
    page = text(response)

    assert [step.words for step in network_steps(result)] == ["120 + 80 = 200", "200 − 30 = 170"]
    assert "120 + 80 = 200" in page
    assert "200 − 30 = 170" in page
    assert "30 of it is joint work that another organisation leads" in page
    assert headings(response)[0] == 1


def test_partner_figure_is_explained_with_the_numbers_of_its_page(client):
    target = target_of(factories.IndicatorFactory(code="EPA-01"), project__partner__slug="afa")
    for quarter, value in ((1, 80), (2, 120)):
        accepted_value(target, value, quarter)
        factories.PeriodTargetFactory(target=target, period=quarter_period(target.project, quarter))
    quarter_period(target.project, 3)
    quarter_period(target.project, 4, 2098)

    shown = text(client.get("/en/partenaires/afa/"))
    address = f"/en/resultats/EPA-01/calcul/?partenaire=afa&projet={target.project.code}"
    page = text(client.get(address))

    assert "so far: 200" in shown
    assert address.replace("&", "&amp;") in html(client.get("/en/partenaires/afa/"))
    assert "80 + 120 = 200" in page
    assert "200 ÷ 200 = 100%" in page
    assert "no accepted report: missing, not zero" in page
    assert "the period is not over: not counted" in page


def test_calculation_shows_definition_versions_and_method_sheet(client):
    accepted_value(target_of(factories.IndicatorFactory(code="EPA-01", method_source="Cahier du groupe")), 5)
    factories.IndicatorFactory(code="EPA-01", version=2)

    page = text(client.get("/en/resultats/EPA-01/calcul/"))

    assert "versions 2, 1" in page
    assert "What is counted." in page


@pytest.mark.parametrize(
    "address",
    ["/resultats/XXX-01/calcul/", "/resultats/EPA-01/calcul/?annee=x", "/resultats/EPA-01/calcul/?partenaire=personne",
     "/resultats/EPA-01/calcul/?partenaire=afa", "/resultats/EPA-01/calcul/?partenaire=secret"],
)  # fmt: skip
def test_nothing_to_explain_is_not_found(client, address):
    indicator = factories.IndicatorFactory(code="EPA-01")
    PartnerFactory(slug="afa")
    target_of(indicator, project__partner__slug="secret", project__partner__is_published=False)

    assert client.get(address).status_code == 404


def test_a_draft_of_an_indicator_is_not_explained(client):
    factories.IndicatorFactory(code="EPA-77", status="draft", published_on=None)

    assert client.get("/resultats/EPA-77/calcul/").status_code == 404


# Spending


def spend(project, usd="250.00", **fields):
    version = accepted_version(project)
    return factories.SpendingLineFactory(version=version, amount=Decimal(usd), **fields)


def test_spending_by_area_line_and_organisation(client):
    line = factories.BudgetLineFactory(area="children", label="Cantine")
    version = accepted_version(line.project)
    for _each in range(3):
        factories.SpendingLineFactory(
            version=version, budget_line=line, amount=Decimal(1000), currency="CDF", rate=Decimal(2750),
            rate_on=date(2025, 1, 5), rate_source="BCC", amount_usd=Decimal("0.36"),
        )  # fmt: skip
    factories.SpendingLineFactory(version=version, amount=Decimal("-181.82"))

    page = text(client.get("/en/depenses/"))

    assert "2025: -180.74 USD" in page.replace("\u2212", "-").replace("\u00a0", " ")
    assert "3,000 CDF1.08 USD" in page.replace("\u00a0", " ")
    assert "Not attributed to an area" in page
    assert "Outside the budget" in page
    assert "3 expenses have such a rate." in page


def test_no_spending_is_said_with_its_coverage(client):
    quarter_period(factories.ProjectFactory())

    assert "No spending is accepted for this choice" in text(client.get("/en/depenses/"))


# The same figures everywhere


def test_page_pdf_and_csv_show_the_same_figures(client):
    partner = full_partner(2, slug="afa")
    for value in ("1234.5", "0", "981.53"):
        target = factories.TargetFactory(
            project=partner.projects.first(), indicator=factories.IndicatorFactory(unit="USD", calculation="latest")
        )
        accepted_value(target, value, 3)

    with override("fr"):
        facts = read_partner(partner)
    page, paper = text(client.get("/partenaires/afa/")), text_of(client.get("/partenaires/afa/fiche.pdf").content)
    data = rows_of(client.get("/donnees/resultats.csv"))
    spent = rows_of(client.get("/donnees/depenses.csv"))

    rows = [row for project in facts.projects for target in project.targets for row in target.rows]
    assert [row["value"] for row in data] == [plain_digits(row.value) for row in rows]
    for row in rows:
        assert row.words in page
        assert "".join(row.words.split()) in paper
    assert sum(Decimal(row["amount_usd"]) for row in spent) == facts.spending.spent_usd.amount
    assert network_spending(**YEAR).usd == facts.spending.spent_usd


def test_csv_says_reported_no_data_not_applicable_missing_and_not_due(client):
    target = target_of(factories.PercentageFactory())
    value = accepted_value(target, (9, 10), 1)
    accepted_value(target, None, 2)
    accepted_value(target, None, 3, state="not_applicable", comment="Vacances")
    quarter_period(target.project, 4)
    quarter_period(target.project, 4, 2098)

    data = rows_of(client.get("/donnees/resultats.csv"))

    assert [row["state"] for row in data] == ["reported", "no_data", "not_applicable", "missing", "not_due"]
    assert (data[0]["value"], data[0]["numerator"], data[0]["denominator"]) == ("90", "9", "10")
    assert (data[0]["period_end"], data[0]["sha256"]) == ("2025-03-28", value.version.sha256)
    assert date.fromisoformat(data[0]["accepted_on"])


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_becomes_a_formula(client, start):
    partner = PartnerFactory(name=f"{start}cmd|' /C calc'!A0")
    spend(factories.ProjectFactory(partner=partner), usd="-5.00")

    (row,) = rows_of(client.get("/donnees/depenses.csv"))

    assert row["partner_name"].startswith("'")
    assert row["amount_usd"] == "-5.00"


def test_open_data_is_plain_utf8_and_cacheable(client):
    PartnerFactory()

    response = client.get("/donnees/resultats.csv")

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Cache-Control"] == "public, max-age=0, s-maxage=60"
    assert not b"".join(response.streaming_content).startswith(b"\xef\xbb\xbf")


def test_open_data_of_both_languages_are_one(client):
    full_partner(1, slug="afa")

    french = b"".join(client.get("/donnees/resultats.csv").streaming_content)

    assert b"".join(client.get("/en/donnees/resultats.csv").streaming_content) == french


# Weight


def many_indicators(count=8, partners=8):
    """A page full of indicators, each of many partners, with breakdowns."""
    cells = {"sex.age": {"F.18-24": "20", "F.25-59": "20", "M.25-59": "20"}, "work": {"digger": "40", "washer": "20"}}
    projects = [factories.ProjectFactory(partner__name=f"Organisation du Lualaba {n}") for n in range(partners)]
    for number in range(count):
        indicator = factories.IndicatorFactory(
            code=f"EPA-{number:02d}", definition_fr="Ce qui est compté, et comment. " * 6
        )
        for project in projects:
            accepted_value(factories.TargetFactory(project=project, indicator=indicator), 60, cells=cells)
    return projects


def test_full_pages_are_light(client):
    for project in many_indicators():
        line = factories.BudgetLineFactory(project=project, label=f"Ligne {project.pk}")
        spend(project, budget_line=line)

    sizes = {
        path: len(gzip.compress(client.get(path).content, 6))
        for path in ("/resultats/", "/depenses/", "/resultats/EPA-01/calcul/")
    }

    assert {path: size for path, size in sizes.items() if size > 24_000} == {}  # with the style, 30 kB


def test_calculation_asks_the_database_nothing_in_its_template(django_assert_num_queries):
    two_partners()
    response = unrendered("/resultats/EPA-01/calcul/")

    with django_assert_num_queries(0):
        response.render()


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("query", "queries"), [("", 7), ("?partenaire=afa", 14)])
def test_calculation_query_count(client, rows, query, queries, django_assert_num_queries):
    indicator = factories.IndicatorFactory(code="EPA-01")
    for number in range(rows):
        target = target_of(indicator, project__partner__slug="afa" if number == 0 else f"autre-{number}")
        for quarter in range(1, rows + 1):
            accepted_value(target, 60, quarter)
    assert Indicator.objects.count() == 1

    with django_assert_num_queries(queries):
        client.get(f"/resultats/EPA-01/calcul/{query}")
