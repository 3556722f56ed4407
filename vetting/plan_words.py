"""What the audit trail calls by a code about plans and trainings, in words: here for this room's pages, above for all."""

from django.utils.translation import gettext_lazy

EVENTS = {
    "plan.open": gettext_lazy("Capacity plan opened"),
    "capacity.attach": gettext_lazy("Document attached to a step"),
    "capacity.detach": gettext_lazy("Document taken off a step"),
    "capacity.extend": gettext_lazy("More time given to a step"),
    "capacity.start": gettext_lazy("Step begun"),
    "capacity.send_evidence": gettext_lazy("Evidence of a step sent to ACE"),
    "capacity.send_back": gettext_lazy("Step sent back to the organisation"),
    "capacity.validate": gettext_lazy("Step validated"),
    "capacity.drop": gettext_lazy("Step dropped"),
    "training.added": gettext_lazy("Training written down"),
    "training.edited": gettext_lazy("Training corrected"),
    "training.attendance": gettext_lazy("Attendance of a training entered"),
    "training.attendance_removed": gettext_lazy("Attendance of a training taken out"),
}


def labelled(events):
    """The events with their `label`, for components/history.html."""
    rows = list(events)
    for event in rows:
        event.label = EVENTS.get(event.action, event.action)
    return rows
