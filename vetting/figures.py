"""One dossier as the examiner, the second person and the assessment PDF see it: read once, item by item."""

from dataclasses import dataclass
from decimal import Decimal

from partners.models import Document
from vetting import phrases, scoring
from vetting.answer_changes import AnswerChange, AnswerChanges
from vetting.models import (
    CRITERION_RESULT_CHOICES,
    ChecklistItem,
    CorrectionRequest,
    Criterion,
    Dossier,
    DossierVersion,
    Finding,
    OtherAssessment,
)

RESULT_LABELS = dict(CRITERION_RESULT_CHOICES)


@dataclass(frozen=True)
class ItemCard:
    """One item: what the organisation sent last, and what ACE found. `finding` is None while not assessed."""

    item: ChecklistItem
    knock_out: bool
    text: str
    documents: tuple[Document, ...]
    absence: str  # why a paper asked for is not there
    references: tuple[OtherAssessment, ...]
    finding: Finding | None
    outdated: bool
    change: AnswerChange | None  # what differs from the version looked at before
    draft_request: CorrectionRequest | None
    sent_requests: tuple[CorrectionRequest, ...]

    @property
    def is_settled(self):
        """Nothing left to do here: assessed, on the answer as it is now."""
        return self.finding is not None and not self.outdated


@dataclass(frozen=True)
class CriterionCard:
    criterion: Criterion
    score: Decimal | None  # percent
    result: str
    label: str
    items: tuple[ItemCard, ...]


@dataclass(frozen=True)
class Examination:
    """`blocks` are sentences; `because` explains `outcome`, which is None while something blocks."""

    criteria: tuple[CriterionCard, ...]
    version: DossierVersion | None
    assessed: int
    total: int
    outcome: str | None
    because: tuple[str, ...]
    blocks: tuple[str, ...]

    @property
    def items(self):
        return [card for criterion in self.criteria for card in criterion.items]


def examination(dossier: Dossier) -> Examination:
    """Read the whole examination of one dossier; the number of queries does not depend on the number of items."""
    assessed = dossier.assessed_items()
    verdict = scoring.outcome(assessed)
    latest = dossier.latest_version
    cards = _cards(dossier, latest)
    scores = scoring.criterion_scores(assessed)
    return Examination(
        criteria=tuple(
            _criterion_card(criterion, scores[criterion.code], assessed, cards)
            for criterion in dossier.checklist.criteria.all()
        ),
        version=latest,
        assessed=sum(card.finding is not None for card in cards),
        total=len(cards),
        outcome=verdict.outcome,
        because=tuple(phrases.because_sentences(verdict.because)),
        blocks=tuple(phrases.block_sentences(verdict.blocks)),
    )


def _criterion_card(criterion, score, assessed, cards):
    result = scoring.result_of_criterion([item for item in assessed if item.criterion == criterion.code])
    return CriterionCard(
        criterion=criterion,
        score=phrases.percent(score),
        result=result,
        label=RESULT_LABELS[result],
        items=tuple(card for card in cards if card.item.criterion_id == criterion.pk),
    )


def _cards(dossier, latest):
    related = dossier.findings.select_related("author", "version", "item").prefetch_related(
        "evidence__document__type", "evidence__document__file"
    )
    findings = {finding.item_id: finding for finding in related}
    requests = _requests(dossier)
    sent = _documents(dossier, latest), _references(dossier, latest)
    changes = AnswerChanges(dossier, latest)
    return [
        _card(dossier, item, findings.get(item.pk), requests.get(item.pk, ()), *sent, latest, changes)
        for item in dossier.items
    ]


def _requests(dossier):
    by_item = {}
    for request in dossier.requests.select_related("author"):
        by_item.setdefault(request.item_id, []).append(request)
    return by_item


def _documents(dossier, version):
    """id → Document for everything that was sent with this version."""
    if version is None:
        return {}
    ids = {row["id"] for answer in version.content.values() for row in answer["documents"]}
    rows = Document.objects.filter(partner=dossier.partner_id, pk__in=ids)
    return {document.pk: document for document in rows.select_related("type", "file")}


def _references(dossier, version):
    """id → OtherAssessment for everything that an answer of this version leans on."""
    if version is None:
        return {}
    ids = {pk for code in version.content for pk in version.answer_to(code)["references"]}
    rows = OtherAssessment.objects.filter(partner=dossier.partner_id, pk__in=ids)
    return {row.pk: row for row in rows.select_related("document__type", "document__file")}


def _card(dossier, item, finding, requests, documents, references, latest, changes):
    sent = latest.answer_to(item.code) if latest else DossierVersion(content={}).answer_to(item.code)
    outdated = finding is not None and finding.is_outdated(latest)
    return ItemCard(
        item=item,
        knock_out=dossier.is_knock_out(item),
        text=sent["text"],
        documents=tuple(documents[row["id"]] for row in sent["documents"] if row["id"] in documents),
        absence=sent["absence"],
        references=tuple(references[pk] for pk in sent["references"] if pk in references),
        finding=finding,
        outdated=outdated,
        change=changes.of(item.code, finding),
        draft_request=next((row for row in requests if row.sent_at is None), None),
        sent_requests=tuple(row for row in requests if row.sent_at is not None),
    )
