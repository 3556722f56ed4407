"""The outbox: a letter is a row written with the change it tells of, and sent afterwards."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ace_partners.core.rights import Role


class MailState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")
    GATHERED = "gathered", _("In the mail of the day")


class OutgoingMailQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Approver and admin see the whole queue, officers what they caused themselves (design §6)."""
        if user.roles & {Role.APPROVER, Role.ADMIN}:
            return self
        return self.filter(caused_by=user) if user.is_staff else self.none()


class OutgoingMail(models.Model):
    """One message to one address, rendered once; what was previewed is what is sent."""

    kind = models.CharField(max_length=60)
    to_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    to_address = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    dedupe_key = models.CharField(max_length=150, unique=True)
    topic = models.CharField(
        max_length=100, blank=True, help_text="a newer mail on the same topic cancels an unsent one"
    )
    state = models.CharField(max_length=10, choices=MailState, default=MailState.QUEUED, editable=False)
    send_after = models.DateTimeField()
    # News for whoever of a role takes the work: not sent by itself, but gathered once a day (`digest`).
    in_digest = models.BooleanField(_("for the mail of the day"), default=False, editable=False)
    gathered_in = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="gathered", editable=False
    )
    caused_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mail")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=MailState.values), name="mail_state_is_known"),
            models.CheckConstraint(
                condition=~models.Q(state=MailState.SENT) | models.Q(sent_at__isnull=False), name="mail_sent_has_a_time"
            ),
            models.CheckConstraint(
                condition=~models.Q(state=MailState.GATHERED) | models.Q(gathered_in__isnull=False),
                name="mail_gathered_in_another",
            ),
        ]
        indexes = [models.Index(fields=["state", "in_digest", "send_after"], name="mail_to_send")]

    def __str__(self):
        return self.subject

    @property
    def audit_chain(self):
        return "network"

    @property
    def audit_label(self):
        return f"courriel {self.kind} {self.pk}"
