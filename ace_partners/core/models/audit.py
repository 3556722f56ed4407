"""The audit trail: append-only, hash-chained, one chain per organisation and one for the rest (design §4)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ace_partners.core.rights import Role


class AuditChain(models.Model):
    """The head of one chain. Its row is locked while an event is appended, so busy organisations do not wait for each other."""

    name = models.CharField(max_length=60, unique=True)
    count = models.PositiveBigIntegerField(default=0)
    head = models.CharField(max_length=64, blank=True)

    def __str__(self):
        return self.name


class AuditEventQuerySet(models.QuerySet):
    def about(self, target):
        """Events of one row, oldest first."""
        return self.filter(target_type=target._meta.label_lower, target_id=str(target.pk)).order_by("pk")

    def visible_to(self, user):
        """The direction and the admin role see every event (the latter without its contents), others their own."""
        if user.roles & {Role.APPROVER, Role.ADMIN}:
            return self
        return self.filter(actor=user)


class AuditEvent(models.Model):
    """Something that happened. Written by `core.audit.record` alone; the database refuses UPDATE and DELETE."""

    immutable = True

    chain = models.CharField(max_length=60)
    number = models.PositiveBigIntegerField()
    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=150)
    action = models.CharField(max_length=60)
    target_type = models.CharField(max_length=60)
    target_id = models.CharField(max_length=40)
    target_label = models.CharField(max_length=200)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["chain", "previous_hash"], name="audit_chain_does_not_fork"),
            models.UniqueConstraint(fields=["chain", "number"], name="audit_chain_is_numbered"),
        ]
        indexes = [
            models.Index(fields=["target_type", "target_id"], name="audit_by_target"),
            models.Index(fields=["actor", "at"], name="audit_by_actor"),
        ]

    def __str__(self):
        return f"{self.action} {self.target_label}"
