"""The work lists of ACE's people: lanes computed by query, oldest first, each card saying why it is here and since when."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, DateTimeField, Exists, F, IntegerField, Max, OuterRef, Q, Subquery, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ace_partners.core.dates import days_late, local_day
from ace_partners.core.models import OutgoingMail
from ace_partners.core.models.mail import MailState
from ace_partners.core.rights import CASE_ROLES, STAFF_ROLES, Role
from ace_partners.desk.figures import follow_up
from ace_partners.desk.figures.impact_work import impact_work
from ace_partners.desk.figures.words import tone
from impact.models import Reopening, ReopeningStatus, Report, ReportStatus
from impact.models.reports import past_last_day
from impact.rules import REVIEW_DAYS
from partners.models import Partner
from vetting.models import (
    WITH_PARTNER,
    ConflictDeclaration,
    CorrectionRequest,
    Dossier,
    DossierStatus,
    Finding,
    Proposal,
)

SHOWN = 20  # cards in a lane; the full list is one link away


@dataclass(frozen=True)
class Card:
    """One thing to do: whose it is, why it is here, since when, and what the organisation was asked to keep."""

    title: str
    url: str
    why: str
    since: date | None
    code: str
    label: str
    tone: str
    partner: Partner | None = None
    due_on: date | None = None
    late: int = 0  # days
    answer_by: date | None = None  # the day that ACE promised its answer for
    overdue: int = 0  # days that ACE itself is late
    started: bool = False  # a draft of which ACE may know « commencé, 4/6 »
    report: Report | None = None


@dataclass(frozen=True)
class Lane:
    """`acting`: the reader can do something here; lanes of colleagues come after those."""

    code: str
    title: str
    empty: str
    cards: list
    count: int
    more: str  # address of the full list
    acting: bool


def lanes_of(user, *, today=None):
    """The lanes open to `user`, those that wait for this person first, in the order of the work."""
    today = today or timezone.localdate()
    makers = (
        ({Role.REVIEWER, Role.APPROVER}, _to_examine),
        ({Role.REVIEWER, Role.APPROVER}, _second_look),
        (CASE_ROLES, _second_person),
        (CASE_ROLES, _after_decisions),
        (CASE_ROLES, _reports),
        ({Role.ME_OFFICER, Role.APPROVER}, _impact_work),
        ({Role.REVIEWER, Role.APPROVER}, _with_partner),
        (STAFF_ROLES, _unsent_mail),
    )
    lanes = [make(user, today) for who, make in makers if who & user.roles]
    return sorted(lanes, key=lambda lane: not lane.acting)  # sorting keeps the order of equals


def _lane(code, title, rows, card, *, empty, more, acting):
    cards = [card(row) for row in rows[:SHOWN]]
    # Shorter than a lane: its length is the count, without asking the database again.
    count = len(cards) if len(cards) < SHOWN else rows.count()
    return Lane(code, title, empty, cards, count, more, acting)


# --- due diligence ----------------------------------------------------------------------------------------------


def _dossiers(user):
    open_proposal = Proposal.objects.filter(dossier=OuterRef("pk"), returned_at__isnull=True, approved_at__isnull=True)
    returned = Proposal.objects.filter(dossier=OuterRef("pk"), returned_at__isnull=False).order_by("-returned_at")
    asked = CorrectionRequest.objects.filter(dossier=OuterRef("pk"), answered_at__isnull=True).order_by()
    return (
        Dossier.objects.visible_to(user)
        .examined_by(user)
        .select_related("partner", "assigned_to")
        .annotate(
            proposed_at=Subquery(open_proposal.values("proposed_at")[:1]),
            proposed_by=Subquery(open_proposal.values("proposed_by")[:1]),
            returned_at=Subquery(returned.values("returned_at")[:1]),
            asked_at=Subquery(asked.values("dossier").annotate(last=Max("sent_at")).values("last")[:1]),
        )
    )


def _dossier_card(dossier, today, *, why, since):
    examined = reverse("vetting:assessment", args=[dossier.pk])
    second = reverse("vetting:second_look", args=[dossier.pk])
    due = dossier.due_on if dossier.status in WITH_PARTNER else None
    return Card(
        title=dossier.partner.name,
        url=second if dossier.status == DossierStatus.PROPOSED else examined,
        why=why,
        since=local_day(since) if since else None,
        code=dossier.status,
        label=dossier.get_status_display(),
        tone=tone(dossier.status),
        partner=dossier.partner,
        due_on=due,
        late=days_late(due, today) if due else 0,
    )


def _to_examine(user, today):
    """Sent by the organisation and in nobody's hands, or in this reader's own."""
    free = Q(status=DossierStatus.SUBMITTED, assigned_to__isnull=True)
    mine = Q(status__in=[DossierStatus.SUBMITTED, DossierStatus.IN_REVIEW], assigned_to=user)

    def card(dossier):
        why, since = _why_examine(dossier, user)
        return _dossier_card(dossier, today, why=why, since=since)

    return _lane(
        "examine",
        _("To examine"),
        _dossiers(user).filter(free | mine).order_by("last_submitted_at", "pk"),
        card,
        empty=_("No dossier waits to be examined. A dossier comes here when an organisation sends it."),
        more=reverse("vetting:dossier_list"),
        acting=Role.REVIEWER in user.roles,
    )


def _why_examine(dossier, user):
    if dossier.status == DossierStatus.IN_REVIEW:
        if dossier.returned_at:
            return _("The second person sent it back to you"), dossier.returned_at
        return _("You are examining it"), dossier.last_submitted_at
    if dossier.assigned_to_id == user.pk:
        return _("The organisation answered your requests"), dossier.last_submitted_at
    return _("Sent by the organisation; nobody examines it yet"), dossier.last_submitted_at


def _second_look(user, today):
    """Proposed by somebody else, and neither touched by this reader nor linked to them (design §1.2)."""
    rows = _dossiers(user).filter(status=DossierStatus.PROPOSED)
    acting = Role.APPROVER in user.roles
    if acting:
        findings = Finding.objects.filter(author=user).values("dossier")
        linked = ConflictDeclaration.objects.filter(user=user, has_link=True).values("dossier")
        rows = rows.exclude(proposed_by=user.pk).exclude(pk__in=findings).exclude(pk__in=linked)

    def card(dossier):
        why = _("A decision is proposed; it takes a second person")
        return _dossier_card(dossier, today, why=why, since=dossier.proposed_at)

    return _lane(
        "second_look",
        _("Second look"),
        rows.order_by("proposed_at", "pk"),
        card,
        empty=_("No proposal waits for a second person."),
        more=reverse("vetting:dossier_list") + f"?status={DossierStatus.PROPOSED}",
        acting=acting,
    )


def _with_partner(user, today):
    """Being prepared or corrected by the organisation; the clock is theirs."""

    def card(dossier):
        if dossier.status == DossierStatus.COLLECTING:
            return _dossier_card(dossier, today, why=_("The organisation prepares it"), since=dossier.opened_at)
        return _dossier_card(dossier, today, why=_("ACE asked for changes"), since=dossier.asked_at)

    return _lane(
        "with_partner",
        _("Waiting for the organisation"),
        _dossiers(user).filter(status__in=WITH_PARTNER).order_by(F("due_on").asc(nulls_last=True), "opened_at", "pk"),
        card,
        empty=_("No organisation is preparing a dossier."),
        more=reverse("vetting:dossier_list"),
        acting=False,
    )


# --- what follows a decision, and what takes two people ---------------------------------------------------------


def _gathered(code, title, found, *, empty, more):
    """A lane of several kinds of rows, the oldest first; each kind is read up to its own limit."""
    rows, acting = found
    cards = sorted((Card(**row) for row in rows), key=lambda card: (card.since is None, card.since or date.max))
    return Lane(code, title, empty, cards[:SHOWN], len(cards), more, acting)


def _second_person(user, today):
    return _gathered(
        "second_person",
        _("Waiting for a second person"),
        follow_up.second_person(user),
        empty=_("Nothing that a colleague proposed waits for you."),
        more=reverse("vetting:hit_list"),
    )


def _after_decisions(user, today):
    return _gathered(
        "follow_up",
        _("After the decision"),
        follow_up.after_decisions(user),
        empty=_("No match, review, flag or evidence waits for ACE."),
        more=reverse("vetting:flag_list"),
    )


def _impact_work(user, today):
    return _gathered(
        "impact_work",
        _("Targets, quarters and years"),
        impact_work(user, today),
        empty=_("No target, quarter or annual report waits for ACE."),
        more=reverse("impact:quarter_list"),
    )


# --- reports ----------------------------------------------------------------------------------------------------


def _reports(user, today):
    """Sent reports first, oldest first; then what the organisations owe: corrections, and reports past their day."""
    at_ace = Q(status__in=[ReportStatus.SUBMITTED, ReportStatus.IN_REVIEW])
    waiver = Q(status=ReportStatus.OPEN, waiver_proposed_by__isnull=False)
    proposals = Reopening.objects.filter(report=OuterRef("pk"), status=ReopeningStatus.PROPOSED)
    reopening = Q(status=ReportStatus.ACCEPTED) & Exists(proposals)
    past = past_last_day(today) | Q(accepted_version__isnull=False)
    owed = Q(status=ReportStatus.CHANGES_REQUESTED) | Q(status=ReportStatus.OPEN) & past
    rows = (
        Report.objects.visible_to_team(user)
        .with_due_day()
        .filter(at_ace | waiver | reopening | owed)
        .select_related("partner", "project", "period", "waiver_proposed_by")
        .with_started()
        .annotate(
            turn=Case(When(at_ace | waiver | reopening, then=Value(0)), default=Value(1), output_field=IntegerField()),
            sent=Case(When(at_ace, then=F("last_submitted_at")), default=None, output_field=DateTimeField()),
        )
        .order_by("turn", F("sent").asc(nulls_last=True), "due_day", "pk")
    )
    return _lane(
        "reports",
        _("Reports"),
        rows,
        lambda report: _report_card(report, today),
        empty=_("No report waits, and none is late."),
        more=reverse("impact:report_list"),
        acting=bool(user.roles & {Role.ME_OFFICER}),
    )


def _report_card(report, today):
    why, since = _why_report(report)
    at_ace = report.status in (ReportStatus.SUBMITTED, ReportStatus.IN_REVIEW)
    answer_by = since + timedelta(days=REVIEW_DAYS) if at_ace else None
    return Card(
        title=f"{report.partner.name} · {report.period.label}",
        url=reverse("impact:review", args=[report.pk]),
        why=why,
        since=since,
        code=report.status,
        label=report.get_status_display(),
        tone=tone(report.status),
        partner=report.partner,
        due_on=report.due_on if report.is_with_partner and not report.is_reopened else None,
        late=report.days_late(today),
        answer_by=answer_by,
        overdue=days_late(answer_by, today) if answer_by else 0,
        report=report,
        started=report.status == ReportStatus.OPEN,
    )


def _why_report(report):
    if report.status == ReportStatus.SUBMITTED:
        return _("Sent by the organisation; nobody examines it yet"), local_day(report.last_submitted_at)
    if report.status == ReportStatus.IN_REVIEW:
        return _("It is being examined"), local_day(report.last_submitted_at)
    if report.status == ReportStatus.CHANGES_REQUESTED:
        return _("ACE asked for corrections; the organisation answers"), None
    if report.status == ReportStatus.ACCEPTED:
        return _("It is proposed to reopen it; it takes a second person"), None
    if report.is_reopened:
        return _("ACE reopened it; the organisation corrects it"), None
    if report.waiver_proposed_by_id:
        return _("%(name)s proposes not to ask for it; it takes a second person") % {
            "name": report.waiver_proposed_by
        }, None
    return _("Not sent yet"), None


# --- mail -------------------------------------------------------------------------------------------------------


def _unsent_mail(user, today):
    """What did not leave: somebody has to look at the address, or send it again."""

    def card(mail):
        return Card(
            title=mail.subject,
            url=reverse("desk:mail", args=[mail.pk]),
            why=_("It could not be sent to %(address)s") % {"address": mail.to_address},
            since=local_day(mail.created_at),
            code=mail.state,
            label=mail.get_state_display(),
            tone="bad",
        )

    return _lane(
        "mail",
        _("Messages that did not leave"),
        OutgoingMail.objects.visible_to(user).filter(state=MailState.FAILED).order_by("pk"),
        card,
        empty=_("Every message has left."),
        more=reverse("desk:mail_list") + f"?state={MailState.FAILED}",
        acting=user.roles <= {Role.ADMIN},
    )
