"""Forms of the monitoring officer's pages: project, budget line, period."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ace_partners.core.forms import ActionForm
from impact.forms.fields import DayField, NumberField
from impact.models import Project
from impact.models.projects import CURRENCIES
from partners.models import Area, Place


class ProjectForm(ActionForm):
    """A project, new or known. The code is given once: reports and links carry it."""

    code = forms.SlugField(
        label=_("Code"),
        max_length=20,
        help_text=_("Short, without spaces: afa-epargne-2026. It never changes afterwards."),
    )
    title = forms.CharField(label=_("Title"), max_length=150)
    summary = forms.CharField(label=_("What the project does"), widget=forms.Textarea(attrs={"rows": 4}))
    needs = forms.CharField(
        label=_("What the community asked for, and who was consulted"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )
    areas = forms.MultipleChoiceField(label=_("Contribution areas"), choices=Area, widget=forms.CheckboxSelectMultiple)
    on_site = forms.BooleanField(label=_("The work happens on a mine site"), required=False)
    places = forms.ModelMultipleChoiceField(label=_("Places"), queryset=Place.objects.order_by("name"), required=False)
    starts_on = DayField(label=_("Start"))
    ends_on = DayField(label=_("End"))

    def __init__(self, *args, project=None, **kwargs):
        if project is not None:
            kwargs["initial"] = _project_initial(project)
        super().__init__(*args, **kwargs)
        if project is not None:
            del self.fields["code"]

    def clean_code(self):
        code = self.cleaned_data["code"]
        if Project.objects.filter(code=code).exists():
            raise ValidationError(_("This code is taken by another project."))
        return code

    def clean(self):
        cleaned = super().clean()
        start, end = cleaned.get("starts_on"), cleaned.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", _("The end comes before the start."))
        return cleaned


def _project_initial(project):
    fields = ("title", "summary", "needs", "on_site", "starts_on", "ends_on")
    return {
        **{name: getattr(project, name) for name in fields},
        "areas": [area.area for area in project.areas.all()],
        "places": [place.place_id for place in project.places.all()],
    }


class BudgetLineForm(ActionForm):
    code = forms.CharField(label=_("Code"), max_length=10, help_text=_("For example A1."))
    label = forms.CharField(label=_("Line"), max_length=120)
    amount = NumberField(label=_("Amount"))
    currency = forms.ChoiceField(label=_("Currency"), choices=CURRENCIES, initial="USD")
    area = forms.ChoiceField(
        label=_("Contribution area"),
        required=False,
        help_text=_("The area that this line pays for, if it is one alone."),
    )

    def __init__(self, *args, project, **kwargs):
        self.project = project
        super().__init__(*args, **kwargs)
        areas = [(each.area, each.get_area_display()) for each in project.areas.all()]
        self.fields["area"].choices = [("", _("several areas, or all")), *areas]
        if len(areas) == 1:
            self.fields["area"].initial = areas[0][0]

    def clean_code(self):
        code = self.cleaned_data["code"]
        if self.project.budget_lines.filter(code=code).exists():
            raise ValidationError(_("This project already has a budget line with this code."))
        return code


class PeriodForm(ActionForm):
    label = forms.CharField(label=_("Name"), max_length=40, help_text=_("As people call it: T1 2026."))
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"))
    due_on = DayField(label=_("Report due on"))
    grace_days = forms.IntegerField(
        label=_("Days of grace"),
        min_value=0,
        max_value=60,
        initial=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=_("A report that arrives within these days after the due date is not late."),
    )

    def clean(self):
        cleaned = super().clean()
        start, end, due = (cleaned.get(name) for name in ("starts_on", "ends_on", "due_on"))
        if start and end and end < start:
            self.add_error("ends_on", _("The end comes before the start."))
        if end and due and due < end:
            self.add_error("due_on", _("A report cannot be due before its period ends."))
        return cleaned
