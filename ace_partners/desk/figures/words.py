"""Words and tones that the work lists share: how a state looks, how long a task takes."""

from django.utils.translation import gettext as _

from impact.models import ReportStatus
from vetting.models import ActionStatus, DossierStatus

TONES = {
    DossierStatus.COLLECTING: "none",
    DossierStatus.SUBMITTED: "progress",
    DossierStatus.IN_REVIEW: "progress",
    DossierStatus.CHANGES_REQUESTED: "watch",
    DossierStatus.PROPOSED: "progress",
    DossierStatus.DECIDED: "good",
    DossierStatus.WITHDRAWN: "neutral",
    ReportStatus.OPEN: "none",
    ReportStatus.ACCEPTED: "good",
    ReportStatus.WAIVED: "neutral",
    ActionStatus.TODO: "none",
    ActionStatus.IN_PROGRESS: "progress",
    ActionStatus.EVIDENCE_RECEIVED: "progress",
}

STEP = 5  # minutes: nobody believes "37 minutes"


def tone(status):
    return TONES.get(status, "neutral")


def rounded(minutes):
    """Minutes rounded up to the next five; at least five."""
    return max(STEP, -(-minutes // STEP) * STEP)


def duration(minutes):
    """Minutes in words: "25 min", "1 h", "1 h 30"."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(n)s min") % {"n": rest}
    return _("%(h)s h %(m)02d") % {"h": hours, "m": rest} if rest else _("%(h)s h") % {"h": hours}
