"""Forms of the monitoring officer's pages: project, budget line, period, target."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ace_partners.core.forms import ActionForm
from impact.forms.fields import DayField, NumberField
from impact.models import BaselineState, Indicator, Project
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


class TargetForm(ActionForm):
    """A target and its numbers period by period. `cleaned_data["period_targets"]` maps each period to a Decimal or None."""

    indicator = forms.ModelChoiceField(label=_("Indicator"), queryset=Indicator.objects.none(), empty_label="—")
    baseline_state = forms.ChoiceField(
        label=_("Starting point"), choices=BaselineState, widget=forms.RadioSelect, help_text=_("Unknown is not zero.")
    )
    baseline = NumberField(label=_("Starting value"), max_places=4, required=False)
    baseline_on = DayField(
        label=_("Measured on, or to be collected by"),
        required=False,
        help_text=_("Needed unless it is not applicable."),
    )
    baseline_source = forms.CharField(label=_("Source of the starting value"), max_length=200, required=False)
    final_target = NumberField(
        label=_("Target at the end of the project"),
        max_places=4,
        required=False,
        help_text=_("A percentage is written as a number: 80 for 80 %."),
    )
    rationale = forms.CharField(
        label=_("Why this is ambitious and within reach"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
    agreed_on = DayField(label=_("Agreed on"))

    def __init__(self, *args, project, periods, target=None, **kwargs):
        self.periods = list(periods)
        if target is not None:
            kwargs["initial"] = _target_initial(target)
        super().__init__(*args, **kwargs)
        if target is not None:
            del self.fields["indicator"]
        else:
            self.fields["indicator"].queryset = _indicators_for(project)
        for period in self.periods:
            self.fields[f"period_{period.pk}"] = NumberField(
                label=_("Target of %(period)s") % {"period": period.label}, max_places=4, required=False
            )
        aims = [f"period_{period.pk}" for period in self.periods]
        first = ["seen", "indicator", "baseline_state", "baseline", "baseline_on", "baseline_source"]
        self.order_fields([*first, *aims, "final_target", "rationale", "agreed_on"])

    def clean(self):
        cleaned = super().clean()
        self._clean_baseline(cleaned)
        cleaned["period_targets"] = {period: cleaned.pop(f"period_{period.pk}", None) for period in self.periods}
        return cleaned

    def _clean_baseline(self, cleaned):
        state = cleaned.get("baseline_state")
        value, day = cleaned.get("baseline"), cleaned.get("baseline_on")
        if state == BaselineState.KNOWN and value is None and "baseline" not in self.errors:
            self.add_error("baseline", _("Write the starting value; zero is a value."))
        if state in (BaselineState.UNKNOWN, BaselineState.NOT_APPLICABLE) and value is not None:
            self.add_error("baseline", _("Leave the value empty, or choose “known”."))
        if state == BaselineState.KNOWN and day is None and "baseline_on" not in self.errors:
            self.add_error("baseline_on", _("Say when it was measured."))
        if state == BaselineState.UNKNOWN and day is None and "baseline_on" not in self.errors:
            self.add_error("baseline_on", _("Say by when it will be collected."))


def _indicators_for(project):
    """The newest version of each indicator of the project's areas that has no target yet."""
    areas = [area.area for area in project.areas.all()]
    used = project.targets.values("indicator__code")
    return Indicator.objects.current().filter(area__in=[*areas, "all"]).exclude(code__in=used).order_by("code")


def _target_initial(target):
    names = ("baseline_state", "baseline", "baseline_on", "baseline_source", "final_target", "rationale", "agreed_on")
    return {
        **{name: getattr(target, name) for name in names},
        **{f"period_{aim.period_id}": aim.value for aim in target.period_targets.all()},
    }
