"""ACE's examination: declarations, findings, requests."""

from django.db import transaction
from django.utils import timezone

from ace_partners.core import audit
from ace_partners.core.errors import NotAllowed, Stale, refuse
from vetting import rules
from vetting.actions.dossiers import release, take
from vetting.actions.locks import locked
from vetting.actions.moving import step
from vetting.models import ConflictDeclaration, CorrectionRequest, DossierStatus, Finding, FindingEvidence
from vetting.notifications import dossiers as notifications


class FindingRefused(Exception):
    """One finding of several could not be written, so none was: `refusal` is its NotAllowed or Stale."""

    def __init__(self, item, refusal):
        self.item, self.refusal = item, refusal
        super().__init__(f"{item.code}: {refusal}")


@transaction.atomic
def declare(dossier, *, by, has_link):
    """Keep a person's statement about conflicts of interest. A link gives the dossier back to the pool."""
    dossier = locked(dossier)
    refuse(rules.against_declaring(dossier, by))
    declaration = ConflictDeclaration.objects.create(dossier=dossier, user=by, has_link=has_link)
    audit.record("dossier.declare", dossier, by=by, after={"has_link": has_link})
    if has_link and dossier.assigned_to_id == by.pk and dossier.status == DossierStatus.IN_REVIEW:
        release(dossier, by=by, seen=dossier.lock_version)
    return declaration


@transaction.atomic
def take_without_link(dossier, *, by, seen):
    """Take the dossier and declare no conflict of interest, in the one tap whose words say both."""
    dossier = take(dossier, by=by, seen=seen)
    if not rules.declaration_of(dossier, by):
        declare(dossier, by=by, has_link=False)
    return dossier


@transaction.atomic
def save_findings(dossier, rows, *, by):
    """Write several findings or none. `rows`: (item, what `save_finding` takes) pairs, in any order.

    Raises FindingRefused for the first one that the rules or a colleague's work stand against, with its item.
    """
    saved = []
    for item, values in rows:
        try:
            saved.append(save_finding(dossier, item, by=by, **values))
        except (NotAllowed, Stale) as refusal:
            raise FindingRefused(item, refusal) from refusal
    return saved


@transaction.atomic
def save_finding(dossier, item, *, by, answer, reason, evidence=(), seen=0):
    """Write ACE's finding on one item, against the version sent last.

    `evidence`: (document, page) pairs. `seen` is the finding's lock version, 0 when there was none. Raises Stale when
    a colleague wrote this finding meanwhile.
    """
    dossier = locked(dossier)
    refuse(
        [
            *rules.against_writing_findings(dossier, by),
            *rules.against_finding(dossier, item, answer=answer, reason=reason, evidence=evidence),
        ]
    )
    finding = dossier.findings.filter(item=item).first() or Finding(dossier=dossier, item=item)
    if finding.pk and finding.lock_version != seen:
        raise Stale(finding, audit.latest(finding))
    before = {"answer": finding.answer} if finding.pk else {}
    finding.lock_version += 1
    finding.answer, finding.reason = answer, reason.strip()
    finding.version, finding.author = dossier.latest_version, by
    finding.save()
    finding.evidence.all().delete()
    FindingEvidence.objects.bulk_create(
        FindingEvidence(finding=finding, document=document, page=page.strip()) for document, page in evidence
    )
    audit.record("finding.save", finding, by=by, before=before, after=_facts(finding, evidence))
    return finding


def _facts(finding, evidence):
    documents = [{"document": document.pk, "page": page} for document, page in evidence]
    return {
        "item": finding.item.code,
        "answer": finding.answer,
        "version": finding.version.number,
        "documents": documents,
    }


@transaction.atomic
def request_item(dossier, item, *, by, remark):
    """Write, change or (with an empty remark) remove the unsent request on one item. Returns it, or None."""
    dossier = locked(dossier)
    refuse(rules.against_writing_findings(dossier, by))
    request = dossier.requests.filter(item=item, sent_at__isnull=True).first()
    remark = remark.strip()
    if not remark:
        if request:
            request.delete()
            audit.record("dossier.request_removed", dossier, by=by, before={"item": item.code})
        return None
    request = request or CorrectionRequest(dossier=dossier, item=item)
    request.remark, request.author = remark, by
    request.save()
    audit.record("dossier.request_written", dossier, by=by, after={"item": item.code})
    return request


@transaction.atomic
def send_requests(dossier, *, by, seen, due_on):
    """Send all written requests in one message and pass the dossier back to the organisation until `due_on`."""
    dossier = step(dossier, "request_changes", by=by, seen=seen, due_on=due_on)
    requests = list(rules.unsent_requests(dossier))
    dossier.requests.filter(pk__in=[request.pk for request in requests]).update(sent_at=timezone.now())
    notifications.changes_requested(dossier, requests, by=by)
    return dossier
