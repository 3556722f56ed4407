"""What stops money from leaving for an organisation, as far as due diligence knows it."""

from django.utils.translation import gettext as _

from vetting import scoring
from vetting.holds import open_holds
from vetting.models import ActionStatus, CapacityAction, Decision
from vetting.rules.drafts import IN_FAVOUR
from vetting.rules.replacing import items_with
from vetting.rules.screening import screening_state
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
    """Items that block payment are met as the decision in force reads them, or since then by a validated step.

    Which gaps block is `scoring`'s word, the same that the letter gave: not applicable does not open the purse.
    """
    rows = Decision.objects.in_force().filter(partner=partner).select_related("dossier", "proposal")
    decision = rows.first()
    if decision is None:
        return []
    closed = set(
        CapacityAction.objects.filter(plan__decision=decision, status=ActionStatus.VALIDATED).values_list(
            "item__code", flat=True
        )
    )
    items = items_with(decision.dossier, decision.proposal.changed_findings)
    gaps = [gap.item_code for gap in scoring.outcome(items).gaps if gap.blocks_payment]
    waiting = [code for code in gaps if code not in closed]
    return [_("To be met before any payment: %(codes)s.") % {"codes": ", ".join(waiting)}] if waiting else []
