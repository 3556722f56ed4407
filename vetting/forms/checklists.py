"""A version of the checklist: its items, its criteria, what changes, and the preview."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ace_partners.core.forms import ActionForm, LinesField
from partners.models import Area, DocumentType, OrganisationType
from vetting.checklist_content import (
    HEAVIEST_WEIGHT,
    LONGEST_NAME,
    LONGEST_PLAN_MONTHS,
    LONGEST_SECTION,
    LONGEST_STEP,
)
from vetting.checklist_diff import ITEM_FIELDS, TITLE_FIELDS, facts_of
from vetting.checklist_words import LABELS
from vetting.models import Round

OBLIGATIONS = [("mandatory", _("Mandatory")), ("recommended", _("Recommended"))]
ROUNDS = [("", _("every round")), *Round.choices]


def _text(name, *, rows, **more):
    return LinesField(label=LABELS[name], widget=forms.Textarea(attrs={"rows": rows}), max_length=2000, **more)


def _choices(name, choices, **more):
    return forms.MultipleChoiceField(
        label=LABELS[name], choices=choices, widget=forms.CheckboxSelectMultiple, required=False, **more
    )


class ItemForm(ActionForm):
    """One item, whole. Cleans to the values of `actions.checklists.edit_item`."""

    section = forms.CharField(label=LABELS["section"], max_length=LONGEST_SECTION, help_text=_("A word or two."))
    question_fr = _text("question_fr", rows=3)
    question_en = _text("question_en", rows=3)
    guidance_fr = _text("guidance_fr", rows=4)
    guidance_en = _text("guidance_en", rows=4)
    mandatory = forms.TypedChoiceField(
        label=LABELS["mandatory"],
        choices=OBLIGATIONS,
        widget=forms.RadioSelect,
        coerce=lambda value: value == "mandatory",
    )
    weight = forms.IntegerField(label=LABELS["weight"], min_value=1, max_value=HEAVIEST_WEIGHT, initial=1)
    plan_months = forms.IntegerField(
        label=LABELS["plan_months"],
        min_value=0,
        max_value=LONGEST_PLAN_MONTHS,
        initial=0,
        help_text=_("For an item that is partly met; 0: no plan is possible, only “met” passes."),
    )
    organisation_types = _choices("organisation_types", OrganisationType.choices)
    knock_out = _choices(
        "knock_out", OrganisationType.choices, help_text=_("“Not met” rules out an approval, whatever the score.")
    )
    areas = _choices(
        "areas",
        Area.choices,
        help_text=_("None ticked: asked whatever the areas. Mining cooperatives always get the mine-site items."),
    )
    rounds = forms.ChoiceField(label=LABELS["rounds"], choices=ROUNDS, widget=forms.RadioSelect, required=False)
    documents = _choices("documents", [])
    blocks_payment = forms.BooleanField(label=LABELS["blocks_payment"], required=False)
    suggested_step = forms.CharField(
        label=LABELS["suggested_step"],
        max_length=LONGEST_STEP,
        required=False,
        help_text=_("What usually closes a gap on this item; it fills in the plan and decides nothing."),
    )
    suggested_months = forms.IntegerField(
        label=LABELS["suggested_months"], min_value=1, max_value=LONGEST_PLAN_MONTHS, required=False
    )
    suggested_document = forms.ChoiceField(label=LABELS["suggested_document"], required=False)

    def __init__(self, *args, item=None, **kwargs):
        super().__init__(*args, **kwargs)
        names = [(row.code, str(row)) for row in DocumentType.objects.all()]
        self.fields["documents"].choices = names
        self.fields["suggested_document"].choices = [("", "—"), *names]
        if item is not None:
            self.initial |= self._as_typed(item)

    @staticmethod
    def _as_typed(item):
        facts = facts_of(item)
        return {
            **facts,
            "mandatory": "mandatory" if facts["mandatory"] else "recommended",
            "rounds": next(iter(facts["rounds"]), ""),
        }

    def values(self):
        """The clean fields as the actions take them."""
        values = {name: self.cleaned_data[name] for name in ITEM_FIELDS}
        return {**values, "rounds": [values["rounds"]] if values["rounds"] else []}


class NewItemForm(ItemForm):
    code = forms.CharField(label=_("Code"), max_length=8, help_text=_("The next free number is proposed."))

    field_order = ["code"]


class CriterionForm(ActionForm):
    title_fr = forms.CharField(label=LABELS["title_fr"], max_length=LONGEST_NAME)
    title_en = forms.CharField(label=LABELS["title_en"], max_length=LONGEST_NAME)

    def __init__(self, *args, criterion, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial |= {name: getattr(criterion, name) for name in TITLE_FIELDS}


class ChangesForm(ActionForm):
    what_changes = LinesField(
        label=_("What changes, and why"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("The second person reads it first; it stays with the version."),
        error_messages={"required": _("Say what changes, and why.")},
    )


class PreviewForm(ActionForm):
    """For whom the questions are shown; sent in the address."""

    type = forms.ChoiceField(label=_("Organisation type"), choices=OrganisationType)
    areas = forms.MultipleChoiceField(
        label=_("Areas"), choices=Area, widget=forms.CheckboxSelectMultiple, required=False
    )
    round = forms.ChoiceField(label=_("Round"), choices=Round)

    DEFAULTS = {"type": OrganisationType.CBO, "round": Round.INITIAL}
