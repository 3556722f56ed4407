"""Lessons: what partners learned, by area and place; from an accepted report or written directly, read by a second person."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ace_partners.core.rights import CASE_ROLES
from ace_partners.core.search import fold_all
from impact.models.reports import ReportVersion
from partners.models import Area, Partner, Place


class LessonStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Waits for a second person")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class LessonQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Published lessons are public; the others are for ACE's case roles."""
        return self.published() | self.visible_to_team(user)

    def visible_to_team(self, user):
        """The work pages: case roles, each on the organisations it may act on, and ACE's own lessons."""
        if not (user.is_authenticated and user.roles & set(CASE_ROLES)):
            return self.none()
        return self.filter(Q(partner__isnull=True) | Q(partner__in=Partner.objects.in_reach(user, *CASE_ROLES)))

    def published(self):
        return self.filter(status=LessonStatus.PUBLISHED)


class Lesson(models.Model):
    """One lesson. `partner` is who learned it; without one it is ACE's own. `version` is the accepted report it is from."""

    title = models.CharField(_("title"), max_length=120)
    slug = models.SlugField(_("name in addresses"), max_length=80, unique=True, editable=False)
    text = models.TextField(_("what was learned"))
    advice = models.TextField(_("what others can do with it"), blank=True)
    area = models.CharField(_("contribution area"), max_length=12, choices=Area)
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("place")
    )
    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, null=True, blank=True, related_name="lessons", verbose_name=_("partner")
    )
    version = models.ForeignKey(ReportVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField(
        _("status"), max_length=10, choices=LessonStatus, default=LessonStatus.DRAFT, editable=False
    )
    lock_version = models.PositiveIntegerField(default=0, editable=False)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    published_on = models.DateField(_("published on"), null=True, editable=False)
    search_text = models.TextField(editable=False)

    objects = LessonQuerySet.as_manager()

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
        ordering = ["-published_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=LessonStatus.values), name="lesson_status_is_known"),
            models.CheckConstraint(
                condition=Q(published_by__isnull=True) | ~Q(published_by=F("written_by")), name="lesson_four_eyes"
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_by__isnull=False, published_on__isnull=False),
                name="lesson_published_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["status", "area", "-published_on"], name="lesson_by_area")]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.search_text = fold_all(self.title, self.text, self.advice)
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "search_text"}
        super().save(*args, **kwargs)

    @property
    def audit_chain(self):
        return f"partner-{self.partner_id}" if self.partner_id else "network"

    @property
    def audit_label(self):
        return f"leçon {self.slug}"
