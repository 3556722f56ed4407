"""Sharing and revoking a passport."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ace_partners.core.forms import ActionForm, LinesField, day_input


class ShareForm(ActionForm):
    """`last_day`: the latest end that the rules allow."""

    recipient = forms.CharField(
        label=_("For whom"),
        max_length=150,
        help_text=_("The person and the organisation: every reading is noted under this name."),
        error_messages={"required": _("Write for whom the link is.")},
    )
    ends_on = forms.DateField(
        label=_("Readable until"), widget=day_input(), error_messages={"required": _("Choose a last day.")}
    )

    def __init__(self, *args, last_day, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["ends_on"].initial = last_day
        self.fields["ends_on"].widget.attrs |= {"min": today.isoformat(), "max": last_day.isoformat()}


class RevokeForm(ActionForm):
    reason = LinesField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The check page says that the passport is revoked; the reason stays with you and ACE."),
        error_messages={"required": _("Say why, in one sentence.")},
    )
