"""More time for one report, and opening an accepted one again: both said to the organisation, both with their reason."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from ace_partners.core import audit
from ace_partners.core.errors import refuse
from ace_partners.core.machine import claim_version, perform
from impact import canonical, rules
from impact.models import DraftComment, DraftSpending, DraftValue, Reopening, Report
from impact.models.values import SpendingFields, ValueFields
from impact.notifications import closing as notifications


@transaction.atomic
def extend(report, *, by, seen, until, reason):
    """Give one organisation until this day for one report, and tell it. Returns the Report. Raises NotAllowed, Stale."""
    report = claim_version(report, seen=seen)
    refuse(rules.against_extending(report, by, until))
    was = report.due_on
    report.extended_until, report.extension_reason = until, reason
    report.save(update_fields=["extended_until", "extension_reason"])
    days = {"before": {"due_on": was.isoformat()}, "after": {"due_on": until.isoformat()}}
    audit.record("report.extended", report, by=by, reason=reason, **days)
    notifications.report_extended(report, by=by)
    return report


@transaction.atomic
def propose_reopening(report, *, by, seen, motive):
    """First person: propose to open an accepted report again; `motive` is what the public will read.

    Returns the Reopening. Raises NotAllowed, Stale.
    """
    report = claim_version(report, seen=seen)
    refuse(rules.against_proposing_reopening(report, by))
    reopening = Reopening.objects.create(
        report=report,
        version=report.accepted_version,
        motive=motive,
        proposed_by=by,
        proposed_at=timezone.now(),
    )
    version = report.accepted_version.number
    audit.record("reopening.proposed", reopening, by=by, after={"version": version}, reason=motive)
    notifications.reopening_proposed(reopening, by=by)
    return reopening


@transaction.atomic
def approve_reopening(reopening, *, by, seen):
    """Second person: the report is open again, its draft is what was accepted; that version stays public. Raises Stale, NotAllowed."""
    report = Report.objects.select_for_update().get(pk=reopening.report_id)
    reopening = _answer(reopening, "approve", by=by, seen=seen)
    report = perform(
        rules.REPORT,
        report,
        "reopen",
        by=by,
        seen=report.lock_version,
        against=rules.against_moving_report,
        reason=reopening.motive,
    )
    _restore_draft(report)
    report.requests.filter(answered_at__isnull=True).update(answered_at=timezone.now())
    notifications.report_reopened(reopening, by=by)
    return report


@transaction.atomic
def refuse_reopening(reopening, *, by, seen, reason):
    """Second person: the report stays as it is, and who proposed learns why. Raises Stale, NotAllowed."""
    reopening = _answer(reopening, "refuse", by=by, seen=seen, reason=reason)
    notifications.reopening_refused(reopening, by=by, reason=reason)
    return reopening


def _answer(reopening, name, *, by, seen, **more):
    return perform(
        rules.REOPENING,
        reopening,
        name,
        by=by,
        seen=seen,
        against=rules.against_moving_reopening,
        answered_by=by,
        answered_at=timezone.now(),
        **more,
    )


def _restore_draft(report):
    """Write the draft anew from the accepted version: whatever lay there, the organisation goes on from what was accepted.

    Values and texts get versions above those of any page that is still open in a browser.
    """
    version = report.accepted_version
    newest = report.draft_values.aggregate(newest=Max("lock_version"))["newest"] or 0
    for old in (report.draft_values, report.draft_spending, report.draft_comments):
        old.all().delete()
    DraftValue.objects.bulk_create(
        DraftValue(report=report, lock_version=newest + 1, **_fields(row, ValueFields)) for row in version.values.all()
    )
    DraftSpending.objects.bulk_create(
        DraftSpending(report=report, **_fields(row, SpendingFields)) for row in version.spending.all()
    )
    DraftComment.objects.bulk_create(
        DraftComment(report=report, key=row.key, text=row.text) for row in version.check_comments.all()
    )
    for name in canonical.TEXTS:
        setattr(report, name, getattr(version, name))
    report.texts_version += 1
    report.save(update_fields=[*canonical.TEXTS, "texts_version"])


def _fields(row, shape):
    """What a draft row and a version's row have in common."""
    return {field.attname: getattr(row, field.attname) for field in shape._meta.fields}
