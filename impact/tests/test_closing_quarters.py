"""A quarter: the matrix of its reports, closing it and closing it again, the workbook of what counted."""

import io
from datetime import date, timedelta
from decimal import Decimal

import openpyxl
import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from ace_partners.core.canonical import sha256_of
from ace_partners.core.errors import NotAllowed, Stale
from ace_partners.core.models import AuditEvent
from ace_partners.core.rights import Role
from ace_partners.core.sheets import XLSX_TYPE
from ace_partners.core.tests.factories import UserFactory
from impact import actions, rules
from impact.actions.quarters import content_of
from impact.figures.closing import read_closing
from impact.figures.quarters import count_quarter, exceptions_first, matrix_row, reports_of, standing_of_quarter
from impact.models import IndicatorValue, QuarterClose, Report, ReportStatus
from impact.quarters import Quarter
from impact.tests import factories
from impact.tests.factories_closing import QuarterCloseFactory, accepted
from impact.workbook import closing as closing_workbook
from partners.tests.factories import GrantFactory, MembershipFactory

pytestmark = pytest.mark.django_db
T1 = Quarter(2025, 1)


@pytest.fixture
def officer():
    return UserFactory(roles=[Role.ME_OFFICER], language="en", name="Odile Officier")


def close(by, *, quarter=T1, seen=0, note=""):
    return actions.close_quarter(quarter, by=by, seen=seen, note=note)


# --- the quarter itself -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "quarter", "first", "last"),
    [
        (date(2025, 1, 1), Quarter(2025, 1), date(2025, 1, 1), date(2025, 3, 31)),
        (date(2024, 2, 29), Quarter(2024, 1), date(2024, 1, 1), date(2024, 3, 31)),
        (date(2025, 6, 30), Quarter(2025, 2), date(2025, 4, 1), date(2025, 6, 30)),
        (date(2025, 12, 31), Quarter(2025, 4), date(2025, 10, 1), date(2025, 12, 31)),
    ],
)
def test_a_day_lies_in_its_quarter(day, quarter, first, last):
    assert Quarter.of(day) == quarter
    assert (quarter.starts_on, quarter.ends_on) == (first, last)


@pytest.mark.parametrize(("year", "number"), [(2025, 0), (2025, 5), (1, 1), (9999, 1)])
def test_no_such_quarter(year, number):
    with pytest.raises(ValueError, match="no such quarter"):
        Quarter(year, number)


# --- the matrix -------------------------------------------------------------------------------------------------


def test_a_report_belongs_to_the_quarter_in_which_its_period_ends():
    inside = factories.ReportFactory()  # T1 2025
    factories.ReportFactory(
        period__starts_on=date(2025, 1, 1), period__ends_on=date(2025, 4, 1), period__due_on=date(2025, 5, 1)
    )

    assert list(reports_of(T1)) == [inside]


def test_exceptions_come_first():
    names = ["accepted", "waived", "with_ace", "reopened", "late", "in_time"]
    rows = {name: factories.ReportFactory() for name in names}
    now = timezone.now()
    for name in ("accepted", "reopened"):
        factories.AcceptanceFactory(version=factories.ReportVersionFactory(report=rows[name]))
    two = {"waiver_proposed_by": UserFactory(), "waiver_approved_by": UserFactory(), "waived_reason": "x"}
    _set(rows["waived"], status="waived", **two)
    _set(rows["with_ace"], status="submitted", first_submitted_at=now, last_submitted_at=now)
    _set(rows["reopened"], status="open")
    _set(rows["in_time"], extended_until=timezone.localdate() + timedelta(days=9), extension_reason="x")

    ordered = [row.pk for row in exceptions_first(reports_of(T1))]

    places = [next(name for name in names if rows[name].pk == pk) for pk in ordered]
    assert places[0] == "late"
    assert set(places[1:3]) == {"reopened", "in_time"}
    assert places[3:] == ["with_ace", "accepted", "waived"]


def _set(report, **values):
    Report.objects.filter(pk=report.pk).update(**values)


def test_a_row_says_what_is_missing(report, target):
    factories.DraftValueFactory(report=report, target=target)
    row = matrix_row(exceptions_first(reports_of(T1)).get(pk=report.pk))
    assert row.missing == ("not sent; 1 of 1 indicators filled in",)
    assert (row.version, row.days_late > 0) == (None, True)

    version = factories.ReportVersionFactory(report=report)
    IndicatorValue.objects.create(version=version, target=target, state="no_data", comment="Pas mesuré.")
    factories.AcceptanceFactory(version=version)
    row = matrix_row(exceptions_first(reports_of(T1)).get(pk=report.pk))
    assert (row.version, row.missing) == (1, ("1 indicator without data",))


def test_counts_of_a_quarter():
    factories.ReportFactory()
    accepted()
    factories.AcceptanceFactory(version=factories.ReportVersionFactory(report=factories.ReportFactory()))
    sent = factories.ReportFactory()
    _set(sent, status="in_review", first_submitted_at=timezone.now())

    counts = count_quarter(reports_of(T1))

    assert (counts.expected, counts.accepted, counts.at_ace, counts.not_in, counts.late) == (4, 2, 1, 1, 1)


@pytest.mark.parametrize("rows", [1, 3])
def test_matrix_query_count(rows, officer, login, django_assert_num_queries):
    for _row in range(rows):
        factories.ReportFactory()
        accepted()
    client = login(officer)
    client.get(reverse("impact:quarter", args=[2025, 1]))

    with django_assert_num_queries(8):
        client.get(reverse("impact:quarter", args=[2025, 1]))


@pytest.mark.parametrize("rows", [1, 3])
def test_list_query_count(rows, officer, login, django_assert_num_queries):
    project = factories.ProjectFactory()
    for _row in range(rows):
        period = factories.PeriodFactory(project=project)
        factories.ReportFactory(period=period)
        QuarterCloseFactory(year=2025, quarter=period.number)
    client = login(officer)
    client.get(reverse("impact:quarter_list"))

    with django_assert_num_queries(7):
        client.get(reverse("impact:quarter_list"))


@pytest.mark.parametrize(
    ("state", "expected"), [("late", 1), ("missing", 1), ("accepted", 1), ("with_ace", 0), ("waived", 0), ("", 2)]
)
def test_the_matrix_is_narrowed_by_state(officer, login, state, expected):
    factories.ReportFactory()
    accepted()

    page = login(officer).get(reverse("impact:quarter", args=[2025, 1]), {"statut": state})

    assert len(page.context["rows"]) == expected


def test_an_auditor_reads_the_organisations_of_the_grant_only(login):
    report, _other = factories.ReportFactory(), factories.ReportFactory()
    auditor = UserFactory(roles=[Role.AUDITOR])
    GrantFactory(user=auditor, partner=report.partner)
    QuarterCloseFactory()

    page = login(auditor).get(reverse("impact:quarter", args=[2025, 1]))

    assert [row.report for row in page.context["rows"]] == [report]
    assert page.context["closings"] == []


@pytest.mark.parametrize("address", ["2025-0", "2025-5", "9999-1"])
def test_an_address_of_no_quarter_is_not_found(officer, login, address):
    assert login(officer).get(f"/equipe/trimestres/{address}/").status_code == 404


# --- closing ----------------------------------------------------------------------------------------------------


def test_a_closing_names_what_counts_and_what_is_missing(officer):
    counted, missing = accepted(), factories.ReportFactory()

    closing = close(officer, note="Deux partenaires en retard.")

    assert (closing.versions, closing.missing, closing.number) == ([counted.accepted_version_id], [missing.pk], 1)
    event = AuditEvent.objects.get(action="quarter.closed")
    assert (event.chain, event.actor) == ("network", officer)
    assert event.after == {"quarter": "T1 2025", "number": 1, "counted": 1, "missing": 1, "sha256": closing.sha256}


def test_the_hash_can_be_proved_again_from_the_rows(officer):
    accepted()
    factories.ReportFactory()
    closing = close(officer, note="n")

    proved = content_of(T1, closing.number, closing.versions, closing.missing, closing.note)

    assert sha256_of(proved) == closing.sha256
    assert sha256_of(content_of(T1, closing.number, closing.versions, [], closing.note)) != closing.sha256


def test_a_waived_report_is_neither_counted_nor_missing(officer):
    accepted()
    two = {"waiver_proposed_by": UserFactory(), "waiver_approved_by": UserFactory(), "waived_reason": "x"}
    _set(factories.ReportFactory(), status="waived", **two)

    assert standing_of_quarter(T1)[1] == []


def test_a_reopened_report_counts_with_its_accepted_version(officer):
    report = accepted()
    _set(report, status="open")

    assert standing_of_quarter(T1) == ([report.accepted_version_id], [])


def test_a_quarter_that_is_not_over_cannot_be_closed(officer):
    with time_machine.travel(date(2025, 3, 31), tick=False):
        accepted()
        with pytest.raises(NotAllowed, match="can be closed from the day after"):
            close(officer)
    with time_machine.travel(date(2025, 4, 1), tick=False):
        assert close(officer).number == 1


def test_an_empty_quarter_is_not_closed(officer):
    with pytest.raises(NotAllowed, match="nothing to close"):
        close(officer)


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.ME_OFFICER, True),
        (Role.APPROVER, True),
        (Role.REVIEWER, False),
        (Role.ADMIN, False),
        (Role.AUDITOR, False),
    ],
)
def test_who_closes(role, may):
    assert (rules.against_closing_at_all(T1, UserFactory(roles=[role])) == []) is may


def test_it_is_closed_again_only_when_something_changed(officer):
    accepted()
    late = factories.ReportFactory()
    first = close(officer)
    with pytest.raises(NotAllowed, match="Nothing has changed"):
        close(officer, seen=1)

    factories.AcceptanceFactory(version=factories.ReportVersionFactory(report=late))
    second = close(officer, seen=1)

    assert (second.number, second.missing, len(second.versions)) == (2, [], 2)
    assert QuarterClose.objects.get(pk=first.pk).missing == [late.pk]


def test_two_people_close_at_once_and_the_second_is_told(officer):
    accepted()
    close(officer)

    with pytest.raises(Stale):
        close(UserFactory(roles=[Role.APPROVER]), seen=0)


def test_what_was_closed_is_what_is_read_whatever_comes_later(officer, report, target):
    factories.AcceptanceFactory(
        version=factories.IndicatorValueFactory(
            version=factories.ReportVersionFactory(report=report), target=target, value=Decimal(80)
        ).version
    )
    missing = factories.ReportFactory()
    closing = close(officer)
    before = read_closing(closing)
    again = factories.IndicatorValueFactory(
        version=factories.ReportVersionFactory(report=report, number=2), target=target, value=Decimal(5)
    )
    factories.AcceptanceFactory(version=again.version)
    factories.AcceptanceFactory(version=factories.ReportVersionFactory(report=missing))

    after = read_closing(closing)

    assert [value.value for value in after.reports[0].values] == [Decimal(80)]
    assert [(row.report, row.words) for row in after.missing] == [(missing.reference, "not sent, late")]
    assert (after.expected, after.reports[0].version) == (before.expected, 1)


def test_a_missing_report_that_had_been_sent_is_said_so(officer):
    sent = factories.ReportFactory()
    moment = timezone.now() - timedelta(days=2)
    factories.ReportVersionFactory(report=sent, submitted_at=moment)
    _set(sent, status="submitted", first_submitted_at=moment, last_submitted_at=moment)

    facts = read_closing(close(officer))

    assert [(row.words, row.sent_at) for row in facts.missing] == [("sent, not accepted yet", moment)]


def test_the_pages_close_and_show_by_name(officer, login):
    counted, missing = accepted(), factories.ReportFactory()
    client = login(officer)
    url = reverse("impact:quarter_close", args=[2025, 1])
    assert url in client.get(reverse("impact:quarter", args=[2025, 1])).content.decode()

    answer = client.post(url, {"seen": 0, "note": "Fait."})

    page = client.get(answer["Location"]).content.decode()
    assert missing.partner.name in page
    assert counted.partner.name in page
    assert page.index(missing.partner.name) < page.index(counted.partner.name)
    assert "1 of 2 reports counted, 1 missing" in page
    assert "Nothing has changed" in client.get(url).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_closing_page_query_count(rows, officer, login, django_assert_num_queries):
    for _row in range(rows):
        _full_report()
        factories.ReportFactory()
    close(officer)
    client, url = login(officer), reverse("impact:closing", args=[2025, 1, 1])
    client.get(url)

    with django_assert_num_queries(12):
        client.get(url)


def _full_report():
    report = factories.ReportFactory()
    version = factories.ReportVersionFactory(report=report)
    target = factories.TargetFactory(project=report.project)
    factories.IndicatorValueFactory(version=version, target=target, cells={"sex": {"F": "7"}})
    factories.SpendingLineFactory(version=version, budget_line=factories.BudgetLineFactory(project=report.project))
    factories.AcceptanceFactory(version=version)
    return report


# --- the workbook -----------------------------------------------------------------------------------------------


@pytest.fixture
def closed(officer, report, target):
    """One accepted report with a zero, an absence, a reason and a fraction; one that is missing."""
    version = factories.ReportVersionFactory(report=report)
    project = report.project
    factories.IndicatorValueFactory(
        version=version, target=target, value=Decimal(0), period_target=Decimal(100), comment="=2+5"
    )
    for code, state in (("AAA-01", "no_data"), ("AAA-02", "not_applicable")):
        indicator = factories.IndicatorFactory(code=code)
        IndicatorValue.objects.create(
            version=version,
            target=factories.TargetFactory(project=project, indicator=indicator),
            state=state,
            comment="@pas mesuré",
        )
    share = factories.TargetFactory(project=project, indicator=factories.PercentageFactory(code="AAA-03"))
    factories.IndicatorValueFactory(
        version=version,
        target=share,
        value=None,
        numerator=Decimal(45),
        denominator=Decimal(60),
        cells={"sex": {"F": ["45", "50"], "NS": ["0", "10"]}},
    )
    factories.SpendingLineFactory(
        version=version,
        budget_line=project.budget_lines.get(),
        label="+243 appels",
        amount=Decimal("12500000"),
        currency="CDF",
        rate=Decimal(2750),
        rate_on=date(2025, 1, 10),
        rate_source="-BCC",
        amount_usd=Decimal("4545.45"),
    )
    factories.AcceptanceFactory(version=version)
    factories.ReportFactory(project__title="x", period__label="=cmd|'/c calc'!A1")
    return close(officer, note="@note")


def sheets_of(content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: sheet for sheet in book.worksheets}


def rows_of(sheet):
    heading, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(heading, row, strict=True)) for row in rows]


def test_zero_missing_and_not_applicable_are_three_things(closed):
    sheets = sheets_of(closing_workbook.build(read_closing(closed)))

    assert list(sheets) == ["Read me", "Results", "Breakdown", "Expenses", "Missing"]
    rows = {row["Code"]: row for row in rows_of(sheets["Results"])}
    shown = {code: (row["Value"], row["State"]) for code, row in rows.items()}
    zero = next(code for code in rows if code.startswith("EPA"))
    assert shown[zero] == (0, "reported")
    assert rows[zero]["Target of the period"] == 100
    assert shown["AAA-01"] == (None, "no data")
    assert shown["AAA-02"] == (None, "not applicable")
    assert (rows["AAA-03"]["Numerator"], rows["AAA-03"]["Denominator"]) == (45, 60)


def test_cells_expenses_and_missing_reports_have_their_rows(closed):
    facts = read_closing(closed)
    sheets = sheets_of(closing_workbook.build(facts))

    cells = rows_of(sheets["Breakdown"])
    assert [(row["Category code"], row["Numerator"], row["Denominator"]) for row in cells] == [
        ("F", 45, 50),
        ("NS", 0, 10),
    ]
    (line,) = rows_of(sheets["Expenses"])
    assert (line["Amount"], line["Currency"], line["CDF for 1 USD"], line["In USD"]) == (12500000, "CDF", 2750, 4545.45)
    assert line["Date of the rate"].date() == date(2025, 1, 10)
    (missing,) = rows_of(sheets["Missing"])
    assert (missing["Report"], missing["State"]) == (facts.missing[0].report, "not sent, late")
    said = " ".join(str(cell) for (cell,) in sheets["Read me"].iter_rows(values_only=True))
    assert closed.sha256 in said
    assert "Odile Officier" in said
    assert facts.missing[0].partner in said


def test_no_text_is_a_formula_or_a_link(closed):
    sheets = sheets_of(closing_workbook.build(read_closing(closed)))

    cells = [cell for sheet in sheets.values() for row in sheet.iter_rows() for cell in row]
    texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "inlineStr"}
    assert "=2+5" in texts
    assert "=cmd|'/c calc'!A1" in texts
    assert [cell for cell in cells if cell.hyperlink] == []


def test_the_file_is_given_under_its_quarter_and_number(closed, officer, login):
    answer = login(officer).get(reverse("impact:closing_workbook", args=[2025, 1, 1]))

    assert answer["Content-Type"] == XLSX_TYPE
    assert 'filename="ace-2025-T1-cloture-1.xlsx"' in answer["Content-Disposition"]
    assert answer.content[:2] == b"PK"


def test_a_report_accepted_after_the_closing_is_not_in_its_workbook(closed, officer, login):
    late = Report.objects.exclude(status=ReportStatus.ACCEPTED).get()
    factories.AcceptanceFactory(version=_value(late).version)

    content = login(officer).get(reverse("impact:closing_workbook", args=[2025, 1, 1])).content

    assert {row["Report"] for row in rows_of(sheets_of(content)["Results"])}.isdisjoint({late.reference})
    assert [row["Report"] for row in rows_of(sheets_of(content)["Missing"])] == [late.reference]


def _value(report):
    return factories.IndicatorValueFactory(version=factories.ReportVersionFactory(report=report))


def test_members_do_not_reach_a_quarter(closed, login):
    member = MembershipFactory(role=Role.SIGNATORY).user

    for name, args in (("quarter", [2025, 1]), ("closing", [2025, 1, 1]), ("closing_workbook", [2025, 1, 1])):
        assert login(member).get(reverse(f"impact:{name}", args=args)).status_code == 404
