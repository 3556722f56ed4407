"""What a target says, as the JSON that revisions keep, and the history of a target read from it.

The JSON: {"baseline_state": "known", "baseline": "20", "baseline_on": "2024-12-01", "baseline_source": "Enquête",
"final": "60", "rationale": "…", "periods": {"1": "30"}}; numbers as text, None where there is none, periods by number.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ace_partners.core.dates import format_date, local_day
from ace_partners.core.numbers import number_words
from impact.models import BaselineState, RevisionStatus

TEXTS = ("baseline_state", "baseline_source", "rationale")


@dataclass(frozen=True)
class Change:
    """One value of a target that a revision changes, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class RevisionFacts:
    """One revision as both sides read it; `is_open` while it waits for the organisation."""

    pk: int
    number: int
    status: str
    status_label: str
    lock_version: int
    motive: str
    proposed_by: str
    proposed_at: datetime
    answered_by: str
    answered_at: datetime | None
    changes: tuple[Change, ...]

    @property
    def is_open(self):
        return self.status == RevisionStatus.PROPOSED

    @property
    def is_agreed(self):
        return self.status == RevisionStatus.AGREED


@dataclass(frozen=True)
class PublicRevision:
    """An agreed revision as the public reads it: the day, the motive, old and new values; no names."""

    agreed_on: date
    motive: str
    changes: tuple[Change, ...]


def facts_of(target):
    """The present values of a target, as a revision keeps them (one query for its periods)."""
    return {
        **{name: getattr(target, name) for name in TEXTS},
        "baseline": text_of(target.baseline),
        "baseline_on": target.baseline_on.isoformat() if target.baseline_on else None,
        "final": text_of(target.final_target),
        "periods": {
            str(number): text_of(value)
            for number, value in target.period_targets.values_list("period__number", "value")
        },
    }


def text_of(number):
    """A Decimal as the JSON keeps it: "60", never "60.0000"."""
    return None if number is None else f"{number.normalize():f}"


def number_of(text):
    """The other way: a Decimal, or None."""
    return None if text is None else Decimal(text)


def revision_facts(revision, unit, labels):
    """RevisionFacts of one row. `unit`: as `number_words` takes it; `labels`: names of the periods by number."""
    return RevisionFacts(
        pk=revision.pk,
        number=revision.number,
        status=revision.status,
        status_label=revision.get_status_display(),
        lock_version=revision.lock_version,
        motive=revision.motive,
        proposed_by=str(revision.proposed_by),
        proposed_at=revision.proposed_at,
        answered_by=str(revision.answered_by) if revision.answered_by else "",
        answered_at=revision.answered_at,
        changes=changes_in(revision, unit, labels),
    )


def public_revision(revision, unit, labels):
    """PublicRevision of an agreed row."""
    changes = changes_in(revision, unit, labels)
    return PublicRevision(agreed_on=local_day(revision.answered_at), motive=revision.motive, changes=changes)


def changes_in(revision, unit, labels):
    """What differs between old and new, in the order of a target's form."""
    before, after = _words(revision.before, unit, labels), _words(revision.after, unit, labels)
    wanted = [*before, *(label for label in after if label not in before)]
    return tuple(
        Change(label, before.get(label, "—"), after.get(label, "—"))
        for label in wanted
        if before.get(label) != after.get(label)
    )


def _words(facts, unit, labels):
    """label → words of every value of a target."""
    lang = get_language() or "fr"
    day = facts["baseline_on"]
    numbers = {
        _("Target of %(period)s") % {"period": labels.get(int(number), number)}: number_words(number_of(text), unit)
        for number, text in sorted(facts["periods"].items(), key=lambda each: int(each[0]))
    }
    return {
        _("Starting point"): BaselineState(facts["baseline_state"]).label,
        _("Starting value"): number_words(number_of(facts["baseline"]), unit),
        _("Measured on, or to be collected by"): format_date(date.fromisoformat(day), lang) if day else "—",
        _("Source of the starting value"): facts["baseline_source"] or "—",
        **numbers,
        _("Target at the end of the project"): number_words(number_of(facts["final"]), unit),
        _("Why this is ambitious and within reach"): facts["rationale"],
    }
