"""What stops a payment: the list of one organisation and the mark on the list of all say the same, for every cause."""

from datetime import timedelta

import pytest
from django.utils import timezone

from partners.models import Partner
from partners.tests.factories import DocumentFactory, DocumentTypeFactory, PartnerFactory
from vetting.holds import EXPIRED_PAPER, MISSED_CONDITION, OPEN_HIT, PUT, open_holds, with_holds
from vetting.models import CapacityAction, CapacityPlan, DecisionCondition, EvidenceRenewal, FindingEvidence, Hold
from vetting.tests.factories import DecisionFactory, FindingFactory
from vetting.tests.factories_screening import hit_on

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def put(partner, reviewer, **more):
    return Hold.objects.create(partner=partner, kind="finance", reason="Une facture.", set_by=reviewer, **more)


def lapsed(partner, reviewer, is_key=True):
    decision = DecisionFactory(partner=partner)
    finding = FindingFactory(dossier=decision.dossier, item=decision.dossier.items.first())
    kind = DocumentTypeFactory(code="ARR_PJ", is_key=is_key, validity="printed_expiry")
    paper = DocumentFactory(partner=partner, type=kind, expires_on=TODAY - timedelta(days=1))
    return FindingEvidence.objects.create(finding=finding, document=paper, page="1")


def missed(partner, reviewer):
    decision = DecisionFactory(partner=partner, outcome="conditional")
    item, due_on = decision.dossier.items.first(), TODAY - timedelta(days=1)
    condition = DecisionCondition.objects.create(decision=decision, item=item, action="…", due_on=due_on)
    plan = CapacityPlan.objects.create(partner=partner, decision=decision)
    return CapacityAction.objects.create(plan=plan, item=item, condition=condition, action="…", due_on=due_on)


def hit(partner, reviewer):
    DecisionFactory(partner=partner)
    return hit_on(partner)


CASES = [(put, PUT), (lapsed, EXPIRED_PAPER), (hit, OPEN_HIT), (missed, MISSED_CONDITION)]


def marked():
    return set(with_holds(Partner.objects.all()).filter(has_hold=True).values_list("pk", flat=True))


@pytest.mark.parametrize(("arrange", "kind"), CASES, ids=[kind for _arrange, kind in CASES])
def test_page_and_list_agree(arrange, kind, reviewer):
    partner, other = PartnerFactory(), PartnerFactory()
    assert (open_holds(partner), marked()) == ((), set())

    arrange(partner, reviewer)

    assert [hold.kind for hold in open_holds(partner)] == [kind]
    assert (open_holds(other), marked()) == ((), {partner.pk})


def test_a_hold_past_its_day_or_lifted_holds_nothing(reviewer):
    partner = PartnerFactory()
    put(partner, reviewer, ends_on=TODAY - timedelta(days=1))
    put(partner, reviewer, lifted_at=timezone.now(), lifted_by=reviewer, lift_reason="Payée.")
    assert (open_holds(partner), marked()) == ((), set())

    put(partner, reviewer, ends_on=TODAY)
    assert marked() == {partner.pk}


def test_a_paper_accepted_since_ends_the_hold_while_it_is_valid_itself(reviewer):
    partner = PartnerFactory()
    evidence = lapsed(partner, reviewer)
    newer = DocumentFactory(partner=partner, type=evidence.document.type, expires_on=TODAY)
    EvidenceRenewal.objects.create(finding=evidence.finding, document=newer, page="1", accepted_by=reviewer)

    assert (open_holds(partner), marked()) == ((), set())
    assert len(open_holds(partner, TODAY + timedelta(days=1))) == 1


def test_a_paper_that_is_no_key_holds_nothing(reviewer):
    partner = PartnerFactory()
    lapsed(partner, reviewer, is_key=False)

    assert (open_holds(partner), marked()) == ((), set())


@pytest.mark.parametrize("arrange", [missed, lapsed])
def test_a_decision_that_is_replaced_holds_nothing_any_more(arrange, reviewer):
    partner = PartnerFactory()
    arrange(partner, reviewer)
    DecisionFactory(partner=partner)

    assert (open_holds(partner), marked()) == ((), set())
