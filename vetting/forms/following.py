"""What is filled in after an approval: flags and replies, holds, visits, the regulatory status, and the calendar's filter."""

from django import forms
from django.forms import formset_factory
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ace_partners.core.forms import ActionForm, LinesField, day_input
from vetting.agenda import KINDS, PERIODS
from vetting.forms.reviews import WORDS_FOR_THEM
from vetting.forms.team import FutureDayField
from vetting.models import FlagCategory, FlagSeverity, FlagTone, RegulatoryState
from vetting.rules import holds as hold_rules


class PastDayField(forms.DateField):
    """Today or a day before."""

    def __init__(self, **kwargs):
        super().__init__(widget=day_input(), **kwargs)

    def clean(self, value):
        day = super().clean(value)
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come: choose today or a day before."))
        return day


class ComingDayField(forms.DateField):
    """Today or a day after."""

    def __init__(self, **kwargs):
        super().__init__(widget=day_input(), **kwargs)

    def clean(self, value):
        day = super().clean(value)
        if day is not None and day < timezone.localdate():
            raise forms.ValidationError(_("This day is past: choose today or a day after."))
        return day


def lines(rows, **kwargs):
    """A text of several lines, `rows` high."""
    return LinesField(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class FlagForm(ActionForm):
    category = forms.ChoiceField(
        label=_("About"),
        choices=[("", _("choose")), *FlagCategory.choices],
        error_messages={"required": _("Choose what it is about.")},
    )
    tone = forms.ChoiceField(
        label=_("Kind of observation"),
        choices=FlagTone,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether this is in favour, neutral or a concern.")},
    )
    severity = forms.ChoiceField(
        label=_("Severity"),
        choices=FlagSeverity,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how serious it is.")},
    )
    text = lines(
        5,
        label=_("What was observed"),
        max_length=2000,
        help_text=WORDS_FOR_THEM,
        error_messages={"required": _("Say what was observed, in words for the organisation.")},
    )
    note = lines(
        3,
        label=_("Internal note"),
        max_length=2000,
        required=False,
        help_text=_("For ACE alone: it never reaches the organisation, in no page, mail or letter."),
    )
    silent_reason = lines(
        2,
        label=_("Why the organisation is not told yet"),
        max_length=1000,
        required=False,
        help_text=_(
            "Leave this empty. Only for a concern about protection or an accident under inquiry, when telling would put "
            "somebody or the inquiry at risk; the direction is told at once."
        ),
    )
    silent_until = FutureDayField(
        label=_("Not told until"), required=False, help_text=_("The exception ends on this day, 90 days at the latest.")
    )

    def clean(self):
        values = super().clean()
        if values.get("tone") == FlagTone.POSITIVE and values.get("severity", FlagSeverity.INFO) != FlagSeverity.INFO:
            self.add_error("severity", _("An observation in favour is for information: it has no other severity."))
        if values.get("silent_reason") and "silent_until" in values and not values["silent_until"]:
            self.add_error(
                "silent_until", _("Say until which day the organisation is not told; that day is after today.")
            )
        if values.get("silent_until") and not values.get("silent_reason"):
            self.add_error("silent_reason", _("Say why the organisation is not told yet."))
        return values


class ReplyForm(ActionForm):
    reply = lines(
        6,
        label=_("Your reply"),
        max_length=4000,
        help_text=_("It stays with the flag for good, in your words. Name no child."),
        error_messages={"required": _("Write your reply.")},
    )


class FlagConclusionForm(ActionForm):
    conclusion = lines(
        4,
        label=_("Conclusion"),
        max_length=2000,
        help_text=WORDS_FOR_THEM,
        error_messages={"required": _("Say why, in one sentence.")},
    )


class HoldForm(ActionForm):
    """`flags`: the flags of the organisation that may have an effect."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[(kind.value, kind.label) for kind in hold_rules.KINDS],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what kind of hold this is.")},
    )
    reason = lines(
        4,
        label=_("Reason"),
        max_length=2000,
        help_text=WORDS_FOR_THEM,
        error_messages={"required": _("Say why, in words for the organisation.")},
    )
    ends_on = ComingDayField(
        label=_("Ends on"), required=False, help_text=_("Without a day it stays until the direction lifts it.")
    )
    flag = forms.TypedChoiceField(
        label=_("The flag it rests on"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("Only substantiated flags are offered: a flag has no effect before the organisation could reply."),
    )

    def __init__(self, *args, flags, **kwargs):
        super().__init__(*args, **kwargs)
        self.flags = {flag.pk: flag for flag in flags}
        named = [(pk, f"{flag.get_category_display()} · {flag.text[:60]}") for pk, flag in self.flags.items()]
        self.fields["flag"].choices = [("", _("none")), *named]

    def hold(self):
        """The clean values as `set_hold` takes them."""
        return {**self.cleaned_data, "flag": self.flags.get(self.cleaned_data["flag"])}


class VisitForm(ActionForm):
    """`places`: where the organisation is or works."""

    planned_on = ComingDayField(label=_("Planned for"))
    place = forms.TypedChoiceField(label=_("Place"), required=False, coerce=int, empty_value=None)
    purpose = forms.CharField(label=_("Purpose"), max_length=200)
    visitors = forms.CharField(label=_("Who goes"), max_length=200)

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.places = {place.pk: place for place in places}
        self.fields["place"].choices = [("", "—"), *((pk, str(place)) for pk, place in self.places.items())]

    def visit(self):
        """The clean values as `plan_visit` takes them."""
        return {**self.cleaned_data, "place": self.places.get(self.cleaned_data["place"])}


class VisitRecordForm(ActionForm):
    held_on = PastDayField(label=_("Held on"))
    account = lines(
        6,
        label=_("What was seen"),
        max_length=5000,
        help_text=_("For ACE. Name no child, and no person where an office will do."),
        error_messages={"required": _("Say in a few sentences what was seen.")},
    )


class PointForm(forms.Form):
    """One line of a visit's record: a finding, or an action with who does it and by when."""

    text = forms.CharField(label=_("Finding or action"), max_length=300, required=False)
    responsible = forms.CharField(label=_("Who does it"), max_length=120, required=False)
    due_on = forms.DateField(label=_("To be done by"), required=False, widget=day_input())

    def clean(self):
        values = super().clean()
        if "text" in values and not values["text"]:
            self.add_error("text", _("Write the finding or the action."))
        if values.get("responsible") and "due_on" in values and not values["due_on"]:
            self.add_error("due_on", _("Say by which day this is done."))
        if values.get("due_on") and not values.get("responsible"):
            self.add_error("responsible", _("Say who does this."))
        return values

    def point(self):
        """(text, responsible, due_on) as `record_visit` takes it."""
        return tuple(self.cleaned_data[name] for name in ("text", "responsible", "due_on"))


PointFormSet = formset_factory(PointForm, extra=6, max_num=12, absolute_max=12, validate_max=True)


class RegulatoryForm(ActionForm):
    """`sites`: the mine sites of the organisation."""

    subject = forms.TypedChoiceField(label=_("About"), required=False, coerce=int, empty_value=None)
    state = forms.ChoiceField(
        label=_("Regulatory status"),
        choices=RegulatoryState,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the status.")},
    )
    effective_on = PastDayField(label=_("In effect since"))
    source = forms.CharField(
        label=_("Source"),
        max_length=300,
        help_text=_(
            "The order with its number and date, or who said so and when. The public reads it; name no person."
        ),
        error_messages={"required": _("Name the source: the order, its number and its date, or who said so and when.")},
    )
    note = forms.CharField(label=_("Note (for ACE)"), max_length=300, required=False)

    def __init__(self, *args, partner, sites, **kwargs):
        super().__init__(*args, **kwargs)
        self.sites = {site.pk: site for site in sites}
        self.fields["subject"].choices = [("", partner.name), *((pk, str(site)) for pk, site in self.sites.items())]

    def status(self):
        """The clean values as `record_status` takes them."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "subject"}
        return {**values, "place": self.sites.get(self.cleaned_data["subject"])}


class CalendarForm(ActionForm):
    """The filter of the calendar, in the query string."""

    within = forms.ChoiceField(
        label=_("Period"), required=False, choices=[("", _("overdue, and the next 180 days")), *PERIODS]
    )
    kind = forms.ChoiceField(label=_("What"), required=False, choices=[("", _("all")), *KINDS])
