from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from ace_partners.core.audit import history
from ace_partners.core.canonical import sha256_of
from ace_partners.core.errors import NotAllowed, Stale
from ace_partners.core.models import OutgoingMail
from impact import actions, canonical, rules
from impact.models import Acceptance, IndicatorValue, Report, ReportEvidence, ReportStatus, ReportVersion, SpendingLine
from impact.tests import factories

pytestmark = pytest.mark.django_db


def hash_again(version):
    """The hash computed from the rows that were stored."""
    text = canonical.canonical(
        report=version.report.reference,
        number=version.number,
        texts=version,
        values=version.values.all(),
        spending=version.spending.all(),
        evidence=ReportEvidence.objects.of_version(version).select_related("file"),
        comments=version.check_comments.all(),
    )
    return sha256_of(text)


def submitted(report, signatory):
    report.refresh_from_db()
    version = actions.submit(report, by=signatory, seen=report.lock_version)
    report.refresh_from_db()
    return version


def in_review(report, signatory, me_officer):
    submitted(report, signatory)
    actions.take(report, by=me_officer, seen=report.lock_version)
    report.refresh_from_db()
    return report


def test_submit_copies_the_draft_into_a_version(complete_report, signatory):
    factories.ReportEvidenceFactory(report=complete_report)

    version = submitted(complete_report, signatory)

    value, line = IndicatorValue.objects.get(), SpendingLine.objects.get()
    assert (version.number, version.submitted_by, version.narrative) == (1, signatory, "Huit groupes se sont formés.")
    assert (value.value, value.period_target) == (Decimal(80), Decimal(100))
    assert (line.amount, line.amount_usd, line.budget_line.code) == (Decimal(250), Decimal(250), "A1")
    assert version.receipt_number == f"ACE-R-{complete_report.pk:04d}-V1"
    assert version.sha256 == hash_again(version)
    assert complete_report.status == ReportStatus.SUBMITTED
    assert complete_report.first_submitted_at == complete_report.last_submitted_at == version.submitted_at


def test_a_version_can_be_neither_changed_nor_deleted(complete_report, signatory):
    version = submitted(complete_report, signatory)

    for rows in (ReportVersion.objects.all(), IndicatorValue.objects.all(), SpendingLine.objects.all()):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(id=1_000_000)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportVersion.objects.filter(pk=version.pk)._raw_delete("default")


def test_submit_refuses_an_incomplete_draft_and_sends_nothing(report, signatory):
    with pytest.raises(NotAllowed) as refusal:
        actions.submit(report, by=signatory, seen=report.lock_version)

    assert len(refusal.value.reasons) == 3
    assert (ReportVersion.objects.count(), OutgoingMail.objects.count()) == (0, 0)


def test_submit_refuses_a_draft_that_changed_since_it_was_checked(complete_report, signatory, editor):
    seen = complete_report.lock_version
    actions.save_texts(complete_report, by=editor, seen=0, narrative="Autre chose.")

    with pytest.raises(Stale) as race:
        actions.submit(complete_report, by=signatory, seen=seen)

    assert race.value.event.actor == editor


def test_submit_sends_a_receipt_and_tells_the_officers(complete_report, signatory, editor, viewer, me_officer):
    submitted(complete_report, signatory)

    mails = OutgoingMail.objects.order_by("kind", "to_user__name")
    assert [(mail.kind.split("/")[-1], mail.to_user) for mail in mails] == [
        ("report_receipt", editor),
        ("report_receipt", signatory),
        ("report_submitted", me_officer),
    ]
    assert all(" 80" not in mail.body for mail in mails.filter(kind="impact/email/report_submitted"))


def test_submit_ends_a_proposal_to_waive(complete_report, signatory, me_officer):
    actions.propose_waiver(complete_report, by=me_officer, seen=complete_report.lock_version, reason="Fermé")

    submitted(complete_report, signatory)

    assert (complete_report.waiver_proposed_by, complete_report.waived_reason) == (None, "")


def test_take_is_won_by_one(complete_report, signatory, me_officer):
    submitted(complete_report, signatory)
    seen = complete_report.lock_version
    actions.take(complete_report, by=me_officer, seen=seen)

    with pytest.raises(Stale):
        actions.take(complete_report, by=me_officer, seen=seen)


def test_requests_leave_together_and_open_only_their_fields(complete_report, target, signatory, me_officer):
    report = in_review(complete_report, signatory, me_officer)
    key = rules.value_key(target)
    actions.request_field(report, key, by=me_officer, remark="Dont combien de nouveaux ?")
    actions.request_field(report, key, by=me_officer, remark="Combien sont nouveaux ?")

    assert rules.asked_keys(report) == set()
    report = actions.send_requests(report, by=me_officer, seen=report.lock_version)

    assert report.status == ReportStatus.CHANGES_REQUESTED
    assert [each.remark for each in report.requests.all()] == ["Combien sont nouveaux ?"]
    assert rules.asked_keys(report) == {key}
    mail = OutgoingMail.objects.get(kind="impact/email/changes_requested")
    assert f"/espace/rapports/{report.pk}/corrections/" in mail.body


def test_send_requests_needs_one(complete_report, signatory, me_officer):
    report = in_review(complete_report, signatory, me_officer)

    with pytest.raises(NotAllowed) as refusal:
        actions.send_requests(report, by=me_officer, seen=report.lock_version)

    assert refusal.value.reasons == [
        "Write at least one correction request first: the partner sees only the fields you ask about."
    ]


def test_a_resubmission_is_the_next_version_and_keeps_the_first_date(complete_report, target, signatory, me_officer):
    report = in_review(complete_report, signatory, me_officer)
    first = report.first_submitted_at
    request = actions.request_field(report, rules.value_key(target), by=me_officer, remark="Combien ?")
    actions.send_requests(report, by=me_officer, seen=report.lock_version)
    actions.save_value(report, target, by=signatory, seen=1, state="reported", value=Decimal(78))
    actions.save_reply(request, by=signatory, reply="Deux comptés deux fois.")

    version = submitted(report, signatory)

    request.refresh_from_db()
    assert (version.number, version.values.get().value, report.versions.get(number=1).values.get().value) == (2, 78, 80)
    assert (report.first_submitted_at, report.last_submitted_at) == (first, version.submitted_at)
    assert request.answered_at == version.submitted_at
    assert version.sha256 == hash_again(version)


def test_accept_names_the_version_the_public_sees(complete_report, signatory, me_officer):
    report = in_review(complete_report, signatory, me_officer)

    acceptance = actions.accept(report, by=me_officer, seen=report.lock_version)

    report.refresh_from_db()
    assert (report.status, report.accepted_version, acceptance.by) == (
        ReportStatus.ACCEPTED,
        report.versions.get(),
        me_officer,
    )
    assert history(report).first().action == "report.accept"
    assert OutgoingMail.objects.filter(kind="impact/email/report_accepted", to_user=signatory).count() == 1


def test_accept_waits_for_requests_that_are_written(complete_report, signatory, me_officer):
    report = in_review(complete_report, signatory, me_officer)
    request = actions.request_field(report, "narrative", by=me_officer, remark="Combien ?")

    with pytest.raises(NotAllowed):
        actions.accept(report, by=me_officer, seen=report.lock_version)
    actions.remove_request(request, by=me_officer)
    actions.accept(report, by=me_officer, seen=report.lock_version)

    assert Acceptance.objects.count() == 1


def test_a_waiver_takes_two_persons(report, me_officer, approver, signatory):
    actions.propose_waiver(report, by=me_officer, seen=report.lock_version, reason="Site fermé")
    report.refresh_from_db()

    report = actions.approve_waiver(report, by=approver, seen=report.lock_version)

    assert (report.status, report.waived_reason) == (ReportStatus.WAIVED, "Site fermé")
    assert (report.waiver_proposed_by, report.waiver_approved_by) == (me_officer, approver)
    assert OutgoingMail.objects.get(kind="impact/email/report_waived").to_user == signatory


def test_the_database_refuses_a_waiver_by_one_person(report, approver):
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(
            status=ReportStatus.WAIVED,
            waived_reason="Fermé",
            waiver_proposed_by=approver,
            waiver_approved_by=approver,
        )


def test_days_late_counts_from_the_grace_to_the_first_submission(report):
    report.period.grace_days = 5
    late = report.period.last_day

    report.first_submitted_at = timezone.make_aware(
        timezone.datetime(late.year, late.month, late.day, 12)  # noqa: DTZ001
    )
    on_time = report.days_late()
    report.first_submitted_at = None

    assert on_time == 0
    assert report.days_late(today=late.fromordinal(late.toordinal() + 3)) == 3
