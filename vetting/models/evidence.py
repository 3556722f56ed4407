"""Evidence beyond the documents of an answer: other bodies' assessments, papers accepted after a decision, performance."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ace_partners.core.dates import add_months
from partners.models import Document, Partner
from partners.models.organisations import PartnerPartQuerySet
from vetting.models.dossiers import Answer, Dossier, Finding

OLD_AFTER = 24  # months after which another body's assessment is shown as old; it may still be used


class OtherAssessment(models.Model):
    """What another body found (PSEA, HACT, a pooled fund, CHS…), reused with its date and its source."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="other_assessments")
    body = models.CharField(_("who assessed"), max_length=120)
    tool = models.CharField(_("what was assessed"), max_length=150)
    result = models.CharField(_("result"), max_length=200)
    assessed_on = models.DateField(_("date of the assessment"))
    source = models.CharField(_("where it can be checked"), max_length=300)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    objects = PartnerPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment by another body")
        verbose_name_plural = _("assessments by other bodies")
        ordering = ["-assessed_on", "-pk"]

    def __str__(self):
        return f"{self.body} · {self.tool}"

    @property
    def audit_chain(self):
        return f"partner-{self.partner_id}"

    @property
    def audit_label(self):
        return f"évaluation tierce {self.pk}"

    def is_old(self, today=None):
        """Whether more than 24 months have passed since the assessment."""
        return add_months(self.assessed_on, OLD_AFTER) < (today or timezone.localdate())


class AnswerReference(models.Model):
    """An answer that leans on another body's assessment."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="references")
    assessment = models.ForeignKey(OtherAssessment, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["answer", "assessment"], name="answer_reference_once")]

    def __str__(self):
        return str(self.assessment)


class EvidenceRenewal(models.Model):
    """ACE accepts a newer paper for a finding in force, after the one it relied on has lapsed."""

    immutable = True

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="renewals")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    page = models.CharField(_("page"), max_length=20)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("evidence accepted later")
        verbose_name_plural = _("evidence accepted later")
        constraints = [models.UniqueConstraint(fields=["finding", "document"], name="evidence_renewal_once")]

    def __str__(self):
        return str(self.document)

    @property
    def audit_chain(self):
        return self.finding.audit_chain

    @property
    def audit_label(self):
        return f"pièce {self.document_id} acceptée pour {self.finding.item.code}"


class RenewalSnapshot(models.Model):
    """What the reports say about criteria 3 and 4 on one day: `vetting.renewal.RenewalFacts`, handed in from above."""

    immutable = True

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="snapshots")
    facts = models.JSONField()
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("performance at renewal")
        verbose_name_plural = _("performances at renewal")
        ordering = ["-taken_at", "-pk"]

    def __str__(self):
        return f"{self.dossier}"

    @property
    def audit_chain(self):
        return self.dossier.audit_chain

    @property
    def audit_label(self):
        return f"résultats repris au dossier {self.dossier_id}"


class Stage(models.Model):
    """When a dossier entered a state: the clock on ACE and on the organisation is read from these rows."""

    immutable = True

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="stages")
    status = models.CharField(max_length=20)
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ["entered_at", "pk"]
        indexes = [models.Index(fields=["dossier", "entered_at"], name="stage_of_dossier")]

    def __str__(self):
        return f"{self.status} {self.entered_at}"
