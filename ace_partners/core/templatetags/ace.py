"""The few template tags of the project: numbers, dates, money, sizes, and the one-time token."""

import uuid
from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.translation import get_language

from ace_partners.core import dates, event_words, money, numbers

register = template.Library()


def language():
    """ "fr" or "en": the two number and date formats we have; other languages read French ones."""
    return "en" if (get_language() or "fr").startswith("en") else "fr"


@register.filter
def number(value, places=None):
    return numbers.format_number(value, places=places, lang=language())


@register.filter
def percent(value, places=1):
    return numbers.format_percent(value, places=places, lang=language())


@register.filter(name="money")
def money_filter(value):
    """A money.Money as text; None is a dash."""
    return money.format_money(value, lang=language())


@register.filter
def day(value):
    return "—" if value is None else dates.format_date(value, language())


@register.filter
def moment(value):
    return "—" if value is None else dates.format_datetime(value, language())


@register.filter
def approximate(value):
    """A stored approximate date code ("~2004") as words ("vers 2004")."""
    return dates.ApproxDate.from_code(value).display(language()) if value else "—"


@register.filter
def filesize(size):
    """Bytes as kB or MB, in the reader's number format."""
    if size < 1_000_000:
        return f"{numbers.format_number(max(1, round(size / 1000)), lang=language())} ko"
    return f"{numbers.format_number(numbers.half_up(Decimal(size) / 1_000_000, 1), lang=language())} Mo"


@register.filter
def event_label(action):
    """The code of an audit event in words."""
    return event_words.event_label(action)


@register.simple_tag
def once_token():
    """The hidden one-time token that makes a second tap harmless; inside every POST form of a signed-in person."""
    return format_html('<input type="hidden" name="once" value="{}">', uuid.uuid4().hex)


@register.simple_tag(takes_context=True)
def query_without(context, *names):
    """The present query string without some parameters, for links that keep the filters."""
    query = context["request"].GET.copy()
    for name in names:
        query.pop(name, None)
    return query.urlencode()
