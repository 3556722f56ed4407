"""What all our forms share: crispy rendering inside a form tag of the template, and the version the page showed."""

from contextlib import contextmanager

from crispy_forms.helper import FormHelper
from django import forms
from django.shortcuts import render

from ace_partners.core.errors import NotAllowed
from ace_partners.core.retries import keep_uploads


class LinesField(forms.CharField):
    """A text of several lines. Browsers send each line break as two characters; we keep one, and see no change in it."""

    widget = forms.Textarea

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")

    def has_changed(self, initial, data):
        return super().has_changed(initial, self.to_python(data))


class ActionForm(forms.Form):
    """A form whose cleaned data go to one action. `seen` is the lock version of the row that the page showed."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    refused = False

    def __init__(self, *args, seen=None, **kwargs):
        super().__init__(*args, **kwargs)
        if seen is None:
            del self.fields["seen"]
        else:
            self.fields["seen"].initial = seen
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True  # the template's form tag carries it, with the one-time token

    @contextmanager
    def refusals(self):
        """Around an action: reasons against it become errors of this form, and the page answers 403."""
        try:
            yield
        except NotAllowed as refusal:
            self.refused = True
            for reason in refusal.reasons:
                self.add_error(None, reason)


def day_input():
    """The browser's own date picker; ISO is what it sends and expects."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def page(request, template, context, *, form=None):
    """Render a page; 403 when the rules refused its form, 422 when the form has errors, else 200."""
    status = 200
    if form is not None and form.is_bound:
        status = 403 if form.refused else 422 if not form.is_valid() else 200
        if status != 200:
            keep_uploads(form)
    return render(request, template, {**context, **({"form": form} if form is not None else {})}, status=status)
