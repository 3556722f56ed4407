"""What the audit trail calls by a code about flags, holds, triggers, visits and regulatory statuses, in words."""

from django.utils.translation import gettext_lazy

EVENTS = {
    "flag.raise": gettext_lazy("Flag raised"),
    "flag.notify": gettext_lazy("Organisation told of a flag"),
    "flag.tell": gettext_lazy("Organisation told of a flag after the exception"),
    "flag.answer": gettext_lazy("Organisation replied to a flag"),
    "flag.reply": gettext_lazy("Organisation replied after the conclusion"),
    "flag.lapse": gettext_lazy("No reply to a flag in time"),
    "flag.substantiate": gettext_lazy("Flag substantiated"),
    "flag.not_substantiate": gettext_lazy("Flag not substantiated"),
    "flag.resolve": gettext_lazy("Flag settled"),
    "hold.set": gettext_lazy("Hold set"),
    "hold.lift": gettext_lazy("Hold lifted"),
    "trigger.dismiss": gettext_lazy("No new dossier needed"),
    "visit.plan": gettext_lazy("Visit planned"),
    "visit.record": gettext_lazy("Visit recorded"),
    "visit.cancel": gettext_lazy("Visit cancelled"),
    "visit.point_done": gettext_lazy("Action of a visit done"),
    "regulatory.record": gettext_lazy("Regulatory status recorded"),
}


def labelled(events):
    """The events with their `label`, for components/history.html."""
    rows = list(events)
    for event in rows:
        event.label = EVENTS.get(event.action, event.action)
    return rows
