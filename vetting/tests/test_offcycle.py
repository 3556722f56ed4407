"""What asks for a new look before a decision ends, what answers it; and the regulatory status."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from ace_partners.core import audit
from ace_partners.core.errors import NotAllowed
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import UserFactory
from partners.models import PartnerPlace
from partners.tests.factories import (
    DocumentFactory,
    DocumentTypeFactory,
    MembershipFactory,
    PartnerFactory,
    PersonFactory,
    PlaceFactory,
)
from vetting.actions import following as actions
from vetting.models import RegulatoryStatus, TriggerDismissal
from vetting.offcycle import LATE_DAYS, open_triggers
from vetting.regulatory import regulations, sites_of
from vetting.tests.factories import DecisionFactory, DossierFactory, ProposalFactory
from vetting.tests.factories_following import FlagFactory, RegulatoryStatusFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(english):
    """Sentences are compared as they are written in the code."""


def moment(days):
    return timezone.now() + timedelta(days=days)


def day(days):
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def partner():
    """Approved thirty days ago."""
    row = PartnerFactory()
    DecisionFactory(partner=row, decided_at=moment(-30))
    return row


def site_of(partner):
    place = PlaceFactory(level="site_minier")
    PartnerPlace.objects.create(partner=partner, place=place, kind="mine_site", added_at=moment(-90))
    return place


def kinds(partner, *late):
    return [each.kind for each in open_triggers(partner, late)]


def old(row, days=-60):
    type(row).objects.filter(pk=row.pk).update(
        **{next(f for f in ("added_at", "raised_at") if hasattr(row, f)): moment(days)}
    )


# --- what triggers -------------------------------------------------------------------------------------------------


def test_nothing_happened(partner):
    old(PersonFactory(partner=partner))
    old(FlagFactory(partner=partner, category="accident"))
    DocumentFactory(partner=partner, type=DocumentTypeFactory(code="PV_AG"))

    assert open_triggers(partner) == ()


def test_each_kind_with_its_row(partner):
    person = PersonFactory(partner=partner, office="Gérante")
    statutes = DocumentFactory(partner=partner)
    account = DocumentFactory(partner=partner, type=DocumentTypeFactory(code="RIB"))
    seat = PartnerPlace.objects.create(partner=partner, place=PlaceFactory(name="Fungurume"), kind="seat")
    PartnerPlace.objects.create(partner=partner, place=PlaceFactory(), kind="action")
    accident = FlagFactory(partner=partner, category="accident")
    serious = FlagFactory(partner=partner, severity="serious", status="substantiated")
    status = RegulatoryStatusFactory(partner=partner)

    found = {(each.kind, each.key) for each in open_triggers(partner, ((7, 61),))}

    assert found == {
        ("new_leader", f"person-{person.pk}"),
        ("statutes", f"document-{statutes.pk}"),
        ("bank_account", f"document-{account.pk}"),
        ("seat", f"seat-{seat.pk}"),
        ("accident", f"flag-{accident.pk}"),
        ("serious_flag", f"flag-{serious.pk}"),
        ("regulatory", f"status-{status.pk}"),
        ("late_report", "report-7"),
    }
    assert "New in office: Gérante." in {each.sentence for each in open_triggers(partner)}


def test_a_trigger_names_no_person(partner):
    PersonFactory(partner=partner, surname="Secretnom", binds=True, office="Trésorière")

    (trigger,) = open_triggers(partner)

    assert trigger.sentence == "New since the decision, and signs: Trésorière."
    assert trigger.label == "A new person in office"


@pytest.mark.parametrize(
    "facts",
    [
        {"severity": "watch"},
        {"severity": "serious", "status": "not_substantiated"},
        {"category": "accident", "status": "resolved"},
        {"category": "accident", "tone": "positive", "severity": "info"},
    ],
)
def test_a_flag_that_asks_for_nothing(partner, facts):
    FlagFactory(partner=partner, **facts)

    assert kinds(partner) == []


def test_only_the_newest_version_of_a_paper_asks(partner):
    first = DocumentFactory(partner=partner)
    second = DocumentFactory(partner=partner, replaces=first)

    assert [each.key for each in open_triggers(partner)] == [f"document-{second.pk}"]


@pytest.mark.parametrize(("days", "asks"), [(LATE_DAYS, False), (LATE_DAYS + 1, True), (LATE_DAYS + 40, False)])
def test_a_report_more_than_sixty_days_late(partner, days, asks):
    """The last one was as late as that already when the decision was taken."""
    assert (kinds(partner, (7, days)) == ["late_report"]) is asks


@pytest.mark.parametrize(
    ("state", "asks"),
    [("suspended", True), ("withdrawn", True), ("tolerated", False), ("in_order", False), ("partly_lifted", False)],
)
def test_a_stop_by_the_authorities_of_the_organisation_or_its_site(partner, state, asks):
    RegulatoryStatusFactory(partner=None, place=site_of(partner), state=state)
    RegulatoryStatusFactory(partner=None, place=PlaceFactory(level="site_minier"))

    assert (kinds(partner) == ["regulatory"]) is asks


def test_a_suspension_lifted_meanwhile_asks_for_nothing(partner):
    RegulatoryStatusFactory(partner=partner, effective_on=day(-20))
    RegulatoryStatusFactory(partner=partner, effective_on=day(-5), state="partly_lifted")

    assert kinds(partner) == []


def test_a_suspension_known_when_the_decision_was_taken_asks_for_nothing():
    status = RegulatoryStatusFactory()
    DecisionFactory(partner=status.partner, decided_at=moment(1))

    assert kinds(status.partner) == []


def test_without_a_valid_decision_nothing_is_triggered():
    undecided = PartnerFactory()
    declined = DecisionFactory(outcome="declined", decided_at=moment(-30)).partner
    for each in (undecided, declined):
        PersonFactory(partner=each)

    assert [kinds(each) for each in (undecided, declined)] == [[], []]


# --- what answers --------------------------------------------------------------------------------------------------


def test_a_dossier_opened_afterwards_answers_it(partner):
    PersonFactory(partner=partner, added_at=moment(-3))
    dossier = DossierFactory(partner=partner, round="renewal")
    assert kinds(partner) == []

    type(dossier).objects.filter(pk=dossier.pk).update(opened_at=moment(-5))

    assert kinds(partner) == ["new_leader"]


def test_the_next_round_answers_it_a_correction_does_not(partner):
    PersonFactory(partner=partner, added_at=moment(-3))
    first = partner.decisions.get()
    correction = ProposalFactory(dossier=first.dossier, kind="correction", motive="Faute.", replaces=first)
    DecisionFactory(partner=partner, dossier=first.dossier, proposal=correction, decided_at=moment(-2))
    assert kinds(partner) == ["new_leader"]

    DecisionFactory(partner=partner, decided_at=moment(-1))

    assert kinds(partner) == []


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.APPROVER])
def test_a_dismissed_trigger_is_gone_with_its_reason_and_only_that_one(partner, role):
    user = UserFactory(roles=[role])
    PersonFactory(partner=partner, added_at=moment(-3))
    PersonFactory(partner=partner, added_at=moment(-2))
    first, second = open_triggers(partner)

    row = actions.dismiss_trigger(partner, first, by=user, reason="Déjà membre du comité.")

    assert open_triggers(partner) == (second,)
    assert audit.latest(row).reason == "Déjà membre du comité."
    with pytest.raises(NotAllowed, match="answered this already"):
        actions.dismiss_trigger(partner, first, by=user, reason="Encore.")


@pytest.mark.parametrize("role", [Role.ME_OFFICER, Role.ADMIN, Role.AUDITOR])
def test_no_other_role_dismisses(partner, role):
    PersonFactory(partner=partner)
    (trigger,) = open_triggers(partner)

    with pytest.raises(NotAllowed, match="no new dossier is needed"):
        actions.dismiss_trigger(partner, trigger, by=UserFactory(roles=[role]), reason="x")


def test_a_dismissal_needs_a_reason(partner, reviewer):
    PersonFactory(partner=partner)
    (trigger,) = open_triggers(partner)

    with pytest.raises(NotAllowed, match="Say why"):
        actions.dismiss_trigger(partner, trigger, by=reviewer, reason=" ")

    assert TriggerDismissal.objects.count() == 0


@pytest.mark.parametrize("rows", [1, 3])
def test_triggers_query_count(partner, rows, django_assert_num_queries):
    for _each in range(rows):
        PersonFactory(partner=partner)
        DocumentFactory(partner=partner)
        PartnerPlace.objects.create(partner=partner, place=PlaceFactory(), kind="seat")
        FlagFactory(partner=partner, severity="serious")
        RegulatoryStatusFactory(partner=None, place=site_of(partner))

    with django_assert_num_queries(9):
        assert len(open_triggers(partner)) == 5 * rows


# --- the regulatory status -----------------------------------------------------------------------------------------

ORDER = {"state": "suspended", "source": "Arrêté 0736 du 19 décembre 2025"}


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ME_OFFICER, Role.APPROVER])
def test_the_newest_day_of_effect_counts_then_the_newest_row(role):
    user, partner = UserFactory(roles=[role]), PartnerFactory()
    actions.record_status(partner, by=user, **ORDER, effective_on=date(2025, 12, 19))
    actions.record_status(partner, by=user, **{**ORDER, "state": "in_order"}, effective_on=date(2025, 1, 1))
    assert regulations(partner)[0].current.state == "suspended"

    actions.record_status(partner, by=user, **{**ORDER, "state": "tolerated"}, effective_on=date(2025, 12, 19))

    (found,) = regulations(partner)
    assert (found.place, found.current.state, found.tone) == (None, "tolerated", "watch")
    assert [row.state for row in found.earlier] == ["suspended", "in_order"]


def test_a_site_has_its_own(reviewer):
    partner = PartnerFactory()
    site, other = site_of(partner), site_of(PartnerFactory())
    RegulatoryStatusFactory(partner=None, place=other)

    row = actions.record_status(partner, by=reviewer, **ORDER, effective_on=day(0), place=site)

    assert (row.partner, row.place, row.audit_chain) == (None, site, "network")
    assert [(each.place, each.current) for each in regulations(partner, sites_of(partner))] == [(site, row)]


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [({"source": " "}, "Name the source"), ({"effective_on": 1}, "from a day to come")],
)
def test_a_status_is_sourced_and_in_effect(reviewer, facts, sentence):
    facts = {**ORDER, "effective_on": 0, **facts}
    facts["effective_on"] = day(facts["effective_on"])

    with pytest.raises(NotAllowed, match=sentence):
        actions.record_status(PartnerFactory(), by=reviewer, **facts)

    assert RegulatoryStatus.objects.count() == 0


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR])
def test_no_other_role_records(role):
    with pytest.raises(NotAllowed, match="record a regulatory status"):
        actions.record_status(PartnerFactory(), by=UserFactory(roles=[role]), **ORDER, effective_on=day(0))


def test_only_a_mine_site_of_the_organisation(reviewer):
    partner = PartnerFactory()
    town = PlaceFactory()
    PartnerPlace.objects.create(partner=partner, place=town, kind="mine_site")
    for place in (town, site_of(PartnerFactory())):
        with pytest.raises(NotAllowed, match="no mine site of the organisation"):
            actions.record_status(partner, by=reviewer, **ORDER, effective_on=day(0), place=place)


def test_who_belongs_to_an_organisation_on_the_site_does_not_speak_for_ace(reviewer):
    partner, own = PartnerFactory(), MembershipFactory(user=reviewer).partner
    site = site_of(partner)
    PartnerPlace.objects.create(partner=own, place=site, kind="mine_site")

    with pytest.raises(NotAllowed, match="works on this site"):
        actions.record_status(partner, by=reviewer, **ORDER, effective_on=day(0), place=site)


def test_a_status_is_never_rewritten():
    row = RegulatoryStatusFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        RegulatoryStatus.objects.filter(pk=row.pk).update(state="in_order")
