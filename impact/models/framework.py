"""ACE's impact framework: indicators, versioned; a change of method is a new version."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from partners.models import Area

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


class IndicatorQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The framework is public reference data: every signed-in person reads it."""
        return self if user.is_authenticated else self.none()

    def current(self):
        """The newest version of each indicator: what a new target may use."""
        newer = Indicator.objects.filter(code=models.OuterRef("code"), version__gt=models.OuterRef("version"))
        return self.filter(~models.Exists(newer))


class Indicator(models.Model):
    """One version of one indicator. Method and wording never change once a target uses it."""

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

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["code", "-version"]
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="indicator_once_per_version")]

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
