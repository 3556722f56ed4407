"""Words and tones that the work lists share: how a state looks, how long a task takes, what an event was."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from impact.models import ReportStatus
from vetting.checklist_words import EVENTS as CHECKLIST_EVENTS
from vetting.following_words import EVENTS as FOLLOWING_EVENTS
from vetting.models import ActionStatus, DossierStatus
from vetting.plan_words import EVENTS as PLAN_EVENTS

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

# What the audit trail calls by a code, in words. A test asks for every move of every machine.
EVENTS = {
    "measure.propose": gettext_lazy("Measure proposed"),
    "measure.approve": gettext_lazy("Measure approved"),
    "measure.return": gettext_lazy("Measure not approved"),
    "review.ask": gettext_lazy("Review of a decision asked"),
    "review.hear": gettext_lazy("Review of a decision taken on"),
    "review.uphold": gettext_lazy("Decision upheld after a review"),
    "review.vary": gettext_lazy("Decision varied after a review"),
    "review.withdraw": gettext_lazy("Request for a review withdrawn"),
    "decision.propose_replacement": gettext_lazy("Decision in place of another proposed"),
    "decision.return_replacement": gettext_lazy("Decision in place of another sent back"),
    "passport.issue": gettext_lazy("Passport issued"),
    "passport.revoke": gettext_lazy("Passport revoked"),
    "passport.share": gettext_lazy("Passport shared"),
    "passport.share_end": gettext_lazy("Share of a passport ended"),
    "passport.read": gettext_lazy("Shared passport read"),
    **CHECKLIST_EVENTS,
    "partner.suspend": gettext_lazy("Organisation suspended"),
    "partner.lift": gettext_lazy("Suspension lifted"),
    "partner.end": gettext_lazy("Relationship ended"),
    "answer.attach": gettext_lazy("Document attached to an answer"),
    "answer.detach": gettext_lazy("Document taken off an answer"),
    "answer.refer": gettext_lazy("Answer leans on an assessment by another body"),
    "answer.unrefer": gettext_lazy("Assessment taken off an answer"),
    "assessment.added": gettext_lazy("Assessment by another body noted"),
    "answer.save": gettext_lazy("Answer saved"),
    "decision.release": gettext_lazy("Decision released"),
    "risk.rate": gettext_lazy("Risk rated"),
    "document.added": gettext_lazy("Document added"),
    "document.published": gettext_lazy("Document published"),
    "document.read": gettext_lazy("Restricted document read"),
    "document.unpublished": gettext_lazy("Document taken off the public page"),
    "dossier.confirm": gettext_lazy("Answers of the last round confirmed"),
    "dossier.performance": gettext_lazy("Performance read from the reports"),
    "finding.carry": gettext_lazy("Finding taken over from the last round"),
    "dossier.declare": gettext_lazy("Conflict of interest declared, or its absence"),
    "dossier.open": gettext_lazy("Dossier opened"),
    "dossier.request_removed": gettext_lazy("Correction request removed"),
    "dossier.request_written": gettext_lazy("Correction request written"),
    "evidence.removed": gettext_lazy("File of a report removed"),
    "finding.evidence_accepted": gettext_lazy("Valid paper accepted for a finding in force"),
    "finding.save": gettext_lazy("Finding saved"),
    "grant.revoked": gettext_lazy("Right to read revoked"),
    "partner.added": gettext_lazy("Organisation added"),
    "project.budget_line_added": gettext_lazy("Budget line added"),
    "project.created": gettext_lazy("Project created"),
    "project.edited": gettext_lazy("Project changed"),
    "hit.clear": gettext_lazy("Match with a sanctions list cleared"),
    "hit.close": gettext_lazy("Match closed: no longer listed"),
    "hit.confirm": gettext_lazy("Match with a sanctions list confirmed"),
    "hit.found": gettext_lazy("Match with a sanctions list found"),
    "hit.propose": gettext_lazy("Verdict on a match proposed"),
    "hit.refresh": gettext_lazy("Open match brought up to date"),
    "hit.relist": gettext_lazy("Match opened again: listed again"),
    "hit.reopen": gettext_lazy("Match looked at again"),
    "hit.send_back": gettext_lazy("Verdict on a match sent back"),
    "screening.read": gettext_lazy("Paper of a screening read"),
    "screening.run": gettext_lazy("Names screened against the sanctions lists"),
    "sanctions.import": gettext_lazy("Sanctions list imported"),
    "report.correction_removed": gettext_lazy("Correction request removed"),
    "report.correction_written": gettext_lazy("Correction request written"),
    "report.draft_saved": gettext_lazy("Draft of a report saved"),
    "report.opened": gettext_lazy("Report opened"),
    "report.waiver_proposed": gettext_lazy("Waiver of a report proposed"),
    "target.edited": gettext_lazy("Target changed"),
    "target.set": gettext_lazy("Target set"),
    **FOLLOWING_EVENTS,
    **PLAN_EVENTS,
    # Moves: a button says what to do, the history what was done.
    "partner.apply": gettext_lazy("Accepted as an applicant"),
    "partner.activate": gettext_lazy("Welcomed into the network"),
    "dossier.submit": gettext_lazy("Dossier sent to ACE"),
    "dossier.take": gettext_lazy("Dossier taken for examination"),
    "dossier.release": gettext_lazy("Dossier given back to the pool"),
    "dossier.request_changes": gettext_lazy("Changes to the dossier requested"),
    "dossier.propose": gettext_lazy("Decision proposed for a second look"),
    "dossier.send_back": gettext_lazy("Proposal sent back to the examiner"),
    "dossier.decide": gettext_lazy("Decision approved by the second person"),
    "dossier.withdraw": gettext_lazy("Dossier withdrawn"),
    "report.submit": gettext_lazy("Report sent to ACE"),
    "report.take": gettext_lazy("Report taken for examination"),
    "report.request_changes": gettext_lazy("Corrections to the report requested"),
    "report.accept": gettext_lazy("Report accepted"),
    "report.waive": gettext_lazy("Report waived"),
}


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


def event_label(action):
    """What happened, in words; a code that nobody named stays a code rather than nothing."""
    return EVENTS.get(action, action)
