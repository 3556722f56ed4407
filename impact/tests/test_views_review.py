"""The review, exceptions first; requests on one expense; the whole round of a correction; what acceptance means."""

import re
from decimal import Decimal

import pytest

from ace_partners.core.errors import NotAllowed
from ace_partners.core.models import OutgoingMail
from impact import actions, figures, rules
from impact.models import (
    BudgetLine,
    CheckComment,
    CorrectionRequest,
    DraftValue,
    Report,
    ReportStatus,
    ReportVersion,
    SpendingLine,
    Target,
)
from impact.tests import factories
from impact.tests.steps import ask_back, examine, fresh, send, url
from impact.tests.test_actions_reports import hash_again
from partners.tests.factories import PartnerFactory

pytestmark = pytest.mark.django_db


# --- the review: exceptions first ---------------------------------------------------------------------------------------


def test_the_review_opens_what_does_not_tie_out_and_folds_the_rest(
    login, complete_report, target, signatory, me_officer
):
    quiet = factories.DraftValueFactory(
        report=complete_report, value=Decimal(5), target__project=complete_report.project
    )
    DraftValue.objects.filter(target=target).update(cells={"sex": {"F": "79"}})
    factories.DraftCommentFactory(report=complete_report, key=f"table_rest.sex.v{target.pk}", text="Un inconnu.")
    send(complete_report, signatory)

    answer = login(me_officer).get(url("review", complete_report))

    sheet, page = answer.context["sheet"], answer.text
    assert [row.target for row in sheet.first] == [target]
    assert [row.target.pk for row in sheet.quiet] == [quiet.target_id]
    assert "1 indicator without remark" in page
    folded = page.index("1 indicator without remark")
    assert page.index(f'id="value-{target.pk}"') < folded < page.index(f'id="value-{quiet.target_id}"')
    assert f"{target.indicator.name}, by sex: 1 not specified." in page
    assert page.index("Un inconnu.") < folded


def test_a_request_opens_its_row(login, complete_report, target, signatory, me_officer):
    send(complete_report, signatory)
    examine(complete_report, me_officer)
    actions.request_field(complete_report, rules.value_key(target), by=me_officer, remark="Combien ?")

    sheet = login(me_officer).get(url("review", complete_report)).context["sheet"]

    assert [row.request.remark for row in sheet.first] == ["Combien ?"]


def test_a_resubmission_shows_each_difference(login, complete_report, target, signatory, me_officer):
    send(complete_report, signatory)
    examine(complete_report, me_officer)
    report = ask_back(
        complete_report,
        me_officer,
        **{f"value_{target.pk}": "Combien ?", "narrative": "Qui ?", "spending": "Tout ?"},
    )
    actions.save_value(
        report, target, by=signatory, seen=1, state="reported", value=Decimal(78), cells={"sex": {"F": "78"}}
    )
    actions.save_texts(fresh(report), by=signatory, seen=0, narrative="Neuf groupes se sont formés.")
    actions.add_spending(
        report, by=signatory, label="Craies", spent_on=report.period.starts_on, amount=Decimal(9), currency="USD"
    )
    for request in CorrectionRequest.objects.all():
        actions.save_reply(request, by=signatory, reply="Fait.")
    send(report, signatory)

    answer = login(me_officer).get(url("review", report))

    page = re.sub(r'<span class="visually-hidden">[^<]*</span>', "", answer.text)
    (row,) = answer.context["sheet"].first
    assert [(change.label, change.before, change.after) for change in row.changes] == [
        ("Value", "80", "78"),
        ("sex: F", "—", "78"),
    ]
    assert ("<del>Huit</del><ins>Neuf</ins> groupes" in page, page.count("Fait.")) == (True, 3)
    assert [line.label for line in answer.context["expense_changes"].added] == ["Craies"]


def test_the_first_version_has_no_differences(login, complete_report, signatory, me_officer):
    send(complete_report, signatory)

    answer = login(me_officer).get(url("review", complete_report))

    assert not answer.context["expense_changes"]
    assert [row.changes for row in answer.context["sheet"].rows] == [()]


def test_the_review_with_a_version_before_asks_as_often_for_three_rows_as_for_one(
    login, report, target, me_officer, django_assert_max_num_queries
):
    Report.objects.filter(pk=report.pk).update(status=ReportStatus.IN_REVIEW)
    versions = [factories.ReportVersionFactory(report=report, number=number) for number in (1, 2)]

    def add(each):
        for version in versions:
            factories.IndicatorValueFactory(
                version=version,
                target=each,
                cells={"sex": {"F": str(version.number)}},
                shared=1,
                shared_with=PartnerFactory(),
            )
            line = factories.SpendingLineFactory(
                version=version,
                label=f"Achat {each.pk}",
                budget_line=factories.BudgetLineFactory(project=report.project),
            )
            CheckComment.objects.create(version=version, key=f"spike.v{each.pk}", warning="Loin.", text="Exact.")
        factories.CorrectionRequestFactory(report=report, version=version, field_key=rules.line_key(line))

    client = login(me_officer)

    def count():
        with django_assert_max_num_queries(60) as captured:
            assert client.get(url("review", report)).status_code == 200
        return len(captured)

    add(target)
    count()
    one = count()
    for each in factories.TargetFactory.create_batch(2, project=report.project):
        add(each)

    assert count() == one


# --- a request on one expense -------------------------------------------------------------------------------------------


@pytest.fixture
def two_expenses(complete_report, signatory, me_officer):
    """ACE asks about one of two expenses."""
    factories.DraftSpendingFactory(report=complete_report, label="Transport", amount=Decimal(40))
    send(complete_report, signatory)
    examine(complete_report, me_officer)
    line = SpendingLine.objects.get(label="Transport")
    return ask_back(complete_report, me_officer, **{f"line_{line.pk}": "Pour quel trajet ?"})


def test_only_the_expense_that_is_asked_about_can_be_changed(login, two_expenses, editor):
    asked, other = (two_expenses.draft_spending.get(label=label) for label in ("Transport", "Location de salle"))
    client = login(editor)
    fields = {"spent_on": "2025-01-01", "currency": "USD", "budget_line": "outside", "seen": "0"}

    page = client.get(url("corrections", two_expenses)).text
    closed = client.post(
        url("spending_edit", two_expenses, other.pk), {**fields, "label": "Location de salle", "amount": "1"}
    )
    changed = client.post(
        url("spending_edit", two_expenses, asked.pk), {**fields, "label": "Transport", "amount": "45"}
    )
    again = client.post(
        url("spending_edit", two_expenses, asked.pk), {**fields, "label": "Transport", "amount": "44", "seen": "1"}
    )
    added = client.post(url("spending_add", two_expenses), {**fields, "label": "Craies", "amount": "3"})

    assert "Expense “Transport”" in page
    assert url("spending_edit", two_expenses, asked.pk) in page
    assert url("spending_edit", two_expenses, other.pk) not in page
    assert [answer.status_code for answer in (closed, changed, again, added)] == [403, 302, 302, 403]
    assert changed.url == url("corrections", two_expenses)
    assert sorted(two_expenses.draft_spending.values_list("amount", flat=True)) == [44, 250]


def test_only_the_expense_that_is_asked_about_can_be_removed(login, two_expenses, editor):
    asked, other = (two_expenses.draft_spending.get(label=label) for label in ("Transport", "Location de salle"))
    client = login(editor)

    with pytest.raises(NotAllowed):
        actions.remove_spending(other, by=editor)
    client.post(url("spending_remove", two_expenses, asked.pk))

    assert list(two_expenses.draft_spending.all()) == [other]


def test_an_expense_that_was_rewritten_altogether_is_not_guessed(login, two_expenses, editor):
    two_expenses.draft_spending.filter(label="Transport").update(label="Autre chose")

    page = login(editor).get(url("corrections", two_expenses)).text

    assert "This expense is not in your draft any more, or it was rewritten altogether." in page


def test_the_request_on_an_expense_stands_beside_it_in_the_review(login, complete_report, signatory, me_officer):
    send(complete_report, signatory)
    examine(complete_report, me_officer)
    key = rules.line_key(SpendingLine.objects.get())
    client = login(me_officer)

    client.post(url("request_field", complete_report, key), {"remark": "Quelle salle ?"})
    page = client.get(url("review", complete_report)).text

    assert page.index(f'id="{key}"') < page.index("Quelle salle ?")
    assert "Expense “Location de salle”" in client.get(url("request_send", complete_report)).text


def test_on_a_phone_an_expense_names_no_request_where_there_is_none(login, complete_report, signatory, me_officer):
    send(complete_report, signatory)
    before = login(me_officer).get(url("review", complete_report)).text
    examine(complete_report, me_officer)
    after = login(me_officer).get(url("review", complete_report)).text

    assert (before.count('data-label="Requests"'), after.count('data-label="Requests"')) == (0, 1)


def test_an_expense_of_another_report_or_of_an_older_version_is_not_found(
    login, complete_report, signatory, me_officer
):
    send(complete_report, signatory)
    older = rules.line_key(SpendingLine.objects.get())
    foreign = rules.line_key(factories.SpendingLineFactory())
    factories.ReportVersionFactory(report=complete_report, number=2)
    client = login(me_officer)

    answers = [client.get(url("request_field", complete_report, key)).status_code for key in (older, foreign, "line-x")]

    assert answers == [404, 404, 404]


# --- the whole round, and what acceptance means ---------------------------------------------------------------------------


def test_return_mail_link_edit_resubmit_accept(login, complete_report, target, signatory, me_officer):
    """ACE asks back, the organisation follows the link of the mail, corrects, sends again, and ACE accepts."""
    office, home = login(me_officer), login(signatory)
    key = rules.value_key(target)

    home.post(url("submit", complete_report), {"declaration": "on", "seen": fresh(complete_report).lock_version})
    office.post(url("take", complete_report), {"seen": fresh(complete_report).lock_version})
    office.post(url("request_field", complete_report, key), {"remark": "Deux groupes comptés deux fois ?"})
    office.post(url("request_send", complete_report), {"seen": fresh(complete_report).lock_version})
    mail = OutgoingMail.objects.get(kind="impact/email/changes_requested", to_user=signatory)
    link = re.search(r"https?://[^/\s]+(/\S+)", mail.body)[1]
    arrived = home.get(link, follow=True)
    form = url("corrections", complete_report)
    opened = home.get(form).text
    asked = CorrectionRequest.objects.get()
    prefix = f"v{target.pk}-"
    corrected = home.post(
        form,
        {
            f"{prefix}seen": "1",
            f"{prefix}state": "reported",
            f"{prefix}value": "78",
            f"r{asked.pk}-reply": "Oui, deux fois.",
        },
    )
    home.post(url("submit", complete_report), {"declaration": "on", "seen": fresh(complete_report).lock_version})
    office.post(url("take", complete_report), {"seen": fresh(complete_report).lock_version})
    reviewed = office.get(url("review", complete_report)).text
    office.post(url("accept", complete_report), {"seen": fresh(complete_report).lock_version})

    report = fresh(complete_report)
    assert (arrived.status_code, form in arrived.text or "Deux groupes" in arrived.text) == (200, True)
    assert ("Deux groupes comptés deux fois ?" in opened, corrected.url) == (True, url("check", report))
    assert ("<del>80</del> → <ins>78</ins>" in reviewed, "Oui, deux fois." in reviewed) == (True, True)
    assert (report.status, report.accepted_version.number) == (ReportStatus.ACCEPTED, 2)
    assert report.accepted_version.values.get().value == 78
    assert figures.partner_results(report.partner)[0].targets[0].actual_words == "78"


def test_accepted_is_never_changed_by_a_later_edit_of_target_rate_or_indicator(
    complete_report, target, signatory, me_officer
):
    """Target, budget line, rate and indicator move on; the accepted version, its hash and its figures stay."""
    complete_report.draft_spending.all().delete()
    day = complete_report.period.starts_on
    francs = {"label": "Craies", "spent_on": day, "amount": Decimal(12500000), "currency": "CDF"}
    rate = {"rate": Decimal(2750), "rate_on": day, "rate_source": "BCC"}
    line = complete_report.project.budget_lines.get()
    actions.add_spending(complete_report, by=signatory, budget_line=line, **francs, **rate)
    send(complete_report, signatory)
    examine(complete_report, me_officer)
    actions.accept(fresh(complete_report), by=me_officer, seen=fresh(complete_report).lock_version)
    version = fresh(complete_report).accepted_version
    before = facts(version)

    Target.objects.filter(pk=target.pk).update(final_target=Decimal(9999))
    target.period_targets.update(value=Decimal(1))
    BudgetLine.objects.update(label="Autre", amount=1)
    complete_report.draft_spending.update(rate=Decimal(1000), amount_usd=Decimal(12500))
    complete_report.draft_values.update(value=Decimal(1))
    indicator = target.indicator
    factories.IndicatorFactory(code=indicator.code, version=2, calculation="latest", name_fr="Autre")

    assert facts(ReportVersion.objects.get(pk=version.pk)) == before
    assert hash_again(version) == version.sha256
    result = figures.partner_results(complete_report.partner)[0].targets[0]
    assert (result.name, result.rows[0].words) == (indicator.name, "80")


def facts(version):
    value, line = version.values.get(), version.spending.get()
    return (value.value, value.period_target, line.rate, line.amount_usd, version.sha256)


def test_each_file_stands_beside_its_value_and_says_whether_it_is_public(
    login, complete_report, target, signatory, me_officer
):
    factories.ReportEvidenceFactory(report=complete_report, target=target, caption="Registre signé", is_public=True)
    factories.ReportEvidenceFactory(report=complete_report, target=target, caption="Liste des noms")
    send(complete_report, signatory)

    page = login(me_officer).get(url("review", complete_report)).text

    card = page[page.index(f'id="value-{target.pk}"') : page.index('id="spending"')]
    public, private = card.index("may be public"), card.index("not public")
    assert card.index("Registre signé") < public < card.index("Liste des noms") < private
