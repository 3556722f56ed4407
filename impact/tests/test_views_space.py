from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from ace_partners.core.tests.factories import PDF_BYTES
from impact import actions, rules
from impact.models import DraftSpending, DraftValue, Report, ReportEvidence, ReportStatus
from impact.tests import factories

pytestmark = pytest.mark.django_db

PAGES = (
    "report",
    "spending",
    "spending_add",
    "narrative",
    "evidence",
    "evidence_add",
    "corrections",
    "check",
    "submit",
)


def url(name, report, *args):
    return reverse(f"impact_space:{name}", args=[report.pk, *args])


def value_data(target, *, seen=0, **data):
    return {f"v{target.pk}-{name}": text for name, text in {"seen": seen, **data}.items()}


def ask(report, key, *, reply=""):
    """The report with the partner again, one field asked about."""
    version = report.versions.first() or factories.ReportVersionFactory(report=report)
    Report.objects.filter(pk=report.pk).update(status=ReportStatus.CHANGES_REQUESTED)
    report.refresh_from_db()
    return factories.CorrectionRequestFactory(
        report=report, version=version, field_key=key, sent_at=timezone.now(), reply=reply
    )


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("who", ["stranger", "me_officer", "approver"])
def test_space_pages_do_not_exist_for_others(login, report, name, who, request):
    client = login(request.getfixturevalue(who))

    assert client.get(url(name, report)).status_code == 404
    assert client.post(url(name, report)).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_space_pages_ask_a_visitor_to_sign_in(login, report, name):
    assert login().get(url(name, report)).status_code == 302


@pytest.mark.parametrize("name", [name for name in PAGES if name != "submit"])
@pytest.mark.parametrize("who", ["viewer", "editor", "signatory"])
def test_space_pages_open_for_members(login, report, name, who, request):
    assert login(request.getfixturevalue(who)).get(url(name, report)).status_code == 200


def test_project_page_shows_targets_to_members(login, report, target, editor):
    answer = login(editor).get(reverse("impact_space:project", args=[report.project.code]))

    assert (answer.status_code, target.rationale in answer.text) == (200, True)


def test_task_list_says_how_far_each_part_is(login, report, target, editor):
    factories.DraftValueFactory(report=report, target=target)

    tasks = login(editor).get(url("report", report)).context["tasks"]

    assert [(task.title, task.code) for task in tasks] == [
        ("Indicators", "done"),
        ("Expenses", "todo"),
        ("Narrative", "todo"),
        ("Files", "optional"),
        ("Check and send", "todo"),
    ]


# --- indicators ---------------------------------------------------------------------------------------------------


def test_values_page_shows_six_and_leads_to_the_next(login, report, editor):
    factories.TargetFactory.create_batch(6, project=report.project)
    client = login(editor)

    first = client.get(url("values", report, 1))
    untouched = {f"v{row.target.pk}-seen": 0 for row, _form in first.context["rows"]}
    after = client.post(url("values", report, 1), untouched)

    assert len(first.context["rows"]) == 6
    assert len(client.get(url("values", report, 2)).context["rows"]) == 1
    assert after.url == url("values", report, 2)
    assert client.get(url("values", report, 3)).status_code == 404


def test_values_page_saves_zero_no_data_and_not_applicable(login, report, target, editor):
    others = factories.TargetFactory.create_batch(2, project=report.project)
    data = {
        **value_data(target, state="reported", value="0"),
        **value_data(others[0], state="no_data", comment="Cahier perdu"),
        **value_data(others[1], state="not_applicable", comment="Vacances"),
    }

    answer = login(editor).post(url("values", report, 1), data)

    assert answer.url == url("report", report)
    assert sorted(DraftValue.objects.values_list("state", "value", "comment")) == [
        ("no_data", None, "Cahier perdu"),
        ("not_applicable", None, "Vacances"),
        ("reported", Decimal(0), ""),
    ]


def test_values_page_asks_an_ambiguous_number_back_and_keeps_what_was_typed(login, report, target, editor):
    other = factories.TargetFactory(project=report.project)
    data = {
        **value_data(target, state="reported", value="981.528"),
        **value_data(other, state="no_data", comment="Cahier perdu"),
    }

    answer = login(editor).post(url("values", report, 1), data)

    assert answer.status_code == 422
    assert f"{target.indicator.name}: 981.528: do you mean" in answer.text  # the summary names the indicator
    assert 'value="981.528"' in answer.text
    assert "Cahier perdu" in answer.text
    assert not DraftValue.objects.exists()


def test_values_page_does_not_overwrite_a_colleague(login, report, target, editor, signatory):
    actions.save_value(report, target, by=signatory, seen=0, state="reported", value=Decimal(83))

    answer = login(editor).post(url("values", report, 1), value_data(target, state="reported", value="90123"))

    assert answer.status_code == 409
    assert (signatory.name in answer.text, "90123" in answer.text) == (True, True)
    assert DraftValue.objects.get().value == 83


def test_values_page_saves_once_for_two_taps(login, report, target, editor):
    client, data = login(editor), value_data(target, state="reported", value="80")

    answers = [client.post(url("values", report, 1), data, once="a" * 32) for _tap in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].url == answers[1].url
    assert DraftValue.objects.get().lock_version == 1


def test_values_page_refuses_a_period_that_is_not_over(login, report, target, editor):
    today = timezone.localdate()
    type(report.period).objects.filter(pk=report.period_id).update(ends_on=today, due_on=today)

    answer = login(editor).post(url("values", report, 1), value_data(target, state="reported", value="80"))

    assert answer.status_code == 403
    assert "This period runs until" in answer.text
    assert not DraftValue.objects.exists()


def test_values_page_of_a_viewer_explains(login, report, target, viewer):
    client = login(viewer)

    shown = client.get(url("values", report, 1))
    refused = client.post(url("values", report, 1), value_data(target, state="reported", value="80"))

    sentence = "Only an editor or a signatory of the organisation writes its report."
    assert (sentence in shown.text, sentence in refused.text, refused.status_code) == (True, True, 403)


# --- expenses -----------------------------------------------------------------------------------------------------


def expense(**data):
    return {
        "label": "Craies",
        "spent_on": "2025-02-01",
        "amount": "12 500 000",
        "currency": "CDF",
        "budget_line": "outside",
        **data,
    }


def test_spending_add_shows_the_dollars_of_francs(login, report, editor):
    line = report.project.budget_lines.get()
    data = expense(budget_line=line.pk, rate="2 750", rate_on="2025-02-01", rate_source="BCC")
    client = login(editor)

    answer = client.post(url("spending_add", report), data)

    assert answer.url == url("spending", report)
    assert DraftSpending.objects.get().amount_usd == Decimal("4545.45")
    assert "4,545.45" in client.get(url("spending", report)).text


def test_spending_add_in_francs_without_a_rate_says_so(login, report, editor):
    answer = login(editor).post(url("spending_add", report), expense())

    assert answer.status_code == 422
    assert "Give the rate: how many Congolese francs for one US dollar, above zero." in answer.text
    assert not DraftSpending.objects.exists()


def test_spending_edit_and_remove(login, report, editor):
    line = factories.DraftSpendingFactory(report=report)
    client = login(editor)

    client.post(url("spending_edit", report, line.pk), expense(currency="USD", amount="300", seen=0))
    line.refresh_from_db()
    stale = client.post(url("spending_edit", report, line.pk), expense(currency="USD", amount="400", seen=0))
    client.post(url("spending_remove", report, line.pk))

    assert (line.amount, stale.status_code, DraftSpending.objects.count()) == (300, 409, 0)


def test_spending_of_another_report_is_not_found(login, report, editor):
    line = factories.DraftSpendingFactory()

    assert login(editor).get(url("spending_edit", report, line.pk)).status_code == 404


def test_spending_page_records_that_nothing_was_spent(login, report, editor):
    answer = login(editor).post(url("spending", report), {"nothing_spent": "on"})

    assert answer.url == url("report", report)
    assert Report.objects.get(pk=report.pk).no_spending


# --- narrative and files --------------------------------------------------------------------------------------------


def test_the_narrative_says_that_it_will_be_public(login, report, editor):
    assert "public impact report" in login(editor).get(url("narrative", report)).text


def test_narrative_is_saved_by_itself(login, report, editor):
    client = login(editor)
    data = {"narrative": "Huit groupes.", "difficulties": "", "lessons": "", "seen": 0}

    assert client.post(url("narrative", report), data).status_code == 302
    assert client.post(url("narrative", report), data).status_code == 409
    assert Report.objects.get(pk=report.pk).narrative == "Huit groupes."


def test_evidence_is_received_and_removed(login, report, target, editor):
    client = login(editor)
    upload = SimpleUploadedFile("liste.pdf", PDF_BYTES, content_type="application/pdf")

    answer = client.post(url("evidence_add", report), {"upload": upload, "caption": "Liste", "target": target.pk})
    piece = ReportEvidence.objects.get()
    client.post(url("evidence_remove", report, piece.pk))

    assert answer.url == url("evidence", report)
    assert (piece.target, piece.added_by) == (target, editor)
    assert not ReportEvidence.objects.exists()


def test_evidence_of_a_draft_is_the_partners_own(login, report, editor, stranger, me_officer):
    piece = factories.ReportEvidenceFactory(report=report)
    factories.ReportEvidenceFactory(report=report)
    address = reverse("impact_files:evidence", args=[piece.pk])

    answers = {user.name: login(user).get(address).status_code for user in (stranger, me_officer)}

    assert set(answers.values()) == {404}
    assert list(ReportEvidence.objects.visible_to(editor)) == list(report.evidence.all())


def test_evidence_that_was_sent_is_visible_to_ace(report, me_officer):
    piece = factories.ReportEvidenceFactory(report=report)
    Report.objects.filter(pk=report.pk).update(last_submitted_at=timezone.now())
    factories.ReportEvidenceFactory(report=report)

    assert list(ReportEvidence.objects.visible_to(me_officer)) == [piece]


# --- query counts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["project", "report", "values", "spending", "narrative", "evidence", "corrections", "check"]
)
def test_space_pages_ask_the_database_as_often_for_three_rows_as_for_one(
    login, signatory, report, target, name, django_assert_max_num_queries
):
    def fill(n):
        for each in [*report.project.targets.all(), *factories.TargetFactory.create_batch(n, project=report.project)]:
            if not report.draft_values.filter(target=each).exists():
                factories.DraftValueFactory(report=report, target=each)
                factories.ReportEvidenceFactory(report=report, target=each)
                factories.DraftSpendingFactory(report=report, budget_line=report.project.budget_lines.first())
                factories.CorrectionRequestFactory(
                    report=report, version=version, field_key=rules.value_key(each), sent_at=timezone.now()
                )
                factories.BudgetLineFactory(project=report.project)

    version = factories.ReportVersionFactory(report=report)
    if name == "corrections":
        Report.objects.filter(pk=report.pk).update(status=ReportStatus.CHANGES_REQUESTED)
    args = {"values": [report.pk, 1], "project": [report.project.code]}.get(name, [report.pk])
    address, client = reverse(f"impact_space:{name}", args=args), login(signatory)
    client.get(address)  # session and content types warm

    def count():
        with django_assert_max_num_queries(60) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    fill(0)
    one = count()
    fill(2)

    assert count() == one
