"""What asks for a new look before the validity of a decision ends (domain.md §3): computed from rows, never stored.

Whatever happened since the last round was decided counts, until somebody dismissed it with a reason, or a dossier that
was opened afterwards takes it up. Reports belong to a room above this one: whoever asks passes those that are late.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from partners.models import Document, PartnerPlace, Person, PlaceKind
from vetting import phrases
from vetting.models import (
    FLAG_OPEN,
    Decision,
    Dossier,
    Flag,
    FlagCategory,
    FlagSeverity,
    FlagStatus,
    FlagTone,
    ProposalKind,
    TriggerDismissal,
    TriggerKind,
)
from vetting.regulatory import STOPPED, regulations, sites_of

LATE_DAYS = 60  # domain.md §3: a report more than 60 days late
PAPERS = {"STATUTS": TriggerKind.STATUTES, "RIB": TriggerKind.BANK_ACCOUNT}  # document type codes


@dataclass(frozen=True)
class Trigger:
    """One reason for a new look. `key` names the row that caused it, such as "person-12"."""

    kind: str
    key: str
    sentence: str
    since: date

    @property
    def label(self):
        return TriggerKind(self.kind).label


def open_triggers(partner, late_reports=(), today=None):
    """The triggers that nobody answered yet, oldest first; the number of queries does not depend on theirs.

    `late_reports`: (report id, days late today) of reports that have not arrived. Without a decision that is still
    valid for something (approved, conditional) nothing can be triggered.
    """
    today = today or timezone.localdate()
    decided_at = _decided_at(partner)
    if decided_at is None:
        return ()
    found = [
        *_new_people(partner, decided_at),
        *_new_papers(partner, decided_at),
        *_new_seats(partner, decided_at),
        *_flags(partner, decided_at),
        *_regulation(partner, decided_at),
        *_late(late_reports, decided_at, today),
    ]
    taken_up = _opened_on(partner)
    dismissed = set(TriggerDismissal.objects.filter(partner=partner).values_list("kind", "key"))
    waiting = [each for each in found if (each.kind, each.key) not in dismissed]
    return tuple(
        sorted(
            (each for each in waiting if taken_up is None or each.since > taken_up),
            key=lambda each: (each.since, each.key),
        )
    )


def _decided_at(partner):
    """When the last round ended, if its decision, as it is now, still holds for some time.

    A correction or a review replaces a decision without looking at the organisation again: it answers no trigger.
    """
    decisions = list(Decision.objects.filter(partner=partner).select_related("proposal").order_by("-decided_at", "-pk"))
    if not decisions or decisions[0].valid_until is None:
        return None
    rounds = [row for row in decisions if row.proposal.kind == ProposalKind.ROUND]
    return (rounds or decisions)[0].decided_at


def _opened_on(partner):
    """The day on which the open dossier was opened, or None: it takes up everything that was there by then."""
    dossier = Dossier.objects.open().filter(partner=partner).first()
    return timezone.localdate(dossier.opened_at) if dossier else None


def _new_people(partner, decided_at):
    people = Person.objects.filter(Q(binds=True) | ~Q(office=""), partner=partner, added_at__gt=decided_at)
    for person in people:
        words = _("New since the decision, and signs: %(office)s.") if person.binds else _("New in office: %(office)s.")
        yield Trigger(
            TriggerKind.NEW_LEADER,
            f"person-{person.pk}",
            words % {"office": person.office},
            timezone.localdate(person.added_at),
        )


def _new_papers(partner, decided_at):
    papers = Document.objects.filter(partner=partner, type__code__in=PAPERS, added_at__gt=decided_at).current()
    for paper in papers.select_related("type"):
        day = timezone.localdate(paper.added_at)
        words = _("A new document of this type came in on %(day)s: %(document)s.")
        yield Trigger(
            PAPERS[paper.type.code],
            f"document-{paper.pk}",
            words % {"day": phrases.day(day), "document": paper},
            day,
        )


def _new_seats(partner, decided_at):
    seats = PartnerPlace.objects.filter(partner=partner, kind=PlaceKind.SEAT, added_at__gt=decided_at)
    for seat in seats.select_related("place"):
        words = _("Another seat is on record: %(place)s.")
        yield Trigger(
            TriggerKind.SEAT, f"seat-{seat.pk}", words % {"place": seat.place}, timezone.localdate(seat.added_at)
        )


def _flags(partner, decided_at):
    """An accident, or a serious concern; raised is enough to look again: a look is no effect on the organisation."""
    flags = Flag.objects.filter(
        Q(category=FlagCategory.ACCIDENT) | Q(severity=FlagSeverity.SERIOUS),
        partner=partner,
        status__in=[*FLAG_OPEN, FlagStatus.SUBSTANTIATED],
        raised_at__gt=decided_at,
    ).exclude(tone=FlagTone.POSITIVE)
    for flag in flags:
        accident = flag.category == FlagCategory.ACCIDENT
        day = timezone.localdate(flag.raised_at)
        facts = {"day": phrases.day(day), "category": flag.get_category_display(), "state": flag.get_status_display()}
        yield Trigger(
            TriggerKind.ACCIDENT if accident else TriggerKind.SERIOUS_FLAG,
            f"flag-{flag.pk}",
            _("Flag of %(day)s (%(category)s): %(state)s.") % facts,
            day,
        )


def _regulation(partner, decided_at):
    """Learnt since the decision, and still so: a suspension that was lifted meanwhile asks for nothing."""
    for each in regulations(partner, sites_of(partner)):
        row = each.current
        if row.state not in STOPPED or row.recorded_at <= decided_at:
            continue
        facts = {
            "subject": each.place or partner,
            "state": row.get_state_display(),
            "day": phrases.day(row.effective_on),
        }
        yield Trigger(
            TriggerKind.REGULATORY,
            f"status-{row.pk}",
            _("%(subject)s: %(state)s since %(day)s.") % facts,
            timezone.localdate(row.recorded_at),
        )


def _late(late_reports, decided_at, today):
    for report, days in late_reports:
        since = today - timedelta(days=days - LATE_DAYS - 1)
        if days > LATE_DAYS and since > timezone.localdate(decided_at):
            yield Trigger(
                TriggerKind.LATE_REPORT,
                f"report-{report}",
                _("A report is %(days)s days late.") % {"days": days},
                since,
            )
