"""The checklist: four public criteria and their items. A published version is frozen; a new wording is a new version."""

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from partners.models import DocumentType


def in_reader_language(row, name):
    """The `<name>_en` or `<name>_fr` text of a reference row, by the language of the page."""
    return getattr(row, f"{name}_en" if (get_language() or "fr").startswith("en") else f"{name}_fr")


class ChecklistQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The criteria are public."""
        return self

    def current(self):
        """The newest published version, or None before `load_reference` has run."""
        return self.filter(published_on__isnull=False).order_by("-version").first()


class Checklist(models.Model):
    version = models.PositiveSmallIntegerField(_("version"), unique=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    sha256 = models.CharField(max_length=64, help_text="of the file it was loaded from")

    objects = ChecklistQuerySet.as_manager()

    class Meta:
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")
        ordering = ["-version"]

    def __str__(self):
        return f"v{self.version}"

    @property
    def audit_chain(self):
        return "network"


class Criterion(models.Model):
    """One of the four public criteria, as worded in one checklist version."""

    immutable = True

    checklist = models.ForeignKey(Checklist, on_delete=models.PROTECT, related_name="criteria")
    code = models.CharField(_("code"), max_length=4)
    title_fr = models.CharField(_("title in French"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200)

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["checklist", "code"]
        constraints = [models.UniqueConstraint(fields=["checklist", "code"], name="criterion_once_per_checklist")]

    def __str__(self):
        return self.code

    @property
    def title(self):
        return in_reader_language(self, "title")

    @property
    def number(self):
        return int(self.code.removeprefix("C"))


class ChecklistItem(models.Model):
    """One question. Lists hold codes: organisation types, areas, rounds, document types (`checklist_file` checks them)."""

    immutable = True

    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="items")
    code = models.CharField(max_length=8)
    position = models.PositiveSmallIntegerField()
    section = models.CharField(max_length=80)
    question_fr = models.TextField()
    question_en = models.TextField()
    guidance_fr = models.TextField()
    guidance_en = models.TextField()
    mandatory = models.BooleanField()
    knock_out = models.JSONField(default=list, help_text='organisation types, or ["all"]')
    plan_months = models.PositiveSmallIntegerField()
    weight = models.PositiveSmallIntegerField()
    organisation_types = models.JSONField(default=list)
    areas = models.JSONField(default=list)
    rounds = models.JSONField(default=list)
    documents = models.JSONField(default=list)
    blocks_payment = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("checklist item")
        verbose_name_plural = _("checklist items")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["criterion", "code"], name="item_once_per_criterion"),
            models.CheckConstraint(condition=Q(weight__gte=1), name="item_has_weight"),
        ]

    def __str__(self):
        return self.code

    @property
    def document_types(self):
        """The types of document that can serve as evidence for this item."""
        return DocumentType.objects.filter(code__in=self.documents)

    @property
    def question(self):
        return in_reader_language(self, "question")

    @property
    def guidance(self):
        return in_reader_language(self, "guidance")
