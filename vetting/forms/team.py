"""What ACE fills in: opening, findings, requests, the proposal, a reason."""

from datetime import timedelta

from crispy_forms.layout import HTML, Layout
from django import forms
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from ace_partners.core.forms import ActionForm, LinesField, day_input
from vetting import phrases_renewal
from vetting.models import FINDING_CHOICES, Round
from vetting.scoring import Answer


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


class TakeForm(ActionForm):
    """Taking a dossier, with the declaration in the same tap for who has not declared yet."""

    has_link = forms.ChoiceField(choices=[("no", _("no")), ("yes", _("yes"))], required=False)


class FindingForm(ActionForm):
    """ACE's finding on one item: nothing preselected; a page beside a document says that the finding relies on it.

    `form_id` names the form tag that the fields belong to, where they stand outside it: the examination page holds one
    form for all items, so that saving one never loses what was typed in another.
    """

    answer = forms.ChoiceField(
        label=_("Finding"), choices=FINDING_CHOICES, widget=forms.RadioSelect,
        error_messages={"required": _("Choose a finding.")},
    )  # fmt: skip
    reason = LinesField(
        label=_("Reason (internal)"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "In a sentence. For “met” with a page cited you may leave it empty: “Seen”, with the page, is noted."
        ),
    )

    def __init__(self, *args, card, others=(), form_id="", **kwargs):
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
        if form_id:
            for field in self.fields.values():
                field.widget.attrs["form"] = form_id

    @property
    def needs_saving(self):
        """Whether something was chosen or typed here that differs from the finding as it is now."""
        names = [name for name in self.fields if name != "seen"]
        if not any(self.data.get(self.add_prefix(name), "").strip() for name in names):
            return False
        return bool(set(self.changed_data) - {"seen"})

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
        return Layout("seen", "answer", "reason", *pages, *self._other_layout())

    def _other_layout(self):
        """Folded away: most findings rely on what came with the answer."""
        if not self.others:
            return []
        used = self["other"].value() or self["other_page"].value()
        opening = format_html(
            "<details{}><summary>{}</summary>", " open" if used else "", _("Rely on another document")
        )
        return [HTML(opening), "other", "other_page", HTML("</details>")]

    def clean(self):
        values = super().clean()
        evidence = [(document, values.get(f"page_{pk}", "")) for pk, document in self.documents.items()]
        evidence = [(document, page) for document, page in evidence if page.strip()]
        if other := values.get("other"):
            if not values.get("other_page", "").strip():
                self.add_error("other_page", _("Name the page you rely on; “1” for a single sheet."))
            evidence.append((self.others[other], values.get("other_page", "")))
        values["evidence"] = evidence
        if not values.get("reason", "").strip():
            self._fill_reason(values, evidence)
        return values

    def _fill_reason(self, values, evidence):
        """A finding always has its reason; “met” on a cited page says by itself what was seen."""
        if values.get("answer") == Answer.MET and evidence and not self.errors:
            values["reason"] = phrases_renewal.seen(evidence)
        else:
            self.add_error("reason", _("Give your reason in a sentence."))

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
