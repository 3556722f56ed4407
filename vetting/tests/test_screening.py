"""Screening: what is compared, what is kept, what stays cleared, and who settles a match."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from ace_partners.core.errors import NotAllowed, Stale
from ace_partners.core.models import AuditEvent
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import UserFactory
from partners.tests.factories import MembershipFactory, PartnerFactory, PersonFactory
from vetting import actions as vetting_actions
from vetting.actions import screening
from vetting.holds import open_holds
from vetting.models import EntryKind, HitStatus, SanctionsList, Screening, ScreeningHit, ScreeningReason
from vetting.rules import screening as screening_rules
from vetting.subjects import subjects_of
from vetting.tests.factories import (
    in_review,
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


# --- what is screened, and what is kept -----------------------------------------------------------------------------


def test_every_name_of_the_organisation_and_of_the_people_in_office_is_screened(partner):
    partner.former_names = "Maison d'Espoir; Foyer Kwetu\nKwetu ASBL"
    partner.save()
    now = PersonFactory(partner=partner, surname="Banza", post_name="Mukulu", first_name="Jean")
    PersonFactory(partner=partner, surname="Parti", term_ends_on=timezone.localdate() - timedelta(days=1))

    found = [(subject.kind, subject.text) for subject in subjects_of(partner)]

    assert found == [
        ("name", "Maison Kwetu"),
        ("acronym", "CMDS"),
        ("former", "Maison d'Espoir"),
        ("former", "Foyer Kwetu"),
        ("former", "Kwetu ASBL"),
        ("person", now.full_name),
    ]


def test_a_clean_result_is_kept_with_edition_hash_names_and_threshold(partner, reviewer):
    un, eu = edition(SanctionsList.UN), edition(SanctionsList.EU)
    entry(un, LISTED_NGO, "TPD", kind=EntryKind.ENTITY)
    PersonFactory(partner=partner)

    kept = Screening.objects.get(pk=run(partner, ScreeningReason.MANUAL, by=reviewer).pk)

    assert (kept.result, kept.screened_by, kept.reason) == ("clean", reviewer, "manual")
    assert [(row["list"], row["id"], row["sha256"]) for row in kept.editions] == [
        ("eu", eu.pk, eu.sha256),
        ("un", un.pk, un.sha256),
    ]
    assert kept.editions[0]["date"] == timezone.localdate().isoformat()
    assert (str(kept.strong_from), str(kept.review_from)) == ("0.920", "0.850")
    assert [(row.text, row.outcome) for row in kept.subjects.all()] == [
        ("Maison Kwetu", "clean"),
        ("CMDS", "clean"),
        ("Kabwe Marie", "clean"),
    ]
    event = AuditEvent.objects.get(action="screening.run")
    assert event.after["hits"] == 0
    assert "Kabwe" not in str(event.after)


def test_the_congolese_order_of_names_meets_both_lists():
    partner = PartnerFactory()
    PersonFactory(partner=partner, surname="Kyungu", post_name="Mutanga", first_name="Gédéon")
    entry(edition(SanctionsList.UN), "GÉDÉON KYUNGU MUTANGA WA BAFUNKWA KANONGA")
    entry(edition(SanctionsList.OFAC), "MUTANGA, Gedeon Kyungu")

    assert [hit.is_strong for hit in run(partner).hits.all()] == [True, True]


def test_people_with_one_word_in_common_and_ordinary_organisations_are_no_hit(partner):
    PersonFactory(partner=partner, surname="Bush", first_name="George")
    cooperative = PartnerFactory(name="Coopérative minière pour le Développement")
    un = edition()
    entry(un, "George Habbash")
    entry(un, LISTED_NGO, kind=EntryKind.ENTITY)

    assert run(partner).result == "clean"
    assert run(cooperative).result == "clean"


def test_the_listed_organisation_is_met_by_its_acronym_for_a_person_to_look_at():
    entry(edition(), LISTED_NGO, "TPD", kind=EntryKind.ENTITY)
    partner = PartnerFactory(name="Terre pour demain", acronym="T.P.D.")

    hit = run(partner).hits.get()

    assert (hit.subject_kind, hit.matched_name, hit.is_strong) == ("acronym", "TPD", False)


def test_a_weak_alias_is_never_strong(partner):
    PersonFactory(partner=partner)
    entry(edition(), "Somebody Else Entirely", weak=["Marie Kabwe"])

    hit = run(partner).hits.get()

    assert (float(hit.score), hit.is_strong, hit.why) == (
        1.0,
        False,
        [["kabwe", "kabwe", 1.0], ["marie", "marie", 1.0]],
    )


def test_one_name_alone_makes_the_screening_incomplete(partner):
    entry(edition(), "Banza")
    PersonFactory(partner=partner, surname="Banza", first_name="")

    kept = run(partner)

    assert kept.result == "incomplete"
    assert kept.subjects.get(kind="person").outcome == "unscreenable"
    assert not kept.hits.exists()


def test_without_any_list_the_screening_is_incomplete_and_says_which_are_missing(partner):
    kept = run(partner)

    assert (kept.result, kept.editions, kept.subjects.count()) == ("incomplete", [], 0)
    assert [str(label) for label in state(partner).missing] == [
        "United Nations",
        "United States (OFAC)",
        "European Union",
        "United Kingdom",
    ]


def test_delisted_entries_and_older_editions_are_not_compared(partner):
    PersonFactory(partner=partner)
    entry(edition(), "Marie Kabwe", delisted_at=timezone.now())

    assert run(partner).result == "clean"


def test_only_officers_and_the_direction_screen(partner, me_officer, approver):
    edition()

    with pytest.raises(NotAllowed):
        screening.screen_now(partner, by=me_officer)
    assert not Screening.objects.exists()
    assert screening.screen_now(partner, by=approver).reason == "manual"
    PersonFactory(partner=partner)
    assert screening.screen_now(partner, by=approver).reason == "new_person"


def test_hostile_names_are_only_names(partner):
    PersonFactory(partner=partner, surname="<script>alert(1)</script>", first_name="=cmd|' /C calc'!A0")
    entry(edition(), "<script>alert(1)</script> =cmd|' /C calc'!A0")

    assert run(partner).hits.get().subject_text == "<script>alert(1)</script> =cmd|' /C calc'!A0"


# --- pairs: known, cleared, changed -----------------------------------------------------------------------------------


def test_a_pair_is_one_hit_however_often_it_is_found(partner, reviewer):
    UserFactory(roles=[Role.REVIEWER])
    hit = hit_on(partner)

    again = run(partner, ScreeningReason.MANUAL, by=reviewer)

    assert ScreeningHit.objects.get() == hit
    assert (again.result, again.hits.count()) == ("hits", 0)


def test_an_organisation_with_an_open_hit_is_still_screened(partner):
    hit_on(partner)
    PersonFactory(partner=partner, surname="Ilunga", first_name="Paul")
    entry(edition(SanctionsList.EU), "Paul ILUNGA")

    assert [hit.subject_text for hit in run(partner).hits.all()] == ["Ilunga Paul"]
    assert ScreeningHit.objects.count() == 2


def test_a_cleared_pair_stays_cleared(partner, reviewer, approver):
    settled(hit_on(partner), reviewer, approver)

    kept = run(partner)

    assert (kept.result, kept.hits.count()) == ("clean", 0)
    assert kept.subjects.get(kind="person").outcome == "cleared"


def test_a_cleared_pair_is_asked_again_when_the_entry_changes(partner, reviewer, approver):
    old = settled(hit_on(partner), reviewer, approver)
    old.entry.fingerprint = "f" * 64
    old.entry.save()

    new = run(partner).hits.get()

    assert (new.status, new.entry, new.pk != old.pk) == ("open", old.entry, True)


def test_a_cleared_pair_is_asked_again_when_the_name_changes_but_not_for_an_accent(partner, reviewer, approver):
    hit = settled(hit_on(partner), reviewer, approver)
    person = hit.person
    person.first_name = "Märié"
    person.save()
    assert run(partner).result == "clean"

    person.post_name = "Ilunga"
    person.save()

    assert run(partner).hits.get().subject_text == "Kabwe Ilunga Märié"


def test_a_new_person_with_a_cleared_name_is_screened_anew(partner, reviewer, approver):
    settled(hit_on(partner), reviewer, approver)
    namesake = PersonFactory(partner=partner, surname="Kabwe", first_name="Marie")

    kept = run(partner)

    assert (kept.result, kept.hits.get().person, kept.hits.get().status) == ("hits", namesake, "open")


def test_a_cleared_former_name_stays_cleared_when_another_is_added(partner, reviewer, approver):
    partner.former_names = LISTED_NGO
    partner.save()
    entry(edition(), LISTED_NGO, kind=EntryKind.ENTITY)
    settled(run(partner).hits.get(), reviewer, approver)

    partner.former_names = f"Foyer Kwetu; {LISTED_NGO}"
    partner.save()

    assert run(partner).result == "clean"


def test_an_open_hit_follows_its_entry_instead_of_a_second_one(partner):
    hit = hit_on(partner)
    hit.entry.fingerprint = "f" * 64
    hit.entry.save()

    run(partner)

    hit = ScreeningHit.objects.get()
    assert (hit.entry_fingerprint, hit.lock_version) == ("f" * 64, 1)


# --- imports ----------------------------------------------------------------------------------------------------------


def test_what_nobody_settled_closes_when_its_entry_is_delisted_and_opens_when_it_is_listed_again(partner, reviewer):
    hit = hit_on(partner)
    other = hit_on(PartnerFactory(), listed="ILUNGA Paul", person="Ilunga Paul")
    hit.entry.delisted_at = timezone.now()
    hit.entry.save()

    assert screening.after_import(hit.entry.last_edition, by=reviewer) == 1

    assert [row.status for row in ScreeningHit.objects.order_by("pk")] == ["closed", "open"]
    assert not open_holds(partner)
    assert open_holds(other.partner)
    hit.entry.delisted_at = None
    hit.entry.save()
    edition()
    assert run(partner).hits.get().status == "open"


def test_delisting_leaves_what_two_people_settled(partner, reviewer, approver):
    hit = settled(hit_on(partner), reviewer, approver, verdict="confirm")
    hit.entry.delisted_at = timezone.now()
    hit.entry.save()

    assert screening.after_import(hit.entry.last_edition) == 0

    reopened = screening.reopen(hit, by=approver, seen=hit.lock_version, reason="Radié de la liste.")
    assert reopened.status == "closed"


# --- two people ---------------------------------------------------------------------------------------------------


def test_two_people_clear_and_the_hold_ends(partner, reviewer, approver):
    hit = hit_on(partner)
    assert len(open_holds(partner)) == 1

    hit = screening.propose_verdict(
        hit, by=reviewer, seen=0, verdict="clear", reason=" Née en 1990, la listée en 1951. "
    )
    assert (hit.status, hit.verdict_reason) == ("proposed", "Née en 1990, la listée en 1951.")
    assert len(open_holds(partner)) == 1
    hit = screening.clear(hit, by=approver, seen=hit.lock_version)

    assert (hit.status, hit.proposed_by, hit.decided_by) == ("cleared", reviewer, approver)
    assert hit.decided_at is not None
    assert not open_holds(partner)


def test_reasons_and_names_stay_out_of_the_audit_trail(partner, reviewer, approver):
    settled(hit_on(partner), reviewer, approver)

    events = AuditEvent.objects.filter(action__startswith="hit.").order_by("pk")

    assert [event.action for event in events] == ["hit.found", "hit.propose", "hit.clear"]
    assert not any("Kabwe" in f"{event.before}{event.after}{event.reason}{event.target_label}" for event in events)
    assert not any("1990" in event.reason for event in events)


def test_who_proposed_does_not_settle(partner, reviewer):
    hit = screening.propose_verdict(hit_on(partner), by=reviewer, seen=0, verdict="clear", reason="Autre personne.")

    for act, more in ((screening.clear, {}), (screening.send_back, {"reason": "Non."})):
        with pytest.raises(NotAllowed, match="another person"):
            act(hit, by=reviewer, seen=hit.lock_version, **more)


def test_the_database_refuses_one_person_twice(partner, reviewer):
    hit = screening.propose_verdict(hit_on(partner), by=reviewer, seen=0, verdict="clear", reason="Autre personne.")

    with pytest.raises(IntegrityError), transaction.atomic():
        ScreeningHit.objects.filter(pk=hit.pk).update(decided_by=reviewer)


def test_another_verdict_is_sent_back_not_turned_round(partner, reviewer, other_reviewer):
    hit = screening.propose_verdict(hit_on(partner), by=reviewer, seen=0, verdict="confirm", reason="Même date.")

    with pytest.raises(NotAllowed, match="Another verdict"):
        screening.clear(hit, by=other_reviewer, seen=hit.lock_version)
    hit = screening.send_back(hit, by=other_reviewer, seen=hit.lock_version, reason="Regardez la date.")

    assert (hit.status, hit.verdict, hit.proposed_by, hit.verdict_reason) == ("open", "", None, "Même date.")
    assert AuditEvent.objects.get(action="hit.send_back").reason == "Regardez la date."


@pytest.mark.parametrize(("verdict", "reason"), [("clear", "  "), ("", "Vu."), ("cleared", "Vu.")])
def test_a_verdict_needs_a_reason_and_is_one_of_two(partner, reviewer, verdict, reason):
    hit = hit_on(partner)

    with pytest.raises(NotAllowed):
        screening.propose_verdict(hit, by=reviewer, seen=0, verdict=verdict, reason=reason)


def test_who_declared_a_link_neither_proposes_nor_settles(reviewer, other_reviewer):
    dossier = in_review(reviewer)
    hit = hit_on(dossier.partner)
    vetting_actions.declare(dossier, by=other_reviewer, has_link=True)

    with pytest.raises(NotAllowed, match="declared a link"):
        screening.propose_verdict(hit, by=other_reviewer, seen=0, verdict="clear", reason="Autre.")
    hit = screening.propose_verdict(hit, by=reviewer, seen=0, verdict="clear", reason="Autre.")
    with pytest.raises(NotAllowed, match="declared a link"):
        screening.clear(hit, by=other_reviewer, seen=hit.lock_version)


def test_a_stale_page_settles_nothing(partner, reviewer, approver):
    hit = screening.propose_verdict(hit_on(partner), by=reviewer, seen=0, verdict="clear", reason="Autre.")

    with pytest.raises(Stale):
        screening.clear(hit, by=approver, seen=0)


def test_a_member_of_the_organisation_loses_the_ace_role_on_its_hits(partner, reviewer):
    hit = hit_on(partner)
    MembershipFactory(user=reviewer, partner=partner, role=Role.EDITOR)

    with pytest.raises(NotAllowed):
        screening.propose_verdict(hit, by=reviewer, seen=0, verdict="clear", reason="Autre.")


ALLOWED = {
    ("open", "propose"): {"reviewer"},
    ("proposed", "send_back"): {"reviewer", "approver"},
    ("proposed", "clear"): {"reviewer", "approver"},
    ("proposed", "confirm"): {"reviewer", "approver"},
    ("cleared", "reopen"): {"approver"},
    ("confirmed", "reopen"): {"approver"},
}


@pytest.mark.parametrize("move", screening_rules.HIT.moves, ids=lambda move: move.name)
@pytest.mark.parametrize("status", HitStatus.values)
def test_source_role_move(partner, move, status):
    other = UserFactory()
    hit = hit_on(partner)
    hit.status, hit.verdict, hit.proposed_by = status, {"confirm": "confirm"}.get(move.name, "clear"), other

    allowed = {
        role.value
        for role in Role
        if role not in (Role.VIEWER, Role.EDITOR, Role.SIGNATORY, Role.AUDITOR)
        and not screening_rules.against_move(hit, move.name, UserFactory(roles=[role]))
    }

    assert allowed == ALLOWED.get((status, move.name), set())
