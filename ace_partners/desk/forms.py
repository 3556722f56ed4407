"""The one form of the desk: a document for an organisation's file."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ace_partners.core.forms import ActionForm, day_input
from ace_partners.core.uploads import EvidenceField
from partners.models import Document, DocumentType
from partners.rules import dating_problems


class DocumentForm(ActionForm):
    """Cleans to the arguments of `partners.actions.add_document`."""

    type = forms.ModelChoiceField(
        label=_("What this file is"), queryset=DocumentType.objects.all(), empty_label=_("choose")
    )
    upload = EvidenceField(label=_("File"))
    title = forms.CharField(
        label=_("Title"), required=False, max_length=150, help_text=_("Optional, to recognise it later.")
    )
    issued_on = forms.DateField(label=_("Date of issue"), required=False, widget=day_input())
    expires_on = forms.DateField(
        label=_("Valid until"), required=False, widget=day_input(), help_text=_("As printed on the document, if it is.")
    )
    replaces = forms.ModelChoiceField(
        label=_("It replaces the document"),
        queryset=Document.objects.none(),
        required=False,
        empty_label=_("nothing: it is a further document"),
        help_text=_("The older version stays in the file."),
    )

    def __init__(self, *args, documents, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["replaces"].queryset = documents

    def clean(self):
        values = super().clean()
        if kind := values.get("type"):
            days = (values.get("issued_on"), values.get("expires_on"))
            for name, sentence in dating_problems(kind, *days, timezone.localdate()).items():
                if name not in self.errors:  # a day that cannot be read is said once
                    self.add_error(name, sentence)
        return values
