"""What stops a payment or a standing: the holds people put, and those that dates and open matters bring about by rule.

Only the first are rows. An expired key paper, an open screening hit and a missed condition are read from the rows that
cause them, so that nothing has to run at night for them to count, and nothing can forget to end them.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from ace_partners.core.dates import format_date
from partners.models import Validity
from vetting.models import CapacityAction, EvidenceRenewal, FindingEvidence, Hold, ScreeningHit

PUT, EXPIRED_PAPER, OPEN_HIT, MISSED_CONDITION = "put", "expired_paper", "open_hit", "missed_condition"


@dataclass(frozen=True)
class OpenHold:
    """One reason why money or standing waits. `row` is what causes it; `kind` one of the four codes above."""

    kind: str
    sentence: str
    since: date
    row: object


def open_holds(partner, today=None):
    """All open holds of one organisation, oldest first; five queries at most, whatever their number."""
    today = today or timezone.localdate()
    found = [
        *(_put(hold) for hold in Hold.objects.filter(partner=partner).open(today)),
        *(_expired(row) for row in lapsed_evidence(today).filter(finding__dossier__partner=partner)),
        *(_hit(hit) for hit in ScreeningHit.objects.filter(partner=partner).holding().select_related("screening")),
        *(_missed(step) for step in missed_conditions(today).filter(plan__partner=partner).select_related("item")),
    ]
    return tuple(sorted(found, key=lambda hold: hold.since))


def with_holds(partners, today=None):
    """Annotate partners with `has_hold`, by the rules of `open_holds`."""
    today = today or timezone.localdate()
    here = OuterRef("pk")
    return partners.annotate(
        has_hold=Exists(Hold.objects.open(today).filter(partner=here))
        | Exists(lapsed_evidence(today).filter(finding__dossier__partner=here))
        | Exists(ScreeningHit.objects.holding().filter(partner=here))
        | Exists(missed_conditions(today).filter(plan__partner=here))
    )


def lapsed_evidence(today):
    """Key papers that a finding in force relies on and that lapsed, with no other valid paper for the same finding.

    Another valid paper is one the examiner cited beside it, or one accepted since (EvidenceRenewal).
    """
    counts = Q(document__valid_until__isnull=True) | Q(document__valid_until__gte=today)
    valid = counts & ~Q(document__type__validity=Validity.NOT_ACCEPTED)
    same = OuterRef("finding")
    return (
        FindingEvidence.objects.filter(
            document__type__is_key=True,
            document__valid_until__lt=today,
            finding__dossier__decisions__isnull=False,
            finding__dossier__decisions__replaced_by__isnull=True,
        )
        .exclude(Exists(FindingEvidence.objects.filter(valid, finding=same)))
        .exclude(Exists(EvidenceRenewal.objects.filter(valid, finding=same)))
        .select_related("document__type", "finding__item")
    )


def missed_conditions(today=None):
    """Steps that a conditional approval in force hangs on, unfinished after their day (design §5)."""
    return CapacityAction.objects.missed(today).filter(
        condition__isnull=False, plan__decision__replaced_by__isnull=True
    )


def _put(hold):
    return OpenHold(PUT, hold.reason, timezone.localdate(hold.set_at), hold)


def _expired(row):
    words = _("%(document)s, on which item %(item)s rests, was valid until %(day)s.")
    facts = {
        "document": row.document,
        "item": row.finding.item.code,
        "day": format_date(row.document.valid_until, "fr"),
    }
    return OpenHold(EXPIRED_PAPER, words % facts, row.document.valid_until, row)


def _hit(hit):
    sentence = _("A name resembles one on a sanctions list; ACE is looking into it.")
    return OpenHold(OPEN_HIT, sentence, timezone.localdate(hit.screening.screened_at), hit)


def _missed(step):
    words = _("The step for item %(item)s was due on %(day)s.")
    return OpenHold(
        MISSED_CONDITION, words % {"item": step.item.code, "day": format_date(step.due_on, "fr")}, step.due_on, step
    )
