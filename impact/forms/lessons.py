"""A lesson as ACE writes it: directly, or from what an accepted report says."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ace_partners.core.forms import ActionForm, LinesField
from partners.models import Area, Place

NO_CHILD = _("No name of a child, nothing by which a child or a family could be recognised.")


class LessonForm(ActionForm):
    """The words of a lesson. `initial` prefills it, from a report or from the lesson itself."""

    title = forms.CharField(label=_("Title"), max_length=120, help_text=_("What was learned, as one short sentence."))
    text = LinesField(label=_("What was learned"), widget=forms.Textarea(attrs={"rows": 8}), help_text=NO_CHILD)
    advice = LinesField(label=_("What others can do with it"), widget=forms.Textarea(attrs={"rows": 4}), required=False)
    area = forms.ChoiceField(label=_("Contribution area"), choices=[("", "—"), *Area.choices])
    place: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Place"),
        queryset=None,
        required=False,
        empty_label=_("No particular place"),
        help_text=_("A town or a commune is enough; never the home of a child."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = Place.objects.order_by("name")

    @property
    def words(self):
        """What the action takes beside the version seen."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("seen", "partner")}


class DirectLessonForm(LessonForm):
    """A lesson without a report: of an organisation, or ACE's own."""

    partner: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Who learned it"), queryset=None, required=False, empty_label=_("ACE itself")
    )
    field_order = ["partner", "title", "text", "advice", "area", "place"]

    def __init__(self, *args, partners, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["partner"].queryset = partners


class LessonReasonForm(ActionForm):
    """Why a lesson goes back, or off the site."""

    reason = LinesField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500)
