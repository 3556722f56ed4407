"""An agreement binds once a second person approved it as it stands: who may, what ends it, who is told, what it stops."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from ace_partners.core.audit import history
from ace_partners.core.errors import NotAllowed, Stale
from ace_partners.core.models import OutgoingMail
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import UserFactory
from ace_partners.desk.figures import follow_up
from impact.actions import agreements as actions
from impact.actions import disbursements, projects
from impact.models import Agreement
from impact.payments import read_money, still_needed
from impact.rules import agreements as rules
from impact.tests import factories
from impact.tests import factories_agreements as agreed
from partners.tests.factories import MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
SIGNED = {"signed_on": date(2025, 1, 6), "signed_for_partner": "La présidente", "conditions": "", "reference": "ACE/1"}
LINE = {"amount": Decimal(500), "currency": "USD", "planned_on": date(2025, 6, 1)}
WAITS = "The agreement waits for the approval of the direction of ACE."


@pytest.fixture
def english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def written(me_officer, approver):
    """An agreement that an officer wrote down; it waits."""
    return actions.sign_agreement(factories.ProjectFactory(), by=me_officer, **SIGNED)


def approve(agreement, by):
    agreement.refresh_from_db()
    return actions.approve_agreement(agreement, by=by, seen=agreement.lock_version)


def kinds(user):
    return [
        mail.kind.removeprefix("impact/email/") for mail in OutgoingMail.objects.filter(to_user=user, state="queued")
    ]


def both_roles():
    return UserFactory(roles=[Role.ME_OFFICER, Role.APPROVER])


# --- who ----------------------------------------------------------------------------------------------------------------


def test_the_direction_is_asked_approves_and_the_organisation_is_told(written, approver):
    member = MembershipFactory(partner=written.project.partner, role=Role.VIEWER).user
    assert not written.is_approved
    assert (kinds(approver), kinds(member)) == (["agreement_waiting"], [])

    approve(written, approver)

    written.refresh_from_db()
    assert (written.is_approved, written.approved_by) == (True, approver)
    assert history(written).first().action == "agreement.approve"
    assert kinds(member) == ["agreement_approved"]


@pytest.mark.parametrize("role", [Role.ME_OFFICER, Role.REVIEWER, Role.ADMIN, Role.AUDITOR])
def test_other_roles_do_not_approve(written, role):
    with pytest.raises(NotAllowed):
        approve(written, UserFactory(roles=[role]))


def test_nobody_approves_what_they_wrote(approver):
    writer = both_roles()
    own = actions.sign_agreement(factories.ProjectFactory(), by=writer, **SIGNED)

    with pytest.raises(NotAllowed) as refusal:
        approve(own, writer)
    assert refusal.value.reasons == ["You wrote a part of this agreement: another person has to approve it."]
    approve(own, approver)


def test_nor_what_they_wrote_before_a_colleague_added_to_it(me_officer):
    for change in (
        lambda row, by: actions.add_installment(row, by=by, **LINE),
        lambda row, by: projects.add_budget_line(row.project, by=by, code="A", label="A", amount=5, currency="USD"),
    ):
        row, writer = agreed.WaitingFactory(), both_roles()
        change(row, writer)
        actions.add_installment(row, by=me_officer, **LINE)
        row.refresh_from_db()
        assert row.written_by == me_officer
        assert len(rules.against_approving(row, writer)) == 1


def test_who_wrote_an_older_wording_that_was_approved_since_may_approve_the_next(written, me_officer, approver):
    writer = both_roles()
    actions.add_installment(written, by=writer, **LINE)
    approve(written, approver)
    actions.add_installment(written, by=me_officer, **LINE)

    approve(written, writer)


@pytest.mark.parametrize("ended", [False, True])
def test_nobody_approves_for_their_own_organisation_past_or_present(written, approver, ended):
    day = date(2020, 1, 1)
    MembershipFactory(user=approver, partner=written.project.partner, starts_on=day, ends_on=day if ended else None)

    with pytest.raises(NotAllowed):
        approve(written, approver)


def test_it_is_approved_as_it_was_read(written, me_officer, approver):
    actions.add_installment(written, by=me_officer, **LINE)

    with pytest.raises(Stale):
        actions.approve_agreement(written, by=approver, seen=0)


def test_the_database_wants_two_people_and_a_moment(approver):
    for facts in (
        {"written_by": approver, "approved_by": approver, "approved_at": timezone.now()},
        {"approved_by": approver, "approved_at": None},
        {"approved_by": None, "approved_at": timezone.now()},
    ):
        row = agreed.WaitingFactory()
        with pytest.raises(IntegrityError), transaction.atomic():
            Agreement.objects.filter(pk=row.pk).update(**facts)


# --- what ends an approval -----------------------------------------------------------------------------------------------


def edit(row, by):
    actions.edit_agreement(row, by=by, seen=row.lock_version, **{**SIGNED, "conditions": "Publier."})


def add(row, by):
    actions.add_installment(row, by=by, **LINE)


def remove(row, by):
    actions.remove_installment(row.installments.get(), by=by)


def budget(row, by):
    projects.add_budget_line(row.project, by=by, code="A1", label="Formation", amount=Decimal(5), currency="USD")


@pytest.mark.parametrize("change", [edit, add, remove, budget])
def test_a_change_is_approved_anew(change, me_officer, approver):
    row = agreed.InstallmentFactory(agreement__reference="ACE/1").agreement

    change(row, me_officer)

    row = Agreement.objects.get()
    assert (row.is_approved, row.approved_by, row.written_by) == (False, None, me_officer)
    assert "agreement.approval_ended" in [event.action for event in history(row)]
    assert kinds(approver) == ["agreement_waiting"]
    approve(row, approver)


def test_a_budget_without_an_agreement_ends_nothing(me_officer, approver):
    budget(agreed.AgreementFactory.build(project=factories.ProjectFactory()), me_officer)

    assert kinds(approver) == []


# --- what waits with it ----------------------------------------------------------------------------------------------------


@pytest.fixture
def line():
    line = agreed.InstallmentFactory(agreement=agreed.WaitingFactory())
    agreed.approved(line.agreement.project.partner)
    return line


def test_no_payment_is_proposed_while_it_waits(line, me_officer, approver):
    with pytest.raises(NotAllowed) as refusal:
        disbursements.propose(line, by=me_officer, amount=line.amount)
    assert refusal.value.reasons == [WAITS]
    approve(line.agreement, approver)
    disbursements.propose(line, by=me_officer, amount=line.amount)


def test_a_payment_proposed_before_a_change_waits_for_the_new_approval(line, me_officer, approver):
    approve(line.agreement, approver)
    payment = disbursements.propose(line, by=me_officer, amount=line.amount)
    budget(line.agreement, me_officer)

    with pytest.raises(NotAllowed) as refusal:
        disbursements.approve(payment, by=approver, seen=payment.lock_version)

    assert refusal.value.reasons == [WAITS]


def test_the_approval_is_read_again_under_the_lock(line, me_officer, approver):
    """The page was read while the agreement was approved; it is changed before the money is proposed."""
    approve(line.agreement, approver)
    line.agreement.refresh_from_db()
    assert rules.against_disbursing(line) == []
    budget(Agreement.objects.get(), me_officer)

    with pytest.raises(NotAllowed):
        disbursements.propose(line, by=me_officer, amount=line.amount)


def test_the_organisation_reads_why(line):
    assert still_needed(read_money(line.agreement.project).next) == [WAITS]


# --- the pages -------------------------------------------------------------------------------------------------------------


def test_the_direction_approves_on_the_page(login, line, approver):
    client, code = login(approver), line.agreement.project.code
    page, step = reverse("impact:agreement", args=[code]), reverse("impact:agreement_approve", args=[code])
    assert step in client.get(page).text

    late = client.post(step, {"seen": 7})
    answer = client.post(step, {"seen": line.agreement.lock_version})

    assert (late.status_code, answer.url) == (409, page)
    assert Agreement.objects.get().approved_by == approver
    shown = client.get(page).text
    assert step not in shown
    assert str(approver) in shown


def test_other_roles_read_why_they_cannot(login, line, me_officer):
    client, code = login(me_officer), line.agreement.project.code
    page, step = reverse("impact:agreement", args=[code]), reverse("impact:agreement_approve", args=[code])

    shown, refused = client.get(page).text, client.post(step, {"seen": line.agreement.lock_version})

    assert "Only the direction approves an agreement." in shown
    assert step not in shown
    assert refused.status_code == 403
    assert "Only the direction approves an agreement." in refused.text


def test_the_organisation_sees_whether_it_binds_and_no_name(login, line, approver):
    client = login(MembershipFactory(partner=line.agreement.project.partner, role=Role.VIEWER).user)
    page = reverse("impact_space:agreement", args=[line.agreement.project.code])
    assert "Waits for the approval of the direction" in client.get(page).text

    approve(line.agreement, approver)

    shown = client.get(page).text
    assert "Waits for the approval of the direction" not in shown
    assert str(approver) not in shown


def test_it_stands_in_the_work_list_of_the_direction_until_then(line, me_officer, approver):
    def cards(user):
        return [card["url"] for card in follow_up.second_person(user)[0]]

    page = reverse("impact:agreement", args=[line.agreement.project.code])
    assert (cards(approver), cards(me_officer), cards(line.agreement.written_by)) == ([page], [], [])

    approve(line.agreement, approver)

    assert cards(approver) == []
