"""The content of a checklist in words: what its fields are called, what their codes mean, what changed."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ace_partners.core.event_words import event_label
from partners.models import Area, DocumentType, OrganisationType
from vetting.checklist_diff import ITEM_FIELDS, facts_of
from vetting.models import Round

LABELS = {
    "section": gettext_lazy("Section"),
    "question_fr": gettext_lazy("Question in French"),
    "question_en": gettext_lazy("Question in English"),
    "guidance_fr": gettext_lazy("What ACE looks at, in French"),
    "guidance_en": gettext_lazy("What ACE looks at, in English"),
    "mandatory": gettext_lazy("Obligation"),
    "knock_out": gettext_lazy("Knock-out for"),
    "plan_months": gettext_lazy("Longest plan, in months"),
    "weight": gettext_lazy("Weight"),
    "blocks_payment": gettext_lazy("No payment before it is met"),
    "organisation_types": gettext_lazy("Asked of"),
    "areas": gettext_lazy("Only for the areas"),
    "rounds": gettext_lazy("Asked at"),
    "documents": gettext_lazy("Documents that can serve"),
    "suggested_step": gettext_lazy("Suggested step, in French"),
    "suggested_months": gettext_lazy("Months for that step"),
    "suggested_document": gettext_lazy("Evidence expected of that step"),
    "title_fr": gettext_lazy("Title in French"),
    "title_en": gettext_lazy("Title in English"),
}


@dataclass(frozen=True)
class ChangeWords:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class ChangedWords:
    """One item or criterion with what changed in it."""

    code: str
    changes: tuple[ChangeWords, ...]


@dataclass(frozen=True)
class DifferenceWords:
    """What one version changes in another: items (`rows`, with code and question), and changes in words."""

    added: tuple
    removed: tuple
    changed: tuple[ChangedWords, ...]
    titles: tuple[ChangedWords, ...]

    def marks(self):
        """item code → "new" or "changed", for the items that this version asks."""
        return {item.code: _("new") for item in self.added} | {row.code: _("changed") for row in self.changed}


def document_names():
    """document type code → its name in the reader's language; one query."""
    return {row.code: str(row) for row in DocumentType.objects.all()}


def shown(name, value, documents):
    """One field's value as people read it; "—" for what is empty. `documents`: `document_names()`."""
    if name == "mandatory":
        return _("Mandatory") if value else _("Recommended")
    if name == "blocks_payment":
        return _("yes") if value else _("no")
    if name in ("organisation_types", "knock_out"):
        return _listed(value, dict(OrganisationType.choices))
    if name == "areas":
        return _listed(value, dict(Area.choices)) if value else _("every area")
    if name == "rounds":
        return _listed(value, dict(Round.choices)) if value else _("every round")
    if name == "documents":
        return _listed(value, documents)
    if name == "suggested_document":
        return documents.get(value, value) or "—"
    return "—" if value is None or value == "" else str(value)


def _listed(codes, names):
    ordered = [code for code in names if code in codes] + [code for code in codes if code not in names]
    return ", ".join(str(names.get(code, code)) for code in ordered) or "—"


def item_rows(item, documents):
    """All facts of one item as rows of a summary list."""
    facts = facts_of(item)
    return [{"label": LABELS[name], "value": shown(name, facts[name], documents)} for name in ITEM_FIELDS]


def difference_in_words(found, old_criteria, new_criteria, documents):
    """A `checklist_diff.Difference` for a page; the criteria come with their items at hand."""
    old, new = ({item.code: item for row in rows for item in row.items.all()} for rows in (old_criteria, new_criteria))
    return DifferenceWords(
        added=tuple(new[code] for code in found.added),
        removed=tuple(old[code] for code in found.removed),
        changed=_changed(found.changed, documents),
        titles=_changed(found.titles, documents),
    )


def _changed(rows, documents):
    return tuple(
        ChangedWords(
            code,
            tuple(
                ChangeWords(
                    str(LABELS[change.field]),
                    shown(change.field, change.before, documents),
                    shown(change.field, change.after, documents),
                )
                for change in changes
            ),
        )
        for code, changes in rows.items()
    )


def event_words(event):
    """What an audit event about a version says: what was done, to which item, and in which fields."""
    label = str(event_label(event.action))
    facts = {**event.before, **event.after}
    if code := facts.pop("code", ""):
        label = f"{label} · {code}"
    fields = [str(label) for name, label in LABELS.items() if name in facts]  # jsonb keeps no order of its own
    return f"{label} ({', '.join(fields)})" if event.action.endswith("_edited") else label
