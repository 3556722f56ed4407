"""The upload of one edition of a sanctions list."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ace_partners.core.forms import ActionForm, day_input
from vetting.models import SanctionsList


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once; cleans to a list of uploads."""

    widget = FilesInput

    def clean(self, data, initial=None):
        uploads = data if isinstance(data, (list, tuple)) else [data]
        return [super(FilesField, self).clean(upload, initial) for upload in uploads or [None]]


class ImportForm(ActionForm):
    publisher = forms.ChoiceField(
        label=_("List"),
        choices=SanctionsList,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the list.")},
    )
    files = FilesField(  # type: ignore[assignment]  # the form class takes declared fields out of its body
        label=_("Files of the edition"),
        help_text=_("As downloaded, without opening them. OFAC's CSV set: all its files together."),
        error_messages={"required": _("Choose the files of the edition.")},
    )
    edition_on = forms.DateField(
        label=_("Date of the edition"),
        required=False,
        widget=day_input(),
        help_text=_("Only for OFAC's CSV files; the others say it themselves."),
    )
    shrink_reason = forms.CharField(
        label=_("If the list lost more than half of its entries: why this is right"),
        required=False,
        max_length=500,
        help_text=_("Leave empty: a list that shrinks so much has nearly always been cut on its way."),
    )

    def bad_file(self, text):
        """Show why a file was refused beside the field of the files."""
        self.add_error("files", text)
