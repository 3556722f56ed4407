"""Completeness and timeliness (impact.md §c.5), counted by hand."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from ace_partners.core.tests.factories import UserFactory
from impact.figures.punctuality import Punctuality, punctuality
from impact.figures.scope import Scope
from impact.models import Report, ReportStatus
from impact.tests.factories import PeriodFactory, ProjectFactory, ReportFactory
from impact.tests.factories_dashboards import accepted_report, moment, report_of
from partners.models import Partner
from partners.tests.factories import PartnerFactory

YEAR = date(2025, 1, 1), date(2025, 12, 31)

pytestmark = pytest.mark.django_db


def figure(span=YEAR, **facts):
    return punctuality(Scope(Partner.objects.all(), *span), **facts)[0]


@pytest.fixture
def period():
    """T1 2025, due on 27 April."""
    return PeriodFactory()


def test_accepted_and_sent_in_time(period):
    accepted_report(period, sent=period.due_on)

    assert figure() == Punctuality(expected=1, accepted=1, in_time=1)


def test_a_day_late_is_late(period):
    accepted_report(period, sent=period.due_on + timedelta(days=1))

    assert figure() == Punctuality(1, 1, 0)


def test_days_of_grace_are_in_time():
    period = PeriodFactory(grace_days=5)
    accepted_report(period, sent=period.due_on + timedelta(days=5))

    assert figure() == Punctuality(1, 1, 1)


def test_a_later_day_that_was_given_is_in_time(period):
    version = accepted_report(period, sent=period.due_on + timedelta(days=20))
    Report.objects.filter(pk=version.report_id).update(
        extended_until=period.due_on + timedelta(days=20), extension_reason="Pluies."
    )

    assert figure() == Punctuality(1, 1, 1)


def test_the_first_submission_decides_and_not_a_correction(period):
    version = accepted_report(period, sent=period.due_on)
    Report.objects.filter(pk=version.report_id).update(last_submitted_at=timezone.now())

    assert figure() == Punctuality(1, 1, 1)


def test_silence_is_expected_and_neither_accepted_nor_in_time(period):
    ReportFactory(period=period)

    assert figure() == Punctuality(1, 0, 0)


def test_sent_and_not_yet_accepted_is_in_time_and_not_complete(period):
    report_of(period, status=ReportStatus.SUBMITTED, first_submitted_at=moment(2025, 4, 1))

    assert figure() == Punctuality(1, 0, 1)


def test_before_its_last_day_nothing_is_expected(period):
    ReportFactory(period=period)

    assert figure(today=period.due_on) == Punctuality(0, 0, 0)
    assert figure(today=period.due_on + timedelta(days=1)) == Punctuality(1, 0, 0)


def test_accepted_before_its_last_day_counts(period):
    accepted_report(period, sent=date(2025, 4, 2))

    assert figure(today=date(2025, 4, 3)) == Punctuality(1, 1, 1)


def test_a_waived_report_is_expected_of_nobody(period):
    report = ReportFactory(period=period)
    Report.objects.filter(pk=report.pk).update(
        status=ReportStatus.WAIVED,
        waived_reason="Site fermé.",
        waiver_proposed_by=UserFactory(),
        waiver_approved_by=UserFactory(),
    )

    assert figure() == Punctuality(0, 0, 0)


def test_only_the_span_counts(period):
    accepted_report(period)

    assert figure((date(2025, 4, 1), date(2025, 12, 31))) == Punctuality(0, 0, 0)


def test_rates_are_per_cent_and_nothing_expected_is_no_zero():
    assert (Punctuality(8, 2, 5).completeness, Punctuality(8, 2, 5).timeliness) == (Decimal(25), Decimal("62.5"))
    assert Punctuality(0, 0, 0).completeness is None


def test_the_worst_comes_first_and_who_owes_nothing_last():
    def partner(name, *states):
        project = ProjectFactory(partner=PartnerFactory(name=name))
        for state in states:
            period = PeriodFactory(project=project)
            if state == "ok":
                accepted_report(period)
            elif state == "late":
                accepted_report(period, sent=period.due_on + timedelta(days=9))
            elif state == "silent":
                ReportFactory(period=period)
            else:
                ReportFactory(
                    period=PeriodFactory(
                        project=project,
                        starts_on=date(2025, 12, 1),
                        ends_on=date(2025, 12, 31),
                        due_on=date(2099, 1, 1),
                    )
                )

    partner("Exacte", "ok", "ok")
    partner("Attend", "future")
    partner("Tardive", "ok", "late")
    partner("Muette", "silent", "ok")
    partner("Absente", "silent")

    whole, rows = punctuality(Scope(Partner.objects.all(), *YEAR))

    assert [row.name for row in rows] == ["Absente", "Muette", "Tardive", "Exacte", "Attend"]
    assert whole == Punctuality(expected=7, accepted=5, in_time=4)


def test_one_query_whatever_their_number(period, django_assert_num_queries):
    ReportFactory(period=period)
    for _n in range(3):
        accepted_report(PeriodFactory())

    with django_assert_num_queries(1):
        punctuality(Scope(Partner.objects.all(), *YEAR))
