"""A version of an indicator: its content, a new code, what changes."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ace_partners.core.forms import ActionForm, LinesField
from impact.forms.fields import NumberField
from impact.models import Indicator
from impact.models.framework import (
    AXES,
    CONTENT_FIELDS,
    UNITS,
    AcrossPartners,
    Calculation,
    Direction,
    ImpactArea,
    Kind,
)
from impact.rules import framework as rules


def _label(name):
    return capfirst(Indicator._meta.get_field(name).verbose_name)


def _text(name, **more):
    longest = Indicator._meta.get_field(name).max_length
    return forms.CharField(label=_label(name), max_length=longest, **more)


def _lines(name):
    return LinesField(label=_label(name), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


def _choice(name, choices=None, **more):
    choices = choices or Indicator._meta.get_field(name).choices
    return forms.ChoiceField(label=_label(name), choices=[("", "—"), *choices], **more)


class IndicatorForm(ActionForm):
    """One version, whole. Cleans to the values of `actions.framework.edit_indicator`, plus `seen`."""

    name_fr = _text("name_fr")
    name_en = _text("name_en")
    definition_fr = _lines("definition_fr")
    definition_en = _lines("definition_en")
    area = _choice("area")
    impact_area = _choice("impact_area", ImpactArea.choices)
    scope = _choice("scope")
    nature = _choice("nature")
    level = _choice("level")
    sdg = _text("sdg", required=False, help_text=_("For example 8.7."))
    kind = _choice("kind", Kind.choices)
    unit = _text(
        "unit", help_text=_("One of the known units, or a word of your own; a percentage has the percent sign.")
    )
    calculation = _choice("calculation", Calculation.choices)
    direction = _choice("direction", Direction.choices)
    threshold = NumberField(
        label=_label("threshold"),
        max_places=4,
        required=False,
        help_text=_("Only for “at most” and “at least”; a project’s target may ask for another one."),
    )
    across_partners = _choice("across_partners", AcrossPartners.choices)
    disaggregation = forms.MultipleChoiceField(
        label=_label("disaggregation"), required=False, widget=forms.CheckboxSelectMultiple
    )
    is_sensitive = forms.BooleanField(label=_("It counts or describes children"), required=False)
    method_source = _text("method_source", required=False)
    method_tool = _text("method_tool", required=False)
    method_collector = _text("method_collector", required=False)
    method_frequency = _text("method_frequency", required=False)
    minimum_evidence = _text("minimum_evidence", required=False)

    def __init__(self, *args, indicator=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.indicator = indicator
        axes = [(axis, AXES.get(axis, axis)) for axis in rules.known_axes()]
        self.fields["disaggregation"].choices = axes
        self.fields["unit"].widget.attrs["list"] = "units"
        if indicator is not None:
            self.initial |= {name: getattr(indicator, name) for name in CONTENT_FIELDS}

    @property
    def units(self):
        """The codes of the known units, for the list that the browser offers."""
        return list(UNITS)

    def clean_disaggregation(self):
        """The axes in the order in which the version had them: ticking none anew changes nothing."""
        ticked = self.cleaned_data["disaggregation"]
        had = [axis for axis in (self.indicator.disaggregation if self.indicator else []) if axis in ticked]
        return [*had, *(axis for axis in ticked if axis not in had)]

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            for field, words in rules.content_faults(cleaned):
                self.add_error(field, words)
        return cleaned


class NewIndicatorForm(IndicatorForm):
    code = forms.CharField(
        label=_("Code"), max_length=8, help_text=_("Like EPA-08; it never changes and never means anything else.")
    )

    field_order = ["code"]


class WhatChangesForm(ActionForm):
    what_changes = LinesField(
        label=_("What changes, and why"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("The second person reads it first; it stays with the version."),
        error_messages={"required": _("Say what changes, and why.")},
    )
