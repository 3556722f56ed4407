"""The review of a decision: asked, heard, upheld, withdrawn. `vary` comes with the new decision (`replacing`)."""

from django.db import transaction
from django.utils import timezone

from ace_partners.core import audit
from ace_partners.core.errors import refuse
from ace_partners.core.machine import perform
from partners.models import Partner
from vetting.models import Decision, DecisionReview
from vetting.notifications import reviews as notifications
from vetting.rules import reviews as rules


@transaction.atomic
def ask_review(decision, *, by, grounds):
    """Ask ACE to look again. The organisation's row is the lock: two signatories cannot both ask. Returns the review."""
    Partner.objects.select_for_update().get(pk=decision.partner_id)
    decision = Decision.objects.select_related("partner", "replaced_by").get(pk=decision.pk)
    refuse(rules.against_asking(decision, by))
    review = DecisionReview.objects.create(decision=decision, grounds=grounds.strip(), asked_by=by)
    audit.record("review.ask", review, by=by)
    notifications.review_asked(review, by=by)
    return review


@transaction.atomic
def hear_review(review, *, by, seen):
    """Take the review on; from now on it is this person's."""
    return _move(review, "hear", by=by, seen=seen, heard_by=by)


@transaction.atomic
def uphold(review, *, by, seen, conclusion):
    """Close the review: the decision stands, and the organisation reads why."""
    conclusion = conclusion.strip()
    changes = {"conclusion": conclusion, "closed_at": timezone.now()}
    review = _move(review, "uphold", by=by, seen=seen, reason=conclusion, **changes)
    notifications.review_upheld(review, by=by)
    return review


@transaction.atomic
def withdraw_review(review, *, by, seen):
    """The organisation takes its request back."""
    review = _move(review, "withdraw", by=by, seen=seen, closed_at=timezone.now())
    notifications.review_withdrawn(review, by=by)
    return review


def _move(review, name, *, by, seen, reason="", **changes):
    against = rules.against_moving_review
    return perform(rules.REVIEW, review, name, by=by, seen=seen, against=against, reason=reason, **changes)
