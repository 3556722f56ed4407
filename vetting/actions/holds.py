"""Holds put by people. Each is a row of its own: lifting one never opens another."""

from django.db import transaction
from django.utils import timezone

from ace_partners.core import audit
from ace_partners.core.errors import refuse
from ace_partners.core.machine import claim_version
from partners.models import Partner
from vetting.models import Flag, Hold
from vetting.notifications import following as notifications
from vetting.rules import holds as rules


@transaction.atomic
def set_hold(partner, *, by, kind, reason, ends_on=None, flag=None):
    """Stop payments until somebody lifts the hold or its day passes; the organisation reads why. Returns the Hold."""
    # A payment step locks the organisation too: a hold never slips past a check that is under way.
    partner = Partner.objects.select_for_update().get(pk=partner.pk)
    if flag is not None:
        flag = Flag.objects.select_for_update().get(pk=flag.pk)  # it may be closed as unfounded at this moment
    refuse(
        [
            *rules.against_setting_holds(partner, by),
            *rules.against_hold(partner, kind=kind, reason=reason, ends_on=ends_on, flag=flag),
        ]
    )
    hold = Hold.objects.create(partner=partner, kind=kind, reason=reason.strip(), ends_on=ends_on, flag=flag, set_by=by)
    facts = {"kind": kind, "flag": flag.pk if flag else None, "ends_on": ends_on.isoformat() if ends_on else None}
    audit.record("hold.set", hold, by=by, after=facts)
    notifications.hold_set(hold, by=by)
    return hold


@transaction.atomic
def lift_hold(hold, *, by, seen, reason):
    """End one hold, with the reason that the organisation reads. Raises Stale when somebody lifted it meanwhile."""
    hold = claim_version(hold, seen=seen)
    refuse(rules.against_lifting(hold, by))
    mark_lifted(hold, by=by, reason=reason)
    audit.record("hold.lift", hold, by=by, reason=hold.lift_reason)
    notifications.hold_lifted(hold, by=by)
    return hold


def mark_lifted(hold, *, by, reason):
    """Write the end of a locked hold; who asked the rules, audits and tells is the caller, in its transaction."""
    hold.lifted_at, hold.lifted_by, hold.lift_reason = timezone.now(), by, reason.strip()
    hold.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
