"""What the organisation fills in: an answer, a document beside it, the declaration at sending."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ace_partners.core.forms import ActionForm, day_input
from ace_partners.core.uploads import EvidenceField
from partners.forms import DocumentChoiceField
from partners.models import Document, DocumentType
from partners.rules import dating_problems


class AnswerForm(ActionForm):
    text = forms.CharField(
        label=_("Your answer"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("A few sentences are enough."),
    )
    absence = forms.CharField(
        label=_("We do not have this paper"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Say why, and since when you have asked for it. That is an answer too: the dossier can be sent without the paper."
        ),
    )

    def __init__(self, *args, asks_for_papers=True, **kwargs):
        super().__init__(*args, **kwargs)
        if not asks_for_papers:
            del self.fields["absence"]


class EvidenceForm(ActionForm):
    """A document already in the organisation's file, or a new one with its type."""

    document = DocumentChoiceField(
        label=_("A document you have already sent"),
        queryset=Document.objects.none(),
        required=False,
        empty_label=_("none of these"),
    )
    upload = EvidenceField(label=_("Or a new file"), required=False)
    type = forms.ModelChoiceField(
        label=_("What this new file is"), queryset=DocumentType.objects.none(), required=False, empty_label=_("choose")
    )
    title = forms.CharField(
        label=_("Title"), required=False, max_length=150, help_text=_("Optional, to recognise it later.")
    )
    issued_on = forms.DateField(label=_("Date of issue"), required=False, widget=day_input())
    expires_on = forms.DateField(
        label=_("Valid until"), required=False, widget=day_input(), help_text=_("As printed on the document, if it is.")
    )

    def __init__(self, *args, documents, types, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["document"].queryset = documents
        self.fields["type"].queryset = types

    def clean(self):
        values = super().clean()
        if not values.get("document") and not values.get("upload") and "upload" not in self.errors:
            self.add_error("upload", _("Choose a document, or a file to send."))
        if values.get("document") and values.get("upload"):
            self.add_error("upload", _("Choose one: the document already sent, or the new file."))
        if values.get("upload") and not values.get("type"):
            self.add_error("type", _("Say what this file is."))
        if values.get("upload") and values.get("type"):
            self._check_dates(values)
        return values

    def _check_dates(self, values):
        days = (values.get("issued_on"), values.get("expires_on"))
        for name, sentence in dating_problems(values["type"], *days, timezone.localdate()).items():
            if name not in self.errors:  # a day that cannot be read is said once
                self.add_error(name, sentence)


class SubmitForm(ActionForm):
    declared = forms.BooleanField(
        label=_("I declare that these answers are true to my knowledge, and that I may sign for the organisation."),
        error_messages={"required": _("Tick this box: the dossier is sent on your word.")},
    )

    def __init__(self, *args, on_behalf=False, **kwargs):
        super().__init__(*args, **kwargs)
        if on_behalf:
            self.fields["declared"].label = _(
                "I enter this on behalf of the organisation, which gave me these answers and agrees that they are sent."
            )
