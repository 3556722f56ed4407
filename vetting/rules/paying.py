"""What stops money from leaving for an organisation, as far as due diligence knows it."""

from django.utils.translation import gettext as _

from vetting.holds import open_holds
from vetting.models import ActionStatus, CapacityAction, Decision
from vetting.rules.drafts import IN_FAVOUR
from vetting.rules.screening import screening_state
from vetting.scoring import Answer
from vetting.standing import standing_of


def against_paying(partner):
    """Reasons against paying this organisation today; [] means that due diligence does not stand in the way.

    Ask after `actions.screening.screen_if_stale(partner, reason=PAYMENT, by=…)`, which makes the screening recent.
    """
    standing = standing_of(partner)
    state = screening_state(partner)
    return [
        *(_against_items(partner) if standing.code in IN_FAVOUR else _against_standing(standing)),
        *(hold.sentence for hold in open_holds(partner)),
        *(state.stale_sentences if state.has_lists else ()),
    ]


def _against_standing(standing):
    return [_("No payment while the standing is “%(standing)s”.") % {"standing": standing.label}]


def _against_items(partner):
    """Items that block payment are met by the decision in force, or since then by a validated step."""
    decision = Decision.objects.in_force().filter(partner=partner).select_related("dossier").first()
    if decision is None:
        return []
    closed = set(
        CapacityAction.objects.filter(plan__decision=decision, status=ActionStatus.VALIDATED).values_list(
            "item__code", flat=True
        )
    )
    waiting = [item.code for item in decision.dossier.assessed_items() if _waits(item) and item.code not in closed]
    return [_("To be met before any payment: %(codes)s.") % {"codes": ", ".join(waiting)}] if waiting else []


def _waits(item):
    return item.blocks_payment and item.answer not in (Answer.MET, Answer.NOT_APPLICABLE)
