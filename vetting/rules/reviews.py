"""The review of a decision: asked by the organisation, heard by somebody who did not decide. Reasons against; [] is yes."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ace_partners.core.machine import Machine, Move, against_role
from ace_partners.core.rights import Role
from partners.rules import roles_on
from vetting import phrases
from vetting.models import DecisionReview, Finding, ReviewStatus
from vetting.rules.dossiers import declaration_of

REVIEW = Machine(
    noun="review",
    states=ReviewStatus,
    initial=ReviewStatus.ASKED,
    moves=(
        Move(
            "hear",
            (ReviewStatus.ASKED,),
            ReviewStatus.HEARING,
            frozenset({Role.REVIEWER, Role.APPROVER}),
            gettext_lazy("Hear this review"),
        ),
        Move(
            "uphold",
            (ReviewStatus.HEARING,),
            ReviewStatus.UPHELD,
            frozenset({Role.REVIEWER, Role.APPROVER}),
            gettext_lazy("Uphold the decision"),
            needs_reason=True,
        ),
        Move(
            "vary",
            (ReviewStatus.HEARING,),
            ReviewStatus.VARIED,
            frozenset({Role.APPROVER}),
            gettext_lazy("Approve the new decision"),
        ),
        Move(
            "withdraw",
            (ReviewStatus.ASKED, ReviewStatus.HEARING),
            ReviewStatus.WITHDRAWN,
            frozenset({Role.SIGNATORY}),
            gettext_lazy("Withdraw the request"),
        ),
    ),
)
OPEN_REVIEW = (ReviewStatus.ASKED, ReviewStatus.HEARING)


def last_day_to_ask(decision):
    """The last day on which the organisation can ask: `ACE_REVIEW_DAYS` after the decision (domain.md §4: 30)."""
    return timezone.localdate(decision.decided_at) + timedelta(days=settings.ACE_REVIEW_DAYS)


def against_asking(decision, user, today=None):
    """A signatory asks once, about the decision in force, within the days announced in its letter."""
    today = today or timezone.localdate()
    reasons = []
    if Role.SIGNATORY not in roles_on(user, decision.partner):
        reasons.append(_("Only a signatory of the organisation asks for a review."))
    if getattr(decision, "replaced_by", None):
        reasons.append(_("A newer decision replaces this one: ask for a review of that one."))
    if today > last_day_to_ask(decision):
        words = _("A review could be asked until %(day)s. Write to ACE if something new has come up.")
        reasons.append(words % {"day": phrases.day(last_day_to_ask(decision))})
    if DecisionReview.objects.filter(decision=decision).exclude(status=ReviewStatus.WITHDRAWN).exists():
        reasons.append(_("A review of this decision was asked already."))
    return reasons


def against_moving_review(review, move, by):
    """Every step begins with the role; hearing and concluding are for somebody who had no part in the decision."""
    reasons = against_role(move, roles_on(by, review.decision.partner))
    if move.name == "withdraw":
        return reasons
    reasons += _against_having_decided(review.decision, by) if move.name != "vary" else []
    if move.name == "uphold" and review.heard_by_id != by.pk:
        reasons.append(_("%(name)s hears this review.") % {"name": review.heard_by})
    if move.name == "vary" and review.heard_by_id == by.pk:
        reasons.append(_("You heard this review: another person has to approve the new decision."))
    return reasons


def _against_having_decided(decision, by):
    reasons = []
    if by.pk in (decision.proposed_by_id, decision.approved_by_id):
        reasons.append(_("You took part in this decision: somebody else has to hear the review."))
    if Finding.objects.filter(dossier=decision.dossier_id, author=by).exists():
        reasons.append(_("You wrote a finding of this dossier: somebody else has to hear the review."))
    if declaration_of(decision.dossier, by, has_link=True):
        reasons.append(_("You declared a link with this organisation: a colleague has to take over."))
    return reasons


def against_stepping(review, name, by):
    """`against_moving_review` for a page: a closed source state is a reason too."""
    if review.status not in REVIEW[name].sources:
        words = _("This step is not open: the review is “%(state)s”.")
        return [words % {"state": review.get_status_display()}]
    return against_moving_review(review, REVIEW[name], by)
