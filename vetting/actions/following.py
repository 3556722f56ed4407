"""A trigger that needs no dossier, and what the authorities say: rows that are only ever added."""

from django.db import transaction

from ace_partners.core import audit
from ace_partners.core.errors import refuse
from partners.models import Partner
from vetting.models import RegulatoryStatus, TriggerDismissal
from vetting.rules import following as rules


@transaction.atomic
def dismiss_trigger(partner, trigger, *, by, reason):
    """Keep that somebody looked at one open trigger and wants no new dossier. The organisation's row is the lock."""
    partner = Partner.objects.select_for_update().get(pk=partner.pk)
    refuse(rules.against_dismissing(partner, by, trigger=trigger, reason=reason))
    dismissal = TriggerDismissal.objects.create(
        partner=partner, kind=trigger.kind, key=trigger.key, reason=reason.strip(), by=by
    )
    audit.record("trigger.dismiss", dismissal, by=by, reason=dismissal.reason)
    return dismissal


@transaction.atomic
def record_status(partner, *, by, state, effective_on, source, note="", place=None):
    """Add what the authorities say of the organisation, or (`place`) of one of its sites. Returns the RegulatoryStatus."""
    refuse(rules.against_recording_status(partner, by, place=place, source=source, effective_on=effective_on))
    row = RegulatoryStatus.objects.create(
        partner=None if place else partner,
        place=place,
        state=state,
        effective_on=effective_on,
        source=source.strip(),
        note=note.strip(),
        recorded_by=by,
    )
    facts = {"state": state, "effective_on": effective_on.isoformat(), "place": place.pk if place else None}
    audit.record("regulatory.record", row, by=by, after=facts)
    return row
