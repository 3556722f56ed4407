"""Forms of what is agreed around a project: consultation, joint partner, agreement, planned payment, disbursement."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ace_partners.core.forms import ActionForm, LinesField
from impact.forms.fields import DayField, NumberField
from impact.models import Agreement, Period
from impact.models.projects import CURRENCIES
from partners.models import Partner, Place


def _count_field(label):
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=100_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("Leave it empty if nobody counted; 0 is a count."),
    )


class ConsultationForm(ActionForm):
    held_on = DayField(label=_("Held on"))
    place = forms.ModelChoiceField(
        label=_("Place"), queryset=Place.objects.order_by("name"), required=False, empty_label="—"
    )
    groups = forms.CharField(
        label=_("Who was consulted"),
        max_length=200,
        help_text=_("Groups, never names: washers of Kapata, parents of the school. The public reads this."),
    )
    people = _count_field(_("People present"))
    women = _count_field(_("Of whom women"))
    asked = LinesField(
        label=_("What they asked for"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The public reads this: name nobody."),
    )  # fmt: skip
    outcome = LinesField(
        label=_("What the project does about it, or why not"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The public reads this: name nobody."),
    )

    def clean_held_on(self):
        day = self.cleaned_data["held_on"]
        if day > timezone.localdate():
            raise ValidationError(_("A consultation is written down once it took place: this day is in the future."))
        return day

    def clean(self):
        cleaned = super().clean()
        people, women = cleaned.get("people"), cleaned.get("women")
        if women is not None and people is None and "people" not in self.errors:
            self.add_error("people", _("Give the number of people present, of whom you count the women."))
        elif women is not None and people is not None and women > people:
            self.add_error("women", _("There cannot be more women than people present."))
        return cleaned


class JointPartnerForm(ActionForm):
    """`partners`: the organisations that the reader may choose from."""

    partner = forms.ModelChoiceField(label=_("Organisation"), queryset=Partner.objects.none(), empty_label="—")
    role = forms.CharField(
        label=_("What it does in the project"),
        max_length=200,
        help_text=_("In a few words: runs the literacy classes. The public reads this."),
    )

    def __init__(self, *args, project, partners, **kwargs):
        super().__init__(*args, **kwargs)
        used = project.joint_partners.values("partner")
        self.fields["partner"].queryset = partners.exclude(pk=project.partner_id).exclude(pk__in=used)


class AgreementForm(ActionForm):
    """The agreement of a project, new or known."""

    reference = forms.CharField(
        label=_("Reference"), max_length=40, help_text=_("As it stands on the paper: ACE/CONV/2026/014.")
    )
    signed_on = DayField(
        label=_("Signed on"), help_text=_("A day to come may be written down; until then nothing is paid.")
    )
    signed_for_partner = forms.CharField(label=_("Signed for the organisation by"), max_length=120)
    conditions = LinesField(
        label=_("Conditions"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What both sides promised beside the targets and the budget. The organisation reads this."),
    )

    def __init__(self, *args, agreement=None, **kwargs):
        self.agreement = agreement
        if agreement is not None:
            names = ("reference", "signed_on", "signed_for_partner", "conditions")
            kwargs["initial"] = {name: getattr(agreement, name) for name in names}
        super().__init__(*args, **kwargs)

    def clean_reference(self):
        reference = self.cleaned_data["reference"]
        others = Agreement.objects.exclude(pk=self.agreement.pk if self.agreement else None)
        if others.filter(reference=reference).exists():
            raise ValidationError(_("This reference is taken by another agreement."))
        return reference


class InstallmentForm(ActionForm):
    amount = NumberField(label=_("Amount"))
    currency = forms.ChoiceField(label=_("Currency"), choices=CURRENCIES, initial="USD")
    planned_on = DayField(label=_("Planned on"))
    after_period = forms.ModelChoiceField(
        label=_("After the accepted report of"),
        queryset=Period.objects.none(),
        required=False,
        empty_label=_("no report is waited for"),
    )
    condition = forms.CharField(
        label=_("Other condition"),
        max_length=200,
        required=False,
        help_text=_("Whoever proposes the payment confirms that it is met. The organisation reads this."),
    )

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["after_period"].queryset = project.periods.order_by("starts_on")

    def clean_amount(self):
        return _above_zero(self.cleaned_data["amount"])


class DisbursementForm(ActionForm):
    """Money for one planned payment, in the currency that was planned."""

    amount = NumberField(label=_("Amount"))
    note = forms.CharField(
        label=_("Note for the second person"),
        max_length=300,
        required=False,
        help_text=_("The organisation does not read this."),
    )

    def __init__(self, *args, installment, **kwargs):
        self.installment = installment
        super().__init__(*args, **kwargs)
        self.fields["amount"].initial = installment.amount
        self.fields["amount"].help_text = _("In %(currency)s, no more than was planned.") % {
            "currency": installment.currency
        }
        if installment.condition:
            self.fields["is_met"] = forms.BooleanField(
                label=_("The condition is met: %(condition)s") % {"condition": installment.condition},
                error_messages={"required": _("Money leaves once the condition is met: confirm it, or wait.")},
            )

    def clean_amount(self):
        amount = _above_zero(self.cleaned_data["amount"])
        if amount > self.installment.amount:
            raise ValidationError(_("This is more than the calendar plans for this payment."))
        return amount

    def proposal(self):
        """The clean values as the action takes them."""
        return {name: self.cleaned_data[name] for name in ("amount", "note")}


class PaymentForm(ActionForm):
    paid_on = DayField(label=_("Paid on"))
    payment_reference = forms.CharField(
        label=_("Reference of the payment"),
        max_length=60,
        help_text=_("The number of the transfer or of the receipt. The organisation reads this."),
    )


class CancelForm(ActionForm):
    reason = forms.CharField(
        label=_("Why this payment is given up"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why, in one sentence.")},
    )


def _above_zero(amount):
    if amount <= 0:
        raise ValidationError(_("A payment is above zero."))
    return amount
