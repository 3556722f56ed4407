"""ACE's impact framework: indicators, versioned; a change of method is a new version."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ace_partners.core.rights import Role
from partners.models import Area

# Who proposes, publishes and keeps versions of indicators (design §6).
FRAMEWORK_ROLES = frozenset({Role.REVIEWER, Role.ME_OFFICER, Role.APPROVER, Role.ADMIN})
SITE = "site"  # the axis whose categories are the project's mine sites, not rows of the reference data

# Sensitive, but they count pupil-days and visits, not children.
NOT_HEADS = frozenset({"ENF-04", "ENF-07"})


# The unit codes of indicators.csv as people read them.
UNITS = {
    "persons": _("persons"),
    "children": _("children"),
    "events": _("events"),
    "deaths": _("deaths"),
    "groups": _("groups"),
    "activities": _("activities"),
    "jobs": _("jobs"),
    "USD": "USD",
    "USD/person": _("USD per person"),
    "ha": _("hectares"),
    "%": "%",
    "step 0–8": _("step, from 0 to 8"),
}
MEASURED_UNITS = frozenset({"USD", "USD/person", "ha", "%"})  # everything else is counted: whole numbers
LAST_STEP = 8  # of a milestone indicator

# The axes of axes.csv, and the mine sites, as people read them.
AXES = {
    "sex": _("sex"),
    "age": _("age"),
    SITE: _("mine site"),
    "work": _("kind of work"),
    "cause": _("cause"),
    "activity": _("activity inside the mine"),
    "schooling": _("kind of schooling"),
    "cycle": _("cycle of the group"),
    "sector": _("sector"),
    "household_head_sex": _("sex of the head of the household"),
}

# What a version says, and what a next one may say differently; the code stays.
CONTENT_FIELDS = (
    "name_fr",
    "name_en",
    "definition_fr",
    "definition_en",
    "area",
    "impact_area",
    "scope",
    "nature",
    "level",
    "sdg",
    "unit",
    "kind",
    "calculation",
    "direction",
    "threshold",
    "across_partners",
    "disaggregation",
    "is_sensitive",
    "method_source",
    "method_tool",
    "method_collector",
    "method_frequency",
    "minimum_evidence",
)


class ImpactArea(models.TextChoices):
    CHILD_LABOUR = "child_labour", _("Child labour and education")
    WORKING_CONDITIONS = "working_conditions", _("Working conditions")
    LIVELIHOOD = "livelihood", _("Livelihoods and income")
    ENVIRONMENT = "environment", _("Environment")
    GENDER = "gender", _("Gender")


class Kind(models.TextChoices):
    NUMBER = "number", _("number")
    PERCENTAGE = "percentage", _("percentage")
    RATIO = "ratio", _("ratio")
    MILESTONE = "milestone", _("milestone")


class Calculation(models.TextChoices):
    SUM = "sum", _("new in the period, added up")
    LATEST = "latest", _("level at the end of the period")
    RUNNING = "running", _("running total")
    POOLED = "pooled", _("all periods together")
    MAX = "max", _("highest")


class Direction(models.TextChoices):
    INCREASE = "increase", _("more is better")
    DECREASE = "decrease", _("less is better")
    AT_MOST = "at_most", _("at most")
    AT_LEAST = "at_least", _("at least")
    CONTEXT = "context", _("context")


class AcrossPartners(models.TextChoices):
    SUM = "sum", _("added up")
    SUM_NET = "sum_net", _("added up, joint work once")
    POOLED = "pooled", _("numerators over denominators")
    NONE = "none", _("never added up")


class IndicatorStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Waits for a second person")
    PUBLISHED = "published", _("Published")


class IndicatorQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The framework is public once published; drafts are for those who write and publish it (design §6)."""
        if user.is_authenticated and user.roles & FRAMEWORK_ROLES:
            return self
        return self.filter(status=IndicatorStatus.PUBLISHED)

    def current(self):
        """The newest published version of each indicator: what a new target may use."""
        published = Indicator.objects.filter(status=IndicatorStatus.PUBLISHED)
        newer = published.filter(code=models.OuterRef("code"), version__gt=models.OuterRef("version"))
        return self.filter(~models.Exists(newer), status=IndicatorStatus.PUBLISHED)


class Indicator(models.Model):
    """One version of one indicator. A published version never changes: a new method or wording is a new version."""

    immutable = True  # once it is published

    status = models.CharField(
        _("status"), max_length=10, choices=IndicatorStatus, default=IndicatorStatus.DRAFT, editable=False
    )
    lock_version = models.PositiveIntegerField(default=0, editable=False)
    what_changes = models.TextField(_("what changes, and why"), blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    published_on = models.DateField(_("published on"), null=True, editable=False)
    code = models.CharField(_("code"), max_length=8)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    area = models.CharField(_("contribution area"), max_length=12, choices=[*Area.choices, ("all", _("All areas"))])
    impact_area = models.CharField(_("impact area"), max_length=20, choices=ImpactArea)
    scope = models.CharField(
        _("scope"), max_length=10, choices=[("mine", _("mine level")), ("community", _("community level"))]
    )
    nature = models.CharField(
        _("nature"), max_length=10, choices=[("progress", _("progress")), ("impact", _("impact"))]
    )
    level = models.CharField(
        _("level"),
        max_length=8,
        choices=[
            ("output", _("output")),
            ("outcome", _("outcome")),
            ("impact", _("impact")),
            ("context", _("context")),
        ],
    )
    sdg = models.CharField(_("SDG target"), max_length=8, blank=True)
    name_fr = models.CharField(_("name in French"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    definition_fr = models.TextField(_("definition in French"))
    definition_en = models.TextField(_("definition in English"))
    unit = models.CharField(_("unit"), max_length=30)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    calculation = models.CharField(_("calculation"), max_length=8, choices=Calculation)
    direction = models.CharField(_("direction"), max_length=8, choices=Direction)
    threshold = models.DecimalField(_("threshold"), max_digits=18, decimal_places=4, null=True, blank=True)
    across_partners = models.CharField(_("across partners"), max_length=8, choices=AcrossPartners)
    disaggregation = models.JSONField(_("disaggregation"), default=list)
    is_sensitive = models.BooleanField(_("sensitive"), default=False, help_text="counts or describes children")
    # The method sheet, in French, the language of those who collect: where a value comes from and what proves it.
    method_source = models.CharField(_("where the value comes from"), max_length=200, blank=True)
    method_tool = models.CharField(_("tool"), max_length=200, blank=True)
    method_collector = models.CharField(_("who collects it"), max_length=200, blank=True)
    method_frequency = models.CharField(_("how often"), max_length=120, blank=True)
    minimum_evidence = models.CharField(_("evidence needed at least"), max_length=200, blank=True)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="indicator_once_per_version"),
            models.UniqueConstraint(
                fields=["code"], condition=~Q(status="published"), name="indicator_one_unpublished_version"
            ),
            models.CheckConstraint(
                condition=Q(status=IndicatorStatus.PUBLISHED, published_on__isnull=False)
                | (~Q(status=IndicatorStatus.PUBLISHED) & Q(published_on__isnull=True)),
                name="indicator_published_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(published_by__isnull=True) | ~Q(published_by=F("proposed_by")),
                name="indicator_needs_two_people",
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"

    @property
    def name(self):
        return self.name_en if (get_language() or "fr").startswith("en") else self.name_fr

    @property
    def definition(self):
        return self.definition_en if (get_language() or "fr").startswith("en") else self.definition_fr

    @property
    def is_fraction(self):
        """Percentages and ratios are always reported as numerator and denominator."""
        return self.kind in (Kind.PERCENTAGE, Kind.RATIO)

    @property
    def cells_add_up(self):
        """Cells are parts of the total; those of a median or of a step on a ladder are not (never added up at all)."""
        return self.is_fraction or (self.kind == Kind.NUMBER and self.across_partners != AcrossPartners.NONE)

    @property
    def unit_label(self):
        """The unit in the reader's language; a unit without a translation is shown as it is."""
        return UNITS.get(self.unit, self.unit)

    @property
    def places(self):
        """Decimals that a value of this indicator keeps: none where things are counted."""
        return 2 if self.unit in MEASURED_UNITS else 0

    @property
    def counts_children(self):
        """True when a small count could point at a child (design §9)."""
        return (
            self.is_sensitive
            and (self.unit == "children" or self.kind == Kind.PERCENTAGE)
            and self.code not in NOT_HEADS
        )

    @property
    def audit_chain(self):
        return "network"

    @property
    def audit_label(self):
        return f"indicateur {self.code} v{self.version}"


class AxisCategoryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Reference data, public."""
        return self


class AxisCategory(models.Model):
    """One category of one axis of disaggregation (`reference/axes.csv`). Reports keep the code: it never changes."""

    axis = models.CharField(_("axis"), max_length=20)
    code = models.CharField(_("code"), max_length=12)
    position = models.PositiveSmallIntegerField()
    name_fr = models.CharField(_("name in French"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=60)
    families = models.JSONField(default=list, help_text='prefixes of indicator codes it applies to, or ["all"]')

    objects = AxisCategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("category of disaggregation")
        verbose_name_plural = _("categories of disaggregation")
        ordering = ["axis", "position"]
        constraints = [models.UniqueConstraint(fields=["axis", "code"], name="axis_category_once")]

    def __str__(self):
        return self.name

    @property
    def name(self):
        return self.name_en if (get_language() or "fr").startswith("en") else self.name_fr
