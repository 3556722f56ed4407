"""The space of an organisation's people: what is asked, what is with ACE, what was decided; all of it computed by query."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ace_partners.core.dates import ApproxDate, format_date, local_day
from ace_partners.desk.figures import tasks
from ace_partners.desk.figures.counting import counted, newest, with_draft, with_progress
from ace_partners.desk.figures.words import tone
from impact.figures.joint import joint_work
from impact.models import Project, Report, ReportStatus, ReportVersion, Target
from impact.rules import REVIEW_DAYS
from partners.models import Document, Membership, Partner, PlaceKind
from vetting import timing
from vetting.models import (
    ActionStatus,
    CapacityAction,
    Decision,
    Dossier,
    DossierStatus,
    DossierVersion,
    Flag,
    FlagStatus,
)

SHOWN = 5  # newest documents, decisions and receipts of each kind; the rest is a link away


@dataclass(frozen=True)
class Waiting:
    """Something that lies with ACE: since when, and until when ACE answers, where it has promised a day."""

    what: str
    url: str
    code: str
    label: str
    tone: str
    since: date
    until: date | None


@dataclass(frozen=True)
class Receipt:
    number: str
    what: str
    url: str
    on: date
    accepted_on: date | None = None


@dataclass
class Section:
    """One organisation, as one of its people sees it."""

    partner: Partner
    roles: frozenset
    role_label: str
    people: list
    profile: list = field(default_factory=list)
    tasks: list = field(default_factory=list)  # (Task, reasons against this reader doing it)
    waiting: list = field(default_factory=list)
    upcoming: list = field(default_factory=list)  # reports of periods that are not over
    decisions: list = field(default_factory=list)
    receipts: list = field(default_factory=list)
    documents: list = field(default_factory=list)
    documents_total: int = 0
    projects: list = field(default_factory=list)
    joint: list = field(default_factory=list)  # projects in which it works under another's lead

    @property
    def against_writing(self):
        return tasks.against_writing(self.roles, self.people)


@dataclass(frozen=True)
class Space:
    """`first`: the oldest task that this reader may take up, one tap from the sentence; `late`: something is overdue."""

    sentence: str
    first: tasks.Task | None
    late: bool
    sections: list


def read_space(user, *, today=None):
    """The Space of `user`: as many queries for one organisation, dossier or report as for many."""
    today = today or timezone.localdate()
    sections = _sections(user)
    _add_dossiers(sections, user, today)
    _add_steps(sections, user, today)
    _add_flags(sections, user, today)
    _add_reports(sections, user, today)
    _add_targets(sections, user)
    _add_past(sections, user)
    _add_files(sections, user)
    for section in sections.values():
        section.tasks = [
            (task, tasks.against_doing(task, section.roles, section.people))
            for task in tasks.by_due_date(section.tasks)
        ]
    asked = [each for section in sections.values() for each in section.tasks]
    mine = tasks.by_due_date([task for task, against in asked if not against])
    return Space(
        sentence=_sentence(sections.values()),
        first=mine[0] if mine else None,
        late=any(task.late for task, _against in asked),
        sections=list(sections.values()),
    )


def _sections(user):
    """partner id → Section, from the accesses in force, own and colleagues', in one reading."""
    accesses = Membership.objects.of_colleagues(user).select_related("user", "partner")
    accesses = accesses.prefetch_related("partner__areas", "partner__places__place", "partner__gaps")
    by_partner = defaultdict(list)
    for access in accesses.order_by("partner__name", "partner", "user__name", "pk"):
        by_partner[access.partner_id].append(access)
    return {pk: _section(user, rows) for pk, rows in by_partner.items()}


def _section(user, accesses):
    own = [access for access in accesses if access.user_id == user.pk]
    partner = accesses[0].partner
    return Section(
        partner=partner,
        roles=frozenset(access.role for access in own),
        role_label=", ".join(access.get_role_display() for access in own),
        people=[access for access in accesses if access.user.is_active],
        profile=_profile(partner),
    )


def _profile(partner):
    """Rows for components/summary_list.html; an empty value shows as « à compléter »."""
    lang = get_language() or "fr"
    seats = [spot.shown_place for spot in partner.places.all() if spot.kind == PlaceKind.SEAT]
    return [
        {"label": _("Type"), "value": partner.get_organisation_type_display() or ""},
        {"label": _("Legal form"), "value": partner.legal_form},
        {
            "label": _("Founded"),
            "value": ApproxDate.from_code(partner.founded).display(lang) if partner.founded else "",
        },
        {"label": _("Seat"), "value": ", ".join(str(place) for place in seats)},
        {"label": _("Areas"), "value": ", ".join(str(area) for area in partner.areas.all())},
        {"label": _("Website"), "value": partner.website},
    ]


def _add_dossiers(sections, user, today):
    dossiers = Dossier.objects.visible_to(user).open().filter(partner__in=list(sections))
    related = dossiers.select_related("partner").prefetch_related("stages")
    for dossier in with_progress(related).order_by("pk"):
        section = sections[dossier.partner_id]
        if dossier.is_with_partner:
            section.tasks.append(tasks.dossier_task(dossier, today))
        else:
            section.waiting.append(_dossier_at_ace(dossier))


def _dossier_at_ace(dossier):
    """Inside ACE the dossier has states of its own; the organisation reads whether it was received or is examined."""
    received = dossier.status == DossierStatus.SUBMITTED
    promise = timing.promise_of(timing.clock_of(dossier))
    return Waiting(
        what=_("your due-diligence dossier"),
        url=reverse("vetting_space:dossier", args=[dossier.pk]),
        code="submitted" if received else "in_review",
        label=_("Received") if received else _("Being examined"),
        tone="progress",
        since=local_day(dossier.last_submitted_at),
        until=promise.by if promise else None,
    )


def _add_steps(sections, user, today):
    """Every unfinished step of a plan in force: with the organisation, or its evidence with ACE."""
    steps = CapacityAction.objects.visible_to(user).in_force().unfinished().filter(plan__partner__in=list(sections))
    steps = steps.select_related("plan__partner", "item").annotate(documents=Count("evidence"))
    for step in steps.order_by("due_on", "pk"):
        section = sections[step.plan.partner_id]
        if step.status == ActionStatus.EVIDENCE_RECEIVED:
            section.waiting.append(_step_at_ace(step))
        else:
            section.tasks.append(tasks.step_task(step, today))


def _step_at_ace(step):
    return Waiting(
        what=_("your evidence for step %(code)s of the capacity plan") % {"code": step.item.code},
        url=reverse("vetting_space:step", args=[step.pk]),
        code=step.status,
        label=step.get_status_display(),
        tone=tone(step.status),
        since=local_day(step.evidence_at),
        until=None,
    )


def _add_flags(sections, user, today):
    """What ACE observed and asks about; who only reads is not told of it (`Flag.objects.visible_to`)."""
    asked = Flag.objects.visible_to(user).filter(partner__in=list(sections), status=FlagStatus.NOTIFIED)
    for flag in asked.select_related("partner").order_by("reply_due_on", "pk"):
        sections[flag.partner_id].tasks.append(tasks.flag_task(flag, today))


def _add_reports(sections, user, today):
    reports = Report.objects.draft_visible_to(user).filter(partner__in=list(sections))
    reports = reports.exclude(status__in=[ReportStatus.ACCEPTED, ReportStatus.WAIVED])
    for report in with_draft(reports.select_related("partner", "project", "period")).order_by("period__due_on", "pk"):
        section = sections[report.partner_id]
        if not report.is_with_partner:
            section.waiting.append(_report_at_ace(report))
        elif not report.period.is_over(today):
            section.upcoming.append(report)
        else:
            section.tasks.append(tasks.report_task(report, today))


def _add_targets(sections, user):
    """One task per project with targets on which the organisation has to answer."""
    waiting = counted(Target.objects.waiting().filter(project=OuterRef("pk")))
    projects = Project.objects.visible_to_members(user).filter(partner__in=list(sections)).annotate(waiting=waiting)
    for project in projects.filter(waiting__gt=0).select_related("partner").order_by("pk"):
        sections[project.partner_id].tasks.append(tasks.targets_task(project))


def _report_at_ace(report):
    since = local_day(report.last_submitted_at)
    return Waiting(
        what=_("your report “%(period)s” of %(project)s")
        % {"period": report.period.label, "project": report.project.title},
        url=reverse("impact_space:report", args=[report.pk]),
        code=report.status,
        label=report.get_status_display(),
        tone=tone(report.status),
        since=since,
        until=since + timedelta(days=REVIEW_DAYS),
    )


def _add_past(sections, user):
    """Decisions and receipts: what ACE answered and what it received."""
    decisions = Decision.objects.visible_to(user).filter(partner__in=list(sections)).select_related("plan")
    for decision in newest(decisions, partner="partner", by="decided_at", limit=SHOWN):
        sections[decision.partner_id].decisions.append(decision)
    sent = DossierVersion.objects.filter(
        dossier__in=Dossier.objects.visible_to(user), dossier__partner__in=list(sections)
    )
    sent = newest(sent.select_related("dossier"), partner="dossier__partner", by="submitted_at", limit=SHOWN)
    for version in sent:
        sections[version.dossier.partner_id].receipts.append(_dossier_receipt(version))
    own = Report.objects.draft_visible_to(user)
    reports = ReportVersion.objects.filter(report__in=own, report__partner__in=list(sections))
    reports = reports.select_related("report__period", "report__project", "acceptance")
    for version in newest(reports, partner="report__partner", by="submitted_at", limit=SHOWN):
        sections[version.report.partner_id].receipts.append(_report_receipt(version))
    for section in sections.values():
        section.receipts.sort(key=lambda receipt: (receipt.on, receipt.number), reverse=True)


def _dossier_receipt(version):
    return Receipt(
        number=version.reference,
        what=_("Due-diligence dossier"),
        url=reverse("vetting_space:receipt", args=[version.dossier_id, version.number]),
        on=local_day(version.submitted_at),
    )


def _report_receipt(version):
    acceptance = getattr(version, "acceptance", None)
    return Receipt(
        number=version.receipt_number,
        what=_("Report “%(period)s” of %(project)s")
        % {"period": version.report.period.label, "project": version.report.project.title},
        url=reverse("impact_space:receipt", args=[version.report_id, version.number]),
        on=local_day(version.submitted_at),
        accepted_on=local_day(acceptance.at) if acceptance else None,
    )


def _add_files(sections, user):
    documents = (
        Document.objects.visible_to(user).current().filter(partner__in=list(sections)).select_related("type", "file")
    )
    for document in newest(documents, partner="partner", by="added_at", limit=SHOWN):
        sections[document.partner_id].documents.append(document)
        sections[document.partner_id].documents_total = document.total
    for project in Project.objects.visible_to_members(user).filter(partner__in=list(sections)):
        sections[project.partner_id].projects.append(project)
    for partner, works in joint_work(list(sections)).items():
        sections[partner].joint = works


def _sentence(sections):
    """The one sentence of the page: what is asked; else what ACE is doing and until when; else what comes next."""
    asked = tasks.by_due_date([task for section in sections for task, _against in section.tasks])
    if asked:
        return tasks.opening_sentence(asked)
    lang = get_language() or "fr"
    waiting = sorted((row for section in sections for row in section.waiting), key=lambda row: row.since)
    if waiting:
        first = waiting[0]
        if first.until:
            words = _("Nothing is asked of you: ACE examines %(what)s and answers by %(date)s.")
            return words % {"what": first.what, "date": format_date(first.until, lang)}
        words = _("Nothing is asked of you: ACE has %(what)s since %(date)s and will write to you.")
        return words % {"what": first.what, "date": format_date(first.since, lang)}
    upcoming = sorted((row for section in sections for row in section.upcoming), key=lambda row: row.due_on)
    if upcoming:
        words = _("Nothing is asked of you for now: the next report, “%(period)s”, is due on %(date)s.")
        return words % {"period": upcoming[0].period.label, "date": format_date(upcoming[0].due_on, lang)}
    return _("Nothing is asked of you for now.")
