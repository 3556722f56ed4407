"""Forms of the records. Choices a person may not make are not offered."""

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ace_partners.core.dates import ApproxDate, DateError
from partners.models import COUNTS, Grant, Partner


class ApproximateDateField(forms.CharField):
    """A date known to the year, the month or the day, perhaps only about; cleans to its code ("~2004")."""

    def __init__(self, **kwargs):
        kwargs.setdefault("help_text", _("As exactly as it is known: 2004, 03/2004, 12/03/2004 or “about 2004”."))
        super().__init__(**{**kwargs, "max_length": 40})

    def clean(self, value):
        text = super().clean(value)
        try:
            return ApproxDate.parse(text).code if text else ""
        except DateError as mistake:
            raise forms.ValidationError(mistake.message) from None

    def prepare_value(self, value):
        """A stored code in words; what a person typed stays as it is."""
        try:
            return ApproxDate.from_code(value or "").display(get_language() or "fr")
        except DateError:
            return value

    def has_changed(self, initial, data):
        try:
            return self.clean(data) != (initial or "")
        except forms.ValidationError:
            return True


class DocumentChoiceField(forms.ModelChoiceField):
    """Documents with their type loaded; one that does not count today says so where it is chosen."""

    def label_from_instance(self, document):
        state = document.validity()
        return str(document) if state in COUNTS else f"{document} ({state.label})"


class PartnerForm(forms.ModelForm):
    founded = ApproximateDateField(label=_("founded"), required=False)
    legalised = ApproximateDateField(label=_("legally recognised"), required=False)
    website = forms.URLField(label=_("website"), required=False, assume_scheme="https")

    class Meta:
        model = Partner
        fields = [
            "name",
            "slug",
            "acronym",
            "former_names",
            "organisation_type",
            "legal_form",
            "founded",
            "legalised",
            "summary",
            "presentation",
            "website",
            "is_published",
            "is_fictitious",
        ]
        widgets = {"summary": forms.Textarea(attrs={"rows": 3})}


class PersonForm(forms.ModelForm):
    term_starts = ApproximateDateField(label=_("in office since"), required=False)


class GrantForm(forms.ModelForm):
    revoke = forms.BooleanField(
        label=_("revoke now"), required=False, help_text=_("Ends the right at once; it cannot be taken back.")
    )

    class Meta:
        model = Grant
        fields = ["user", "partner", "purpose", "starts_on", "ends_on"]
