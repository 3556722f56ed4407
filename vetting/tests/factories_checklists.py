"""Versions of the checklist on their road, driven by the real actions from the real reference file."""

from partners.loading import load_document_types
from vetting.actions import checklists as actions
from vetting.checklist_diff import ITEM_FIELDS
from vetting.loading import load_checklist
from vetting.models import Checklist, ChecklistItem


def published():
    """Version 1, as ACE's reference file has it."""
    load_document_types()
    load_checklist()
    return Checklist.objects.current()


def drafted(by):
    """Version 2, begun by `by` as a copy of the published one."""
    if Checklist.objects.current() is None:
        published()
    return actions.start_draft(by=by)


def item_of(checklist, code):
    return ChecklistItem.objects.get(criterion__checklist=checklist, code=code)


def values_of(item, **more):
    """What `edit_item` and `add_item` want: the item's own fields, some of them replaced."""
    return {**{name: getattr(item, name) for name in ITEM_FIELDS}, **more}


def edited(checklist, code, *, by, **more):
    """The checklist with some fields of one item changed."""
    row = now(checklist)
    actions.edit_item(row, code, by=by, seen=row.lock_version, values=values_of(item_of(row, code), **more))
    return now(checklist)


def proposed(by, **more):
    """Version 2 with the weight of C1.1 changed (or what is given of C1.1), waiting for a second person."""
    draft = edited(drafted(by), "C1.1", by=by, **(more or {"weight": 2}))
    return actions.propose(draft, by=by, seen=draft.lock_version, what_changes="Poids de C1.1.")


def released(by, approver, **more):
    """Version 2, published by two people."""
    row = proposed(by, **more)
    return actions.publish(row, by=approver, seen=row.lock_version)


def now(checklist):
    """The checklist as the database has it."""
    return Checklist.objects.get(pk=checklist.pk)
