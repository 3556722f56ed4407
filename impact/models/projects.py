"""Projects, their calendar, targets and budget lines."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ace_partners.core.money import Money
from ace_partners.core.rights import CASE_ROLES, PARTNER_ROLES, Role
from impact.deadlines import last_day_of, phase_at
from impact.models.framework import Indicator
from partners.models import Area, Partner, Place

CURRENCIES = [("USD", "USD"), ("CDF", "CDF")]
TEAM_ROLES = (*CASE_ROLES, Role.AUDITOR)


class ProjectQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Agreements, targets and budget: the organisation, ACE's case roles, an auditor with a grant (design §6)."""
        return self.filter(partner__in=Partner.objects.in_reach(user, *TEAM_ROLES, *PARTNER_ROLES))

    def visible_to_team(self, user):
        """The work pages: ACE's case roles, and an auditor with a grant."""
        return self.filter(partner__in=Partner.objects.in_reach(user, *TEAM_ROLES))

    def visible_to_members(self, user):
        """The space: members of the organisation."""
        return self.filter(partner__in=Partner.objects.in_reach(user, *PARTNER_ROLES))


class Project(models.Model):
    """Co-designed work of one lead partner, on or off a mine site."""

    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="projects", verbose_name=_("lead partner")
    )
    code = models.SlugField(_("code"), unique=True)
    title = models.CharField(_("title"), max_length=150)
    needs = models.TextField(_("what the community asked for, and who was consulted"), blank=True)
    summary = models.TextField(_("what the project does"))
    on_site = models.BooleanField(_("on a mine site"), default=False)
    starts_on = models.DateField(_("start"))
    ends_on = models.DateField(_("end"))
    lock_version = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("created on"), auto_now_add=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["-starts_on", "pk"]
        constraints = [models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="project_dates")]

    def __str__(self):
        return self.title

    @property
    def audit_chain(self):
        return f"partner-{self.partner_id}"

    @property
    def audit_label(self):
        return f"projet {self.code}"


class ProjectArea(models.Model):
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="areas")
    area = models.CharField(_("contribution area"), max_length=12, choices=Area)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "area"], name="project_area_once")]

    def __str__(self):
        return self.get_area_display()


class ProjectPlace(models.Model):
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="places")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "place"], name="project_place_once")]

    def __str__(self):
        return str(self.place)


class PeriodQuerySet(models.QuerySet):
    def with_report(self):
        """Annotate `extended_until` and `report_status` of the one report of each period, for `Period.phase`."""
        return self.annotate(extended_until=F("reports__extended_until"), report_status=F("reports__status"))


class Period(models.Model):
    """A reporting period. Periods of one project never overlap: a trigger refuses it, on both databases."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="periods")
    number = models.PositiveSmallIntegerField()
    label = models.CharField(_("name"), max_length=40)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    due_on = models.DateField(_("report due on"))
    grace_days = models.PositiveSmallIntegerField(_("days of grace"), default=0)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("period")
        verbose_name_plural = _("periods")
        ordering = ["project", "number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="period_numbered"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="period_dates"),
            models.CheckConstraint(condition=Q(due_on__gte=F("ends_on")), name="period_due_after_its_end"),
        ]

    def __str__(self):
        return self.label

    @property
    def last_day(self):
        """The calendar's last day on which a report is in time; `Report.last_day` knows what one organisation was given."""
        return last_day_of(self.due_on, self.grace_days)

    def is_over(self, today=None):
        return (today or timezone.localdate()) > self.ends_on

    def phase(self, today):
        """The Phase (`impact.deadlines`) of the period for the organisation that reports on it; of rows read `with_report` only."""
        last_day = last_day_of(self.due_on, self.grace_days, self.extended_until)
        is_waived = self.report_status == "waived"  # ReportStatus.WAIVED, of a module that lies above this one
        return phase_at(today, ends_on=self.ends_on, last_day=last_day, is_waived=is_waived)


class BudgetLine(models.Model):
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="budget_lines")
    code = models.CharField(_("code"), max_length=10)
    label = models.CharField(_("line"), max_length=120)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, choices=CURRENCIES, default="USD")
    area = models.CharField(_("contribution area"), max_length=12, choices=Area, blank=True)

    class Meta:
        verbose_name = _("budget line")
        verbose_name_plural = _("budget lines")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["project", "code"], name="budget_line_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="budget_line_not_negative"),
            models.CheckConstraint(condition=Q(currency__in=["USD", "CDF"]), name="budget_line_currency"),
        ]

    def __str__(self):
        return f"{self.code} {self.label}"

    @property
    def money(self):
        return Money(self.amount, self.currency)


class BaselineState(models.TextChoices):
    KNOWN = "known", _("known")
    UNKNOWN = "unknown", _("not known yet")
    NOT_APPLICABLE = "not_applicable", _("not applicable")


class TargetQuerySet(models.QuerySet):
    def agreed(self):
        """Targets that bind: agreed by both sides. Reports ask for these, figures count these, the public sees these."""
        return self.filter(agreed_on__isnull=False)

    def waiting(self):
        """Targets on which the organisation has to answer: not agreed yet, or with an open revision (one at most)."""
        return self.filter(Q(agreed_on__isnull=True) | Q(revisions__status="proposed"))


class Target(models.Model):
    """What a project promises on one indicator: where it starts, where it wants to be at its end, and why so far."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="targets")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+", verbose_name=_("indicator"))
    baseline_state = models.CharField(_("starting point"), max_length=14, choices=BaselineState)
    baseline = models.DecimalField(_("starting value"), max_digits=18, decimal_places=4, null=True, blank=True)
    baseline_on = models.DateField(_("measured on, or to be collected by"), null=True, blank=True)
    baseline_source = models.CharField(_("source"), max_length=200, blank=True)
    final_target = models.DecimalField(_("final target"), max_digits=18, decimal_places=4, null=True, blank=True)
    rationale = models.CharField(_("why this is ambitious and within reach"), max_length=300)
    # Both sides agree: ACE proposes (`set_by`), a signatory of the organisation agrees; until then it binds nobody.
    agreed_on = models.DateField(_("agreed on"), null=True, editable=False)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    lock_version = models.PositiveIntegerField(default=0, editable=False)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["indicator__code"]
        constraints = [
            models.UniqueConstraint(fields=["project", "indicator"], name="target_once_per_indicator"),
            models.CheckConstraint(
                condition=Q(baseline_state=BaselineState.KNOWN, baseline__isnull=False, baseline_on__isnull=False)
                | (~Q(baseline_state=BaselineState.KNOWN) & Q(baseline__isnull=True)),
                name="target_baseline_matches_its_state",
            ),
            models.CheckConstraint(
                condition=~Q(baseline_state=BaselineState.UNKNOWN) | Q(baseline_on__isnull=False),
                name="target_unknown_baseline_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True)
                | Q(agreed_on__isnull=False, agreed_by__isnull=False) & ~Q(agreed_by=F("set_by")),
                name="target_agreed_by_the_other_side",
            ),
        ]

    def __str__(self):
        return str(self.indicator)

    @property
    def audit_chain(self):
        return self.project.audit_chain

    @property
    def audit_label(self):
        return f"cible {self.indicator.code} du projet {self.project.code}"


class PeriodTarget(models.Model):
    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="period_targets")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    value = models.DecimalField(_("target of the period"), max_digits=18, decimal_places=4)

    class Meta:
        ordering = ["period__number"]
        constraints = [models.UniqueConstraint(fields=["target", "period"], name="period_target_once")]

    def __str__(self):
        return f"{self.period}: {self.value}"
