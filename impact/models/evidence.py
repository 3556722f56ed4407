"""What lies behind a report, and what ACE asks back on it: files, and requests bound to one field."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ace_partners.core.models import StoredFile
from ace_partners.core.rights import PARTNER_ROLES
from impact.models.projects import TEAM_ROLES, Target
from impact.models.reports import Report, ReportVersion
from partners.models import Partner


class ReportEvidenceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Members see their own; ACE and an auditor what came with a submission, never what lies in a draft."""
        members = Q(report__partner__in=Partner.objects.in_reach(user, *PARTNER_ROLES))
        team = Q(report__partner__in=Partner.objects.in_reach(user, *TEAM_ROLES))
        return self.filter(members | (team & Q(report__last_submitted_at__gte=F("added_at"))))

    def of_version(self, version):
        """What was there when the version was sent; nothing that was sent is ever removed."""
        return self.filter(report=version.report_id, added_at__lte=version.submitted_at)


class ReportEvidence(models.Model):
    """A photograph or document behind a report, or behind one value of it. Private unless marked public."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="evidence")
    target = models.ForeignKey(Target, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="report_evidence")
    caption = models.CharField(_("what it shows"), max_length=150)
    is_public = models.BooleanField(_("may be shown to the public"), default=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    objects = ReportEvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.caption

    @property
    def audit_chain(self):
        return self.report.audit_chain

    @property
    def audit_label(self):
        return f"pièce {self.pk} du {self.report.audit_label}"


class CorrectionRequest(models.Model):
    """What ACE asks back on one field, value or line of a version. The partner sees only those fields."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="requests")
    version = models.ForeignKey(ReportVersion, on_delete=models.PROTECT, related_name="+")
    field_key = models.CharField(
        max_length=40, help_text="narrative, difficulties, lessons, spending, evidence, value-<target>"
    )
    remark = models.TextField(_("what is asked, and why"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    # Unsent requests are ACE's notes to itself; they leave together, as one message.
    sent_at = models.DateTimeField(null=True, editable=False)
    reply = models.TextField(_("your reply"), blank=True)
    answered_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("correction request")
        verbose_name_plural = _("correction requests")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "field_key"], condition=Q(answered_at__isnull=True), name="one_open_request_per_field"
            )
        ]

    def __str__(self):
        return f"{self.field_key}: {self.remark[:60]}"
