"""The dossier's own road: opened, sent, taken, given back, withdrawn."""

from django.db import transaction
from django.utils import timezone

from ace_partners.core import audit
from ace_partners.core.canonical import sha256_of
from ace_partners.core.errors import refuse
from partners.actions import move_relationship
from partners.models import Partner
from partners.rules import is_member
from vetting import carrying, rules, scoring
from vetting.actions.moving import enter, step
from vetting.actions.renewals import take_snapshot
from vetting.models import Checklist, ChecklistItem, Dossier, DossierVersion, Round
from vetting.notifications import dossiers as notifications


@transaction.atomic
def open_dossier(partner, *, by, round=Round.INITIAL, due_on=None, facts=None):
    """Open a round against the current checklist, with one answer per item asked; tell the organisation.

    A renewal starts from the answers of the decision in force, and any round from those of a dossier withdrawn before
    (`carrying.source_of`); they count once they are confirmed. `facts`: the performance at a renewal
    (`renewal.RenewalFacts`), read by the caller above.
    """
    partner = Partner.objects.select_for_update().get(pk=partner.pk)
    refuse(rules.against_opening(partner, by, round))
    dossier = Dossier.objects.create(
        partner=partner,
        checklist=Checklist.objects.current(),
        round=round,
        organisation_type=partner.organisation_type,
        areas=sorted(partner.areas.values_list("area", flat=True)),
        due_on=due_on,
        opened_by=by,
        previous=carrying.source_of(partner, round),
    )
    carrying.carry_answers(dossier, _items_asked(dossier))
    enter(dossier)
    after = {"status": dossier.status, "round": round, "previous": dossier.previous_id}
    audit.record("dossier.open", dossier, by=by, after=after)
    if facts is not None and round == Round.RENEWAL:
        take_snapshot(dossier, facts, by=by)
    move_relationship(partner, "apply", by=by)
    notifications.dossier_opened(dossier, by=by)
    return dossier


def _items_asked(dossier):
    items = ChecklistItem.objects.filter(criterion__checklist=dossier.checklist)
    facts = {"organisation_type": dossier.organisation_type, "areas": dossier.areas, "round": dossier.round}
    return [item for item in items if scoring.item_applies(item, **facts)]


@transaction.atomic
def submit(dossier, *, by, seen):
    """Freeze the answers as the next version and pass the dossier to ACE. Returns the DossierVersion."""
    now = timezone.now()
    first = dossier.first_submitted_at or now
    dossier = step(dossier, "submit", by=by, seen=seen, first_submitted_at=first, last_submitted_at=now)
    content = _content(dossier)
    version = DossierVersion.objects.create(
        dossier=dossier,
        number=dossier.versions.count() + 1,
        submitted_by=by,
        on_behalf=not is_member(by, dossier.partner),
        submitted_at=now,
        content=content,
        sha256=sha256_of(content),
    )
    dossier.requests.filter(sent_at__isnull=False, answered_at__isnull=True).update(answered_at=now)
    notifications.dossier_submitted(version, by=by)
    return version


def _content(dossier):
    answers = dossier.answers.select_related("item").prefetch_related("evidence__document__file", "references")
    return {
        answer.item.code: {
            "text": answer.text,
            "documents": [
                {"id": row.document_id, "sha256": row.document.file.sha256}
                for row in sorted(answer.evidence.all(), key=lambda row: row.document_id)
            ],
            "absence": answer.absence,
            "references": sorted(row.assessment_id for row in answer.references.all()),
        }
        for answer in answers
    }


@transaction.atomic
def take(dossier, *, by, seen):
    """Begin the examination; the dossier is now this person's."""
    return step(dossier, "take", by=by, seen=seen, assigned_to=by)


@transaction.atomic
def release(dossier, *, by, seen):
    """Give the dossier back, so that a colleague can take it."""
    return step(dossier, "release", by=by, seen=seen, assigned_to=None)


@transaction.atomic
def withdraw(dossier, *, by, seen, reason):
    """Close an open dossier without a decision; an open proposal falls with it."""
    dossier = step(dossier, "withdraw", by=by, seen=seen, reason=reason)
    open_proposals = dossier.proposals.filter(returned_at__isnull=True, approved_at__isnull=True)
    open_proposals.update(returned_at=timezone.now(), returned_by=by, return_reason=reason)
    notifications.dossier_withdrawn(dossier, by=by, reason=reason)
    return dossier
