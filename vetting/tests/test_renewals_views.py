"""The pages of a renewal: one form for all findings, deltas for the organisation, the clock, and what they cost."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ace_partners.core.models import AuditEvent
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import UserFactory
from ace_partners.desk.demo.clock import on
from partners.tests.factories import DocumentFactory, GrantFactory
from vetting import actions, timing
from vetting.models import Dossier, DossierStatus, Finding, Stage
from vetting.renewal import RenewalFacts
from vetting.tests.factories import (
    ChecklistFactory,
    DossierFactory,
    answered,
    assessed,
    current,
    decided,
    in_review,
    opened,
    signatory_of,
    submitted,
    viewer_of,
)
from vetting.tests.factories_renewals import decided_round, in_review_again, member, next_checklist, renewed, sent

pytestmark = pytest.mark.django_db

FACTS = RenewalFacts(
    as_of=date(2026, 11, 24),
    since=date(2026, 5, 8),
    reports_due=4,
    reports_on_time=3,
    reports_late=(12,),
    spending_due=4,
    spending_published_on_time=1,
    targets_agreed=2,
)


@pytest.fixture(autouse=True)
def _english(english):
    """Sentences are compared as they are written in the code."""


def url(name, *args):
    return reverse(name, args=args)


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


# --- taking ------------------------------------------------------------------------------------------------------


def test_one_button_takes_and_declares(login, reviewer):
    dossier = submitted(opened(reviewer))

    login(reviewer).post(url("vetting:take", dossier.pk), {"seen": dossier.lock_version, "has_link": "no"})

    assert (current(dossier).assigned_to, current(dossier).status) == (reviewer, DossierStatus.IN_REVIEW)
    assert dossier.declarations.get(user=reviewer).has_link is False


def test_the_other_button_declares_a_link_and_takes_nothing(login, reviewer):
    dossier = submitted(opened(reviewer))

    login(reviewer).post(url("vetting:take", dossier.pk), {"seen": dossier.lock_version, "has_link": "yes"})

    assert (current(dossier).assigned_to, current(dossier).status) == (None, DossierStatus.SUBMITTED)
    assert dossier.declarations.get(user=reviewer).has_link is True


def test_who_declared_before_takes_with_a_plain_button(login, reviewer):
    dossier = in_review(reviewer)
    dossier = actions.release(dossier, by=reviewer, seen=dossier.lock_version)
    client = login(reviewer)

    page = client.get(url("vetting:assessment", dossier.pk)).content.decode()
    client.post(url("vetting:take", dossier.pk), {"seen": dossier.lock_version})

    assert 'name="has_link"' not in page
    assert current(dossier).assigned_to == reviewer


def test_a_take_without_the_declaration_still_asks_for_it(login, reviewer):
    dossier = submitted(opened(reviewer))
    client = login(reviewer)

    client.post(url("vetting:take", dossier.pk), {"seen": dossier.lock_version})

    assert dossier.declarations.count() == 0
    assert 'id="conflit"' in client.get(url("vetting:assessment", dossier.pk)).content.decode()


# --- one form for all findings --------------------------------------------------------------------------------------


def values_of(page):
    """What a browser would send of the findings as they stand on the page."""
    forms = page.context["forms"]
    return {
        form.add_prefix(name): form[name].value() if form[name].value() is not None else ""
        for form in forms.values()
        for name in form.fields
    }


@pytest.fixture
def with_paper(reviewer):
    """A dossier in review whose first answer came with a document."""
    dossier = opened(reviewer)
    by = signatory_of(dossier.partner)
    actions.attach_evidence(dossier.answers.first(), dossier.partner.documents.get(), by=by)
    dossier = submitted(dossier, by=by)
    return actions.take_without_link(dossier, by=reviewer, seen=dossier.lock_version)


def test_everything_typed_is_saved_with_one_button(login, reviewer, with_paper):
    client, page = login(reviewer), url("vetting:assessment", with_paper.pk)
    document = with_paper.partner.documents.get()
    values = values_of(client.get(page))
    values |= {"C1.2-answer": "met", f"C1.2-page_{document.pk}": "4"}
    values |= {"C1.4-answer": "met", "C1.4-reason": "Criblé le 3 mai."}

    response = client.post(url("vetting:findings_save", with_paper.pk), values)

    assert response["Location"] == f"{page}#C1.9"  # the next one that is open
    rows = {row.item.code: row for row in with_paper.findings.all()}
    assert set(rows) == {"C1.2", "C1.4"}
    assert (rows["C1.2"].reason, rows["C1.4"].reason) == (f"Seen: {document}, p. 4.", "Criblé le 3 mai.")
    assert rows["C1.2"].evidence.get().page == "4"


@pytest.mark.parametrize(
    "values",
    [
        {"C1.4-answer": "met"},  # no page and no word
        {"C1.2-answer": "partial", "C1.2-page_{document}": "4"},  # only “met” may speak by its page
        {"C1.2-page_{document}": "4"},  # a page without a finding
        {"C1.4-reason": "Vu."},  # a word without a finding
    ],
)
def test_a_finding_always_has_its_reason_and_nothing_is_half_saved(login, reviewer, with_paper, values):
    client = login(reviewer)
    document = with_paper.partner.documents.get()
    typed = {name.format(document=document.pk): value for name, value in values.items()}
    whole = values_of(client.get(url("vetting:assessment", with_paper.pk)))
    good = {"C2.1-answer": "not_met", "C2.1-reason": "Rien à montrer."}

    response = client.post(url("vetting:findings_save", with_paper.pk), {**whole, **good, **typed})

    assert response.status_code == 422
    assert response.context["has_errors"]
    assert "There is a problem" in text_of(response)
    assert Finding.objects.count() == 0
    assert "Rien à montrer." in response.content.decode()  # every word is still there
    for name, value in typed.items():
        form = response.context["forms"][name[:4]]
        assert form[name[5:]].value() == value


def test_only_what_changed_is_written_again(login, reviewer, with_paper):
    assessed(with_paper, reviewer)
    client = login(reviewer)
    values = values_of(client.get(url("vetting:assessment", with_paper.pk)))
    before = AuditEvent.objects.filter(action="finding.save").count()

    client.post(
        url("vetting:findings_save", with_paper.pk),
        {**values, "C2.1-answer": "partial", "C1.2-reason": "Constat C1.2.\r\n"[:-2]},
    )

    assert AuditEvent.objects.filter(action="finding.save").count() == before + 1
    assert with_paper.findings.get(item__code="C2.1").answer == "partial"


def test_the_cards_own_button_stands_by_a_finding_on_a_changed_answer(login, reviewer, with_paper):
    assessed(with_paper, reviewer)
    by = member(with_paper)
    actions.request_item(with_paper, with_paper.items.get(code="C1.2"), by=reviewer, remark="Le PV ?")
    dossier = actions.send_requests(
        with_paper, by=reviewer, seen=current(with_paper).lock_version, due_on=date(2999, 1, 1)
    )
    answer = dossier.answers.get(item__code="C1.2")
    actions.save_answer(answer, by=by, seen=answer.lock_version, text="Le PV est joint.")
    dossier = actions.submit(dossier, by=by, seen=current(dossier).lock_version).dossier
    actions.take_without_link(dossier, by=reviewer, seen=dossier.lock_version)
    client = login(reviewer)
    values = values_of(client.get(url("vetting:assessment", dossier.pk)))

    client.post(url("vetting:findings_save", dossier.pk), values)  # nothing chosen anew: nothing written
    assert dossier.findings.get(item__code="C1.2").version.number == 1
    client.post(url("vetting:findings_save", dossier.pk), {**values, "at": "C1.2"})
    assert dossier.findings.get(item__code="C1.2").version.number == 2


def test_a_colleagues_finding_is_not_overwritten_and_nothing_typed_is_lost(login, reviewer, with_paper):
    client = login(reviewer)
    values = values_of(client.get(url("vetting:assessment", with_paper.pk)))
    values |= {"C1.4-answer": "met", "C1.4-reason": "Mon constat.", "C2.1-answer": "met", "C2.1-reason": "Autre."}
    item = with_paper.items.get(code="C1.4")
    actions.save_finding(with_paper, item, by=reviewer, answer="partial", reason="Écrit sur un autre appareil.")

    response = client.post(url("vetting:findings_save", with_paper.pk), values)

    assert response.status_code == 409
    page = text_of(response)
    assert "Écrit sur un autre appareil." in page
    assert "Mon constat." in page
    assert [row.reason for row in with_paper.findings.all()] == ["Écrit sur un autre appareil."]
    again = client.post(url("vetting:findings_save", with_paper.pk), values_of(response))  # a choice, now
    assert again.status_code == 302
    assert with_paper.findings.get(item__code="C1.4").reason == "Mon constat."


def test_the_same_post_twice_writes_once(login, reviewer, with_paper):
    client = login(reviewer)
    values = {"C1.4-seen": "0", "C1.4-answer": "met", "C1.4-reason": "Vu."}

    answers = [client.post(url("vetting:findings_save", with_paper.pk), values, once="deux") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert AuditEvent.objects.filter(action="finding.save").count() == 1


def test_who_does_not_examine_saves_nothing(login, reviewer, other_reviewer, approver, auditor, with_paper):
    GrantFactory(user=auditor, partner=with_paper.partner)
    values = {"C1.4-seen": "0", "C1.4-answer": "met", "C1.4-reason": "Vu."}
    people = {other_reviewer: 403, approver: 403, auditor: 403, member(with_paper): 404}

    for person, status in people.items():
        assert login(person).post(url("vetting:findings_save", with_paper.pk), values).status_code == status
    assert Finding.objects.count() == 0


def test_saving_leads_to_the_decision_only_when_nothing_is_in_the_way(login, reviewer, with_paper):
    client = login(reviewer)
    one = {"C1.4-seen": "0", "C1.4-answer": "met", "C1.4-reason": "Vu.", "then": "propose"}
    codes = [item.code for item in with_paper.items]
    every = {f"{code}-{name}": value for code in codes for name, value in (("answer", "met"), ("reason", "Vu."))}

    stays = client.post(url("vetting:findings_save", with_paper.pk), one)
    leads = client.post(
        url("vetting:findings_save", with_paper.pk),
        {**every, **dict.fromkeys([f"{code}-seen" for code in codes], "0"), "C1.4-seen": "1", "then": "propose"},
    )

    assert stays["Location"] == url("vetting:assessment", with_paper.pk) + "#C1.2"
    assert leads["Location"] == url("vetting:propose", with_paper.pk)


def test_hostile_text_stays_text(login, reviewer, with_paper):
    client = login(reviewer)
    values = {"C1.4-seen": "0", "C1.4-answer": "met", "C1.4-reason": "<script>alert(1)</script>"}

    client.post(url("vetting:findings_save", with_paper.pk), values)
    page = client.get(url("vetting:assessment", with_paper.pk)).content.decode()

    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)" in page


# --- the difference -----------------------------------------------------------------------------------------------


def test_the_examiner_sees_what_changed_since_the_last_version(login, reviewer, with_paper):
    by = member(with_paper)
    document = with_paper.partner.documents.get()
    actions.request_item(with_paper, with_paper.items.get(code="C1.2"), by=reviewer, remark="Le PV ?")
    dossier = actions.send_requests(
        with_paper, by=reviewer, seen=current(with_paper).lock_version, due_on=date(2999, 1, 1)
    )
    answer = dossier.answers.get(item__code="C1.2")
    actions.save_answer(answer, by=by, seen=answer.lock_version, text="Réponse <b>à</b> C1.2 et C1.3")
    actions.attach_evidence(answer, DocumentFactory(partner=dossier.partner, title="PV 2026"), by=by)
    actions.detach_evidence(answer.evidence.get(document=document), by=by)
    dossier = actions.submit(dossier, by=by, seen=current(dossier).lock_version).dossier

    page = login(reviewer).get(url("vetting:assessment", dossier.pk))

    card = next(card for card in page.context["facts"].items if card.item.code == "C1.2")
    assert card.change.since == "version 1"
    html = page.content.decode()
    removed, added = re.findall(r"<del>.*?</del>", html, re.S), re.findall(r"<ins>.*?</ins>", html, re.S)
    assert any("(removed:" in piece and " à" in piece for piece in removed)
    assert any("(added:" in piece and "&lt;b&gt;à&lt;/b&gt;" in piece for piece in added)  # escaped, never markup
    assert any("PV 2026" in piece for piece in added)
    assert any(str(document) in piece for piece in removed)
    assert "<b>" not in html.split('id="C1.2"')[1].split('id="C1.4"')[0]


def test_a_first_version_has_nothing_to_compare(login, reviewer, with_paper):
    page = login(reviewer).get(url("vetting:assessment", with_paper.pk))

    assert [card.change for card in page.context["facts"].items] == [None] * 6


def test_a_renewal_is_compared_with_the_decision(login, reviewer, approver):
    dossier = renewed(decided_round(reviewer, approver), reviewer)
    by = member(dossier)
    answer = dossier.answers.get(item__code="C1.2")
    actions.save_answer(answer, by=by, seen=answer.lock_version, text="Réponse à C1.2, revue")
    sent(dossier, by)

    page = login(reviewer).get(url("vetting:assessment", dossier.pk))

    changes = {card.item.code: card.change for card in page.context["facts"].items if card.change}
    assert set(changes) == {"C1.2"}
    assert changes["C1.2"].since.startswith("the decision of ")


# --- taking over ---------------------------------------------------------------------------------------------------


def test_one_button_per_criterion_takes_over(login, reviewer, approver):
    dossier = in_review_again(decided_round(reviewer, approver), reviewer)
    client, page = login(reviewer), url("vetting:assessment", dossier.pk)
    buttons = re.findall(r'action="([^"]+/reprendre/C\d/)"', client.get(page).content.decode())
    assert [address[-3:-1] for address in buttons] == ["C1", "C2", "C3", "C4"]

    for address in buttons:
        client.post(address)

    assert dossier.findings.count() == 6
    assert "/reprendre/" not in client.get(page).content.decode()
    assert client.get(url("vetting:propose", dossier.pk)).context["against"] == []


def test_the_page_says_why_a_finding_is_not_taken_over(login, reviewer, approver):
    decision = decided_round(reviewer, approver, findings={"C1.9": "partial"})
    dossier = in_review_again(decision, reviewer)

    page = text_of(login(reviewer).get(url("vetting:assessment", dossier.pk)))

    assert "Last time it was “Partly met”." in page


def test_an_unknown_criterion_does_not_exist(login, reviewer, approver):
    dossier = in_review_again(decided_round(reviewer, approver), reviewer)

    assert login(reviewer).post(url("vetting:carry", dossier.pk, "C9")).status_code == 404


# --- performance on the page ----------------------------------------------------------------------------------------


def test_performance_stands_beside_its_criteria_with_its_date(login, reviewer, approver):
    ChecklistFactory(items={"C1.2": {}, "C2.1": {}, "C3.7": {"plan_months": 3}, "C4.7": {"plan_months": 3}})
    dossier = in_review_again(decided_round(reviewer, approver), reviewer, facts=FACTS)

    page = text_of(login(reviewer).get(url("vetting:assessment", dossier.pk)))

    assert "Read from the reports on 24 November 2026, for what fell due since 8 May 2026" in page
    assert "Spending periods due: 4 · published in time: 1 · late: 0 · missing: 3 → Not met" in page
    assert "Reports due: 4 · in time: 3 · late: 1 · missing: 0 · longest delay, in days: 12 → Partly met" in page
    assert "→ no suggestion: nothing was due yet" in page  # no value was due
    assert page.count("What the reports suggest:") == 2
    assert 'name="C3.7-answer" value="met" checked' not in page


def test_a_renewal_without_a_reading_offers_one(login, reviewer, approver):
    dossier = in_review_again(decided_round(reviewer, approver), reviewer)
    client, page = login(reviewer), url("vetting:assessment", dossier.pk)

    assert "The reports were not read for this dossier yet." in text_of(client.get(page))
    client.post(url("desk:dossier_refresh", dossier.pk))
    assert "Reports due: 0 · in time: 0 · late: 0 · missing: 0" in text_of(client.get(page))


# --- the organisation's pages --------------------------------------------------------------------------------------


def test_the_organisation_confirms_a_criterion_in_one_tap(login, reviewer, approver):
    next_checklist_after = decided_round(reviewer, approver)
    next_checklist(C1_2={"question_fr": "Reformulée ?"}, C1_3={})
    dossier = renewed(next_checklist_after, reviewer)
    client, page = login(member(dossier)), url("vetting_space:dossier", dossier.pk)

    before = text_of(client.get(page))
    client.post(url("vetting_space:confirm", dossier.pk, "C1"))
    after = text_of(client.get(page))

    assert "Nothing has changed for these 2 points" in before
    assert "Reworded since your last answer." in before
    assert "New: it was not asked last time." in before
    assert before.count("To confirm") == 6  # the reworded one too waits for a word
    assert "2 answers confirmed." in after
    assert "5 items are still to answer." in after


def test_an_answer_is_confirmed_on_its_own_page(login, reviewer, approver):
    dossier = renewed(decided_round(reviewer, approver), reviewer)
    client = login(member(dossier))

    page = client.get(url("vetting_space:answer", dossier.pk, "C2.1")).content.decode()
    client.post(url("vetting_space:confirm", dossier.pk, "C2.1"))

    assert url("vetting_space:confirm", dossier.pk, "C2.1") in page
    assert dossier.answers.get(item__code="C2.1").confirmed_at is not None


def test_a_viewer_sees_no_button_and_is_refused(login, reviewer, approver):
    dossier = renewed(decided_round(reviewer, approver), reviewer)
    client = login(viewer_of(dossier.partner))

    pages = [url("vetting_space:dossier", dossier.pk), url("vetting_space:answer", dossier.pk, "C1.2")]
    assert not any("/inchange/" in client.get(page).content.decode() for page in pages)
    assert client.post(url("vetting_space:confirm", dossier.pk, "C1")).status_code == 403


def test_a_reworded_answer_says_why_it_cannot_be_confirmed(login, reviewer, approver):
    decision = decided_round(reviewer, approver)
    next_checklist(C1_2={"question_fr": "Reformulée ?"})
    dossier = renewed(decision, reviewer)

    response = login(member(dossier)).post(url("vetting_space:confirm", dossier.pk, "C1.2"))

    assert response.status_code == 403
    assert "C1.2 was reworded" in text_of(response)


def test_a_changed_type_is_said_on_the_organisations_page(login, reviewer):
    dossier = opened(reviewer)
    dossier.partner.organisation_type = "cbo"
    dossier.partner.save()

    page = text_of(login(signatory_of(dossier.partner)).get(url("vetting_space:dossier", dossier.pk)))

    assert "has changed its type since the dossier was opened (then: National NGO; now:" in page


def test_only_what_was_asked_is_open_with_aces_words_above(login, reviewer):
    dossier = in_review(reviewer)
    by = member(dossier)
    item = dossier.items.get(code="C1.4")
    actions.request_item(dossier, item, by=reviewer, remark="Le PV de <b>2026</b> ?")
    dossier = actions.send_requests(dossier, by=reviewer, seen=current(dossier).lock_version, due_on=date(2999, 1, 1))
    client = login(by)

    listed = client.get(url("vetting_space:dossier", dossier.pk)).content.decode()
    asked = client.get(url("vetting_space:answer", dossier.pk, "C1.4")).content.decode()
    other = client.get(url("vetting_space:answer", dossier.pk, "C1.2")).content.decode()
    check = client.get(url("vetting_space:check", dossier.pk)).content.decode()
    forged = client.post(url("vetting_space:answer", dossier.pk, "C1.2"), {"seen": "1", "text": "Autre"})

    assert re.findall(r'<ul class="task-list">.*?</ul>', listed, re.S)[0].count("<li>") == 1
    for page in (listed, asked, check):
        assert "Le PV de &lt;b&gt;2026&lt;/b&gt; ?" in page
    assert asked.index("Le PV de") < asked.index("<textarea")
    assert "<textarea" not in other
    assert check.index("Le PV de") < check.index("<details>")  # what was asked first, the rest folded
    assert check.count(">Change<") == 1
    assert forged.status_code == 403
    assert dossier.answers.get(item__code="C1.2").text == "Réponse à C1.2"


# --- the clock ----------------------------------------------------------------------------------------------------


def at_ace(reviewer, days):
    """A dossier sent `days` ago, after ten days with the organisation."""
    with on(timezone.localdate() - timedelta(days=days + 10)):
        dossier = opened(reviewer)
    with on(timezone.localdate() - timedelta(days=days)):
        return submitted(dossier)


def test_the_page_shows_both_clocks_and_the_promise(login, reviewer, settings):
    settings.ACE_ANSWER_DAYS = 30
    dossier = at_ace(reviewer, 6)

    page = text_of(login(reviewer).get(url("vetting:assessment", dossier.pk)))

    assert re.search(r"ACE: [56] days · organisation: 10 days · ACE answers by ", page)


def test_the_organisation_reads_the_promised_day(login, reviewer, settings):
    settings.ACE_ANSWER_DAYS = 30
    dossier = at_ace(reviewer, 6)
    client = login(signatory_of(dossier.partner))

    page = text_of(client.get(url("vetting_space:dossier", dossier.pk)))

    assert "ACE answers by " in page
    promise = timing.promise_of(timing.clock_of(dossier))
    assert (promise.by, promise.late) == (timezone.localdate() + timedelta(days=24), 0)


def test_lateness_is_said_honestly(login, reviewer, settings):
    settings.ACE_ANSWER_DAYS = 30
    dossier = at_ace(reviewer, 41)

    page = text_of(login(signatory_of(dossier.partner)).get(url("vetting_space:dossier", dossier.pk)))

    assert "and is 11 days late. It is for ACE to act, not for you." in page


def test_a_dossier_without_its_beginning_shows_no_number(login, reviewer):
    dossier = DossierFactory(status="submitted")
    Stage.objects.create(dossier=dossier, status="submitted", entered_at=timezone.now() - timedelta(days=3))
    client = login(reviewer)

    page = text_of(client.get(url("vetting:assessment", dossier.pk)))
    assert not re.search(r"ACE: \d+ days?|ACE answers by", page)
    listed = client.get(url("vetting:dossier_list")).content.decode()
    assert '<td data-label="Days with ACE" class="num">—</td>' in listed


def test_the_list_shows_the_days_with_ace(login, reviewer):
    at_ace(reviewer, 6)

    page = login(reviewer).get(url("vetting:dossier_list")).content.decode()

    assert re.search(r'<td data-label="Days with ACE" class="num">[56]</td>', page)


def test_delays_are_medians_for_those_who_examine(login, reviewer, approver, me_officer):
    empty = login(reviewer).get(url("vetting:delays"))
    decided_round(reviewer, approver)

    page = login(reviewer).get(url("vetting:delays"))

    assert "Nothing to count yet" in text_of(empty)
    assert page.context["medians"].count == 1
    assert login(me_officer).get(url("vetting:delays")).status_code == 404
    assert login(signatory_of(Dossier.objects.get().partner)).get(url("vetting:delays")).status_code == 404


# --- queries -------------------------------------------------------------------------------------------------------


def cost(login, user, address, django_assert_max_num_queries, most):
    client = login(user)
    with django_assert_max_num_queries(most) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_delays_cost_the_same_for_one_dossier_as_for_three(login, reviewer, approver, django_assert_max_num_queries):
    address = url("vetting:delays")
    decided(reviewer, approver)
    one = cost(login, reviewer, address, django_assert_max_num_queries, 20)
    for _ in range(2):
        decided(reviewer, approver)

    assert cost(login, reviewer, address, django_assert_max_num_queries, 20) == one


@pytest.mark.parametrize("name", ["vetting:assessment", "vetting_space:dossier", "vetting_space:check"])
def test_a_renewal_costs_the_same_for_one_paper_as_for_three(
    login, reviewer, approver, name, django_assert_max_num_queries
):
    found = []
    for papers in (1, 3):
        decision = decided_round(reviewer, approver)
        dossier = renewed(decision, reviewer, facts=FACTS)
        by = member(dossier)
        for document in DocumentFactory.create_batch(papers, partner=dossier.partner):
            actions.attach_evidence(dossier.answers.first(), document, by=by)
        if name == "vetting:assessment":
            dossier = actions.take_without_link(sent(dossier, by), by=reviewer, seen=current(dossier).lock_version)
        found.append(cost(login, reviewer, url(name, dossier.pk), django_assert_max_num_queries, 70))

    assert found[0] == found[1]


def test_an_admin_and_an_officer_of_figures_see_none_of_it(login, reviewer, approver):
    dossier = in_review_again(decided_round(reviewer, approver), reviewer)

    for role in (Role.ADMIN, Role.ME_OFFICER):
        client = login(UserFactory(roles=[role]))
        assert client.post(url("vetting:carry", dossier.pk, "C1")).status_code == 404
        assert client.post(url("vetting:findings_save", dossier.pk)).status_code == 404
        assert client.post(url("desk:dossier_refresh", dossier.pk)).status_code == 404


def test_answered_dossiers_of_a_first_round_have_no_carried_words(login, reviewer):
    dossier = opened(reviewer)
    by = signatory_of(dossier.partner)
    answered(dossier, by)

    page = text_of(login(by).get(url("vetting_space:dossier", dossier.pk)))

    assert "This dossier starts from your last one." not in page
