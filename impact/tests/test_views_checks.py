"""Checks, comments and the review on both sides of a report."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from ace_partners.core.errors import NotAllowed, Stale
from impact import actions, canonical, figures, rules
from impact.models import (
    BudgetLine,
    CheckComment,
    DraftComment,
    DraftValue,
    Report,
    ReportStatus,
    ReportVersion,
)
from impact.tests import factories
from impact.tests.factories_checks import split_indicator
from impact.tests.steps import fresh, send, url
from impact.tests.test_actions_reports import hash_again
from partners.tests.factories import PartnerFactory

pytestmark = pytest.mark.django_db

UNPROVEN = "No file shows where these values come from: "
SILENT = "1 remark of the checks has no word of explanation from you yet."


def text_of(version, comments):
    """What is hashed, but for spending and files."""
    return canonical.canonical(
        report="r", number=1, texts=version, values=version.values.all(), spending=[], evidence=[], comments=comments
    )


# --- the partner's check page ------------------------------------------------------------------------------------------


def test_a_warning_without_a_word_keeps_the_report(login, complete_report, signatory):
    complete_report.draft_comments.all().delete()
    client = login(signatory)

    shown = client.get(url("check", complete_report))
    refused = client.post(url("submit", complete_report), {"declaration": "on", "seen": complete_report.lock_version})

    assert shown.context["gaps"] == [(SILENT, "#remarques")]
    assert 'name="k.unproven"' in shown.text
    assert 'name="declaration"' not in shown.text
    assert (refused.status_code, SILENT in refused.text) == (403, True)
    assert not ReportVersion.objects.exists()


def test_a_word_on_each_warning_lets_it_leave_and_is_frozen(login, complete_report, target, signatory):
    complete_report.draft_comments.all().delete()
    client = login(signatory)

    saved = client.post(url("comments", complete_report), {"seen": "0", "k.unproven": "Le registre est au bureau."})
    seen = fresh(complete_report).lock_version
    sent = client.post(url("submit", complete_report), {"declaration": "on", "seen": seen})

    version = ReportVersion.objects.get()
    frozen = version.check_comments.get()
    assert (saved.url, sent.url) == (url("check", complete_report), url("receipt", complete_report, 1))
    assert (frozen.key, frozen.text) == ("unproven", "Le registre est au bureau.")
    assert frozen.warning == f"{UNPROVEN}{target.indicator.name}."
    assert version.sha256 == hash_again(version)


def test_the_comment_is_part_of_the_hash(complete_report, signatory):
    version = send(complete_report, signatory)
    comments = list(version.check_comments.all())

    said = text_of(version, comments)
    comments[0].text = "Autre chose."

    assert said != text_of(version, comments)


def test_a_comment_whose_warning_is_gone_is_left_behind(complete_report, target, signatory):
    factories.DraftCommentFactory(report=complete_report, key=f"spike.v{target.pk}")
    factories.ReportEvidenceFactory(report=complete_report, target=target)

    version = send(complete_report, signatory)

    assert (version.check_comments.count(), DraftComment.objects.count()) == (0, 0)


def test_an_error_of_the_checks_keeps_the_report_and_leads_to_its_section(login, complete_report, target, signatory):
    complete_report.draft_values.update(cells={"sex": {"F": "130", "M": "69"}}, value=Decimal(189))

    shown = login(signatory).get(url("check", complete_report))

    sentence = f"{target.indicator.name}, by sex: the cells add up to 199, more than the total 189."
    assert shown.context["gaps"] == [(sentence, f"{url('values', complete_report, 1)}#v{target.pk}")]
    with pytest.raises(NotAllowed) as refusal:
        send(complete_report, signatory)
    assert refusal.value.reasons == [sentence]


def test_an_emptied_comment_is_taken_back(login, complete_report, editor):
    login(editor).post(url("comments", complete_report), {"seen": "0", "k.unproven": " "})

    assert not DraftComment.objects.exists()


def test_a_comment_has_a_length_and_keeps_what_was_typed(login, complete_report, editor):
    answer = login(editor).post(url("comments", complete_report), {"seen": "0", "k.unproven": "é" * 501})

    assert (answer.status_code, "é" * 501 in answer.text) == (422, True)
    assert DraftComment.objects.get().text == "Le registre est au bureau."


def test_comments_of_a_stale_page_are_not_saved(login, complete_report, editor, signatory):
    actions.save_texts(complete_report, by=signatory, seen=0, narrative="Autre.")

    answer = login(editor).post(url("comments", complete_report), {"seen": "0", "k.unproven": "Mot"})

    assert (answer.status_code, signatory.name in answer.text) == (409, True)
    with pytest.raises(Stale):
        actions.save_comments(complete_report, by=editor, seen=0, texts={"unproven": "Mot"})


def test_a_viewer_reads_the_remarks_and_writes_none(login, complete_report, viewer):
    client = login(viewer)

    page = client.get(url("check", complete_report)).text
    refused = client.post(url("comments", complete_report), {"seen": "0", "k.unproven": "Mot"})

    assert (UNPROVEN in page, 'name="k.unproven"' in page, refused.status_code) == (True, False, 403)
    assert DraftComment.objects.get().text == "Le registre est au bureau."


def test_only_present_warnings_can_be_commented(login, complete_report, editor):
    login(editor).post(url("comments", complete_report), {"seen": "0", "k.unproven": "Mot", "k.spike.v1": "Autre"})

    assert DraftComment.objects.get().key == "unproven"


@pytest.mark.parametrize("who", ["stranger", "me_officer", "approver"])
def test_the_remarks_of_a_draft_do_not_exist_for_others(login, complete_report, who, request):
    client = login(request.getfixturevalue(who))

    assert client.post(url("comments", complete_report), {"seen": "0", "k.unproven": "Mot"}).status_code == 404


def test_text_of_the_organisation_is_escaped_on_both_sides(login, complete_report, signatory, me_officer):
    complete_report.draft_spending.update(label="<b>Salle</b>", currency="USD")
    complete_report.draft_comments.update(text="<i>Voir</i>")
    line = complete_report.draft_spending.get()
    BudgetLine.objects.filter(pk=line.budget_line_id).update(label="<u>A</u>", amount=1)
    factories.DraftCommentFactory(report=complete_report, key=f"over.line{line.budget_line_id}")

    mine = login(signatory).get(url("check", complete_report)).text
    send(complete_report, signatory)
    theirs = login(me_officer).get(url("review", complete_report)).text

    for page in (mine, theirs):
        assert [tag for tag in ("<b>Salle", "<i>Voir", "<u>A") if tag in page] == []
        assert "&lt;u&gt;A" in page


# --- the checks, read ------------------------------------------------------------------------------------------------------


def words_of(report, *, draft=True):
    return [(check.key, check.words) for check in figures.checks_of(report, draft=draft)]


def test_the_checks_of_a_draft_in_words(report, target):
    factories.AcceptanceFactory(
        version=factories.IndicatorValueFactory(version__report=report, target=target, value=Decimal(10)).version
    )
    line = report.project.budget_lines.get()
    third = factories.ReportFactory(period=factories.PeriodFactory(project=report.project))
    factories.DraftValueFactory(report=third, target=target, value=Decimal(40), cells={"sex": {"F": "31"}})
    factories.DraftSpendingFactory(report=third, budget_line=line, amount=Decimal("49500.01"))

    name = target.indicator.name
    assert words_of(third) == [
        ("unproven", f"{UNPROVEN}{name}."),
        (f"table_rest.sex.v{target.pk}", f"{name}, by sex: 9 not specified."),
        (f"spike.v{target.pk}", f"{name}: far from the values of the periods before."),
        (
            f"over.line{line.pk}",
            "A1 Formation: 49,500.01\xa0USD spent, more than 110% of the budget of 45,000.00\xa0USD.",
        ),
    ]


def test_dollars_are_never_compared_with_a_budget_in_francs(complete_report):
    BudgetLine.objects.update(currency="CDF", amount=1)

    assert [key for key, _words in words_of(complete_report)] == ["unproven"]


def test_a_death_needs_its_account(complete_report):
    deaths = factories.IndicatorFactory(unit="deaths", direction="at_most")
    row = factories.DraftValueFactory(
        report=complete_report,
        target=factories.TargetFactory(project=complete_report.project, indicator=deaths),
        value=1,
    )

    assert f"deaths.v{row.target_id}" in dict(words_of(complete_report))
    Report.objects.filter(pk=complete_report.pk).update(narrative="Un creuseur est décédé sous un éboulement.")
    assert f"deaths.v{row.target_id}" not in dict(words_of(fresh(complete_report)))


def test_an_empty_report_has_no_checks(report):
    assert (words_of(report), words_of(report, draft=False)) == ([], [])


def test_ace_reads_the_checks_of_the_version_and_not_of_the_draft(complete_report, signatory):
    version = send(complete_report, signatory)
    complete_report.draft_values.update(cells={"sex": {"F": "999"}})
    complete_report.draft_comments.update(text="Brouillon")

    checks = figures.checks_of(fresh(complete_report), draft=False)

    assert [(check.key, check.comment) for check in checks] == [("unproven", "Le registre est au bureau.")]
    assert checks[0].words == version.check_comments.get().warning


def test_a_warning_that_was_answered_stays_as_it_was_sent(complete_report, target, signatory):
    version = send(complete_report, signatory)
    factories.ReportEvidenceFactory(report=complete_report, target=target)  # came later: not of this version
    CheckComment.objects.create(version=version, key=f"spike.v{target.pk}", warning="Trop loin.", text="Exact.")

    checks = figures.checks_of(fresh(complete_report), draft=False)

    assert [(check.words, check.target_id) for check in checks if check.key.startswith("spike")] == [
        ("Trop loin.", target.pk)
    ]


@pytest.mark.parametrize("draft", [True, False])
@pytest.mark.parametrize("rows", [1, 3])
def test_the_checks_ask_as_often_for_three_rows_as_for_one(report, target, rows, draft, django_assert_num_queries):
    version = factories.ReportVersionFactory(report=report)
    for each in [target, *factories.TargetFactory.create_batch(rows - 1, project=report.project)]:
        factories.DraftValueFactory(report=report, target=each)
        factories.IndicatorValueFactory(version=version, target=each)
        factories.SpendingLineFactory(version=version, budget_line=factories.BudgetLineFactory(project=report.project))
        factories.DraftSpendingFactory(report=report, budget_line=factories.BudgetLineFactory(project=report.project))
        factories.DraftCommentFactory(report=report, key=f"spike.v{each.pk}")
    report = fresh(report)

    # values, expenses, comments, files; budget lines, versions before (none); periods, values of other reports
    with django_assert_num_queries(8 if draft else 9):  # and the newest version
        figures.checks_of(report, draft=draft)


# --- the grid, saved and sent -----------------------------------------------------------------------------------------------


def test_the_grid_is_saved_sent_and_hashed(login, complete_report, signatory, me_officer):
    split = factories.TargetFactory(project=complete_report.project, indicator=split_indicator())
    other = PartnerFactory(is_published=True)
    first = complete_report.draft_values.get().target
    client, prefix = login(signatory), f"v{split.pk}-"
    data = {
        f"v{first.pk}-seen": "1",
        f"v{first.pk}-state": "reported",
        f"v{first.pk}-value": "80",
        f"{prefix}seen": "0",
        f"{prefix}state": "reported",
        f"{prefix}c.sex.age.F.18+": "108",
        f"{prefix}c.sex.age.M.18+": "64",
        f"{prefix}shared": "30",
        f"{prefix}shared_with": str(other.pk),
    }

    shown = client.get(url("values", complete_report, 1)).text
    answer = client.post(url("values", complete_report, 1), data)
    row = DraftValue.objects.get(target=split)
    version = send(complete_report, signatory)
    value = version.values.get(target=split)

    assert shown.count(f'name="{prefix}c.sex.age.F.18+"') == 1
    assert answer.status_code == 302
    assert (row.value, row.shared, row.shared_with) == (172, 30, other)
    assert (value.cells, value.shared, value.shared_with) == (row.cells, 30, other)
    assert version.sha256 == hash_again(version)
    examined = login(me_officer).get(url("review", complete_report)).text
    assert (f"of which 30 together with {other}" in examined, "<caption>Sex × age</caption>" in examined) == (
        True,
        True,
    )


def test_a_wrong_cell_is_named_in_the_summary_and_nothing_is_saved(login, report, editor):
    split = factories.TargetFactory(project=report.project, indicator=split_indicator())
    prefix = f"v{split.pk}-"
    data = {f"v{row.pk}-seen": "0" for row in report.project.targets.all()}
    data |= {f"{prefix}state": "reported", f"{prefix}value": "9", f"{prefix}c.sex.age.F.18+": "1,5"}

    answer = login(editor).post(url("values", report, 1), data)

    sentence = f"{split.indicator.name}, Women, 18 and over: Give a whole number, without decimals."
    assert (answer.status_code, sentence in answer.text, 'value="1,5"' in answer.text) == (422, True, True)
    assert f'href="#id_{prefix}c.sex.age.F.18+"' in answer.text
    assert not DraftValue.objects.exists()


def test_a_value_without_grid_is_hashed_as_before(complete_report, signatory):
    """Keys of the grid are written only where there is one: versions from before keep their hash."""
    version = send(complete_report, signatory)

    text = text_of(version, comments=[])

    assert [word for word in ("cells", "shared") if word in text] == []


@pytest.mark.parametrize("name", ["values", "check", "corrections"])
def test_the_partners_pages_ask_as_often_for_three_grids_as_for_one(
    login, report, signatory, name, django_assert_max_num_queries
):
    version = factories.ReportVersionFactory(report=report)
    Report.objects.filter(pk=report.pk).update(status=ReportStatus.CHANGES_REQUESTED)

    def add():
        each = factories.TargetFactory(project=report.project, indicator=split_indicator())
        partner = PartnerFactory(is_published=True)
        cells = {"sex.age": {"F.u18": "3"}}
        factories.DraftValueFactory(report=report, target=each, cells=cells, shared=1, shared_with=partner)
        line = factories.SpendingLineFactory(version=version, label=f"Achat {each.pk}")
        factories.DraftSpendingFactory(report=report, label=line.label)
        factories.DraftCommentFactory(report=report, key=f"table_rest.sex-age.v{each.pk}")
        for key in (rules.value_key(each), rules.line_key(line)):
            factories.CorrectionRequestFactory(report=report, version=version, field_key=key, sent_at=timezone.now())

    client, args = login(signatory), [1] if name == "values" else []

    def count():
        with django_assert_max_num_queries(70) as captured:
            assert client.get(url(name, report, *args)).status_code == 200
        return len(captured)

    add()
    count()
    one = count()
    add()
    add()

    assert count() == one


def test_a_report_cannot_be_sent_twice_at_once(complete_report, signatory):
    seen = complete_report.lock_version
    actions.submit(complete_report, by=signatory, seen=seen)

    with pytest.raises(Stale):
        actions.submit(complete_report, by=signatory, seen=seen)
    assert ReportVersion.objects.count() == 1


def test_a_value_of_a_period_that_is_not_over_is_an_error(complete_report):
    today = timezone.localdate()
    type(complete_report.period).objects.filter(pk=complete_report.period_id).update(
        ends_on=today, due_on=today + timedelta(days=30)
    )

    (error, *_rest) = figures.checks_of(fresh(complete_report), draft=True)

    assert (error.key, error.level, error.is_error) == ("open_period", "error", True)
