"""Targets: proposed by ACE's monitoring officer, agreed by a signatory of the organisation, revised the same way.

Until both sides agree a target binds nobody (`Target.objects.agreed()`); after that it changes by a revision alone.
"""

from datetime import date

from django.db import transaction
from django.utils import timezone

from ace_partners.core import audit
from ace_partners.core.errors import refuse
from ace_partners.core.machine import claim_version, perform
from impact import rules
from impact.figures.revisions import facts_of, number_of, text_of
from impact.models import PeriodTarget, Project, Target, TargetRevision
from impact.notifications import targets as notifications

TARGET_FIELDS = ("baseline_state", "baseline", "baseline_on", "baseline_source", "final_target", "rationale")


@transaction.atomic
def set_target(project, *, by, indicator, period_targets=None, **fields):
    """Propose one target on one indicator, and tell those who may agree. `period_targets` maps periods to Decimals or None.

    Raises NotAllowed.
    """
    # Under the project's lock: two people must not propose on the same indicator at once.
    project = Project.objects.select_for_update().get(pk=project.pk)
    refuse(rules.against_proposing_target(project, indicator, by))
    target = Target.objects.create(
        project=project, indicator=indicator, set_by=by, **{name: fields.get(name) for name in TARGET_FIELDS}
    )
    _set_period_targets(target, period_targets or {})
    audit.record("target.set", target, by=by, after=_numbers(target))
    notifications.target_proposed(target, by=by)
    return target


@transaction.atomic
def edit_target(target, *, by, seen, period_targets, **fields):
    """Change a proposal that is not agreed yet; its indicator stays. Raises NotAllowed, Stale."""
    target = claim_version(target, seen=seen)
    refuse(rules.against_editing_target(target, by))
    before = _numbers(target)
    for name in TARGET_FIELDS:
        setattr(target, name, fields[name])
    target.save(update_fields=TARGET_FIELDS)
    _set_period_targets(target, period_targets)
    audit.record("target.edited", target, by=by, before=before, after=_numbers(target))
    notifications.target_proposed(target, by=by)
    return target


@transaction.atomic
def discard_target(target, *, by, seen):
    """Take a proposal back before the other side agreed; its numbers stay in the audit trail. Raises NotAllowed, Stale."""
    target = claim_version(target, seen=seen)
    refuse(rules.against_editing_target(target, by))
    audit.record("target.discarded", target, by=by, before=_numbers(target))
    target.delete()


@transaction.atomic
def agree_target(target, *, by, seen):
    """The other side agrees to the numbers as they stand: from today the target binds both. Raises NotAllowed, Stale."""
    target = claim_version(target, seen=seen)
    refuse(rules.against_agreeing(target, by))
    target.agreed_on, target.agreed_by = timezone.localdate(), by
    target.save(update_fields=["agreed_on", "agreed_by"])
    audit.record("target.agreed", target, by=by, after={"agreed_on": target.agreed_on.isoformat(), **_numbers(target)})
    notifications.target_agreed(target, by=by)
    return target


@transaction.atomic
def question_target(target, *, by, reason):
    """Send a remark back on a proposal or on an open revision; ACE reads it beside the target. Raises NotAllowed."""
    target = Target.objects.select_for_update().get(pk=target.pk)
    refuse(rules.against_questioning(target, by))
    event = audit.record("target.questioned", target, by=by, reason=reason)
    notifications.target_questioned(target, event, by=by)
    return event


@transaction.atomic
def propose_revision(target, *, by, seen, motive, period_targets, **fields):
    """Propose new values for an agreed target, and say why. Returns the TargetRevision. Raises NotAllowed, Stale."""
    target = claim_version(target, seen=seen)
    refuse(rules.against_revising(target, by))
    before, after = facts_of(target), _wanted(period_targets, fields)
    refuse(rules.against_revision(before, after, target))
    revision = TargetRevision.objects.create(
        target=target,
        number=target.revisions.count() + 1,
        motive=motive,
        before=before,
        after=after,
        proposed_by=by,
        proposed_at=timezone.now(),
    )
    audit.record(
        "target_revision.propose",
        revision,
        by=by,
        before=_without_texts(before),
        after=_without_texts(after),
        reason=motive,
    )
    notifications.revision_proposed(revision, by=by)
    return revision


@transaction.atomic
def agree_revision(revision, *, by, seen):
    """The other side agrees: the target takes the new values in the same transaction. Raises NotAllowed, Stale."""
    target = Target.objects.select_for_update().get(pk=revision.target_id)
    # A report must not be accepted on the old target of its period while the new one is written.
    list(target.project.reports.select_for_update().values_list("pk", flat=True))
    revision = _step(revision, "agree", by=by, seen=seen)
    _take_values(target, revision.after)
    audit.record(
        "target.revised",
        target,
        by=by,
        before=_without_texts(revision.before),
        after=_without_texts(revision.after),
        reason=revision.motive,
    )
    notifications.revision_agreed(revision, by=by)
    return revision


@transaction.atomic
def withdraw_revision(revision, *, by, seen):
    """ACE takes its revision back; the target stays as it was agreed. Raises NotAllowed, Stale."""
    revision = _step(revision, "withdraw", by=by, seen=seen)
    notifications.revision_withdrawn(revision, by=by)
    return revision


def _step(revision, name, *, by, seen):
    return perform(
        rules.TARGET_REVISION,
        revision,
        name,
        by=by,
        seen=seen,
        against=rules.against_moving_revision,
        answered_by=by,
        answered_at=timezone.now(),
    )


def _take_values(target, after):
    """Write the values of a revision (`figures.revisions.facts_of`) into the target and its periods."""
    day = after["baseline_on"]
    target.baseline_state, target.baseline = after["baseline_state"], number_of(after["baseline"])
    target.baseline_on = date.fromisoformat(day) if day else None
    target.baseline_source, target.rationale = after["baseline_source"], after["rationale"]
    target.final_target = number_of(after["final"])
    target.lock_version += 1
    target.save(update_fields=[*TARGET_FIELDS, "lock_version"])
    wanted = after["periods"]
    periods = target.project.periods.all()
    _set_period_targets(target, {period: number_of(wanted.get(str(period.number))) for period in periods})


def _wanted(period_targets, fields):
    """The facts that a form asks for, in the shape of `figures.revisions.facts_of`."""
    day = fields["baseline_on"]
    return {
        **{name: fields[name] for name in ("baseline_state", "baseline_source", "rationale")},
        "baseline": text_of(fields["baseline"]),
        "baseline_on": day.isoformat() if day else None,
        "final": text_of(fields["final_target"]),
        "periods": {
            str(period.number): text_of(value) for period, value in period_targets.items() if value is not None
        },
    }


def _set_period_targets(target, period_targets):
    for period, value in period_targets.items():
        if value is None:
            target.period_targets.filter(period=period).delete()
        else:
            PeriodTarget.objects.update_or_create(target=target, period=period, defaults={"value": value})


def _without_texts(facts):
    """What the audit trail keeps of a target: codes, days and numbers, never what people wrote."""
    return {name: value for name, value in facts.items() if name not in ("baseline_source", "rationale")}


def _numbers(target):
    return {"indicator": target.indicator.code, **_without_texts(facts_of(target))}
