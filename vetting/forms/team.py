"""What ACE fills in: opening, findings, requests, the proposal, a reason."""

from datetime import timedelta

from crispy_forms.layout import Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ace_partners.core.dates import add_months
from ace_partners.core.forms import ActionForm, day_input
from vetting import phrases, rules
from vetting.models import FINDING_CHOICES, OUTCOME_CHOICES, Round
from vetting.scoring import Answer, Outcome

RESULT_REASON_HELP = _("Sent as it is. Write to the organisation; name no person.")


class FutureDayField(forms.DateField):
    """A day after today."""

    def __init__(self, **kwargs):
        super().__init__(widget=day_input(), **kwargs)

    def clean(self, value):
        day = super().clean(value)
        if day is not None and day <= timezone.localdate():
            raise forms.ValidationError(_("Choose a day after today."))
        return day


class OpenForm(ActionForm):
    round = forms.ChoiceField(label=_("Round"), choices=Round, widget=forms.RadioSelect, initial=Round.INITIAL)
    due_on = FutureDayField(
        label=_("Answers expected by"), help_text=_("Thirty days is usual; the organisation sees this date.")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["due_on"].initial = timezone.localdate() + timedelta(days=30)


class DeclareForm(ActionForm):
    has_link = forms.TypedChoiceField(choices=[("no", _("no")), ("yes", _("yes"))], coerce=lambda value: value == "yes")


class FindingForm(ActionForm):
    """ACE's finding on one item: nothing preselected; a page beside a document says that the finding relies on it."""

    answer = forms.ChoiceField(
        label=_("Finding"), choices=FINDING_CHOICES, widget=forms.RadioSelect,
        error_messages={"required": _("Choose a finding.")},
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Reason (internal)"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Give your reason in a sentence.")},
    )

    def __init__(self, *args, card, others=(), **kwargs):
        super().__init__(*args, prefix=card.item.code, **kwargs)
        self.card = card
        self.documents = {document.pk: document for document in card.documents}
        relied = self._relied_on(card)
        if card.knock_out:
            self.fields["answer"].choices = [row for row in FINDING_CHOICES if row[0] != Answer.NOT_APPLICABLE]
        for document in self.documents.values():
            self.fields[f"page_{document.pk}"] = self._page_field(document)
        self.others = {document.pk: document for document in others if document.pk not in self.documents}
        if self.others:
            self.fields["other"] = forms.TypedChoiceField(
                label=_("Another document of the organisation"),
                choices=[("", "—"), *((pk, str(document)) for pk, document in self.others.items())],
                coerce=int,
                empty_value=None,
                required=False,
            )
            self.fields["other_page"] = forms.CharField(label=_("Page relied on"), max_length=20, required=False)
        self._fill(card, relied)
        self.helper.layout = self._layout()

    @staticmethod
    def _relied_on(card):
        return {row.document_id: row.page for row in card.finding.evidence.all()} if card.finding else {}

    @staticmethod
    def _page_field(document):
        return forms.CharField(
            label=_("Page relied on: %(document)s") % {"document": document},
            max_length=20,
            required=False,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )

    def _fill(self, card, relied):
        """A finding that is there already is shown as it was written; otherwise every field stays empty."""
        if card.finding is None:
            return
        self.initial |= {"answer": card.finding.answer, "reason": card.finding.reason}
        for pk, page in relied.items():
            if pk in self.documents:
                self.initial[f"page_{pk}"] = page
            elif pk in self.others:
                self.initial |= {"other": pk, "other_page": page}

    def _layout(self):
        pages = [f"page_{pk}" for pk in self.documents]
        other = [name for name in ("other", "other_page") if name in self.fields]
        return Layout("seen", "answer", "reason", *pages, *other)

    def clean(self):
        values = super().clean()
        evidence = [(document, values.get(f"page_{pk}", "")) for pk, document in self.documents.items()]
        evidence = [(document, page) for document, page in evidence if page.strip()]
        if other := values.get("other"):
            if not values.get("other_page", "").strip():
                self.add_error("other_page", _("Name the page you rely on; “1” for a single sheet."))
            evidence.append((self.others[other], values.get("other_page", "")))
        values["evidence"] = evidence
        return values

    def finding(self):
        """The clean values as `save_finding` takes them."""
        return {name: self.cleaned_data[name] for name in ("seen", "answer", "reason", "evidence")}


class RequestForm(ActionForm):
    remark = forms.CharField(
        label=_("What you ask, and why"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The organisation reads this above its answer. Leave it empty to remove the request."),
    )


class SendRequestsForm(ActionForm):
    due_on = FutureDayField(label=_("Reply expected by"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["due_on"].initial = timezone.localdate() + timedelta(days=14)


class ReasonForm(ActionForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say why, in one sentence.")},
    )


class ProposeForm(ActionForm):
    """The decision as proposed: outcomes limited to what the findings allow, a reason per criterion, dated steps."""

    outcome = forms.ChoiceField(
        label=_("Outcome"), widget=forms.RadioSelect, error_messages={"required": _("Choose the outcome.")}
    )
    exclusion_reason = forms.CharField(
        label=_("Reason for the exclusion"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Recorded with the decision; the organisation reads the reasons per criterion."),
    )
    valid_until = forms.DateField(
        label=_("Valid until"), required=False, widget=day_input(), help_text=_("24 months at most.")
    )
    internal_note = forms.CharField(
        label=_("Note for the second person (never sent)"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, dossier, criteria, verdicts, gaps, previous=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.criteria, self.gaps = criteria, gaps
        self.items = {item.code: item for item in dossier.items}
        labels = dict(OUTCOME_CHOICES)
        self.fields["outcome"].choices = [(verdict.outcome, labels[verdict.outcome]) for verdict in verdicts]
        outcomes = {verdict.outcome for verdict in verdicts}
        if Outcome.EXCLUDED not in outcomes:
            del self.fields["exclusion_reason"]
        if outcomes.isdisjoint(rules.IN_FAVOUR):
            del self.fields["valid_until"]
        else:
            self.fields["valid_until"].initial = add_months(timezone.localdate(), rules.DEFAULT_VALIDITY)
        for criterion in criteria:
            self.fields[f"reason_{criterion.code}"] = self._reason_field(criterion)
        for gap in gaps:
            self._add_step(gap)
        if previous is not None:
            self._fill(previous)

    @staticmethod
    def _reason_field(criterion):
        return forms.CharField(
            label=_("Criterion %(number)s: reason for the organisation") % {"number": criterion.number},
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=RESULT_REASON_HELP,
            error_messages={"required": _("Write the reason that the organisation will read.")},
        )

    def _add_step(self, gap):
        code = gap.item_code
        self.fields[f"action_{code}"] = forms.CharField(
            label=_("%(item)s: what the organisation will do") % {"item": code}, max_length=300, required=False
        )
        self.fields[f"due_{code}"] = forms.DateField(
            label=_("%(item)s: by") % {"item": code}, required=False, widget=day_input(), help_text=self._limit(gap)
        )

    def _limit(self, gap):
        if not gap.needs_plan:
            return ""
        latest = add_months(timezone.localdate(), gap.plan_months)
        return _("%(day)s at the latest.") % {"day": phrases.day(latest)}

    def _fill(self, previous):
        """What was proposed before and came back, so that nothing is typed twice; the outcome is chosen anew."""
        self.initial["internal_note"] = previous.internal_note
        for row in previous.criteria.select_related("criterion"):
            self.initial[f"reason_{row.criterion.code}"] = row.reason
        for step in previous.steps.select_related("item"):
            self.initial |= {f"action_{step.item.code}": step.action, f"due_{step.item.code}": step.due_on}

    def reason_fields(self):
        """criterion code → the field of its reason, for the page that shows it under the findings."""
        return {criterion.code: self[f"reason_{criterion.code}"] for criterion in self.criteria}

    def step_fields(self):
        """(item, gap, field of the action, field of the date) for every gap."""
        return [
            (self.items[gap.item_code], gap, self[f"action_{gap.item_code}"], self[f"due_{gap.item_code}"])
            for gap in self.gaps
        ]

    def proposal(self):
        """The clean values as `propose` takes them."""
        values = self.cleaned_data
        steps = [
            (self.items[gap.item_code], values[f"action_{gap.item_code}"], values[f"due_{gap.item_code}"])
            for gap in self.gaps
        ]
        return {
            "seen": values["seen"],
            "outcome": values["outcome"],
            "reasons": {criterion.code: values[f"reason_{criterion.code}"] for criterion in self.criteria},
            "steps": [step for step in steps if step[1].strip() or step[2]],
            "valid_until": values.get("valid_until"),
            "internal_note": values["internal_note"],
            "exclusion_reason": values.get("exclusion_reason", ""),
        }
