"""The form of the network's annual reports."""

from django import forms

from ace_partners.core.forms import ActionForm


class AnnualReportForm(ActionForm):
    """A button: the year, and (as `seen`) the newest edition that the page showed, 0 for none."""

    year = forms.IntegerField(min_value=2000, max_value=2199, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, seen=0, **kwargs)
