"""What an organisation is asked for, from its dossier, its plan and its reports; and the one sentence that the space opens on.

The minutes are a rule of thumb of ours, generous for a phone: replace them when there are real times to count.
"""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from ace_partners.core.dates import days_late, format_date
from ace_partners.core.rights import EDITING_ROLES, Role
from ace_partners.desk.figures.words import duration, rounded, tone
from impact.models import ReportStatus
from partners.models import Partner
from vetting.models import DossierStatus

POINT = 4  # minutes to answer one point of a dossier
REQUEST = 5  # to answer one correction request
INDICATOR = 3  # to give one value
SPENDING = 10  # to list the expenses
NARRATIVE = 10  # to tell the period
CHECKING = 5  # to read it all again and send it
STEP = 15  # to put the papers of a step together and send them; doing it takes longer


@dataclass(frozen=True)
class Task:
    """One thing an organisation is asked for. `what` continues "To do:"; `ready`: only sending it is left."""

    partner: Partner
    what: str
    url: str
    code: str
    label: str
    tone: str
    due_on: date | None
    late: int  # days
    minutes: int
    hint: str
    ready: bool

    @property
    def title(self):
        return capfirst(self.what)

    @property
    def time(self):
        return duration(self.minutes)


def by_due_date(tasks):
    """Oldest due first; what has no date comes last."""
    return sorted(tasks, key=lambda task: (task.due_on is None, task.due_on or date.max, task.what))


def dossier_task(dossier, today):
    """The task of a dossier that is with the organisation; it carries `counting.with_progress`."""
    asked_back = dossier.status == DossierStatus.CHANGES_REQUESTED
    missing = dossier.asked_missing if asked_back else dossier.answers_missing
    total = dossier.asked if asked_back else dossier.answers_total
    return Task(
        partner=dossier.partner,
        what=_dossier_words(asked_back, missing),
        url=reverse("vetting_space:dossier" if missing else "vetting_space:check", args=[dossier.pk]),
        code=dossier.status,
        label=dossier.get_status_display(),
        tone=tone(dossier.status),
        due_on=dossier.due_on,
        late=days_late(dossier.due_on, today) if dossier.due_on else 0,
        minutes=rounded(missing * (REQUEST if asked_back else POINT) + CHECKING),
        hint=_("%(done)s of %(total)s points answered") % {"done": total - missing, "total": total},
        ready=not missing,
    )


def _dossier_words(asked_back, missing):
    if not missing:
        return _("check the due-diligence dossier and send it to ACE")
    if asked_back:
        words = ngettext(
            "answer %(n)s request of ACE about your dossier", "answer %(n)s requests of ACE about your dossier", missing
        )
        return words % {"n": missing}
    return _("complete the due-diligence dossier and send it to ACE")


def report_task(report, today):
    """The task of a report that can be written now; it carries `counting.with_draft`."""
    asked_back = report.status == ReportStatus.CHANGES_REQUESTED
    minutes, ready = _left_of_corrections(report) if asked_back else _left_of_draft(report)
    return Task(
        partner=report.partner,
        what=_report_words(report, asked_back, ready),
        url=reverse("impact_space:check" if ready else "impact_space:report", args=[report.pk]),
        code=report.status,
        label=report.get_status_display(),
        tone=tone(report.status),
        # What was accepted once came in its time or not: correcting it has no day of its own.
        due_on=None if report.is_reopened else report.due_on,
        late=0 if report.is_reopened else days_late(report.last_day, today),
        minutes=rounded(minutes + CHECKING),
        hint=_report_hint(report, asked_back),
        ready=ready,
    )


def _left_of_draft(report):
    """(minutes, whether only sending is left) of a report that was never sent."""
    values = max(report.targets_count - report.values_done, 0)
    spending = not (report.no_spending or report.expenses)
    telling = not report.narrative.strip()
    minutes = values * INDICATOR + spending * SPENDING + telling * NARRATIVE
    return minutes, bool(report.targets_count) and not minutes


def _left_of_corrections(report):
    return report.asked_missing * REQUEST, not report.asked_missing


def _report_words(report, asked_back, ready):
    names = {"period": report.period.label, "project": report.project.title}
    if ready:
        return _("check the report “%(period)s” of %(project)s and send it to ACE") % names
    if asked_back:
        return _("correct the report “%(period)s” of %(project)s") % names
    return _("write the report “%(period)s” of %(project)s") % names


def _report_hint(report, asked_back):
    if asked_back:
        words = ngettext("%(n)s correction request", "%(n)s correction requests", report.asked)
        return words % {"n": report.asked}
    if not report.targets_count:
        return _("No target has been agreed for this project yet: write to ACE.")
    return _("%(done)s of %(total)s indicators filled in") % {"done": report.values_done, "total": report.targets_count}


def step_task(step, today):
    """The task of a step of a capacity plan that lies with the organisation; it carries `documents`, their number."""
    words = _("send the evidence for step %(code)s of the capacity plan")
    asked_back = bool(step.remark)
    number = ngettext("%(n)s document attached", "%(n)s documents attached", step.documents) % {"n": step.documents}
    return Task(
        partner=step.plan.partner,
        what=words % {"code": step.item.code},
        url=reverse("vetting_space:step", args=[step.pk]),
        code=step.status,
        label=_("ACE asks for more") if asked_back else step.get_status_display(),
        tone="watch" if asked_back else tone(step.status),
        due_on=step.due_on,
        late=days_late(step.due_on, today),
        minutes=rounded(STEP),
        hint=f"{step.action} · {number}" if step.documents else step.action,
        ready=False,  # an editor may send it
    )


# --- who may do it ----------------------------------------------------------------------------------------------


def against_doing(task, roles, people):
    """Why this reader cannot do the task, and who can. `people`: the accesses of the organisation.

    It explains the page only: the action asks its own rules again, under the lock.
    """
    if reasons := against_writing(roles, people):
        return reasons
    if task.ready and Role.SIGNATORY not in roles:
        words = _("All is filled in: a signatory sends it. Ask %(names)s.")
        return [words % {"names": _names(people, {Role.SIGNATORY})}]
    return []


def against_writing(roles, people):
    """Why this reader cannot change anything of the organisation's file, and who can."""
    if roles & EDITING_ROLES:
        return []
    return [_("Your access is for reading. Who can do it: %(names)s.") % {"names": _names(people, EDITING_ROLES)}]


def _names(people, roles):
    return ", ".join(str(access.user) for access in people if access.role in roles) or _("nobody yet; write to ACE")


# --- the one sentence -------------------------------------------------------------------------------------------


def opening_sentence(tasks):
    """What is asked first, by when, how long it takes, in one sentence; `tasks` are in order and not empty."""
    first = tasks[0]
    facts = {"what": first.what, "time": first.time, "date": format_date(first.due_on, get_language() or "fr")}
    if first.due_on is None:
        asked = _("%(what)s; allow about %(time)s.") % facts
    elif first.late:
        words = ngettext(
            "%(what)s, which was expected by %(date)s (%(n)s day late); allow about %(time)s.",
            "%(what)s, which was expected by %(date)s (%(n)s days late); allow about %(time)s.",
            first.late,
        )
        asked = words % {**facts, "n": first.late}
    else:
        asked = _("%(what)s, by %(date)s; allow about %(time)s.") % facts
    if len(tasks) == 1:
        return _("To do: %(asked)s") % {"asked": asked}
    return _("%(n)s things to do, first of all: %(asked)s") % {"n": len(tasks), "asked": asked}
