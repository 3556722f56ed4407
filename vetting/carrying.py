"""What a new round takes over from the one before: answers with their valid papers, and findings that still hold."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from partners.models import COUNTS, Document
from vetting import phrases_renewal
from vetting.models import (
    Answer,
    AnswerEvidence,
    AnswerReference,
    ChecklistItem,
    Decision,
    DossierStatus,
    Finding,
    Round,
)
from vetting.renewal import REPORTING_ITEM, SPENDING_ITEM, wording_changed
from vetting.scoring import Answer as AnswerCode

STILL_HOLDS = (AnswerCode.MET, AnswerCode.NOT_APPLICABLE)  # the findings that may be taken over
COMPUTED = (SPENDING_ITEM, REPORTING_ITEM)  # performance is measured anew in each round

# An answer taken over that nobody confirmed or changed: it is not the organisation's word yet. `rules.unanswered` and
# the counts of the desk read it.
UNCONFIRMED = Q(carried_from__isnull=False, confirmed_at__isnull=True, updated_at__isnull=True)


def is_unconfirmed(answer):
    """`UNCONFIRMED`, for one row."""
    return answer.carried_from_id is not None and answer.confirmed_at is None and answer.updated_at is None


# --- from which dossier ------------------------------------------------------------------------------------------


def source_of(partner, round):
    """The dossier that a new round builds on, or None.

    A withdrawn dossier of the same round, so that its answers are not lost; else, at a renewal, the dossier of the
    decision in force.
    """
    decision = Decision.objects.in_force().filter(partner=partner).select_related("dossier").first()
    withdrawn = partner.dossiers.filter(round=round, status=DossierStatus.WITHDRAWN)
    if decision:
        withdrawn = withdrawn.filter(opened_at__gt=decision.decided_at)
    if newest := withdrawn.order_by("-opened_at", "-pk").first():
        return newest
    return decision.dossier if decision and round == Round.RENEWAL else None


def decided_before(dossier):
    """The decided dossier that this one renews, past any that were withdrawn on the way; None for a first round."""
    before = dossier.previous
    while before is not None and before.status != DossierStatus.DECIDED:
        before = before.previous
    return before


# --- papers ------------------------------------------------------------------------------------------------------


class Papers:
    """All documents of one organisation, to tell which version is the newest and which still counts; one query."""

    def __init__(self, partner_id, today=None):
        self.today = today or timezone.localdate()
        rows = list(Document.objects.filter(partner=partner_id).select_related("type"))
        self.by_pk = {row.pk: row for row in rows}
        self._newer = {row.replaces_id: row for row in rows if row.replaces_id}

    def newest(self, pk):
        """The newest version of a document."""
        row = self.by_pk[pk]
        while row.pk in self._newer:
            row = self._newer[row.pk]
        return row

    def is_current(self, pk):
        return pk not in self._newer

    def counts(self, row):
        """Whether a finding may rely on it today."""
        return row.validity(self.today) in COUNTS

    def why_not(self, row):
        """Why it does not count, in a sentence."""
        return phrases_renewal.lapsed(row, row.validity(self.today))


# --- answers -----------------------------------------------------------------------------------------------------


def carry_answers(dossier, items):
    """Make the answers of a new dossier: those of the round before under the same code, else empty ones.

    A paper is taken in its newest version and only while it counts; what ACE accepted since the decision comes too.
    """
    before = _answers_before(dossier.previous) if dossier.previous else {}
    papers = Papers(dossier.partner_id)
    accepted = _accepted_since(dossier.previous) if dossier.previous else {}
    answers = Answer.objects.bulk_create(_new_answer(dossier, item, before.get(item.code)) for item in items)
    evidence, references = [], []
    for answer in answers:
        old = before.get(answer.item.code)
        if old is None:
            continue
        used = [row.document_id for row in old.evidence.all()] + accepted.get(answer.item.code, [])
        kept = {row.pk for pk in used if papers.counts(row := papers.newest(pk))}
        evidence += [AnswerEvidence(answer=answer, document_id=pk) for pk in sorted(kept)]
        references += [AnswerReference(answer=answer, assessment_id=row.assessment_id) for row in old.references.all()]
    AnswerEvidence.objects.bulk_create(evidence)
    AnswerReference.objects.bulk_create(references)


def _new_answer(dossier, item, old):
    if old is None:
        return Answer(dossier=dossier, item=item)
    return Answer(dossier=dossier, item=item, text=old.text, absence=old.absence, carried_from=old)


def _answers_before(dossier):
    rows = dossier.answers.select_related("item").prefetch_related("evidence", "references")
    return {row.item.code: row for row in rows}


def _accepted_since(dossier):
    """Item code → papers that ACE accepted for a finding after the decision."""
    found = {}
    for finding in dossier.findings.select_related("item").prefetch_related("renewals"):
        found[finding.item.code] = [row.document_id for row in finding.renewals.all()]
    return found


@dataclass(frozen=True)
class CarriedAnswer:
    """What a renewal says beside one answer. `lapsed`: why a paper of the last round did not come along."""

    is_new: bool
    is_reworded: bool
    is_unconfirmed: bool
    is_empty: bool
    lapsed: tuple[str, ...]

    @property
    def can_be_confirmed(self):
        """One tap is enough: nothing about it changed, and it says something."""
        return self.is_unconfirmed and not self.is_reworded and not self.lapsed and not self.is_empty


def carried_answers(dossier):
    """answer id → CarriedAnswer; {} for a dossier that builds on no other. Six queries at most."""
    if dossier.previous_id is None:
        return {}
    related = dossier.answers.select_related("item", "carried_from__item").prefetch_related(
        "evidence", "references", "carried_from__evidence"
    )
    papers = Papers(dossier.partner_id)
    return {answer.pk: _carried(answer, papers) for answer in related}


def _carried(answer, papers):
    old = answer.carried_from
    present = {row.document_id for row in answer.evidence.all()}
    lapsed = []
    for row in old.evidence.all() if old else ():
        newest = papers.newest(row.document_id)
        if newest.pk not in present and not papers.counts(newest):
            lapsed.append(papers.why_not(newest))
    # A paper that lapsed after the round was opened is still attached, and no longer counts.
    lapsed += [papers.why_not(row) for pk in sorted(present) if not papers.counts(row := papers.by_pk[pk])]
    return CarriedAnswer(
        is_new=old is None,
        is_reworded=old is not None and wording_changed(old.item, answer.item),
        is_unconfirmed=is_unconfirmed(answer),
        is_empty=not (answer.text.strip() or answer.absence.strip() or present or answer.references.all()),
        lapsed=tuple(dict.fromkeys(lapsed)),
    )


# --- findings ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class HoldingFinding:
    """A finding of the decided round that still holds, with the papers (document, page) it may rely on now."""

    item: ChecklistItem
    before: Finding
    papers: tuple[tuple[Document, str], ...]


@dataclass(frozen=True)
class CarriableFindings:
    """Of the items without a finding: those whose finding holds, by item id, and why the others start afresh."""

    decision: Decision
    holding: dict[int, HoldingFinding]
    open: dict[int, str]


def carriable_findings(dossier):
    """The CarriableFindings of a renewal that was sent, or None: nothing was decided before, or nothing sent yet."""
    decided = decided_before(dossier) if dossier.previous_id else None
    decision = decided.decisions.select_related("proposal").first() if decided else None
    latest = dossier.latest_version if decision else None
    if latest is None:
        return None
    rows = decided.findings.select_related("item", "version").prefetch_related("evidence", "renewals")
    before = {row.item.code: row for row in rows}
    papers = Papers(dossier.partner_id)
    corrected = decision.proposal.changed_findings
    done = set(dossier.findings.values_list("item_id", flat=True))
    holding, left = {}, {}
    for item in dossier.items:
        if item.pk in done:
            continue
        finding = before.get(item.code)
        why = _why_afresh(dossier, item, finding, latest, papers) or _why_papers(finding, papers)
        if item.code in corrected:
            why = _("The finding was changed after the decision.")
        if why:
            left[item.pk] = why
        else:
            holding[item.pk] = HoldingFinding(item, finding, _papers_of(finding, papers))
    return CarriableFindings(decision, holding, left)


def _why_afresh(dossier, item, finding, latest, papers):
    """Why the finding of the last round is none for this one; "" when nothing speaks against it but papers."""
    if finding is None:
        return _("It was not asked last time.")
    if item.code in COMPUTED:
        return _("Performance is looked at anew in each round.")
    if wording_changed(finding.item, item):
        return _("The question changed.")
    if finding.answer not in STILL_HOLDS:
        return _("Last time it was “%(finding)s”.") % {"finding": finding.get_answer_display()}
    if finding.answer == AnswerCode.NOT_APPLICABLE and dossier.is_knock_out(item):
        return _("It is a knock-out for this type of organisation.")
    if not _same_answer(finding.version.answer_to(item.code), latest.answer_to(item.code), finding, papers):
        return _("The answer or its documents changed.")
    return ""


def _same_answer(was, now, finding, papers):
    """Whether the answer is the one that was examined. A paper that ACE accepted since may stand in for a lapsed one."""
    if was == now:
        return True
    if {**was, "documents": []} != {**now, "documents": []}:
        return False
    before, after = ({row["id"] for row in answer["documents"]} for answer in (was, now))
    accepted = {row.document_id for row in finding.renewals.all()}
    lapsed = {pk for pk in before if not papers.counts(papers.by_pk[pk])}
    return bool(after - before) and after - before <= accepted and before - after <= lapsed


def _why_papers(finding, papers):
    """Why its papers do not carry it any more, "" when they do or a paper accepted since does."""
    lapsed = [papers.by_pk[row.document_id] for row in finding.evidence.all() if not _holds(row, papers)]
    if not lapsed or any(_holds(row, papers) for row in finding.renewals.all()):
        return ""
    first = lapsed[0]
    if not papers.is_current(first.pk):
        return _("A newer version replaces %(document)s.") % {"document": first}
    return papers.why_not(first)


def _holds(row, papers):
    document = papers.by_pk[row.document_id]
    return papers.is_current(document.pk) and papers.counts(document)


def _papers_of(finding, papers):
    rows = [*finding.evidence.all(), *finding.renewals.all()]
    pages = {row.document_id: row.page for row in rows if _holds(row, papers)}
    return tuple((papers.by_pk[pk], page) for pk, page in pages.items())
