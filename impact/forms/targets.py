"""Forms about targets: the proposal, the revision, the organisation's remark."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ace_partners.core.forms import ActionForm, LinesField
from impact.forms.fields import DayField, NumberField
from impact.models import BaselineState, Indicator, ReportStatus


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
        self.order_fields([*first, *aims, "final_target", "rationale"])

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


class RevisionForm(TargetForm):
    """New values for an agreed target, and why. Targets of accepted periods are shown, and stay as they are."""

    motive = forms.CharField(
        label=_("Why the target changes"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The organisation reads it before it agrees; afterwards the public reads it beside the target."),
    )

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, project=project, **kwargs)
        accepted = project.reports.filter(status=ReportStatus.ACCEPTED).values_list("period", flat=True)
        for period in accepted:
            field = self.fields.get(f"period_{period}")
            if field is not None:
                field.disabled = True
                field.help_text = _("The report of this period is accepted: its target stays.")


class QuestionForm(ActionForm):
    """What the organisation answers instead of agreeing."""

    reason = LinesField(
        label=_("Your remark to ACE"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What would have to change, and why. ACE gets it by e-mail and can change its proposal."),
    )


def _indicators_for(project):
    """The newest version of each indicator of the project's areas that has no target yet."""
    areas = [area.area for area in project.areas.all()]
    used = project.targets.values("indicator__code")
    return Indicator.objects.current().filter(area__in=[*areas, "all"]).exclude(code__in=used).order_by("code")


def _target_initial(target):
    names = ("baseline_state", "baseline", "baseline_on", "baseline_source", "final_target", "rationale")
    return {
        **{name: getattr(target, name) for name in names},
        **{f"period_{aim.period_id}": aim.value for aim in target.period_targets.all()},
    }
