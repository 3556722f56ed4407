"""Projects under the lead of another organisation: on the public page of who works in them, and in its space."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ace_partners.core.rights import Role
from impact.figures.joint import joint_work
from impact.tests import factories
from impact.tests import factories_agreements as agreed
from partners.tests.factories import MembershipFactory, PartnerFactory, PlaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
SPACE = "desk:space"


@pytest.fixture
def english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def partner():
    return PartnerFactory(name="Mutuelle Tujenge", is_published=True)


def joined(partner, *, public=True, **project):
    lead = PartnerFactory(name="Mwangaza", is_published=public)
    project = factories.ProjectFactory(partner=lead, title="Sécurité au puits", **project)
    return agreed.JointPartnerFactory(project=project, partner=partner, role="Anime l'épargne").project


def test_the_public_page_lists_it_with_a_link_to_the_lead(client, partner):
    lead = joined(partner).partner

    shown = client.get(partner.get_absolute_url()).text

    assert "Projects led by other organisations" in shown
    assert f'<a href="{lead.get_absolute_url()}#resultats">Sécurité au puits</a>' in shown
    assert "led by Mwangaza" in shown


def test_the_public_page_names_no_lead_that_is_not_in_the_directory(client, partner):
    joined(partner, public=False)

    shown = client.get(partner.get_absolute_url()).text

    assert "A project of an organisation that is not in the directory" in shown
    assert "Sécurité au puits" not in shown
    assert "Mwangaza" not in shown


def test_the_page_without_joint_work_says_nothing_of_it(client, partner):
    assert "Projects led by other organisations" not in client.get(partner.get_absolute_url()).text


@pytest.mark.parametrize("public", [True, False])
def test_members_read_the_public_facts_in_their_space_and_nothing_more(login, partner, public):
    project = joined(partner, public=public, summary="Étais et casques.")
    project.places.create(place=PlaceFactory(name="Maison cachée"))
    factories.BudgetLineFactory(project=project, label="Salaires")
    client = login(MembershipFactory(partner=partner, role=Role.VIEWER).user)

    shown = client.get(reverse(SPACE)).text

    assert "Joint projects" in shown
    assert "Étais et casques." in shown
    assert ("Its targets and results" in shown) == public
    assert "Maison cachée" not in shown
    assert "Salaires" not in shown
    assert client.get(reverse("impact_space:project", args=[project.code])).status_code == 404


def test_other_organisations_do_not_see_it(login, partner):
    joined(partner)

    shown = login(MembershipFactory(role=Role.SIGNATORY).user).get(reverse(SPACE)).text

    assert "Sécurité au puits" not in shown


def test_queries_do_not_grow(partner):
    counts = []
    for _ in range(2):
        for _n in range(2):
            agreed.ConsultationFactory(project=joined(partner))
        with CaptureQueriesContext(connection) as counted:
            joint_work([partner.pk])
        counts.append(len(counted))

    assert counts[0] == counts[1]
    assert len(joint_work([partner.pk])[partner.pk]) == 4
