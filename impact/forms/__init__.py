"""Strings in, clean values out: `fields` reads numbers and days as people here write them."""

from impact.forms.closing import CloseForm, ExtensionForm, MotiveForm, RefusalForm, ReleaseForm
from impact.forms.drafts import (
    CommentsForm,
    EvidenceForm,
    ExpenseForm,
    NothingSpentForm,
    ReplyForm,
    SubmitForm,
    TextsForm,
)
from impact.forms.grid import GridTable
from impact.forms.projects import BudgetLineForm, PeriodForm, ProjectForm
from impact.forms.review import RemarkForm, SeenForm, WaiverForm
from impact.forms.targets import QuestionForm, RevisionForm, TargetForm
from impact.forms.values import ValueForm

__all__ = [
    "BudgetLineForm",
    "CommentsForm",
    "CloseForm",
    "ExtensionForm",
    "MotiveForm",
    "RefusalForm",
    "ReleaseForm",
    "EvidenceForm",
    "ExpenseForm",
    "GridTable",
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
