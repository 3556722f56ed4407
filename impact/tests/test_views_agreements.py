"""The pages of what is agreed around a project, as each of their readers meets them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from ace_partners.core.rights import Role
from impact import figures
from impact.models import Agreement, Consultation, Disbursement, Installment, JointPartner
from impact.tests import factories
from impact.tests import factories_agreements as agreed
from partners.tests.factories import GrantFactory, MembershipFactory, PartnerFactory, PersonFactory
from vetting.models import Hold, Screening, ScreeningHit
from vetting.tests.factories_following import HoldFactory
from vetting.tests.factories_screening import edition, entry, hit_on, settled

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    project = factories.ProjectFactory()
    agreed.approved(project.partner)
    return project


@pytest.fixture
def line(project):
    return agreed.InstallmentFactory(agreement=agreed.AgreementFactory(project=project))


@pytest.fixture
def member(project):
    return MembershipFactory(partner=project.partner, role=Role.VIEWER).user


def at(name, *args):
    return reverse(f"impact:{name}", args=args)


def own(project):
    return reverse("impact_space:agreement", args=[project.code])


# --- consultations and joint partners --------------------------------------------------------------------------------


TALK = {"held_on": "2024-11-05", "groups": "Laveuses", "people": "23", "women": "21", "asked": "A", "outcome": "B"}


def test_a_consultation_is_added_shown_to_both_sides_and_removed(login, project, me_officer, member):
    client = login(me_officer)

    answer = client.post(at("consultation_add", project.code), TALK)

    assert answer.url == at("project", project.code)
    for reader, address in (
        (client, answer.url),
        (login(member), reverse("impact_space:project", args=[project.code])),
    ):
        shown = reader.get(address).text
        assert "Laveuses" in shown
        assert "23 people present" in shown
    row = Consultation.objects.get()
    client.post(at("consultation_remove", project.code, row.pk))
    assert not Consultation.objects.exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"women": "24"}, "There cannot be more women than people present."),
        ({"people": ""}, "Give the number of people present, of whom you count the women."),
        ({"held_on": "2099-01-01"}, "this day is in the future"),
        ({"held_on": "hier"}, "held_on"),
        ({"people": "-1"}, "people"),
        ({"groups": ""}, "groups"),
    ],
)
def test_a_consultation_that_cannot_be_is_asked_back(login, project, me_officer, change, sentence):
    answer = login(me_officer).post(at("consultation_add", project.code), {**TALK, **change})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert not Consultation.objects.exists()


def test_zero_people_and_nobody_counted_are_two_things(login, project, me_officer):
    agreed.ConsultationFactory(project=project, people=0, women=0)
    agreed.ConsultationFactory(project=project)

    shown = login(me_officer).get(at("project", project.code)).text

    assert "0 people present" in shown
    assert "nobody counted those present" in shown


def test_a_joint_partner_is_added_linked_when_public_and_removed(login, project, me_officer, member):
    client, other = login(me_officer), PartnerFactory(name="Alpha", is_published=True)
    hidden = PartnerFactory(name="Zeta", is_published=False)
    for partner in (other, hidden):
        client.post(at("joint_add", project.code), {"partner": partner.pk, "role": "Alphabétisation"})

    again = client.post(at("joint_add", project.code), {"partner": other.pk, "role": "x"})
    lead = client.post(at("joint_add", project.code), {"partner": project.partner.pk, "role": "x"})
    assert [again.status_code, lead.status_code] == [422, 422]

    for reader, address in (
        (client, at("project", project.code)),
        (login(member), reverse("impact_space:project", args=[project.code])),
    ):
        shown = reader.get(address).text
        assert other.get_absolute_url() in shown
        assert "Zeta" in shown
        assert hidden.get_absolute_url() not in shown
    client.post(at("joint_remove", project.code, JointPartner.objects.get(partner=other).pk))
    assert JointPartner.objects.get().partner == hidden


def test_the_public_page_shows_the_talks_and_who_works_there(client, project):
    project.partner.is_published = True
    project.partner.save()
    agreed.ConsultationFactory(project=project, people=23, women=21, asked="<b>Une caisse</b>")
    agreed.JointPartnerFactory(project=project, partner=PartnerFactory(name="Zeta", is_published=False))

    shown = client.get(project.partner.get_absolute_url()).text

    assert "23 people present" in shown
    assert "&lt;b&gt;Une caisse&lt;/b&gt;" in shown
    assert "an organisation that is not in the directory" in shown
    assert "Zeta" not in shown


def test_the_paper_of_the_public_page_names_without_a_link():
    project = factories.ProjectFactory()
    agreed.JointPartnerFactory(project=project, partner=PartnerFactory(name="Alpha", is_published=True))
    facts = figures.partner_results(project.partner)[0]

    page, paper = (
        render_to_string("public/_project.html", {"project": facts, "paper": paper}) for paper in (False, True)
    )

    assert "Alpha</a>" in page
    assert "Alpha" in paper
    assert "<a " not in paper


# --- the agreement and its calendar -------------------------------------------------------------------------------------


AGREEMENT = {"reference": "ACE/1", "signed_on": "2025-01-06", "signed_for_partner": "La présidente", "conditions": ""}


def test_an_agreement_is_written_down_and_changed(login, project, me_officer):
    client, address = login(me_officer), at("agreement_edit", project.code)

    answer = client.post(address, AGREEMENT)
    client.post(address, {**AGREEMENT, "conditions": "Publier.", "seen": 0})
    late = client.post(address, {**AGREEMENT, "conditions": "Autre chose.", "seen": 0})

    assert answer.url == at("agreement", project.code)
    assert Agreement.objects.get().conditions == "Publier."
    assert late.status_code == 409
    assert "Autre chose." in late.text


def test_a_reference_stands_once(login, project, me_officer):
    agreed.AgreementFactory(reference="ACE/1")

    answer = login(me_officer).post(at("agreement_edit", project.code), AGREEMENT)

    assert answer.status_code == 422
    assert "This reference is taken by another agreement." in answer.text


def test_a_payment_is_planned_and_removed(login, line, me_officer):
    client, code = login(me_officer), line.agreement.project.code
    period = factories.PeriodFactory(project=line.agreement.project)
    values = {"amount": "4 500,50", "currency": "CDF", "planned_on": "2025-06-01", "after_period": period.pk}

    client.post(at("installment_add", code), {**values, "condition": "Compte ouvert"})

    added = Installment.objects.get(number=2)
    assert (added.amount, added.currency, added.after_period) == (Decimal("4500.50"), "CDF", period)
    client.post(at("installment_remove", code, 2))
    agreed.DisbursementFactory(installment=line)
    refused = client.post(at("installment_remove", code, 1))
    assert refused.status_code == 403
    assert Installment.objects.get() == line


@pytest.mark.parametrize("amount", ["0", "-5", "981.528", "abc", "9" * 13])
def test_an_amount_that_is_none_is_asked_back(login, line, me_officer, amount):
    values = {"amount": amount, "currency": "USD", "planned_on": "2025-06-01"}

    answer = login(me_officer).post(at("installment_add", line.agreement.project.code), values)

    assert answer.status_code == 422
    assert Installment.objects.count() == 1


def test_a_payment_does_not_wait_for_another_projects_period(login, line, me_officer):
    values = {"amount": "5", "currency": "USD", "planned_on": "2025-06-01"}
    address = at("installment_add", line.agreement.project.code)

    answer = login(me_officer).post(address, {**values, "after_period": factories.PeriodFactory().pk})

    assert answer.status_code == 422


def test_nothing_is_planned_before_the_agreement(login, project, me_officer):
    client = login(me_officer)

    assert "No agreement yet" in client.get(at("agreement", project.code)).text
    assert client.get(at("installment_add", project.code)).status_code == 404
    assert client.post(at("installment_remove", project.code, 1)).status_code == 404
    assert client.get(at("disbursement_propose", project.code, 1)).status_code == 404


@pytest.mark.parametrize("who", ["reviewer", "approver"])
@pytest.mark.parametrize("name", ["agreement_edit", "installment_add", "consultation_add", "joint_add"])
def test_forms_explain_to_other_roles(login, line, who, name, request):
    answer = login(request.getfixturevalue(who)).get(at(name, line.agreement.project.code))

    assert "Only a monitoring officer can change a project" in answer.text
    assert "<form method=" not in answer.text.partition("<main")[2]


def test_a_budget_line_has_its_area(login, project, me_officer):
    client, address = login(me_officer), at("budget_line_add", project.code)
    factories.ProjectAreaFactory(project=project, area="savings")
    line = {"code": "A1", "label": "Formation", "amount": "100", "currency": "USD"}

    assert '<option value="savings" selected' in client.get(address).text
    assert client.post(address, {**line, "area": "children"}).status_code == 422
    client.post(address, {**line, "area": "savings"})
    factories.ProjectAreaFactory(project=project, area="children")

    assert project.budget_lines.get().area == "savings"
    assert '<option value="savings" selected' not in client.get(address).text


# --- the money page -------------------------------------------------------------------------------------------------------


def test_staff_read_why_a_payment_waits(login, line, me_officer, approver, reviewer, other_reviewer):
    hit = hit_on(line.agreement.project.partner)
    HoldFactory(partner=line.agreement.project.partner, reason="Une pièce manque.")
    address = at("agreement", line.agreement.project.code)

    for user in (me_officer, approver):
        shown = login(user).get(address).text
        assert "2 reasons why it waits" in shown
        assert "A name resembles one on a sanctions list" in shown
        assert at("disbursement_propose", line.agreement.project.code, 1) not in shown
    Hold.objects.all().delete()
    settled(hit, reviewer, other_reviewer)
    assert at("disbursement_propose", line.agreement.project.code, 1) in login(me_officer).get(address).text
    assert at("disbursement_propose", line.agreement.project.code, 1) not in login(approver).get(address).text


def test_the_organisation_reads_what_is_needed_and_no_match(login, line, member):
    partner = line.agreement.project.partner
    hit_on(partner)
    HoldFactory(partner=partner, reason="Une pièce manque.")
    agreed.DisbursementFactory(installment=line, note="Note interne", status="cancelled")

    shown = login(member).get(own(line.agreement.project)).text

    assert "Une pièce manque." in shown
    assert "ACE is still checking some points" in shown
    assert "sanctions" not in shown
    assert "Note interne" not in shown
    assert "<button" not in shown.partition("<main")[2]


def test_the_organisation_reads_what_was_paid_and_not_what_is_being_decided(login, line, member):
    paid = agreed.InstallmentFactory(agreement=line.agreement)
    agreed.PaidFactory(installment=paid, payment_reference="VIR-88")
    agreed.DisbursementFactory(installment=line)

    shown = login(member).get(own(line.agreement.project)).text

    assert "VIR-88" in shown
    assert "Not paid yet" in shown
    assert "Waits for a second person" not in shown


def test_both_project_pages_lead_to_the_money(login, line, reviewer, member):
    project = line.agreement.project

    assert at("agreement", project.code) in login(reviewer).get(at("project", project.code)).text
    assert own(project) in login(member).get(reverse("impact_space:project", args=[project.code])).text


# --- payments ---------------------------------------------------------------------------------------------------------------


def test_a_payment_from_the_proposal_to_the_money(login, line, me_officer, approver):
    officer, direction, code = login(me_officer), login(approver), line.agreement.project.code

    answer = officer.post(at("disbursement_propose", code, 1), {"amount": "5 000", "note": "Reçu vu."})
    row = Disbursement.objects.get()
    assert answer.url == at("disbursement", row.pk)
    assert "You" not in direction.get(answer.url).text.partition("Approve this payment")[2].partition("</section>")[0]
    direction.post(at("disbursement_approve", row.pk), {"seen": 0})
    today = timezone.localdate()
    officer.post(
        at("disbursement_pay", row.pk), {"paid_on": today.isoformat(), "payment_reference": "VIR-7", "seen": 1}
    )

    row.refresh_from_db()
    assert (row.status, row.approved_by, row.paid_on) == ("paid", approver, today)
    shown = officer.get(answer.url).text
    assert all(words in shown for words in ("VIR-7", "Payment made", "Payment approved", "Payment proposed"))


def test_who_proposed_reads_that_another_has_to_approve(login, line, me_officer):
    row = agreed.DisbursementFactory(installment=line, proposed_by=me_officer)

    client = login(me_officer)
    shown = client.get(at("disbursement", row.pk)).text
    refused = client.post(at("disbursement_approve", row.pk), {"seen": 0})

    assert "Your role does not allow this step" in shown
    assert refused.status_code == 403
    assert Disbursement.objects.get().status == "proposed"


def test_a_condition_is_confirmed(login, line, me_officer):
    Installment.objects.update(condition="Compte ouvert")
    client, address = login(me_officer), at("disbursement_propose", line.agreement.project.code, 1)

    missing = client.post(address, {"amount": "5000"})
    client.post(address, {"amount": "5000", "is_met": "on"})

    assert missing.status_code == 422
    assert "Money leaves once the condition is met" in missing.text
    assert Disbursement.objects.count() == 1


def test_more_than_planned_is_asked_back(login, line, me_officer):
    answer = login(me_officer).post(at("disbursement_propose", line.agreement.project.code, 1), {"amount": "5000,01"})

    assert answer.status_code == 422
    assert "This is more than the calendar plans for this payment." in answer.text


def test_a_blocked_payment_is_refused_with_its_reasons_and_the_typed_text(login, line, me_officer):
    HoldFactory(partner=line.agreement.project.partner, reason="Une pièce manque.")

    address = at("disbursement_propose", line.agreement.project.code, 1)
    answer = login(me_officer).post(address, {"amount": "5000"})

    assert answer.status_code == 403
    assert "Une pièce manque." in answer.text
    assert not Disbursement.objects.exists()


@pytest.mark.parametrize("step", ["propose", "approve", "pay"])
def test_a_match_found_by_the_step_stays_although_the_step_is_refused(login, line, me_officer, approver, step):
    partner = line.agreement.project.partner
    PersonFactory(partner=partner, surname="Kabwe", first_name="Marie")
    entry(edition(), "Marie KABWE")
    if step == "propose":
        user, address, data = me_officer, at("disbursement_propose", line.agreement.project.code, 1), {"amount": "5"}
    elif step == "approve":
        row = agreed.DisbursementFactory(installment=line)
        user, address, data = approver, at("disbursement_approve", row.pk), {"seen": 0}
    else:
        row = agreed.ApprovedFactory(installment=line)
        data = {"seen": 0, "paid_on": timezone.localdate().isoformat(), "payment_reference": "V"}
        user, address = me_officer, at("disbursement_pay", row.pk)
    before = list(Disbursement.objects.values_list("status", flat=True))
    client = login(user)

    answer = client.post(address, data)

    assert answer.status_code == 302
    assert ScreeningHit.objects.get().partner == partner
    assert Screening.objects.count() == 1
    assert list(Disbursement.objects.values_list("status", flat=True)) == before
    assert "no money leaves before that is settled" in client.get(answer.url).text


def test_a_clean_screening_does_not_stand_between_the_officer_and_the_step(login, line, me_officer):
    edition()
    client, address = login(me_officer), at("disbursement_propose", line.agreement.project.code, 1)

    assert 'name="amount"' in client.get(address).text
    assert client.post(address, {"amount": "5000"}).status_code == 302
    assert Disbursement.objects.count() == 1


@pytest.mark.parametrize(
    ("paid_on", "sentence"),
    [
        (timezone.localdate() + timedelta(days=1), "The day of the payment cannot be in the future."),
        (date(2024, 1, 1), "it cannot be older"),
    ],
)
def test_a_day_of_payment_that_cannot_be(login, line, me_officer, paid_on, sentence):
    row = agreed.ApprovedFactory(installment=line)
    data = {"seen": 0, "paid_on": paid_on.isoformat(), "payment_reference": "VIR-7"}

    answer = login(me_officer).post(at("disbursement_pay", row.pk), data)

    assert answer.status_code == 403
    assert sentence in answer.text


def test_a_payment_is_given_up_with_its_reason(login, line, approver):
    row = agreed.DisbursementFactory(installment=line)
    client, address = login(approver), at("disbursement_cancel", row.pk)

    assert client.post(address, {"seen": 0, "reason": ""}).status_code == 422
    client.post(address, {"seen": 0, "reason": "Le compte a changé."})

    assert Disbursement.objects.get().status == "cancelled"
    assert "Le compte a changé." in client.get(at("disbursement", row.pk)).text
    assert client.get(address).status_code == 200


def test_a_stale_step_says_who_was_quicker(login, line, approver):
    row = agreed.DisbursementFactory(installment=line, lock_version=1)

    assert login(approver).post(at("disbursement_approve", row.pk), {"seen": 0}).status_code == 409


def test_the_auditor_with_a_grant_reads_and_takes_no_step(login, line, auditor):
    row = agreed.DisbursementFactory(installment=line)
    GrantFactory(user=auditor, partner=line.agreement.project.partner)
    client = login(auditor)

    shown = client.get(at("disbursement", row.pk)).text
    refused = client.post(at("disbursement_approve", row.pk), {"seen": 0})

    assert "Your role does not allow this step" in shown
    assert refused.status_code == 403


# --- the list ---------------------------------------------------------------------------------------------------------------


def order_of(answer):
    return [row for row, _tone in answer.context["shown"]]


def test_what_waits_for_the_direction_stands_first(login, line, approver):
    agreement, moment = line.agreement, timezone.now()
    rows = agreed.InstallmentFactory.create_batch(4, agreement=agreement)
    paid = agreed.PaidFactory(installment=rows[0], proposed_at=moment - timedelta(days=9))
    newer = agreed.DisbursementFactory(installment=rows[1], proposed_at=moment)
    approved = agreed.ApprovedFactory(installment=rows[2], proposed_at=moment - timedelta(days=5))
    older = agreed.DisbursementFactory(installment=rows[3], proposed_at=moment - timedelta(days=2))

    answer = login(approver).get(at("disbursement_list"))

    assert order_of(answer) == [older, newer, approved, paid]


def test_the_list_is_narrowed_by_state_and_organisation(login, line, approver):
    mine = agreed.DisbursementFactory(installment=line)
    agreed.PaidFactory(installment=agreed.InstallmentFactory(agreement=line.agreement))
    other = agreed.DisbursementFactory()
    client, slug = login(approver), line.agreement.project.partner.slug

    assert order_of(client.get(at("disbursement_list"), {"statut": "proposed"})) == [mine, other]
    assert order_of(client.get(at("disbursement_list"), {"statut": "proposed", "partenaire": slug})) == [mine]


def test_the_list_is_cut_into_pages_that_keep_the_filter(login, line, approver):
    rows = agreed.InstallmentFactory.create_batch(21, agreement=line.agreement)
    for row in rows:
        agreed.DisbursementFactory(installment=row)
    client = login(approver)

    first = client.get(at("disbursement_list"), {"statut": "proposed"})
    second = client.get(at("disbursement_list"), {"statut": "proposed", "page": 2})

    assert (len(order_of(first)), len(order_of(second))) == (20, 1)
    assert "statut=proposed&amp;page=2" in first.text


def test_an_auditor_lists_what_a_grant_opens(login, line, auditor):
    mine = agreed.DisbursementFactory(installment=line)
    agreed.DisbursementFactory()
    GrantFactory(user=auditor, partner=line.agreement.project.partner)

    answer = login(auditor).get(at("disbursement_list"))

    assert order_of(answer) == [mine]
    assert [str(partner) for partner in answer.context["filter"].form.fields["partenaire"].queryset] == [
        str(line.agreement.project.partner)
    ]


def test_the_direction_finds_a_proposal_in_its_work(login, line, approver, me_officer):
    row = agreed.DisbursementFactory(installment=line)

    assert at("disbursement", row.pk) in login(approver).get(reverse("desk:team")).text
    assert at("disbursement", row.pk) not in login(me_officer).get(reverse("desk:team")).text


# --- how often the pages ask --------------------------------------------------------------------------------------------------


def more_rows(line):
    project = line.agreement.project
    for _each in range(2):
        row = agreed.InstallmentFactory(agreement=line.agreement, after_period=factories.PeriodFactory(project=project))
        factories.ReportFactory(period=row.after_period)
        agreed.DisbursementFactory(installment=row, status="cancelled")
        agreed.ApprovedFactory(installment=row)
        agreed.ConsultationFactory(project=project)
        agreed.JointPartnerFactory(project=project)
        factories.BudgetLineFactory(project=project)


@pytest.mark.parametrize("page", ["agreement", "own", "list", "project", "own_project"])
def test_as_many_queries_for_three_rows_as_for_one(
    login, line, me_officer, member, page, django_assert_max_num_queries
):
    project = line.agreement.project
    line.after_period = factories.PeriodFactory(project=project)
    line.save()
    factories.ReportFactory(period=line.after_period)
    agreed.DisbursementFactory(installment=line, status="cancelled")
    agreed.DisbursementFactory(installment=line)
    agreed.ConsultationFactory(project=project)
    agreed.JointPartnerFactory(project=project)
    factories.BudgetLineFactory(project=project)
    client, address = {
        "agreement": (login(me_officer), at("agreement", project.code)),
        "own": (login(member), own(project)),
        "list": (login(me_officer), at("disbursement_list")),
        "project": (login(me_officer), at("project", project.code)),
        "own_project": (login(member), reverse("impact_space:project", args=[project.code])),
    }[page]

    def count():
        with django_assert_max_num_queries(80) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    count()
    one = count()
    more_rows(line)

    assert count() == one
