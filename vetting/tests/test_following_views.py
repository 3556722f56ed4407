"""After the approval, page by page: holds, triggers, visits, the regulatory status, the calendar; and the own page."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import UserFactory
from impact.tests.factories import PeriodFactory, ProjectFactory, ReportFactory
from partners.models import PartnerPlace
from partners.tests.factories import (
    DocumentFactory,
    DocumentTypeFactory,
    GrantFactory,
    MembershipFactory,
    PartnerFactory,
    PersonFactory,
    PlaceFactory,
)
from vetting.models import (
    CapacityAction,
    CapacityPlan,
    Decision,
    Hold,
    RegulatoryStatus,
    RiskRating,
    TriggerDismissal,
    Visit,
    VisitPoint,
)
from vetting.tests.factories import DecisionFactory, DossierFactory, editor_of, signatory_of, viewer_of
from vetting.tests.factories_following import (
    FlagFactory,
    HoldFactory,
    RegulatoryStatusFactory,
    VisitFactory,
    VisitPointFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(english):
    """Sentences are compared as they are written in the code."""


def url(name, *args):
    return reverse(name, args=args)


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def day(days):
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def partner():
    """Approved sixty-five days ago."""
    row = PartnerFactory()
    DecisionFactory(partner=row, decided_at=timezone.now() - timedelta(days=65))
    return row


def site_of(partner):
    place = PlaceFactory(level="site_minier")
    PartnerPlace.objects.create(partner=partner, place=place, kind="mine_site")
    return place


# --- holds ---------------------------------------------------------------------------------------------------------


def test_a_hold_is_set_and_lifted(login, reviewer, approver, partner):
    flag = FlagFactory(partner=partner, status="substantiated")
    officer, direction = login(reviewer), login(approver)

    offered = officer.get(url("vetting:hold_set", partner.slug), {"signalement": flag.pk}).context["form"]
    done = officer.post(
        url("vetting:hold_set", partner.slug), {"kind": "flag", "reason": "Deux factures.", "flag": flag.pk}
    )
    hold = Hold.objects.get()
    page = direction.get(url("desk:following", partner.slug))
    lifted = direction.post(url("vetting:hold_lift", hold.pk), {"seen": 0, "reason": "Expliqué."})

    assert [pk for pk, _label in offered.fields["flag"].choices] == ["", flag.pk]
    assert str(offered["flag"].value()) == str(flag.pk)
    assert done["Location"] == lifted["Location"] == url("desk:following", partner.slug)
    assert url("vetting:hold_lift", hold.pk) in page.content.decode()
    assert "It ends when the direction lifts it." in text_of(page)
    assert Hold.objects.get().lift_reason == "Expliqué."


def test_a_flag_without_effect_is_neither_offered_nor_accepted(login, reviewer, partner):
    flag = FlagFactory(partner=partner, status="notified")

    response = login(reviewer).post(
        url("vetting:hold_set", partner.slug), {"kind": "flag", "reason": "x", "flag": flag.pk}
    )

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["flag"])
    assert Hold.objects.count() == 0


@pytest.mark.parametrize(
    ("facts", "field", "sentence"),
    [
        ({"kind": ""}, "kind", "Choose what kind of hold this is."),
        ({"reason": ""}, "reason", "Say why, in words for the organisation."),
        ({"ends_on": "2020-01-01"}, "ends_on", "This day is past: choose today or a day after."),
        ({"kind": "suspension"}, "kind", "Select a valid choice. suspension is not one of the available choices."),
    ],
)
def test_a_hold_that_is_wrong_comes_back(login, reviewer, partner, facts, field, sentence):
    response = login(reviewer).post(
        url("vetting:hold_set", partner.slug), {"kind": "other", "reason": "Motif gardé.", **facts}
    )

    assert (response.status_code, response.context["form"].errors[field]) == (422, [sentence])


def test_lifting_ones_own_hold_is_refused_with_the_reason(login):
    both = UserFactory(roles=[Role.REVIEWER, Role.APPROVER])
    hold = HoldFactory(set_by=both)

    response = login(both).post(url("vetting:hold_lift", hold.pk), {"seen": 0, "reason": "x"})

    assert response.status_code == 403
    assert "You set this hold: another person has to lift it." in text_of(response)
    assert Hold.objects.get().lifted_at is None


def test_a_hold_lifted_meanwhile_is_stale(login, approver):
    hold = HoldFactory(lock_version=1)

    assert login(approver).post(url("vetting:hold_lift", hold.pk), {"seen": 0, "reason": "x"}).status_code == 409


def test_the_organisation_does_not_lift_its_hold(login):
    hold = HoldFactory()

    assert login(signatory_of(hold.partner)).get(url("vetting:hold_lift", hold.pk)).status_code == 404


def test_both_pages_show_holds_put_and_computed_with_what_ends_each(login, reviewer, partner):
    HoldFactory(partner=partner, reason="Enquête en cours.", ends_on=day(9))
    step = a_step(partner, due_on=day(-1))
    HoldFactory(
        partner=partner, reason="Ancien.", lifted_at=timezone.now(), lifted_by=reviewer, lift_reason="Réglé depuis."
    )

    for user, name in ((reviewer, "desk:following"), (signatory_of(partner), "vetting_space:following")):
        page = text_of(login(user).get(url(name, partner.slug)))
        assert "Enquête en cours." in page
        assert ", or before, when the direction lifts it." in page
        assert f"The step for item {step.item.code} was due on" in page
        assert "It ends when ACE validates the evidence for this step, or gives a later day." in page
        assert "Réglé depuis." in page


def a_step(partner, due_on):
    """A condition of the decision in force, as a step of its plan."""
    decision = Decision.objects.in_force().get(partner=partner)
    item = decision.dossier.items.first()
    condition = decision.conditions.create(item=item, action="Tenir une AG", due_on=due_on)
    plan, _made = CapacityPlan.objects.get_or_create(partner=partner, decision=decision)
    return CapacityAction.objects.create(
        plan=plan, item=item, condition=condition, action="Tenir une AG", due_on=due_on
    )


# --- triggers ------------------------------------------------------------------------------------------------------


def test_a_trigger_proposes_a_dossier_or_a_reason_why_not(login, reviewer, partner):
    person = PersonFactory(partner=partner, office="Gérante")
    client = login(reviewer)
    address = url("desk:trigger_dismiss", partner.slug, "new_leader", f"person-{person.pk}")

    page = client.get(url("desk:following", partner.slug)).content.decode()
    silent = client.post(address, {"reason": ""})
    done = client.post(address, {"reason": "Déjà connue."})

    assert "New in office: Gérante." in page
    assert address in page
    assert url("desk:dossier_open", partner.slug) in page
    assert silent.status_code == 422
    assert done["Location"] == url("desk:following", partner.slug)
    assert TriggerDismissal.objects.get().reason == "Déjà connue."
    assert client.get(address).status_code == 404
    assert "Déjà connue." in text_of(client.get(url("desk:following", partner.slug)))


def test_a_report_late_by_more_than_sixty_days_is_a_trigger(login, reviewer, partner):
    project = ProjectFactory(partner=partner)
    late = ReportFactory(period=PeriodFactory(project=project))
    type(late.period).objects.filter(pk=late.period_id).update(due_on=day(-62), grace_days=0)
    sent = ReportFactory(period=PeriodFactory(project=project), status="submitted", first_submitted_at=timezone.now(),
                         last_submitted_at=timezone.now())  # fmt: skip
    type(sent.period).objects.filter(pk=sent.period_id).update(due_on=day(-62), grace_days=0)

    triggers = login(reviewer).get(url("desk:following", partner.slug)).context["following"].triggers

    assert [(each.kind, each.key, each.sentence) for each in triggers] == [
        ("late_report", f"report-{late.pk}", "A report is 62 days late.")
    ]


def test_a_monitoring_officer_is_told_who_dismisses(login, me_officer, partner):
    person = PersonFactory(partner=partner)
    address = url("desk:trigger_dismiss", partner.slug, "new_leader", f"person-{person.pk}")

    response = login(me_officer).post(address, {"reason": "x"})

    assert response.status_code == 403
    assert "Only a due-diligence officer or the direction" in text_of(response)
    assert address not in login(me_officer).get(url("desk:following", partner.slug)).content.decode()


# --- visits --------------------------------------------------------------------------------------------------------

NO_POINTS = {"points-TOTAL_FORMS": 6, "points-INITIAL_FORMS": 0}


def test_a_visit_from_the_plan_to_the_last_action(login, reviewer, partner):
    client, site = login(reviewer), site_of(partner)

    client.post(
        url("vetting:visit_plan", partner.slug),
        {"planned_on": day(0), "place": site.pk, "purpose": "Voir le puits", "visitors": "Deux chargés"},
    )
    visit = Visit.objects.get()
    lines = {"points-0-text": "Puits ouvert", "points-2-text": "Le clôturer", "points-2-responsible": "Elle",
             "points-2-due_on": day(5)}  # fmt: skip
    values = {"seen": 0, "held_on": day(0), "account": "Propre.", **NO_POINTS, **lines}
    client.post(url("vetting:visit_record", visit.pk), values)
    page = client.get(url("vetting:visit", visit.pk)).content.decode()
    first, second = VisitPoint.objects.order_by("pk")
    client.post(url("vetting:visit_point_done", visit.pk, second.pk), {"seen": 1})

    assert visit.place == site
    assert (first.text, first.due_on, second.responsible) == ("Puits ouvert", None, "Elle")
    assert url("vetting:visit_point_done", visit.pk, second.pk) in page
    assert url("vetting:visit_point_done", visit.pk, first.pk) not in page
    assert VisitPoint.objects.get(pk=second.pk).done_on == day(0)


@pytest.mark.parametrize(
    ("facts", "field", "sentence"),
    [
        ({"held_on": "2999-01-01"}, "held_on", "This day is still to come: choose today or a day before."),
        ({"account": ""}, "account", "Say in a few sentences what was seen."),
    ],
)
def test_a_record_that_is_wrong_comes_back_with_its_lines(login, reviewer, facts, field, sentence):
    visit = VisitFactory()
    values = {"seen": 0, "held_on": day(0), "account": "Vu.", **NO_POINTS, "points-0-text": "Gardé", **facts}

    response = login(reviewer).post(url("vetting:visit_record", visit.pk), values)

    assert (response.status_code, response.context["form"].errors[field]) == (422, [sentence])
    assert response.context["points"][0]["text"].value() == "Gardé"


@pytest.mark.parametrize(
    ("facts", "field", "sentence"),
    [
        ({"text": "a", "responsible": "Elle"}, "due_on", "Say by which day this is done."),
        ({"text": "a", "due_on": "2999-01-01"}, "responsible", "Say who does this."),
        ({"responsible": "Elle", "due_on": "2999-01-01"}, "text", "Write the finding or the action."),
    ],
)
def test_a_line_that_is_half_an_action_comes_back(login, reviewer, facts, field, sentence):
    visit = VisitFactory()
    lines = {f"points-1-{name}": value for name, value in facts.items()}

    response = login(reviewer).post(
        url("vetting:visit_record", visit.pk), {"seen": 0, "held_on": day(0), "account": "Gardé.", **NO_POINTS, **lines}
    )

    assert response.status_code == 422
    assert response.context["points"][1].errors[field] == [sentence]
    assert response.context["form"]["account"].value() == "Gardé."
    assert Visit.objects.get().status == "planned"


def test_a_visit_is_cancelled_with_a_reason(login, reviewer):
    visit = VisitFactory()
    client, address = login(reviewer), url("vetting:visit_cancel", visit.pk)

    silent = client.post(address, {"seen": 0, "reason": ""})
    done = client.post(address, {"seen": 0, "reason": "Route coupée."})

    assert (silent.status_code, done.status_code) == (422, 302)
    page = text_of(client.get(url("vetting:visit", visit.pk)))
    assert "Visit cancelled" in page  # in words, not as a code
    assert "Route coupée." in page


def test_a_point_of_another_visit_does_not_exist(login, reviewer):
    visit, point = VisitFactory(), VisitPointFactory()

    assert login(reviewer).post(url("vetting:visit_point_done", visit.pk, point.pk), {"seen": 0}).status_code == 404


# --- the regulatory status -----------------------------------------------------------------------------------------


def test_a_status_is_recorded_for_the_organisation_or_a_site(login, me_officer, partner):
    site = site_of(partner)
    client, address = login(me_officer), url("vetting:regulatory_record", partner.slug)
    values = {"state": "suspended", "effective_on": "2025-12-19", "source": "Arrêté 0736"}

    client.post(address, values)
    done = client.post(address, {**values, "subject": site.pk, "state": "tolerated", "note": "Secretnote"})

    assert done["Location"] == url("desk:following", partner.slug)
    rows = RegulatoryStatus.objects.order_by("pk").values_list("partner", "place", "state")
    assert list(rows) == [(partner.pk, None, "suspended"), (None, site.pk, "tolerated")]
    staff = text_of(client.get(url("desk:following", partner.slug)))
    own = text_of(login(signatory_of(partner)).get(url("vetting_space:following", partner.slug)))
    assert "since 19 December 2025; source: Arrêté 0736" in staff
    assert "Secretnote" in staff
    assert "since 19 December 2025; source: Arrêté 0736" in own
    assert "Secretnote" not in own


@pytest.mark.parametrize(
    ("facts", "field", "sentence"),
    [
        ({"source": ""}, "source", "Name the source: the order, its number and its date, or who said so and when."),
        ({"effective_on": "2999-01-01"}, "effective_on", "This day is still to come: choose today or a day before."),
        ({"state": ""}, "state", "Choose the status."),
        ({"subject": "999999"}, "subject", "Select a valid choice. 999999 is not one of the available choices."),
    ],
)
def test_a_status_that_is_wrong_comes_back(login, reviewer, partner, facts, field, sentence):
    values = {"state": "suspended", "effective_on": "2025-12-19", "source": "Arrêté", **facts}

    response = login(reviewer).post(url("vetting:regulatory_record", partner.slug), values)

    assert (response.status_code, response.context["form"].errors[field]) == (422, [sentence])
    assert RegulatoryStatus.objects.count() == 0


# --- the calendar --------------------------------------------------------------------------------------------------


def fill(partner, days):
    """One thing of each kind that ends or is due in `days`; returns nothing."""
    decision = Decision.objects.in_force().get(partner=partner)
    a_step(partner, due_on=day(days))
    key = DocumentTypeFactory(code="CLE", is_key=True)
    DocumentFactory(partner=partner, type=key, title="Agrément", expires_on=day(days))
    VisitFactory(partner=partner, planned_on=day(days))
    VisitPointFactory(
        visit=VisitFactory(partner=partner, status="held", held_on=day(0), account="Vu."), due_on=day(days)
    )
    return decision


def approved_until(days, **facts):
    decision = DecisionFactory(**facts)
    decided = DecisionFactory(partner=decision.partner, valid_until=day(days))
    return decided.partner


def shown(response):
    return [(entry.kind, (entry.day - timezone.localdate()).days) for entry in response.context["entries"]]


def test_the_calendar_is_one_list_by_day(login, reviewer):
    partner = approved_until(20)
    fill(partner, 10)

    page = login(reviewer).get(url("vetting:calendar"))

    assert shown(page) == [
        ("condition", 10), ("document", 10), ("visit", 10), ("visit_action", 10), ("decision", 20),
    ]  # fmt: skip
    assert "Tenir une AG" in text_of(page)
    assert "Agrément" in text_of(page)


@pytest.mark.parametrize(
    ("within", "days"),
    [
        ("", [-5, 0, 30, 31, 90, 91, 180]),
        ("passed", [-5]),
        ("30", [0, 30]),
        ("90", [0, 30, 31, 90]),
        ("180", [0, 30, 31, 90, 91, 180]),
    ],
)
def test_the_calendar_filters_by_period(login, reviewer, within, days):
    for each in (-5, 0, 30, 31, 90, 91, 180, 181):
        VisitFactory(planned_on=day(each))

    page = login(reviewer).get(url("vetting:calendar"), {"within": within})

    assert shown(page) == [("visit", each) for each in days]


@pytest.mark.parametrize("kind", ["decision", "condition", "document", "visit", "visit_action"])
def test_the_calendar_filters_by_kind(login, reviewer, kind):
    fill(approved_until(10), 10)

    assert shown(login(reviewer).get(url("vetting:calendar"), {"kind": kind})) == [(kind, 10)]


def test_what_is_settled_is_not_in_the_calendar(login, reviewer):
    partner = approved_until(400)
    decision = fill(partner, 10)
    CapacityAction.objects.update(status="validated", validated_by=reviewer, validated_at=timezone.now())
    old = partner.documents.get()
    DocumentFactory(partner=partner, type=old.type, replaces=old)
    Visit.objects.filter(status="planned").update(status="cancelled")
    VisitPoint.objects.update(done_on=day(0))
    DocumentFactory(type=old.type, expires_on=day(3))  # of an organisation without a decision

    page = login(reviewer).get(url("vetting:calendar"))

    assert shown(page) == []
    assert "Nothing here" in text_of(page)
    assert decision.replaces_id is not None


def test_a_condition_without_a_plan_is_due_too(login, reviewer):
    decision = DecisionFactory(valid_until=day(400))
    decision.conditions.create(item=decision.dossier.items.first(), action="Ouvrir un compte", due_on=day(4))

    assert shown(login(reviewer).get(url("vetting:calendar"))) == [("condition", 4)]


def test_a_decision_shows_its_band_to_those_who_examine_and_the_open_dossier(login, reviewer, me_officer):
    decision = DecisionFactory(valid_until=day(5))
    dossier = DossierFactory(partner=decision.partner)
    RiskRating.objects.create(
        partner=decision.partner, dossier=decision.dossier, suggested_score=70, suggested_band="high", agrees=True,
        score=70, band="high", rated_by=reviewer,
    )  # fmt: skip

    (entry,) = login(reviewer).get(url("vetting:calendar")).context["entries"]
    (without,) = login(me_officer).get(url("vetting:calendar")).context["entries"]

    assert (entry.band, entry.dossier) == ("high", dossier)
    assert (without.band, without.dossier) == ("", dossier)


def test_an_unknown_filter_is_said_and_hides_nothing(login, reviewer):
    VisitFactory()

    page = login(reviewer).get(url("vetting:calendar"), {"within": "7"})

    assert (page.status_code, list(page.context["form"].errors), len(shown(page))) == (422, ["within"], 1)


def test_an_auditor_sees_the_organisations_of_a_grant(login, auditor):
    granted = VisitFactory()
    VisitFactory()
    GrantFactory(user=auditor, partner=granted.partner)

    entries = login(auditor).get(url("vetting:calendar")).context["entries"]

    assert [entry.partner for entry in entries] == [granted.partner]


def test_a_member_sees_nothing_of_its_own_organisation_in_aces_lists(login, reviewer):
    visit = VisitFactory()
    MembershipFactory(user=reviewer, partner=visit.partner, role=Role.VIEWER)

    assert shown(login(reviewer).get(url("vetting:calendar"))) == []


def test_the_calendar_has_twenty_a_page(login, reviewer):
    VisitFactory.create_batch(21)

    page = login(reviewer).get(url("vetting:calendar"), {"kind": "visit"})

    assert len(shown(page)) == 20
    assert "?kind=visit&amp;page=2" in page.content.decode()


# --- who reads, and what it costs ------------------------------------------------------------------------------------


def test_a_viewer_has_no_page_of_holds_and_flags(login, partner):
    address = url("vetting_space:following", partner.slug)

    assert login(viewer_of(partner)).get(address).status_code == 404
    assert login(editor_of(partner)).get(address).status_code == 200


def test_the_own_page_says_nothing_of_visits_and_triggers(login, partner):
    VisitFactory(partner=partner, purpose="Secretvisite")
    PersonFactory(partner=partner, office="Secretfonction")

    assert (
        "Secret" not in login(signatory_of(partner)).get(url("vetting_space:following", partner.slug)).content.decode()
    )


def test_hostile_text_is_only_words(login, reviewer, partner):
    hostile = "<script>x()</script>"
    HoldFactory(partner=partner, reason=hostile)
    visit = VisitFactory(
        partner=partner, purpose=hostile, visitors=hostile, status="held", held_on=day(0), account=hostile
    )
    VisitPointFactory(visit=visit, text=hostile, responsible=hostile)
    RegulatoryStatusFactory(partner=partner, source=hostile, note=hostile)
    PersonFactory(partner=partner, office=hostile)

    for name, args in (("desk:following", [partner.slug]), ("vetting:visit", [visit.pk]), ("vetting:calendar", [])):
        page = login(reviewer).get(url(name, *args)).content.decode()
        assert "<script>x" not in page
        assert "&lt;script&gt;x()" in page


@pytest.fixture
def cost(login, django_assert_max_num_queries):
    """The number of queries of one page; what every page costs (session, account, navigation) is in it."""

    def count(user, address):
        client = login(user)
        with django_assert_max_num_queries(45) as found:
            assert client.get(address).status_code == 200
        return len(found)

    return count


def more(partner, reviewer):
    """One more row of everything that the pages show."""
    flag = FlagFactory(partner=partner, status="notified", severity="serious")
    HoldFactory(partner=partner, flag=flag)
    HoldFactory(partner=partner, lifted_at=timezone.now(), lifted_by=reviewer, lift_reason="x")
    VisitFactory(partner=partner, place=PlaceFactory())
    RegulatoryStatusFactory(partner=None, place=site_of(partner))
    person = PersonFactory(partner=partner)
    DocumentFactory(partner=partner)
    TriggerDismissal.objects.create(partner=partner, kind="seat", key=f"seat-{person.pk}", reason="x", by=reviewer)
    a_step_of_its_own(partner)


def a_step_of_its_own(partner):
    decision = Decision.objects.in_force().get(partner=partner)
    item = list(decision.dossier.items)[decision.conditions.count()]
    condition = decision.conditions.create(item=item, action="Agir", due_on=day(-1))
    plan, _made = CapacityPlan.objects.get_or_create(partner=partner, decision=decision)
    CapacityAction.objects.create(plan=plan, item=item, condition=condition, action="Agir", due_on=day(-1))


@pytest.mark.parametrize("who", ["staff", "own"])
def test_pages_cost_the_same_for_one_row_as_for_three(reviewer, partner, cost, who):
    user = reviewer if who == "staff" else signatory_of(partner)
    address = url("desk:following" if who == "staff" else "vetting_space:following", partner.slug)
    more(partner, reviewer)
    one = cost(user, address)
    for _each in range(2):
        more(partner, reviewer)

    assert cost(user, address) == one


def test_the_calendar_costs_the_same_for_one_row_as_for_three(reviewer, cost):
    fill(approved_until(10), 10)
    one = cost(reviewer, url("vetting:calendar"))
    for _each in range(2):
        fill(approved_until(10), 10)

    assert cost(reviewer, url("vetting:calendar")) == one


def test_the_visit_page_costs_the_same_for_one_point_as_for_three(reviewer, cost):
    point = VisitPointFactory()
    one = cost(reviewer, url("vetting:visit", point.visit_id))
    VisitPointFactory.create_batch(2, visit=point.visit)

    assert cost(reviewer, url("vetting:visit", point.visit_id)) == one
