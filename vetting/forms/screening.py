"""What a person fills in about a match with a sanctions list."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ace_partners.core.forms import ActionForm
from vetting.models import HitVerdict


class VerdictForm(ActionForm):
    """Nothing preselected: the verdict is the officer's own."""

    verdict = forms.ChoiceField(
        label=_("Verdict"), choices=HitVerdict, widget=forms.RadioSelect,
        error_messages={"required": _("Say whether it is the same or not.")},
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("What you compared (date of birth, nationality, identity paper), and where you found it."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say why: what you compared, and where you found it.")},
    )
