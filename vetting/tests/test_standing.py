"""Standing: derived from the decision in force, its validity and open dossiers; the list and the page agree."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from partners.models import Partner, Relationship
from partners.tests.factories import PartnerFactory
from vetting.models import CapacityAction, CapacityPlan, ChecklistItem, DecisionCondition
from vetting.standing import STANDING_CHOICES, standing_of, with_standing
from vetting.tests.factories import ChecklistFactory, DecisionFactory, DossierFactory

pytestmark = pytest.mark.django_db
YESTERDAY = {"valid_until": timezone.localdate() - timedelta(days=1)}


def no_dossier(partner):
    pass


def dossier(status):
    return lambda partner: DossierFactory(partner=partner, status=status)


def decision(outcome, **more):
    return lambda partner: DecisionFactory(partner=partner, outcome=outcome, **more)


def suspended(outcome, **more):
    """Two people suspended the organisation: stronger than its validity, weaker than an exclusion."""

    def arrange(partner):
        DecisionFactory(partner=partner, outcome=outcome, **more)
        Partner.objects.filter(pk=partner.pk).update(status=Relationship.SUSPENDED)
        partner.refresh_from_db()

    return arrange


def missed(outcome, days=1):
    """A step that the approval hangs on, `days` days after its day."""

    def arrange(partner):
        made = DecisionFactory(partner=partner, outcome=outcome)
        item = ChecklistItem.objects.get(code="C1.2")
        due_on = timezone.localdate() - timedelta(days=days)
        condition = DecisionCondition.objects.create(
            decision=made, item=item, action="Tenir l'assemblée", due_on=due_on
        )
        plan = CapacityPlan.objects.create(partner=partner, decision=made)
        CapacityAction.objects.create(plan=plan, item=item, condition=condition, action="Tenir", due_on=due_on)

    return arrange


CASES = [
    ("not_assessed", no_dossier),
    ("not_assessed", dossier("collecting")),
    ("not_assessed", dossier("withdrawn")),
    ("in_progress", dossier("submitted")),
    ("in_progress", dossier("proposed")),
    ("approved", decision("approved")),
    ("conditional", decision("conditional")),
    ("to_strengthen", decision("to_strengthen")),
    ("declined", decision("declined")),
    ("excluded", decision("excluded")),
    ("suspended", suspended("approved")),
    ("suspended", suspended("approved", **YESTERDAY)),
    ("excluded", suspended("excluded")),
    ("suspended", missed("conditional")),
    ("conditional", missed("conditional", days=0)),
    ("expired", decision("approved", **YESTERDAY)),
    ("expired", decision("conditional", **YESTERDAY)),
]


@pytest.mark.parametrize(("code", "arrange"), CASES)
def test_list_and_page_agree(code, arrange):
    ChecklistFactory()
    partner = PartnerFactory()
    arrange(partner)

    row = with_standing(Partner.objects.all()).get(pk=partner.pk)
    standing = standing_of(partner)

    assert (row.standing_code, standing.code, standing.label) == (code, code, dict(STANDING_CHOICES)[code])
    assert (row.standing_decided_at, row.standing_valid_until) == (standing.decided_at, standing.valid_until)
    assert with_standing(Partner.objects.all()).filter(standing_code=code).get() == partner


def test_every_code_has_a_case():
    assert {code for code, _arrange in CASES} == set(dict(STANDING_CHOICES))


def test_the_newest_decision_counts_and_an_open_renewal_does_not():
    partner = PartnerFactory()
    DecisionFactory(partner=partner, outcome="declined")
    newest = DecisionFactory(partner=partner)
    DossierFactory(partner=partner, status="in_review")

    standing = standing_of(partner)

    assert (standing.code, standing.decided_at) == ("approved", newest.decided_at)


def test_criteria_are_there_before_any_decision():
    ChecklistFactory()

    with translation.override("fr"):
        standing = standing_of(PartnerFactory())

        rows = [(row.code, row.number, row.title, row.result, row.score) for row in standing.criteria]
        assert rows == [(f"C{n}", n, f"Titre de C{n}", "not_assessed", None) for n in (1, 2, 3, 4)]


def test_conditions_say_what_and_when_but_not_the_words():
    decided = DecisionFactory(outcome="conditional")
    item = decided.dossier.items.first()
    DecisionCondition.objects.create(decision=decided, item=item, action="Interne", due_on=timezone.localdate())

    standing = standing_of(decided.partner)

    assert [(row.item_code, row.subject, row.due_on) for row in standing.conditions] == [
        ("C1.2", "Section", timezone.localdate())
    ]
    assert "Interne" not in repr(standing)


@pytest.mark.parametrize("rows", [1, 3])
def test_with_standing_is_one_query(rows, django_assert_num_queries):
    for _n in range(rows):
        DecisionFactory()

    with django_assert_num_queries(1):
        assert len(with_standing(Partner.objects.all())) == rows
