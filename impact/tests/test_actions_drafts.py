from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from ace_partners.core.audit import history
from ace_partners.core.errors import NotAllowed, Stale
from ace_partners.core.tests.factories import PDF_BYTES
from ace_partners.core.uploads import path_of
from impact import actions, rules
from impact.models import DraftValue, Report, ReportEvidence, ReportStatus, ValueState
from impact.tests import factories

pytestmark = pytest.mark.django_db

UPLOAD = (PDF_BYTES, "application/pdf", "liste.pdf")
EXPENSE = {"label": "Craies", "spent_on": date(2025, 2, 1), "amount": Decimal("12500000")}
FRANCS = {
    **EXPENSE,
    "currency": "CDF",
    "rate": Decimal(2750),
    "rate_on": date(2025, 2, 1),
    "rate_source": "Banque centrale",
}


def test_save_value_writes_zero_as_a_value(report, target, editor):
    row = actions.save_value(report, target, by=editor, seen=0, state=ValueState.REPORTED, value=Decimal(0))

    assert (row.value, row.lock_version) == (Decimal(0), 1)
    report.refresh_from_db()
    assert report.lock_version == 1


def test_save_value_audits_the_section_and_never_the_value(report, target, editor):
    actions.save_value(report, target, by=editor, seen=0, state=ValueState.REPORTED, value=Decimal(83))

    event = history(report).get()
    assert (event.action, event.after) == ("report.draft_saved", {"section": f"value-{target.pk}"})


def test_save_value_never_overwrites_what_a_colleague_saved(report, target, editor, signatory):
    actions.save_value(report, target, by=signatory, seen=0, state=ValueState.REPORTED, value=Decimal(83))

    with pytest.raises(Stale) as race:
        actions.save_value(report, target, by=editor, seen=0, state=ValueState.REPORTED, value=Decimal(90))

    assert race.value.event.actor == signatory
    assert DraftValue.objects.get().value == Decimal(83)


def test_save_value_refuses_a_period_that_is_not_over(report, target, editor):
    type(report.period).objects.filter(pk=report.period_id).update(
        ends_on=timezone.localdate(), due_on=timezone.localdate()
    )

    with pytest.raises(NotAllowed) as refusal:
        actions.save_value(report, target, by=editor, seen=0, state=ValueState.REPORTED, value=Decimal(1))

    assert refusal.value.reasons[0].startswith("This period runs until ")
    assert not DraftValue.objects.exists()


@pytest.mark.parametrize("who", ["viewer", "me_officer", "stranger"])
def test_save_value_is_for_those_who_edit(report, target, who, request):
    with pytest.raises(NotAllowed):
        actions.save_value(
            report, target, by=request.getfixturevalue(who), seen=0, state=ValueState.REPORTED, value=Decimal(1)
        )


@pytest.mark.parametrize(
    "row",
    [
        {"state": ValueState.REPORTED},
        {"state": ValueState.REPORTED, "value": Decimal(-1)},
        {"state": ValueState.REPORTED, "numerator": Decimal(3), "denominator": Decimal(0)},
        {"state": ValueState.NO_DATA, "value": Decimal(3), "comment": "?"},
        {"state": ValueState.NO_DATA, "comment": ""},
    ],
)
def test_the_database_refuses_a_row_without_one_shape(report, target, row):
    with pytest.raises(IntegrityError), transaction.atomic():
        DraftValue.objects.create(report=report, target=target, **row)


def test_save_texts_keeps_the_others(report, editor):
    actions.save_texts(report, by=editor, seen=0, narrative="Huit groupes.")

    report.refresh_from_db()
    assert (report.narrative, report.difficulties, report.texts_version) == ("Huit groupes.", "", 1)


def test_save_texts_refuses_a_stale_page(report, editor):
    actions.save_texts(report, by=editor, seen=0, narrative="Huit groupes.")

    with pytest.raises(Stale):
        actions.save_texts(report, by=editor, seen=0, narrative="Neuf groupes.")


def test_add_spending_in_francs_freezes_the_rate_and_shows_dollars(report, editor):
    line = actions.add_spending(report, by=editor, **FRANCS)

    assert (line.amount_usd, line.rate, line.rate_source) == (Decimal("4545.45"), Decimal(2750), "Banque centrale")


def test_add_spending_in_dollars_has_rate_one_and_no_source(report, editor):
    line = actions.add_spending(report, by=editor, **EXPENSE, currency="USD", rate_source="ignored")

    assert (line.rate, line.rate_on, line.rate_source, line.amount_usd) == (1, None, "", line.amount)


def test_edit_spending_refuses_a_stale_page(report, editor):
    line = factories.DraftSpendingFactory(report=report, lock_version=3)

    with pytest.raises(Stale):
        actions.edit_spending(line, by=editor, seen=2, **FRANCS)


def test_edit_spending_computes_the_dollars_again(report, editor):
    line = factories.DraftSpendingFactory(report=report)

    line = actions.edit_spending(line, by=editor, seen=0, **FRANCS)

    assert (line.amount_usd, line.lock_version) == (Decimal("4545.45"), 1)


def test_no_spending_and_expenses_exclude_each_other(report, editor):
    actions.save_no_spending(report, by=editor, nothing_spent=True)
    actions.add_spending(report, by=editor, **FRANCS)

    assert Report.objects.get().no_spending is False
    with pytest.raises(NotAllowed) as refusal:
        actions.save_no_spending(report, by=editor, nothing_spent=True)
    assert refusal.value.reasons == ["Expenses are listed: remove them first if nothing was spent in this period."]


def test_add_evidence_stores_the_file_privately(report, target, editor):
    piece = actions.add_evidence(report, by=editor, upload=UPLOAD, caption="Liste", target=target)

    assert (piece.is_public, piece.target, path_of(piece.file).read_bytes()) == (False, target, PDF_BYTES)


def test_remove_evidence_keeps_what_was_sent(complete_report, signatory, editor):
    sent = actions.add_evidence(complete_report, by=editor, upload=UPLOAD, caption="Liste")
    complete_report.refresh_from_db()
    actions.submit(complete_report, by=signatory, seen=complete_report.lock_version)
    Report.objects.update(status=ReportStatus.CHANGES_REQUESTED)
    factories.CorrectionRequestFactory(
        report=complete_report,
        version=complete_report.versions.get(),
        field_key="evidence",
        sent_at=timezone.now(),
    )
    later = actions.add_evidence(complete_report, by=editor, upload=UPLOAD, caption="Meilleure")

    with pytest.raises(NotAllowed):
        actions.remove_evidence(sent, by=editor)
    actions.remove_evidence(later, by=editor)

    assert list(ReportEvidence.objects.all()) == [sent]


def test_save_reply_needs_a_request_that_is_open(report, target, editor):
    version = factories.ReportVersionFactory(report=report)
    Report.objects.update(status=ReportStatus.CHANGES_REQUESTED)
    request = factories.CorrectionRequestFactory(
        report=report, version=version, field_key=rules.value_key(target), sent_at=timezone.now()
    )

    actions.save_reply(request, by=editor, reply="Compté deux fois : corrigé.")

    request.refresh_from_db()
    assert (request.reply, request.answered_at) == ("Compté deux fois : corrigé.", None)
