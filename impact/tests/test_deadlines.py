"""One rule of deadlines (`impact.deadlines`): every reader of it gives the same answer on one example."""

from datetime import date, timedelta

import pytest

from ace_partners.core.tests.factories import UserFactory
from impact.deadlines import Phase, is_expected, last_day_of, phase_at
from impact.figures import partner_results
from impact.figures.network import network_results
from impact.figures.network_spending import network_spending
from impact.figures.punctuality import Punctuality, punctuality
from impact.figures.quarters import count_quarter, late, reports_of
from impact.figures.scope import Scope
from impact.figures.sheet import read_sheet
from impact.figures.standings import standings
from impact.models import Report, ReportStatus
from impact.progress import RowState
from impact.quarters import Quarter
from impact.tests import factories
from impact.tests.factories_network import accepted_value, quarter_period, target_of
from partners.models import Partner

YEAR = date(2025, 1, 1), date(2025, 12, 31)
FAR = date(2099, 1, 1)


@pytest.mark.parametrize(
    ("due_on", "grace", "until", "last"),
    [
        (date(2025, 4, 27), 0, None, date(2025, 4, 27)),
        (date(2025, 4, 27), 5, None, date(2025, 5, 2)),
        (date(2025, 4, 27), 5, date(2025, 4, 30), date(2025, 5, 2)),  # the later of the two
        (date(2025, 4, 27), 5, date(2025, 6, 1), date(2025, 6, 1)),
    ],
)
def test_the_last_day(due_on, grace, until, last):
    assert last_day_of(due_on, grace, until) == last


def test_phases():
    period = {"ends_on": date(2025, 3, 31), "last_day": date(2025, 4, 30)}
    days = [date(2025, 3, 31), date(2025, 4, 1), date(2025, 4, 30), date(2025, 5, 1)]

    phases = [phase_at(day, **period, is_waived=False) for day in days]

    assert phases == [Phase.OPEN, Phase.ENDED, Phase.ENDED, Phase.DUE]
    assert {phase_at(day, **period, is_waived=True) for day in days} == {Phase.WAIVED}
    assert [is_expected(phase, is_accepted=False) for phase in Phase] == [False, False, True, False]
    assert all(is_expected(phase, is_accepted=True) for phase in Phase)


@pytest.fixture
def target():
    """T1 accepted, T2 silent with a far later day, T3 waived, T4 silent: two expected, one of them there."""
    target = target_of(factories.IndicatorFactory())
    accepted_value(target, 120, 1)
    Report.objects.update(first_submitted_at="2025-04-01T12:00Z")
    second, third, _fourth = (factories.ReportFactory(period=quarter_period(target.project, n)) for n in (2, 3, 4))
    Report.objects.filter(pk=second.pk).update(extended_until=FAR, extension_reason="Pluies.")
    people = {"waiver_proposed_by": UserFactory(), "waiver_approved_by": UserFactory()}
    Report.objects.filter(pk=third.pk).update(status=ReportStatus.WAIVED, waived_reason="Site fermé.", **people)
    return target


@pytest.mark.django_db
def test_every_reader_expects_the_same(target):
    scope = Scope(Partner.objects.all(), *YEAR)
    (network,) = network_results(start=YEAR[0], end=YEAR[1])
    (standing,) = standings(scope)
    first = Report.objects.order_by("pk").first()

    assert partner_results(target.project.partner)[0].targets[0].progress.coverage == (1, 2)
    assert read_sheet(first, draft=False).rows[0].to_date.coverage == "1/2"
    assert standing.coverage == (1, 2)
    assert network.total.periods == (1, 2)
    assert network_spending(start=YEAR[0], end=YEAR[1]).reports == (1, 2)
    assert punctuality(scope)[0] == Punctuality(expected=2, accepted=1, in_time=1)
    assert [report.is_expected(date(2026, 6, 1)) for report in Report.objects.order_by("pk")] == [
        True,
        False,
        False,
        True,
    ]


@pytest.mark.django_db
def test_a_waived_period_is_told_as_not_asked_for(target):
    row_states = [row.state for row in partner_results(target.project.partner)[0].targets[0].rows]
    (network,) = network_results(start=YEAR[0], end=YEAR[1])

    assert row_states == [RowState.VALUE, RowState.AWAITED, RowState.WAIVED, RowState.MISSING]
    assert [figure.words for figure in network.quarters] == ["120", "not due yet", "not asked for", "not reported"]
    assert [row.words for row in partner_results(target.project.partner)[0].targets[0].rows][2] == "not asked for"


@pytest.mark.django_db
def test_late_in_the_matrix_is_late_in_the_report():
    """The database and `Report.days_late` count grace and extension alike, to the day."""
    today = date(2025, 5, 10)
    quarter = Quarter(2025, 1)
    given = [(0, 0, None), (1, 0, None), (5, 4, None), (5, 5, None), (9, 0, 0), (9, 0, 1), (5, 9, 1)]
    for overdue, grace, extended in given:  # days since the day it was due, days of grace, days since the extension
        period = factories.PeriodFactory(
            starts_on=date(2025, 1, 1), ends_on=date(2025, 3, 31),
            due_on=today - timedelta(days=overdue), grace_days=grace,
        )  # fmt: skip
        until = None if extended is None else today - timedelta(days=extended)
        factories.ReportFactory(period=period, extended_until=until, extension_reason="x" if until else "")

    reports = reports_of(quarter)
    in_database = set(reports.filter(late(today)).values_list("pk", flat=True))

    assert in_database == {report.pk for report in reports if report.days_late(today) > 0}
    assert count_quarter(reports, today).late == len(in_database) == 3
