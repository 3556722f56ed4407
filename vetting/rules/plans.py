"""Steps of capacity plans: who may take which, how long they may run. Functions return the reasons against; [] is yes."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ace_partners.core.dates import add_months, days_late
from ace_partners.core.machine import Machine, Move, against_role
from ace_partners.core.rights import EDITING_ROLES, Role
from partners.models import Validity
from partners.rules import roles_on
from vetting import phrases
from vetting.models import UNFINISHED, ActionStatus, ConflictDeclaration
from vetting.rules.drafts import LONGEST_STRENGTHENING
from vetting.scoring import Outcome

WITH_PLAN = (Outcome.CONDITIONAL, Outcome.TO_STRENGTHEN)
WITH_ORGANISATION = (ActionStatus.TODO, ActionStatus.IN_PROGRESS)
HELPING = EDITING_ROLES | {Role.REVIEWER}  # the organisation, or ACE on its behalf
TRAINERS = frozenset({Role.REVIEWER, Role.ME_OFFICER})

CAPACITY = Machine(
    noun="capacity",
    states=ActionStatus,
    initial=ActionStatus.TODO,
    moves=(
        Move(
            "start",
            (ActionStatus.TODO,),
            ActionStatus.IN_PROGRESS,
            EDITING_ROLES,
            gettext_lazy("We have begun this step"),
        ),
        Move("send_evidence", WITH_ORGANISATION, ActionStatus.EVIDENCE_RECEIVED, HELPING, gettext_lazy("Send to ACE")),
        Move(
            "send_back",
            (ActionStatus.EVIDENCE_RECEIVED,),
            ActionStatus.IN_PROGRESS,
            frozenset({Role.REVIEWER}),
            gettext_lazy("Send back to the organisation"),
            needs_reason=True,
        ),
        Move(
            "validate",
            (ActionStatus.EVIDENCE_RECEIVED,),
            ActionStatus.VALIDATED,
            frozenset({Role.REVIEWER}),
            gettext_lazy("Validate this step"),
        ),
        Move(
            "drop",
            WITH_ORGANISATION,
            ActionStatus.DROPPED,
            frozenset({Role.REVIEWER}),
            gettext_lazy("Drop this step"),
            needs_reason=True,
        ),
    ),
)
JUDGED_BY_ACE = ("send_back", "validate", "drop")


# --- what a step is today ----------------------------------------------------------------------------------------


def is_in_force(plan):
    """The plan of the decision in force; the plan of a replaced decision is history."""
    return getattr(plan.decision, "replaced_by", None) is None


def is_missed(step, today=None):
    """`CapacityActionQuerySet.missed` for one row: a test holds the two together."""
    today = today or timezone.localdate()
    if step.status not in UNFINISHED or step.due_on >= today:
        return False
    return not came_in_time(step)


def came_in_time(step):
    """The evidence reached ACE by the day agreed: from then on only ACE's answer can be late."""
    received = step.status == ActionStatus.EVIDENCE_RECEIVED and step.evidence_at is not None
    return received and timezone.localdate(step.evidence_at) <= step.due_on


def days_missed(step, today=None):
    """Whole days since a step was missed, 0 for one that is not."""
    today = today or timezone.localdate()
    return days_late(step.due_on, today) if is_missed(step, today) else 0


def last_day(step):
    """The last day that a step may run to, counted from the decision.

    The item's own `plan_months` for a condition, 12 months where the organisation strengthens itself before it is
    assessed again (domain.md §4), and for help on an item that has no limit of its own.
    """
    decision = step.plan.decision
    strengthening = decision.outcome == Outcome.TO_STRENGTHEN
    months = LONGEST_STRENGTHENING if strengthening else step.item.plan_months or LONGEST_STRENGTHENING
    return add_months(timezone.localdate(decision.decided_at), months)


# --- moving ------------------------------------------------------------------------------------------------------


def against_moving_step(step, move, by):
    """The role first; then the plan must be in force, and each move has its own conditions."""
    reasons = [*against_role(move, roles_on(by, step.plan.partner)), *_against_history(step.plan)]
    if move.name in JUDGED_BY_ACE:
        reasons += _against_link(step.plan, by)
    more = {"send_evidence": _against_sending, "validate": _against_validating, "drop": _against_dropping}
    return [*reasons, *(more[move.name](step, by) if move.name in more else [])]


def against_taking(step, name, by):
    """`against_moving_step` for a page that wants to show a button: a closed source state is a reason too."""
    move = CAPACITY[name]
    if step.status not in move.sources:
        return [_("This is not open: the step is “%(state)s”.") % {"state": step.get_status_display()}]
    return against_moving_step(step, move, by)


def _against_history(plan):
    if is_in_force(plan):
        return []
    return [_("A newer decision replaces the one that this plan belongs to: the plan can be read, not changed.")]


def _against_link(plan, by):
    """Whoever declared a link on the dossier of the decision, or on a later one, judges nothing here."""
    later = ConflictDeclaration.objects.filter(user=by, has_link=True, dossier__partner=plan.partner_id)
    if later.filter(dossier__gte=plan.decision.dossier_id).exists():
        return [_("You declared a link with this organisation: a colleague has to take over.")]
    return []


def _against_sending(step, by):
    if step.evidence.exists():
        return []
    return [_("Attach at least one document first: it shows ACE that the step is done.")]


def _against_validating(step, by):
    """A step can lift a suspension, and that takes two people: who entered the paper does not judge it."""
    if step.evidence.filter(document__added_by=by).exists():
        return [_("You added a document of this evidence yourself: a colleague has to validate it.")]
    return []


def _against_dropping(step, by):
    if step.condition_id is None:
        return []
    return [_("The approval depends on this step: it cannot be dropped. The direction can give it more time.")]


# --- documents ---------------------------------------------------------------------------------------------------


def against_changing_evidence(step, by, document=None):
    """Documents are attached and taken off while the step is with the organisation."""
    reasons = []
    if not roles_on(by, step.plan.partner) & HELPING:
        reasons.append(_("Only the organisation's editor or signatory, or ACE on its behalf, can change the evidence."))
    reasons += _against_history(step.plan)
    if step.status not in WITH_ORGANISATION:
        words = _("The step is “%(state)s”: its documents can no longer be changed.")
        reasons.append(words % {"state": step.get_status_display()})
    if document is None:
        return reasons
    if document.partner_id != step.plan.partner_id:
        reasons.append(_("A document of another organisation cannot serve as evidence."))
    if document.type.validity == Validity.NOT_ACCEPTED:
        reasons.append(
            _("“%(type)s” is no longer accepted as evidence: attach another paper.") % {"type": document.type}
        )
    return reasons


# --- more time ---------------------------------------------------------------------------------------------------


def against_extending(step, by, due_on=None, today=None):
    """The direction gives more time to an unfinished step: a later day, and never beyond `last_day`."""
    today = today or timezone.localdate()
    reasons = []
    if Role.APPROVER not in roles_on(by, step.plan.partner):
        reasons.append(_("Only the direction gives a step more time."))
    reasons += [*_against_history(step.plan), *_against_link(step.plan, by)]
    if step.status not in UNFINISHED:
        reasons.append(_("This is not open: the step is “%(state)s”.") % {"state": step.get_status_display()})
    latest = last_day(step)
    if latest <= max(step.due_on, today):
        words = _("This step cannot run longer than %(latest)s, counted from the decision: more needs a new decision.")
        return [*reasons, words % {"latest": phrases.day(latest)}]
    return [*reasons, *(_against_new_day(step, due_on, latest, today) if due_on else [])]


def _against_new_day(step, due_on, latest, today):
    if due_on <= step.due_on:
        return [_("Choose a day after the one agreed, %(day)s.") % {"day": phrases.day(step.due_on)}]
    if due_on <= today:
        return [_("Choose a day after today.")]
    if due_on > latest:
        words = _("Choose a day up to %(latest)s: this step cannot run longer, counted from the decision.")
        return [words % {"latest": phrases.day(latest)}]
    return []


# --- training ----------------------------------------------------------------------------------------------------


def against_keeping_trainings(by):
    """Those who accompany the organisations write down the trainings."""
    if by.roles & TRAINERS:
        return []
    return [_("Only a due-diligence officer or a monitoring officer keeps the trainings.")]


def against_session(held_on, today=None):
    """A session is written down once it was held."""
    today = today or timezone.localdate()
    return [_("This day is still to come: write the training down once it was held.")] if held_on > today else []


def against_attendance(women, men):
    """Zero is a number, and different from nothing said; but nobody at all is no attendance."""
    if women < 0 or men < 0:
        return [_("A number of people cannot be below zero.")]
    return [] if women or men else [_("Nobody came from this organisation: then it is not entered.")]
