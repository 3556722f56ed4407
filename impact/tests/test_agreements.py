"""Consultations, joint partners, the agreement and its calendar: what may be written, and by whom."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from ace_partners.core.audit import history
from ace_partners.core.errors import NotAllowed, Stale
from impact import figures
from impact.actions import agreements as actions
from impact.models import Agreement, Consultation, Installment, JointPartner
from impact.payments import read_money, still_needed
from impact.tests import factories
from impact.tests import factories_agreements as agreed
from partners.tests.factories import PartnerFactory
from vetting.tests.factories_following import HoldFactory
from vetting.tests.factories_screening import edition, hit_on

pytestmark = pytest.mark.django_db
TALK = {"held_on": date(2024, 11, 5), "groups": "Laveuses", "asked": "Une caisse.", "outcome": "Trois groupes."}
SIGNED = {"signed_on": date(2025, 1, 6), "signed_for_partner": "La présidente", "conditions": ""}


@pytest.fixture
def project():
    return factories.ProjectFactory()


# --- consultations ----------------------------------------------------------------------------------------------------


def test_a_consultation_is_written_down_and_audited(project, me_officer):
    row = actions.add_consultation(project, by=me_officer, people=23, women=21, **TALK)

    assert (row.people, row.women, row.added_by) == (23, 21, me_officer)
    assert history(project).get().after == {"held_on": "2024-11-05", "groups": "Laveuses"}


@pytest.mark.parametrize(
    "change",
    [{"women": 3}, {"people": 3, "women": 4}, {"held_on": timezone.localdate() + timedelta(days=1)}],
    ids=["nobody counted", "more women than people", "not held yet"],
)
def test_a_consultation_that_cannot_be(project, me_officer, change):
    with pytest.raises(NotAllowed):
        actions.add_consultation(project, by=me_officer, **{**TALK, **change})

    assert not Consultation.objects.exists()


def test_a_consultation_is_taken_out(project, me_officer, reviewer):
    row = agreed.ConsultationFactory(project=project)

    with pytest.raises(NotAllowed):
        actions.remove_consultation(row, by=reviewer)
    actions.remove_consultation(row, by=me_officer)

    assert not Consultation.objects.exists()
    assert history(project).get().action == "project.consultation_removed"


# --- joint partners ----------------------------------------------------------------------------------------------------


def test_a_joint_partner_works_under_the_lead_and_stands_once(project, me_officer):
    other = PartnerFactory()
    joint = actions.add_joint_partner(project, by=me_officer, partner=other, role="Alphabétisation")

    for partner in (project.partner, other):
        with pytest.raises(NotAllowed) as refusal:
            actions.add_joint_partner(project, by=me_officer, partner=partner, role="x")
        assert len(refusal.value.reasons) == 1
    assert JointPartner.objects.get() == joint

    actions.remove_joint_partner(joint, by=me_officer)
    assert not JointPartner.objects.exists()
    assert [event.action for event in history(project)] == ["project.joint_removed", "project.joint_added"]


# --- the agreement and its calendar -------------------------------------------------------------------------------------


def test_one_agreement_per_project(project, me_officer):
    agreement = actions.sign_agreement(project, by=me_officer, reference="ACE/1", **SIGNED)

    with pytest.raises(NotAllowed):
        actions.sign_agreement(project, by=me_officer, reference="ACE/2", **SIGNED)

    assert Agreement.objects.get() == agreement
    assert history(agreement).get().action == "agreement.signed"


def test_an_agreement_is_changed_on_what_was_seen(project, me_officer):
    agreement = agreed.WaitingFactory(project=project, reference="ACE/1")
    new = {**SIGNED, "reference": "ACE/1", "conditions": "Publier les comptes."}

    actions.edit_agreement(agreement, by=me_officer, seen=0, **new)
    with pytest.raises(Stale):
        actions.edit_agreement(agreement, by=me_officer, seen=0, **{**new, "conditions": "Autre."})

    agreement.refresh_from_db()
    event = history(agreement).get()
    assert (agreement.conditions, agreement.lock_version) == ("Publier les comptes.", 1)
    assert (event.before["conditions"], event.after["conditions"]) == ("", "Publier les comptes.")
    assert "présidente" not in str(event.before) + str(event.after)  # a person's name has no place in the trail


def test_payments_are_planned_in_order(me_officer):
    agreement = agreed.AgreementFactory()
    period = factories.PeriodFactory(project=agreement.project)
    values = {"amount": Decimal(5000), "currency": "USD", "planned_on": date(2025, 2, 1)}

    first = actions.add_installment(agreement, by=me_officer, **values)
    second = actions.add_installment(agreement, by=me_officer, after_period=period, **values)

    assert [first.number, second.number] == [1, 2]
    assert history(agreement).first().after["after_period"] == period.label


def test_a_payment_waits_for_a_period_of_its_own_project(me_officer):
    agreement, other = agreed.AgreementFactory(), factories.PeriodFactory()

    for change in ({"after_period": other}, {"amount": Decimal(0)}):
        values = {"amount": Decimal(5), "currency": "USD", "planned_on": date(2025, 2, 1), **change}
        with pytest.raises(NotAllowed):
            actions.add_installment(agreement, by=me_officer, **values)

    assert not Installment.objects.exists()


def test_a_planned_payment_is_removed_while_nothing_was_proposed_for_it(me_officer):
    line, kept = agreed.InstallmentFactory.create_batch(2, agreement=agreed.AgreementFactory())
    agreed.DisbursementFactory(installment=kept, status="cancelled")

    actions.remove_installment(line, by=me_officer)
    with pytest.raises(NotAllowed, match="stays in the calendar"):
        actions.remove_installment(kept, by=me_officer)

    assert Installment.objects.get() == kept


def test_only_a_monitoring_officer_writes_here(project, reviewer, approver):
    agreement = agreed.AgreementFactory(project=project)
    line = agreed.InstallmentFactory(agreement=agreement)
    joint, talk = agreed.JointPartnerFactory(project=project), agreed.ConsultationFactory(project=project)
    values = {"amount": Decimal(5), "currency": "USD", "planned_on": date(2025, 2, 1)}
    for by in (reviewer, approver):
        for act in (
            lambda by=by: actions.add_consultation(project, by=by, **TALK),
            lambda by=by: actions.remove_consultation(talk, by=by),
            lambda by=by: actions.add_joint_partner(project, by=by, partner=PartnerFactory(), role="x"),
            lambda by=by: actions.remove_joint_partner(joint, by=by),
            lambda by=by: actions.sign_agreement(factories.ProjectFactory(), by=by, reference="ACE/9", **SIGNED),
            lambda by=by: actions.edit_agreement(agreement, by=by, seen=0, reference="ACE/9", **SIGNED),
            lambda by=by: actions.add_installment(agreement, by=by, **values),
            lambda by=by: actions.remove_installment(line, by=by),
        ):
            with pytest.raises(NotAllowed, match="Only a monitoring officer"):
                act()

    counts = [model.objects.count() for model in (Consultation, JointPartner, Agreement, Installment)]
    assert counts == [1, 1, 1, 1]


# --- the money page's facts -----------------------------------------------------------------------------------------------


def test_sums_per_currency_are_never_added(project):
    agreed.approved(project.partner)
    agreement = agreed.AgreementFactory(project=project)
    factories.BudgetLineFactory(project=project, amount=Decimal(9000))
    factories.BudgetLineFactory(project=project, amount=Decimal(2_000_000), currency="CDF")
    paid = agreed.InstallmentFactory(agreement=agreement, amount=Decimal(5000))
    agreed.PaidFactory(installment=paid, amount=Decimal("4800.50"))
    agreed.InstallmentFactory(agreement=agreement, amount=Decimal(4500))
    agreed.InstallmentFactory(agreement=agreement, amount=Decimal(1_000_000), currency="CDF")

    usd, cdf = read_money(project).totals

    assert [each.amount for each in (usd.budget, usd.planned, usd.paid, usd.left)] == [
        Decimal(9000),
        Decimal(9500),
        Decimal("4800.50"),
        Decimal("4699.50"),
    ]
    assert [each.amount for each in (cdf.budget, cdf.planned, cdf.paid, cdf.left)] == [
        2_000_000,
        1_000_000,
        0,
        1_000_000,
    ]
    assert (usd.is_over_budget, cdf.is_over_budget) == (True, False)


def test_the_state_of_each_line(project):
    agreed.approved(project.partner)
    agreement = agreed.AgreementFactory(project=project)
    period = factories.PeriodFactory(project=project)
    rows = agreed.InstallmentFactory.create_batch(4, agreement=agreement)
    agreed.InstallmentFactory(agreement=agreement, after_period=period)
    agreed.PaidFactory(installment=rows[0])
    agreed.ApprovedFactory(installment=rows[1])
    agreed.DisbursementFactory(installment=rows[2])
    agreed.DisbursementFactory(installment=rows[3], status="cancelled")

    money = read_money(project)

    assert [line.code for line in money.lines] == ["paid", "approved", "proposed", "ready", "blocked"]
    assert [line.is_open for line in money.lines] == [False, False, False, True, False]
    assert [line.is_free for line in money.lines] == [False, False, False, False, True]
    assert money.next.row == rows[1]


def test_what_screening_ends_does_not_close_the_button(project):
    agreed.approved(project.partner)
    agreed.InstallmentFactory(agreement=agreed.AgreementFactory(project=project))
    edition()

    line = read_money(project).lines[0]

    assert [block.sentence for block in line.blocks] == ["This organisation has never been screened."]
    assert line.is_open
    assert still_needed(line) == ["ACE is still checking some points; nothing is asked of you for that."]


def test_the_organisation_reads_a_hold_and_never_a_match(project):
    agreed.approved(project.partner)
    agreed.InstallmentFactory(agreement=agreed.AgreementFactory(project=project))
    hit_on(project.partner)
    HoldFactory(partner=project.partner, reason="Une pièce manque.")

    line = read_money(project).lines[0]

    assert any("sanctions list" in block.sentence for block in line.blocks)
    assert still_needed(line) == [
        "Une pièce manque.",
        "ACE is still checking some points; nothing is asked of you for that.",
    ]


# --- what the public reads ---------------------------------------------------------------------------------------------------


def test_the_public_reads_the_talks_and_the_joint_partners(project):
    agreed.ConsultationFactory(project=project, people=23, women=21)
    known = agreed.JointPartnerFactory(project=project, partner=PartnerFactory(name="Alpha", is_published=True))
    agreed.JointPartnerFactory(project=project, partner=PartnerFactory(name="Zeta", is_published=False))

    results = figures.partner_results(project.partner)[0]

    talk = results.consultations[0]
    assert (talk.groups, talk.people, talk.women, talk.is_masked) == ("Laveuses de Kapata", 23, 21, False)
    assert [(joint.name, joint.url) for joint in results.joint] == [
        ("Alpha", known.partner.get_absolute_url()),
        ("", ""),
    ]


@pytest.mark.parametrize(
    ("people", "women", "shown"),
    [
        (3, None, (None, None, True)),
        (20, 4, (20, None, True)),
        (20, 17, (20, None, True)),
        (20, 20, (20, 20, False)),
        (0, 0, (0, 0, False)),
        (None, None, (None, None, False)),
    ],
)
def test_small_numbers_are_withheld_where_children_may_have_been_heard(project, people, women, shown):
    factories.ProjectAreaFactory(project=project, area="children")
    agreed.ConsultationFactory(project=project, people=people, women=women)

    talk = figures.partner_results(project.partner)[0].consultations[0]

    assert (talk.people, talk.women, talk.is_masked) == shown
