"""After acceptance: reopening an accepted report, closing a quarter, the papers that are built once and kept."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ace_partners.core.models import StoredFile
from ace_partners.core.rights import CASE_ROLES
from impact.models.reports import Report, ReportVersion


class ReopeningStatus(models.TextChoices):
    PROPOSED = "proposed", _("Waits for a second person")
    APPROVED = "approved", _("Reopened")
    REFUSED = "refused", _("Not reopened")


class ReopeningQuerySet(models.QuerySet):
    def visible_to(self, user):
        """ACE's case roles and an auditor with a grant; the organisation reads the approved one on its report."""
        return self.filter(report__in=Report.objects.visible_to_team(user))


class Reopening(models.Model):
    """An accepted report is opened again: the accepted version stays public until the next one is accepted."""

    immutable = True  # once it is approved or refused

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="reopenings")
    version = models.ForeignKey(ReportVersion, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(
        _("status"), max_length=10, choices=ReopeningStatus, default=ReopeningStatus.PROPOSED, editable=False
    )
    lock_version = models.PositiveIntegerField(default=0, editable=False)
    # The public reads it beside the figures: « révisé le … : motif ».
    motive = models.CharField(_("why, as the public will read it"), max_length=200)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True, editable=False)

    objects = ReopeningQuerySet.as_manager()

    class Meta:
        verbose_name = _("reopening of a report")
        verbose_name_plural = _("reopenings of reports")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(motive=""), name="reopening_says_why"),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("proposed_by")), name="reopening_four_eyes"
            ),
            models.CheckConstraint(
                condition=Q(status="proposed", answered_by__isnull=True)
                | (~Q(status="proposed") & Q(answered_by__isnull=False, answered_at__isnull=False)),
                name="reopening_answered_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["report"], condition=Q(status="proposed"), name="one_open_reopening_per_report"
            ),
            models.UniqueConstraint(fields=["version"], condition=Q(status="approved"), name="version_reopened_once"),
        ]

    def __str__(self):
        return f"{self.report} · {self.motive[:40]}"

    @property
    def audit_chain(self):
        return self.report.audit_chain

    @property
    def audit_label(self):
        return f"réouverture du {self.report.audit_label}"


class QuarterCloseQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A closing holds every organisation: it is ACE's own, and no auditor's of one of them."""
        return self if user.is_authenticated and user.roles & set(CASE_ROLES) else self.none()


class QuarterClose(models.Model):
    """ACE closed a calendar quarter: which versions counted, which reports were missing, and the paper made of them."""

    immutable = True

    year = models.PositiveSmallIntegerField(_("year"))
    quarter = models.PositiveSmallIntegerField(_("quarter"))
    number = models.PositiveSmallIntegerField(default=1, help_text="a quarter closed again after a late report")
    versions = models.JSONField(help_text="ids of the accepted versions that count")
    missing = models.JSONField(help_text="ids of the reports that were due and not accepted")
    note = models.CharField(_("note"), max_length=300, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)

    objects = QuarterCloseQuerySet.as_manager()

    class Meta:
        verbose_name = _("closed quarter")
        verbose_name_plural = _("closed quarters")
        ordering = ["-year", "-quarter", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["year", "quarter", "number"], name="quarter_closing_numbered"),
            models.CheckConstraint(condition=Q(quarter__gte=1, quarter__lte=4), name="quarter_of_a_year"),
        ]

    def __str__(self):
        return f"T{self.quarter} {self.year}"

    @property
    def audit_chain(self):
        return "network"

    @property
    def audit_label(self):
        return f"clôture {self}"


class PaperKind(models.TextChoices):
    REPORT = "report", _("Impact report")
    QUARTER = "quarter", _("Consolidated report of a quarter")
    YEAR = "year", _("Annual report of the network")


class PaperQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Accepted results are public; the consolidated paper of a quarter is ACE's."""
        if user.is_authenticated and user.roles & set(CASE_ROLES):
            return self
        return self.exclude(kind=PaperKind.QUARTER)


class Paper(models.Model):
    """A PDF built once and kept with its hash: never made anew for a reader, never changed."""

    immutable = True

    kind = models.CharField(_("kind"), max_length=8, choices=PaperKind)
    version = models.OneToOneField(ReportVersion, on_delete=models.PROTECT, null=True, related_name="paper")
    closing = models.OneToOneField(QuarterClose, on_delete=models.PROTECT, null=True, related_name="paper")
    year = models.PositiveSmallIntegerField(null=True)
    number = models.PositiveSmallIntegerField(default=1)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="paper")
    facts_sha256 = models.CharField(max_length=64, help_text="of what was printed, in canonical form")
    built_at = models.DateTimeField()

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("kept document")
        verbose_name_plural = _("kept documents")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="report", version__isnull=False, closing__isnull=True, year__isnull=True)
                | Q(kind="quarter", version__isnull=True, closing__isnull=False, year__isnull=True)
                | Q(kind="year", version__isnull=True, closing__isnull=True, year__isnull=False),
                name="paper_is_of_one_thing",
            ),
            models.UniqueConstraint(fields=["year", "number"], name="annual_paper_numbered"),
        ]

    def __str__(self):
        return self.get_kind_display()

    @property
    def audit_chain(self):
        return self.version.report.audit_chain if self.version_id else "network"

    @property
    def audit_label(self):
        return f"document {self.pk}"
