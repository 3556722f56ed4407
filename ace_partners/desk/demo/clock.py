"""The demonstration has a past: its steps are taken in order, each on its day."""

from contextlib import contextmanager
from datetime import datetime, time
from unittest import mock

from django.utils import timezone

from impact.quarters import Quarter


@contextmanager
def on(day, hour=10):
    """Run the actions inside as if it were `day` at `hour`; only the demonstration's loader may do this."""
    moment = timezone.make_aware(datetime.combine(day, time(hour, 12)))
    with mock.patch.object(timezone, "now", return_value=moment):
        yield


def quarters(today, back, ahead=0):
    """(label, first day, last day) of the quarters from `back` ago to `ahead` from now, oldest first."""
    found = [Quarter.of(today).later(by) for by in range(-back, ahead + 1)]
    return [(f"T{quarter.number} {quarter.year}", quarter.starts_on, quarter.ends_on) for quarter in found]
