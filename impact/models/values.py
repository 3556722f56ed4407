"""What a value and an expense hold, in a draft as in a version, and the database's own rules for them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ace_partners.core.money import Money
from impact.models.projects import CURRENCIES, BudgetLine, Target
from partners.models import Partner


class ValueState(models.TextChoices):
    REPORTED = "reported", _("a value (zero is a value)")
    NO_DATA = "no_data", _("no data")
    NOT_APPLICABLE = "not_applicable", _("not applicable in this period")


class ValueFields(models.Model):
    """A value as reported: a number, or numerator over denominator; or the reason why there is none."""

    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=14, choices=ValueState)
    value = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    numerator = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    denominator = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    comment = models.TextField(blank=True)
    # The disaggregation as typed: see `impact.grid`, which says the shape and computes every margin.
    cells = models.JSONField(default=dict, blank=True)
    # Joint work: the part of the value that another partner leads and already counts (impact.md §c.6).
    shared = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    shared_with = models.ForeignKey(Partner, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True


def value_constraints(prefix):
    """The database's own rules for a value row: one shape, nothing negative, and (n, d) = (0, 0) or d > 0."""
    number = Q(value__isnull=False, value__gte=0, numerator__isnull=True, denominator__isnull=True)
    # NOT NULL is said each time: a check that comes out as NULL lets the row in.
    fraction = Q(value__isnull=True, numerator__isnull=False, denominator__isnull=False, numerator__gte=0) & (
        Q(denominator__gt=0) | Q(numerator=0, denominator=0)
    )
    nothing = Q(value__isnull=True, numerator__isnull=True, denominator__isnull=True)
    return [
        models.CheckConstraint(
            condition=(Q(state=ValueState.REPORTED) & (number | fraction)) | (~Q(state=ValueState.REPORTED) & nothing),
            name=f"{prefix}_has_one_shape",
        ),
        models.CheckConstraint(
            condition=Q(state=ValueState.REPORTED) | ~Q(comment=""), name=f"{prefix}_without_number_says_why"
        ),
        models.CheckConstraint(
            condition=Q(shared__isnull=True, shared_with__isnull=True)
            | Q(
                shared__isnull=False,
                shared_with__isnull=False,
                value__isnull=False,
                shared__gte=0,
                shared__lte=F("value"),
            ),
            name=f"{prefix}_shared_part_is_a_part",
        ),
    ]


class SpendingFields(models.Model):
    """One expense in the currency it was paid in, with the rate that turned it into dollars, frozen."""

    budget_line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    label = models.CharField(_("what was paid"), max_length=150)
    spent_on = models.DateField(_("date"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, choices=CURRENCIES)
    rate = models.DecimalField(_("CDF for 1 USD"), max_digits=12, decimal_places=4, null=True, blank=True)
    rate_on = models.DateField(_("date of the rate"), null=True, blank=True)
    rate_source = models.CharField(_("source of the rate"), max_length=80, blank=True)
    amount_usd = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        abstract = True

    @property
    def money(self):
        return Money(self.amount, self.currency)

    @property
    def usd(self):
        return Money(self.amount_usd, "USD")


HAS_RATE = Q(rate__isnull=False, amount_usd__isnull=False)
USD_LINE = HAS_RATE & Q(currency="USD", rate=1, rate_on__isnull=True, rate_source="", amount_usd=F("amount"))
CDF_LINE = HAS_RATE & Q(currency="CDF", rate__gt=0, rate_on__isnull=False) & ~Q(rate_source="")
