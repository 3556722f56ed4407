"""Strings in, clean values out: `fields` reads numbers and days as people here write them."""

from impact.forms.drafts import EvidenceForm, ExpenseForm, NothingSpentForm, ReplyForm, SubmitForm, TextsForm, ValueForm
from impact.forms.projects import BudgetLineForm, PeriodForm, ProjectForm
from impact.forms.review import RemarkForm, SeenForm, WaiverForm
from impact.forms.targets import QuestionForm, RevisionForm, TargetForm

__all__ = [
    "BudgetLineForm",
    "EvidenceForm",
    "ExpenseForm",
    "NothingSpentForm",
    "PeriodForm",
    "ProjectForm",
    "QuestionForm",
    "RemarkForm",
    "ReplyForm",
    "RevisionForm",
    "SeenForm",
    "SubmitForm",
    "TargetForm",
    "TextsForm",
    "ValueForm",
    "WaiverForm",
]
