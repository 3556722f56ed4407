"""The addresses of this room, for the role × URL × object matrix."""

from impact.models import Report
from impact.tests.factories_lessons import LessonFactory, PublishedLessonFactory

PUBLIC = "22222222222"
#            anonymous viewer editor signatory foreign · reviewer me_officer approver admin auditor auditor_without_grant
LESSONS, FROM_REPORT, MOVED_ON = "34444222444", "34444222424", "34444333444"

MATRIX = {
    **dict.fromkeys(["public:lessons", "public:lesson"], PUBLIC),
    **dict.fromkeys(
        [f"impact:lesson{name}" for name in ("_list", "_add", "", "_edit", "_return", "_withdraw")], LESSONS
    ),
    **dict.fromkeys(["impact:lesson_propose", "impact:lesson_publish"], MOVED_ON),
    "impact:lesson_from_report": FROM_REPORT,
}


def addresses(people, rows):
    """Make the rows that the room's addresses need; return URL name → arguments."""
    partner = rows["partner"]
    draft = LessonFactory(partner=partner, written_by=people["me_officer"])
    published = PublishedLessonFactory(
        partner=partner, written_by=people["me_officer"], published_by=people["approver"]
    )
    accepted = Report.objects.filter(partner=partner, accepted_version__isnull=False).first()
    return {
        "public:lesson": [published.slug],
        **dict.fromkeys(
            [f"impact:lesson{name}" for name in ("", "_edit", "_propose", "_publish", "_return", "_withdraw")],
            [draft.pk],
        ),
        "impact:lesson_from_report": [accepted.pk],
    }
