"""Money for one planned payment: what stops it, who takes which step, who is told."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from ace_partners.core import audit
from ace_partners.core.errors import NotAllowed, Stale
from ace_partners.core.models import OutgoingMail
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import UserFactory
from impact.actions import disbursements as actions
from impact.models import Disbursement, Report
from impact.rules import agreements as rules
from impact.tests import factories
from impact.tests import factories_agreements as agreed
from partners.tests.factories import MembershipFactory, PersonFactory
from vetting.models import Screening, ScreeningHit
from vetting.tests.factories import DecisionFactory
from vetting.tests.factories_following import HoldFactory
from vetting.tests.factories_screening import edition, entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def line():
    """A planned payment that nothing stops: approved organisation, signed agreement, no list, no report owed."""
    line = agreed.InstallmentFactory()
    agreed.approved(partner_of(line))
    return line


@pytest.fixture
def other_approver():
    return UserFactory(name="Béa Bis", roles=[Role.APPROVER])


def partner_of(line):
    return line.agreement.project.partner


def propose(line, by, **more):
    return actions.propose(line, by=by, amount=line.amount, **more)


def now(row):
    return Disbursement.objects.get(pk=row.pk)


# --- what stops the money -------------------------------------------------------------------------------------------------


def test_nothing_stops_a_payment_that_is_in_order(line):
    assert rules.against_disbursing(line) == []


def owe_report(line, days, **more):
    due = timezone.localdate() - timedelta(days=days)
    period = factories.PeriodFactory(
        project=line.agreement.project,
        label="T1",
        starts_on=due - timedelta(days=90),
        ends_on=due - timedelta(days=1),
        due_on=due,
    )
    return factories.ReportFactory(period=period, **more)


@pytest.mark.parametrize(("days", "count"), [(60, 0), (61, 1)])
def test_a_report_owed_for_more_than_sixty_days_stops_it(line, days, count):
    owe_report(line, days)

    assert len(rules.against_disbursing(line)) == count


def test_a_report_of_another_project_of_the_organisation_counts_too(line):
    other = agreed.InstallmentFactory(agreement__project__partner=partner_of(line))
    owe_report(other, 90)

    assert len(rules.against_disbursing(line)) == 1


def test_a_report_that_came_is_waived_or_has_more_time_is_not_owed(line):
    report = owe_report(line, 90)
    people = {"waiver_proposed_by": UserFactory(), "waiver_approved_by": UserFactory()}
    for change, back in (
        ({"first_submitted_at": timezone.now()}, {"first_submitted_at": None}),
        ({"status": "changes_requested"}, {"status": "open"}),
        ({"status": "waived", "waived_reason": "Fermé.", **people}, {"status": "open"}),
        (
            {"extended_until": timezone.localdate() - timedelta(days=60), "extension_reason": "Pluies."},
            {"extended_until": None},
        ),
    ):
        Report.objects.filter(pk=report.pk).update(**change)
        assert rules.against_disbursing(line) == []
        Report.objects.filter(pk=report.pk).update(**back)
        assert len(rules.against_disbursing(line)) == 1


def test_the_report_it_waits_for_has_to_be_accepted(line):
    line.after_period = factories.PeriodFactory(project=line.agreement.project, label="T1 2025")
    line.after_period.due_on = timezone.localdate()
    line.after_period.save()
    line.save()
    assert rules.against_disbursing(line) == ["The report “T1 2025” is not accepted yet."]

    report = factories.ReportFactory(period=line.after_period, status="in_review")
    assert rules.against_disbursing(line) == ["The report “T1 2025” is not accepted yet."]

    factories.AcceptanceFactory(version__report=report)
    assert rules.against_disbursing(line) == []


def test_the_report_it_waits_for_will_never_come_once_waived(line):
    line.after_period = factories.PeriodFactory(project=line.agreement.project, label="T1 2025")
    line.save()
    people = {"waiver_proposed_by": UserFactory(), "waiver_approved_by": UserFactory()}
    factories.ReportFactory(period=line.after_period, status="waived", waived_reason="Fermé.", **people)

    assert rules.against_disbursing(line) == [
        "The report “T1 2025” is waived, so it will not be accepted: the calendar has to be changed."
    ]


def test_the_agreement_has_to_be_signed(line):
    line.agreement.signed_on = timezone.localdate() + timedelta(days=1)
    assert len(rules.against_disbursing(line)) == 1

    line.agreement.signed_on = timezone.localdate()
    assert rules.against_disbursing(line) == []


def test_due_diligence_stops_it(line):
    HoldFactory(partner=partner_of(line), reason="Une pièce manque.")
    assert rules.against_disbursing(line) == ["Une pièce manque."]

    DecisionFactory(partner=partner_of(line), outcome="declined")
    assert len(rules.against_disbursing(line)) == 2


def test_one_live_disbursement_per_planned_payment(line):
    row = agreed.DisbursementFactory(installment=line)
    assert len(rules.against_disbursing(line)) == 1
    assert rules.against_disbursing(line, but=row) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        agreed.DisbursementFactory(installment=line)

    Disbursement.objects.update(status="cancelled")
    assert rules.against_disbursing(line) == []


# --- proposing --------------------------------------------------------------------------------------------------------------


def test_a_monitoring_officer_proposes_and_the_direction_is_told_without_an_amount(line, me_officer, approver):
    MembershipFactory(partner=partner_of(line), user=UserFactory(roles=[Role.APPROVER]), role=Role.VIEWER)

    row = propose(line, me_officer, note="Reçu vu.")

    assert (row.status, row.amount, row.currency, row.note) == ("proposed", line.amount, "USD", "Reçu vu.")
    mail = OutgoingMail.objects.get()
    assert mail.to_user == approver
    assert "5000" not in mail.body + mail.subject
    assert f"/equipe/versements/{row.pk}/" in mail.body
    assert audit.history(row).get().after == {"installment": 1, "amount": "5000.00", "currency": "USD"}


@pytest.mark.parametrize("who", ["reviewer", "approver", "auditor", "ace_admin"])
def test_nobody_else_proposes(line, who, request):
    with pytest.raises(NotAllowed, match="Only a monitoring officer"):
        propose(line, request.getfixturevalue(who))


def test_who_belonged_to_the_organisation_proposes_nothing(line, me_officer):
    over = timezone.localdate() - timedelta(days=30)
    MembershipFactory(partner=partner_of(line), user=me_officer, starts_on=date(2020, 1, 1), ends_on=over)

    with pytest.raises(NotAllowed, match="You belong or belonged"):
        propose(line, me_officer)


@pytest.mark.parametrize("amount", ["5000.01", "0"])
def test_never_more_than_planned_nor_nothing(line, me_officer, amount):
    with pytest.raises(NotAllowed):
        actions.propose(line, by=me_officer, amount=Decimal(amount))

    assert not Disbursement.objects.exists()


def test_the_currency_is_the_planned_one(me_officer):
    line = agreed.InstallmentFactory(currency="CDF", amount=Decimal(2_000_000))
    agreed.approved(partner_of(line))

    assert propose(line, me_officer).currency == "CDF"


# --- the steps, each with everything asked again -------------------------------------------------------------------------------


def ready(line, step, approver):
    if step == "approve":
        row = agreed.DisbursementFactory(installment=line)
        return lambda: actions.approve(row, by=approver, seen=0)
    if step == "pay":
        row = agreed.ApprovedFactory(installment=line)
        facts = {"paid_on": timezone.localdate(), "payment_reference": "VIR-7"}
        return lambda: actions.pay(row, by=approver, seen=0, **facts)
    officer = UserFactory(roles=[Role.ME_OFFICER])
    return lambda: propose(line, officer)


@pytest.mark.parametrize("step", ["propose", "approve", "pay"])
def test_a_hold_that_came_meanwhile_stops_every_step(line, approver, step):
    act = ready(line, step, approver)
    states = list(Disbursement.objects.values_list("status", flat=True))
    HoldFactory(partner=partner_of(line), reason="Une pièce manque.")

    with pytest.raises(NotAllowed, match="Une pièce manque"):
        act()

    assert list(Disbursement.objects.values_list("status", flat=True)) == states


@pytest.mark.parametrize("step", ["propose", "approve", "pay"])
def test_each_step_screens_first_and_keeps_the_match_that_stops_it(line, approver, step):
    act = ready(line, step, approver)
    PersonFactory(partner=partner_of(line), surname="Kabwe", first_name="Marie")
    entry(edition(), "Marie KABWE")

    with pytest.raises(NotAllowed, match="sanctions list"):
        act()

    assert ScreeningHit.objects.get().partner == partner_of(line)
    assert Screening.objects.get().reason == "payment"


@pytest.mark.parametrize("step", ["propose", "approve", "pay"])
def test_a_stale_screening_is_renewed_by_the_step(line, approver, step):
    act = ready(line, step, approver)
    edition()

    act()

    assert Screening.objects.get().result == "clean"


def test_another_person_approves(line, me_officer, approver, other_approver):
    both = UserFactory(roles=[Role.ME_OFFICER, Role.APPROVER])
    row = propose(line, both)

    with pytest.raises(NotAllowed, match="another person has to approve"):
        actions.approve(row, by=both, seen=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Disbursement.objects.update(status="approved", approved_by=both, approved_at=timezone.now())
    actions.approve(row, by=approver, seen=0)

    assert (now(row).status, now(row).approved_by) == ("approved", approver)
    with pytest.raises(Stale):
        actions.approve(row, by=other_approver, seen=0)


def test_who_belonged_to_the_organisation_approves_nothing(line, approver):
    row = agreed.DisbursementFactory(installment=line)
    over = timezone.localdate() - timedelta(days=30)
    MembershipFactory(partner=partner_of(line), user=approver, starts_on=date(2020, 1, 1), ends_on=over)

    with pytest.raises(NotAllowed, match="You belong or belonged"):
        actions.approve(row, by=approver, seen=0)


MOVERS = {"approve": {"approver"}, "pay": {"me_officer", "approver"}, "cancel": {"me_officer", "approver"}}
SOURCES = {"approve": {"proposed"}, "pay": {"approved"}, "cancel": {"proposed", "approved"}}


def make(line, status):
    factory = {"paid": agreed.PaidFactory, "approved": agreed.ApprovedFactory}.get(status, agreed.DisbursementFactory)
    return factory(installment=line, status=status)


def take(row, name, by):
    if name == "approve":
        return actions.approve(row, by=by, seen=0)
    if name == "pay":
        return actions.pay(row, by=by, seen=0, paid_on=timezone.localdate(), payment_reference="VIR-7")
    return actions.cancel(row, by=by, seen=0, reason="Le compte a changé.")


@pytest.mark.parametrize("name", list(MOVERS))
@pytest.mark.parametrize("who", ["reviewer", "me_officer", "approver", "ace_admin", "auditor"])
@pytest.mark.parametrize("status", ["proposed", "approved", "paid", "cancelled"])
def test_source_role_and_move(line, name, who, status, request):
    row, by = make(line, status), request.getfixturevalue(who)

    if status in SOURCES[name] and who in MOVERS[name]:
        assert take(row, name, by).status == rules.DISBURSEMENT[name].target
    else:
        with pytest.raises(NotAllowed if status in SOURCES[name] else Stale):
            take(row, name, by)
        assert now(row).status == status


def test_paid_tells_everybody_of_the_organisation_without_an_amount(line, me_officer):
    people = {MembershipFactory(partner=partner_of(line), role=role).user for role in (Role.VIEWER, Role.SIGNATORY)}
    row = agreed.ApprovedFactory(installment=line)

    row = take(row, "pay", me_officer)

    assert (row.paid_on, row.payment_reference) == (timezone.localdate(), "VIR-7")
    assert {mail.to_user for mail in OutgoingMail.objects.all()} == people
    for mail in OutgoingMail.objects.all():
        assert "5000" not in mail.body + mail.subject
        assert f"/espace/projets/{line.agreement.project.code}/convention/" in mail.body


@pytest.mark.parametrize("days", [1, -1])
def test_paid_between_the_approval_and_today(line, me_officer, days):
    row = agreed.ApprovedFactory(installment=line)
    day = timezone.localdate() + timedelta(days=days)

    with pytest.raises(NotAllowed):
        actions.pay(row, by=me_officer, seen=0, paid_on=day, payment_reference="VIR-7")

    assert now(row).status == "approved"


def test_a_payment_is_given_up_with_a_reason_and_its_line_is_free_again(line, me_officer, approver):
    row = propose(line, me_officer)
    OutgoingMail.objects.all().delete()

    with pytest.raises(NotAllowed, match="Say why"):
        actions.cancel(row, by=approver, seen=0, reason=" ")
    actions.cancel(row, by=approver, seen=0, reason="Le compte a changé.")

    assert audit.history(row).first().reason == "Le compte a changé."
    assert [mail.to_user for mail in OutgoingMail.objects.all()] == [me_officer]
    assert propose(line, me_officer).status == "proposed"


def test_giving_up_is_possible_while_something_stops_the_payment(line, approver):
    row = agreed.DisbursementFactory(installment=line)
    HoldFactory(partner=partner_of(line))

    assert take(row, "cancel", approver).status == "cancelled"
