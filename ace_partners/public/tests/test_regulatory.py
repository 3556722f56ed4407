"""What the authorities say stands on the public page and its sheet, dated and sourced; nothing else of what follows does."""

from datetime import date

import pytest

from ace_partners.core.tests.pdf_documents import text_of
from ace_partners.public.facts import read_partner
from ace_partners.public.tests.reading import html
from partners.models import PartnerPlace
from partners.tests.factories import PartnerFactory, PlaceFactory
from vetting.tests.factories_following import RegulatoryStatusFactory

pytestmark = pytest.mark.django_db
SINCE = date(2025, 12, 19)


def site_of(partner, kind="mine_site", name="Kamilombe"):
    site = PlaceFactory(name=name, level="site_minier", parent=PlaceFactory(name="Kolwezi", level="ville"))
    PartnerPlace.objects.create(partner=partner, place=site, kind=kind)
    return site


def test_the_page_names_the_status_its_day_and_its_source(client):
    partner = PartnerFactory(slug="cmds")
    RegulatoryStatusFactory(partner=partner, effective_on=SINCE, source="Arrêté 0736")
    RegulatoryStatusFactory(
        partner=None, place=site_of(partner), state="tolerated", effective_on=SINCE, source="SAEMAPE", note="Secretnote"
    )

    page = " ".join(html(client.get("/en/partenaires/cmds/")).split())
    sheet = text_of(client.get("/en/partenaires/cmds/fiche.pdf").content)

    assert 'data-code="suspended"' in page
    assert 'since 19 December 2025; source: <span lang="fr">Arrêté 0736</span>' in page
    assert "Regulatory status of Kamilombe (Kolwezi):" in page
    assert 'data-code="tolerated"' in page
    assert "Secretnote" not in page
    assert "Suspendedbytheauthorities" in sheet
    assert "Arrêté0736" in sheet
    assert "Secretnote" not in sheet


def test_only_what_is_so_now_is_shown():
    partner = PartnerFactory()
    RegulatoryStatusFactory(partner=partner, effective_on=SINCE)
    RegulatoryStatusFactory(partner=partner, effective_on=date(2026, 1, 5), state="partly_lifted")
    RegulatoryStatusFactory(partner=PartnerFactory(), effective_on=date(2026, 2, 1))

    (fact,) = read_partner(partner).regulatory

    assert (fact.code, fact.since, fact.tone) == ("partly_lifted", date(2026, 1, 5), "watch")


def test_nothing_recorded_says_nothing(client):
    PartnerFactory(slug="cmds")

    assert "Regulatory status" not in html(client.get("/en/partenaires/cmds/"))


def test_a_site_that_is_a_home_or_no_site_is_left_out():
    partner = PartnerFactory()
    home = site_of(partner)
    PartnerPlace.objects.create(partner=partner, place=home, kind="home")
    for place in (home, site_of(partner, kind="action", name="Ailleurs")):
        RegulatoryStatusFactory(partner=None, place=place)

    assert read_partner(partner).regulatory == ()


def test_a_hostile_source_is_only_words(client):
    RegulatoryStatusFactory(partner=PartnerFactory(slug="cmds"), source="<script>alert(1)</script>")

    assert "<script>alert" not in html(client.get("/en/partenaires/cmds/"))


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count(client, rows, django_assert_num_queries):
    partner = PartnerFactory(slug="cmds")
    for number in range(rows):
        site = site_of(partner, name=f"Site {number}")
        RegulatoryStatusFactory(partner=None, place=site)
        RegulatoryStatusFactory(partner=partner)

    with django_assert_num_queries(21):
        client.get("/partenaires/cmds/")
