"""Forms of the partner's report: an expense, the texts, a file, a reply, the declaration."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ace_partners.core.forms import ActionForm
from ace_partners.core.money import CDF, USD
from ace_partners.core.uploads import EvidenceField
from impact.forms.fields import DayField, NumberField
from impact.models import DraftComment
from impact.models.projects import CURRENCIES

OUTSIDE = "outside"


class ExpenseForm(ActionForm):
    """An expense in the currency it was paid in. Francs need their rate, its date and where it was read."""

    budget_line = forms.ChoiceField(label=_("Budget line"))
    label = forms.CharField(label=_("What was paid"), max_length=150)
    spent_on = DayField(label=_("Date of payment"))
    amount = NumberField(
        label=_("Amount"), signed=True, help_text=_("A refund is written with a minus sign: −500 000.")
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=CURRENCIES, widget=forms.RadioSelect)
    rate = NumberField(
        label=_("Rate: Congolese francs for 1 US dollar"),
        max_places=4,
        required=False,
        help_text=_("For francs only. A rate like 2 277.5667 is written 2277,5667."),
    )
    rate_on = DayField(label=_("Date of the rate"), required=False)
    rate_source = forms.CharField(
        label=_("Where the rate comes from"), max_length=80, required=False, help_text=_("Central Bank, exchange slip…")
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args, report, line=None, lines=None, **kwargs):
        """`lines`: the project's budget lines, where many forms are made at once; they are read here otherwise."""
        self.period = report.period
        if line is not None:
            kwargs["initial"] = _expense_initial(line)
            kwargs["seen"] = line.lock_version
        super().__init__(*args, **kwargs)
        lines = report.project.budget_lines.order_by("code") if lines is None else lines
        self.lines = {str(each.pk): each for each in lines}
        # Outside the budget is an answer that somebody gives, never the one that was there already.
        choices = [(pk, str(each)) for pk, each in self.lines.items()]
        self.fields["budget_line"].choices = [("", "—"), *choices, (OUTSIDE, _("Outside the budget"))]

    def clean_budget_line(self):
        """The BudgetLine, or None for an expense outside the budget."""
        return self.lines.get(self.cleaned_data["budget_line"])

    def clean_spent_on(self):
        day = self.cleaned_data["spent_on"]
        if not self.period.starts_on <= day <= self.period.ends_on:
            raise ValidationError(_("This date lies outside the period of the report."))
        if day > timezone.localdate():
            raise ValidationError(_("This date lies in the future."))
        return day

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("amount") == 0:
            self.add_error("amount", _("An expense of zero is no expense: leave the line out."))
        if cleaned.get("currency") == CDF:
            self._clean_rate(cleaned)
        elif cleaned.get("currency") == USD:
            # A dollar is a dollar: whatever stands in the rate's fields was meant for francs.
            if cleaned.get("rate") not in (None, 1):
                self.add_error("rate", _("An amount in dollars has no rate: empty this field, or choose CDF."))
            cleaned.update(rate=None, rate_on=None, rate_source="")
        return cleaned

    def _clean_rate(self, cleaned):
        if "rate" not in self.errors and not cleaned.get("rate"):
            self.add_error("rate", _("Give the rate: how many Congolese francs for one US dollar, above zero."))
        if "rate_on" not in self.errors and cleaned.get("rate_on") is None:
            self.add_error("rate_on", _("Give the day of the rate."))
        if not cleaned.get("rate_source", "").strip():
            self.add_error("rate_source", _("Say where the rate comes from."))


def _expense_initial(line):
    names = ("label", "spent_on", "amount", "currency", "rate_on", "rate_source", "note")
    initial = {name: getattr(line, name) for name in names}
    return {
        **initial,
        "budget_line": line.budget_line_id or OUTSIDE,
        "rate": line.rate if line.currency == CDF else None,
    }


class NothingSpentForm(ActionForm):
    nothing_spent = forms.BooleanField(label=_("Nothing was spent in this period"), required=False)


class TextsForm(ActionForm):
    """The three texts of a report, or those of them that ACE asks about (`only`)."""

    narrative = forms.CharField(
        label=_("What happened in this period"),
        widget=forms.Textarea(attrs={"rows": 8}),
        required=False,
        help_text=_("A few sentences. Name no child and nobody who could be recognised."),
    )
    difficulties = forms.CharField(
        label=_("Difficulties, and why a target was missed"), widget=forms.Textarea(attrs={"rows": 5}), required=False
    )
    lessons = forms.CharField(label=_("What you learned"), widget=forms.Textarea(attrs={"rows": 5}), required=False)

    def __init__(self, *args, report, only=None, **kwargs):
        kwargs["initial"] = {name: getattr(report, name) for name in ("narrative", "difficulties", "lessons")}
        super().__init__(*args, seen=report.texts_version, **kwargs)
        for name in list(kwargs["initial"]):
            if only is not None and name not in only:
                del self.fields[name]

    @property
    def texts(self):
        return {name: text for name, text in self.cleaned_data.items() if name != "seen"}


class EvidenceForm(ActionForm):
    upload = EvidenceField(label=_("File"))
    caption = forms.CharField(label=_("What it shows"), max_length=150)
    target: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("It belongs to"), queryset=None, required=False, empty_label=_("The report as a whole")
    )
    is_public = forms.BooleanField(
        label=_("ACE may show this file to the public"),
        required=False,
        help_text=_("Only if nobody can be recognised on it, and no child at all."),
    )

    def __init__(self, *args, report, **kwargs):
        super().__init__(*args, **kwargs)
        agreed = report.project.targets.agreed().select_related("indicator")
        self.fields["target"].queryset = agreed.order_by("indicator__code")


class ReplyForm(ActionForm):
    """The reply to one correction request."""

    reply = forms.CharField(
        label=_("Your reply to ACE"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        help_text=_("What you changed, or why it is right as it is."),
    )

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, prefix=f"r{request.pk}", initial={"reply": request.reply}, **kwargs)


class CommentsForm(ActionForm):
    """One field for each warning of the checks: what the organisation says to it. Saved as far as they are written."""

    def __init__(self, *args, warnings, **kwargs):
        super().__init__(*args, **kwargs)
        self.warnings = {f"k.{check.key}": check for check in warnings}
        for name, check in self.warnings.items():
            self.fields[name] = forms.CharField(
                label=check.words,
                widget=forms.Textarea(attrs={"rows": 2}),
                max_length=DraftComment._meta.get_field("text").max_length,
                required=False,
                initial=check.comment,
            )

    @property
    def texts(self):
        """{key of the check: text}"""
        return {check.key: self.cleaned_data[name] for name, check in self.warnings.items()}


class SubmitForm(ActionForm):
    """Nothing but the declaration: what is sent is the saved draft."""

    declaration = forms.BooleanField(label=_("I declare that this report is complete and true."))

    def __init__(self, *args, signatory, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["declaration"].label = _(
            "I, %(name)s, sign for the organisation and declare that this report is complete and true."
        ) % {"name": signatory}
        self.fields["declaration"].error_messages["required"] = _(
            "Tick the declaration: without it the report cannot be sent."
        )
