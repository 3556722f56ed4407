"""Versions of the checklist: a draft copied from the published one, edited piece by piece, published by two people.

Every edit claims the version of the whole checklist: two people who edit at once find out, whatever they touch.
"""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from ace_partners.core import audit
from ace_partners.core.canonical import sha256_of
from ace_partners.core.errors import Stale, refuse
from ace_partners.core.machine import claim_version, perform
from vetting.checklist_content import in_order
from vetting.checklist_diff import ITEM_FIELDS, TITLE_FIELDS, changes, content_of, facts_of
from vetting.models import Checklist, ChecklistItem, Criterion
from vetting.notifications import checklists as notifications
from vetting.rules import checklists as rules


@transaction.atomic
def start_draft(*, by):
    """Copy the published version, criteria and items and all, as the next one; return the draft."""
    # Two people who start at once wait for each other here; the second then finds the first one's draft.
    current = Checklist.objects.select_for_update().current()
    refuse(rules.against_starting(by))
    newest = Checklist.objects.aggregate(newest=Max("version"))["newest"]
    draft = Checklist.objects.create(version=newest + 1, based_on=current)
    for criterion in current.criteria.prefetch_related("items"):
        titles = {name: getattr(criterion, name) for name in TITLE_FIELDS}
        copy = Criterion.objects.create(checklist=draft, code=criterion.code, **titles)
        ChecklistItem.objects.bulk_create(_copy(item, copy) for item in criterion.items.all())
    audit.record("checklist.started", draft, by=by, after={"version": draft.version, "based_on": current.version})
    return draft


def _copy(item, criterion):
    facts = {name: getattr(item, name) for name in ITEM_FIELDS}
    return ChecklistItem(criterion=criterion, code=item.code, position=item.position, **facts)


def _editable(checklist, *, by, seen):
    """The draft under its lock, for somebody who may edit it and saw it as it is. Raises NotAllowed, Stale."""
    locked = Checklist.objects.select_for_update().get(pk=checklist.pk)
    refuse(rules.against_editing(locked, by))
    if locked.lock_version != seen:
        raise Stale(locked, audit.latest(locked))
    return locked


def _claimed(draft):
    return claim_version(draft, seen=draft.lock_version)


@transaction.atomic
def explain(checklist, *, by, seen, what_changes):
    """Write down what changes, and why; return the checklist as it now is."""
    draft = _editable(checklist, by=by, seen=seen)
    if draft.what_changes == what_changes.strip():
        return draft
    draft = _claimed(draft)
    draft.what_changes = what_changes.strip()
    draft.save(update_fields=["what_changes"])
    audit.record("checklist.explained", draft, by=by)
    return draft


@transaction.atomic
def edit_criterion(checklist, code, *, by, seen, **titles):
    """Change the titles of one criterion; `titles`: title_fr, title_en. Returns the criterion."""
    draft = _editable(checklist, by=by, seen=seen)
    criterion = draft.criteria.get(code=code)
    refuse(rules.against_titles(code, titles))
    found = changes({name: getattr(criterion, name) for name in TITLE_FIELDS}, titles)
    return _written(criterion, found, draft, "checklist.criterion_edited", by=by, values=titles)


@transaction.atomic
def edit_item(checklist, code, *, by, seen, values):
    """Change one item; `values` holds every field of ITEM_FIELDS. Returns the item, unchanged when nothing differs."""
    draft = _editable(checklist, by=by, seen=seen)
    item = ChecklistItem.objects.select_related("criterion").get(criterion__checklist=draft, code=code)
    before, wanted = facts_of(item), facts_of(ChecklistItem(**values))
    documents = rules.known_documents()
    refuse(rules.against_item(code, wanted, documents=documents, criterion=item.criterion.code))
    return _written(item, changes(before, wanted), draft, "checklist.item_edited", by=by, values=values)


def _written(row, found, draft, event, *, by, values):
    """Save what differs, with its audit event; nothing at all when nothing does."""
    if not found:
        return row
    draft = _claimed(draft)
    for name, value in values.items():  # all of them: a stored "all" must not grow with the types
        setattr(row, name, value)
    row.save(update_fields=list(values))
    before = {change.field: change.before for change in found}
    after = {change.field: change.after for change in found}
    audit.record(event, draft, by=by, before={"code": row.code, **before}, after={"code": row.code, **after})
    return row


@transaction.atomic
def add_item(checklist, criterion_code, *, by, seen, code, values):
    """Add an item to a criterion; it stands in the order of its number. Returns the item."""
    draft = _editable(checklist, by=by, seen=seen)
    criterion = draft.criteria.get(code=criterion_code)
    item = ChecklistItem(criterion=criterion, code=code.strip(), position=0, **values)
    refuse(
        [
            *rules.against_new_code(item.code, draft),
            *rules.against_item(item.code, facts_of(item), documents=rules.known_documents(), criterion=criterion_code),
        ]
    )
    draft = _claimed(draft)
    item.save()
    _renumber(draft)
    audit.record("checklist.item_added", draft, by=by, after={"code": item.code, **facts_of(item)})
    return item


@transaction.atomic
def remove_item(checklist, code, *, by, seen):
    """Take an item out of the draft; its content stays in the audit trail."""
    draft = _editable(checklist, by=by, seen=seen)
    refuse(rules.against_removing(code))
    item = ChecklistItem.objects.get(criterion__checklist=draft, code=code)
    draft = _claimed(draft)
    item.delete()
    _renumber(draft)
    audit.record("checklist.item_removed", draft, by=by, before={"code": code, **facts_of(item)})


@transaction.atomic
def discard_draft(checklist, *, by, seen):
    """Give a draft up: its rows go, the events of its edits stay in the audit trail. Raises NotAllowed, Stale."""
    draft = _editable(checklist, by=by, seen=seen)
    audit.record("checklist.discarded", draft, by=by, before=_given_up(draft))
    ChecklistItem.objects.filter(criterion__checklist=draft).delete()
    draft.criteria.all().delete()
    draft.delete()


def _given_up(draft):
    base = draft.based_on
    return {
        "version": draft.version,
        "based_on": base.version if base else None,
        "what_changes": draft.what_changes,
        "sha256": sha256_of(content_of(draft)),
    }


def _renumber(draft):
    """Positions follow the codes, so that the items of one criterion stand together wherever they are listed."""
    items = sorted(ChecklistItem.objects.filter(criterion__checklist=draft), key=lambda item: in_order(item.code))
    for position, item in enumerate(items, start=1):
        item.position = position
    ChecklistItem.objects.bulk_update(items, ["position"])


@transaction.atomic
def propose(checklist, *, by, seen, what_changes):
    """Pass the draft on to a second person, with what changes in it."""
    draft = explain(checklist, by=by, seen=seen, what_changes=what_changes)
    proposed = _step(draft, "propose", by=by, seen=draft.lock_version, proposed_by=by)
    notifications.checklist_proposed(proposed, by=by)
    return proposed


@transaction.atomic
def return_draft(checklist, *, by, seen, reason):
    """Give a proposed version back for more work; its proposer reads the reason."""
    proposer = checklist.proposed_by
    draft = _step(checklist, "return", by=by, seen=seen, reason=reason, proposed_by=None)
    notifications.checklist_returned(draft, proposer, by=by, reason=reason)
    return draft


@transaction.atomic
def publish(checklist, *, by, seen):
    """Publish: from this write on the database refuses every change. Open dossiers keep the version they have."""
    locked = Checklist.objects.select_for_update().get(pk=checklist.pk)
    facts = {"published_on": timezone.localdate(), "published_by": by, "sha256": sha256_of(content_of(locked))}
    return _step(locked, "publish", by=by, seen=seen, **facts)


def _step(checklist, name, *, by, seen, reason="", **more):
    return perform(
        rules.CHECKLIST, checklist, name, by=by, seen=seen, against=rules.against_step, reason=reason, **more
    )
