"""What stops money from leaving for an organisation, as far as due diligence knows it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from vetting import scoring
from vetting.holds import OPEN_HIT, open_holds
from vetting.models import ActionStatus, CapacityAction, Decision
from vetting.rules.drafts import IN_FAVOUR
from vetting.rules.replacing import items_with
from vetting.rules.screening import screening_state
from vetting.standing import standing_of


@dataclass(frozen=True)
class PaymentBlock:
    """One reason why a payment waits.

    `is_told`: the organisation reads this sentence too; of the others it reads that ACE is still checking.
    `ends_by_screening`: screening before the act, as the act does, is all that it takes.
    """

    sentence: str
    is_told: bool = True
    ends_by_screening: bool = False


def against_paying(partner):
    """Reasons against paying this organisation today; [] means that due diligence does not stand in the way.

    Ask after `actions.screening.screen_if_stale(partner, reason=PAYMENT, by=…)`, which makes the screening recent.
    """
    return [block.sentence for block in payment_blocks(partner)]


def payment_blocks(partner):
    """The same reasons with who may read them, and which of them screening ends."""
    standing = standing_of(partner)
    state = screening_state(partner)
    told = _against_items(partner) if standing.code in IN_FAVOUR else _against_standing(standing)
    stale = state.stale_sentences if state.has_lists else ()
    return [
        *(PaymentBlock(sentence) for sentence in told),
        *(PaymentBlock(hold.sentence, is_told=hold.kind != OPEN_HIT) for hold in open_holds(partner)),
        *(PaymentBlock(sentence, is_told=False, ends_by_screening=True) for sentence in stale),
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
