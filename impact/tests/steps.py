"""What people do with a report, as actions: read it anew, send it, examine it, ask something back."""

from django.urls import reverse

from impact import actions
from impact.models import Report

TEAM_PAGES = ("review", "take", "accept", "request_field", "request_send")


def url(name, report, *args):
    """The address of a page of this report, of ACE's or of the organisation's room."""
    room = "impact" if name in TEAM_PAGES else "impact_space"
    return reverse(f"{room}:{name}", args=[report.pk, *args])


def fresh(report):
    """The report as it stands now."""
    return Report.objects.select_related("accepted_version", "period", "partner", "project").get(pk=report.pk)


def send(report, by):
    return actions.submit(fresh(report), by=by, seen=fresh(report).lock_version)


def examine(report, by):
    actions.take(fresh(report), by=by, seen=fresh(report).lock_version)
    return fresh(report)


def ask_back(report, by, **remarks):
    for key, remark in remarks.items():
        actions.request_field(fresh(report), key.replace("_", "-"), by=by, remark=remark)
    return actions.send_requests(fresh(report), by=by, seen=fresh(report).lock_version)
