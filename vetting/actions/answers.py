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
def save_answer(answer, *, by, seen, text, absence=""):
    """Keep one answer: its text, and why a paper asked for is not there (`absence`), which is an answer too.

    `seen` is the answer's lock version; the audit notes the length of the text, not its words.
    """
    dossier = locked(answer.dossier)
    refuse(rules.against_answering(dossier, by, answer.item))
    answer = claim_version(answer, seen=seen, texts=("text", "absence"))
    answer.text, answer.absence = text.strip(), absence.strip()
    touch(answer, by, "text", "absence")
    after = {"item": answer.item.code, "characters": len(answer.text), "absent": bool(answer.absence)}
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
        touch(answer, by)
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
    touch(answer, by)
    audit.record("answer.detach", answer, by=by, before=before)


def touch(answer, by, *fields):
    """Note who changed an answer and when; what ACE asked back counts as replied to from here."""
    answer.updated_at, answer.updated_by = timezone.now(), by
    answer.save(update_fields=[*fields, "updated_at", "updated_by"])
