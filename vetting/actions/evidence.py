"""Other bodies' assessments and the answers that lean on them; papers that ACE accepts after a decision."""

from django.db import transaction

from ace_partners.core import audit
from ace_partners.core.errors import refuse
from partners.models import Partner
from partners.rules import is_member
from vetting.actions.answers import touch
from vetting.actions.locks import locked
from vetting.models import AnswerReference, EvidenceRenewal, OtherAssessment
from vetting.rules import against_answering
from vetting.rules import evidence as rules


@transaction.atomic
def add_assessment(partner, *, by, body, tool, result, assessed_on, source, document=None):
    """Note what another body found about an organisation, with its date and where it can be checked; return the row."""
    partner = Partner.objects.select_for_update().get(pk=partner.pk)
    refuse(rules.against_assessment(partner, by, assessed_on=assessed_on, source=source, document=document))
    row = OtherAssessment.objects.create(
        partner=partner,
        body=body.strip(),
        tool=tool.strip(),
        result=result.strip(),
        assessed_on=assessed_on,
        source=source.strip(),
        document=document,
        added_by=by,
    )
    after = {"assessed_on": assessed_on.isoformat(), "on_behalf": not is_member(by, partner)}
    audit.record("assessment.added", row, by=by, after=after)
    return row


@transaction.atomic
def attach_reference(answer, assessment, *, by):
    """Lean an answer on another body's assessment; attaching it twice is the same as once."""
    refuse(rules.against_referring(locked(answer.dossier), answer.item, assessment, by))
    row, created = AnswerReference.objects.get_or_create(answer=answer, assessment=assessment)
    if created:
        touch(answer, by)
        audit.record("answer.refer", answer, by=by, after={"item": answer.item.code, "assessment": assessment.pk})
    return row


@transaction.atomic
def detach_reference(row, *, by):
    """Take an assessment off an answer; it stays in the organisation's file."""
    answer = row.answer
    refuse(against_answering(locked(answer.dossier), by, answer.item))
    before = {"item": answer.item.code, "assessment": row.assessment_id}
    row.delete()
    touch(answer, by)
    audit.record("answer.unrefer", answer, by=by, before=before)


@transaction.atomic
def accept_evidence(finding, *, by, document, page):
    """Accept a valid paper for a finding in force whose key paper lapsed: that hold ends, until this paper lapses too.

    Raises NotAllowed when the rules refuse.
    """
    locked(finding.dossier)
    refuse([*rules.against_accepting(finding, by), *rules.against_relying_on(finding, document, page)])
    row = EvidenceRenewal.objects.create(finding=finding, document=document, page=page.strip(), accepted_by=by)
    after = {"item": finding.item.code, "document": document.pk, "page": row.page}
    audit.record("finding.evidence_accepted", finding, by=by, after=after)
    return row
