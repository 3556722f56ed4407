"""The codes of `renewal` as sentences: the counts of a performance, and why an answer or a finding starts afresh."""

from django.utils.translation import gettext as _

from partners.models import ValidityState
from vetting import phrases
from vetting.models import FINDING_CHOICES
from vetting.scoring import Answer

FINDING_LABELS = dict(FINDING_CHOICES)


def suggestion(answer):
    """The suggested finding in words; nothing due is said as such, never as a gap nor as good."""
    if answer == Answer.NOT_ASSESSED:
        return _("no suggestion: nothing was due yet")
    return str(FINDING_LABELS[answer])


def spending_counts(facts):
    """The spending part of the RenewalFacts."""
    words = _("Spending periods due: %(due)s · published in time: %(on_time)s · late: %(late)s · missing: %(missing)s")
    counts = {
        "due": facts.spending_due,
        "on_time": facts.spending_published_on_time,
        "late": facts.spending_published_late,
        "missing": facts.spending_missing,
    }
    if not facts.spending_with_ace:
        return words % counts
    return words % counts + " · " + _("sent, and still with ACE: %(n)s") % {"n": facts.spending_with_ace}


def report_counts(facts):
    """The reporting part of the RenewalFacts."""
    words = _("Reports due: %(due)s · in time: %(on_time)s · late: %(late)s · missing: %(missing)s")
    counts = {
        "due": facts.reports_due,
        "on_time": facts.reports_on_time,
        "late": len(facts.reports_late),
        "missing": facts.reports_missing,
    }
    if not facts.reports_late:
        return words % counts
    return words % counts + " · " + _("longest delay, in days: %(n)s") % {"n": max(facts.reports_late)}


def target_counts(facts):
    """The targets of the RenewalFacts, counted as target × period."""
    words = _(
        "Targets agreed: %(targets)s · values due: %(due)s · reported: %(reported)s"
        " · no data, with a reason: %(reasoned)s · missing: %(missing)s"
    )
    return words % {
        "targets": facts.targets_agreed,
        "due": facts.values_due,
        "reported": facts.values_reported,
        "reasoned": facts.values_no_data_reasoned,
        "missing": facts.values_missing,
    }


def lapsed(document, state):
    """Why a paper of the round before is not carried over."""
    if state == ValidityState.EXPIRED:
        return _("%(document)s expired on %(day)s.") % {"document": document, "day": phrases.day(document.valid_until)}
    if state == ValidityState.NOT_ACCEPTED:
        return _("ACE no longer accepts %(document)s.") % {"document": document}
    return _("%(document)s carries no date: nobody can tell whether it still counts.") % {"document": document}


def unchanged_since(decided_at):
    """The reason stored with a finding that is taken over."""
    return _("Unchanged since the decision of %(day)s.") % {"day": phrases.day(decided_at)}


def seen(evidence):
    """The reason stored for “met” when the examiner cites papers and writes nothing. `evidence`: (document, page)."""
    papers = "; ".join(
        _("%(document)s, p. %(page)s") % {"document": document, "page": page.strip()} for document, page in evidence
    )
    return _("Seen: %(papers)s.") % {"papers": papers}
