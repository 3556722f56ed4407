"""Indicators, projects and reports in Django's admin: read-only, with a link to the page where the work is done.

Indicators come from `reference/indicators.csv` (`manage.py load_reference`); states move in actions.
"""

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ace_partners.core.admin import RecordAdmin
from ace_partners.core.rights import CASE_ROLES, STAFF_ROLES
from impact.models import Indicator, Lesson, Project, Report


@admin.register(Indicator)
class IndicatorAdmin(RecordAdmin):
    readers = STAFF_ROLES
    list_display = ["code", "version", "name_fr", "unit", "kind", "calculation", "direction", "is_sensitive"]
    list_filter = ["area", "kind", "calculation", "is_sensitive"]
    search_fields = ["code", "name_fr", "name_en"]


@admin.register(Project)
class ProjectAdmin(RecordAdmin):
    readers = CASE_ROLES
    list_display = ["code", "title", "partner", "starts_on", "ends_on", "on_site"]
    list_filter = ["areas__area", "on_site"]
    list_select_related = ["partner"]
    search_fields = ["code", "title", "partner__search_text"]
    fields = ["code", "title", "partner", "summary", "needs", "on_site", "starts_on", "ends_on", "created_at"]

    def work_links(self, row):
        return [(_("Work page"), reverse("impact:project", args=[row.code]))]


@admin.register(Report)
class ReportAdmin(RecordAdmin):
    """The frame of a report. Its texts are a draft until they are sent, and a draft is the partner's own: not here."""

    readers = CASE_ROLES
    list_display = ["reference", "partner", "project", "period", "status", "last_submitted_at"]
    list_filter = ["status"]
    list_select_related = ["partner", "project", "period"]
    search_fields = ["partner__search_text", "project__code", "project__title"]
    fields = ["reference", "partner", "project", "period", "status", "first_submitted_at", "last_submitted_at"]
    readonly_fields = ["reference"]

    @admin.display(description=_("reference"))
    def reference(self, report):
        return report.reference

    def work_links(self, row):
        return [(_("Review page"), reverse("impact:review", args=[row.pk]))]


@admin.register(Lesson)
class LessonAdmin(RecordAdmin):
    readers = CASE_ROLES
    list_display = ["title", "partner", "area", "place", "status", "published_on"]
    list_filter = ["status", "area"]
    list_select_related = ["partner", "place"]
    search_fields = ["search_text"]
    fields = [
        "title",
        "partner",
        "area",
        "place",
        "status",
        "text",
        "advice",
        "written_by",
        "published_by",
        "published_on",
    ]

    def work_links(self, row):
        return [(_("Work page"), reverse("impact:lesson", args=[row.pk]))]
