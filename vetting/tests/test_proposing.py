"""Proposing: the risk rating that goes with it, departing from the findings, steps with all they hold; the second look."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from ace_partners.core.dates import add_months, format_date
from ace_partners.core.errors import NotAllowed
from ace_partners.core.models import AuditEvent
from partners.tests.factories import DocumentTypeFactory, PlaceFactory
from vetting import actions, rules, scoring
from vetting.models import Decision, Proposal, RiskRating
from vetting.rules import risk as risk_rules
from vetting.rules.risk import Disagreement
from vetting.tests.factories import assessed, current, in_review, proposal_values, proposed

pytestmark = pytest.mark.django_db
# The items of the test's checklist say something on R1, R2 and, off site, R5; the other four factors count 1 each.
UNKNOWN = ("R3", "R4", "R6", "R7")


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def refusal(action, *args, **kwargs):
    with pytest.raises(NotAllowed) as refused:
        action(*args, **kwargs)
    return [str(reason) for reason in refused.value.reasons]


def propose(dossier, by, **more):
    return actions.propose(dossier, by=by, seen=dossier.lock_version, **proposal_values(**more))


def disagreement(**scores):
    """The officer's own score on what the file does not tell, and on the given factors."""
    scores = {**dict.fromkeys(UNKNOWN, 1), **scores}
    reasons = {code: f"Vu sur place, {code}." for code in scores}
    return Disagreement(scores, reasons, "Je connais mieux le terrain.")


HIGH = {"R1": 3, "R2": 3, "R3": 3, "R4": 3}


# --- the rating ------------------------------------------------------------------------------------------------------


def test_an_officer_who_agrees_keeps_the_suggestion(reviewer):
    proposal = propose(assessed(in_review(reviewer), reviewer, C1_2="partial"), reviewer, **conditional())

    rating = proposal.risk
    assert (rating.suggested_score, rating.suggested_band, rating.score, rating.band) == (23, "low", 23, "low")
    assert (rating.agrees, rating.comment, rating.rated_by, rating.overrides) == (True, "", reviewer, [])
    factors = [(row.code, row.suggested, row.score, row.reason) for row in rating.factors.all()]
    assert factors == [
        ("R1", 1, 1, ""), ("R2", 0, 0, ""), ("R3", None, 1, ""), ("R4", None, 1, ""), ("R5", 0, 0, ""),
        ("R6", None, 1, ""), ("R7", None, 1, ""),
    ]  # fmt: skip


def conditional():
    step = rules.Step("C1.2", "Tenir l'assemblée", timezone.localdate() + timedelta(days=60))
    return {"outcome": "conditional", "steps": [step]}


def test_an_officer_who_disagrees_keeps_both(reviewer):
    dossier = assessed(in_review(reviewer), reviewer)
    until = timezone.localdate() + timedelta(days=150)

    proposal = propose(dossier, reviewer, disagreement=disagreement(**HIGH), valid_until=until)

    rating = proposal.risk
    assert (rating.suggested_score, rating.suggested_band, rating.score, rating.band) == (18, "low", 75, "high")
    assert (rating.agrees, rating.comment) == (False, "Je connais mieux le terrain.")
    row = rating.factors.get(code="R1")
    assert (row.suggested, row.score, row.reason) == (0, 3, "Vu sur place, R1.")


def test_the_rating_is_in_the_trail_by_codes_alone(reviewer):
    dossier = assessed(in_review(reviewer), reviewer)
    until = timezone.localdate() + timedelta(days=150)

    proposal = propose(dossier, reviewer, disagreement=disagreement(**HIGH), valid_until=until)

    event = AuditEvent.objects.get(action="risk.rate")
    assert (event.target_id, event.actor) == (str(proposal.risk_id), reviewer)
    assert event.before == {"score": 18, "band": "low"}
    assert event.after == {"score": 75, "band": "high", "agrees": False, "overrides": []}


def test_half_a_disagreement_stores_nothing(reviewer):
    dossier = assessed(in_review(reviewer), reviewer)

    reasons = refusal(propose, dossier, reviewer, disagreement=Disagreement({"R1": 3}, {"R1": "Vu."}, "Non."))

    assert len(reasons) == 4  # what the file does not tell has to be scored
    assert (RiskRating.objects.count(), Proposal.objects.count()) == (0, 0)
    assert current(dossier).status == "in_review"


@pytest.mark.parametrize(("own", "months"), [(None, 24), ({"R3": 2, "R4": 3}, 12), (HIGH, 6)])
def test_the_band_sets_the_longest_validity(reviewer, own, months):
    dossier = assessed(in_review(reviewer), reviewer)
    last = add_months(timezone.localdate(), months)
    facts = {"disagreement": disagreement(**own) if own else None}

    late = refusal(propose, dossier, reviewer, valid_until=last + timedelta(days=1), **facts)
    proposal = propose(dossier, reviewer, valid_until=last, **facts)

    day = format_date(last, "en")
    assert late == [f"The decision is valid until a day after today, {day} at the latest."]
    assert proposal.valid_until == last


def test_a_conditional_approval_holds_no_longer(reviewer):
    dossier = assessed(in_review(reviewer), reviewer, C1_2="partial")
    until = add_months(timezone.localdate(), 24) + timedelta(days=1)

    assert len(refusal(propose, dossier, reviewer, **{**conditional(), "valid_until": until})) == 1


def test_the_risk_never_changes_which_outcomes_are_open(reviewer):
    dossier = assessed(in_review(reviewer), reviewer, C1_2="partial")
    items = dossier.assessed_items()
    before = [verdict.outcome for verdict in rules.allowed_verdicts(items)], rules.allowed_overrides(items)
    reasons = {"reasons": dict.fromkeys(scoring.CRITERIA, "Motif."), "steps": tuple(conditional()["steps"])}
    until = timezone.localdate() + timedelta(days=30)

    for band in ("", "low", "medium", "high"):
        draft = rules.Draft(outcome="conditional", valid_until=until, band=band, **reasons)
        assert rules.against_draft(dossier, draft) == []
    dossier.partner.places.create(place=PlaceFactory(), kind="home")
    assert risk_rules.suggest(dossier).rating.band == "high"
    items = dossier.assessed_items()
    assert ([verdict.outcome for verdict in rules.allowed_verdicts(items)], rules.allowed_overrides(items)) == before


# --- another outcome than the findings lead to ---------------------------------------------------------------------------


def test_a_stricter_outcome_needs_its_reason_and_keeps_it(reviewer):
    dossier = assessed(in_review(reviewer), reviewer)

    silent = refusal(propose, dossier, reviewer, outcome="declined")
    proposal = propose(dossier, reviewer, outcome="declined", override_reason=" Aucune volonté de s'engager. ")

    assert silent == [
        "The findings lead to another outcome: say why you depart from it; the organisation reads the reason."
    ]
    assert (proposal.outcome, proposal.override_reason) == ("declined", "Aucune volonté de s'engager.")
    assert "Aucune volonté de s'engager." in proposal.letter


def test_a_knock_out_cannot_be_talked_away(reviewer):
    dossier = assessed(in_review(reviewer), reviewer, C1_4="not_met")

    for outcome in ("approved", "conditional", "to_strengthen"):
        reasons = refusal(propose, dossier, reviewer, outcome=outcome, override_reason="On les connaît bien.")
        assert reasons[0].startswith("The findings lead to another outcome: no plan is possible on C1.4")


def test_a_reason_without_departing_is_refused(reviewer):
    dossier = assessed(in_review(reviewer), reviewer)

    assert refusal(propose, dossier, reviewer, override_reason="Pour rien.") == [
        "You give a reason for departing from the findings, and propose the outcome that they lead to."
    ]


def test_conditional_by_departure_hangs_on_a_dated_step(reviewer):
    dossier = assessed(in_review(reviewer), reviewer, C1_9="partial")
    departing = {"outcome": "conditional", "override_reason": "Le personnel change souvent."}
    past = rules.Step("C1.9", "Écrire les contrats", timezone.localdate())
    future = rules.Step("C1.9", "Écrire les contrats", timezone.localdate() + timedelta(days=40))

    none = refusal(propose, dossier, reviewer, **departing)
    late = refusal(propose, dossier, reviewer, **departing, steps=[past])
    proposal = propose(dossier, reviewer, **departing, steps=[future])

    assert none == ["An approval with conditions needs one: write at least one step and its date."]
    assert [reason[:34] for reason in late] == ["C1.9: the date must be after today"]
    assert proposal.outcome == "conditional"


def test_the_second_person_judges_the_departure_again(reviewer, approver):
    dossier = assessed(in_review(reviewer), reviewer)
    propose(dossier, reviewer, outcome="declined", override_reason="Aucune volonté.")
    Proposal.objects.update(override_reason="")

    reasons = refusal(actions.approve, dossier, by=approver, seen=current(dossier).lock_version, no_link=True)

    assert [reason[:37] for reason in reasons] == ["The findings lead to another outcome:"]


# --- steps -----------------------------------------------------------------------------------------------------------


def test_a_step_keeps_who_helps_and_what_will_show_it(reviewer, approver):
    dossier = assessed(in_review(reviewer), reviewer, C1_2="partial")
    paper = DocumentTypeFactory(code="PV_AG", name_fr="Procès-verbal d'assemblée")
    due = timezone.localdate() + timedelta(days=60)
    facts = {"responsible": "le comité", "support": "une formation d'un jour", "evidence_type": paper}

    proposal = propose(dossier, reviewer, outcome="conditional", steps=[rules.Step("C1.2", "Tenir l'AG", due, **facts)])
    decision = actions.approve(dossier, by=approver, seen=current(dossier).lock_version, no_link=True)

    row = proposal.steps.get()
    assert (row.action, row.responsible, row.support, row.evidence_type) == ("Tenir l'AG", *facts.values())
    for line in (
        "Qui s’en charge : le comité",
        "Appui de l’ACE : une formation d'un jour",
        "Pièce attendue : Procès-verbal d'assemblée",
    ):
        assert line in proposal.letter
    assert rules.draft_of(proposal).steps == (rules.Step("C1.2", "Tenir l'AG", due, **facts),)
    assert [(row.item.code, row.due_on) for row in decision.conditions.all()] == [("C1.2", due)]
    step = decision.plan.actions.get()
    assert (step.responsible, step.support, step.evidence_type) == tuple(facts.values())


def test_what_helps_without_the_step_itself_is_half_a_step(reviewer):
    dossier = assessed(in_review(reviewer), reviewer, C1_2="partial")
    half = rules.Step("C1.2", "", None, support="une formation")

    assert refusal(propose, dossier, reviewer, outcome="conditional", steps=[half]) == [
        "C1.2: a step needs both words and a date."
    ]


def test_nothing_internal_reaches_the_letter(reviewer):
    dossier = assessed(in_review(reviewer), reviewer, C1_2="partial")
    marked = disagreement(R1=2)
    internal = Disagreement(marked.scores, dict.fromkeys(marked.scores, "INTERNE-facteur"), "INTERNE-cote")
    dossier.findings.update(reason="INTERNE-constat")

    values = {**conditional(), "outcome": "to_strengthen", "override_reason": "Motif donné."}

    proposal = propose(dossier, reviewer, **values, internal_note="INTERNE-note", disagreement=internal)

    assert "Motif donné." in proposal.letter
    assert "INTERNE" not in proposal.letter
    assert proposal.internal_note == "INTERNE-note"


# --- the second look --------------------------------------------------------------------------------------------------


def test_declaring_and_approving_with_one_button(reviewer, approver):
    dossier = proposed(reviewer)

    decision = actions.approve(dossier, by=approver, seen=dossier.lock_version, no_link=True)

    assert decision.approver_declaration.user == approver
    assert not decision.approver_declaration.has_link
    codes = list(AuditEvent.objects.filter(actor=approver).order_by("pk").values_list("action", flat=True))
    assert codes[:3] == ["dossier.declare", "dossier.decide", "decision.release"]


def test_a_declared_link_is_not_overwritten_by_the_button(reviewer, approver):
    dossier = proposed(reviewer)
    actions.declare(dossier, by=approver, has_link=True)

    for action, more in ((actions.approve, {}), (actions.send_back, {"reason": "Non."})):
        reasons = refusal(action, dossier, by=approver, seen=dossier.lock_version, no_link=True, **more)
        assert reasons == ["You declared a link with this organisation: a colleague has to take over."]
    assert Decision.objects.count() == 0


def test_declaring_and_sending_back_with_one_button(reviewer, approver):
    dossier = proposed(reviewer)

    back = actions.send_back(dossier, by=approver, seen=dossier.lock_version, reason="Voir C1.2.", no_link=True)

    assert (back.status, rules.declaration_of(back, approver).has_link) == ("in_review", False)


def test_an_approval_refused_leaves_no_declaration(reviewer, approver):
    dossier = proposed(reviewer)
    dossier.findings.filter(item__code="C1.2").update(author=approver)

    refusal(actions.approve, dossier, by=approver, seen=dossier.lock_version, no_link=True)

    assert rules.declaration_of(dossier, approver) is None
