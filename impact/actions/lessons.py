"""Lessons: written directly or from an accepted report, read by a second person, published, taken back."""

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from ace_partners.core import audit
from ace_partners.core.errors import refuse
from ace_partners.core.machine import claim_version, perform
from impact.models import Lesson
from impact.notifications import lessons as notifications
from impact.rules import lessons as rules

LESSON_FIELDS = ("title", "text", "advice", "area", "place")
LONGEST_SLUG = 70  # leaves room for a number


@transaction.atomic
def write_lesson(*, by, partner=None, **fields):
    """Begin a lesson of `partner`, or ACE's own without one. Returns the Lesson, a draft. Raises NotAllowed."""
    refuse(rules.against_writing_lesson(by, partner))
    return _written(by, partner=partner, **fields)


@transaction.atomic
def lesson_from_report(report, *, by, **fields):
    """Begin a lesson from what an accepted report says; it stays tied to that version. Raises NotAllowed."""
    refuse(rules.against_lesson_from(report, by))
    return _written(by, partner=report.partner, version=report.accepted_version, **fields)


def _written(by, *, partner, version=None, **fields):
    lesson = Lesson.objects.create(
        slug=_free_slug(fields["title"]),
        partner=partner,
        version=version,
        written_by=by,
        **{name: fields[name] for name in LESSON_FIELDS},
    )
    after = {"area": lesson.area, "version": version.receipt_number if version else None}
    audit.record("lesson.written", lesson, by=by, after=after)
    return lesson


def _free_slug(title):
    """The title as an address, with a number where another lesson has it already."""
    base = slugify(title)[:LONGEST_SLUG].strip("-") or "lecon"
    taken = set(Lesson.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    candidates = [base, *(f"{base}-{number}" for number in range(2, len(taken) + 2))]
    return next(slug for slug in candidates if slug not in taken)


@transaction.atomic
def edit_lesson(lesson, *, by, seen, **fields):
    """Change a draft. Whoever saves it last is its writer, and somebody else publishes it. Raises NotAllowed, Stale."""
    refuse(rules.against_editing_lesson(lesson, by))
    lesson = claim_version(lesson, seen=seen)
    changed = [name for name in LESSON_FIELDS if getattr(lesson, name) != fields[name]]
    for name in changed:
        setattr(lesson, name, fields[name])
    lesson.written_by = by
    lesson.save(update_fields=[*changed, "written_by"])
    audit.record("lesson.edited", lesson, by=by, after={"fields": changed})
    return lesson


@transaction.atomic
def propose_lesson(lesson, *, by, seen):
    """Pass a draft on to a second person. Raises NotAllowed, Stale."""
    row = _move(lesson, "propose", by=by, seen=seen)
    notifications.lesson_proposed(row, by=by)
    return row


@transaction.atomic
def return_lesson(lesson, *, by, seen, reason):
    """Send a proposed lesson back to its writer. Raises NotAllowed, Stale."""
    row = _move(lesson, "return", by=by, seen=seen, reason=reason)
    notifications.lesson_returned(row, by=by, reason=reason)
    return row


def publish_lesson(lesson, *, by, seen):
    """Second person: the lesson is on the public site from now on. Raises NotAllowed, Stale."""
    return _move(lesson, "publish", by=by, seen=seen, published_by=by, published_on=timezone.localdate())


def withdraw_lesson(lesson, *, by, seen, reason):
    """Take a published lesson off the site, for good; a better one is a new lesson. Raises NotAllowed, Stale."""
    return _move(lesson, "withdraw", by=by, seen=seen, reason=reason)


def _move(lesson, name, *, by, seen, reason="", **changes):
    against = rules.against_moving_lesson
    return perform(rules.LESSON, lesson, name, by=by, seen=seen, against=against, reason=reason, **changes)
