"""Forms around the calendar: more time, reopening, closing a quarter, releasing its reminders."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ace_partners.core.forms import ActionForm
from impact.forms.fields import DayField


class ExtensionForm(ActionForm):
    until = DayField(label=_("New date"), error_messages={"required": _("Write the new date.")})
    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The organisation reads these words beside the date."),
    )


class MotiveForm(ActionForm):
    motive = forms.CharField(
        label=_("Why this report is opened again"),
        max_length=200,
        help_text=_(
            "The public reads these words beside the new figures, after “revised on …”. Name no person. 200 characters."
        ),
    )


class RefusalForm(ActionForm):
    reason = forms.CharField(
        label=_("Why the report stays as it is"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class CloseForm(ActionForm):
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=300,
        help_text=_("What a reader should know of this closing; it stays with it."),
    )


class ReleaseForm(ActionForm):
    """A button that carries the reports whose messages the page showed."""

    reports = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_reports(self):
        """The ids as numbers; what is not a number was not shown by any page."""
        return [int(part) for part in self.cleaned_data["reports"].split() if part.isascii() and part.isdigit()]
