"""The risk rating: what the machine suggests and what the officer says, both kept. It decides oversight, not eligibility."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partners.models import Partner
from vetting.models.dossiers import EXAMINING_ROLES, Dossier


class RiskBand(models.TextChoices):
    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")


class RiskRatingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """ACE's own: the people who examine or decide, an auditor with a grant."""
        return self.filter(partner__in=Partner.objects.in_reach(user, *EXAMINING_ROLES))


class RiskRating(models.Model):
    """One rating of one organisation. A new rating is a new row; the newest counts."""

    immutable = True

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="risk_ratings")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="risk_ratings")
    suggested_score = models.PositiveSmallIntegerField(_("suggested score"), help_text="0 to 100")
    suggested_band = models.CharField(_("suggested band"), max_length=6, choices=RiskBand)
    overrides = models.JSONField(default=list, help_text="codes of the rules that raised the band")
    agrees = models.BooleanField(_("the officer agrees with the suggestion"))
    comment = models.TextField(_("why not"), blank=True)
    score = models.PositiveSmallIntegerField(_("score"), help_text="0 to 100")
    band = models.CharField(_("band"), max_length=6, choices=RiskBand)
    rated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    rated_at = models.DateTimeField(auto_now_add=True)

    objects = RiskRatingQuerySet.as_manager()

    class Meta:
        verbose_name = _("risk rating")
        verbose_name_plural = _("risk ratings")
        ordering = ["-rated_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(agrees=True) | ~Q(comment=""), name="risk_disagreement_says_why"),
            models.CheckConstraint(condition=Q(score__lte=100, suggested_score__lte=100), name="risk_score_to_100"),
        ]

    def __str__(self):
        return f"{self.partner} · {self.get_band_display()}"

    @property
    def audit_chain(self):
        return f"partner-{self.partner_id}"

    @property
    def audit_label(self):
        return f"cote de risque {self.pk}"


class RiskFactorScore(models.Model):
    """One of the seven factors: the machine's score (None where it cannot tell), the officer's, and the reason."""

    immutable = True

    rating = models.ForeignKey(RiskRating, on_delete=models.PROTECT, related_name="factors")
    code = models.CharField(max_length=2)
    suggested = models.PositiveSmallIntegerField(null=True)
    score = models.PositiveSmallIntegerField()
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["rating", "code"], name="risk_factor_once"),
            models.CheckConstraint(condition=Q(score__lte=3), name="risk_factor_to_3"),
        ]

    def __str__(self):
        return f"{self.code} {self.score}"
