"""Screening: when it still counts, what it stops, whom it tells, and runs over the network."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ace_partners.core.errors import NotAllowed
from ace_partners.core.models import OutgoingMail
from ace_partners.core.tests.factories import UserFactory
from partners.models import Relationship
from partners.tests.factories import PartnerFactory, PersonFactory
from vetting import actions as vetting_actions
from vetting import rules
from vetting.actions import screening, screening_runs
from vetting.models import SanctionsList, Screening, ScreeningHit, ScreeningReason
from vetting.rules import paying
from vetting.rules import screening as screening_rules
from vetting.tests.factories import (
    ChecklistFactory,
    DecisionFactory,
    assessed,
    current,
    decided,
    in_review,
    proposal_values,
    proposed,
)
from vetting.tests.factories_screening import edition, entry, hit_on, settled

pytestmark = pytest.mark.django_db
LISTED_NGO = "Tous pour la paix et le développement"


@pytest.fixture(autouse=True)
def _english(english):
    """Sentences are compared as they are written in the code."""


@pytest.fixture
def partner():
    return PartnerFactory(name="Maison Kwetu", acronym="CMDS")


def run(partner, reason=ScreeningReason.IMPORT, **more):
    return screening.screen(partner, reason=reason, **more)


def state(partner):
    return screening_rules.screening_state(partner)


# --- when a screening still counts --------------------------------------------------------------------------------


def test_fresh_after_a_screening_and_stale_for_each_reason(partner, settings):
    edition()
    assert state(partner).stale == ("never",)
    run(partner)
    assert state(partner).is_fresh

    person = PersonFactory(partner=partner)
    assert state(partner).stale == ("new_person",)
    run(partner)
    person.surname = "Kabwé"
    person.save()
    assert state(partner).is_fresh
    person.surname = "Ilunga"
    person.save()
    assert state(partner).stale == ("changed_name",)
    run(partner)
    edition(SanctionsList.UN)
    assert state(partner).stale == ("newer_edition",)
    kept = run(partner)
    settings.ACE_SCREEN_STRONG = 0.95
    assert state(partner).stale == ("other_threshold",)
    settings.ACE_SCREEN_STRONG = 0.92
    Screening.objects.exclude(pk=kept.pk).delete()
    Screening.objects.update(screened_at=timezone.now() - timedelta(days=366))
    assert state(partner).stale == ("too_old",)


def test_a_copy_older_than_thirty_days_is_called_old(partner):
    old = edition(edition_on=timezone.localdate() - timedelta(days=31))
    edition(SanctionsList.EU, edition_on=timezone.localdate() - timedelta(days=30))

    assert state(partner).old == (old,)


def test_every_reason_has_its_sentence():
    codes = ("never", "new_person", "changed_name", "newer_edition", "too_old", "other_threshold")

    assert len(set(screening_rules.stale_sentences(codes))) == len(codes)


def test_reasons_against_an_organisation_that_is_not_screened(partner):
    assert not state(partner).has_lists
    edition()
    assert list(state(partner).stale_sentences) == ["This organisation has never been screened."]
    run(partner)
    assert list(state(partner).stale_sentences) == []
    assert screening_rules.against_unsettled(partner) == []
    hit_on(partner)
    assert screening_rules.against_unsettled(partner) == ["One match with a sanctions list waits for its verdict."]


# --- decisions ----------------------------------------------------------------------------------------------------


def test_proposing_screens_first_and_keeps_the_match_that_refuses_it(reviewer):
    dossier = assessed(in_review(reviewer), reviewer)
    PersonFactory(partner=dossier.partner)
    entry(edition(), "Marie KABWE")

    with pytest.raises(NotAllowed, match="waits for its verdict"):
        vetting_actions.propose(dossier, by=reviewer, seen=dossier.lock_version, **proposal_values())

    assert current(dossier).status == "in_review"
    assert ScreeningHit.objects.get().partner == dossier.partner
    assert Screening.objects.get().reason == "decision"


def test_a_recent_screening_is_not_run_again(reviewer):
    dossier = assessed(in_review(reviewer), reviewer)
    edition()
    run(dossier.partner)

    vetting_actions.propose(dossier, by=reviewer, seen=dossier.lock_version, **proposal_values())

    assert Screening.objects.count() == 1


def test_without_any_list_a_decision_is_proposed_and_nothing_is_screened(reviewer):
    dossier = proposed(reviewer)

    assert dossier.status == "proposed"
    assert not Screening.objects.exists()


def test_approving_screens_first_too(reviewer, approver):
    dossier = proposed(reviewer)
    vetting_actions.declare(dossier, by=approver, has_link=False)
    PersonFactory(partner=dossier.partner)
    entry(edition(), "Marie KABWE")

    with pytest.raises(NotAllowed, match="waits for its verdict"):
        vetting_actions.approve(dossier, by=approver, seen=dossier.lock_version)

    assert current(dossier).status == "proposed"
    assert ScreeningHit.objects.filter(partner=dossier.partner).exists()


def test_a_stranger_starts_no_screening(reviewer):
    dossier = assessed(in_review(reviewer), reviewer)
    edition()

    with pytest.raises(NotAllowed):
        vetting_actions.propose(dossier, by=UserFactory(), seen=dossier.lock_version, **proposal_values())

    assert not Screening.objects.exists()


def test_c14_cannot_be_met_while_a_match_is_confirmed(reviewer, other_reviewer, approver):
    dossier = assessed(in_review(reviewer), reviewer)
    settled(hit_on(dossier.partner), reviewer, other_reviewer, verdict="confirm")
    item = dossier.items.get(code="C1.4")
    seen = dossier.findings.get(item=item).lock_version

    with pytest.raises(NotAllowed, match="C1.4"):
        vetting_actions.save_finding(dossier, item, by=reviewer, answer="met", reason="Vu.", seen=seen)
    with pytest.raises(NotAllowed, match="C1.4"):
        vetting_actions.propose(dossier, by=reviewer, seen=dossier.lock_version, **proposal_values())
    vetting_actions.save_finding(dossier, item, by=reviewer, answer="not_met", reason="Confirmé.", seen=seen)

    assert rules.against_moving(current(dossier), "propose", reviewer) == []


def test_c13_cannot_be_met_while_one_name_alone_is_known(reviewer):
    ChecklistFactory(items={"C1.3": {"knock_out": ["all"]}, "C2.1": {}, "C3.1": {}, "C4.1": {}})
    dossier = in_review(reviewer)
    PersonFactory(partner=dossier.partner, surname="Banza", first_name="")
    item = dossier.items.get(code="C1.3")

    with pytest.raises(NotAllowed, match="Banza"):
        vetting_actions.save_finding(dossier, item, by=reviewer, answer="met", reason="Vu.", seen=0)


# --- payments ---------------------------------------------------------------------------------------------------------


def test_paying_waits_for_a_decision_a_screening_and_every_match(reviewer, approver):
    partner = decided(reviewer, approver).partner
    assert paying.against_paying(partner) == []

    edition()
    assert paying.against_paying(partner) == ["This organisation has never been screened."]
    screening.screen_if_stale(partner, reason=ScreeningReason.PAYMENT, by=approver)
    assert paying.against_paying(partner) == []
    hit = hit_on(partner)
    assert len(paying.against_paying(partner)) == 1
    settled(hit, reviewer, approver)
    assert paying.against_paying(partner) == []


def test_no_money_without_a_favourable_decision_in_force(partner):
    assert len(paying.against_paying(partner)) == 1

    DecisionFactory(partner=partner, outcome="declined")

    assert len(paying.against_paying(partner)) == 1


def test_items_that_block_payment_are_met_first(reviewer, approver):
    decision = decided(reviewer, approver)
    finding = decision.dossier.findings.get(item__code="C1.4")
    finding.answer = "partial"
    finding.save()

    assert paying.against_paying(decision.partner) == ["To be met before any payment: C1.4."]

    finding.answer = "not_applicable"
    finding.save()
    assert paying.against_paying(decision.partner) == ["To be met before any payment: C1.4."]

    decision.proposal.changed_findings = {"C1.4": "met"}
    decision.proposal.save()
    assert paying.against_paying(decision.partner) == []


# --- mail ---------------------------------------------------------------------------------------------------------


def mails(kind):
    return list(OutgoingMail.objects.filter(kind=f"vetting/email/{kind}").order_by("pk"))


def test_new_matches_are_told_to_the_officers_once(partner, reviewer, other_reviewer, approver):
    PersonFactory(partner=partner)
    entry(edition(), "Marie KABWE")

    run(partner, ScreeningReason.MANUAL, by=reviewer)
    run(partner, ScreeningReason.MANUAL, by=reviewer)

    assert [mail.to_user for mail in mails("hits_found")] == [reviewer, other_reviewer]
    assert not any("Kabwe" in f"{mail.subject}{mail.body}" for mail in mails("hits_found"))


def test_a_proposed_verdict_is_told_to_the_others(partner, reviewer, other_reviewer, approver):
    hit = screening.propose_verdict(hit_on(partner), by=reviewer, seen=0, verdict="clear", reason="Autre.")
    screening.send_back(hit, by=approver, seen=1, reason="Quelle date ?")

    assert {mail.to_user for mail in mails("verdict_proposed")} == {other_reviewer, approver}
    assert [(mail.to_user, "Quelle date ?" in mail.body) for mail in mails("verdict_sent_back")] == [(reviewer, True)]


def test_a_confirmed_match_is_told(partner, reviewer, other_reviewer, approver):
    settled(hit_on(partner), reviewer, other_reviewer, verdict="confirm")

    assert {mail.to_user for mail in mails("hit_confirmed")} == {reviewer, approver}


# --- runs ---------------------------------------------------------------------------------------------------------


def test_a_run_screens_everybody_but_those_who_left_and_mails_once(reviewer):
    entry(edition(), "Marie KABWE")
    for _number in range(3):
        PersonFactory(partner=PartnerFactory())
    PartnerFactory(status=Relationship.ENDED)

    *_before, last = list(screening_runs.run(screening_runs.everybody()))

    assert (last.total, last.screened, last.with_hits, last.new_hits) == (3, 3, 3, 3)
    assert len(mails("screening_run")) == 1
    assert not mails("hits_found")


def test_a_run_that_was_stopped_goes_on_where_it_stopped(reviewer):
    entry(edition(), "Marie KABWE")
    partners = [PersonFactory(partner=PartnerFactory()).partner for _number in range(4)]
    steps = screening_runs.run(screening_runs.everybody())
    next(steps)
    next(steps)
    steps.close()
    assert (Screening.objects.count(), len(mails("screening_run"))) == (2, 1)

    *_before, last = list(screening_runs.run(screening_runs.everybody(), resume=True))

    assert (last.skipped, last.screened) == (2, 2)
    assert {row.partner for row in Screening.objects.all()} == set(partners)
    assert Screening.objects.count() == 4


def test_a_run_without_resume_screens_again():
    edition()
    PartnerFactory()

    for _time in range(2):
        list(screening_runs.run(screening_runs.everybody()))

    assert Screening.objects.count() == 2


def test_who_was_not_screened_since_the_newest_edition():
    assert not screening_runs.unscreened(screening_runs.everybody()).exists()
    seen, unseen = PartnerFactory(), PartnerFactory()
    edition()
    run(seen)

    assert list(screening_runs.unscreened(screening_runs.everybody())) == [unseen]


def queries_of_a_screening(people):
    partner = PartnerFactory()
    for number in range(people):
        PersonFactory(partner=partner, first_name=f"Prénom{number}")
    with CaptureQueriesContext(connection) as queries:
        run(partner)
    return len(queries)


def test_the_number_of_queries_of_a_screening_does_not_grow_with_the_people():
    edition()
    queries_of_a_screening(1)  # builds the index

    assert queries_of_a_screening(1) == queries_of_a_screening(6)
