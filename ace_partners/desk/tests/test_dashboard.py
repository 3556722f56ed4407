"""ACE's dashboard: who sees it, what its filters do, that each table and its file are the same, and what it costs."""

import csv
import re
from datetime import timedelta
from decimal import Decimal
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.utils import timezone

from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import UserFactory
from ace_partners.desk.figures.pipeline import pipeline
from impact.figures.scope import Scope
from impact.models import ProjectPlace
from impact.tests.factories import (
    BudgetLineFactory,
    IndicatorFactory,
    PeriodFactory,
    ProjectAreaFactory,
    ProjectFactory,
    ReportFactory,
)
from impact.tests.factories_dashboards import accepted_report, reached, spent
from partners.models import Partner
from partners.tests.factories import (
    DocumentFactory,
    DocumentTypeFactory,
    MembershipFactory,
    PartnerFactory,
    PlaceFactory,
)
from vetting.models import Dossier, DossierStatus, Stage
from vetting.tests.factories import DossierFactory

PAGE = "/equipe/tableau/"
YEAR = PAGE + "?annee=2025"
SHEETS = ["resultats", "cibles", "cibles-liste", "depenses", "depenses-lignes", "ponctualite", "dossiers", "documents"]


def make_network(name, indicator, *, value=120):
    """One organisation with a target, a budget line over 110 %, a silent report, a dossier and a document that ends soon."""
    partner = PartnerFactory(name=name)
    target = reached(indicator, value, partner=partner)
    project = target.project
    line = BudgetLineFactory(project=project, amount=Decimal(100), area="savings")
    spent(project.reports.get().accepted_version, line, "150")
    ReportFactory(period=PeriodFactory(project=project))
    dossier = DossierFactory(partner=partner, status=DossierStatus.SUBMITTED)
    Stage.objects.create(dossier=dossier, status="submitted", entered_at=timezone.now() - timedelta(days=4))
    DocumentFactory(partner=partner, type=ending_type(), expires_on=timezone.localdate() + timedelta(days=20))
    return partner


def ending_type():
    return DocumentTypeFactory(validity="printed_expiry")


@pytest.fixture
def indicator(db):
    return IndicatorFactory(code="EPA-01", name_en="Savings groups", name_fr="Groupes")


@pytest.fixture
def network(indicator):
    return make_network("Maison Tumaini", indicator)


@pytest.fixture
def client(me_officer, login):
    return login(me_officer)


def section(response, key):
    return next(found for found, _series, _tables in response.context["sections"] if found.key == key)


def lines(response, key):
    """The words of a table as the page shows it, its foot included."""
    tables = [pair for _section, _series, tables in response.context["sections"] for pair in tables]
    sheet, page = next(pair for pair in tables if pair[0].key == key)
    shown = [*page, sheet.foot] if sheet.foot else list(page)
    return [[cell.words for cell in row.cells] for row in shown]


def export(client, key, query="annee=2025"):
    return list(csv.reader(StringIO(client.get(f"{PAGE}?{query}&export={key}").content.decode("utf-8-sig"))))


# --- who ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ME_OFFICER, Role.APPROVER])
def test_case_roles_see_it(role, login, db):
    assert login(UserFactory(roles=[role])).get(PAGE).status_code == 200


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR])
def test_nobody_else_does(role, login, db):
    client = login(UserFactory(roles=[role]))

    assert [client.get(address).status_code for address in (PAGE, f"{PAGE}?export=cibles")] == [404, 404]


def test_who_belongs_to_an_organisation_does_not_read_it_as_ace(network, me_officer, client):
    MembershipFactory(partner=network, user=me_officer)

    assert section(client.get(YEAR), "ponctualite").empty
    assert export(client, "cibles-liste")[1:] == []


def test_it_is_one_link_away_from_the_work_list(client, db):
    assert 'href="/equipe/tableau/"' in client.get("/equipe/").content.decode()


# --- what --------------------------------------------------------------------------------------------------------


def test_targets_are_spread_by_area_and_status(network, indicator, client):
    reached(indicator, None)
    reached(IndicatorFactory(code="MIN-01", area="mine_sites"), 100)

    response = client.get(YEAR)

    # T2 2025 of the first organisation was due and nothing came: 120 % does not make it green.
    assert lines(response, "cibles") == [
        ["All together", "1", "1", "1", "3"],
        ["Mine-site improvement", "0", "0", "1", "1"],
        ["Household savings", "1", "1", "0", "2"],
    ]
    assert section(response, "cibles").coverage == "2/4 expected values accepted"
    assert [row[-2:] for row in lines(response, "cibles-liste")] == [
        *(["no data", "0/1"], ["data missing", "1/2"], ["on track", "1/1"])
    ]


def test_results_have_gross_net_and_coverage(network, indicator, client):
    reached(indicator, 30)

    assert lines(client.get(YEAR), "resultats") == [
        ["EPA-01 Savings groups", "Household savings", "groups", "150", "150", "—", "2/2", "2/3", "—"]
    ]


def test_spending_is_compared_with_the_budget(network, client):
    response = client.get(YEAR)

    assert lines(response, "depenses")[0] == ["Household savings", "100.00", "—", "150.00", "150.00", "150.0%"]
    assert lines(response, "depenses-lignes")[0][-1] == "over 110 per cent of the line"
    assert section(response, "depenses").coverage == "1/2 expected reports accepted"


def test_reports_are_counted_by_organisation_the_worst_first(network, client):
    accepted_report(PeriodFactory(project__partner__name="Exacte"))

    assert lines(client.get(YEAR), "ponctualite") == [
        ["Maison Tumaini", "2", "1", "1", "50.0%", "50.0%"],
        ["Exacte", "1", "1", "1", "100.0%", "100.0%"],
        ["Network", "3", "2", "2", "66.7%", "66.7%"],
    ]


def test_dossiers_by_state_with_the_days_they_lie_there(network, reviewer, client):
    for days in (1, 9):
        dossier = DossierFactory(status=DossierStatus.SUBMITTED)
        Stage.objects.create(dossier=dossier, status="submitted", entered_at=timezone.now() - timedelta(days=days))
    DossierFactory(status=DossierStatus.IN_REVIEW)  # from before the days were kept

    response = client.get(YEAR)

    rows = {row[0]: row[1:] for row in lines(response, "dossiers")}
    assert rows["Submitted"] == ["3", "4", "—"]
    assert rows["In review"] == ["1", "—", "—"]
    assert section(response, "dossiers").coverage == "3/4 open dossiers with known days"


def test_decided_dossiers_belong_to_the_span_they_ended_in(reviewer, db):
    now = timezone.now()
    dossier = DossierFactory(status=DossierStatus.DECIDED)
    for status, days in (("collecting", 30), ("submitted", 20), ("in_review", 18), ("proposed", 12), ("decided", 10)):
        Stage.objects.create(dossier=dossier, status=status, entered_at=now - timedelta(days=days))
    today = timezone.localdate()

    def states(start, end):
        found = pipeline(reviewer, Scope(Partner.objects.all(), start, end), now)
        return {state.code: (state.count, state.usual) for state in found.states}

    recent = states(today - timedelta(days=11), today)
    assert recent["decided"] == (1, None)
    assert (recent["collecting"], recent["in_review"]) == ((0, Decimal("10.0")), (0, Decimal("6.0")))
    before = states(today - timedelta(days=90), today - timedelta(days=20))
    assert (before["decided"], before["collecting"]) == ((0, None), (0, None))


def test_documents_in_bands_of_7_30_and_90_days(client, db):
    kind, today = ending_type(), timezone.localdate()
    for days in (-1, 0, 7, 8, 30, 31, 90, 91):
        DocumentFactory(type=kind, expires_on=today + timedelta(days=days))
    DocumentFactory(type=DocumentTypeFactory(validity="until_changed"))

    found = section(client.get(PAGE), "documents")

    assert [(point.label, point.value) for point in found.charts[0].points] == [
        *(("no longer count", 1), ("end within 7 days", 2), ("end in 8 to 30 days", 2), ("end in 31 to 90 days", 2))
    ]
    assert found.coverage == "8/9 current documents have a last day"
    assert [cell.value for cell in (row.cells[-1] for row in found.sheets[0].lines)] == [-1, 0, 7, 8, 30, 31, 90]


def test_documents_of_those_who_left_are_left_out(client, db):
    DocumentFactory(type=ending_type(), partner__status="ended", expires_on=timezone.localdate())

    assert section(client.get(PAGE), "documents").empty == "No current document ends within 90 days."


# --- filters -----------------------------------------------------------------------------------------------------


def test_it_begins_with_this_year(client, network):
    year = timezone.localdate().year

    response = client.get(PAGE)

    assert response.context["form"].chosen == str(year)
    assert f"annee={year}&amp;export=documents" in response.content.decode()


def test_filters_narrow_and_stay_in_every_link(client, network, indicator):
    town = PlaceFactory(name="Kolwezi", slug="kolwezi")
    project = Partner.objects.get(pk=network.pk).projects.get()
    ProjectPlace.objects.create(project=project, place=town)
    ProjectAreaFactory(project=project, area="savings")
    reached(indicator, 10)
    query = "annee=2025&trimestre=1&domaine=savings&lieu=kolwezi"

    response = client.get(f"{PAGE}?{query}")

    assert response.context["form"].chosen == "Q1 2025 · Household savings · Kolwezi"
    assert lines(response, "cibles-liste")[0][0] == "Maison Tumaini"
    assert len(lines(response, "cibles-liste")) == 1
    # A quarter of 2025 holds one report of this organisation, the accepted one.
    assert lines(response, "ponctualite")[0][1:4] == ["1", "1", "1"]
    for key in ("cibles-liste", "ponctualite", "classeur"):
        assert f"?{query.replace('&', '&amp;')}&amp;export={key}" in response.content.decode()
    assert [row[0] for row in export(client, "cibles-liste", query)[1:]] == ["Maison Tumaini"]


@pytest.mark.parametrize(
    "query", ["annee=mars", "annee=2025&trimestre=5", "domaine=tout", "lieu=nulle-part", "annee=&trimestre=2"]
)
def test_a_filter_nobody_knows_is_said_and_nothing_is_shown(query, client, db):
    for address in (f"{PAGE}?{query}", f"{PAGE}?{query}&export=cibles"):
        response = client.get(address)
        assert (response.status_code, "sections" in response.context) == (422, False)
        assert "error-summary" in response.content.decode()


def test_all_years_hold_every_period(client, network):
    PeriodFactory(starts_on="2023-01-01", ends_on="2023-03-31", due_on="2023-04-30")

    response = client.get(f"{PAGE}?annee=")

    assert [value for value, _label in response.context["form"].fields["annee"].choices][-1] == "2023"
    assert lines(response, "cibles-liste")[0][0] == "Maison Tumaini"


def test_nothing_to_show_says_why(client, db):
    response = client.get(YEAR)

    assert [found.empty for found, _series, _tables in response.context["sections"]] == [
        "No agreed target has a period that ends in the span.",
        "No agreed target has a period that ends in the span.",
        "No project that runs in the span has a budget line or an accepted expense.",
        "No report belongs to a period that ends in the span.",
        "No dossier is open, and none ended in the span.",
        "No current document ends within 90 days.",
    ]


def test_long_tables_have_pages_of_their_own(client, indicator):
    for n in range(11):
        reached(indicator, 50, partner=PartnerFactory(name=f"Organisation {n:02d}"))

    response = client.get(YEAR + "&page-cibles-liste=2")

    assert [row[0] for row in lines(response, "cibles-liste")] == ["Organisation 10"]
    assert len(lines(response, "ponctualite")) == 10 + 1
    assert 'href="?annee=2025&amp;page-ponctualite=2"' in response.content.decode()
    assert len(export(client, "cibles-liste")) == 1 + 11


# --- files -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", SHEETS)
def test_each_file_is_its_table(key, client, network):
    shown = lines(client.get(YEAR), key)

    head, *rows = export(client, key)

    assert len(head) == len(shown[0])
    assert [[digits(cell) for cell in row] for row in rows] == [[digits(cell) for cell in row] for row in shown]


def digits(text):
    """What page and file must share: the digits of a number, whatever its format; the words of a text in any language."""
    number = re.fullmatch(r"[-−]?[\d,.\s]+%?", text)
    if number is None:
        return "" if text in ("—", "") else "words"
    value = Decimal(text.rstrip("%").replace(",", "").replace("−", "-"))
    return value.normalize()


def test_a_workbook_holds_every_table(client, network):
    content = client.get(YEAR + "&export=classeur").content

    assert openpyxl.load_workbook(BytesIO(content)).sheetnames == SHEETS


def test_a_file_says_what_it_holds_in_its_name(client, network):
    response = client.get(f"{PAGE}?annee=2025&trimestre=1&domaine=savings&export=ponctualite")

    assert 'filename="tableau-2025-t1-savings-ponctualite.csv"' in response["Content-Disposition"]


def test_heads_of_files_are_french_whoever_asks(client, network):
    assert export(client, "depenses-lignes")[0][3] == "Ligne"


def test_a_name_that_looks_like_a_formula_stays_a_name(client, indicator):
    reached(indicator, 50, partner=PartnerFactory(name="=HYPERLINK(1)"))

    assert export(client, "cibles-liste")[1][0] == "'=HYPERLINK(1)"


@pytest.mark.parametrize("key", ["rien", "cibles-rien", "../cibles", "tout"])
def test_a_file_that_does_not_exist(key, client, network):
    assert client.get(f"{YEAR}&export={key}").status_code == 404


# --- the page ----------------------------------------------------------------------------------------------------


def test_every_table_has_a_caption_or_a_name_and_scopes(client, network):
    html = client.get(YEAR).content.decode()

    tables = re.findall(r"<table.*?</table>", html, re.DOTALL)
    assert len(tables) >= len(SHEETS)
    for table in tables:
        assert re.findall(r"<th(?![^>]*scope=)[^>]*>", table.replace("<thead>", "")) == []
    assert all("<caption>" in table for table in tables if 'id="table-' in table)


def test_headings_go_down_one_step_at_a_time(client, network):
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", client.get(YEAR).content.decode())]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in zip(levels, levels[1:], strict=False))


def test_every_chart_has_a_table_twin(client, network):
    html = client.get(YEAR).content.decode()

    figures = re.findall(r'<figure class="chart">.*?</figure>', html, re.DOTALL)
    assert len(figures) >= 6
    assert all("<svg" in figure and "<table" in figure and "<desc>" in figure for figure in figures)
    assert re.findall(r"<[^>]*\sstyle=", html) == []


def test_invented_organisations_carry_their_label(client, indicator):
    reached(indicator, 50, partner=PartnerFactory(name="Inventée", is_fictitious=True))

    assert "fictitious" in client.get(YEAR).content.decode()
    assert export(client, "cibles-liste")[1][0] == "Inventée (fictif)"


def test_it_costs_the_same_for_one_organisation_and_for_three(client, indicator, django_assert_max_num_queries):
    make_network("Une", indicator)
    with django_assert_max_num_queries(40) as one:
        client.get(YEAR)
    for name in ("Deux", "Trois"):
        make_network(name, indicator)

    with django_assert_max_num_queries(len(one)) as three:
        response = client.get(YEAR)

    assert len(lines(response, "ponctualite")) == 3 + 1
    assert len(three) == len(one)


def test_one_file_reads_its_own_section_alone(client, network, django_assert_max_num_queries):
    with django_assert_max_num_queries(15):
        client.get(YEAR + "&export=ponctualite")


def test_only_the_reports_of_the_span_are_read(client, network, django_assert_max_num_queries):
    with django_assert_max_num_queries(40) as asked:
        client.get(YEAR)

    reports = [query["sql"] for query in asked.captured_queries if 'FROM "impact_report" ' in query["sql"]]
    assert reports
    assert all("ends_on" in sql for sql in reports)


def test_dossiers_of_other_organisations_stay_where_they_are(client, network, me_officer):
    """A person with both kinds of rights loses ACE's on that organisation: its dossier is not counted either."""
    MembershipFactory(partner=network, user=me_officer)
    ProjectFactory()

    assert Dossier.objects.count() == 1
    assert section(client.get(YEAR), "dossiers").coverage == "0/0 open dossiers with known days"
