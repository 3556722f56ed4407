"""The page of one organisation: everything that is public about it, each with its source, and gaps that stay gaps."""

from datetime import date
from decimal import Decimal

import pytest

from ace_partners.core.dates import format_date
from ace_partners.public.facts import read_partner
from ace_partners.public.tests.network import full_partner
from ace_partners.public.tests.reading import codes, html
from impact.models import ProjectPlace
from impact.tests.factories import ProjectFactory
from partners.models import Gap, PartnerPlace, ReachFigure
from partners.tests.factories import PartnerFactory, PersonFactory, PlaceFactory
from vetting.models import DecisionCondition
from vetting.tests.factories import ChecklistFactory, DecisionFactory

pytestmark = pytest.mark.django_db


def test_bare_organisation_shows_its_gaps_and_no_standing(client):
    ChecklistFactory()
    partner = PartnerFactory(slug="kwetu", organisation_type=None, founded="2013")
    Gap.objects.create(partner=partner, what="forme juridique")
    ReachFigure.objects.create(partner=partner, qualifier="près de", value=Decimal(5000), unit="bénéficiaires")

    response = client.get("/en/partenaires/kwetu/")

    page = html(response)
    assert codes(response) == ["not_assessed"] * 5
    assert page.count('class="to-complete"') == 6  # presentation, type, legal form, recognition, areas, places
    assert "forme juridique" in page
    assert "près de 5,000 bénéficiaires" in page
    assert "Stated by the organisation, not verified" in page
    assert "No report accepted to this day." in page
    assert "None of the four criteria has been decided on." in page


def test_whole_organisation_shows_standing_results_spending_and_sources(client):
    partner = full_partner(1, slug="afa", name="Alternatives", acronym="A.F.A.")
    decision = partner.decisions.get()

    response = client.get("/en/partenaires/afa/")

    page = html(response)
    facts = response.context["facts"]
    report = facts.projects[0].targets[0].sources[0].report
    assert codes(response)[:5] == ["approved", "met", "met", "met", "met"]
    assert facts.standing.valid_until == decision.valid_until
    assert "to be closed by 1 January 2027" in page
    assert "Envoyer la pièce" not in page
    assert '<svg xmlns="http://www.w3.org/2000/svg" role="img"' in page
    assert f"Source: {report} version 1 (accepted on " in " ".join(page.split())
    assert "1/1 periods reported" in page
    assert "45,000.00\u00a0USD" in page
    assert "250.00\u00a0USD" in page
    assert f"Last report accepted on {_day(facts.freshness.accepted_at)} (period T1 2025)." in page
    assert f'href="/en/partenaires/afa/documents/{partner.documents.get().pk}/">Acte 0</a>' in page
    assert "Consent0" in page


def _day(moment):
    """The day in Lualaba, two hours ahead of the clock that the row keeps."""
    return format_date(moment, "en")


def test_home_of_children_is_named_by_its_town_everywhere(client):
    town = PlaceFactory(name="Kolwezi", level="ville")
    commune = PlaceFactory(name="Communeville", level="commune", parent=town)
    quarter = PlaceFactory(name="Quartiersecret", level="quartier", parent=commune)
    partner = PartnerFactory(slug="foyer")
    for kind in ("home", "seat", "action"):
        PartnerPlace.objects.create(partner=partner, place=quarter, kind=kind)
    ProjectPlace.objects.create(project=ProjectFactory(partner=partner), place=quarter)

    facts = read_partner(partner)

    assert [group.names for group in facts.places] == [("Kolwezi",), ("Kolwezi",), ("Kolwezi",)]
    assert facts.projects[0].places == ("Kolwezi",)
    page = html(client.get("/partenaires/foyer/"))
    assert "Quartiersecret" not in page
    assert "Communeville" not in page


def test_places_are_read_in_their_town():
    town = PlaceFactory(name="Kolwezi", level="ville")
    quarter = PlaceFactory(name="Kapata", level="quartier", parent=town)
    site = PlaceFactory(name="Kamilombe", level="site_minier", parent=quarter)
    partner = PartnerFactory()
    PartnerPlace.objects.create(partner=partner, place=quarter, kind="seat")
    PartnerPlace.objects.create(partner=partner, place=site, kind="mine_site")

    assert [group.names for group in read_partner(partner).places] == [("Kapata (Kolwezi)",), ("Kamilombe (Kolwezi)",)]


def test_only_people_who_agreed_are_named():
    partner = PartnerFactory()
    PersonFactory(partner=partner, surname="Muyer")
    PersonFactory(partner=partner, surname="Kabwe", first_name="Marie", public_since=date(2025, 1, 1))

    assert [person.name for person in read_partner(partner).people] == ["Kabwe Marie"]


def test_lapsed_decision_is_told_as_lapsed(client):
    DecisionFactory(partner=PartnerFactory(slug="afa"), valid_until=date(2020, 1, 1))

    response = client.get("/en/partenaires/afa/")

    assert codes(response)[0] == "expired"
    assert "The last decision held until 1 January 2020." in html(response)


def test_condition_shows_its_subject_and_date_alone():
    decision = DecisionFactory(outcome="conditional")
    item = decision.dossier.checklist.criteria.first().items.first()
    DecisionCondition.objects.create(decision=decision, item=item, action="Ouvrir un compte", due_on=date(2027, 3, 1))

    (condition,) = read_partner(decision.partner).standing.conditions

    assert (condition.subject, condition.due_on) == ("Section", date(2027, 3, 1))
    assert "Ouvrir un compte" not in repr(read_partner(decision.partner))


@pytest.mark.parametrize(("due_on", "passed"), [(date(2020, 1, 1), True), (date(2099, 1, 1), False)])
def test_condition_whose_date_has_passed_says_so(client, due_on, passed):
    decision = DecisionFactory(partner=PartnerFactory(slug="afa"), outcome="conditional")
    item = decision.dossier.checklist.criteria.first().items.first()
    DecisionCondition.objects.create(decision=decision, item=item, action="Ouvrir un compte", due_on=due_on)

    assert ("(this date has passed)" in html(client.get("/en/partenaires/afa/"))) is passed


def test_stopped_relationship_stays_listed_and_says_so(client):
    partner = PartnerFactory(slug="afa", status="suspended")

    assert read_partner(partner).stopped != ""
    assert "Relationship with ACE:" in html(client.get("/en/partenaires/afa/"))


def test_fictitious_organisation_says_so_on_top(client):
    PartnerFactory(slug="demo", is_fictitious=True)

    assert "This organisation does not exist" in html(client.get("/en/partenaires/demo/"))
