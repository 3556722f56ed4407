"""Versions of indicators: a draft copied from the newest published one, edited, published by a second person.

A published version never changes (a trigger refuses it): targets and reports keep the version they were made with.
"""

from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from ace_partners.core import audit
from ace_partners.core.errors import refuse
from ace_partners.core.machine import claim_version, perform
from impact.models import Indicator
from impact.models.framework import CONTENT_FIELDS
from impact.notifications import framework as notifications
from impact.rules import framework as rules


@transaction.atomic
def create_indicator(*, by, code, **values):
    """Begin a new indicator: version 1, a draft. `values`: every field of CONTENT_FIELDS. Raises NotAllowed."""
    refuse([*rules.against_new_code(code, by), *(words for _field, words in rules.content_faults(values))])
    draft = Indicator.objects.create(code=code, **{name: values[name] for name in CONTENT_FIELDS})
    audit.record("indicator.created", draft, by=by, after={"code": code})
    return draft


@transaction.atomic
def start_version(code, *, by):
    """Copy the newest published version as the next one; return the draft. Raises NotAllowed."""
    # Two people who start at once wait for each other here; the second then finds the first one's draft.
    versions = list(Indicator.objects.select_for_update().filter(code=code).order_by("-version"))
    refuse(rules.against_starting(code, by))
    newest = versions[0]
    content = {name: getattr(newest, name) for name in CONTENT_FIELDS}
    draft = Indicator.objects.create(code=code, version=newest.version + 1, **content)
    audit.record("indicator.started", draft, by=by, after={"code": code, "version": draft.version})
    return draft


def _claimed(indicator, *, by, seen):
    """The draft under its lock, for somebody who may edit it and saw it as it is. Raises NotAllowed, Stale.

    The rules come first: a published row refuses even the raised version number.
    """
    locked = Indicator.objects.select_for_update().get(pk=indicator.pk)
    refuse(rules.against_editing_indicator(locked, by))
    return claim_version(locked, seen=seen)


@transaction.atomic
def edit_indicator(indicator, *, by, seen, **values):
    """Write a draft's content; `values`: every field of CONTENT_FIELDS. Returns the draft. Raises NotAllowed, Stale."""
    draft = _claimed(indicator, by=by, seen=seen)
    refuse([words for _field, words in rules.content_faults(values)])
    changed = [name for name in CONTENT_FIELDS if getattr(draft, name) != values[name]]
    before = {name: _plain(getattr(draft, name)) for name in changed}
    for name in changed:
        setattr(draft, name, values[name])
    draft.save(update_fields=changed)
    after = {name: _plain(values[name]) for name in changed}
    audit.record("indicator.edited", draft, by=by, before=before, after=after)
    return draft


@transaction.atomic
def explain_indicator(indicator, *, by, seen, what_changes):
    """Write down what changes, and why. Returns the draft. Raises NotAllowed, Stale."""
    draft = _claimed(indicator, by=by, seen=seen)
    draft.what_changes = what_changes.strip()
    draft.save(update_fields=["what_changes"])
    audit.record("indicator.explained", draft, by=by)
    return draft


@transaction.atomic
def discard_indicator(indicator, *, by, seen):
    """Delete a draft that nobody needs; the audit trail keeps that it was there. Raises NotAllowed, Stale."""
    draft = _claimed(indicator, by=by, seen=seen)
    content = {name: _plain(getattr(draft, name)) for name in CONTENT_FIELDS}
    audit.record("indicator.discarded", draft, by=by, before={"version": draft.version, **content})
    draft.delete()


@transaction.atomic
def propose_indicator(indicator, *, by, seen, what_changes):
    """Pass the draft on to a second person, with what changes in it. Raises NotAllowed, Stale."""
    draft = explain_indicator(indicator, by=by, seen=seen, what_changes=what_changes)
    proposed = _step(draft, "propose", by=by, seen=draft.lock_version, proposed_by=by)
    notifications.indicator_proposed(proposed, by=by)
    return proposed


@transaction.atomic
def return_indicator(indicator, *, by, seen, reason):
    """Give a proposed version back for more work; its proposer reads the reason. Raises NotAllowed, Stale."""
    proposer = indicator.proposed_by
    draft = _step(indicator, "return", by=by, seen=seen, reason=reason, proposed_by=None)
    notifications.indicator_returned(draft, proposer, by=by, reason=reason)
    return draft


@transaction.atomic
def publish_indicator(indicator, *, by, seen):
    """Publish: new targets take this version; from this write on the database refuses every change. Raises NotAllowed, Stale."""
    return _step(indicator, "publish", by=by, seen=seen, published_by=by, published_on=timezone.localdate())


def _step(indicator, name, *, by, seen, reason="", **more):
    return perform(
        rules.INDICATOR, indicator, name, by=by, seen=seen, against=rules.against_indicator_step, reason=reason, **more
    )


def _plain(value):
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value
