"""The papers that are kept, laid out for real: accessible, inert, whole, however much there is to print."""

import re
from datetime import date
from decimal import Decimal

import outloud
import pdfua
import pikepdf
import pytest
from django.utils import timezone

from ace_partners.core.tests.pdf_documents import text_of
from ace_partners.public import pdf
from ace_partners.public.facts.poster import MOST_RESULTS, SENTENCES, PosterFacts, Size, Told, read_poster
from ace_partners.public.tests.network import PRIVATE_NUMBERS, full_partner, plant_secrets
from ace_partners.tests.test_documents import NOT_A_DEFECT
from impact.figures.annual import read_annual
from impact.figures.closing import read_closing
from impact.figures.papers import accepted_versions_of_everybody, published_versions, read_report
from impact.models import QuarterClose, SpendingLine
from impact.pdf.annual import annual_paper
from impact.pdf.quarters import quarter_paper
from impact.pdf.reports import report_paper
from impact.tests import factories
from impact.tests.factories_papers import accept, add_value, children, francs

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script> {{ facts.sha256 }} {% now 'Y' %} \u202egnp.exe & <b>gras</b>"


def defects(content, tmp_path):
    """What the two checkers find wrong with a PDF/UA-1 document."""
    path = tmp_path / "document.pdf"
    path.write_bytes(content)
    heard = outloud.check(str(path))
    errors = [str(found) for found in heard.findings if found.severity == "error" and found.rule not in NOT_A_DEFECT]
    return heard.error, errors, [finding.message for finding in pdfua.validate(str(path)).findings]


CLEAN = (None, [], [])


@pytest.fixture
def version():
    """An accepted version with one of everything: a number, a crossed table, a fraction, a gap, two currencies."""
    report = factories.ReportFactory()
    project = report.project
    line = factories.BudgetLineFactory(project=project)
    accepted = accept(report, narrative=HOSTILE, difficulties="Route coupée.\nDeux semaines.", lessons="Une affiche.")
    cells = {"sex.age": {"F.06-11": "2", "F.12-14": "20", "M.06-11": "18", "M.12-14": "20"}}
    add_value(accepted, children(project, name_fr=HOSTILE[:120]), 60, cells=cells, comment=HOSTILE)
    target = factories.TargetFactory(project=project)
    factories.PeriodTargetFactory(target=target, period=report.period)
    add_value(accepted, target, 0)
    rate = factories.TargetFactory(project=project, indicator=factories.PercentageFactory())
    shares = {"sex": {"F": ["45", "60"], "M": ["9", "20"]}}
    add_value(accepted, rate, numerator=Decimal(54), denominator=Decimal(80), cells=shares)
    silent = factories.TargetFactory(project=project)
    add_value(accepted, silent, state="no_data", comment="Cahier perdu.")
    francs(accepted, line, label=HOSTILE)
    factories.SpendingLineFactory(version=accepted, budget_line=None)
    return accepted_versions_of_everybody().get(pk=accepted.pk)


def test_an_impact_report_is_accessible_in_french_with_bookmarks(version, tmp_path):
    content = report_paper(read_report(version))

    assert defects(content, tmp_path) == CLEAN
    with pikepdf.open(tmp_path / "document.pdf") as document:
        assert str(document.Root.Lang) == "fr"
        assert document.Root.MarkInfo.Marked
        with document.open_outline() as outline:
            [top] = outline.root
            assert len(top.children) >= 6


def test_hostile_texts_are_printed_and_do_nothing(version, tmp_path):
    text = text_of(report_paper(read_report(version)))

    assert "<script>alert(1)</script>{{facts.sha256}}{%now'Y'%}gnp.exe&<b>gras</b>" in text
    assert "\u202e" not in text


def test_the_same_facts_give_the_same_bytes(version):
    facts = read_report(version)

    assert report_paper(facts) == report_paper(facts)


def test_a_long_report_is_still_printed(tmp_path):
    report = factories.ReportFactory()
    line = factories.BudgetLineFactory(project=report.project, amount=Decimal("1000000"))
    version = accept(report, narrative="Une phrase de plus. " * 400)
    for number in range(60):
        target = factories.TargetFactory(project=report.project)
        factories.PeriodTargetFactory(target=target, period=report.period)
        add_value(version, target, number, cells={"sex": {"F": str(number // 2)}}, comment="Un commentaire.")
    row = factories.SpendingLineFactory(version=version, budget_line=line)
    SpendingLine.objects.bulk_create([_again(row) for _each in range(299)])

    content = report_paper(read_report(accepted_versions_of_everybody().get(pk=version.pk)))

    assert len(content) < 2_000_000
    with pikepdf.open(_written(tmp_path, content)) as document:
        assert 10 < len(document.pages) <= 100


def _again(row):
    fields = {field.name: getattr(row, field.name) for field in row._meta.concrete_fields if field.name != "id"}
    return SpendingLine(**fields)


def _written(tmp_path, content):
    path = tmp_path / "document.pdf"
    path.write_bytes(content)
    return path


def test_the_consolidated_report_names_what_is_missing_on_its_first_page(version, tmp_path, approver):
    silent = factories.ReportFactory(period__project__partner__name="Silencieuse")
    closing = QuarterClose.objects.create(
        year=2025, quarter=1, versions=[version.pk], missing=[silent.pk], closed_by=approver,
        closed_at=timezone.now(), sha256="c" * 64,
    )  # fmt: skip

    content = quarter_paper(read_closing(closing))

    assert defects(content, tmp_path) == CLEAN
    with pikepdf.open(tmp_path / "document.pdf") as document:
        first = pikepdf.new()
        first.pages.append(document.pages[0])
        first.save(tmp_path / "first.pdf")
    assert "Silencieuse" in text_of((tmp_path / "first.pdf").read_bytes())
    assert version.report.partner.name.replace(" ", "") in text_of(content)


def test_the_annual_report_is_accessible_and_names_what_it_rests_on(version, tmp_path):
    factories.ReportFactory(period=factories.PeriodFactory(project=version.report.project))

    content = annual_paper(read_annual(2025, 1))

    assert defects(content, tmp_path) == CLEAN
    text = text_of(content)
    assert f"{version.report.reference}v1" in text
    assert "<script>alert(1)</script>" in text


def test_no_paper_prints_a_secret():
    partner = full_partner(1, slug="afa", name="Alternatives")
    secrets = [*plant_secrets(partner), *PRIVATE_NUMBERS]
    version = published_versions().get()

    texts = [
        text_of(report_paper(read_report(version))),
        text_of(annual_paper(read_annual(2025, 1))),
        text_of(pdf.poster(read_poster(partner, Size.A4))),
    ]

    assert all("Alternatives" in text for text in texts)
    plain = [re.sub(r"(?<=\d)[\s,.\u202f\u00a0](?=\d{3})", "", text) for text in texts]
    assert [word for word in secrets for text in plain if word in text] == []


# The poster

SIDES = {Size.A6: (298, 420), Size.A5: (420, 595), Size.A4: (595, 842)}
LONG = "Association des femmes négociantes et des creuseurs artisanaux du territoire de Lubudi " * 2


def poster_facts(size, name, words):
    return PosterFacts(
        name=name,
        slug="afa",
        has_long_name=len(name) > 45,
        is_fictitious=False,
        size=size,
        results=tuple(Told(each, "Objectif : 1 234 567.") for each in words),
        results_until=date(2026, 12, 31),
        spent="Argent dépensé jusqu’ici : 1 234 567 USD, sur 1 234 567 prévus.",
        page_url="https://partenaires.ace-cobalt.org/partenaires/un-nom-assez-long-pour-etre-vrai/",
        concern_url="https://partenaires.ace-cobalt.org/signaler/",
    )


@pytest.mark.parametrize("size", Size)
@pytest.mark.parametrize("name", ["A.F.A.", LONG[:44], LONG[:90], LONG[:150]])
def test_a_poster_is_one_sheet_of_its_format_however_long_its_texts(size, name, tmp_path):
    longest = sorted((f"1 234 567 {str(words % {'n': '75 %', 'count': 2})}" for words in SENTENCES.values()), key=len)
    room = MOST_RESULTS[size] - (len(name) > 90)

    content = pdf.poster(poster_facts(size, name, longest[-room:]))

    with pikepdf.open(_written(tmp_path, content)) as document:
        [only] = document.pages
        assert tuple(round(float(side)) for side in only.mediabox[2:]) == SIDES[size]
    text = text_of(content)
    assert "".join(name.split()) in text
    assert "signaler" in text
    assert all("".join(words.split()) in text for words in longest[-room:])


@pytest.mark.parametrize("size", Size)
def test_a_poster_is_accessible(size, tmp_path):
    content = pdf.poster(poster_facts(size, "A.F.A.", ["120 ménages épargnent ensemble."]))

    assert defects(content, tmp_path) == CLEAN
