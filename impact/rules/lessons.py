"""Who may write a lesson, and which step it may take. Every `against_…` returns the reasons against; [] means yes.

A lesson is public once a second person has read it (design §9: nothing in it lets a child be recognised).
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ace_partners.core.machine import Machine, Move, against_role
from ace_partners.core.rights import CASE_ROLES, Role
from impact.models import ReportStatus
from impact.models.lessons import LessonStatus
from partners.models import Membership
from partners.rules import roles_on

WRITERS = frozenset({Role.REVIEWER, Role.ME_OFFICER})

LESSON = Machine(
    noun="lesson",
    states=LessonStatus,
    initial=LessonStatus.DRAFT,
    moves=(
        Move(
            "propose",
            (LessonStatus.DRAFT,),
            LessonStatus.PROPOSED,
            WRITERS,
            gettext_lazy("Propose to a second person"),
        ),
        Move(
            "return",
            (LessonStatus.PROPOSED,),
            LessonStatus.DRAFT,
            frozenset(CASE_ROLES),
            gettext_lazy("Send back for more work"),
            needs_reason=True,
        ),
        Move(
            "publish",
            (LessonStatus.PROPOSED,),
            LessonStatus.PUBLISHED,
            frozenset(CASE_ROLES),
            gettext_lazy("Publish the lesson"),
        ),
        Move(
            "withdraw",
            (LessonStatus.PUBLISHED,),
            LessonStatus.WITHDRAWN,
            frozenset({Role.APPROVER}),
            gettext_lazy("Take the lesson off the site"),
            needs_reason=True,
        ),
    ),
)


def roles_for(by, partner):
    """The roles of `by` for a lesson of `partner`, or for ACE's own when there is none."""
    return roles_on(by, partner) if partner else by.roles


def against_writing_lesson(by, partner=None):
    """Officers write lessons; whoever belongs to an organisation does not write about it for ACE."""
    if roles_for(by, partner) & WRITERS:
        return []
    return [_("Only a due-diligence officer or a monitoring officer writes a lesson.")]


def against_lesson_from(report, by):
    """A lesson is taken from an accepted report in which the organisation says what it learned."""
    reasons = against_writing_lesson(by, report.partner)
    if report.status != ReportStatus.ACCEPTED:
        reasons.append(_("A lesson is taken from an accepted report only."))
    elif not report.accepted_version.lessons.strip():
        reasons.append(_("The organisation wrote nothing under “What was learned” in this report."))
    return reasons


def against_editing_lesson(lesson, by):
    """Drafts alone are edited: what is proposed is being read, what is published was read."""
    if lesson.status != LessonStatus.DRAFT:
        words = _("Only a draft is edited: this lesson is “%(state)s”.")
        return [words % {"state": lesson.get_status_display()}]
    return against_writing_lesson(by, lesson.partner)


def against_moving_lesson(lesson, move, by):
    """The table decides who; publishing takes a second person, who has never belonged to the organisation."""
    if reasons := against_role(move, roles_for(by, lesson.partner)):
        return reasons
    return _against_publishing(lesson, by) if move.name == "publish" else []


def _against_publishing(lesson, by):
    if lesson.written_by_id == by.pk:
        return [_("You wrote this lesson: another person has to read and publish it.")]
    if lesson.partner_id and Membership.objects.filter(user=by, partner=lesson.partner_id).exists():
        return [_("You belong or belonged to this organisation: a colleague has to publish its lesson.")]
    return []


def against_stepping_lesson(lesson, name, by):
    """`against_moving_lesson` for a page: a closed source state is a reason too."""
    if lesson.status not in LESSON[name].sources:
        words = _("This step is not open: the lesson is “%(state)s”.")
        return [words % {"state": lesson.get_status_display()}]
    return against_moving_lesson(lesson, LESSON[name], by)
