"""What is filled in about a capacity plan: a note with the evidence, more time, a training and who took part."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ace_partners.core.forms import ActionForm, LinesField, day_input
from vetting.forms.team import FutureDayField
from vetting.rules import plans as rules

MOST_PEOPLE = 5000  # of one organisation in one training: a slip of the finger, not a number


class SendStepForm(ActionForm):
    note = LinesField(
        label=_("A word to ACE"),
        required=False,
        max_length=1000,
        help_text=_("Optional: what was done, and on which page of the document it shows. Name no person."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["note"].widget.attrs["rows"] = 3


class StepReasonForm(ActionForm):
    """Why a step goes back or is dropped: the organisation reads it above the step."""

    reason = LinesField(
        label=_("Reason"),
        max_length=2000,
        help_text=_("The organisation reads this as it is. Name no person."),
        error_messages={"required": _("Say why, in one sentence.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].widget.attrs["rows"] = 4


class ExtendForm(StepReasonForm):
    due_on = FutureDayField(label=_("New date"), error_messages={"required": _("Write the new date.")})

    field_order = ("seen", "due_on", "reason")


class HoursField(forms.DecimalField):
    """Hours with one decimal at most; a comma is read like a point, whatever the language of the page."""

    def to_python(self, value):
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


class TrainingForm(ActionForm):
    title = forms.CharField(
        label=_("Topic"), max_length=150, error_messages={"required": _("Write what the training was about.")}
    )
    held_on = forms.DateField(
        label=_("Training day"), widget=day_input(), error_messages={"required": _("Write the day of the training.")}
    )
    place = forms.CharField(label=_("Place"), max_length=120, required=False)
    trainer = forms.CharField(
        label=_("Given by"), max_length=120, required=False, help_text=_("An organisation or an office of ACE.")
    )
    hours = HoursField(
        label=_("Hours"),
        required=False,
        min_value=0,
        max_digits=4,
        decimal_places=1,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={
            "invalid": _("Write the hours as a number, for example 6 or 6,5."),
            "max_decimal_places": _("Write the hours with one decimal at most, for example 6,5."),
            "max_digits": _("This is too long for one training: 999 hours at most."),
            "max_whole_digits": _("This is too long for one training: 999 hours at most."),
            "min_value": _("Hours cannot be below zero."),
        },
    )

    def clean_held_on(self):
        day = self.cleaned_data["held_on"]
        if reasons := rules.against_session(day):
            raise forms.ValidationError(reasons)
        return day


class CountField(forms.IntegerField):
    """A whole number; the spaces that part thousands are no mistake."""

    def to_python(self, value):
        return super().to_python("".join(value.split()) if isinstance(value, str) else value)


def _people(label):
    return CountField(
        label=label,
        min_value=0,
        max_value=MOST_PEOPLE,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": _("Write the number; 0 if there was nobody."),
            "invalid": _("Write a whole number."),
            "min_value": _("A number of people cannot be below zero."),
            "max_value": _("This number is too large: %(limit_value)s at most."),
        },
    )


class AttendanceForm(ActionForm):
    """Zero is written as 0; a field left empty is asked again."""

    women = _people(_("Women"))
    men = _people(_("Men"))

    def clean(self):
        values = super().clean()
        if values.get("women") is not None and values.get("men") is not None:
            for reason in rules.against_attendance(values["women"], values["men"]):
                self.add_error("women", reason)
        return values
