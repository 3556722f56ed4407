"""What is filled in after a decision: a measure, a request for a review, its conclusion."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ace_partners.core.forms import ActionForm, LinesField
from vetting.forms.team import FutureDayField
from vetting.models import MeasureKind

WORDS_FOR_THEM = _("The organisation reads this as it is. Name no person.")


class MeasureForm(ActionForm):
    """`kinds`: the measures that the relationship allows."""

    kind = forms.ChoiceField(
        label=_("Measure"), widget=forms.RadioSelect, error_messages={"required": _("Choose a measure.")}
    )
    reason = LinesField(
        label=_("Reason"),
        max_length=2000,
        help_text=WORDS_FOR_THEM,
        error_messages={"required": _("Say why, in one sentence.")},
    )
    review_on = FutureDayField(
        label=_("Looked at again on"), required=False, help_text=_("For a suspension: it never runs without an end.")
    )

    def __init__(self, *args, kinds, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in MeasureKind if kind in kinds]
        self.fields["reason"].widget.attrs["rows"] = 4

    def clean(self):
        values = super().clean()
        if values.get("kind") == MeasureKind.SUSPEND and "review_on" in values and not values["review_on"]:
            self.add_error("review_on", _("Say on which day the suspension is looked at again."))
        return values


class AskReviewForm(ActionForm):
    grounds = LinesField(
        label=_("What should ACE look at again, and why?"),
        max_length=4000,
        help_text=_("Name the criterion or the item, and what was overlooked. Documents can be added to your file."),
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write what should be looked at again.")},
    )


class ConclusionForm(ActionForm):
    conclusion = LinesField(
        label=_("What you found, and why the decision stands"),
        max_length=4000,
        help_text=WORDS_FOR_THEM,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write what you found.")},
    )
