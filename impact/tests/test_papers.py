"""The impact report on paper: its facts, built once, the same for ever."""

import hashlib
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from ace_partners.core.models import AuditEvent, StoredFile
from ace_partners.core.money import Money
from ace_partners.core.pdf import PdfTimeout
from ace_partners.core.uploads import path_of
from impact import actions
from impact.actions import papers
from impact.canonical import sha256_of_facts
from impact.figures.papers import accepted_versions_of_everybody, published_versions, read_report
from impact.models import Indicator, Paper, PaperKind, Reopening, ReportEvidence, Target
from impact.tests import factories
from impact.tests.factories_papers import accept, add_value, children, francs
from partners.models import Partner

pytestmark = pytest.mark.django_db


@pytest.fixture
def printed(monkeypatch):
    """Count the layouts; each makes other bytes, so that a second one could not go unnoticed."""
    facts_seen = []

    def lay_out(facts):
        facts_seen.append(facts)
        return b"%%PDF-1.7 %d\n%%%%EOF\n" % len(facts_seen)

    monkeypatch.setattr(papers, "report_paper", lay_out)
    return facts_seen


def fresh(version):
    return accepted_versions_of_everybody().get(pk=version.pk)


def facts_of(version):
    return read_report(fresh(version))


# Facts


def test_the_facts_name_the_version_and_where_it_can_be_checked(report, target):
    version = accept(report, narrative="Huit groupes.", lessons="Afficher la date.")
    add_value(version, target, 80, comment="Un groupe de moins.")

    facts = facts_of(version)

    assert (facts.receipt_number, facts.sha256) == (f"{report.reference}-V1", "1" * 64)
    assert facts.address.endswith(f"/partenaires/{report.partner.slug}/#rapports")
    assert (facts.narrative, facts.difficulties, facts.lessons) == ("Huit groupes.", "", "Afficher la date.")
    [line] = facts.lines
    assert (line.figure.target_words, line.figure.words, line.comment) == ("100", "80", "Un groupe de moins.")
    assert (line.result.shown.achievement, line.result.shown.progress, line.result.shown.coverage) == (80, 20, "1/1")


def test_figures_are_those_of_the_day_of_acceptance(report, target):
    first = accept(report)
    add_value(first, target, 80)
    later = factories.ReportFactory(period=factories.PeriodFactory(project=report.project))
    add_value(accept(later), target, 120)

    [line] = facts_of(first).lines

    assert line.result.shown.actual == 80
    assert [point.label for point in line.chart.points] == [report.period.label]
    [line] = facts_of(later.versions.get()).lines
    assert line.result.shown.actual == 200


def test_a_corrected_version_says_what_it_replaces_and_leaves_the_first_alone(report, target, me_officer, approver):
    first = accept(report)
    add_value(first, target, 80)
    Reopening.objects.create(
        report=report,
        version=first,
        status="approved",
        motive="Double compte.",
        proposed_by=me_officer,
        proposed_at=timezone.now(),
        answered_by=approver,
        answered_at=timezone.now(),
    )
    second = accept(report, number=2)
    add_value(second, target, 70)

    assert facts_of(first).lines[0].result.shown.actual == 80
    assert facts_of(first).replaces is None
    replaced = facts_of(second).replaces
    assert (replaced.number, replaced.motive) == (1, "Double compte.")
    assert facts_of(second).lines[0].result.shown.actual == 70


def test_zero_missing_and_not_applicable_are_three_things(report, target):
    others = [factories.TargetFactory(project=report.project) for _each in range(2)]
    version = accept(report)
    add_value(version, target, 0)
    add_value(version, others[0], state="no_data", comment="Cahier perdu.")
    add_value(version, others[1], state="not_applicable", comment="Vacances.")

    words = {line.figure.words for line in facts_of(version).lines}

    assert words == {"0", "not reported", "not applicable"}


def test_a_target_that_nobody_agreed_to_is_not_printed(report, target):
    version = accept(report)
    Target.objects.filter(pk=target.pk).update(agreed_on=None)

    assert facts_of(version).lines == ()


def test_expenses_stand_under_their_line_with_what_is_left_and_add_up(report):
    line = report.project.budget_lines.get()
    version = accept(report)
    for _each in range(3):
        francs(version, line)
    factories.SpendingLineFactory(version=version, budget_line=line, amount=Decimal("100.00"))
    factories.SpendingLineFactory(version=version, budget_line=None, amount=Decimal("7.50"))

    spending = facts_of(version).spending

    inside, outside = spending.sections
    assert inside.spent == Money(Decimal("101.08"), "USD")  # 3 × 0.36, never 1.09
    assert inside.expenses[-1].left == inside.left == Money(Decimal("44898.92"), "USD")
    assert (outside.label, outside.left, outside.expenses[0].left) == ("Outside the budget", None, None)
    printed = sum(expense.usd.amount for section in spending.sections for expense in section.expenses)
    assert spending.spent == Money(printed, "USD") == Money(Decimal("108.58"), "USD")
    assert spending.paid == (Money(Decimal("107.50"), "USD"), Money(Decimal("3000.00"), "CDF"))
    assert inside.expenses[0].rate == "2,750 CDF for 1 USD, 1 January 2025 (BCC)"


def test_only_accepted_reports_count_before_this_period(report):
    line = report.project.budget_lines.get()
    factories.SpendingLineFactory(
        version=factories.ReportVersionFactory(report=report), budget_line=line, amount=Decimal(999)
    )
    later = factories.ReportFactory(period=factories.PeriodFactory(project=report.project))
    version = accept(later)

    [section] = facts_of(version).spending.sections

    assert section.before == Money(Decimal("0"), "USD")


def test_private_files_and_their_captions_stay_out(report, target):
    factories.ReportEvidenceFactory(report=report, caption="Privée")
    factories.ReportEvidenceFactory(report=report, caption="Publique", is_public=True)
    factories.ReportEvidenceFactory(report=report, target=target, caption="Du groupe", is_public=True)
    ReportEvidence.objects.update(added_at=timezone.now() - timezone.timedelta(days=1))
    version = accept(report)

    facts = facts_of(version)

    assert (facts.captions, facts.lines[0].captions) == (("Publique",), ("Du groupe",))


# Children


def test_a_small_number_of_children_takes_its_comment_tables_and_captions_along(report, target):
    target.delete()
    small = children(report.project)
    factories.ReportEvidenceFactory(report=report, target=small, caption="Les 3 enfants", is_public=True)
    ReportEvidence.objects.update(added_at=timezone.now() - timezone.timedelta(days=1))
    version = accept(report)
    add_value(version, small, 3, comment="Trois enfants du quartier.", cells={"sex": {"F": "2", "M": "1"}})

    [line] = facts_of(version).lines

    assert (line.figure.words, line.comment, line.tables, line.captions) == ("withheld", "", (), ())
    assert line.result.shown.achievement is None
    assert "Trois" not in str(facts_of(version))


def test_small_cells_are_withheld_so_that_nothing_follows_by_subtraction(report, target):
    target.delete()
    version = accept(report)
    add_value(
        version,
        children(report.project),
        60,
        cells={"sex.age": {"F.06-11": "2", "F.12-14": "20", "M.06-11": "18", "M.12-14": "20"}},
    )

    [table] = facts_of(version).lines[0].tables

    cells = [cell for _heading, row in table.rows for cell in row]
    assert "2" not in cells
    assert cells.count("withheld") >= 4  # a cell, its neighbours in row and column, and the opposite corner
    assert table.rows[-1][1][-1] == "60"


def test_what_nobody_specified_is_a_row_so_that_the_table_adds_up(report, target):
    version = accept(report)
    add_value(version, target, 189, cells={"sex": {"F": "120", "M": "60"}})

    [table] = facts_of(version).lines[0].tables

    assert [row for _heading, row in table.rows] == [("120",), ("60",), ("9",), ("189",)]
    assert [heading for heading, _row in table.rows][-2:] == ["Not specified", "Total"]


def test_the_parts_of_a_fraction_are_pooled(report, target):
    target.delete()
    rate = factories.TargetFactory(project=report.project, indicator=factories.PercentageFactory())
    version = accept(report)
    add_value(
        version,
        rate,
        numerator=Decimal(54),
        denominator=Decimal(80),
        cells={"sex": {"F": ["45", "60"], "M": ["9", "20"]}},
    )

    [table] = facts_of(version).lines[0].tables

    assert table.rows == (("F", ("45", "60", "75")), ("M", ("9", "20", "45")), ("All together", ("54", "80", "67.5")))


# Once


def test_a_paper_is_built_once_and_kept_with_its_hashes(report, target, printed):
    version = accept(report)
    add_value(version, target, 80)

    paper = papers.build_report_paper(fresh(version))
    again = papers.build_report_paper(fresh(version))

    assert (paper, len(printed)) == (again, 1)
    content = path_of(paper.file).read_bytes()
    assert paper.file.sha256 == hashlib.sha256(content).hexdigest()
    assert paper.facts_sha256 == sha256_of_facts(printed[0])
    assert (paper.kind, paper.file.name) == (
        PaperKind.REPORT,
        f"rapport-{report.partner.slug}-{report.reference}-V1.pdf",
    )
    assert AuditEvent.objects.filter(action="paper.kept", target_id=str(paper.pk)).count() == 1


def test_no_later_edit_changes_what_is_kept(report, target, printed):
    version = accept(report)
    add_value(version, target, 80)
    before = path_of(papers.build_report_paper(fresh(version)).file).read_bytes()
    Target.objects.filter(pk=target.pk).update(final_target=Decimal(7))
    Partner.objects.filter(pk=report.partner_id).update(name="Autre nom")
    Indicator.objects.create(**{**_copy(target.indicator), "version": 2, "name_fr": "Autre indicateur"})

    after = papers.build_report_paper(fresh(version))

    assert path_of(after.file).read_bytes() == before
    assert len(printed) == 1


def _copy(indicator):
    return {
        field.name: getattr(indicator, field.name) for field in Indicator._meta.concrete_fields if field.name != "id"
    }


def test_the_facts_have_the_same_hash_while_nothing_changes_and_another_when_something_does(report, target):
    version = accept(report)
    add_value(version, target, 80)
    before = sha256_of_facts(facts_of(version))

    assert sha256_of_facts(facts_of(version)) == before
    Target.objects.filter(pk=target.pk).update(final_target=Decimal(7))
    assert sha256_of_facts(facts_of(version)) != before


def test_the_second_of_two_builders_gives_back_the_first_ones_paper(report):
    version = accept(report)
    kept = {"facts_sha256": "0" * 64, "by": version.submitted_by, "version": version}

    first = papers.keep(PaperKind.REPORT, pdf=b"%PDF-1", **kept)
    second = papers.keep(PaperKind.REPORT, pdf=b"%PDF-2", **kept)

    assert (first, Paper.objects.count(), StoredFile.objects.filter(media_type="application/pdf").count()) == (
        second,
        1,
        1,
    )
    assert path_of(second.file).read_bytes() == b"%PDF-1"


def test_acceptance_builds_its_paper_after_the_commit(
    complete_report, signatory, me_officer, printed, django_capture_on_commit_callbacks
):
    version = _accepted(complete_report, signatory, me_officer, django_capture_on_commit_callbacks)

    assert Paper.objects.get().version == version


def test_a_paper_that_fails_leaves_the_acceptance_alone_and_the_command_builds_it(
    complete_report, signatory, me_officer, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    def late(facts):
        raise PdfTimeout

    with monkeypatch.context() as patched:
        patched.setattr(papers, "report_paper", late)
        _accepted(complete_report, signatory, me_officer, django_capture_on_commit_callbacks)
        with pytest.raises(CommandError, match="1 could not be built"):
            call_command("build_papers")
    assert "was not built" in caplog.text
    assert not Paper.objects.exists()

    monkeypatch.setattr(papers, "report_paper", lambda facts: b"%PDF-1.7\n%%EOF\n")
    call_command("build_papers")
    call_command("build_papers")

    assert Paper.objects.count() == 1


def _accepted(report, signatory, me_officer, capture):
    actions.submit(report, by=signatory, seen=report.lock_version)
    report.refresh_from_db()
    report = actions.take(report, by=me_officer, seen=report.lock_version)
    with capture(execute=True):
        return actions.accept(report, by=me_officer, seen=report.lock_version).version


def test_the_paper_is_not_laid_out_inside_a_transaction(report):
    version = fresh(accept(report))

    with pytest.raises(RuntimeError, match="inside a transaction"), transaction.atomic():
        papers.build_report_paper(version)


def test_versions_nobody_accepted_and_organisations_not_published_have_no_public_paper(report):
    factories.ReportVersionFactory(report=report)
    assert not accepted_versions_of_everybody().exists()
    version = accept(report, number=2)
    assert published_versions().get() == version

    Partner.objects.filter(pk=report.partner_id).update(is_published=False)

    assert not published_versions().exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count_of_the_facts(report, target, rows, django_assert_num_queries):
    line = report.project.budget_lines.get()
    version = accept(report)
    for each in [target, *(factories.TargetFactory(project=report.project) for _each in range(rows - 1))]:
        add_value(version, each, 80, cells={"sex": {"F": "40", "M": "40"}})
        francs(version, line)
    version = fresh(version)

    with django_assert_num_queries(21):
        read_report(version)
