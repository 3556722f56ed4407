"""The pages of a decision in the making: what is filled in, what the last button says, the second look in three taps."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ace_partners.core.dates import add_months
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import UserFactory
from partners.tests.factories import DocumentTypeFactory, GrantFactory, PlaceFactory
from vetting import actions, scoring
from vetting.models import Decision, DossierStatus, Proposal, RiskRating
from vetting.pdf import dossiers as pdf
from vetting.tests.factories import (
    ITEMS,
    ChecklistFactory,
    assessed,
    current,
    decided,
    in_review,
    proposal_values,
    proposed,
    signatory_of,
)
from vetting.tests.factories_screening import hit_on
from vetting.tests.test_proposing import HIGH, disagreement

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(english):
    """Sentences are compared as they are written in the code."""


def url(name, *args):
    return reverse(f"vetting:{name}", args=args)


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def values(dossier, **more):
    """What the page sends when the officer only writes the four reasons."""
    reasons = {f"reason_{code}": f"Motif {code}." for code in scoring.CRITERIA}
    until = timezone.localdate() + timedelta(days=100)
    return {"seen": dossier.lock_version, "outcome": "approved", "valid_until": until, **reasons, **more}


def pass_on(client, dossier, **more):
    """Show the letter, then press the last button of that page. Returns both responses."""
    preview = client.post(url("propose", dossier.pk), values(dossier, **more))
    read = (preview.context or {}).get("read")
    return preview, client.post(url("propose", dossier.pk), {**values(dossier, **more), "read": read})


# --- proposing -------------------------------------------------------------------------------------------------------


def test_the_page_shows_what_is_suggested_and_what_it_decides(login, reviewer):
    dossier = assessed(in_review(reviewer), reviewer)

    page = login(reviewer).get(url("propose", dossier.pk))

    text = text_of(page)
    assert "18 of 100" in text
    assert "It decides how ACE accompanies the organisation, never whether it is eligible:" in text
    assert "ACE looks again within 24 months." in text
    assert text.count("The file does not tell: it counts as 1.") == 4
    form = page.context["form"]
    assert form["outcome"].value() == "approved"  # the only one that the findings lead to
    assert form["valid_until"].value() == add_months(timezone.localdate(), 24)
    assert not form.disagrees
    assert '<details id="desaccord">' in page.content.decode()


def test_two_outcomes_by_the_findings_leave_the_choice_open(login, reviewer):
    dossier = assessed(in_review(reviewer), reviewer, C1_4="not_met")

    page = login(reviewer).get(url("propose", dossier.pk))

    assert [code for code, _label in page.context["form"].fields["outcome"].choices] == ["declined", "excluded"]
    assert page.context["form"]["outcome"].value() is None


def test_the_last_button_says_that_the_officer_agrees(login, reviewer):
    dossier = assessed(in_review(reviewer), reviewer)

    preview, done = pass_on(login(reviewer), dossier)

    assert "Pass on, agreeing with the risk rating “low”" in text_of(preview)
    assert done["Location"] == url("assessment", dossier.pk)
    assert (Proposal.objects.get().risk.agrees, current(dossier).status) == (True, DossierStatus.PROPOSED)


def against(**scores):
    """The fields of a disagreement."""
    own = disagreement(**scores)
    fields = {f"risk_{code}": score for code, score in own.scores.items()}
    return {**fields, **{f"risk_why_{code}": why for code, why in own.reasons.items()}, "risk_comment": own.comment}


def test_the_last_button_names_the_officers_own_rating(login, reviewer):
    dossier = assessed(in_review(reviewer), reviewer)

    preview, _done = pass_on(login(reviewer), dossier, **against(**HIGH))

    assert "Pass on, with your own risk rating “high”" in text_of(preview)
    rating = Proposal.objects.get().risk
    assert (rating.agrees, rating.suggested_band, rating.band) == (False, "low", "high")


def test_half_a_disagreement_comes_back_open_with_what_was_typed(login, reviewer):
    dossier = assessed(in_review(reviewer), reviewer)

    page = login(reviewer).post(
        url("propose", dossier.pk), values(dossier, risk_R1="3", risk_comment="Je <b>doute</b>.")
    )

    assert page.status_code == 422
    errors = page.context["form"].errors
    assert errors["risk_why_R1"] == ["Legal status and governance: say why, in one sentence."]
    assert sorted(errors) == ["risk_R3", "risk_R4", "risk_R6", "risk_R7", "risk_why_R1"]
    assert '<details id="desaccord" open>' in page.content.decode()
    assert "Je &lt;b&gt;doute&lt;/b&gt;." in page.content.decode()
    assert Proposal.objects.count() == 0


@pytest.mark.parametrize("score", ["4", "-1", "x"])
def test_a_score_off_the_scale_is_refused(login, reviewer, score):
    dossier = assessed(in_review(reviewer), reviewer)

    page = login(reviewer).post(url("propose", dossier.pk), values(dossier, **{**against(), "risk_R1": score}))

    assert (page.status_code, "risk_R1" in page.context["form"].errors) == (422, True)


def test_a_rating_that_changed_meanwhile_is_shown_before_it_is_agreed_to(login, reviewer):
    dossier = assessed(in_review(reviewer), reviewer)
    client = login(reviewer)
    # The letter of a refusal announces no follow-up: it stays the same whatever the rating.
    sent = values(dossier, override="declined", override_reason="Aucune volonté.")
    preview = client.post(url("propose", dossier.pk), sent)
    dossier.partner.places.create(place=PlaceFactory(), kind="home")

    again = client.post(url("propose", dossier.pk), {**sent, "read": preview.context["read"]})

    assert again.status_code == 200
    assert "Pass on, agreeing with the risk rating “high”" in text_of(again)
    assert Proposal.objects.count() == 0


def test_an_open_match_is_shown_as_what_it_is(login, reviewer):
    dossier = assessed(in_review(reviewer), reviewer)
    hit_on(dossier.partner)

    form = login(reviewer).get(url("propose", dossier.pk)).context.get("form")

    assert form.rating.blocked


# --- another outcome, steps ----------------------------------------------------------------------------------------


def test_another_outcome_needs_its_reason_on_the_page(login, reviewer):
    dossier = assessed(in_review(reviewer), reviewer)
    client = login(reviewer)

    silent = client.post(url("propose", dossier.pk), values(dossier, override="declined"))
    alone = client.post(url("propose", dossier.pk), values(dossier, override_reason="Parce que."))
    pass_on(client, dossier, override="declined", override_reason="Aucune volonté.")

    assert silent.context["form"].errors == {
        "override_reason": ["Say why you depart from the findings; the organisation reads it."]
    }
    assert list(alone.context["form"].errors) == ["override"]
    proposal = Proposal.objects.get()
    assert (proposal.outcome, proposal.override_reason, proposal.valid_until) == ("declined", "Aucune volonté.", None)


def test_a_forged_milder_outcome_is_refused(login, reviewer):
    dossier = assessed(in_review(reviewer), reviewer, C2_1="partial")

    page = login(reviewer).post(url("propose", dossier.pk), values(dossier, outcome="approved", override="approved"))

    assert page.status_code == 422
    assert "outcome" in page.context["form"].errors
    assert "override" not in page.context["form"].fields  # a "no" is never talked away


def suggesting():
    """A checklist whose C1.2 suggests a step for its gap."""
    DocumentTypeFactory(code="PV_AG")
    step = {"suggested_step": "Tenir une assemblée", "suggested_months": 9, "suggested_document": "PV_AG"}
    return ChecklistFactory(items={**ITEMS, "C1.2": {**ITEMS["C1.2"], **step}})


def test_the_usual_step_is_filled_in_within_its_limit(login, reviewer):
    suggesting()
    dossier = assessed(in_review(reviewer), reviewer, C1_2="partial")
    form = login(reviewer).get(url("propose", dossier.pk)).context["form"]

    assert form["action_C1.2"].value() == "Tenir une assemblée"
    assert form["due_C1.2"].value() == add_months(timezone.localdate(), 6)  # 9 suggested, 6 at most
    assert form["evidence_C1.2"].value() == "PV_AG"


def test_nothing_is_filled_in_where_no_plan_follows(login, reviewer):
    suggesting()
    dossier = assessed(in_review(reviewer), reviewer, C1_2="partial", C2_1="partial")

    form = login(reviewer).get(url("propose", dossier.pk)).context["form"]

    assert form["action_C1.2"].value() is None


def test_the_five_fields_of_a_step_are_stored(login, reviewer):
    suggesting()
    dossier = assessed(in_review(reviewer), reviewer, C1_2="partial")
    due = timezone.localdate() + timedelta(days=30)
    step = {"action": "Tenir l'AG", "due": due, "responsible": "le comité", "support": "un modèle", "evidence": "PV_AG"}

    pass_on(login(reviewer), dossier, outcome="conditional", **{f"{part}_C1.2": text for part, text in step.items()})

    row = Proposal.objects.get().steps.get()
    stored = (row.action, row.due_on, row.responsible, row.support, row.evidence_type.code)
    assert stored == tuple(step.values())


def test_a_paper_that_the_item_does_not_know_is_refused(login, reviewer):
    suggesting()
    dossier = assessed(in_review(reviewer), reviewer, C1_2="partial")
    DocumentTypeFactory(code="AUDIT")

    page = login(reviewer).post(
        url("propose", dossier.pk), values(dossier, outcome="conditional", **{"evidence_C1.2": "AUDIT"})
    )

    assert list(page.context["form"].errors) == ["evidence_C1.2"]


def test_what_came_back_is_filled_in_again(login, reviewer, approver):
    dossier = assessed(in_review(reviewer), reviewer, C1_9="partial")
    more = {
        "override": "declined", "override_reason": "Aucune volonté.",
        "action_C1.9": "Écrire", "due_C1.9": timezone.localdate() + timedelta(days=9), "support_C1.9": "un modèle",
    }  # fmt: skip
    pass_on(login(reviewer), dossier, **more, **against(**HIGH))
    actions.send_back(dossier, by=approver, seen=current(dossier).lock_version, reason="Voir C1.2.", no_link=True)

    page = login(reviewer).get(url("propose", dossier.pk))

    form = page.context["form"]
    shown = {name: form[name].value() for name in more}
    assert shown == more
    assert (form["risk_R1"].value(), form["risk_why_R1"].value()) == (3, "Vu sur place, R1.")
    assert (form["risk_comment"].value(), form["risk_R5"].value()) == ("Je connais mieux le terrain.", "")
    assert '<details id="desaccord" open>' in page.content.decode()


def test_the_page_costs_the_same_for_one_gap_as_for_three(login, reviewer, django_assert_max_num_queries):
    counts = []
    for gaps in ({"C1_2": "partial"}, {"C1_2": "partial", "C1_9": "partial", "C3_1": "partial"}):
        dossier = assessed(in_review(reviewer), reviewer, **gaps)
        client = login(reviewer)
        with django_assert_max_num_queries(60) as found:
            assert client.get(url("propose", dossier.pk)).status_code == 200
        counts.append(len(found))

    assert counts[0] == counts[1]


# --- the second look -------------------------------------------------------------------------------------------------


def test_the_second_look_takes_one_choice_and_one_button(login, reviewer, approver):
    dossier = proposed(reviewer)
    client = login(approver)
    page = client.get(url("second_look", dossier.pk))

    response = client.post(url("approve", dossier.pk), {"seen": dossier.lock_version, "has_link": "no"})

    assert page.content.decode().count('name="has_link"') == 2
    assert "checked" not in page.content.decode()
    decision = Decision.objects.get()
    assert response["Location"] == url("decision", decision.pk)
    assert decision.approver_declaration.has_link is False


def test_a_link_is_noted_and_nothing_is_approved(login, reviewer, approver):
    dossier = proposed(reviewer)
    client = login(approver)

    response = client.post(url("approve", dossier.pk), {"seen": dossier.lock_version, "has_link": "yes"})
    after = client.get(url("second_look", dossier.pk))

    assert response["Location"] == url("second_look", dossier.pk)
    assert dossier.declarations.get(user=approver).has_link
    assert after.context["against"] == ["You declared a link with this organisation: a colleague has to take over."]
    assert 'action="{}"'.format(url("approve", dossier.pk)) not in after.content.decode()
    assert Decision.objects.count() == 0


def test_an_approval_without_the_declaration_is_refused_on_the_same_page(login, reviewer, approver):
    dossier = proposed(reviewer)

    page = login(approver).post(url("approve", dossier.pk), {"seen": dossier.lock_version})

    assert page.status_code == 403
    assert "First declare whether you have a link with this organisation." in text_of(page)
    assert page.context["form"].fields["has_link"]


def test_pressed_twice_it_is_one_decision(login, reviewer, approver):
    dossier = proposed(reviewer)
    client = login(approver)
    sent = {"seen": dossier.lock_version, "has_link": "no"}

    first = client.post(url("approve", dossier.pk), sent, once="a" * 32)
    second = client.post(url("approve", dossier.pk), sent, once="a" * 32)

    assert first["Location"] == second["Location"]
    assert Decision.objects.count() == 1


def test_an_old_page_does_not_approve(login, reviewer, approver):
    dossier = proposed(reviewer)

    page = login(approver).post(url("approve", dossier.pk), {"seen": dossier.lock_version - 1, "has_link": "no"})

    assert (page.status_code, Decision.objects.count()) == (409, 0)
    assert not dossier.declarations.filter(user=approver).exists()


def test_sending_back_asks_for_the_declaration_too(login, reviewer, approver):
    dossier = proposed(reviewer)
    client = login(approver)
    page = client.get(url("send_back", dossier.pk))

    client.post(url("send_back", dossier.pk), {"seen": dossier.lock_version, "has_link": "no", "reason": "Voir C1.2."})

    assert list(page.context["form"].fields) == ["seen", "has_link", "reason"]
    assert page.context["against"] == []
    assert current(dossier).status == DossierStatus.IN_REVIEW


def test_the_second_person_sees_the_departure_and_the_disagreement_first(login, reviewer, approver):
    dossier = assessed(in_review(reviewer), reviewer)
    more = {"outcome": "declined", "override_reason": "Aucune <i>volonté</i>.", "disagreement": disagreement(**HIGH)}
    actions.propose(dossier, by=reviewer, seen=dossier.lock_version, **proposal_values(**more))

    page = login(approver).get(url("second_look", dossier.pk))

    text = text_of(page)
    assert text.index("This proposal departs from what the findings lead to") < text.index("The letter, exactly as")
    assert "Aucune &lt;i&gt;volonté&lt;/i&gt;." in page.content.decode()
    assert f"{reviewer} did not agree with the suggestion" in text
    assert "Suggested: Low, 18 of 100." in text
    assert "Je connais mieux le terrain." in text


# --- who reads the rating -----------------------------------------------------------------------------------------------


def test_the_rating_is_for_examiners_and_never_for_the_organisation(login, reviewer, approver, me_officer, auditor):
    decision = decided(reviewer, approver)
    signatory = signatory_of(decision.partner)
    GrantFactory(user=auditor, partner=decision.partner)
    own = reverse("vetting_space:decision", args=[decision.pk])
    pages = {
        person: login(person).get(own if person == signatory else url("decision", decision.pk)).content.decode()
        for person in (reviewer, approver, auditor, me_officer, signatory, UserFactory(roles=[Role.ADMIN]))
    }

    shown = [person for person, page in pages.items() if 'id="risque"' in page]
    assert shown == [reviewer, approver, auditor]
    assert "18 of 100" in text_of(login(approver).get(url("decision", decision.pk)))
    dossier_pages = login(signatory).get(reverse("vetting_space:dossier", args=[decision.dossier_id]))
    assert "18 of 100" not in text_of(dossier_pages)


def test_ratings_are_visible_to_examiners_alone(reviewer, approver, me_officer, auditor):
    decision = decided(reviewer, approver)
    signatory = signatory_of(decision.partner)

    def sees(user):
        return RiskRating.objects.visible_to(user).exists()

    assert [sees(user) for user in (reviewer, approver, me_officer, auditor, signatory)] == [
        True,
        True,
        False,
        False,
        False,
    ]
    GrantFactory(user=auditor, partner=decision.partner)
    assert sees(type(auditor).objects.get(pk=auditor.pk))


def test_the_assessment_on_paper_holds_the_rating(reviewer):
    dossier = assessed(in_review(reviewer), reviewer)
    own = disagreement(**HIGH)
    values = proposal_values(disagreement=own, valid_until=timezone.localdate() + timedelta(days=100))
    actions.propose(dossier, by=reviewer, seen=dossier.lock_version, **values)

    facts = pdf.AssessmentFacts.of(current(dossier))

    assert (facts.rating.band, facts.rating.agrees, facts.rating.comment) == ("high", False, own.comment)
    assert len(facts.rating.factors) == 7
    assert pdf.assessment(facts)[:5] == b"%PDF-"
