"""Reminders of the steps of capacity plans, by the rules of `reminders`: due and not said yet, once, merged per organisation.

A step is reminded of 14 and 3 days before its day and once when it is missed. The outbox remembers it: a key of its
mails names the steps, each as `<pk>-<threshold>-<day>`, so that a step with more time is reminded of anew.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from partners.models import Partner, Relationship
from vetting.models import CapacityAction
from vetting.notifications import plans as notifications
from vetting.notifications.people import members
from vetting.reminders import LAPSED, fitting, threshold_reached, told
from vetting.rules.plans import WITH_ORGANISATION

AHEAD = (14, 3)  # days before the day of a step
PREFIX = "capacity-"


@dataclass(frozen=True)
class DueStep:
    """A step that lies with the organisation, and the most urgent threshold it reached: days ahead, or LAPSED."""

    step: CapacityAction
    threshold: int

    @property
    def key(self):
        """What the outbox remembers of it: "12-14-20270124", "12-late-20270124"."""
        threshold = "late" if self.threshold == LAPSED else self.threshold
        return f"{self.step.pk}-{threshold}-{self.step.due_on:%Y%m%d}"


def due_steps(today: date):
    """A DueStep for every step that reached a threshold, by organisation, the most urgent first.

    A threshold that lay behind the step on the day its date was agreed says nothing new: letter or mail said it then.
    """
    steps = CapacityAction.objects.in_force().filter(
        status__in=WITH_ORGANISATION, due_on__lte=today + timedelta(days=max(AHEAD))
    )
    steps = steps.exclude(plan__partner__status=Relationship.ENDED).annotate(moved_at=Max("extensions__at"))
    ordered = steps.select_related("plan", "item").order_by("plan__partner", "due_on", "pk")
    for step in ordered.iterator(chunk_size=500):
        agreed_on = timezone.localdate(step.moved_at or step.plan.opened_at)
        threshold = threshold_reached(step.due_on, agreed_on, today, AHEAD)
        if threshold is not None:
            yield DueStep(step, threshold)


def remind_steps(today: date) -> int:
    """Queue one mail per organisation about all its steps that are due; return the number of mails."""
    return sum(
        _remind(list(due)) for _partner, due in groupby(due_steps(today), key=lambda each: each.step.plan.partner_id)
    )


@transaction.atomic
def _remind(due):
    partner = Partner.objects.select_for_update().get(pk=due[0].step.plan.partner_id)
    known = told(list(members(partner)), PREFIX)
    now = fitting([each for each in due if each.key not in known], PREFIX)
    if not now:
        return 0
    late = any(each.threshold == LAPSED for each in now)
    dedupe = PREFIX + "+".join(each.key for each in now)
    return len(notifications.steps_due(partner, [each.step for each in now], dedupe=dedupe, late=late))
