"""Training sessions and who took part in them: people are counted, never named."""

from django.db import transaction

from ace_partners.core import audit
from ace_partners.core.errors import Stale, refuse
from vetting.models import TrainingAttendance, TrainingSession
from vetting.rules import plans as rules

FACTS = ("title", "held_on", "place", "trainer", "hours")


def version_of(session):
    """The number of the newest event about a session: what a page that edits it has seen. 0 when there is none."""
    event = audit.latest(session)
    return event.pk if event else 0


@transaction.atomic
def add_session(*, by, **facts):
    """Write down a training that was held. Returns the TrainingSession."""
    refuse([*rules.against_keeping_trainings(by), *rules.against_session(facts["held_on"])])
    session = TrainingSession.objects.create(added_by=by, **facts)
    audit.record("training.added", session, by=by, after={"held_on": session.held_on.isoformat()})
    return session


@transaction.atomic
def edit_session(session, *, by, seen, **facts):
    """Correct a training. `seen` is `version_of` when the page was shown; raises Stale when it has changed since."""
    session = TrainingSession.objects.select_for_update().get(pk=session.pk)
    if version_of(session) != seen:
        raise Stale(session, audit.latest(session))
    refuse([*rules.against_keeping_trainings(by), *rules.against_session(facts["held_on"])])
    changed = sorted(name for name in FACTS if getattr(session, name) != facts[name])
    if changed:
        for name in changed:
            setattr(session, name, facts[name])
        session.save(update_fields=changed)
        audit.record("training.edited", session, by=by, after={"fields": changed})
    return session


@transaction.atomic
def save_attendance(session, partner, *, by, women, men):
    """How many women and men of one organisation took part; a second saving replaces the numbers."""
    session = TrainingSession.objects.select_for_update().get(pk=session.pk)
    refuse([*rules.against_keeping_trainings(by), *rules.against_attendance(women, men)])
    before = session.attendance.filter(partner=partner).first()
    numbers = {"women": women, "men": men}
    row, _created = TrainingAttendance.objects.update_or_create(session=session, partner=partner, defaults=numbers)
    facts = {"partner": partner.pk, **numbers}
    was = {"women": before.women, "men": before.men} if before else {}
    audit.record("training.attendance", session, by=by, before=was, after=facts)
    return row


@transaction.atomic
def remove_attendance(row, *, by):
    """Take out an organisation that was entered by mistake."""
    session = TrainingSession.objects.select_for_update().get(pk=row.session_id)
    refuse(rules.against_keeping_trainings(by))
    was = {"partner": row.partner_id, "women": row.women, "men": row.men}
    row.delete()
    audit.record("training.attendance_removed", session, by=by, before=was)
