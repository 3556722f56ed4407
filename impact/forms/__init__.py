"""Strings in, clean values out: `fields` reads numbers and days as people here write them."""

from impact.forms.closing import CloseForm, ExtensionForm, MotiveForm, RefusalForm, ReleaseForm
from impact.forms.drafts import EvidenceForm, ExpenseForm, NothingSpentForm, ReplyForm, SubmitForm, TextsForm, ValueForm
from impact.forms.projects import BudgetLineForm, PeriodForm, ProjectForm, TargetForm
from impact.forms.review import RemarkForm, SeenForm, WaiverForm

__all__ = [
    "BudgetLineForm",
    "CloseForm",
    "ExtensionForm",
    "MotiveForm",
    "RefusalForm",
    "ReleaseForm",
    "EvidenceForm",
    "ExpenseForm",
    "NothingSpentForm",
    "PeriodForm",
    "ProjectForm",
    "RemarkForm",
    "ReplyForm",
    "SeenForm",
    "SubmitForm",
    "TargetForm",
    "TextsForm",
    "ValueForm",
    "WaiverForm",
]
