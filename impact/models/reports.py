"""Reports: the partner's draft rows, and the immutable versions that each submission makes of them."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, ExpressionWrapper, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.db.models.lookups import GreaterThan
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ace_partners.core.dates import days_late, local_day
from ace_partners.core.rights import PARTNER_ROLES
from impact.deadlines import is_expected, last_day_of, phase_at
from impact.models.projects import TEAM_ROLES, Period, Project, Target
from impact.models.values import CDF_LINE, USD_LINE, SpendingFields, ValueFields, value_constraints
from partners.models import Partner


class ReportStatus(models.TextChoices):
    OPEN = "open", _("To be written")
    SUBMITTED = "submitted", _("Submitted")
    IN_REVIEW = "in_review", _("In review")
    CHANGES_REQUESTED = "changes_requested", _("Changes requested")
    ACCEPTED = "accepted", _("Accepted")
    WAIVED = "waived", _("Waived")


WITH_PARTNER = (ReportStatus.OPEN, ReportStatus.CHANGES_REQUESTED)


def past_last_day(today):
    """The condition "`Report.last_day` is past" in the database: no sum of a date and a number is alike on both."""
    since_due = ExpressionWrapper(Value(today, models.DateField()) - F("period__due_on"), models.DurationField())
    days = ExpressionWrapper(F("period__grace_days"), models.IntegerField())
    grace = ExpressionWrapper(days * Value(timedelta(days=1), models.DurationField()), models.DurationField())
    return Q(GreaterThan(since_due, grace)) & (Q(extended_until__isnull=True) | Q(extended_until__lt=today))


class ReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The report's frame. What is inside a draft is the partner's alone (`draft_visible_to`)."""
        return self.filter(partner__in=Partner.objects.in_reach(user, *TEAM_ROLES, *PARTNER_ROLES))

    def visible_to_team(self, user):
        """The work pages: ACE's case roles, and an auditor with a grant; they read versions, never a draft."""
        return self.filter(partner__in=Partner.objects.in_reach(user, *TEAM_ROLES))

    def draft_visible_to(self, user):
        """Members of the organisation: ACE sees only « commencé, 4/6 » (design §6)."""
        return self.filter(partner__in=Partner.objects.in_reach(user, *PARTNER_ROLES))

    def by_urgency(self):
        """What waits for ACE first, then what waits for the partner, then what is closed; the oldest due first."""
        waits = {
            ReportStatus.SUBMITTED: 0,
            ReportStatus.IN_REVIEW: 1,
            ReportStatus.CHANGES_REQUESTED: 2,
            ReportStatus.OPEN: 3,
        }
        rank = Case(*(When(status=status, then=Value(place)) for status, place in waits.items()), default=Value(4))
        return self.order_by(rank, "period__due_on", "pk")

    def with_due_day(self):
        """Annotate `due_day`: `Report.due_on` where the database has to compare it."""
        due = F("period__due_on")
        return self.annotate(due_day=Greatest(due, Coalesce("extended_until", due)))

    def framed(self):
        """Only what `Report.is_expected` and `days_late` read: figures count thousands of reports, and never a text."""
        needed = ("status", "accepted_version", "extended_until", "first_submitted_at", "partner")
        days = ("starts_on", "ends_on", "due_on", "grace_days")
        return self.select_related("period").only(*needed, *(f"period__{day}" for day in days))

    def with_started(self):
        """Annotate `values_done`, `targets_count` and `versions_count`: all that ACE may know of a draft."""
        return self.annotate(
            values_done=_count(DraftValue.objects.filter(report=OuterRef("pk"))),
            targets_count=_count(Target.objects.agreed().filter(project=OuterRef("project"))),
            versions_count=_count(ReportVersion.objects.filter(report=OuterRef("pk"))),
        )


def _count(rows):
    """A scalar subquery that counts rows, 0 when there are none."""
    counted = rows.order_by().annotate(_all=Value(1)).values("_all").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=models.IntegerField()), 0)


class Report(models.Model):
    """One partner, one project, one period. It carries the state; its versions have none."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="reports", verbose_name=_("partner"))
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="reports", verbose_name=_("project"))
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="reports", verbose_name=_("period"))
    status = models.CharField(
        _("status"), max_length=20, choices=ReportStatus, default=ReportStatus.OPEN, editable=False
    )
    lock_version = models.PositiveIntegerField(default=0, editable=False)
    accepted_version = models.OneToOneField(
        "impact.ReportVersion", on_delete=models.PROTECT, null=True, related_name="accepted_for", editable=False
    )
    # Not asking for a report takes two people: who proposes gives the reason, another one approves.
    waived_reason = models.TextField(blank=True, editable=False)
    waiver_proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    waiver_approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    # A later date for this organisation alone: the calendar's own date stays where it is.
    extended_until = models.DateField(_("deadline moved to"), null=True, editable=False)
    extension_reason = models.CharField(max_length=300, blank=True, editable=False)
    first_submitted_at = models.DateTimeField(_("first sent on"), null=True, editable=False)
    last_submitted_at = models.DateTimeField(_("last sent on"), null=True, editable=False)
    # The draft's texts; each submission copies them into a version.
    narrative = models.TextField(_("what happened in this period"), blank=True)
    difficulties = models.TextField(_("difficulties and gaps to the targets"), blank=True)
    lessons = models.TextField(_("what you learned"), blank=True)
    texts_version = models.PositiveIntegerField(default=0, editable=False)
    # Nothing spent is an answer; no line at all is not.
    no_spending = models.BooleanField(_("nothing was spent in this period"), default=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["period__due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["partner", "project", "period"], name="report_once"),
            models.CheckConstraint(condition=Q(status__in=ReportStatus.values), name="report_status_is_known"),
            models.CheckConstraint(
                condition=~Q(status=ReportStatus.ACCEPTED) | Q(accepted_version__isnull=False),
                name="report_accepted_has_a_version",
            ),
            models.CheckConstraint(
                condition=~Q(status=ReportStatus.WAIVED)
                | (~Q(waived_reason="") & Q(waiver_proposed_by__isnull=False, waiver_approved_by__isnull=False)),
                name="report_waived_by_two_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(waiver_approved_by__isnull=True) | ~Q(waiver_approved_by=F("waiver_proposed_by")),
                name="report_waiver_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(extended_until__isnull=True) | ~Q(extension_reason=""), name="report_extended_with_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["status", "last_submitted_at"], name="report_by_status")]

    def __str__(self):
        return f"{self.project} · {self.period}"

    @property
    def audit_chain(self):
        return f"partner-{self.partner_id}"

    @property
    def audit_label(self):
        return f"rapport {self.pk}"

    @property
    def reference(self):
        return f"ACE-R-{self.pk:04d}"

    @property
    def is_with_partner(self):
        return self.status in WITH_PARTNER

    def days_late(self, today=None):
        """Days after the due date and its grace: of the first submission, or of today while nothing came."""
        if self.status == ReportStatus.WAIVED:
            return 0
        arrived = local_day(self.first_submitted_at) if self.first_submitted_at else (today or timezone.localdate())
        return days_late(self.last_day, arrived)

    @property
    def due_on(self):
        """The day this report is asked for: the calendar's, or the later one this organisation was given."""
        return max(self.period.due_on, self.extended_until or self.period.due_on)

    @property
    def is_reopened(self):
        """An accepted version is public, and the next one is being written or examined."""
        return self.accepted_version_id is not None and self.status != ReportStatus.ACCEPTED

    @property
    def last_day(self):
        """The last day on which this report is in time: the period's, or the later one this organisation was given."""
        return last_day_of(self.period.due_on, self.period.grace_days, self.extended_until)

    def is_expected(self, today):
        """Whether it counts in coverage and punctuality on that day: accepted already, or asked for and past its last day."""
        is_waived = self.status == ReportStatus.WAIVED
        phase = phase_at(today, ends_on=self.period.ends_on, last_day=self.last_day, is_waived=is_waived)
        return is_expected(phase, is_accepted=self.accepted_version_id is not None)


class DraftValue(ValueFields):
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="draft_values")
    lock_version = models.PositiveIntegerField(default=0, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["target__indicator__code"]
        constraints = [
            models.UniqueConstraint(fields=["report", "target"], name="draft_value_once"),
            *value_constraints("draft_value"),
        ]

    def __str__(self):
        return f"{self.target}"


class DraftSpending(SpendingFields):
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="draft_spending")
    lock_version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["spent_on", "pk"]
        constraints = [models.CheckConstraint(condition=USD_LINE | CDF_LINE, name="draft_spending_has_its_rate")]

    def __str__(self):
        return self.label


class DraftComment(models.Model):
    """The partner's words on one warning of the checks; it leaves with the next version."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="draft_comments")
    key = models.CharField(max_length=60, help_text="what the warning is about: see `impact.checks`")
    text = models.CharField(max_length=500)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "key"], name="draft_comment_once")]

    def __str__(self):
        return self.key


class ReportVersion(models.Model):
    """One submission, whole and unchangeable."""

    immutable = True

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    narrative = models.TextField(blank=True)
    difficulties = models.TextField(blank=True)
    lessons = models.TextField(blank=True)
    no_spending = models.BooleanField(default=False)
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("report version")
        verbose_name_plural = _("report versions")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="report_version_numbered")]

    def __str__(self):
        return f"{self.report.reference} v{self.number}"

    @property
    def receipt_number(self):
        """What the partner quotes: ACE-R-0012-V1."""
        return f"{self.report.reference}-V{self.number}"


class IndicatorValue(ValueFields):
    """A value of a version, with the target of its period as it was at that moment."""

    immutable = True

    version = models.ForeignKey(ReportVersion, on_delete=models.PROTECT, related_name="values")
    period_target = models.DecimalField(max_digits=18, decimal_places=4, null=True)

    class Meta:
        ordering = ["target__indicator__code"]
        constraints = [
            models.UniqueConstraint(fields=["version", "target"], name="indicator_value_once"),
            *value_constraints("indicator_value"),
        ]

    def __str__(self):
        return f"{self.target}"


class SpendingLine(SpendingFields):
    immutable = True

    version = models.ForeignKey(ReportVersion, on_delete=models.PROTECT, related_name="spending")

    class Meta:
        ordering = ["spent_on", "pk"]
        constraints = [models.CheckConstraint(condition=USD_LINE | CDF_LINE, name="spending_line_has_its_rate")]

    def __str__(self):
        return self.label


class CheckComment(models.Model):
    """A warning as it stood when the version was sent, and what the partner said to it."""

    immutable = True

    version = models.ForeignKey(ReportVersion, on_delete=models.PROTECT, related_name="check_comments")
    key = models.CharField(max_length=60)
    warning = models.CharField(max_length=400)
    text = models.CharField(max_length=500)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="check_comment_once")]

    def __str__(self):
        return self.warning


class Acceptance(models.Model):
    """ACE accepted one version. The public shows accepted versions and nothing else."""

    immutable = True

    version = models.OneToOneField(ReportVersion, on_delete=models.PROTECT, related_name="acceptance")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self):
        return f"{self.version} {self.at:%Y-%m-%d}"
