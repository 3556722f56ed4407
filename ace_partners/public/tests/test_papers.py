"""Kept papers and the poster as the public gets them: who may, what headers, which bytes."""

import hashlib
from datetime import date
from decimal import Decimal

import pytest

from ace_partners.core.pdf import PdfBusy
from ace_partners.core.rights import Role
from ace_partners.core.uploads import path_of
from ace_partners.public import pdf
from ace_partners.public.facts import poster as poster_facts
from ace_partners.public.facts.poster import Size, read_poster
from impact.actions import papers
from impact.models import Paper
from impact.tests import factories
from impact.tests.factories_papers import accept, add_value, children
from partners.models import Partner
from partners.tests.factories import MembershipFactory, PartnerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(monkeypatch):
    monkeypatch.setattr(papers, "report_paper", lambda facts: b"%PDF-1.7 une fois\n%%EOF\n")
    partner = PartnerFactory(slug="afa")
    return accept(factories.ReportFactory(period__project__partner=partner))


def address(version, number=1):
    return f"/partenaires/afa/rapports/{version.report_id}/v{number}/rapport.pdf"


def test_a_report_is_a_file_with_its_hash_as_etag(version, client):
    response = client.get(address(version))

    sha256 = hashlib.sha256(response.content).hexdigest()
    assert response["ETag"] == f'"{sha256}"'
    assert response["Content-Disposition"].startswith(
        f'attachment; filename="rapport-afa-{version.receipt_number}.pdf"'
    )
    assert "s-maxage" in response["Cache-Control"]
    assert client.get(address(version), headers={"If-None-Match": f'"{sha256}"'}).status_code == 304
    assert Paper.objects.get().file.sha256 == sha256


def test_the_first_reader_has_it_built_and_the_next_gets_the_same_bytes(version, client, monkeypatch):
    first = client.get(address(version)).content
    monkeypatch.setattr(papers, "report_paper", lambda facts: b"%PDF-1.7 autre\n%%EOF\n")

    assert client.get(address(version)).content == first


def test_a_file_that_is_gone_is_not_made_anew_in_silence(version, client, caplog):
    client.get(address(version))
    path_of(Paper.objects.get().file).unlink()

    assert client.get(address(version)).status_code == 404
    assert "is not in storage" in caplog.text


def test_versions_that_nobody_accepted_and_hidden_organisations_answer_404(version, client):
    factories.ReportVersionFactory(report=version.report, number=2)

    assert client.get(address(version, 2)).status_code == 404
    assert client.get(address(version).replace("afa", "autre")).status_code == 404
    Partner.objects.update(is_published=False)
    assert client.get(address(version)).status_code == 404


def test_of_a_hidden_organisation_its_members_and_ace_still_read_it(version, login, me_officer):
    Partner.objects.update(is_published=False)
    viewer = MembershipFactory(partner=version.report.partner, role=Role.VIEWER).user
    own = f"/fichiers/rapports/{version.report_id}/v1/rapport.pdf"

    answers = [login(person).get(own) for person in (viewer, me_officer)]

    assert [b"".join(answer.streaming_content) for answer in answers] == [b"%PDF-1.7 une fois\n%%EOF\n"] * 2
    assert login(MembershipFactory(role=Role.SIGNATORY).user).get(own).status_code == 404


def test_a_report_that_cannot_be_built_now_says_so(version, client, monkeypatch):
    def busy(facts):
        raise PdfBusy

    monkeypatch.setattr(papers, "report_paper", busy)

    assert client.get(address(version)).status_code == 503
    assert not Paper.objects.exists()


def test_the_partner_page_lists_every_accepted_version_with_its_hash(version, client):
    newer = accept(version.report, number=2)

    text = client.get("/en/partenaires/afa/").content.decode()

    assert all(each.sha256 in text for each in (version, newer))
    assert address(version).join(['href="/en', '"']) in text
    assert "replaced by version 2" in text


# The poster


@pytest.fixture
def told():
    """An organisation with one result of each kind, and children in a small and in a large number."""
    partner = PartnerFactory(slug="afa", name="A.F.A.")
    report = factories.ReportFactory(period__project__partner=partner)
    version = accept(report)
    for code, unit, value in [("EPA-02", "persons", "120"), ("MIN-04", "deaths", "1"), ("EPA-01", "groups", "1")]:
        indicator = factories.IndicatorFactory(code=code, unit=unit, calculation="latest")
        add_value(version, factories.TargetFactory(project=report.project, indicator=indicator), value)
    add_value(version, children(report.project), 3)
    add_value(version, children(report.project, code="ENF-06", name_fr="Sortis"), 1200)
    factories.SpendingLineFactory(version=version, amount=Decimal("1234.56"))
    return partner


def test_a_poster_tells_results_in_words_and_leaves_out_what_is_withheld(told):
    facts = read_poster(told, Size.A4)

    words = " ".join(each.words for each in facts.results)
    assert len(facts.results) == 3
    assert words.startswith("120 ")
    assert "1\u202f200" in words  # French whatever the page's language
    assert "3 " not in words.replace("1\u202f200", "")
    assert facts.results[0].aim.endswith("400.")
    assert "1\u202f235\u00a0USD" in facts.spent.replace(" USD", "\u00a0USD")
    assert (facts.results_until, facts.page_words) == (date(2025, 3, 28), f"{facts.page_url.split('://')[1][:-1]}")


def test_fewer_results_stand_on_a_smaller_sheet(told):
    for number in range(4):
        indicator = factories.IndicatorFactory(code=f"XXX-{number}", unit="persons", calculation="latest")
        target = factories.TargetFactory(project=told.projects.get(), indicator=indicator)
        add_value(told.reports.get().accepted_version, target, 10 + number)

    assert [len(read_poster(told, size).results) for size in Size] == [3, 4, 5]


def test_the_address_for_remarks_is_printed_only_where_it_leads_somewhere(told, monkeypatch):
    monkeypatch.setattr(poster_facts, "CONCERN", "/nulle-part/")
    assert read_poster(told, Size.A4).concern_url == ""
    monkeypatch.setattr(poster_facts, "CONCERN", "/criteres/")
    assert read_poster(told, Size.A4).concern_words.endswith("/criteres")


def test_drafts_and_unaccepted_versions_are_on_no_poster():
    partner = PartnerFactory(slug="afa")
    factories.IndicatorValueFactory(version__report__period__project__partner=partner)

    facts = read_poster(partner, Size.A4)

    assert (facts.results, facts.results_until, facts.spent) == ((), None, "")


@pytest.mark.parametrize(("asked", "size"), [("A6", "A6"), ("a5", "A5"), ("", "A4"), ("A0", "A4"), ("<script>", "A4")])
def test_formats_of_a_poster(client, monkeypatch, told, asked, size):
    seen = []
    monkeypatch.setattr(pdf, "render_pdf", lambda template, context, **about: seen.append(context) or b"%PDF-")

    response = client.get("/partenaires/afa/affiche.pdf", {"format": asked})

    assert seen[0]["facts"].size == size
    assert f"affiche-afa-{size}.pdf" in response["Content-Disposition"]


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count_of_a_poster(rows, django_assert_num_queries):
    partner = PartnerFactory()
    project = factories.ProjectFactory(partner=partner)
    for _each in range(rows):
        version = accept(factories.ReportFactory(period=factories.PeriodFactory(project=project)))
        add_value(version, factories.TargetFactory(project=project), 80)

    with django_assert_num_queries(15):
        read_poster(partner, Size.A4)
