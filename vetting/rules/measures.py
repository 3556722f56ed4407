"""Suspending, lifting, ending: who may propose which measure, and who may approve it. Reasons against; [] means yes."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ace_partners.core.machine import Machine, Move, against_role
from ace_partners.core.rights import Role
from partners.rules import RELATIONSHIP, roles_on
from vetting.models import Measure, MeasureKind, MeasureStatus

PROPOSING = frozenset({Role.REVIEWER, Role.ME_OFFICER})  # design §6: suspend, lift (two persons)
READING = PROPOSING | {Role.APPROVER, Role.AUDITOR}

MEASURE = Machine(
    noun="measure",
    states=MeasureStatus,
    initial=MeasureStatus.PROPOSED,
    moves=(
        Move(
            "approve",
            (MeasureStatus.PROPOSED,),
            MeasureStatus.APPROVED,
            frozenset({Role.APPROVER}),
            gettext_lazy("Approve the measure"),
        ),
        Move(
            "return",
            (MeasureStatus.PROPOSED,),
            MeasureStatus.RETURNED,
            frozenset({Role.APPROVER}),
            gettext_lazy("Do not approve it"),
            needs_reason=True,
        ),
    ),
)


def kinds_open_to(partner):
    """The measures that the relationship allows as it stands, in the order of their kinds."""
    return [kind for kind in MeasureKind if partner.status in RELATIONSHIP[kind].sources]


def against_proposing_measure(partner, user, kind=None, review_on=None):
    """Officers propose, one measure at a time, and only what the relationship allows; a suspension has its next look."""
    reasons = []
    if not roles_on(user, partner) & PROPOSING:
        reasons.append(_("Only a due-diligence officer or a monitoring officer proposes a measure."))
    if Measure.objects.filter(partner=partner, status=MeasureStatus.PROPOSED).exists():
        reasons.append(_("A measure already waits for a second person: it is decided first."))
    if not kinds_open_to(partner) or (kind and kind not in kinds_open_to(partner)):
        words = _("The relationship is “%(state)s”: this measure is not open.")
        reasons.append(words % {"state": partner.get_status_display()})
    if kind == MeasureKind.SUSPEND and (review_on is None or review_on <= timezone.localdate()):
        reasons.append(_("Say on which day the suspension is looked at again."))
    return reasons


def against_moving_measure(measure, move, by):
    """The direction decides, and never on its own proposal."""
    reasons = against_role(move, roles_on(by, measure.partner))
    if measure.proposed_by_id == by.pk:
        reasons.append(_("You proposed this measure: another person has to decide."))
    if move.name == "approve" and measure.kind not in kinds_open_to(measure.partner):
        words = _("The relationship is “%(state)s”: this measure is not open.")
        reasons.append(words % {"state": measure.partner.get_status_display()})
    return reasons


def against_deciding_measure(measure, name, by):
    """`against_moving_measure` for a page: a measure already decided is a reason too."""
    if measure.status != MeasureStatus.PROPOSED:
        return [_("This measure is decided already.")]
    return against_moving_measure(measure, MEASURE[name], by)
