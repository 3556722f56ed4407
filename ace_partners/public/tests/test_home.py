"""The numbers of the home page are those of the pages behind it."""

import pytest

from ace_partners.public.facts import criteria, network
from ace_partners.public.tests.network import full_partner
from ace_partners.public.tests.reading import entries, html
from partners.models import Partner
from partners.tests.factories import DocumentTypeFactory, PartnerFactory
from vetting.standing import with_standing
from vetting.tests.factories import ChecklistFactory, DecisionFactory

pytestmark = pytest.mark.django_db


def test_network_counts_what_is_published_and_real():
    full_partner(2)
    full_partner(1, is_fictitious=True)
    full_partner(1, is_published=False)
    DecisionFactory(partner=PartnerFactory(), outcome="declined")
    DecisionFactory(partner=PartnerFactory(), valid_until="2020-01-01")
    DecisionFactory(partner=PartnerFactory(), outcome="conditional")

    facts = network()

    counted = (facts.partners, facts.in_favour, facts.accepted_reports, facts.documents, facts.has_fictitious)
    assert counted == (4, 2, 4, 2, True)
    real = Partner.objects.published().filter(is_fictitious=False)
    assert facts.in_favour == with_standing(real).filter(standing_code__in=["approved", "conditional"]).count()


def test_home_shows_the_three_that_were_there_first(client):
    PartnerFactory(slug="demo", is_fictitious=True)
    for slug in ("maison-kwetu", "afa", "cmds", "quatrieme"):
        PartnerFactory(slug=slug)
    PartnerFactory(slug="cachee", is_published=False)

    assert entries(client.get("/")) == ["/partenaires/maison-kwetu/", "/partenaires/afa/", "/partenaires/cmds/"]


def test_criteria_say_who_is_asked_what_and_what_knocks_out():
    DocumentTypeFactory()
    ChecklistFactory(
        items={
            "C1.1": {"knock_out": ["ngo", "ingo"], "plan_months": 12, "section": "Existence légale"},
            "C1.9": {"mandatory": False, "plan_months": 12, "organisation_types": ["ngo"]},
            "C2.5": {
                "knock_out": ["ngo"],
                "organisation_types": ["ngo"],
                "areas": ["mine_sites"],
                "blocks_payment": True,
            },
            "C3.7": {"rounds": ["renewal"]},
            "C4.1": {"documents": ["STATUTS", "INCONNU"]},
        }
    )

    one, two, three, four = criteria()

    assert [row.code for row in (one, two, three, four)] == ["C1", "C2", "C3", "C4"]
    legal, staff = one.items
    assert (legal.section, len(legal.knock_out), legal.is_knock_out_for_all, legal.plan_months) == (
        "Existence légale",
        2,
        False,
        12,
    )
    assert (staff.is_mandatory, len(staff.only_types), staff.plan_months) == (False, 1, 0)
    (site,) = two.items
    assert (site.is_knock_out_for_all, len(site.only_areas), site.blocks_payment) == (True, 1, True)
    assert three.items[0].at_renewal is True
    assert len(four.items[0].documents) == 1
    assert len(two.areas) == 4


def test_criteria_page_holds_every_question_and_the_way_in(client, settings):
    settings.ACE_CONTACT_EMAIL = "contact@ace.example"
    ChecklistFactory()

    page = html(client.get("/en/criteres/"))

    assert [code for code in ("C1.2", "C1.4", "C1.9", "C2.1", "C3.1", "C4.1") if f"Question {code}?" not in page] == []
    assert 'href="mailto:contact@ace.example"' in page
    assert "Expected for" not in page  # guidance is written for the examiner
