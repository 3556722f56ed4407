"""The demonstration has a past: its steps are taken in order, each on its day."""

from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from unittest import mock

from django.utils import timezone

from ace_partners.core.dates import add_months


@contextmanager
def on(day, hour=10):
    """Run the actions inside as if it were `day` at `hour`; only the demonstration's loader may do this."""
    moment = timezone.make_aware(datetime.combine(day, time(hour, 12)))
    with mock.patch.object(timezone, "now", return_value=moment):
        yield


def quarters(today, back, ahead=0):
    """(label, first day, last day) of the quarters from `back` ago to `ahead` from now, oldest first."""
    index = today.year * 4 + (today.month - 1) // 3
    return [_quarter(number) for number in range(index - back, index + ahead + 1)]


def _quarter(number):
    year, quarter = divmod(number, 4)
    first = date(year, quarter * 3 + 1, 1)
    return f"T{quarter + 1} {year}", first, add_months(first, 3) - timedelta(days=1)
