"""What may follow a decision: a review asked by the organisation, and measures that take two persons."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ace_partners.core.rights import CASE_ROLES, PARTNER_ROLES, Role
from partners.models import Partner
from vetting.models.decisions import Decision


class ReviewStatus(models.TextChoices):
    ASKED = "asked", _("Asked")
    HEARING = "hearing", _("Being heard")
    UPHELD = "upheld", _("Decision upheld")
    VARIED = "varied", _("Decision varied")
    WITHDRAWN = "withdrawn", _("Withdrawn by the organisation")


class DecisionReviewQuerySet(models.QuerySet):
    def visible_to(self, user):
        reach = Partner.objects.in_reach(user, *CASE_ROLES, Role.AUDITOR, *PARTNER_ROLES)
        return self.filter(decision__partner__in=reach)


class DecisionReview(models.Model):
    """Asked by the organisation, heard by somebody who did not decide: upheld, or varied by a new Decision."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="reviews")
    grounds = models.TextField(_("what you ask ACE to look at again, and why"))
    status = models.CharField(
        _("status"), max_length=10, choices=ReviewStatus, default=ReviewStatus.ASKED, editable=False
    )
    lock_version = models.PositiveIntegerField(default=0, editable=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    heard_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    conclusion = models.TextField(_("what was found, in words for the organisation"), blank=True)
    closed_at = models.DateTimeField(null=True, editable=False)
    new_decision = models.OneToOneField(
        Decision, on_delete=models.PROTECT, null=True, related_name="from_review", editable=False
    )

    objects = DecisionReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review of a decision")
        verbose_name_plural = _("reviews of decisions")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision"], condition=Q(status__in=["asked", "hearing"]), name="one_open_review_per_decision"
            ),
            models.CheckConstraint(condition=Q(status__in=ReviewStatus.values), name="review_status_is_known"),
            models.CheckConstraint(
                condition=~Q(status="varied") | Q(new_decision__isnull=False), name="review_varied_by_a_decision"
            ),
        ]

    def __str__(self):
        return f"{self.decision.reference} · {self.get_status_display()}"

    @property
    def audit_chain(self):
        return self.decision.audit_chain

    @property
    def audit_label(self):
        return f"réexamen {self.pk} de la décision {self.decision_id}"


class MeasureKind(models.TextChoices):
    SUSPEND = "suspend", _("Suspend")
    LIFT = "lift", _("Lift the suspension")
    END = "end", _("End the relationship")


class MeasureStatus(models.TextChoices):
    PROPOSED = "proposed", _("Waits for a second person")
    APPROVED = "approved", _("In force")
    RETURNED = "returned", _("Not approved")


class MeasureQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(partner__in=Partner.objects.in_reach(user, *CASE_ROLES, Role.AUDITOR))


class Measure(models.Model):
    """Suspending, lifting, ending: one person proposes, another approves; the organisation reads the reason."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="measures")
    kind = models.CharField(_("measure"), max_length=8, choices=MeasureKind)
    reason = models.TextField(_("reason, in words for the organisation"))
    review_on = models.DateField(_("looked at again on"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=8, choices=MeasureStatus, default=MeasureStatus.PROPOSED, editable=False
    )
    lock_version = models.PositiveIntegerField(default=0, editable=False)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    decided_at = models.DateTimeField(null=True, editable=False)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner"], condition=Q(status="proposed"), name="one_open_measure_per_partner"
            ),
            models.CheckConstraint(condition=~Q(decided_by=F("proposed_by")), name="measure_needs_two_people"),
            models.CheckConstraint(condition=~Q(reason=""), name="measure_has_a_reason"),
        ]

    def __str__(self):
        return f"{self.partner} · {self.get_kind_display()}"

    @property
    def audit_chain(self):
        return f"partner-{self.partner_id}"

    @property
    def audit_label(self):
        return f"mesure {self.pk} ({self.kind})"
