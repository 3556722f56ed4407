"""Screening: the names of one organisation against the active lists; every run is kept, with what it was run against."""

from dataclasses import dataclass, field
from functools import wraps

from django.db import transaction
from django.utils import timezone

from ace_partners.core import audit
from ace_partners.core.errors import refuse
from ace_partners.core.machine import perform
from partners.models import Partner
from partners.rules import roles_on
from vetting.actions import listed_names
from vetting.matching import Match
from vetting.models import (
    HitStatus,
    SanctionsEntry,
    SanctionsName,
    Screening,
    ScreeningHit,
    ScreeningReason,
    ScreeningResult,
    ScreeningSubject,
    SubjectOutcome,
)
from vetting.notifications import screening as notifications
from vetting.rules import screening as rules
from vetting.subjects import Subject, subjects_of


@dataclass
class Screened:
    """One subject with what was found, and the hits that already stand for it."""

    subject: Subject
    matches: list[Match]
    hits: list[ScreeningHit] = field(default_factory=list)

    @property
    def outcome(self):
        if not self.subject.is_screenable:
            return SubjectOutcome.UNSCREENABLE
        if not self.hits:
            return SubjectOutcome.CLEAN
        cleared = all(hit.status == HitStatus.CLEARED for hit in self.hits)
        return SubjectOutcome.CLEARED if cleared else SubjectOutcome.HIT


def screen(partner, *, reason, by=None, lists=None):
    """Screen the names of one organisation against every active edition, and keep what was found. Returns the Screening.

    A pair that was cleared stays cleared until the name or the entry changes. Without any edition the screening is kept
    as incomplete. `lists` saves a query to those who screen many.
    """
    lists = lists or listed_names.current()
    found = [Screened(subject, _search(subject, lists.index)) for subject in subjects_of(partner)]
    return _keep(partner, found if lists.editions else [], lists.editions, reason, by)


def screen_now(partner, *, by):
    """An officer asks for it; a new person in office is noted as the occasion. Raises NotAllowed."""
    refuse(rules.against_screening(partner, by))
    is_for_person = rules.NEW_PERSON in rules.screening_state(partner).stale
    return screen(partner, reason=ScreeningReason.NEW_PERSON if is_for_person else ScreeningReason.MANUAL, by=by)


def screen_if_stale(partner, *, reason, by):
    """Screen before a decision or a payment when the newest screening does not count any more; returns it, or None.

    Call it outside the transaction of the act it precedes: what it finds must stay when it makes the act refused.
    Somebody without a role on the organisation starts nothing; without any list there is nothing to screen against.
    """
    state = rules.screening_state(partner)
    if state.is_fresh or not state.has_lists or not roles_on(by, partner) & rules.OCCASIONS:
        return None
    return screen(partner, reason=reason, by=by)


def screened_before(act):
    """Decorate what decides on a dossier: it is screened first when its screening does not count any more.

    Outermost, above `transaction.atomic`: a match found here must stay when it makes the decision refused.
    """

    @wraps(act)
    def screened(dossier, *, by, **values):
        screen_if_stale(dossier.partner, reason=ScreeningReason.DECISION, by=by)
        return act(dossier, by=by, **values)

    return screened


def _search(subject, index):
    strong, review = (float(value) for value in rules.thresholds())
    if subject.is_by_letters:
        return index.search_exact(subject.tokens)
    return index.search(subject.tokens, person=subject.is_person, review_from=review, strong_from=strong)


@transaction.atomic
def _keep(partner, found, editions, reason, by):
    partner = Partner.objects.select_for_update().get(pk=partner.pk)
    entries = _entries(found)
    fresh = _meet_known(partner, found, entries)
    screening = _screening(partner, found, editions, reason, by)
    for hit in fresh:
        _open(hit, screening)
    counted = sum(row.outcome == SubjectOutcome.HIT for row in found)
    after = {"reason": reason, "result": screening.result, "editions": [edition.pk for edition in editions]}
    audit.record("screening.run", screening, by=by, after={**after, "subjects": len(found), "hits": counted})
    if fresh and reason != ScreeningReason.IMPORT:
        notifications.hits_found(screening, len(fresh), by=by)
    return screening


def _entries(found):
    ids = {match.entry_id for row in found for match in row.matches}
    return SanctionsEntry.objects.in_bulk(ids) if ids else {}


def _meet_known(partner, found, entries):
    """Give every subject its hits: those that stand already, and new ones. Returns the new and the reopened, unsaved."""
    if not entries:
        return []
    known = list(ScreeningHit.objects.filter(partner=partner, entry__in=entries))
    texts = SanctionsName.objects.in_bulk({match.name_id for row in found for match in row.matches})
    fresh = []
    for row in found:
        for match in row.matches:
            facts = _facts(row.subject, match, entries[match.entry_id], texts[match.name_id].text)
            hit = _known(known, facts)
            if hit is None:
                hit = ScreeningHit(partner=partner, **facts)
                fresh.append(hit)
            elif hit.status == HitStatus.CLOSED:
                fresh.append(hit)
            elif hit.status == HitStatus.OPEN:
                _refresh(hit, facts)
            row.hits.append(hit)
    return fresh


def _known(known, facts):
    """The hit of this very pair; else the one nobody has judged yet of the same person and entry, before it changed."""
    same = [hit for hit in known if (hit.subject_key, hit.entry_id) == (facts["subject_key"], facts["entry_id"])]
    for hit in same:
        if all(getattr(hit, name) == facts[name] for name in ("subject_fingerprint", "entry_fingerprint")):
            return hit
    return next((hit for hit in same if hit.status == HitStatus.OPEN), None)


def _facts(subject, match, entry, matched_name):
    return {
        "subject_kind": subject.kind,
        "person_id": subject.person_id,
        "subject_key": subject.key,
        "subject_text": subject.text,
        "subject_fingerprint": subject.fingerprint,
        "entry_id": entry.pk,
        "entry_fingerprint": entry.fingerprint,
        "matched_name": matched_name,
        "score": rules.as_score(match.score),
        "is_strong": match.is_strong,
        "why": [list(pair) for pair in match.why],
    }


def _refresh(hit, facts):
    """An open hit shows the name and the entry as they are now; whoever was reading it reads again."""
    changed = {name for name, value in facts.items() if getattr(hit, name) != value}
    if not changed:
        return
    for name in changed:
        setattr(hit, name, facts[name])
    hit.lock_version += 1
    hit.save(update_fields=[*changed, "lock_version"])
    audit.record("hit.refresh", hit, by=None, after={"entry": hit.entry_id, "score": str(hit.score)})


def _screening(partner, found, editions, reason, by):
    strong, review = rules.thresholds()
    screening = Screening.objects.create(
        partner=partner,
        reason=reason,
        result=_result(found),
        editions=[
            {
                "list": edition.publisher,
                "id": edition.pk,
                "date": edition.edition_on.isoformat(),
                "sha256": edition.sha256,
            }
            for edition in editions
        ],
        strong_from=strong,
        review_from=review,
        screened_by=by,
    )
    ScreeningSubject.objects.bulk_create(
        ScreeningSubject(
            screening=screening,
            kind=row.subject.kind,
            person_id=row.subject.person_id,
            text=row.subject.text,
            outcome=row.outcome,
            best_score=rules.as_score(row.matches[0].score) if row.matches else None,
        )
        for row in found
    )
    return screening


def _result(found):
    """Incomplete when there was no list, or a person of whom one name alone is known."""
    outcomes = {row.outcome for row in found}
    if SubjectOutcome.HIT in outcomes:
        return ScreeningResult.HITS
    if not found or SubjectOutcome.UNSCREENABLE in outcomes:
        return ScreeningResult.INCOMPLETE
    return ScreeningResult.CLEAN


def _open(hit, screening):
    """A new hit, or one that was closed while its entry was off the list."""
    if hit.pk:
        perform(rules.HIT, hit, "relist", by=None, seen=hit.lock_version, against=_nothing, screening=screening)
        return
    hit.screening = screening
    hit.save(force_insert=True)
    after = {"entry": hit.entry_id, "subject": hit.subject_key, "score": str(hit.score), "strong": hit.is_strong}
    audit.record("hit.found", hit, by=None, after=after)


def _nothing(_hit, _move, _by):
    """The system's own steps: no person takes them, so no role is asked."""
    return []


@transaction.atomic
def after_import(edition, *, by=None):
    """Close the hits that nobody settled on entries which this edition no longer holds. Returns how many."""
    gone = ScreeningHit.objects.filter(
        entry__publisher=edition.publisher, entry__delisted_at__isnull=False, status__in=rules.UNSETTLED
    )
    hits = list(gone)
    for hit in hits:
        perform(rules.HIT, hit, "close", by=by, seen=hit.lock_version, against=_nothing)
    return len(hits)


def read_paper(screening, *, by):
    """Note who takes the paper of a screening away: it names people (RAPP_CRIBLAGE is restricted)."""
    with transaction.atomic():
        audit.record("screening.read", screening, by=by)


# --- settling a hit, by two people --------------------------------------------------------------------------------


@transaction.atomic
def propose_verdict(hit, *, by, seen, verdict, reason):
    """Say whether it is the same or not, and why, for a second person.

    The reason stays out of the audit trail: it speaks of people, and that trail can never be erased.
    """
    refuse(rules.against_verdict(verdict, reason))
    changes = {"verdict": verdict, "verdict_reason": reason.strip(), "proposed_by": by}
    hit = _move(hit, "propose", by=by, seen=seen, **changes)
    notifications.verdict_proposed(hit, by=by)
    return hit


@transaction.atomic
def send_back(hit, *, by, seen, reason):
    """Disagree: the one who proposed reads why and looks again."""
    proposer = hit.proposed_by
    hit = _move(hit, "send_back", by=by, seen=seen, reason=reason, verdict="", proposed_by=None)
    notifications.verdict_sent_back(hit, to=proposer, reason=reason.strip(), by=by)
    return hit


@transaction.atomic
def clear(hit, *, by, seen):
    """Agree that it is somebody else: this pair is not asked about again until the name or the entry changes."""
    return _move(hit, "clear", by=by, seen=seen, decided_by=by, decided_at=timezone.now())


@transaction.atomic
def confirm(hit, *, by, seen):
    """Agree that it is the same: payments stay held and C1.4 cannot be met."""
    hit = _move(hit, "confirm", by=by, seen=seen, decided_by=by, decided_at=timezone.now())
    notifications.hit_confirmed(hit, by=by)
    return hit


@transaction.atomic
def reopen(hit, *, by, seen, reason):
    """Look again at what two people settled. One whose entry has left its list is closed at once."""
    nobody = {"verdict": "", "proposed_by": None, "decided_by": None, "decided_at": None}
    hit = _move(hit, "reopen", by=by, seen=seen, reason=reason, **nobody)
    if hit.entry.delisted_at is not None:
        return perform(rules.HIT, hit, "close", by=None, seen=hit.lock_version, against=_nothing)
    return hit


def _move(hit, name, *, by, seen, reason="", **changes):
    return perform(rules.HIT, hit, name, by=by, seen=seen, against=rules.against_moving_hit, reason=reason, **changes)
