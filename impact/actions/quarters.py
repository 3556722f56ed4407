"""Closing a quarter, which can be done again when something changed, and releasing its reminders together."""

from itertools import groupby

from django.db import transaction
from django.utils import timezone

from ace_partners.core import audit
from ace_partners.core.canonical import sha256_of
from ace_partners.core.errors import Stale, refuse
from impact import canonical, rules
from impact.figures.quarters import reports_of, reports_to_remind, standing_of_quarter
from impact.models import QuarterClose, Report, ReportVersion
from impact.notifications import closing as notifications


@transaction.atomic
def close_quarter(quarter, *, by, seen, note=""):
    """Write down which accepted versions count and which reports are missing now. Returns the QuarterClose.

    `seen` is the number of the newest closing that the page showed, 0 for none. Raises NotAllowed, Stale.
    """
    # The reports of the quarter are locked in one order: no acceptance and no second closing comes in between.
    list(reports_of(quarter).order_by("pk").select_for_update(of=("self",)))
    latest = QuarterClose.objects.filter(year=quarter.year, quarter=quarter.number).order_by("-number").first()
    counted, missing = standing_of_quarter(quarter)
    if latest is not None and latest.number != seen:
        raise Stale(latest, audit.latest(latest))
    refuse(rules.against_closing(quarter, by, counted, missing, latest))
    number = latest.number + 1 if latest else 1
    closing = QuarterClose.objects.create(
        year=quarter.year,
        quarter=quarter.number,
        number=number,
        versions=counted,
        missing=missing,
        note=note,
        closed_by=by,
        closed_at=timezone.now(),
        sha256=sha256_of(content_of(quarter, number, counted, missing, note)),
    )
    after = {"quarter": quarter.code, "number": number, "counted": len(counted), "missing": len(missing)}
    audit.record("quarter.closed", closing, by=by, after={**after, "sha256": closing.sha256})
    return closing


def content_of(quarter, number, counted, missing, note):
    """What the hash of a closing is taken over, read from the rows that it names: anybody who holds them can prove it."""
    versions = ReportVersion.objects.filter(pk__in=counted).select_related("report")
    return canonical.closing(
        quarter=quarter.code, number=number, note=note, versions=versions, missing=Report.objects.filter(pk__in=missing)
    )


@transaction.atomic
def release_reminders(quarter, reports, *, by, seen, today=None):
    """Send every organisation one mail with all its reports of the quarter that are not in. Returns the number of mails.

    `reports` are those in reach of `by`; `seen` are the ids that the preview showed, sorted. A second release on the
    same day sends nothing; one on a later day replaces what has not left yet. Raises NotAllowed.
    """
    today = today or timezone.localdate()
    # Locked, so that two people who release at once write each message once.
    waiting = list(reports_to_remind(reports_of(quarter, reports), today).select_for_update(of=("self",)))
    refuse(rules.against_reminding(by) or rules.against_other_reports(waiting, seen))
    count = 0
    for _partner, group in groupby(waiting, key=lambda report: report.partner_id):
        own = list(group)
        sent = notifications.quarter_reminder(quarter, own, by=by, today=today)
        count += len(sent)
        for report in own if sent else ():
            audit.record("report.reminded", report, by=by, after={"quarter": quarter.code})
    return count
