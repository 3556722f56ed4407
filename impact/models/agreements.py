"""What was agreed around a project: consultations, joint partners, the agreement, its calendar of payments, money sent."""

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ace_partners.core.money import Money
from ace_partners.core.rights import PARTNER_ROLES
from impact.models.projects import CURRENCIES, TEAM_ROLES, Period, Project, Target
from partners.models import Partner, Place


class OfProjectQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What belongs to a project is read by whoever reads the project (design §6)."""
        return self.filter(project__in=Project.objects.visible_to(user))


class Consultation(models.Model):
    """One talk with the people concerned before or during a project: who was there, what they asked for, what came of it."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="consultations")
    held_on = models.DateField(_("held on"))
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    groups = models.CharField(_("who was consulted"), max_length=200)
    people = models.PositiveIntegerField(_("people present"), null=True, blank=True)
    women = models.PositiveIntegerField(_("of whom women"), null=True, blank=True)
    asked = models.TextField(_("what they asked for"))
    outcome = models.TextField(_("what the project does about it, or why not"))
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    objects = OfProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        ordering = ["-held_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(women__isnull=True) | Q(people__isnull=False, women__lte=F("people")),
                name="consultation_women_are_among_the_people",
            )
        ]

    def __str__(self):
        return self.groups


class JointPartner(models.Model):
    """Another partner that works in the project under its lead."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="joint_partners")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="joint_projects")
    role = models.CharField(_("what it does in the project"), max_length=200)

    class Meta:
        verbose_name = _("joint partner")
        verbose_name_plural = _("joint partners")
        constraints = [models.UniqueConstraint(fields=["project", "partner"], name="joint_partner_once")]

    def __str__(self):
        return str(self.partner)


class AgreementQuerySet(OfProjectQuerySet):
    def visible_to_team(self, user):
        return self.filter(project__partner__in=Partner.objects.in_reach(user, *TEAM_ROLES))

    def waiting(self):
        """Written down, and not approved by the direction as it stands: it binds nobody yet."""
        return self.filter(approved_at__isnull=True)


class Agreement(models.Model):
    """The agreement of a project: its budget lines hang on the project, its payments here.

    It binds once the direction approved it as it stands (design §6); whoever changes it afterwards has it approved anew.
    """

    project = models.OneToOneField(Project, on_delete=models.PROTECT, related_name="agreement")
    reference = models.CharField(_("reference"), max_length=40, unique=True)
    signed_on = models.DateField(_("signed on"))
    signed_for_partner = models.CharField(_("signed for the organisation by"), max_length=120)
    conditions = models.TextField(_("conditions"), blank=True)
    lock_version = models.PositiveIntegerField(default=0, editable=False)
    # Who changed it last, its calendar and its budget included; empty for agreements older than this field.
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    approved_at = models.DateTimeField(null=True, editable=False)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("written_by")), name="agreement_four_eyes"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="agreement_approved_by_somebody",
            ),
        ]

    def __str__(self):
        return self.reference

    @property
    def is_approved(self):
        return self.approved_at is not None

    @property
    def audit_chain(self):
        return self.project.audit_chain

    @property
    def audit_label(self):
        return f"convention {self.reference}"


class Installment(models.Model):
    """One line of the calendar of payments: what ACE means to pay, when, and what must be true before."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="installments")
    number = models.PositiveSmallIntegerField()
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, choices=CURRENCIES, default="USD")
    planned_on = models.DateField(_("planned on"))
    condition = models.CharField(_("condition"), max_length=200, blank=True)
    after_period = models.ForeignKey(
        Period,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("after the accepted report of"),
    )

    class Meta:
        verbose_name = _("planned payment")
        verbose_name_plural = _("planned payments")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="installment_numbered"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="installment_above_zero"),
            models.CheckConstraint(condition=Q(currency__in=["USD", "CDF"]), name="installment_currency"),
        ]

    def __str__(self):
        return f"{self.number}"

    @property
    def money(self):
        return Money(self.amount, self.currency)


class DisbursementStatus(models.TextChoices):
    PROPOSED = "proposed", _("Waits for a second person")
    APPROVED = "approved", _("Approved, to be paid")
    PAID = "paid", pgettext_lazy("payment", "Paid")
    CANCELLED = "cancelled", _("Cancelled")


class DisbursementQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The organisation, ACE's case roles, an auditor with a grant: as the agreement (design §6)."""
        reach = Partner.objects.in_reach(user, *TEAM_ROLES, *PARTNER_ROLES)
        return self.filter(installment__agreement__project__partner__in=reach)

    def visible_to_team(self, user):
        return self.filter(installment__agreement__project__partner__in=Partner.objects.in_reach(user, *TEAM_ROLES))

    def live(self):
        """All but the cancelled: a planned payment has one of these at most."""
        return self.exclude(status=DisbursementStatus.CANCELLED)

    def by_urgency(self):
        """What waits for the second person first, then what is to be paid, the oldest first; then what is over."""
        waits = {DisbursementStatus.PROPOSED: 0, DisbursementStatus.APPROVED: 1}
        rank = Case(*(When(status=status, then=Value(place)) for status, place in waits.items()), default=Value(2))
        return self.order_by(rank, "proposed_at", "pk")


class Disbursement(models.Model):
    """Money that leaves for one planned payment. A monitoring officer proposes, the direction approves (design §6)."""

    installment = models.ForeignKey(Installment, on_delete=models.PROTECT, related_name="disbursements")
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, choices=CURRENCIES, editable=False)
    status = models.CharField(
        _("status"), max_length=10, choices=DisbursementStatus, default=DisbursementStatus.PROPOSED, editable=False
    )
    lock_version = models.PositiveIntegerField(default=0, editable=False)
    note = models.CharField(_("note"), max_length=300, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True, editable=False)
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    payment_reference = models.CharField(_("reference of the payment"), max_length=60, blank=True)

    objects = DisbursementQuerySet.as_manager()

    class Meta:
        verbose_name = _("disbursement")
        verbose_name_plural = _("disbursements")
        ordering = ["-proposed_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="disbursement_above_zero"),
            models.CheckConstraint(
                condition=Q(status__in=DisbursementStatus.values), name="disbursement_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")), name="disbursement_four_eyes"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["approved", "paid"]) | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="disbursement_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(status="paid", paid_on__isnull=False) | (~Q(status="paid") & Q(paid_on__isnull=True)),
                name="disbursement_paid_has_a_day",
            ),
            models.UniqueConstraint(
                fields=["installment"], condition=~Q(status="cancelled"), name="one_live_disbursement_per_installment"
            ),
        ]

    def __str__(self):
        return f"{self.installment} · {self.get_status_display()}"

    @property
    def money(self):
        return Money(self.amount, self.currency)

    @property
    def audit_chain(self):
        return self.installment.agreement.audit_chain

    @property
    def audit_label(self):
        return f"versement {self.pk} de {self.installment.agreement.audit_label}"


class RevisionStatus(models.TextChoices):
    PROPOSED = "proposed", _("Waits for the organisation")
    AGREED = "agreed", _("Agreed by both")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class TargetRevisionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever reads the project; the public reads the agreed ones, through `figures.revisions`."""
        return self.filter(target__project__in=Project.objects.visible_to(user))


class TargetRevision(models.Model):
    """A change to an agreed target: what it was, what it becomes, why. It takes effect when a signatory agrees."""

    immutable = True  # once it is agreed or withdrawn

    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    status = models.CharField(
        _("status"), max_length=10, choices=RevisionStatus, default=RevisionStatus.PROPOSED, editable=False
    )
    lock_version = models.PositiveIntegerField(default=0, editable=False)
    motive = models.CharField(_("why it changes"), max_length=300)
    # {"final": "400", "baseline_state": …, "periods": {"1": "80"}}: numbers as text, periods by number.
    before = models.JSONField(editable=False)
    after = models.JSONField(editable=False)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True, editable=False)

    objects = TargetRevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision of a target")
        verbose_name_plural = _("revisions of targets")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["target", "number"], name="target_revision_numbered"),
            models.UniqueConstraint(
                fields=["target"], condition=Q(status="proposed"), name="one_open_revision_per_target"
            ),
            models.CheckConstraint(condition=~Q(motive=""), name="target_revision_says_why"),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("proposed_by")) | Q(status="withdrawn"),
                name="target_revision_agreed_by_the_other_side",
            ),
        ]

    def __str__(self):
        return f"{self.target} · {self.number}"

    @property
    def audit_chain(self):
        return self.target.audit_chain

    @property
    def audit_label(self):
        return f"révision {self.number} de la {self.target.audit_label}"
