"""Who may act for an organisation (Membership) and who may read it for a time (Grant)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ace_partners.core.rights import PARTNER_ROLE_CHOICES, Role


def _in_force(today):
    return Q(starts_on__lte=today) & (Q(ends_on__isnull=True) | Q(ends_on__gte=today))


class MembershipQuerySet(models.QuerySet):
    def live(self, user):
        """The memberships of `user` that are in force today."""
        return self.filter(_in_force(timezone.localdate()), user=user)

    def of_colleagues(self, user):
        """The accesses in force in the organisations that `user` belongs to: members know each other by name and role."""
        return self.filter(_in_force(timezone.localdate()), partner__in=self.model.objects.live(user).values("partner"))

    def visible_to(self, user):
        """Accounts of ACE and the direction see all accesses, a signatory those of its own organisation."""
        partners = self.model.partner.field.related_model.objects  # that module imports this one
        return self.filter(partner__in=partners.in_reach(user, Role.ADMIN, Role.APPROVER, Role.SIGNATORY))


class Membership(models.Model):
    """A user's right in an organisation, between two dates. A small organisation may have one signatory and nobody else."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("account")
    )
    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, related_name="memberships", verbose_name=_("partner")
    )
    role = models.CharField(_("role"), max_length=10, choices=PARTNER_ROLE_CHOICES)
    starts_on = models.DateField(_("from"), default=timezone.localdate)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("access")
        verbose_name_plural = _("accesses")
        constraints = [
            models.UniqueConstraint(fields=["user", "partner", "starts_on"], name="membership_once_per_start"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="membership_dates"
            ),
        ]

    def __str__(self):
        return f"{self.user} · {self.get_role_display()}"

    @property
    def audit_chain(self):
        return f"partner-{self.partner_id}"

    @property
    def audit_label(self):
        return f"accès {self.pk} ({self.role})"


class GrantQuerySet(models.QuerySet):
    def live(self, user):
        """The read grants of `user` in force today; expiry is asked here, not repaired by a nightly job."""
        return self.filter(_in_force(timezone.localdate()), user=user, revoked_at__isnull=True)

    def visible_to(self, user):
        """Those who keep the accounts, and the direction."""
        partners = self.model.partner.field.related_model.objects  # that module imports this one
        return self.filter(partner__in=partners.in_reach(user, Role.ADMIN, Role.APPROVER))


class Grant(models.Model):
    """A dated, named, revocable right to read one organisation's file, for an auditor or a donor."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="grants", verbose_name=_("account")
    )
    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, related_name="grants", verbose_name=_("partner")
    )
    purpose = models.CharField(_("purpose"), max_length=200)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("granted by")
    )
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True, editable=False)

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("read grant")
        verbose_name_plural = _("read grants")
        constraints = [models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="grant_dates")]

    def __str__(self):
        return f"{self.user} · {self.purpose}"

    @property
    def audit_chain(self):
        return f"partner-{self.partner_id}"

    @property
    def audit_label(self):
        return f"droit de lecture {self.pk}"
