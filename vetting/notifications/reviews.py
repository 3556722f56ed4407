"""The mails of reviews, measures and decisions that replace one in force: one function per event (see `dossiers`)."""

from django.conf import settings

from ace_partners.core.mail import link_to, queue, time_to_stop
from ace_partners.core.rights import Role
from vetting.notifications.people import colleagues, examiners_and_direction, members


def review_asked(review, *, by):
    """To whoever may hear it: not to those who decided."""
    decision = review.decision
    deciders = [decision.proposed_by, decision.approved_by]
    context = {"review": review, "partner": decision.partner, "link": link_to("vetting:review", review.pk)}
    to = examiners_and_direction(decision.partner, but=deciders)
    queue("vetting/email/review_asked", to=to, context=context, dedupe=f"review-asked-{review.pk}", by=by)


def review_upheld(review, *, by):
    context = {
        "review": review,
        "partner": review.decision.partner,
        "link": link_to("vetting_space:review", review.pk),
    }
    to = members(review.decision.partner)
    queue(
        "vetting/email/review_upheld",
        to=to,
        context=context,
        dedupe=f"review-upheld-{review.pk}",
        by=by,
        hold=time_to_stop(),
    )


def review_withdrawn(review, *, by):
    to = [review.heard_by] if review.heard_by else []
    context = {"review": review, "partner": review.decision.partner}
    queue("vetting/email/review_withdrawn", to=to, context=context, dedupe=f"review-withdrawn-{review.pk}", by=by)


def replacement_proposed(proposal, *, by):
    partner = proposal.dossier.partner
    context = {"proposal": proposal, "partner": partner, "link": link_to("vetting:replacement", proposal.pk)}
    to = colleagues(Role.APPROVER, partner, but=[by])
    queue("vetting/email/replacement_proposed", to=to, context=context, dedupe=f"replacement-{proposal.pk}", by=by)


def replacement_returned(proposal, *, by):
    context = {
        "proposal": proposal,
        "partner": proposal.dossier.partner,
        "link": link_to("vetting:replacement", proposal.pk),
    }
    to = [proposal.proposed_by]
    queue("vetting/email/replacement_returned", to=to, context=context, dedupe=f"replacement-back-{proposal.pk}", by=by)


def measure_proposed(measure, *, by):
    context = {"measure": measure, "partner": measure.partner, "link": link_to("vetting:measure", measure.pk)}
    to = colleagues(Role.APPROVER, measure.partner, but=[by])
    queue("vetting/email/measure_proposed", to=to, context=context, dedupe=f"measure-{measure.pk}", by=by)


def measure_in_force(measure, *, by):
    """To those who act for the organisation, with the reason."""
    context = {"measure": measure, "partner": measure.partner, "contact": settings.ACE_CONTACT_EMAIL}
    dedupe = f"measure-in-force-{measure.pk}"
    to = members(measure.partner)
    queue("vetting/email/measure_in_force", to=to, context=context, dedupe=dedupe, by=by, hold=time_to_stop())


def measure_returned(measure, *, by, reason):
    context = {"measure": measure, "partner": measure.partner, "reason": reason}
    to = [measure.proposed_by]
    queue("vetting/email/measure_returned", to=to, context=context, dedupe=f"measure-back-{measure.pk}", by=by)
