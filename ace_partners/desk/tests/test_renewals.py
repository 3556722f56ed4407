"""Opening a round from the desk: who may, and what the reports of an organisation say since its decision in force."""

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import UserFactory
from ace_partners.desk.figures.renewal import read_renewal
from ace_partners.desk.figures.space import read_space
from impact.models import Report, ReportStatus, ValueState
from impact.tests.factories import (
    AcceptanceFactory,
    IndicatorValueFactory,
    PeriodFactory,
    ProjectFactory,
    ReportFactory,
    ReportVersionFactory,
    TargetFactory,
)
from partners.tests.factories import GrantFactory, PartnerFactory
from vetting import actions
from vetting.models import Dossier, RenewalSnapshot
from vetting.renewal import RenewalFacts
from vetting.tests.factories import ChecklistFactory, DecisionFactory, current, opened, signatory_of, submitted
from vetting.tests.factories_renewals import decided_round, in_review_again

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def noon(day):
    return timezone.make_aware(datetime.combine(day, time(12)))


@pytest.fixture
def renewing(partner):
    """The organisation with a decision of a year ago, and a project with two targets."""
    DecisionFactory(partner=partner, decided_at=timezone.now() - timedelta(days=365))
    project = ProjectFactory(partner=partner)
    TargetFactory.create_batch(2, project=project)
    return partner


def report(partner, due_in, *, sent_after=None, states=(), status=None):
    """A report due `due_in` days from today, sent `sent_after` days after its due day and accepted, if it was sent.

    `states`: what it says on its targets; `status`: another one than accepted.
    """
    project = partner.projects.get()
    due = TODAY() + timedelta(days=due_in)
    number = project.periods.count() + 1
    start = due - timedelta(days=20 + number)
    period = PeriodFactory(project=project, number=number, starts_on=start, ends_on=start, due_on=due)
    if sent_after is None:
        return ReportFactory(period=period)
    at = noon(due + timedelta(days=sent_after))
    version = ReportVersionFactory(report=ReportFactory(period=period), submitted_at=at)
    for target, state in zip(project.targets.order_by("pk"), states, strict=False):
        number = 0 if state == ValueState.REPORTED else None  # zero is a value
        comment = "" if state == ValueState.REPORTED else "Registre perdu."
        IndicatorValueFactory(version=version, target=target, state=state, value=number, comment=comment)
    if status is None:
        AcceptanceFactory(version=version)
    else:
        Report.objects.filter(pk=version.report_id).update(status=status, first_submitted_at=at, last_submitted_at=at)
    return Report.objects.get(pk=version.report_id)


REPORTED, NO_DATA = ValueState.REPORTED, ValueState.NO_DATA


def test_reports_in_time_late_and_missing(renewing):
    report(renewing, -300, sent_after=-2, states=[REPORTED, REPORTED])
    report(renewing, -200, sent_after=0, states=[REPORTED, NO_DATA])
    report(renewing, -100, sent_after=12, states=[REPORTED, REPORTED])
    report(renewing, -5)

    facts = read_renewal(renewing)

    assert facts == RenewalFacts(
        as_of=TODAY(),
        since=TODAY() - timedelta(days=365),
        reports_due=4,
        reports_on_time=2,
        reports_late=(12,),
        reports_missing=1,
        spending_due=4,
        spending_published_on_time=2,
        spending_published_late=1,
        targets_agreed=2,
        values_due=8,
        values_reported=5,
        values_no_data_reasoned=1,
    )
    assert (facts.spending_missing, facts.values_missing) == (1, 2)


def test_what_lies_with_ace_is_not_held_against_the_organisation(renewing):
    report(renewing, -50, sent_after=-1, states=[REPORTED, REPORTED], status=ReportStatus.IN_REVIEW)

    facts = read_renewal(renewing)

    assert (facts.reports_due, facts.reports_on_time) == (1, 1)
    assert (facts.spending_due, facts.spending_with_ace, facts.values_due) == (0, 1, 0)


def test_what_ace_asked_back_is_not_published(renewing):
    report(renewing, -50, sent_after=-1, status=ReportStatus.CHANGES_REQUESTED)

    facts = read_renewal(renewing)

    assert (facts.reports_on_time, facts.spending_missing, facts.values_missing) == (1, 1, 2)


@pytest.mark.parametrize("due_in", [0, 3, -365, -400])
def test_only_what_fell_due_since_the_decision_counts(renewing, due_in):
    report(renewing, due_in)

    assert read_renewal(renewing).reports_due == 0


def test_days_of_grace_are_in_time(renewing):
    late = report(renewing, -40, sent_after=3)
    late.period.grace_days = 5
    late.period.save()

    assert (read_renewal(renewing).reports_on_time, read_renewal(renewing).reports_late) == (1, ())


def test_a_waived_report_is_not_due(renewing, approver, me_officer):
    waived = report(renewing, -40)
    Report.objects.filter(pk=waived.pk).update(
        status=ReportStatus.WAIVED,
        waived_reason="Suspension du site.",
        waiver_proposed_by=me_officer,
        waiver_approved_by=approver,
    )

    assert read_renewal(renewing).reports_due == 0


def test_another_organisations_reports_do_not_count(renewing):
    report(renewing, -40)
    other = PartnerFactory()
    ProjectFactory(partner=other)
    report(other, -40)

    assert read_renewal(renewing).reports_due == 1


def test_without_a_decision_every_count_is_zero(partner):
    assert read_renewal(partner) == RenewalFacts(as_of=TODAY(), since=TODAY())


def test_reading_costs_the_same_for_one_report_as_for_three(renewing, django_assert_num_queries):
    report(renewing, -300, sent_after=-2, states=[REPORTED])
    with django_assert_num_queries(4):
        read_renewal(renewing)
    for due_in in (-200, -100):
        report(renewing, due_in, sent_after=0, states=[REPORTED])
    with django_assert_num_queries(4):
        read_renewal(renewing)


# --- the pages ---------------------------------------------------------------------------------------------------


def test_a_renewal_opened_here_starts_from_the_reports(login, reviewer, renewing):
    report(renewing, -40, sent_after=-1, states=[REPORTED, REPORTED])
    address = reverse("desk:dossier_open", args=[renewing.slug])

    response = login(reviewer).post(address, {"round": "renewal", "due_on": "2999-01-01"})

    dossier = Dossier.objects.get(status="collecting")
    assert response["Location"] == reverse("vetting_space:dossier", args=[dossier.pk])
    assert (dossier.round, dossier.snapshots.get().facts["reports_on_time"]) == ("renewal", 1)


def test_a_first_round_reads_nothing(login, reviewer, partner):
    ChecklistFactory()

    login(reviewer).post(
        reverse("desk:dossier_open", args=[partner.slug]), {"round": "initial", "due_on": "2999-01-01"}
    )

    assert (Dossier.objects.count(), RenewalSnapshot.objects.count()) == (1, 0)


@pytest.mark.parametrize("due_on", ["", "2001-01-01", "hier"])
def test_a_round_needs_a_day_to_come(login, reviewer, partner, due_on):
    ChecklistFactory()
    address = reverse("desk:dossier_open", args=[partner.slug])

    response = login(reviewer).post(address, {"round": "initial", "due_on": due_on})

    assert (response.status_code, Dossier.objects.count()) == (422, 0)


def test_opening_twice_with_one_token_opens_one(login, reviewer, partner):
    ChecklistFactory()
    client, address = login(reviewer), reverse("desk:dossier_open", args=[partner.slug])

    answers = [client.post(address, {"round": "initial", "due_on": "2999-01-01"}, once="un") for _ in range(2)]

    assert (len({answer["Location"] for answer in answers}), Dossier.objects.count()) == (1, 1)


def test_others_see_why_they_cannot_open(login, me_officer, approver, auditor, partner):
    ChecklistFactory()
    GrantFactory(user=auditor, partner=partner)
    address = reverse("desk:dossier_open", args=[partner.slug])

    for person in (me_officer, approver, auditor):
        assert login(person).post(address, {"round": "initial", "due_on": "2999-01-01"}).status_code == 403
    assert login(signatory_of(partner)).get(address).status_code == 404
    assert Dossier.objects.count() == 0


def test_the_examiner_reads_the_reports_again(login, reviewer, approver):
    dossier = in_review_again(decided_round(reviewer, approver), reviewer)
    address = reverse("desk:dossier_refresh", args=[dossier.pk])

    response = login(reviewer).post(address)

    assert response["Location"] == reverse("vetting:assessment", args=[dossier.pk])
    assert dossier.snapshots.get().taken_by == reviewer
    assert login(reviewer).get(address).status_code == 405


def test_nobody_else_reads_them_into_the_dossier(login, reviewer, other_reviewer, approver):
    dossier = in_review_again(decided_round(reviewer, approver), reviewer)
    address = reverse("desk:dossier_refresh", args=[dossier.pk])

    refused = [login(person).post(address).status_code for person in (other_reviewer, approver)]
    hidden = [login(UserFactory(roles=[role])).post(address).status_code for role in (Role.ADMIN, Role.ME_OFFICER)]

    assert (refused, hidden, dossier.snapshots.count()) == ([403, 403], [404, 404], 0)


# --- the space ---------------------------------------------------------------------------------------------------


def test_the_space_names_the_day_ace_answers(reviewer, settings):
    settings.ACE_ANSWER_DAYS = 30
    dossier = submitted(opened(reviewer))

    (section,) = read_space(dossier.versions.get().submitted_by).sections

    assert section.waiting[0].until == TODAY() + timedelta(days=30)


def test_what_a_renewal_took_over_still_counts_as_missing(reviewer, approver):
    decision = decided_round(reviewer, approver)
    dossier = actions.open_dossier(decision.partner, by=reviewer, round="renewal", due_on=TODAY() + timedelta(days=30))
    member = signatory_of(decision.partner)
    actions.confirm_answers(current(dossier), by=member, code="C1")

    (section,) = read_space(member).sections

    (task, _against) = section.tasks[0]
    assert "3" in task.hint  # of six, three are confirmed
