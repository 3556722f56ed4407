"""Another body's assessment, its place beside an answer, and a paper accepted after a decision."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ace_partners.core.forms import ActionForm, day_input
from partners.forms import DocumentChoiceField
from partners.models import Document
from vetting.models import OtherAssessment
from vetting.phrases import day
from vetting.rules.evidence import assessment_problems


class AssessmentForm(ActionForm):
    """Cleans to the arguments of `actions.evidence.add_assessment`."""

    body = forms.CharField(
        label=_("Who assessed you"), max_length=120, help_text=_("For instance UNICEF, a pooled fund, another funder.")
    )
    tool = forms.CharField(
        label=_("What was assessed"), max_length=150, help_text=_("For instance PSEA, HACT, CHS, financial capacity.")
    )
    result = forms.CharField(
        label=_("Result"), max_length=200, help_text=_("As it is written there: “low risk”, “14 of 18”, “certified”.")
    )
    assessed_on = forms.DateField(label=_("Date of the assessment"), widget=day_input())
    source = forms.CharField(
        label=_("Where ACE can check it"),
        max_length=300,
        help_text=_("An address, a reference number, or the office to ask."),
        error_messages={"required": _("Say where ACE can check it: an address, a reference number, or whom to ask.")},
    )
    document = DocumentChoiceField(
        label=_("Its report, if it is in your file"),
        queryset=Document.objects.none(),
        required=False,
        empty_label=_("not in the file"),
    )

    def __init__(self, *args, documents, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["document"].queryset = documents

    def clean(self):
        values = super().clean()
        if "source" in values:
            facts = {"assessed_on": values.get("assessed_on"), "source": values["source"]}
            for name, sentence in assessment_problems(**facts, today=timezone.localdate()).items():
                self.add_error(name, sentence)
        return values


class AssessmentChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, assessment):
        return f"{assessment} · {assessment.result} ({day(assessment.assessed_on)})"


class ReferenceForm(ActionForm):
    assessment = AssessmentChoiceField(
        label=_("Assessment"),
        queryset=OtherAssessment.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose an assessment.")},
    )

    def __init__(self, *args, assessments, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["assessment"].queryset = assessments


class AcceptForm(ActionForm):
    document = DocumentChoiceField(
        label=_("Valid paper"),
        queryset=Document.objects.none(),
        empty_label=_("choose"),
        error_messages={"required": _("Choose the paper that takes its place.")},
    )
    page = forms.CharField(
        label=_("Page relied on"),
        max_length=20,
        help_text=_("“1” for a single sheet."),
        error_messages={"required": _("Name the page you rely on; “1” for a single sheet.")},
    )

    def __init__(self, *args, documents, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["document"].queryset = documents
