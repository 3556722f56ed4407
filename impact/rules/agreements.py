"""Who writes what was agreed around a project, and what must be true before money leaves. [] means yes (design §6)."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ace_partners.core import audit
from ace_partners.core.dates import local_day
from ace_partners.core.machine import Machine, Move, against_role
from ace_partners.core.rights import Role
from impact.models import Agreement, DisbursementStatus, Report, ReportStatus
from impact.rules.projects import against_managing
from partners.models import Membership
from partners.rules import roles_on
from vetting.phrases import day
from vetting.rules.paying import PaymentBlock, payment_blocks

LATE_DAYS = 60  # a report that is owed for longer stops every payment to the organisation
# What whoever approves an agreement may not have done since it was approved last.
WRITING = (
    "agreement.signed",
    "agreement.edited",
    "agreement.installment_added",
    "agreement.installment_removed",
    "project.budget_line_added",
)
PAYING = frozenset({Role.ME_OFFICER, Role.APPROVER})

DISBURSEMENT = Machine(
    noun="disbursement",
    states=DisbursementStatus,
    initial=DisbursementStatus.PROPOSED,
    moves=(
        Move(
            "approve",
            (DisbursementStatus.PROPOSED,),
            DisbursementStatus.APPROVED,
            frozenset({Role.APPROVER}),
            gettext_lazy("Approve this payment"),
        ),
        Move(
            "pay",
            (DisbursementStatus.APPROVED,),
            DisbursementStatus.PAID,
            PAYING,
            gettext_lazy("Record the payment"),
        ),
        Move(
            "cancel",
            (DisbursementStatus.PROPOSED, DisbursementStatus.APPROVED),
            DisbursementStatus.CANCELLED,
            PAYING,
            gettext_lazy("Cancel this payment"),
            needs_reason=True,
        ),
    ),
)


# --- consultations, joint partners, the calendar of payments ------------------------------------------------------


def against_consultation(project, by, *, held_on, people, women):
    """A talk that took place; the women are among the people present."""
    reasons = against_managing(project.partner, by)
    if held_on > timezone.localdate():
        reasons.append(_("A consultation is written down once it took place: its day is not over."))
    if women is not None and (people is None or women > people):
        reasons.append(_("The women are counted among the people present: give both numbers."))
    return reasons


def against_joining(project, partner, by):
    """Another organisation works under the lead: never the lead itself, and each once."""
    reasons = against_managing(project.partner, by)
    if partner.pk == project.partner_id:
        reasons.append(_("This organisation leads the project already."))
    if project.joint_partners.filter(partner=partner).exists():
        reasons.append(_("This organisation is a joint partner of the project already."))
    return reasons


def against_second_agreement(project, by):
    """One agreement per project: what changes is written into it."""
    reasons = against_managing(project.partner, by)
    if Agreement.objects.filter(project=project).exists():
        reasons.append(_("This project has its agreement already: change that one."))
    return reasons


def against_installment(agreement, by, *, amount, after_period):
    """A planned payment is above zero, and waits for a period of its own project if it waits for one."""
    reasons = against_managing(agreement.project.partner, by)
    if amount <= 0:
        reasons.append(_("A payment is above zero."))
    if after_period is not None and after_period.project_id != agreement.project_id:
        reasons.append(_("This period belongs to another project."))
    return reasons


def against_removing_installment(installment, by):
    """What money was once proposed for stays in the calendar, with its history."""
    reasons = against_managing(installment.agreement.project.partner, by)
    if installment.disbursements.exists():
        reasons.append(_("Money was proposed for this planned payment: it stays in the calendar."))
    return reasons


# --- approval by a second person ----------------------------------------------------------------------------------------


def against_approving(agreement, by):
    """The direction approves what somebody else wrote, and never for an organisation it belongs or belonged to."""
    partner = agreement.project.partner
    if Role.APPROVER not in roles_on(by, partner):
        return [_("Only the direction approves an agreement.")]
    if agreement.is_approved:
        return [_("This agreement is approved as it stands.")]
    return [*_against_own_writing(agreement, by), *_against_belonging(partner, by)]


def _against_own_writing(agreement, by):
    """Not the last writer alone: whoever changed a part of it since the last approval has had their say."""
    if agreement.written_by_id == by.pk or _wrote_a_part(agreement, by):
        return [_("You wrote a part of this agreement: another person has to approve it.")]
    return []


def _wrote_a_part(agreement, by):
    history = audit.history(agreement)
    last = history.filter(action="agreement.approve").values_list("at", flat=True).first()
    since = {"at__gt": last} if last else {}
    written = {"actor": by, "action__in": WRITING, **since}
    return history.filter(**written).exists() or audit.history(agreement.project).filter(**written).exists()


# --- before money leaves --------------------------------------------------------------------------------------------


def against_disbursing(installment, *, but=None, today=None, before_screening=False):
    """Reasons against money leaving for one planned payment today, whoever asks; [] means that nothing stops it.

    `but` is the disbursement being looked at: any other live one is a reason. Ask after vetting's `screen_if_stale`;
    a page, which screens nobody, asks `before_screening`: it leaves out what the act's own screening ends.
    """
    agreement = installment.agreement
    others = installment.disbursements.live().exclude(pk=but.pk if but else None)
    reports = {report.period_id: report for report in agreement.project.reports.filter(period=installment.after_period)}
    blocks = [
        *organisation_blocks(agreement.project.partner, today),
        *installment_blocks(installment, reports, others, today),
    ]
    return [block.sentence for block in blocks if not (before_screening and block.ends_by_screening)]


def organisation_blocks(partner, today=None):
    """What stops every payment to one organisation: due diligence, and a report owed for too long (issue 4)."""
    return [*payment_blocks(partner), *_late_reports(partner, today or timezone.localdate())]


def _late_reports(partner, today):
    """Reports that never came; one that came late is not owed any more, one that is waived neither."""
    owed = Report.objects.filter(partner=partner, status=ReportStatus.OPEN, first_submitted_at__isnull=True)
    words = _("The report “%(period)s” of the project “%(project)s” is %(days)s days late.")
    for report in owed.select_related("period", "project"):
        if (late := report.days_late(today)) > LATE_DAYS:
            yield PaymentBlock(words % {"period": report.period, "project": report.project, "days": late})


def installment_blocks(installment, reports, others, today=None):
    """What stops this planned payment alone. `reports`: by period id; `others`: its live disbursements; no query."""
    return [
        *_against_unapproved(installment.agreement),
        *_against_unsigned(installment.agreement, today or timezone.localdate()),
        *_against_report(installment, reports),
        *(PaymentBlock(_against_another(other)) for other in others),
    ]


def _against_unapproved(agreement):
    if not agreement.is_approved:
        yield PaymentBlock(_("The agreement waits for the approval of the direction of ACE."))


def _against_unsigned(agreement, today):
    if agreement.signed_on > today:
        yield PaymentBlock(
            _("The agreement is not signed yet: it is to be on %(day)s.") % {"day": day(agreement.signed_on)}
        )


def _against_report(installment, reports):
    if installment.after_period_id is None:
        return
    report = reports.get(installment.after_period_id)
    if report is not None and report.status == ReportStatus.ACCEPTED:
        return
    if report is not None and report.status == ReportStatus.WAIVED:
        words = _("The report “%(period)s” is waived, so it will not be accepted: the calendar has to be changed.")
    else:
        words = _("The report “%(period)s” is not accepted yet.")
    yield PaymentBlock(words % {"period": installment.after_period})


def _against_another(disbursement):
    if disbursement.status == DisbursementStatus.PAID:
        return _("This planned payment is paid already.")
    return _("Money is proposed for this planned payment already: one at a time.")


# --- who, and which step ----------------------------------------------------------------------------------------------


def against_proposing(installment, by, *, today=None):
    """A monitoring officer proposes what nothing stops."""
    partner = installment.agreement.project.partner
    return against_proposer(partner, by) or against_disbursing(installment, today=today)


def against_proposer(partner, by):
    """Who may propose money for this organisation at all."""
    if Role.ME_OFFICER not in roles_on(by, partner):
        return [_("Only a monitoring officer proposes a payment.")]
    return _against_belonging(partner, by)


def against_amount(installment, amount):
    """Above zero, and no more than was planned."""
    if amount <= 0:
        return [_("A payment is above zero.")]
    if amount > installment.amount:
        return [_("This is more than the calendar plans for this payment.")]
    return []


def against_moving(disbursement, move, by, *, before_screening=False):
    """Reasons against `by` taking `move`; what stops the money is said only to those who may send it."""
    partner = disbursement.installment.agreement.project.partner
    if reasons := against_role(move, roles_on(by, partner)) or _against_belonging(partner, by):
        return reasons
    if move.name == "cancel":
        return []
    own = _against_own_proposal(disbursement, by) if move.name == "approve" else []
    stops = against_disbursing(disbursement.installment, but=disbursement, before_screening=before_screening)
    return [*own, *stops]


def against_step(disbursement, name, by):
    """`against_moving` for a page: a state that the step does not leave from is a reason too."""
    move = DISBURSEMENT[name]
    if disbursement.status not in move.sources:
        return [_("This step is not open: the payment is “%(state)s”.") % {"state": disbursement.get_status_display()}]
    return against_moving(disbursement, move, by, before_screening=True)


def against_paid_on(disbursement, paid_on, today=None):
    """Paid between the day of the approval and today."""
    if paid_on > (today or timezone.localdate()):
        return [_("The day of the payment cannot be in the future.")]
    if disbursement.approved_at and paid_on < local_day(disbursement.approved_at):
        return [
            _("The payment was approved on %(day)s: it cannot be older.")
            % {"day": day(local_day(disbursement.approved_at))}
        ]
    return []


def _against_own_proposal(disbursement, by):
    if disbursement.proposed_by_id == by.pk:
        return [_("You proposed this payment: another person has to approve it.")]
    return []


def _against_belonging(partner, by):
    if Membership.objects.filter(user=by, partner=partner).exists():
        return [
            _("You belong or belonged to this organisation: a colleague has to handle its agreement and its payments.")
        ]
    return []
