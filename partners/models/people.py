"""People who direct, control or bind an organisation. Never public without recorded consent."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models.organisations import Partner, PartnerPartQuerySet


class Person(models.Model):
    """A person in office. Three names, any of which may be empty; a bare « M. X » cannot be screened (checklist C1.3)."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="people", verbose_name=_("partner"))
    surname = models.CharField(_("surname (nom)"), max_length=80, blank=True)
    post_name = models.CharField(_("post-name (post-nom)"), max_length=80, blank=True)
    first_name = models.CharField(_("first name (prénom)"), max_length=80, blank=True)
    office = models.CharField(_("office held"), max_length=120)
    binds = models.BooleanField(_("signs for the organisation or its bank account"), default=False)
    term_starts = models.CharField(_("in office since"), max_length=11, blank=True)
    term_ends_on = models.DateField(_("end of term"), null=True, blank=True)
    public_since = models.DateField(_("consents to be named publicly since"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    added_at = models.DateTimeField(_("added at"), default=timezone.now, editable=False)

    objects = PartnerPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("person in office")
        verbose_name_plural = _("people in office")
        ordering = ["surname", "post_name", "first_name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~(Q(surname="") & Q(post_name="") & Q(first_name="")), name="person_has_a_name"
            )
        ]

    def __str__(self):
        return self.full_name

    @property
    def full_name(self):
        """Nom post-nom prénom, the order people use in Lualaba."""
        return " ".join(part for part in (self.surname, self.post_name, self.first_name) if part)

    @property
    def audit_chain(self):
        return f"partner-{self.partner_id}"

    @property
    def audit_label(self):
        return f"responsable {self.pk}"
