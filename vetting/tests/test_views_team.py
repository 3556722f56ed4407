"""ACE's pages: the examiner's road, closed doors, papers, and how many queries a page costs."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ace_partners.core.models import OutgoingMail
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import UserFactory
from partners.tests.factories import DocumentFactory, GrantFactory, PartnerFactory
from vetting import actions
from vetting.models import Decision, DossierStatus, Finding
from vetting.tests.factories import (
    DossierFactory,
    assessed,
    current,
    decided,
    editor_of,
    in_review,
    opened,
    proposed,
    signatory_of,
    submitted,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(english):
    """Sentences are compared as they are written in the code."""


def url(name, *args):
    return reverse(name, args=args)


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def by_member(row):
    return row.versions.first().submitted_by


# --- ACE's road ---------------------------------------------------------------------------------------------------


def test_the_examiners_road_in_few_taps(login, reviewer, approver):
    dossier = submitted(opened(reviewer))
    client = login(reviewer)
    page = url("vetting:assessment", dossier.pk)

    client.post(url("vetting:take", dossier.pk), {"seen": dossier.lock_version})
    client.post(url("vetting:declare", dossier.pk), {"has_link": "no"})
    for item in dossier.items:
        values = {f"{item.code}-seen": 0, f"{item.code}-answer": "met", f"{item.code}-reason": "Vu."}
        saved = client.post(url("vetting:finding", dossier.pk, item.code), values)
        assert saved["Location"] == f"{page}#{item.code}"
    assert "version 1 examined" in text_of(client.get(page))
    seen = current(dossier).lock_version
    values = {"seen": seen, "outcome": "approved", "valid_until": timezone.localdate() + timedelta(days=300)}
    values |= {f"reason_C{n}": f"Motif {n}." for n in (1, 2, 3, 4)}
    preview = client.post(url("vetting:propose", dossier.pk), values)
    assert preview.status_code == 200
    assert "The letter, exactly as it will be sent" in text_of(preview)
    assert current(dossier).status == DossierStatus.IN_REVIEW
    read = preview.context["read"]
    client.post(url("vetting:propose", dossier.pk), {**values, "read": read})
    assert current(dossier).status == DossierStatus.PROPOSED

    second = login(approver)
    second.post(url("vetting:declare", dossier.pk), {"has_link": "no"})
    response = second.post(url("vetting:approve", dossier.pk), {"seen": current(dossier).lock_version})

    decision = Decision.objects.get()
    assert response["Location"] == url("vetting:decision", decision.pk)
    assert (decision.outcome, decision.letter) == ("approved", preview.context["letter"])


def test_a_changed_letter_is_shown_again_before_it_leaves(login, reviewer):
    dossier = assessed(in_review(reviewer), reviewer)
    client = login(reviewer)
    values = {"seen": dossier.lock_version, "outcome": "approved", "valid_until": "2027-01-01"}
    values["valid_until"] = (timezone.localdate() + timedelta(days=300)).isoformat()
    values |= {f"reason_C{n}": f"Motif {n}." for n in (1, 2, 3, 4)}
    read = client.post(url("vetting:propose", dossier.pk), values).context["read"]

    again = client.post(url("vetting:propose", dossier.pk), {**values, "reason_C1": "Autre.", "read": read})

    assert again.status_code == 200
    assert "Autre." in again.context["letter"]
    assert dossier.proposals.count() == 0


def test_propose_offers_only_what_the_findings_allow(login, reviewer):
    dossier = assessed(in_review(reviewer), reviewer, C1_4="not_met")

    form = login(reviewer).get(url("vetting:propose", dossier.pk)).context["form"]

    assert [code for code, _label in form.fields["outcome"].choices] == ["declined", "excluded"]
    assert form["outcome"].value() is None


def test_nothing_is_preselected_and_knock_outs_cannot_be_waived(login, reviewer):
    dossier = in_review(reviewer)

    page = login(reviewer).get(url("vetting:assessment", dossier.pk))

    forms = page.context["forms"]
    assert all(form["answer"].value() is None for form in forms.values())
    assert " checked" not in page.content.decode()
    offered = {code: [value for value, _label in form.fields["answer"].choices] for code, form in forms.items()}
    assert offered["C1.4"] == ["met", "partial", "not_met"]
    assert offered["C1.2"] == ["met", "partial", "not_met", "not_applicable"]


def test_a_finding_without_reason_comes_back_alone_with_what_was_typed(login, reviewer):
    dossier = in_review(reviewer)
    values = {"C1.2-seen": 0, "C1.2-answer": "met", "C1.2-reason": ""}

    response = login(reviewer).post(url("vetting:finding", dossier.pk, "C1.2"), values)

    assert response.status_code == 422
    assert "Give your reason in a sentence." in text_of(response)
    assert response.context["form"]["answer"].value() == "met"
    assert Finding.objects.count() == 0


def test_a_finding_relies_on_pages(login, reviewer):
    dossier = opened(reviewer)
    signatory = signatory_of(dossier.partner)
    sent = dossier.partner.documents.get()
    other = DocumentFactory(partner=dossier.partner, title="Visite")
    actions.attach_evidence(dossier.answers.first(), sent, by=signatory)
    dossier = submitted(dossier, by=signatory)
    dossier = actions.take(dossier, by=reviewer, seen=dossier.lock_version)
    actions.declare(dossier, by=reviewer, has_link=False)
    values = {"C1.2-seen": 0, "C1.2-answer": "met", "C1.2-reason": "Vu.", f"C1.2-page_{sent.pk}": "4"}
    values |= {"C1.2-other": other.pk, "C1.2-other_page": "1"}

    login(reviewer).post(url("vetting:finding", dossier.pk, "C1.2"), values)

    rows = Finding.objects.get().evidence.order_by("pk")
    assert [(row.document, row.page) for row in rows] == [(sent, "4"), (other, "1")]


def test_requests_are_written_and_sent(login, reviewer):
    dossier = in_review(reviewer)
    client = login(reviewer)

    client.post(url("vetting:request_item", dossier.pk, "C1.2"), {"remark": "Le PV de 2025."})
    page = text_of(client.get(url("vetting:request_send", dossier.pk)))
    values = {"seen": dossier.lock_version, "due_on": "2999-01-01"}
    client.post(url("vetting:request_send", dossier.pk), values)

    assert "Le PV de 2025." in page
    assert current(dossier).status == DossierStatus.CHANGES_REQUESTED
    mail = OutgoingMail.objects.get(kind="vetting/email/changes_requested")
    assert "Le PV de 2025." in mail.body


def test_send_back_and_withdraw_ask_why(login, reviewer, approver):
    dossier = proposed(reviewer)
    actions.declare(dossier, by=approver, has_link=False)
    client = login(approver)
    address = url("vetting:send_back", dossier.pk)

    silent = client.post(address, {"seen": dossier.lock_version, "reason": ""})
    back = client.post(address, {"seen": dossier.lock_version, "reason": "Voir C1.2."})
    dossier = current(dossier)
    gone = login(reviewer).post(
        url("vetting:withdraw", dossier.pk), {"seen": dossier.lock_version, "reason": "À sa demande."}
    )

    assert (silent.status_code, back.status_code, gone.status_code) == (422, 302, 302)
    assert current(dossier).status == DossierStatus.WITHDRAWN


def test_a_signatory_withdraws_in_its_own_space(login, reviewer):
    dossier = opened(reviewer)
    signatory = signatory_of(dossier.partner)

    login(signatory).post(url("vetting_space:withdraw", dossier.pk), {"seen": 0, "reason": "Plus le moment."})

    assert current(dossier).status == DossierStatus.WITHDRAWN


def test_an_old_page_is_stale(login, reviewer, other_reviewer):
    dossier = submitted(opened(reviewer))
    actions.take(dossier, by=other_reviewer, seen=dossier.lock_version)

    response = login(reviewer).post(url("vetting:take", dossier.pk), {"seen": dossier.lock_version})

    assert response.status_code == 409
    assert str(other_reviewer) in text_of(response)
    assert current(dossier).assigned_to == other_reviewer


def test_approve_refused_is_a_page_with_the_reasons(login, reviewer, approver):
    dossier = proposed(reviewer)

    response = login(approver).post(url("vetting:approve", dossier.pk), {"seen": dossier.lock_version})

    assert response.status_code == 403
    assert "First declare whether you have a link with this organisation." in text_of(response)
    assert Decision.objects.count() == 0


def test_give_back_to_the_pool(login, reviewer):
    dossier = in_review(reviewer)

    login(reviewer).post(url("vetting:release", dossier.pk), {"seen": dossier.lock_version})

    assert (current(dossier).status, current(dossier).assigned_to) == (DossierStatus.SUBMITTED, None)


# --- closed doors ------------------------------------------------------------------------------------------------

TEAM_PAGES = ["assessment", "propose", "second_look", "send_back", "request_send", "withdraw", "assessment_pdf"]


@pytest.mark.parametrize("name", TEAM_PAGES)
@pytest.mark.parametrize("role", [Role.SIGNATORY, Role.ME_OFFICER, Role.ADMIN, Role.AUDITOR])
def test_examination_is_closed(login, reviewer, name, role):
    dossier = in_review(reviewer)
    user = by_member(dossier) if role == Role.SIGNATORY else UserFactory(roles=[role])

    assert login(user).get(url(f"vetting:{name}", dossier.pk)).status_code == 404


def test_an_auditor_with_a_grant_reads_the_examination(login, reviewer, auditor):
    dossier = in_review(reviewer)
    GrantFactory(user=auditor, partner=dossier.partner)

    response = login(auditor).get(url("vetting:assessment", dossier.pk))

    assert (response.status_code, response.context["forms"]) == (200, {})


@pytest.mark.parametrize("name", ["dossier", "check", "withdraw"])
def test_another_organisations_dossier_does_not_exist(login, reviewer, name):
    dossier = opened(reviewer)
    stranger = signatory_of(PartnerFactory())

    assert login(stranger).get(url(f"vetting_space:{name}", dossier.pk)).status_code == 404


def test_another_organisations_decision_does_not_exist(login, reviewer, approver):
    decision = decided(reviewer, approver)
    stranger = login(signatory_of(PartnerFactory()))

    pages = ["vetting_space:decision", "vetting_space:decision_pdf", "vetting:decision", "vetting:decision_pdf"]
    assert [stranger.get(url(page, decision.pk)).status_code for page in pages] == [404] * 4


def test_an_item_that_is_not_asked_does_not_exist(login, reviewer):
    dossier = opened(reviewer, organisation_type="cbo")

    assert login(reviewer).get(url("vetting_space:answer", dossier.pk, "C1.9")).status_code == 404


# --- papers ------------------------------------------------------------------------------------------------------


def test_papers_are_downloaded(login, reviewer, approver):
    decision = decided(reviewer, approver)
    member, ace = login(by_member(decision.dossier)), login(reviewer)

    letter = member.get(url("vetting_space:decision_pdf", decision.pk))
    whole = ace.get(url("vetting:assessment_pdf", decision.dossier_id))

    assert (letter["Content-Type"], letter.content[:5]) == ("application/pdf", b"%PDF-")
    assert (whole["Content-Type"], whole.content[:5]) == ("application/pdf", b"%PDF-")


# --- lists and queries ---------------------------------------------------------------------------------------------


def test_the_list_filters_by_query_string(login, reviewer):
    wanted = DossierFactory(status="submitted", partner__name="Amani Élevage")
    DossierFactory(status="submitted", partner__name="Umoja")
    DossierFactory(partner__name="Amani Savon")

    page = login(reviewer).get(url("vetting:dossier_list"), {"q": "elevage", "status": "submitted", "mine": "nobody"})

    assert list(page.context["page_obj"]) == [wanted]


def test_the_list_has_twenty_a_page(login, reviewer):
    DossierFactory.create_batch(21)

    page = login(reviewer).get(url("vetting:dossier_list"), {"status": "collecting"})

    assert len(page.context["page_obj"]) == 20
    assert "?status=collecting&amp;page=2" in page.content.decode()


@pytest.fixture
def cost(login, django_assert_max_num_queries):
    """The number of queries of one page; what every page costs (session, account, navigation) is in it."""

    def count(user, address):
        client = login(user)
        with django_assert_max_num_queries(45) as found:
            assert client.get(address).status_code == 200
        return len(found)

    return count


def test_dossier_list_costs_the_same_for_one_row_as_for_three(reviewer, cost):
    DossierFactory()
    one = cost(reviewer, url("vetting:dossier_list"))
    DossierFactory.create_batch(2)

    assert cost(reviewer, url("vetting:dossier_list")) == one


PAGES = [
    "vetting:assessment",
    "vetting:second_look",
    "vetting:request_send",
    "vetting_space:dossier",
    "vetting_space:check",
]


@pytest.mark.parametrize("name", PAGES)
def test_pages_cost_the_same_for_one_row_as_for_three(reviewer, cost, name):
    one, three = (with_rows(reviewer, rows) for rows in (1, 3))

    assert cost(reviewer, url(name, one.pk)) == cost(reviewer, url(name, three.pk))


def with_rows(reviewer, rows):
    """A dossier in review with that many documents on two answers, findings relying on each, and requests."""
    dossier = opened(reviewer)
    signatory = signatory_of(dossier.partner)
    documents = [dossier.partner.documents.get(), *DocumentFactory.create_batch(rows - 1, partner=dossier.partner)]
    for answer in list(dossier.answers.all())[:2]:
        for document in documents:
            actions.attach_evidence(answer, document, by=signatory)
    dossier = submitted(dossier, by=signatory)
    dossier = actions.take(dossier, by=reviewer, seen=dossier.lock_version)
    actions.declare(dossier, by=reviewer, has_link=False)
    evidence = [(document, "1") for document in documents]
    # C1.4 asks the screening too, whatever the number of rows.
    for item in [item for item in dossier.items if item.code != "C1.4"][:rows]:
        actions.save_finding(dossier, item, by=reviewer, answer="met", reason="Vu.", evidence=evidence)
        actions.request_item(dossier, item, by=reviewer, remark="Encore ?")
    return dossier


def test_answer_page_costs_the_same_for_one_document_as_for_three(reviewer, cost):
    dossier = opened(reviewer)
    editor = editor_of(dossier.partner)
    answer, address = dossier.answers.first(), url("vetting_space:answer", dossier.pk, "C1.2")
    actions.attach_evidence(answer, dossier.partner.documents.get(), by=editor)
    one = cost(editor, address)
    for document in DocumentFactory.create_batch(2, partner=dossier.partner):
        actions.attach_evidence(answer, document, by=editor)

    assert cost(editor, address) == one


def test_decision_page_costs_the_same_for_one_condition_as_for_three(reviewer, approver, cost):
    decision = decided(reviewer, approver)
    address = url("vetting:decision", decision.pk)
    first, *others = list(decision.dossier.items)[:3]
    decision.conditions.create(item=first, action="Agir", due_on=timezone.localdate())
    one = cost(reviewer, address)
    for item in others:
        decision.conditions.create(item=item, action="Agir", due_on=timezone.localdate())

    assert cost(reviewer, address) == one
