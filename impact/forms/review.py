"""Forms of ACE's review of a report."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ace_partners.core.forms import ActionForm


class SeenForm(ActionForm):
    """A button: nothing but the version that the page showed."""


class RemarkForm(ActionForm):
    remark = forms.CharField(
        label=_("What you ask, and why"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The organisation reads exactly these words above the field."),
    )


class WaiverForm(ActionForm):
    reason = forms.CharField(
        label=_("Why this report is not asked for"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000
    )
