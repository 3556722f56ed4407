"""The moves of a report. Each submission makes a version out of the saved draft; a version never changes."""

from django.db import transaction
from django.utils import timezone
from django.utils.text import Truncator

from ace_partners.core import audit
from ace_partners.core.canonical import sha256_of
from ace_partners.core.errors import refuse
from ace_partners.core.machine import claim_version, perform
from impact import canonical, rules
from impact.actions import papers
from impact.figures import checks_of
from impact.models import (
    Acceptance,
    CheckComment,
    CorrectionRequest,
    IndicatorValue,
    PeriodTarget,
    Report,
    ReportVersion,
    SpendingLine,
)
from impact.notifications import reports as notifications

VALUE_FIELDS = (
    *("target_id", "state", "value", "numerator", "denominator", "comment"),
    *("cells", "shared", "shared_with_id"),
)
WARNING_LENGTH = CheckComment._meta.get_field("warning").max_length


def _move(report, name, *, by, seen, against=rules.against_moving_report, **changes):
    return perform(rules.REPORT, report, name, by=by, seen=seen, against=against, **changes)


def _against_submitting(report, move, by):
    """The rules, and what the checks find in the draft as it now is, under the lock."""
    if reasons := rules.against_moving_report(report, move, by):
        return reasons
    return [gap.words for gap in rules.gaps_in_checks(checks_of(report, draft=True))]


@transaction.atomic
def submit(report, *, by, seen):
    """Send the saved draft: an immutable version with its hash, and its receipt. Returns the ReportVersion.

    Raises Stale when the draft changed since the check page was shown, NotAllowed with everything that is missing.
    """
    now = timezone.now()
    report = _move(
        report,
        "submit",
        by=by,
        seen=seen,
        against=_against_submitting,
        first_submitted_at=report.first_submitted_at or now,
        last_submitted_at=now,
        # A report that arrives ends the question of waiving it.
        waived_reason="",
        waiver_proposed_by=None,
    )
    version = _freeze(report, by, now)
    report.requests.filter(sent_at__isnull=False, answered_at__isnull=True).update(answered_at=now)
    notifications.report_submitted(version)
    return version


def _freeze(report, by, now):
    """Copy the draft into a version, hashed over exactly the rows that are written."""
    number = report.versions.count() + 1
    values, spending, comments = _value_rows(report), _spending_rows(report), _comment_rows(report)
    evidence = list(report.evidence.filter(added_at__lte=now).select_related("file"))
    text = canonical.canonical(
        report=report.reference,
        number=number,
        texts=report,
        values=values,
        spending=spending,
        evidence=evidence,
        comments=comments,
    )
    version = ReportVersion.objects.create(
        report=report,
        number=number,
        submitted_by=by,
        submitted_at=now,
        sha256=sha256_of(text),
        **{name: getattr(report, name) for name in canonical.TEXTS},
    )
    for row in (*values, *spending, *comments):
        row.version = version
    IndicatorValue.objects.bulk_create(values)
    SpendingLine.objects.bulk_create(spending)
    CheckComment.objects.bulk_create(comments)
    report.draft_comments.exclude(key__in=[row.key for row in comments]).delete()
    return version


def _value_rows(report):
    aims = dict(PeriodTarget.objects.filter(period=report.period_id).values_list("target_id", "value"))
    return [
        IndicatorValue(**{name: getattr(row, name) for name in VALUE_FIELDS}, period_target=aims.get(row.target_id))
        for row in report.draft_values.all()
    ]


def _spending_rows(report):
    return [
        SpendingLine(**{name: getattr(row, name) for name in canonical.SPENDING}) for row in report.draft_spending.all()
    ]


def _comment_rows(report):
    """The warnings as they stand, with what the partner says to them; a comment whose warning is gone is left behind."""
    return [
        CheckComment(key=check.key, warning=Truncator(check.words).chars(WARNING_LENGTH), text=check.comment)
        for check in checks_of(report, draft=True)
        if check.comment
    ]


@transaction.atomic
def take(report, *, by, seen):
    """Begin to examine a submitted report. Raises Stale (a colleague was quicker), NotAllowed."""
    return _move(report, "take", by=by, seen=seen)


def _examined(report, by):
    """The report under a lock, still being examined: requests must not be written while they are sent."""
    report = Report.objects.select_for_update().select_related("partner").get(pk=report.pk)
    refuse(rules.against_requesting(report, by))
    return report


@transaction.atomic
def request_field(report, field_key, *, by, remark):
    """Write, or write anew, the unsent correction request on one field. It leaves with `send_requests`. Raises NotAllowed."""
    report = _examined(report, by)
    version = report.versions.order_by("-number").first()
    request, _created = CorrectionRequest.objects.update_or_create(
        report=report,
        field_key=field_key,
        answered_at=None,
        defaults={"version": version, "remark": remark, "author": by},
    )
    audit.record("report.correction_written", report, by=by, after={"field": field_key, "version": version.number})
    return request


@transaction.atomic
def remove_request(request, *, by):
    """Take back a correction request that has not left. Raises NotAllowed."""
    _examined(request.report, by)
    CorrectionRequest.objects.filter(pk=request.pk, sent_at__isnull=True).delete()
    audit.record("report.correction_removed", request.report, by=by, after={"field": request.field_key})


@transaction.atomic
def send_requests(report, *, by, seen):
    """Send all written requests together; the partner can change those fields and no other. Raises Stale, NotAllowed."""
    report = _move(report, "request_changes", by=by, seen=seen)
    report.requests.filter(sent_at__isnull=True).update(sent_at=timezone.now())
    notifications.changes_requested(report, by=by)
    return report


@transaction.atomic
def accept(report, *, by, seen):
    """Accept the newest version: from now on it is what the public sees. Returns the Acceptance. Raises Stale, NotAllowed."""
    version = report.versions.order_by("-number").first()
    report = _move(report, "accept", by=by, seen=seen, accepted_version=version)
    acceptance = Acceptance.objects.create(version=version, by=by, at=timezone.now())
    notifications.report_accepted(report, by=by)
    papers.build_after_commit(version.pk)
    return acceptance


@transaction.atomic
def propose_waiver(report, *, by, seen, reason):
    """First person: propose not to ask for this report, and say why. Raises NotAllowed, Stale."""
    refuse(rules.against_proposing_waiver(report, by))
    report = claim_version(report, seen=seen)
    report.waived_reason, report.waiver_proposed_by = reason, by
    report.save(update_fields=["waived_reason", "waiver_proposed_by"])
    audit.record("report.waiver_proposed", report, by=by, reason=reason)
    return report


@transaction.atomic
def approve_waiver(report, *, by, seen):
    """Second person: the report is not asked for any more. Raises Stale, NotAllowed."""
    report = _move(report, "waive", by=by, seen=seen, waiver_approved_by=by)
    notifications.report_waived(report, by=by)
    return report
