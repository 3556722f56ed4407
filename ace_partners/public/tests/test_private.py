"""Canaries: a secret word in every private place of an organisation, and none of them on any public surface."""

import re

import pytest

from ace_partners.core.tests.pdf_documents import text_of
from ace_partners.public.tests.network import PRIVATE_NUMBERS, full_partner, plant_secrets, stored
from ace_partners.public.tests.reading import entries, html
from impact.models import Indicator, Target
from partners.actions import refresh_search
from partners.models import PartnerPlace
from partners.tests.factories import DocumentFactory, PlaceFactory

pytestmark = pytest.mark.django_db
ADDRESSES = [
    *("/", "/criteres/", "/partenaires/", "/partenaires/?q=secret", "/partenaires/afa/"),
    *("/resultats/", "/depenses/", "/resultats/EPA-90/calcul/", "/resultats/EPA-90/calcul/?partenaire=afa"),
]


@pytest.fixture
def secrets():
    partner = full_partner(1, slug="afa", name="Alternatives")
    town = PlaceFactory(name="Kolwezi", level="ville")
    home = PlaceFactory(name="secrethomexq", level="quartier", parent=town)
    PartnerPlace.objects.create(partner=partner, place=home, kind="home")
    accepted = list(Target.objects.filter(project__partner=partner).values_list("pk", flat=True))
    words = plant_secrets(partner)
    targets = Target.objects.filter(project__partner=partner)
    Indicator.objects.filter(pk=targets.filter(pk__in=accepted).first().indicator_id).update(code="EPA-90")
    refresh_search(partner)
    return [*words, "secrethomexq"]


def leaks(text, secrets):
    """Secret words and private numbers that stand in a text, whatever marks group their digits."""
    plain = re.sub(r"(?<=\d)[\s,.\u202f\u00a0](?=\d{3})", "", text)
    return [word for word in (*secrets, *PRIVATE_NUMBERS) if word in plain]


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("path", ADDRESSES)
def test_no_page_leaks(client, secrets, prefix, path):
    # The places to filter by are everybody's knowledge; that a home is there is not.
    page = re.sub(r"<option.*?</option>", "", html(client.get(prefix + path)))

    assert len(secrets) > 30
    assert leaks(page, secrets) == []


@pytest.mark.parametrize("path", ["/donnees/resultats.csv", "/donnees/depenses.csv"])
def test_no_open_data_leak(client, secrets, path):
    content = b"".join(client.get(path).streaming_content).decode()

    assert "afa" in content
    assert leaks(content, secrets) == []


@pytest.mark.parametrize("path", ["/partenaires/afa/fiche.pdf", "/partenaires/annuaire.pdf"])
def test_no_pdf_leaks(client, secrets, path):
    content = client.get(path).content

    assert "Alternatives" in text_of(content)
    assert leaks(text_of(content), secrets) == []


def test_no_search_finds_a_secret(client, secrets):
    assert [word for word in secrets if entries(client.get("/partenaires/", {"q": word}))] == []
    assert (
        entries(client.get("/partenaires/", {"lieu": PlaceFactory._meta.model.objects.get(name="secrethomexq").slug}))
        == []
    )


def test_documents_open_only_when_they_are_public(client):
    partner, other = full_partner(1, slug="afa"), full_partner(1, slug="autre")
    plant_secrets(partner)
    public = DocumentFactory(partner=partner, file=stored(), published_at="2026-01-01T00:00:00Z")
    private = partner.documents.filter(title__in=["secretunpublishedxq", "secretrestrictedxq", "secretreplacedxq"])
    foreign = other.documents.get()

    def status(slug, document):
        response = client.get(f"/partenaires/{slug}/documents/{document.pk}/")
        if response.streaming:
            list(response.streaming_content)
        return response.status_code

    assert [status("afa", document) for document in private] == [404, 404, 404]
    assert status("afa", public) == 200
    assert status("autre", public) == 404
    assert status("afa", foreign) == 404


@pytest.mark.parametrize("path", ["", "fiche.pdf", "documents/{pk}/"])
def test_unpublished_organisation_is_not_found(client, login, reviewer, path):
    partner = full_partner(1, slug="cachee", name="Organisationcachee", is_published=False)
    address = f"/partenaires/cachee/{path.format(pk=partner.documents.get().pk)}"

    assert client.get(address).status_code == 404
    assert login(reviewer).get(address).status_code == 404
    assert [page for page in ADDRESSES[:-1] if "Organisationcachee" in html(client.get(page))] == []
