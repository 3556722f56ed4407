from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from ace_partners.core.models import OutgoingMail
from ace_partners.core.rights import Role
from impact import actions, rules
from impact.models import DraftValue, Report, ReportStatus, ReportVersion
from impact.tests import factories
from partners.tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db


def url(name, report, *args):
    return reverse(f"impact_space:{name}", args=[report.pk, *args])


def value_data(target, *, seen=0, **data):
    return {f"v{target.pk}-{name}": text for name, text in {"seen": seen, **data}.items()}


def expense(**data):
    return {
        "label": "Craies",
        "spent_on": "2025-02-01",
        "amount": "12 500 000",
        "currency": "CDF",
        "budget_line": "outside",
        **data,
    }


def ask(report, key, *, reply=""):
    """The report with the partner again, one field asked about."""
    version = report.versions.first() or factories.ReportVersionFactory(report=report)
    Report.objects.filter(pk=report.pk).update(status=ReportStatus.CHANGES_REQUESTED)
    report.refresh_from_db()
    return factories.CorrectionRequestFactory(
        report=report, version=version, field_key=key, sent_at=timezone.now(), reply=reply
    )


def test_check_lists_what_is_missing_as_links(login, report, target, signatory):
    answer = login(signatory).get(url("check", report))

    assert [address for _words, address in answer.context["gaps"]] == [
        f"{url('values', report, 1)}#v{target.pk}",
        url("spending", report),
        url("narrative", report),
    ]
    assert 'name="declaration"' not in answer.text


def test_check_names_the_signatory_in_the_declaration(login, complete_report, signatory):
    answer = login(signatory).get(url("check", complete_report))

    assert f"I, {signatory.name}, sign for the organisation" in answer.text


def test_check_tells_an_editor_who_can_sign(login, complete_report, editor, signatory):
    MembershipFactory(
        partner=complete_report.partner, role=Role.SIGNATORY, ends_on=date(2020, 1, 1), starts_on=date(2019, 1, 1)
    )

    answer = login(editor).get(url("check", complete_report))

    assert answer.context["signatories"] == [signatory]
    assert (signatory.name in answer.text, 'name="declaration"' in answer.text) == (True, False)


def test_submit_gives_the_same_receipt_for_two_taps(login, complete_report, signatory):
    client = login(signatory)
    data = {"declaration": "on", "seen": complete_report.lock_version}

    answers = [client.post(url("submit", complete_report), data, once="b" * 32) for _tap in range(2)]

    version = ReportVersion.objects.get()
    assert {answer.url for answer in answers} == {url("receipt", complete_report, 1)}
    receipt = client.get(answers[0].url).text
    assert version.receipt_number in receipt
    assert OutgoingMail.objects.filter(kind="impact/email/report_receipt").count() == 1


def test_submit_without_the_declaration_says_so(login, complete_report, signatory):
    answer = login(signatory).post(url("submit", complete_report), {"seen": complete_report.lock_version})

    assert answer.status_code == 422
    assert "Tick the declaration: without it the report cannot be sent." in answer.text
    assert not ReportVersion.objects.exists()


def test_submit_ignores_values_in_the_post(login, complete_report, target, signatory):
    data = {"declaration": "on", "seen": complete_report.lock_version, f"v{target.pk}-value": "999", "narrative": "Non"}

    login(signatory).post(url("submit", complete_report), data)

    version = ReportVersion.objects.get()
    assert (version.values.get().value, version.narrative) == (80, "Huit groupes se sont formés.")


def test_submit_by_an_editor_is_refused_on_the_page(login, complete_report, editor):
    answer = login(editor).post(
        url("submit", complete_report), {"declaration": "on", "seen": complete_report.lock_version}
    )

    assert answer.status_code == 403
    assert "Your role does not allow this step; another colleague has to take it." in answer.text


def test_submit_of_a_stale_page_names_who_changed_the_draft(login, complete_report, signatory, editor):
    seen = complete_report.lock_version
    actions.save_texts(complete_report, by=editor, seen=0, narrative="Autre.")

    answer = login(signatory).post(url("submit", complete_report), {"declaration": "on", "seen": seen})

    assert (answer.status_code, editor.name in answer.text) == (409, True)
    assert login(signatory).get(url("submit", complete_report)).url == url("check", complete_report)


# --- corrections ------------------------------------------------------------------------------------------------------


def test_corrections_show_only_the_fields_asked_about(login, complete_report, target, editor):
    asked = ask(complete_report, rules.value_key(target))

    page = login(editor).get(url("corrections", complete_report)).text

    assert asked.remark in page
    assert f'name="v{target.pk}-value"' in page
    assert f'name="r{asked.pk}-reply"' in page
    assert 'name="narrative"' not in page


def test_corrections_save_value_and_reply_then_lead_to_the_check(login, complete_report, target, signatory):
    asked = ask(complete_report, rules.value_key(target))
    client = login(signatory)
    data = {
        **value_data(target, seen=1, state="reported", value="78"),
        f"r{asked.pk}-reply": "Deux comptés deux fois.",
    }

    saved = client.post(url("corrections", complete_report), data)
    seen = Report.objects.get(pk=complete_report.pk).lock_version
    client.post(url("submit", complete_report), {"declaration": "on", "seen": seen})

    asked.refresh_from_db()
    assert saved.url == url("check", complete_report)
    assert (asked.reply, asked.answered_at is not None) == ("Deux comptés deux fois.", True)
    assert list(ReportVersion.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
    assert ReportVersion.objects.get(number=2).values.get().value == 78


def test_corrections_of_a_text(login, complete_report, editor):
    asked = ask(complete_report, "narrative")

    login(editor).post(
        url("corrections", complete_report),
        {"narrative": "Huit groupes, dont six nouveaux.", "seen": 0, f"r{asked.pk}-reply": "Précisé."},
    )

    complete_report.refresh_from_db()
    assert complete_report.narrative == "Huit groupes, dont six nouveaux."


def test_other_fields_stay_closed_during_corrections(login, complete_report, target, editor):
    ask(complete_report, "narrative")
    client = login(editor)

    value = client.post(url("values", complete_report, 1), value_data(target, seen=1, state="reported", value="1"))
    spending = client.post(url("spending_add", complete_report), expense(currency="USD", amount="3"))

    assert (value.status_code, spending.status_code) == (403, 403)
    assert DraftValue.objects.get().value == 80
