"""The pages of evidence: what is typed, refused, shown, and what it costs."""

import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from ace_partners.core.tests.factories import PDF_BYTES
from partners.models import Document
from partners.tests.factories import DocumentFactory, DocumentTypeFactory, PartnerFactory
from vetting import actions
from vetting.actions import evidence
from vetting.models import EvidenceRenewal, OtherAssessment
from vetting.tests.factories import (
    ITEMS,
    ChecklistFactory,
    DecisionFactory,
    answered,
    editor_of,
    opened,
    signatory_of,
    submitted,
    taken,
    viewer_of,
)
from vetting.tests.factories_evidence import OtherAssessmentFactory, ending, is_held, lapsed_finding, resting_on

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def _english(english):
    """Sentences are compared as they are written in the code."""


def url(name, *args):
    return reverse(name, args=args)


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def pills(response):
    """The codes of all pills of validity on a page, in order."""
    codes = re.findall(r'data-code="(\w+)"', response.content.decode())
    return [code for code in codes if code in {"valid", "due_soon", "expired", "no_end", "undated", "not_accepted"}]


# --- the answer --------------------------------------------------------------------------------------------------


def test_the_reason_of_absence_is_kept_and_shown_to_the_examiner(login, reviewer):
    dossier = opened(reviewer)
    signatory = signatory_of(dossier.partner)
    answered(dossier, signatory)
    address = url("vetting_space:answer", dossier.pk, "C1.2")

    response = login(signatory).post(address, {"seen": 1, "text": "", "absence": f"Au greffe {HOSTILE}"})
    actions.submit(dossier, by=signatory, seen=0)
    page = login(reviewer).get(url("vetting:assessment", dossier.pk))

    assert response.status_code == 302
    assert "Missing paper: Au greffe &lt;script&gt;" in text_of(page)
    assert "Missing paper: Au greffe" in text_of(login(signatory).get(address))


def test_an_absence_typed_on_a_stale_page_comes_back(login, reviewer):
    dossier = opened(reviewer)
    actions.save_answer(dossier.answers.first(), by=reviewer, seen=0, text="Saisi par ACE", absence="Attendu")
    address = url("vetting_space:answer", dossier.pk, "C1.2")

    response = login(editor_of(dossier.partner)).post(address, {"seen": 0, "text": "", "absence": "Notre raison"})

    assert response.status_code == 409
    assert "Notre raison" in text_of(response)
    assert dossier.answers.first().absence == "Attendu"


def test_an_item_that_asks_for_no_paper_has_no_field_for_its_absence(login, reviewer):
    ChecklistFactory(items={**ITEMS, "C1.2": {**ITEMS["C1.2"], "documents": []}})
    dossier = opened(reviewer)
    client = login(editor_of(dossier.partner))

    forms = [client.get(url("vetting_space:answer", dossier.pk, code)).context["form"] for code in ("C1.2", "C1.4")]

    assert [list(form.fields) for form in forms] == [["seen", "text"], ["seen", "text", "absence"]]


def test_a_type_that_is_no_longer_accepted_is_not_named_among_those_that_serve(login, reviewer):
    ChecklistFactory(items={**ITEMS, "C1.2": {**ITEMS["C1.2"], "documents": ["STATUTS", "F92"]}})
    DocumentTypeFactory(code="F92", name_en="Folio 92", validity="not_accepted")
    dossier = opened(reviewer)

    page = login(editor_of(dossier.partner)).get(url("vetting_space:answer", dossier.pk, "C1.2"))

    assert [kind.code for kind in page.context["types"]] == ["STATUTS"]
    assert "Folio 92" not in text_of(page)


def test_the_fields_stay_in_their_limits(login, reviewer):
    dossier = opened(reviewer)
    address = url("vetting_space:answer", dossier.pk, "C1.2")

    response = login(editor_of(dossier.partner)).post(address, {"seen": 0, "text": "", "absence": "x" * 1001})

    assert response.status_code == 422
    assert dossier.answers.first().absence == ""


def test_a_new_file_needs_the_dates_of_its_type(login, reviewer):
    dossier = opened(reviewer)
    kind = DocumentTypeFactory()
    kind.validity, kind.months = "max_age", 12
    kind.save()
    client = login(editor_of(dossier.partner))
    address = url("vetting_space:evidence_add", dossier.pk, "C1.2")

    def send(**dates):
        upload = SimpleUploadedFile("pv.pdf", PDF_BYTES, "application/pdf")
        return client.post(address, {"upload": upload, "type": kind.pk, **dates})

    assert "Write the date of issue: this paper counts for 12 months after it." in text_of(send())
    assert "The date of issue lies in the future" in text_of(send(issued_on="2999-01-01"))
    unreadable = send(issued_on="31/31/2020")
    assert len(unreadable.context["form"].errors["issued_on"]) == 1
    assert Document.objects.filter(type=kind).count() == 1  # the one of the factory
    lapsed = send(issued_on="2019-01-01")
    assert lapsed.status_code == 302
    assert "This paper has lapsed" in text_of(client.get(lapsed["Location"]))


def test_what_a_paper_counts_for_stands_where_it_is_chosen_and_where_it_is_listed(login, reviewer):
    dossier = opened(reviewer)
    old = ending(dossier.partner, -1, title="Vieil arrêté")
    client = login(editor_of(dossier.partner))

    choices = client.get(url("vetting_space:evidence_add", dossier.pk, "C1.2")).content.decode()
    actions.attach_evidence(dossier.answers.get(item__code="C1.2"), old, by=reviewer)

    assert "Vieil arrêté (expired)" in choices
    assert pills(client.get(url("vetting_space:answer", dossier.pk, "C1.2"))) == ["expired"]


def test_pills_on_the_examiners_page(login, reviewer):
    dossier = opened(reviewer)
    answer = dossier.answers.get(item__code="C1.2")
    for days in (400, 30, -1):
        actions.attach_evidence(answer, ending(dossier.partner, days), by=reviewer)
    taken(submitted(dossier), reviewer)

    page = login(reviewer).get(url("vetting:finding", dossier.pk, "C1.2"))

    assert pills(page) == ["valid", "due_soon", "expired"]


# --- assessments by other bodies ---------------------------------------------------------------------------------


def typed(**more):
    return {
        "body": "UNICEF",
        "tool": "PSEA",
        "result": "14 sur 18",
        "assessed_on": "2026-01-15",
        "source": "Bureau de Lubumbashi",
        **more,
    }


def test_a_member_notes_an_assessment_once_for_a_double_tap(login):
    partner = PartnerFactory()
    client = login(editor_of(partner))
    address = url("vetting_space:assessment_add", partner.slug)

    answers = [client.post(address, typed(), once="deux-fois") for _tap in range(2)]

    listed = url("vetting_space:assessments", partner.slug)
    assert [answer["Location"] for answer in answers] == [listed, listed]
    assert OtherAssessment.objects.get().assessed_on == date(2026, 1, 15)
    assert "14 sur 18" in text_of(client.get(listed))


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"assessed_on": "2999-01-01"}, "assessed_on", "The date of the assessment lies in the future."),
        ({"source": ""}, "source", "Say where ACE can check it"),
        ({"body": ""}, "body", "required"),
        ({"assessed_on": ""}, "assessed_on", "required"),
    ],
)
def test_what_is_wrong_comes_back_with_what_was_typed(login, values, field, words):
    partner = PartnerFactory()

    response = login(editor_of(partner)).post(
        url("vetting_space:assessment_add", partner.slug), typed(**{"result": "Faible", **values})
    )

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert words in " ".join(response.context["form"].errors[field])
    assert 'value="Faible"' in response.content.decode()
    assert OtherAssessment.objects.count() == 0


def test_another_organisations_document_is_no_choice(login):
    partner = PartnerFactory()

    response = login(editor_of(partner)).post(
        url("vetting_space:assessment_add", partner.slug), typed(document=DocumentFactory().pk)
    )

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["document"]


def test_the_approver_reads_the_list_and_why_he_adds_nothing(login, approver):
    partner = OtherAssessmentFactory().partner
    client = login(approver)

    page = client.get(url("vetting_space:assessments", partner.slug))
    refused = client.post(url("vetting_space:assessment_add", partner.slug), typed())

    assert "can note an assessment." in text_of(page)
    assert url("vetting_space:assessment_add", partner.slug) not in page.content.decode()
    assert refused.status_code == 403
    assert OtherAssessment.objects.count() == 1


def test_hostile_words_stay_words(login, reviewer):
    partner = OtherAssessmentFactory(body=HOSTILE, source=f"=cmd|{HOSTILE}").partner

    html = login(reviewer).get(url("vetting_space:assessments", partner.slug)).content.decode()

    assert HOSTILE not in html
    assert "&lt;script&gt;" in html


def test_an_assessment_is_used_beside_an_answer_and_taken_off(login, reviewer):
    dossier = opened(reviewer)
    noted = OtherAssessmentFactory(partner=dossier.partner)
    client = login(editor_of(dossier.partner))
    answer_page = url("vetting_space:answer", dossier.pk, "C1.2")

    used = client.post(url("vetting_space:reference_add", dossier.pk, "C1.2"), {"assessment": noted.pk})
    assert used["Location"] == answer_page
    assert "UNICEF" in text_of(client.get(answer_page))
    assert list(client.get(url("vetting_space:reference_add", dossier.pk, "C1.2")).context["noted"]) == []

    row = dossier.answers.get(item__code="C1.2").references.get()
    removed = client.post(url("vetting_space:reference_remove", dossier.pk, "C1.2", row.pk))
    assert removed["Location"] == answer_page
    assert "UNICEF" not in text_of(client.get(answer_page))


def test_a_new_assessment_is_noted_and_used_in_one_step(login, reviewer):
    dossier = opened(reviewer)

    response = login(editor_of(dossier.partner)).post(url("vetting_space:reference_new", dossier.pk, "C2.1"), typed())

    assert response["Location"] == url("vetting_space:answer", dossier.pk, "C2.1")
    assert dossier.answers.get(item__code="C2.1").references.get().assessment.partner == dossier.partner


def test_on_a_closed_dossier_nothing_is_noted_on_the_way(login, reviewer):
    dossier = opened(reviewer)
    signatory = signatory_of(dossier.partner)
    submitted(dossier, signatory)

    response = login(signatory).post(url("vetting_space:reference_new", dossier.pk, "C2.1"), typed())

    assert response.status_code == 403
    assert "This dossier is with ACE" in text_of(response)
    assert OtherAssessment.objects.count() == 0


def test_another_organisations_assessment_is_no_choice(login, reviewer):
    dossier = opened(reviewer)

    response = login(editor_of(dossier.partner)).post(
        url("vetting_space:reference_add", dossier.pk, "C1.2"), {"assessment": OtherAssessmentFactory().pk}
    )

    assert response.status_code == 422
    assert dossier.answers.get(item__code="C1.2").references.count() == 0


def test_a_viewer_sees_what_an_answer_leans_on_and_changes_nothing(login, reviewer):
    dossier = opened(reviewer)
    answer = dossier.answers.get(item__code="C1.2")
    row = evidence.attach_reference(answer, OtherAssessmentFactory(partner=dossier.partner), by=reviewer)
    client = login(viewer_of(dossier.partner))
    address = url("vetting_space:reference_remove", dossier.pk, "C1.2", row.pk)

    page = client.get(url("vetting_space:answer", dossier.pk, "C1.2"))

    assert "UNICEF" in text_of(page)
    assert address not in page.content.decode()
    assert client.post(address).status_code == 403
    assert answer.references.count() == 1


def test_the_examiner_sees_body_date_source_result_and_age(login, reviewer):
    dossier = opened(reviewer)
    long_ago = timezone.localdate() - timedelta(days=800)
    report = DocumentFactory(partner=dossier.partner, title="Rapport PSEA")
    old = OtherAssessmentFactory(partner=dossier.partner, assessed_on=long_ago, document=report)
    evidence.attach_reference(dossier.answers.get(item__code="C1.2"), old, by=reviewer)
    taken(submitted(dossier), reviewer)

    page = text_of(login(reviewer).get(url("vetting:finding", dossier.pk, "C1.2")))

    for words in ("UNICEF", "PSEA", "14 sur 18", "unpartnerportal", "more than 24 months ago", "Rapport PSEA"):
        assert words in page


# --- a paper accepted after a decision ---------------------------------------------------------------------------


def test_a_valid_paper_is_accepted_from_the_page_that_names_the_lapsed_one(login, reviewer):
    finding = lapsed_finding()
    partner = finding.dossier.partner
    fresh = ending(partner, 30, title="Arrêté 2027")
    client = login(reviewer)
    address = url("vetting:evidence_accept", finding.pk)
    desk = url("desk:partner", partner.slug)

    assert address in client.get(desk).content.decode()
    response = client.post(address, {"document": fresh.pk, "page": "1"}, once="une-fois")
    again = client.post(address, {"document": fresh.pk, "page": "1"}, once="une-fois")

    assert response["Location"] == again["Location"] == f"{desk}#documents"
    assert EvidenceRenewal.objects.count() == 1
    assert not is_held(partner)
    page = client.get(desk)
    assert address not in page.content.decode()
    assert "cited by C1.2 (p. 1)" in text_of(page)


def test_only_papers_that_count_are_offered(login, reviewer):
    finding = lapsed_finding()
    partner = finding.dossier.partner
    ending(partner, -3)
    ending(partner, 30, type=DocumentTypeFactory(code="AUTRE"))
    ending(PartnerFactory(), 30)
    fresh = ending(partner, 30)

    form = login(reviewer).get(url("vetting:evidence_accept", finding.pk)).context["form"]

    assert list(form.fields["document"].queryset) == [fresh]


def test_without_a_valid_paper_the_page_says_where_to_add_one(login, reviewer):
    finding = lapsed_finding()

    page = login(reviewer).get(url("vetting:evidence_accept", finding.pk))

    assert url("desk:document_enter", finding.dossier.partner.slug) in page.content.decode()
    assert 'name="page"' not in page.content.decode()


def test_paper_and_page_are_both_needed(login, reviewer):
    finding = lapsed_finding()
    ending(finding.dossier.partner, 30)

    response = login(reviewer).post(url("vetting:evidence_accept", finding.pk), {})

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"document", "page"}


def test_accepting_twice_by_two_people_says_that_nothing_is_missing(login, reviewer, other_reviewer):
    finding = lapsed_finding()
    fresh = ending(finding.dossier.partner, 30)
    address = url("vetting:evidence_accept", finding.pk)
    login(reviewer).post(address, {"document": fresh.pk, "page": "1"})

    response = login(other_reviewer).post(address, {"document": fresh.pk, "page": "1"})

    assert response.status_code == 403
    assert "No key paper of this finding has lapsed: nothing has to be replaced." in text_of(response)


def test_the_auditor_reads_and_the_organisation_finds_nothing(login, auditor, reviewer):
    finding = lapsed_finding()
    address = url("vetting:evidence_accept", finding.pk)

    assert login(auditor).get(address).status_code == 404
    assert login(signatory_of(finding.dossier.partner)).get(address).status_code == 404


# --- the documents of a file -------------------------------------------------------------------------------------


def test_older_versions_are_folded_newest_first(login, reviewer):
    partner = PartnerFactory()
    first = ending(partner, -900, title="Version un")
    second = ending(partner, -400, title="Version deux", replaces=first)
    ending(partner, 400, title="Version trois", replaces=second)
    ending(partner, 400, title="Seule")

    for user, address in (
        (reviewer, url("desk:partner", partner.slug)),
        (editor_of(partner), url("desk:document_list", partner.slug)),
    ):
        html = login(user).get(address).content.decode()
        folded = re.findall(r"<details><summary[^>]*>\s*\d+ earlier versions?.*?</details>", html, re.DOTALL)
        assert re.findall(r"Version \w+</a>", "".join(folded)) == ["Version deux</a>", "Version un</a>"]
        assert len(folded) == 1
        assert pills(login(user).get(address))[:2] == ["valid", "valid"]


def test_a_file_says_what_cites_it_to_those_who_read_findings_alone(login, reviewer, me_officer):
    decision = DecisionFactory()
    partner = decision.partner
    older = ending(partner, -1)
    resting_on(decision, "C1.2", older)
    newer = ending(partner, 30, replaces=older)
    resting_on(decision, "C2.1", newer, page="")
    address = url("desk:partner", partner.slug)

    page = text_of(login(reviewer).get(address))

    assert "cited by C2.1" in page
    assert "cited by C1.2 (p. 3)" in page
    assert "cited by" not in text_of(login(me_officer).get(address))
    assert "cited by" not in text_of(login(editor_of(partner)).get(url("desk:document_list", partner.slug)))


# --- cost --------------------------------------------------------------------------------------------------------


def costs(client, address, grow, assert_max):
    """The number of queries of a page with one row of a kind, and with three."""
    counts = []
    for rows in (1, 2):
        for _row in range(rows):
            grow()
        with assert_max(60) as counted:
            assert client.get(address).status_code == 200
        counts.append(len(counted))
    return counts


def test_lists_cost_the_same_for_one_row_as_for_three(login, reviewer, django_assert_max_num_queries):
    dossier = opened(reviewer)
    partner, answer = dossier.partner, dossier.answers.get(item__code="C1.2")
    client = login(editor_of(partner))

    def noted():
        return OtherAssessmentFactory(partner=partner, document=DocumentFactory(partner=partner))

    def used():
        evidence.attach_reference(answer, noted(), by=reviewer)

    for address, grow in (
        (url("vetting_space:assessments", partner.slug), noted),
        (url("vetting_space:reference_add", dossier.pk, "C1.2"), noted),
        (url("vetting_space:answer", dossier.pk, "C1.2"), used),
    ):
        one, three = costs(client, address, grow, django_assert_max_num_queries)
        assert (address, one) == (address, three)


def test_the_page_of_acceptance_costs_the_same_for_one_paper_as_for_three(
    login, reviewer, django_assert_max_num_queries
):
    finding = lapsed_finding()
    address = url("vetting:evidence_accept", finding.pk)

    one, three = costs(
        login(reviewer), address, lambda: ending(finding.dossier.partner, 30), django_assert_max_num_queries
    )

    assert one == three


def test_a_file_with_versions_and_citations_costs_the_same_for_one_as_for_three(
    login, reviewer, django_assert_max_num_queries
):
    decision = DecisionFactory()
    codes = iter(ITEMS)

    def grow():
        newer = ending(decision.partner, 30, replaces=ending(decision.partner, -5))
        resting_on(decision, next(codes), newer)
        resting_on(decision, next(codes), ending(decision.partner, -1))

    one, three = costs(login(reviewer), url("desk:partner", decision.partner.slug), grow, django_assert_max_num_queries)

    assert one == three
