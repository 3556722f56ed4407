"""The checklist: four public criteria and their items. A published version is frozen; a new wording is a new version."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ace_partners.core.rights import Role
from partners.models import DocumentType

DRAFTING_ROLES = frozenset({Role.REVIEWER, Role.APPROVER, Role.ADMIN})  # propose, approve, keep (design §6)


def in_reader_language(row, name):
    """The `<name>_en` or `<name>_fr` text of a reference row, by the language of the page."""
    return getattr(row, f"{name}_en" if (get_language() or "fr").startswith("en") else f"{name}_fr")


class ChecklistStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Waits for a second person")
    PUBLISHED = "published", _("Published")


class ChecklistQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The criteria are public once published; drafts are for those who write and publish them (design §6)."""
        if user.is_authenticated and user.roles & DRAFTING_ROLES:
            return self
        return self.filter(status=ChecklistStatus.PUBLISHED)

    def current(self):
        """The newest published version, or None before `load_reference` has run."""
        return self.filter(status=ChecklistStatus.PUBLISHED).order_by("-version").first()


class Checklist(models.Model):
    """One version. Dossiers keep the version they were opened with, whatever is published later."""

    immutable = True  # once it is published, and its criteria and items with it

    version = models.PositiveSmallIntegerField(_("version"), unique=True)
    status = models.CharField(
        _("status"), max_length=10, choices=ChecklistStatus, default=ChecklistStatus.DRAFT, editable=False
    )
    lock_version = models.PositiveIntegerField(default=0, editable=False)
    based_on = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    what_changes = models.TextField(_("what changes, and why"), blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    published_on = models.DateField(_("published on"), null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, help_text="of its content, or of the file it was loaded from")

    objects = ChecklistQuerySet.as_manager()

    class Meta:
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")
        ordering = ["-version"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status=ChecklistStatus.PUBLISHED, published_on__isnull=False)
                | (~Q(status=ChecklistStatus.PUBLISHED) & Q(published_on__isnull=True)),
                name="checklist_published_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(published_by__isnull=True) | ~Q(published_by=F("proposed_by")),
                name="checklist_needs_two_people",
            ),
            models.UniqueConstraint(fields=["status"], condition=Q(status="draft"), name="one_checklist_draft"),
            models.UniqueConstraint(fields=["status"], condition=Q(status="proposed"), name="one_checklist_proposed"),
        ]

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
    # What usually closes a gap on this item (domain.md §4): pre-fills the plan, decides nothing.
    suggested_step = models.CharField(_("suggested step"), max_length=300, blank=True)
    suggested_months = models.PositiveSmallIntegerField(_("months for that step"), null=True, blank=True)
    suggested_document = models.CharField(_("evidence expected"), max_length=16, blank=True)

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
