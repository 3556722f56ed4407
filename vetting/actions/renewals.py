"""A renewal asks only for what changed: answers confirmed, findings taken over, performance read again."""

from django.db import transaction
from django.utils import timezone

from ace_partners.core import audit
from ace_partners.core.errors import refuse
from vetting import carrying, phrases_renewal
from vetting.actions.locks import locked
from vetting.models import Answer, Finding, FindingEvidence, RenewalSnapshot
from vetting.rules import renewals


@transaction.atomic
def confirm_answers(dossier, *, by, code):
    """The organisation confirms unchanged answers: those of a criterion that need nothing else, or one item by code.

    Returns the item codes confirmed. An answer that somebody changed meanwhile is confirmed already and is left alone.
    """
    dossier = locked(dossier)
    refuse(renewals.against_confirming(dossier, by))
    carried = carrying.carried_answers(dossier)
    answers = dossier.answers.select_related("item__criterion")
    if one := [answer for answer in answers if answer.item.code == code]:
        waiting = [answer for answer in one if answer.pk in carried and carried[answer.pk].is_unconfirmed]
        refuse(renewals.against_confirming_these([(code, carried[answer.pk]) for answer in waiting]))
    else:
        rows = [answer for answer in answers if answer.item.criterion.code == code]
        waiting = [answer for answer in rows if answer.pk in carried and carried[answer.pk].can_be_confirmed]
    codes = [answer.item.code for answer in waiting]
    if codes:
        Answer.objects.filter(pk__in=[answer.pk for answer in waiting]).update(confirmed_at=timezone.now())
        audit.record("dossier.confirm", dossier, by=by, after={"items": codes})
    return codes


@transaction.atomic
def carry_findings(dossier, criterion, *, by):
    """Take over the findings of one criterion that still hold, in one tap; the others stay open. Returns the findings.

    The author is who tapped, and answers for it like for any finding: against the version sent last.
    """
    dossier = locked(dossier)
    found = renewals.findings_to_carry(dossier)
    rows = [row for row in found.holding.values() if row.item.criterion_id == criterion.pk] if found else []
    refuse(renewals.against_carrying(dossier, by, rows))
    latest, reason = dossier.latest_version, phrases_renewal.unchanged_since(found.decision.decided_at)
    return [_take_over(dossier, row, latest, reason, by) for row in rows]


def _take_over(dossier, row, latest, reason, by):
    finding = Finding.objects.create(
        dossier=dossier,
        item=row.item,
        answer=row.before.answer,
        reason=reason,
        version=latest,
        author=by,
        lock_version=1,
    )
    FindingEvidence.objects.bulk_create(
        FindingEvidence(finding=finding, document=document, page=page) for document, page in row.papers
    )
    after = {
        "item": row.item.code,
        "answer": finding.answer,
        "version": latest.number,
        "taken_over_from": row.before.pk,
        "documents": [{"document": document.pk, "page": page} for document, page in row.papers],
    }
    audit.record("finding.carry", finding, by=by, after=after)
    return finding


@transaction.atomic
def refresh_performance(dossier, facts, *, by):
    """Keep a newer reading of the reports beside the older ones. `facts`: `renewal.RenewalFacts`."""
    dossier = locked(dossier)
    refuse(renewals.against_refreshing(dossier, by))
    return take_snapshot(dossier, facts, by=by)


def take_snapshot(dossier, facts, *, by):
    """Store `facts` with the dossier, inside the caller's transaction."""
    snapshot = RenewalSnapshot.objects.create(dossier=dossier, facts=facts.as_json(), taken_by=by)
    audit.record(
        "dossier.performance", dossier, by=by, after={"snapshot": snapshot.pk, "as_of": facts.as_of.isoformat()}
    )
    return snapshot
