"""Documents: typed, dated, versioned, confidential by type, public only when somebody published them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ace_partners.core.dates import add_months, validity_state
from ace_partners.core.models import StoredFile
from ace_partners.core.rights import CASE_ROLES, PARTNER_ROLES, Role
from partners.models.organisations import Partner


class Validity(models.TextChoices):
    PRINTED_EXPIRY = "printed_expiry", _("until the printed date")
    MAX_AGE = "max_age", _("for some months after issue")
    UNTIL_CHANGED = "until_changed", _("until it changes")
    PER_PERIOD = "per_period", _("for its period")
    NOT_ACCEPTED = "not_accepted", _("no longer accepted")


class ValidityState(models.TextChoices):
    """What a document counts for on one day: see `COUNTS` for those that a finding may rely on."""

    VALID = "valid", pgettext_lazy("document", "valid")
    DUE_SOON = "due_soon", pgettext_lazy("document", "ends soon")
    EXPIRED = "expired", pgettext_lazy("document", "expired")
    NO_END = "no_end", pgettext_lazy("document", "no end date")
    UNDATED = "undated", pgettext_lazy("document", "date missing")
    NOT_ACCEPTED = "not_accepted", pgettext_lazy("document", "no longer accepted")


COUNTS = frozenset({ValidityState.VALID, ValidityState.DUE_SOON, ValidityState.NO_END})
DUE_SOON_DAYS = 90  # days before its last day from which a document is "due soon"


class Confidentiality(models.TextChoices):
    PUBLIC = "public", _("may be public")
    INTERNAL = "internal", _("internal")
    RESTRICTED = "restricted", _("restricted")


class DocumentTypeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Which papers ACE asks for is public knowledge."""
        return self


class DocumentType(models.Model):
    code = models.CharField(_("code"), max_length=16, unique=True)
    name_fr = models.CharField(_("name in French"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    issuer = models.CharField(_("issuer"), max_length=80)
    validity = models.CharField(_("valid"), max_length=16, choices=Validity)
    months = models.PositiveSmallIntegerField(_("months"), null=True, blank=True)
    confidentiality = models.CharField(_("confidentiality"), max_length=12, choices=Confidentiality)
    is_key = models.BooleanField(_("key document"), default=False)

    objects = DocumentTypeQuerySet.as_manager()

    class Meta:
        verbose_name = _("document type")
        verbose_name_plural = _("document types")
        ordering = ["name_fr"]
        constraints = [
            models.CheckConstraint(condition=Q(validity__in=Validity.values), name="document_validity_is_known"),
            models.CheckConstraint(
                condition=Q(confidentiality__in=Confidentiality.values), name="document_type_confidentiality"
            ),
        ]

    def __str__(self):
        return self.name_en if (get_language() or "fr").startswith("en") else self.name_fr

    @property
    def audit_chain(self):
        return "network"

    def last_day(self, issued_on, expires_on):
        """The last day on which such a paper counts: the earlier of the printed date and the age allowed; None for no end."""
        aged = add_months(issued_on, self.months) if issued_on and self.months else None
        return min((day for day in (expires_on, aged) if day), default=None)


class DocumentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Every role of the organisation, the case roles of ACE, an auditor with a grant (design §6)."""
        reach = Partner.objects.in_reach(user, *CASE_ROLES, Role.AUDITOR, *PARTNER_ROLES)
        return self.filter(partner__in=reach)

    def published(self):
        """What the public page lists."""
        return self.filter(published_at__isnull=False, partner__is_published=True)

    def current(self):
        """Documents that no newer version replaces."""
        return self.filter(replaced_by__isnull=True)


class Document(models.Model):
    """One file of one organisation. A newer version points back at the one it replaces; nothing is overwritten."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="documents", verbose_name=_("partner"))
    type = models.ForeignKey(DocumentType, on_delete=models.PROTECT, related_name="+", verbose_name=_("type"))
    title = models.CharField(_("title"), max_length=150, blank=True)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="document")
    issued_on = models.DateField(_("date of issue"), null=True, blank=True)
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    # The last day by the rule of its type, filled in by `save` so that lists and holds can ask the database.
    valid_until = models.DateField(null=True, blank=True, editable=False)
    replaces = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("replaces"),
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("added by")
    )
    on_behalf = models.BooleanField(_("entered by ACE for the organisation"), default=False)
    added_at = models.DateTimeField(_("added at"), auto_now_add=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-added_at", "-pk"]
        indexes = [models.Index(fields=["partner", "valid_until"], name="document_by_end")]
        constraints = [
            models.CheckConstraint(
                condition=Q(issued_on__isnull=True) | Q(expires_on__isnull=True) | Q(expires_on__gte=F("issued_on")),
                name="document_dates",
            )
        ]

    def __str__(self):
        return self.title or str(self.type)

    def save(self, *args, **kwargs):
        if kwargs.get("update_fields") is None:
            self.valid_until = self.type.last_day(self.issued_on, self.expires_on)
        super().save(*args, **kwargs)

    @property
    def audit_chain(self):
        return f"partner-{self.partner_id}"

    @property
    def audit_label(self):
        return f"document {self.pk} ({self.type.code})"

    def validity(self, today=None):
        """The ValidityState on `today`, by the rule of its type; needs the type loaded.

        A type that lives by a date and has none is undated: nobody can say whether it still counts.
        """
        if self.type.validity == Validity.NOT_ACCEPTED:
            return ValidityState.NOT_ACCEPTED
        if self.valid_until is None and self._lacks_its_date():
            return ValidityState.UNDATED
        return ValidityState(validity_state(self.valid_until, today or timezone.localdate(), soon=DUE_SOON_DAYS))

    def _lacks_its_date(self):
        if self.type.validity == Validity.MAX_AGE:
            return self.issued_on is None
        return self.type.validity == Validity.PRINTED_EXPIRY and self.issued_on is None and self.expires_on is None
