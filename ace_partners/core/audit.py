"""Write and prove the audit trail (design §4). Actions call `record` in the transaction of their change."""

from datetime import UTC

from django.db import connection
from django.utils import timezone

from ace_partners.core.canonical import sha256_of
from ace_partners.core.models import AuditChain, AuditEvent

HASHED_FIELDS = (
    "chain",
    "number",
    "actor_id",
    "actor_name",
    "action",
    "target_type",
    "target_id",
    "target_label",
    "before",
    "after",
    "reason",
    "previous_hash",
)


def record(action, target, *, by, before=None, after=None, reason=""):
    """Append one event about `target` to its chain and return it.

    `target` is a saved row with an `audit_chain` property; `by` is the account, or None for the system itself.
    `before` and `after` hold codes, ids, dates and numbers, never personal data: the row can never be erased.
    Raises RuntimeError outside a transaction, because an event must live or die with its change.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("audit.record must be called inside the transaction of the change it records")
    head, _created = AuditChain.objects.select_for_update().get_or_create(name=target.audit_chain)
    event = AuditEvent(
        chain=head.name,
        number=head.count + 1,
        at=timezone.now(),
        actor=by,
        actor_name=str(by) if by else "ace_partners",
        action=action,
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        target_label=str(getattr(target, "audit_label", target))[:200],
        before=before or {},
        after=after or {},
        reason=reason,
        previous_hash=head.head,
    )
    event.hash = hash_of(event)
    event.save(force_insert=True)
    AuditChain.objects.filter(pk=head.pk).update(count=event.number, head=event.hash)
    return event


def hash_of(event):
    """SHA-256 over the event's fields in canonical JSON; it covers the previous hash, so no row can be changed alone."""
    facts = {name: getattr(event, name) for name in HASHED_FIELDS}
    facts["at"] = event.at.astimezone(UTC).isoformat()
    return sha256_of(facts)


def history(target):
    """The events about one row, newest first."""
    return AuditEvent.objects.about(target).order_by("-pk")


def latest(target):
    """The newest event about one row, or None."""
    return history(target).first()


def faults(anchors=()):
    """Yield one sentence for every break found in any chain, the first bad row of each chain first.

    `anchors` are dicts {chain, count, hash} written earlier outside the database: a chain alone cannot show that its
    tail was cut off, an anchor can.
    """
    heads = {chain.name: chain for chain in AuditChain.objects.all()}
    reached = {}
    broken = set()
    wanted = {(anchor["chain"], anchor["count"]): anchor["hash"] for anchor in anchors}
    seen_anchors = set()
    for event in AuditEvent.objects.order_by("chain", "number").iterator(chunk_size=500):
        if event.chain in broken:
            continue
        count, head = reached.get(event.chain, (0, ""))
        if event.number != count + 1 or event.previous_hash != head or event.hash != hash_of(event):
            broken.add(event.chain)
            yield f"chain {event.chain}: event {event.number} (row {event.pk}) does not follow from event {count}"
            continue
        reached[event.chain] = (event.number, event.hash)
        key = (event.chain, event.number)
        if key in wanted:
            seen_anchors.add(key)
            if wanted[key] != event.hash:
                yield f"chain {event.chain}: event {event.number} (row {event.pk}) differs from its anchor"
    for name, chain in heads.items():
        if name not in broken and reached.get(name, (0, "")) != (chain.count, chain.head):
            yield f"chain {name}: ends at event {reached.get(name, (0, ''))[0]}, its head says {chain.count}"
    for name, count in sorted(set(wanted) - seen_anchors):
        if name not in broken:
            yield f"chain {name}: event {count} was anchored and is no longer there"
    for name in sorted(set(reached) - set(heads)):
        yield f"chain {name}: has events but no head"
