"""Visits by ACE: planned, then held with an account and what follows, or cancelled. Reasons against; [] means yes."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ace_partners.core.machine import Machine, Move, against_role
from ace_partners.core.rights import Role
from partners.rules import roles_on
from vetting.models import VisitStatus

VISITING = frozenset({Role.REVIEWER, Role.ME_OFFICER})

VISIT = Machine(
    noun="visit",
    states=VisitStatus,
    initial=VisitStatus.PLANNED,
    moves=(
        Move("record", (VisitStatus.PLANNED,), VisitStatus.HELD, VISITING, gettext_lazy("Record what was seen")),
        Move(
            "cancel",
            (VisitStatus.PLANNED,),
            VisitStatus.CANCELLED,
            VISITING,
            gettext_lazy("Cancel the visit"),
            needs_reason=True,
        ),
    ),
)


def against_planning(partner, user, planned_on=None, today=None):
    """Officers plan visits, for a day that is not past."""
    reasons = []
    if not roles_on(user, partner) & VISITING:
        reasons.append(_("Only a due-diligence officer or a monitoring officer plans a visit."))
    if planned_on is not None and planned_on < (today or timezone.localdate()):
        reasons.append(_("A visit is planned for today or later; record afterwards on which day it was held."))
    return reasons


def against_moving_visit(visit, move, by):
    """The table decides who; `against_account` what a visit that was held has to say."""
    return against_role(move, roles_on(by, visit.partner))


def against_stepping(visit, name, by):
    """`against_moving_visit` for a page: a closed source state is a reason too."""
    if visit.status not in VISIT[name].sources:
        words = _("This step is not open: the visit is “%(state)s”.")
        return [words % {"state": visit.get_status_display()}]
    return against_moving_visit(visit, VISIT[name], by)


def against_account(held_on, account, points=(), today=None):
    """What is wrong with the record of a visit. `points`: (text, responsible, due_on); an action has the last two."""
    reasons = []
    if held_on is None or held_on > (today or timezone.localdate()):
        reasons.append(_("Say on which day the visit was held; a day to come is not possible."))
    if not account.strip():
        reasons.append(_("Say in a few sentences what was seen."))
    for number, (text, responsible, due_on) in enumerate(points, start=1):
        if not text.strip():
            reasons.append(_("Line %(number)s: write the finding or the action.") % {"number": number})
        if bool(responsible.strip()) != (due_on is not None):
            reasons.append(_("Line %(number)s: an action has somebody who does it and a day.") % {"number": number})
        elif due_on is not None and held_on is not None and due_on < held_on:
            reasons.append(_("Line %(number)s: the day of an action is not before the visit.") % {"number": number})
    return reasons


def against_closing_point(point, user):
    """An action of a visit that was held is marked as done, once."""
    reasons = []
    if not roles_on(user, point.visit.partner) & VISITING:
        reasons.append(_("Only a due-diligence officer or a monitoring officer marks an action as done."))
    if point.due_on is None:
        reasons.append(_("A finding is not an action: there is nothing to mark as done."))
    if point.done_on is not None:
        reasons.append(_("This action is marked as done already."))
    return reasons
