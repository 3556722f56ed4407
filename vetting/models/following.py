"""After approval: flags with a right of reply, holds, visits, what triggers a new look, the regulatory status."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ace_partners.core.rights import CASE_ROLES, EDITING_ROLES, Role
from partners.models import Partner, Place
from vetting.models.reviews import Measure


class FlagCategory(models.TextChoices):
    GOVERNANCE = "governance", _("Governance and compliance")
    FINANCE = "finance", _("Money")
    REPORTING = "reporting", _("Reporting")
    OPERATIONS = "operations", _("Operations")
    ACCIDENT = "accident", _("Accident on a site")
    SAFEGUARDING = "safeguarding", _("Protection of children and adults")
    REPUTATION = "reputation", _("Reputation and ethics")
    OTHER = "other", _("Other")


class FlagTone(models.TextChoices):
    POSITIVE = "positive", _("In favour")
    NEUTRAL = "neutral", _("Neutral")
    CONCERN = "concern", _("Concern")


class FlagSeverity(models.TextChoices):
    INFO = "info", _("For information")
    WATCH = "watch", _("To watch")
    SERIOUS = "serious", _("Serious")


class FlagStatus(models.TextChoices):
    RAISED = "raised", _("Raised")
    NOTIFIED = "notified", _("The organisation was asked")
    ANSWERED = "answered", _("The organisation answered")
    NO_ANSWER = "no_answer", _("No answer in time")
    SUBSTANTIATED = "substantiated", _("Substantiated")
    NOT_SUBSTANTIATED = "not_substantiated", _("Not substantiated")
    RESOLVED = "resolved", _("Resolved")


FLAG_OPEN = (FlagStatus.RAISED, FlagStatus.NOTIFIED, FlagStatus.ANSWERED, FlagStatus.NO_ANSWER)


class FlagQuerySet(models.QuerySet):
    def visible_to(self, user):
        """ACE's case roles and a granted auditor; those who act for the organisation once they were told of it."""
        told = Q(notified_at__isnull=False) & Q(partner__in=Partner.objects.in_reach(user, *EDITING_ROLES))
        return self.filter(Q(partner__in=Partner.objects.in_reach(user, *CASE_ROLES, Role.AUDITOR)) | told)


class Flag(models.Model):
    """An observation with a right of reply before it has any effect. `note` is ACE's own, `text` what the partner reads."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="flags")
    category = models.CharField(_("about"), max_length=12, choices=FlagCategory)
    tone = models.CharField(_("kind of observation"), max_length=8, choices=FlagTone)
    severity = models.CharField(_("severity"), max_length=7, choices=FlagSeverity)
    text = models.TextField(_("what was observed, in words for the organisation"))
    note = models.TextField(_("internal note (never shown to the organisation)"), blank=True)
    # The one exception to telling first: a child or an inquiry would be put at risk. Recorded, and it ends.
    silent_reason = models.TextField(_("why the organisation is not told yet"), blank=True)
    silent_until = models.DateField(_("not told until"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=18, choices=FlagStatus, default=FlagStatus.RAISED, editable=False)
    lock_version = models.PositiveIntegerField(default=0, editable=False)
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(auto_now_add=True)
    notified_at = models.DateTimeField(null=True, editable=False)
    reply_due_on = models.DateField(_("reply expected by"), null=True, editable=False)
    reply = models.TextField(_("the organisation's reply"), blank=True)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    replied_at = models.DateTimeField(null=True, editable=False)
    conclusion = models.TextField(_("conclusion, in words for the organisation"), blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    closed_at = models.DateTimeField(null=True, editable=False)

    objects = FlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("flag")
        verbose_name_plural = _("flags")
        ordering = ["-raised_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=FlagStatus.values), name="flag_status_is_known"),
            models.CheckConstraint(
                condition=Q(silent_reason="", silent_until__isnull=True)
                | (~Q(silent_reason="") & Q(silent_until__isnull=False)),
                name="flag_silence_has_reason_and_end",
            ),
            models.CheckConstraint(
                condition=~Q(status="substantiated") | Q(notified_at__isnull=False) | ~Q(silent_reason=""),
                name="flag_substantiated_after_reply",
            ),
        ]
        indexes = [models.Index(fields=["partner", "status"], name="flag_of_partner")]

    def __str__(self):
        return f"{self.partner} · {self.get_category_display()}"

    @property
    def audit_chain(self):
        return f"partner-{self.partner_id}"

    @property
    def audit_label(self):
        return f"signalement {self.pk}"


class HoldKind(models.TextChoices):
    INQUIRY = "inquiry", _("Inquiry under way")
    FLAG = "flag", _("Substantiated flag")
    FINANCE = "finance", _("Money to be explained")
    SAFEGUARDING = "safeguarding", _("Protection of children and adults")
    SUSPENSION = "suspension", _("Suspension")
    OTHER = "other", _("Other")


class HoldQuerySet(models.QuerySet):
    def visible_to(self, user):
        """ACE's case roles and a granted auditor; the organisation reads its own holds too: nothing stops it in secret."""
        return self.filter(partner__in=Partner.objects.in_reach(user, *CASE_ROLES, Role.AUDITOR, *EDITING_ROLES))

    def open(self, today=None):
        """In force: not lifted, and not past its end."""
        today = today or timezone.localdate()
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today), lifted_at__isnull=True)


class Hold(models.Model):
    """What stops payment or standing, put by a person. What dates alone bring about is computed by `vetting.holds`."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="holds")
    kind = models.CharField(_("kind"), max_length=12, choices=HoldKind)
    reason = models.TextField(_("reason, in words for the organisation"))
    flag = models.ForeignKey(Flag, on_delete=models.PROTECT, null=True, blank=True, related_name="holds")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, null=True, blank=True, related_name="holds")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(auto_now_add=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    lock_version = models.PositiveIntegerField(default=0, editable=False)
    lifted_at = models.DateTimeField(null=True, editable=False)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    lift_reason = models.TextField(_("why it is lifted"), blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        ordering = ["-set_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="hold_has_a_reason"),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lift_reason="")),
                name="hold_lifted_by_somebody_with_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["partner", "lifted_at"], name="hold_of_partner")]

    def __str__(self):
        return f"{self.partner} · {self.get_kind_display()}"

    @property
    def audit_chain(self):
        return f"partner-{self.partner_id}"

    @property
    def audit_label(self):
        return f"blocage {self.pk}"


class TriggerKind(models.TextChoices):
    """What asks for a new look before the validity ends (domain.md §3)."""

    NEW_LEADER = "new_leader", _("A new person in office")
    STATUTES = "statutes", _("Changed statutes")
    BANK_ACCOUNT = "bank_account", _("Another bank account")
    SEAT = "seat", _("Another seat")
    ACCIDENT = "accident", _("An accident on a site")
    SERIOUS_FLAG = "serious_flag", _("A serious flag")
    LATE_REPORT = "late_report", _("A report more than 60 days late")
    REGULATORY = "regulatory", _("A suspension by the authorities")


class TriggerDismissal(models.Model):
    """Somebody looked at one trigger and found that no new dossier is needed, with the reason."""

    immutable = True

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="dismissed_triggers")
    kind = models.CharField(max_length=14, choices=TriggerKind)
    key = models.CharField(max_length=40, help_text="the row that triggered, such as person-12")
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "kind", "key"], name="trigger_dismissed_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="trigger_dismissed_with_a_reason"),
        ]

    def __str__(self):
        return f"{self.kind} {self.key}"

    @property
    def audit_chain(self):
        return f"partner-{self.partner_id}"

    @property
    def audit_label(self):
        return f"déclencheur {self.kind} {self.key}"


class VisitStatus(models.TextChoices):
    PLANNED = "planned", _("Planned")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")


class VisitQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(partner__in=Partner.objects.in_reach(user, *CASE_ROLES, Role.AUDITOR))


class Visit(models.Model):
    """A visit by ACE: planned, then held with what was found and what follows, or cancelled."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="visits")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    planned_on = models.DateField(_("planned for"))
    held_on = models.DateField(_("held on"), null=True, blank=True)
    purpose = models.CharField(_("purpose"), max_length=200)
    visitors = models.CharField(_("who goes"), max_length=200)
    account = models.TextField(_("what was seen"), blank=True)
    status = models.CharField(
        _("status"), max_length=9, choices=VisitStatus, default=VisitStatus.PLANNED, editable=False
    )
    lock_version = models.PositiveIntegerField(default=0, editable=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ["-planned_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="held") | (Q(held_on__isnull=False) & ~Q(account="")), name="visit_held_has_a_day"
            )
        ]

    def __str__(self):
        return f"{self.partner} · {self.purpose}"

    @property
    def audit_chain(self):
        return f"partner-{self.partner_id}"

    @property
    def audit_label(self):
        return f"visite {self.pk}"


class VisitPoint(models.Model):
    """A finding of a visit (no due date), or an action that follows from it."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="points")
    text = models.CharField(_("finding or action"), max_length=300)
    responsible = models.CharField(_("who does it"), max_length=120, blank=True)
    due_on = models.DateField(_("by"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.text


class RegulatoryState(models.TextChoices):
    IN_ORDER = "in_order", _("In order")
    TOLERATED = "tolerated", _("Tolerated, not legal")
    SUSPENDED = "suspended", _("Suspended by the authorities")
    PARTLY_LIFTED = "partly_lifted", _("Suspension partly lifted")
    WITHDRAWN = "withdrawn", _("Approval withdrawn")


class RegulatoryStatusQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(
            Q(partner__isnull=True)
            | Q(partner__in=Partner.objects.in_reach(user, *CASE_ROLES, Role.AUDITOR, *EDITING_ROLES))
        )


class RegulatoryStatus(models.Model):
    """What the authorities say about a cooperative or a site, dated and sourced; the newest by date of effect counts."""

    immutable = True

    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, null=True, blank=True, related_name="regulatory_statuses"
    )
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, null=True, blank=True, related_name="regulatory_statuses"
    )
    state = models.CharField(_("regulatory status"), max_length=13, choices=RegulatoryState)
    effective_on = models.DateField(_("in effect since"))
    source = models.CharField(_("source"), max_length=300)
    note = models.CharField(_("note"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = RegulatoryStatusQuerySet.as_manager()

    class Meta:
        verbose_name = _("regulatory status")
        verbose_name_plural = _("regulatory statuses")
        ordering = ["-effective_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(partner__isnull=False, place__isnull=True) | Q(partner__isnull=True, place__isnull=False),
                name="regulatory_status_of_one",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="regulatory_status_has_a_source"),
        ]

    def __str__(self):
        return f"{self.partner or self.place} · {self.get_state_display()}"

    @property
    def audit_chain(self):
        return f"partner-{self.partner_id}" if self.partner_id else "network"

    @property
    def audit_label(self):
        return f"statut réglementaire {self.pk}"
