"""The annual report of the network: who establishes it, when, and what it rests on."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from impact.actions import papers
from impact.canonical import sha256_of_facts
from impact.figures.annual import read_annual
from impact.models import Paper, PaperKind
from impact.rules.papers import against_annual_report
from impact.tests import factories
from impact.tests.factories_papers import accept, add_value, children
from partners.models import Partner

pytestmark = pytest.mark.django_db

ADDRESS = "/equipe/rapports-annuels/"


@pytest.fixture
def printed(monkeypatch):
    facts_seen = []

    def lay_out(facts):
        facts_seen.append(facts)
        return b"%%PDF-1.7 %d\n%%%%EOF\n" % len(facts_seen)

    monkeypatch.setattr(papers, "annual_paper", lay_out)
    return facts_seen


@pytest.fixture
def year_with_a_report(report, target):
    """2025: one accepted report, one that never came."""
    factories.ReportFactory(period=factories.PeriodFactory(project=report.project))
    version = accept(report)
    add_value(version, target, 80)
    factories.SpendingLineFactory(version=version, budget_line=report.project.budget_lines.get())
    return version


def test_only_the_direction_and_only_once_the_year_is_over(approver, me_officer):
    today = date(2026, 1, 1)

    assert against_annual_report(2025, approver, (2025, 2026), today) == []
    assert len(against_annual_report(2026, approver, (2025, 2026), today)) == 1
    assert len(against_annual_report(2024, approver, (2025, 2026), today)) == 1
    assert len(against_annual_report(2025, me_officer, (2025,), today)) == 1


def test_the_facts_name_the_versions_and_what_is_missing(year_with_a_report):
    version = year_with_a_report

    facts = read_annual(2025, 1)

    [partner] = facts.partners
    assert [(row.reference, row.version) for row in partner.reports] == [(version.report.reference, 1)]
    assert [(row.period, row.is_sent) for row in facts.missing] == [("T2 2025", False)]
    assert (facts.punctuality.asked, facts.punctuality.silent, facts.accepted) == (2, 1, 1)
    [area] = facts.areas
    assert area.results[0].total.gross == 80
    assert str(area.results[0].total.periods) == "1/2"
    assert facts.spending.usd.amount == Decimal("250.00")


def test_small_numbers_of_children_and_organisations_not_published_stay_out(report, target):
    target.delete()
    version = accept(report)
    add_value(version, children(report.project), 3)

    assert read_annual(2025, 1).areas[0].results[0].total.words == "withheld"
    Partner.objects.update(is_published=False)
    hidden = read_annual(2025, 1)
    assert (hidden.areas, hidden.partners, hidden.missing) == ((), (), ())


def test_the_direction_establishes_one_edition_after_another_and_older_ones_stay(
    year_with_a_report, printed, login, approver, django_capture_on_commit_callbacks
):
    client = login(approver)
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(ADDRESS, {"year": "2025", "seen": "0"})
    assert response.status_code == 302
    with django_capture_on_commit_callbacks(execute=True):
        client.post(ADDRESS, {"year": "2025", "seen": "1"})

    first, second = Paper.objects.filter(kind=PaperKind.YEAR).order_by("number")
    assert (first.number, second.number, len(printed)) == (1, 2, 2)
    assert first.facts_sha256 == sha256_of_facts(printed[0])
    newest = login().get("/donnees/rapport-annuel-2025.pdf")
    older = login().get("/donnees/rapport-annuel-2025-1.pdf")
    assert (newest.content, older.content) == (b"%PDF-1.7 2\n%%EOF\n", b"%PDF-1.7 1\n%%EOF\n")


def test_two_who_ask_from_the_same_page_get_one_edition(
    year_with_a_report, printed, login, approver, django_capture_on_commit_callbacks
):
    for _each in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            response = login(approver).post(ADDRESS, {"year": "2025", "seen": "0"})

    assert response.status_code == 409
    assert Paper.objects.get().number == 1


def test_others_and_other_years_are_refused_with_the_reasons(year_with_a_report, login, me_officer, approver):
    refused = login(me_officer).post(ADDRESS, {"year": "2025", "seen": "0"})
    too_early = login(approver).post(ADDRESS, {"year": str(timezone.localdate().year), "seen": "0"})

    assert (refused.status_code, too_early.status_code) == (403, 403)
    assert "Only the direction" in refused.content.decode()
    assert "not over yet" in too_early.content.decode()
    assert not Paper.objects.exists()


def test_a_year_without_a_report_has_no_document(login):
    assert login().get("/donnees/rapport-annuel-2025.pdf").status_code == 404
    assert login().get("/donnees/rapport-annuel-2025-7.pdf").status_code == 404


def test_a_layout_that_fails_says_so_in_the_log_and_can_be_asked_for_again(
    year_with_a_report, monkeypatch, login, approver, caplog, django_capture_on_commit_callbacks
):
    def broken(facts):
        raise ValueError("no font")

    monkeypatch.setattr(papers, "annual_paper", broken)
    with django_capture_on_commit_callbacks(execute=True):
        response = login(approver).post(ADDRESS, {"year": "2025", "seen": "0"})

    assert response.status_code == 302
    assert "annual report 2025 was not built" in caplog.text
    assert b"Establish the annual report" in login(approver).get(ADDRESS).content


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count(report, login, approver, rows, django_assert_num_queries):
    for _each in range(rows):
        accept(factories.ReportFactory(period=factories.PeriodFactory(project=report.project)))
    client = login(approver)

    with django_assert_num_queries(6):
        client.get(ADDRESS)
    with django_assert_num_queries(12):
        read_annual(2025, 1)
