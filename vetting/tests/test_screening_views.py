"""The pages of screening: running it, its paper, the list of matches, and settling one by two people."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from ace_partners.core.models import AuditEvent
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import UserFactory
from partners.tests.factories import GrantFactory, PartnerFactory, PersonFactory
from vetting.actions import screening as actions
from vetting.actions import screening_runs
from vetting.models import SanctionsList, Screening, ScreeningHit
from vetting.pdf import screening as paper
from vetting.tests.factories import editor_of, in_review
from vetting.tests.factories_screening import edition, entry, hit_on

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(english):
    """Sentences are compared as they are written in the code."""


@pytest.fixture
def partner():
    return PartnerFactory(name="Maison Kwetu")


def url(name, *args):
    return reverse(f"vetting:{name}", args=args)


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


# --- running ------------------------------------------------------------------------------------------------------


def test_a_clean_screening_is_kept_and_shown_with_its_lists_and_names(login, reviewer, partner):
    un = edition()
    entry(un, "Somebody Else")
    PersonFactory(partner=partner)
    client = login(reviewer)
    assert "never been screened" in text_of(client.get(url("screening_list", partner.slug)))

    answer = client.post(url("screening_run", partner.slug), follow=True)

    shown = text_of(answer)
    assert answer.redirect_chain == [(url("screening", Screening.objects.get().pk), 302)]
    assert "No match. The result is kept with its date." in shown
    assert un.sha256 in shown
    assert "Kabwe Marie" in shown
    assert "0.850" in shown
    assert "European Union" in shown  # never imported
    assert "still counts" in text_of(client.get(url("screening_list", partner.slug)))


def test_one_tap_twice_is_one_screening(login, reviewer, partner):
    edition()
    client = login(reviewer)

    for _tap in range(2):
        assert client.post(url("screening_run", partner.slug), once="a-token").status_code == 302

    assert Screening.objects.count() == 1


def test_without_lists_the_page_says_so_and_offers_the_import(login, reviewer, partner):
    shown = login(reviewer).get(url("screening_list", partner.slug))

    assert "No list is imported" in text_of(shown)
    assert reverse("vetting:list_index") in shown.content.decode()


def test_missing_and_old_lists_are_named(login, reviewer, partner):
    edition(SanctionsList.UN, edition_on=timezone.localdate() - timedelta(days=31))

    shown = text_of(login(reviewer).get(url("screening_list", partner.slug)))

    assert "Not compared, because never imported: United States (OFAC), European Union, United Kingdom." in shown
    assert "Old copy: United Nations" in shown


def test_a_new_person_shows_on_the_page_and_is_the_occasion(login, reviewer, partner):
    edition()
    client = login(reviewer)
    client.post(url("screening_run", partner.slug))
    PersonFactory(partner=partner)
    assert "A person in office was added" in text_of(client.get(url("screening_list", partner.slug)))

    client.post(url("screening_run", partner.slug))

    assert [row.reason for row in Screening.objects.order_by("pk")] == ["manual", "new_person"]


def test_an_auditor_reads_and_does_not_screen(login, auditor, partner):
    edition()
    GrantFactory(user=auditor, partner=partner)
    client = login(auditor)

    page = client.get(url("screening_list", partner.slug))

    assert "Only a due-diligence officer" in text_of(page)
    assert url("screening_run", partner.slug) not in page.content.decode()
    assert client.post(url("screening_run", partner.slug)).status_code == 403
    assert client.post(url("screening_run_all")).status_code == 403
    assert not Screening.objects.exists()


def test_a_member_sees_nothing_of_its_own_screenings(login, partner):
    hit = hit_on(partner)
    client = login(editor_of(partner))

    for address in (url("screening_list", partner.slug), url("screening", hit.screening_id), url("hit", hit.pk)):
        assert client.get(address).status_code == 404


def test_the_network_is_screened_from_the_page_within_its_time(login, reviewer, partner):
    PartnerFactory()
    edition()
    client = login(reviewer)
    assert "2 organisations have not been screened" in text_of(client.get(url("hit_list")))

    shown = text_of(client.post(url("screening_run_all"), follow=True))

    assert "2 organisations screened." in shown
    assert "have not been screened" not in shown


def test_a_page_stops_when_its_time_is_over(reviewer, partner):
    PartnerFactory()
    edition()

    assert screening_runs.run_for(0, by=reviewer) == (1, 1)


# --- the paper ----------------------------------------------------------------------------------------------------


def test_the_paper_holds_what_was_compared(partner):
    un = edition()
    PersonFactory(partner=partner, surname="<b>Kabwe</b>")
    facts = paper.ScreeningFacts.of(actions.screen(partner, reason="manual"))

    assert facts.reference.startswith("ACE-CRIB-")
    assert [(row.label, row.sha256) for row in facts.lists] == [("United Nations", un.sha256)]
    assert len(facts.missing) == 3
    assert [row.text for row in facts.subjects] == ["Maison Kwetu", "<b>Kabwe</b> Marie"]
    assert paper.screening_paper(facts)[:5] == b"%PDF-"


def test_the_paper_is_also_made_without_any_list(partner):
    facts = paper.in_french(actions.screen(partner, reason="manual"))

    assert (facts.lists, facts.subjects, len(facts.missing)) == ((), (), 4)
    assert paper.screening_paper(facts)[:5] == b"%PDF-"


def test_taking_the_paper_away_is_noted(login, reviewer, partner, monkeypatch):
    edition()
    row = actions.screen(partner, reason="manual")
    monkeypatch.setattr(paper, "render_pdf", lambda *args, **kwargs: b"%PDF-1.7")

    answer = login(reviewer).get(url("screening_pdf", row.pk))

    assert answer["Content-Disposition"].startswith("attachment")
    assert row.reference in answer["Content-Disposition"]
    assert AuditEvent.objects.filter(action="screening.read", actor=reviewer).count() == 1


# --- matches ------------------------------------------------------------------------------------------------------


def test_the_page_of_a_match_shows_both_sides_and_why_they_met(login, reviewer, partner):
    PersonFactory(partner=partner, surname="Mutanga", first_name="Gedeon")
    listed = entry(
        edition(),
        "Gédéon MUTANGA",
        "<script>alert(1)</script>",
        weak=["Katanga Boy"],
        born="1951, Kasaji",
        programme="DRC",
    )
    hit = actions.screen(partner, reason="manual").hits.get()

    page = login(reviewer).get(url("hit", hit.pk))

    shown = text_of(page)
    for words in ("Mutanga Gedeon", "Gédéon MUTANGA", "Katanga Boy", "weak alias", "1951, Kasaji", "DRC", "gedeon"):
        assert words in shown
    assert listed.reference in shown
    assert "neither does the place of birth" in shown
    assert "<script>alert" not in page.content.decode()


def test_two_people_settle_a_match_on_its_page(login, reviewer, approver, partner):
    hit = hit_on(partner)
    first = login(reviewer)
    page = first.get(url("hit", hit.pk))
    assert page.context["form"].initial["reason"] == ""
    values = {"seen": 0, "verdict": "clear", "reason": "Née en 1990, la listée en 1951."}

    assert first.post(url("hit_propose", hit.pk), values)["Location"] == url("hit", hit.pk)
    assert url("hit_clear", hit.pk) not in first.get(url("hit", hit.pk)).content.decode()
    second = login(approver)
    shown = second.get(url("hit", hit.pk)).content.decode()
    assert url("hit_clear", hit.pk) in shown
    assert url("hit_confirm", hit.pk) not in shown
    assert second.post(url("hit_clear", hit.pk), {"seen": 1}).status_code == 302

    assert ScreeningHit.objects.get().status == "cleared"


def test_a_verdict_without_words_is_refused_beside_its_field(login, reviewer, partner):
    hit = hit_on(partner)

    answer = login(reviewer).post(url("hit_propose", hit.pk), {"seen": 0, "verdict": "", "reason": " "})

    assert answer.status_code == 422
    assert "Say whether it is the same or not." in text_of(answer)
    assert "Say why: what you compared" in text_of(answer)
    assert ScreeningHit.objects.get().status == "open"


def test_who_proposed_is_refused_by_the_button_too(login, reviewer, partner):
    hit = actions.propose_verdict(hit_on(partner), by=reviewer, seen=0, verdict="clear", reason="Autre.")

    answer = login(reviewer).post(url("hit_clear", hit.pk), {"seen": 1})

    assert answer.status_code == 403
    assert "another person" in text_of(answer)
    assert ScreeningHit.objects.get().status == "proposed"


def test_a_stale_page_of_a_match_answers_so(login, reviewer, approver, partner):
    hit = actions.propose_verdict(hit_on(partner), by=reviewer, seen=0, verdict="clear", reason="Autre.")

    assert login(approver).post(url("hit_clear", hit.pk), {"seen": 0}).status_code == 409


def test_a_verdict_is_sent_back_with_a_reason_and_what_was_written_is_kept(login, reviewer, approver, partner):
    hit = actions.propose_verdict(hit_on(partner), by=reviewer, seen=0, verdict="clear", reason="Autre personne.")
    client = login(approver)
    assert client.post(url("hit_send_back", hit.pk), {"seen": 1, "reason": ""}).status_code == 422

    client.post(url("hit_send_back", hit.pk), {"seen": 1, "reason": "Quelle date ?"})

    page = login(reviewer).get(url("hit", hit.pk))
    assert page.context["form"].initial["reason"] == "Autre personne."
    assert "Quelle date ?" in text_of(page)


def test_the_direction_looks_again_at_a_settled_match(login, reviewer, approver, partner):
    hit = actions.propose_verdict(hit_on(partner), by=reviewer, seen=0, verdict="confirm", reason="Même date.")
    actions.confirm(hit, by=approver, seen=1)
    assert login(reviewer).post(url("hit_reopen", hit.pk), {"seen": 2, "reason": "Erreur."}).status_code == 403

    login(approver).post(url("hit_reopen", hit.pk), {"seen": 2, "reason": "Erreur de date."})

    hit.refresh_from_db()
    assert (hit.status, hit.verdict, hit.proposed_by, hit.decided_by) == ("open", "", None, None)


def test_a_changed_and_a_delisted_entry_are_said(login, reviewer, partner):
    hit = hit_on(partner)
    client = login(reviewer)
    hit.entry.fingerprint = "f" * 64
    hit.entry.save()
    assert "The entry has changed" in text_of(client.get(url("hit", hit.pk)))
    hit.entry.delisted_at = timezone.now()
    hit.entry.save()

    assert "This entry left its list" in text_of(client.get(url("hit", hit.pk)))


def test_the_list_shows_what_waits_and_finds_the_rest(login, reviewer, approver, partner):
    waiting = hit_on(partner)
    cleared = hit_on(PartnerFactory(name="Élan Femmes"), listed="ILUNGA Paul", person="Ilunga Paul")
    cleared = actions.propose_verdict(cleared, by=reviewer, seen=0, verdict="clear", reason="Autre.")
    actions.clear(cleared, by=approver, seen=1)
    client = login(reviewer)

    def listed(query):
        return list(client.get(url("hit_list") + query).context["page_obj"].object_list)

    assert listed("") == [waiting]
    assert listed("?status=cleared") == [cleared]
    assert listed("?status=cleared&q=elan") == [cleared]
    assert listed("?q=elan") == []


def test_the_examination_page_says_what_screening_knows(login, reviewer):
    dossier = in_review(reviewer)
    client = login(reviewer)
    assert "no list is imported" in text_of(client.get(url("assessment", dossier.pk)))
    hit_on(dossier.partner)

    page = client.get(url("assessment", dossier.pk))

    assert "1 match to settle" in text_of(page)
    assert url("screening_list", dossier.partner.slug) in page.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_query_count(login, reviewer, partner, count, django_assert_num_queries):
    for number in range(count):
        name = ("Kabwe Marie", "Ilunga Paul", "Mwamba Rose")[number]
        hit_on(partner, listed=name, person=name)
    client = login(reviewer)
    hit = ScreeningHit.objects.first()

    with django_assert_num_queries(LIST_QUERIES):
        client.get(url("hit_list"))
    with django_assert_num_queries(PARTNER_QUERIES):
        client.get(url("screening_list", partner.slug))
    with django_assert_num_queries(SCREENING_QUERIES):
        client.get(url("screening", partner.screenings.first().pk))
    with django_assert_num_queries(HIT_QUERIES):
        client.get(url("hit", hit.pk))


LIST_QUERIES, PARTNER_QUERIES, SCREENING_QUERIES, HIT_QUERIES = 8, 14, 9, 11


# --- the command --------------------------------------------------------------------------------------------------


def command(*args):
    out, err = StringIO(), StringIO()
    call_command("screen", *args, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_the_command_screens_everybody_and_draws_its_progress(reviewer, partner):
    hit_on(partner)
    PartnerFactory()

    out, err = command("--all")

    assert out == "2 screened, 0 skipped, 1 with matches, 0 new matches.\n"
    assert "2/2" in err
    assert "Not imported: United States (OFAC), European Union, United Kingdom." in err


def test_the_command_resumes(partner):
    edition()
    actions.screen(partner, reason="import")
    PartnerFactory()

    assert command("--all", "--resume")[0].startswith("1 screened, 1 skipped")


def test_the_command_screens_one_organisation(partner):
    edition()
    PartnerFactory()

    command("--partner", partner.slug)

    assert Screening.objects.get().partner == partner


def test_the_command_stops_without_loss(partner, monkeypatch):
    PartnerFactory()
    edition()
    real = screening_runs.screen

    def screen_one_then_stop(*args, **kwargs):
        if Screening.objects.exists():
            raise KeyboardInterrupt
        return real(*args, **kwargs)

    monkeypatch.setattr(screening_runs, "screen", screen_one_then_stop)

    with pytest.raises(CommandError, match="--resume"):
        command("--all")

    assert Screening.objects.count() == 1


@pytest.mark.parametrize("args", [("--all",), ("--partner", "nobody")])
def test_the_command_refuses_what_cannot_be_done(db, args):
    with pytest.raises(CommandError):
        command(*args)


def test_members_who_hold_an_ace_role_elsewhere_do_not_see_their_own_match_in_the_list(login, partner):
    hit_on(partner)
    user = editor_of(partner)
    both = UserFactory(roles=[Role.REVIEWER])
    user.ace_roles.create(role=Role.REVIEWER)

    assert list(login(user).get(url("hit_list")).context["page_obj"].object_list) == []
    assert len(login(both).get(url("hit_list")).context["page_obj"].object_list) == 1
