"""Form fields that read numbers through core.numbers and days through core.dates, and keep what was typed."""

import datetime
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ace_partners.core.dates import DateError, parse_date
from ace_partners.core.numbers import NumberError, format_for_input, parse_number

MAX_WHOLE_DIGITS = 12  # what the columns of values and amounts hold


class NumberField(forms.CharField):
    """A number typed in French or international form, as a Decimal; never negative unless `signed`.

    Every refusal is one exact sentence: an ambiguous `981.528` is asked back with both readings.
    """

    def __init__(self, *, max_places=2, signed=False, **kwargs):
        self.max_places, self.signed = max_places, signed
        super().__init__(**kwargs)
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value):
        if isinstance(value, Decimal):
            return value  # a disabled field hands over its own initial value, which nobody typed
        text = super().to_python(value)
        if text in self.empty_values:
            return None
        try:
            number = parse_number(text, max_places=self.max_places)
        except NumberError as mistake:
            raise ValidationError(mistake.message, code=mistake.code) from mistake
        if number < 0 and not self.signed:
            raise ValidationError(_("This number cannot be below zero."), code="negative")
        if abs(number) >= 10**MAX_WHOLE_DIGITS:
            raise ValidationError(
                _("This number is too large: 12 digits at most before the decimals."), code="too_large"
            )
        return number

    def prepare_value(self, value):
        return format_for_input(value, lang=get_language() or "fr") if isinstance(value, Decimal) else value

    def has_changed(self, initial, data):
        return (self.prepare_value(initial) or "") != (data or "")


class DayField(forms.CharField):
    """A day, from the browser's own calendar (ISO) or typed: 12/03/2026, 12 mars 2026."""

    widget = forms.DateInput(attrs={"type": "date"})

    def to_python(self, value):
        text = super().to_python(value)
        if text in self.empty_values:
            return None
        try:
            return parse_date(text)
        except DateError as mistake:
            raise ValidationError(mistake.message, code=mistake.code) from mistake

    def prepare_value(self, value):
        return value.isoformat() if isinstance(value, datetime.date) else value
