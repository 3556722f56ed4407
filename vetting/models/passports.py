"""The due-diligence passport: the partner's own numbered proof, checkable by code, shareable for a time."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ace_partners.core.rights import CASE_ROLES, PARTNER_ROLES, Role
from partners.models import Partner
from vetting.models.decisions import Decision


class PassportQuerySet(models.QuerySet):
    def visible_to(self, user):
        reach = Partner.objects.in_reach(user, *CASE_ROLES, Role.AUDITOR, *PARTNER_ROLES)
        return self.filter(partner__in=reach)


class Passport(models.Model):
    """What the organisation shows to others. `content` is all it says; its hash is what the check page repeats."""

    immutable = True

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="passports")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="passports")
    code = models.CharField(_("check code"), max_length=16, unique=True)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    valid_until = models.DateField(_("valid until"))
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(_("issued on"))

    objects = PassportQuerySet.as_manager()

    class Meta:
        verbose_name = _("passport")
        verbose_name_plural = _("passports")
        ordering = ["-issued_at", "-pk"]

    def __str__(self):
        return self.reference

    @property
    def reference(self):
        return f"ACE-PASS-{self.pk:04d}"

    @property
    def audit_chain(self):
        return f"partner-{self.partner_id}"

    @property
    def audit_label(self):
        return f"passeport {self.pk}"


class PassportRevocation(models.Model):
    immutable = True

    passport = models.OneToOneField(Passport, on_delete=models.PROTECT, related_name="revocation")
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="passport_revoked_with_a_reason")]

    def __str__(self):
        return f"{self.passport}"


class PassportShareQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(passport__in=Passport.objects.visible_to(user))


class PassportShare(models.Model):
    """A link for one named reader and a time. Only the hash of its secret is kept: a stolen database opens nothing."""

    passport = models.ForeignKey(Passport, on_delete=models.PROTECT, related_name="shares")
    recipient = models.CharField(_("for whom"), max_length=150)
    secret_sha256 = models.CharField(max_length=64, unique=True)
    ends_on = models.DateField(_("readable until"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, editable=False)

    objects = PassportShareQuerySet.as_manager()

    class Meta:
        verbose_name = _("share of a passport")
        verbose_name_plural = _("shares of passports")
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return f"{self.passport} → {self.recipient}"

    @property
    def audit_chain(self):
        return self.passport.audit_chain

    @property
    def audit_label(self):
        return f"partage {self.pk} du passeport {self.passport_id}"


class ShareReading(models.Model):
    immutable = True

    share = models.ForeignKey(PassportShare, on_delete=models.PROTECT, related_name="readings")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.share} {self.at}"
