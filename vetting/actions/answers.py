"""The organisation's answers and the documents that support them."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ace_partners.core import audit
from ace_partners.core.errors import refuse
from ace_partners.core.machine import claim_version
from vetting import rules
from vetting.actions.locks import locked
from vetting.models import AnswerEvidence


@transaction.atomic
def save_answer(answer, *, by, seen, text):
    """Keep the text of one answer. `seen` is the answer's lock version; the audit notes its length, not its words."""
    dossier = locked(answer.dossier)
    refuse(rules.against_answering(dossier, by, answer.item))
    answer = claim_version(answer, seen=seen)
    answer.text = text.strip()
    _touch(answer, by, "text")
    after = {"item": answer.item.code, "characters": len(answer.text)}
    audit.record("answer.save", answer, by=by, after=after)
    return answer


@transaction.atomic
def attach_evidence(answer, document, *, by):
    """Attach one of the organisation's documents to an answer; attaching it twice is the same as once."""
    dossier = locked(answer.dossier)
    reasons = rules.against_answering(dossier, by, answer.item)
    if document.partner_id != dossier.partner_id:
        reasons.append(_("A document of another organisation cannot serve as evidence."))
    refuse(reasons)
    row, created = AnswerEvidence.objects.get_or_create(answer=answer, document=document)
    if created:
        _touch(answer, by)
        after = {"item": answer.item.code, "document": document.pk}
        audit.record("answer.attach", answer, by=by, after=after)
    return row


@transaction.atomic
def detach_evidence(row, *, by):
    """Take a document off an answer; the document itself stays in the organisation's file."""
    answer = row.answer
    refuse(rules.against_answering(locked(answer.dossier), by, answer.item))
    before = {"item": answer.item.code, "document": row.document_id}
    row.delete()
    _touch(answer, by)
    audit.record("answer.detach", answer, by=by, before=before)


def _touch(answer, by, *fields):
    answer.updated_at, answer.updated_by = timezone.now(), by
    answer.save(update_fields=[*fields, "updated_at", "updated_by"])
