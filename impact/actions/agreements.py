"""What is agreed around a project: consultations, joint partners, the agreement and its calendar of payments."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from ace_partners.core import audit
from ace_partners.core.errors import refuse
from ace_partners.core.machine import claim_version
from impact.models import Agreement, Consultation, Installment, JointPartner, Project
from impact.notifications import agreements as notifications
from impact.rules import agreements as rules
from impact.rules.projects import against_managing

AGREEMENT_FIELDS = ("reference", "signed_on", "signed_for_partner", "conditions")


def _locked(project):
    """The project's row under a lock: writers of what hangs on it wait for each other."""
    return Project.objects.select_for_update().select_related("partner").get(pk=project.pk)


@transaction.atomic
def add_consultation(project, *, by, held_on, groups, asked, outcome, place=None, people=None, women=None):
    """Write down one talk with the people concerned. The public reads it, so it names nobody. Raises NotAllowed."""
    refuse(rules.against_consultation(project, by, held_on=held_on, people=people, women=women))
    row = Consultation.objects.create(
        project=project,
        held_on=held_on,
        place=place,
        groups=groups,
        people=people,
        women=women,
        asked=asked,
        outcome=outcome,
        added_by=by,
    )
    audit.record("project.consultation_added", project, by=by, after={"held_on": held_on.isoformat(), "groups": groups})
    return row


@transaction.atomic
def remove_consultation(consultation, *, by):
    """Take a talk out that was entered by mistake. Raises NotAllowed."""
    project = consultation.project
    refuse(against_managing(project.partner, by))
    before = {"held_on": consultation.held_on.isoformat(), "groups": consultation.groups}
    consultation.delete()
    audit.record("project.consultation_removed", project, by=by, before=before)


@transaction.atomic
def add_joint_partner(project, *, by, partner, role):
    """Another organisation works in the project under its lead. Raises NotAllowed."""
    project = _locked(project)
    refuse(rules.against_joining(project, partner, by))
    row = JointPartner.objects.create(project=project, partner=partner, role=role)
    audit.record("project.joint_added", project, by=by, after={"partner": partner.slug, "role": role})
    return row


@transaction.atomic
def remove_joint_partner(joint, *, by):
    """This organisation does not work in the project any more. Raises NotAllowed."""
    project = joint.project
    refuse(against_managing(project.partner, by))
    before = {"partner": joint.partner.slug, "role": joint.role}
    joint.delete()
    audit.record("project.joint_removed", project, by=by, before=before)


@transaction.atomic
def sign_agreement(project, *, by, **fields):
    """Write down the agreement of a project that has none. `fields`: AGREEMENT_FIELDS. Raises NotAllowed."""
    project = _locked(project)
    refuse(rules.against_second_agreement(project, by))
    facts = {name: fields[name] for name in AGREEMENT_FIELDS}
    agreement = Agreement.objects.create(project=project, written_by=by, **facts)
    audit.record("agreement.signed", agreement, by=by, after=_facts(agreement))
    notifications.agreement_waiting(agreement, by=by)
    return agreement


@transaction.atomic
def edit_agreement(agreement, *, by, seen, **fields):
    """Change what the agreement says; both wordings stay in the audit trail, and it is approved anew. Raises NotAllowed, Stale."""
    refuse(against_managing(agreement.project.partner, by))
    agreement = claim_version(agreement, seen=seen)
    before = _facts(agreement)
    for name in AGREEMENT_FIELDS:
        setattr(agreement, name, fields[name])
    agreement.save(update_fields=AGREEMENT_FIELDS)
    audit.record("agreement.edited", agreement, by=by, before=before, after=_facts(agreement))
    _written_anew(agreement, by=by)
    return agreement


@transaction.atomic
def approve_agreement(agreement, *, by, seen):
    """Second person: the agreement binds as it stands, and the organisation is told. Raises NotAllowed, Stale."""
    locked = claim_version(agreement, seen=seen)
    refuse(rules.against_approving(locked, by))
    locked.approved_by, locked.approved_at = by, timezone.now()
    locked.save(update_fields=["approved_by", "approved_at"])
    audit.record("agreement.approve", locked, by=by, after=_facts(locked))
    notifications.agreement_approved(locked, by=by)
    return locked


def budget_changed(project, *, by):
    """The budget is a part of the agreement: one that exists is approved anew. Call it inside the change's transaction."""
    agreement = Agreement.objects.select_for_update().filter(project=project).first()
    if agreement is not None:
        _changed(agreement, by=by)


def _changed(agreement, *, by):
    """A part of a locked agreement was changed: whoever read it before has not read this."""
    agreement.lock_version += 1
    agreement.save(update_fields=["lock_version"])
    _written_anew(agreement, by=by)


def _written_anew(agreement, *, by):
    """Note the writer; an approval ends here, and the direction is asked again."""
    approver, agreement.written_by = agreement.approved_by, by
    agreement.approved_by = agreement.approved_at = None
    agreement.save(update_fields=["written_by", "approved_by", "approved_at"])
    if approver is not None:
        audit.record("agreement.approval_ended", agreement, by=by, before={"approved_by": str(approver)})
        notifications.agreement_waiting(agreement, by=by)


def _facts(agreement):
    """The name of who signed stays out: the trail can never be erased, and that name is a person's."""
    return {
        "reference": agreement.reference,
        "signed_on": agreement.signed_on.isoformat(),
        "conditions": agreement.conditions,
    }


@transaction.atomic
def add_installment(agreement, *, by, amount, currency, planned_on, condition="", after_period=None):
    """Plan one payment; it takes the next number of the calendar. Raises NotAllowed."""
    agreement = Agreement.objects.select_for_update().get(pk=agreement.pk)
    refuse(rules.against_installment(agreement, by, amount=amount, after_period=after_period))
    last = agreement.installments.aggregate(last=Max("number"))["last"] or 0
    row = Installment.objects.create(
        agreement=agreement,
        number=last + 1,
        amount=amount,
        currency=currency,
        planned_on=planned_on,
        condition=condition,
        after_period=after_period,
    )
    audit.record("agreement.installment_added", agreement, by=by, after=_line(row))
    _changed(agreement, by=by)
    return row


@transaction.atomic
def remove_installment(installment, *, by):
    """Take a planned payment out that no money was proposed for. Raises NotAllowed."""
    agreement = Agreement.objects.select_for_update().get(pk=installment.agreement_id)
    refuse(rules.against_removing_installment(installment, by))
    before = _line(installment)
    installment.delete()
    audit.record("agreement.installment_removed", agreement, by=by, before=before)
    _changed(agreement, by=by)


def _line(row):
    return {
        "number": row.number,
        "amount": str(row.amount),
        "currency": row.currency,
        "planned_on": row.planned_on.isoformat(),
        "condition": row.condition,
        "after_period": row.after_period.label if row.after_period else None,
    }
