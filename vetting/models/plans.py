"""The capacity plan: dated steps that turn "not yet" into "yes", with ACE's support; and the training that helps."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ace_partners.core.rights import CASE_ROLES, PARTNER_ROLES, STAFF_ROLES, Role
from partners.models import Document, Partner
from vetting.models.checklists import ChecklistItem
from vetting.models.decisions import Decision, DecisionCondition, StepFields


class CapacityPlanQuerySet(models.QuerySet):
    def visible_to(self, user):
        reach = Partner.objects.in_reach(user, *CASE_ROLES, Role.AUDITOR, *PARTNER_ROLES)
        return self.filter(partner__in=reach)

    def visible_to_team(self, user):
        """ACE's work pages; a member of the organisation has its space instead."""
        return self.filter(partner__in=Partner.objects.in_reach(user, *CASE_ROLES, Role.AUDITOR))

    def in_force(self):
        """Plans of decisions that no other replaces."""
        return self.filter(decision__replaced_by__isnull=True)


class CapacityPlan(models.Model):
    """The plan that one decision opened."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="plans")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="plan")
    opened_at = models.DateTimeField(_("opened on"), auto_now_add=True)

    objects = CapacityPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("capacity plan")
        verbose_name_plural = _("capacity plans")
        ordering = ["-opened_at", "-pk"]

    def __str__(self):
        return f"{self.partner} · {self.reference}"

    @property
    def reference(self):
        return f"ACE-PLAN-{self.pk:04d}"

    @property
    def audit_chain(self):
        return f"partner-{self.partner_id}"

    @property
    def audit_label(self):
        return f"plan {self.pk}"


class ActionStatus(models.TextChoices):
    TODO = "todo", _("To do")
    IN_PROGRESS = "in_progress", _("Under way")
    EVIDENCE_RECEIVED = "evidence_received", _("Evidence received")
    VALIDATED = "validated", _("Validated")
    DROPPED = "dropped", _("Dropped")


UNFINISHED = (ActionStatus.TODO, ActionStatus.IN_PROGRESS, ActionStatus.EVIDENCE_RECEIVED)


class CapacityActionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(plan__in=CapacityPlan.objects.visible_to(user))

    def visible_to_team(self, user):
        return self.filter(plan__in=CapacityPlan.objects.visible_to_team(user))

    def in_force(self):
        return self.filter(plan__decision__replaced_by__isnull=True)

    def unfinished(self):
        return self.filter(status__in=UNFINISHED)

    def missed(self, today=None):
        """Unfinished after its day, unless the evidence reached ACE in time and only ACE's validation is late."""
        today = today or timezone.localdate()
        waiting = Q(status=ActionStatus.EVIDENCE_RECEIVED, evidence_at__date__lte=models.F("due_on"))
        return self.unfinished().filter(due_on__lt=today).exclude(waiting)


class CapacityAction(StepFields):
    """One step. `due_on` moves only by an extension with its reason; `condition` marks what an approval hangs on."""

    plan = models.ForeignKey(CapacityPlan, on_delete=models.PROTECT, related_name="actions")
    item = models.ForeignKey(ChecklistItem, on_delete=models.PROTECT, related_name="+")
    condition = models.OneToOneField(
        DecisionCondition, on_delete=models.PROTECT, null=True, blank=True, related_name="action_row", editable=False
    )
    action = models.CharField(_("what will be done"), max_length=300)
    status = models.CharField(
        _("status"), max_length=18, choices=ActionStatus, default=ActionStatus.TODO, editable=False
    )
    lock_version = models.PositiveIntegerField(default=0, editable=False)
    evidence_at = models.DateTimeField(null=True, editable=False)
    remark = models.TextField(_("ACE's remark"), blank=True)
    validated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    validated_at = models.DateTimeField(null=True, editable=False)

    objects = CapacityActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a plan")
        verbose_name_plural = _("steps of plans")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=ActionStatus.values), name="capacity_status_is_known"),
            models.CheckConstraint(
                condition=~Q(status="validated") | Q(validated_by__isnull=False, validated_at__isnull=False),
                name="capacity_validated_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["status", "due_on"], name="capacity_by_due_date")]

    def __str__(self):
        return f"{self.item}: {self.action}"

    @property
    def audit_chain(self):
        return self.plan.audit_chain

    @property
    def audit_label(self):
        return f"action {self.item.code} du plan {self.plan_id}"


class ActionEvidence(models.Model):
    """A document that the organisation, or ACE on its behalf, uploaded against a step."""

    action = models.ForeignKey(CapacityAction, on_delete=models.PROTECT, related_name="evidence")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["action", "document"], name="action_evidence_once")]

    def __str__(self):
        return str(self.document)


class ActionExtension(models.Model):
    """A later day for one step, with the reason; the first day stays readable here."""

    immutable = True

    action = models.ForeignKey(CapacityAction, on_delete=models.PROTECT, related_name="extensions")
    was_due_on = models.DateField()
    due_on = models.DateField()
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gt=models.F("was_due_on")), name="extension_is_later"),
            models.CheckConstraint(condition=~Q(reason=""), name="extension_has_a_reason"),
        ]

    def __str__(self):
        return f"{self.was_due_on} → {self.due_on}"


class TrainingSessionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """ACE's people, and the organisations that took part."""
        if user.roles & STAFF_ROLES:
            return self
        reach = Partner.objects.in_reach(user, Role.AUDITOR, *PARTNER_ROLES)
        return self.filter(attendance__partner__in=reach).distinct()


class TrainingSession(models.Model):
    title = models.CharField(_("subject"), max_length=150)
    held_on = models.DateField(_("held on"))
    place = models.CharField(_("place"), max_length=120, blank=True)
    trainer = models.CharField(_("given by"), max_length=120, blank=True)
    hours = models.DecimalField(_("hours"), max_digits=4, decimal_places=1, null=True, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = TrainingSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("training session")
        verbose_name_plural = _("training sessions")
        ordering = ["-held_on", "-pk"]

    def __str__(self):
        return self.title

    @property
    def audit_chain(self):
        return "network"

    @property
    def audit_label(self):
        return f"formation {self.pk}"


class TrainingAttendance(models.Model):
    """How many people of one organisation took part: counted, never named."""

    session = models.ForeignKey(TrainingSession, on_delete=models.CASCADE, related_name="attendance")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="trainings")
    women = models.PositiveSmallIntegerField(_("women"))
    men = models.PositiveSmallIntegerField(_("men"))

    class Meta:
        ordering = ["partner__name"]
        constraints = [
            models.UniqueConstraint(fields=["session", "partner"], name="attendance_once"),
            models.CheckConstraint(condition=Q(women__gt=0) | Q(men__gt=0), name="attendance_of_somebody"),
        ]

    def __str__(self):
        return f"{self.partner}: {self.women + self.men}"
