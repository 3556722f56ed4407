"""Impact in Django's admin: to search and to look up, with a link to the page where the work is done.

Nothing is written here. Indicators and axes come from `reference/` (`manage.py load_reference`); states move in actions.
"""

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ace_partners.core.admin import RecordAdmin, column
from ace_partners.core.rights import CASE_ROLES, STAFF_ROLES
from impact.models import (
    Agreement,
    AxisCategory,
    Consultation,
    Disbursement,
    Indicator,
    Lesson,
    Paper,
    Project,
    QuarterClose,
    Reopening,
    Report,
    TargetRevision,
)


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


@admin.register(Agreement)
class AgreementAdmin(RecordAdmin):
    readers = CASE_ROLES
    organisation = column("project__partner", _("organisation"))
    on_project = column("project", _("project"))
    list_display = ["reference", "organisation", "on_project", "signed_on"]
    list_filter = ["signed_on"]
    list_select_related = ["project__partner"]
    search_fields = ["reference", "project__code", "project__title", "project__partner__search_text"]
    fields = readonly_fields = (
        *("reference", "organisation", "on_project", "signed_on", "signed_for_partner", "conditions"),
    )

    def work_links(self, row):
        return [(_("Work page"), reverse("impact:agreement", args=[row.project.code]))]


@admin.register(Disbursement)
class DisbursementAdmin(RecordAdmin):
    readers = CASE_ROLES
    agreement = column("installment__agreement", _("agreement"))
    organisation = column("installment__agreement__project__partner", _("organisation"))
    planned_payment = column("installment", _("planned payment"))
    proposer = column("proposed_by", _("proposed by"))
    proposed = column("proposed_at", _("proposed on"))
    approver = column("approved_by", _("approved by"))
    approved = column("approved_at", _("approved on"))
    list_display = ["agreement", "planned_payment", "organisation", "amount", "currency", "status", "paid_on"]
    list_filter = ["status", "paid_on"]
    list_select_related = ["installment__agreement__project__partner"]
    search_fields = [
        "installment__agreement__reference",
        "installment__agreement__project__partner__search_text",
        "payment_reference",
    ]
    fields = readonly_fields = (
        *("agreement", "planned_payment", "organisation", "amount", "currency", "status", "note"),
        *("proposer", "proposed", "approver", "approved", "paid_on", "payment_reference"),
    )

    def work_links(self, row):
        return [(_("Work page"), reverse("impact:disbursement", args=[row.pk]))]


@admin.register(Consultation)
class ConsultationAdmin(RecordAdmin):
    readers = CASE_ROLES
    organisation = column("project__partner", _("organisation"))
    on_project = column("project", _("project"))
    where = column("place", _("place"))
    writer = column("added_by", _("written down by"))
    list_display = ["groups", "on_project", "organisation", "held_on", "people", "women"]
    list_filter = ["held_on"]
    list_select_related = ["project__partner"]
    search_fields = ["groups", "project__code", "project__title", "project__partner__search_text"]
    fields = readonly_fields = (
        *("groups", "on_project", "organisation", "held_on", "where", "people", "women", "asked", "outcome", "writer"),
    )

    def work_links(self, row):
        return [(_("Work page"), reverse("impact:project", args=[row.project.code]))]


@admin.register(TargetRevision)
class TargetRevisionAdmin(RecordAdmin):
    readers = CASE_ROLES
    of_target = column("target", _("target"))
    on_project = column("target__project", _("project"))
    nth = column("number", _("number"))
    proposer = column("proposed_by", _("proposed by"))
    proposed = column("proposed_at", _("proposed on"))
    answerer = column("answered_by", _("answered by"))
    answered = column("answered_at", _("answered on"))
    list_display = ["of_target", "nth", "on_project", "status", "proposed", "answered"]
    list_filter = ["status"]
    list_select_related = ["target__indicator", "target__project"]
    search_fields = ["target__indicator__code", "target__project__code", "target__project__partner__search_text"]
    fields = readonly_fields = (
        *("of_target", "nth", "on_project", "status", "motive"),
        *("proposer", "proposed", "answerer", "answered"),
    )

    def work_links(self, row):
        return [(_("Work page"), reverse("impact:target", args=[row.target.project.code, row.target_id]))]


@admin.register(Reopening)
class ReopeningAdmin(RecordAdmin):
    readers = CASE_ROLES
    of_report = column("report__reference", _("report"), sorted_by=False)
    organisation = column("report__partner", _("organisation"))
    of_version = column("version__number", _("version"))
    proposer = column("proposed_by", _("proposed by"))
    proposed = column("proposed_at", _("proposed on"))
    answerer = column("answered_by", _("answered by"))
    answered = column("answered_at", _("answered on"))
    list_display = ["of_report", "of_version", "organisation", "status", "proposed", "answered"]
    list_filter = ["status"]
    list_select_related = ["report__partner", "version"]
    search_fields = ["motive", "report__partner__search_text", "report__project__code"]
    fields = readonly_fields = (
        *("of_report", "of_version", "organisation", "status", "motive"),
        *("proposer", "proposed", "answerer", "answered"),
    )

    def work_links(self, row):
        return [(_("Work page"), reverse("impact:reopening", args=[row.pk]))]


@admin.register(QuarterClose)
class QuarterCloseAdmin(RecordAdmin):
    readers = CASE_ROLES
    nth = column("number", _("closing"))
    by = column("closed_by", _("closed by"))
    at = column("closed_at", _("closed on"))
    fingerprint = column("sha256", _("fingerprint"))
    list_display = ["__str__", "nth", "counted", "lacking", "by", "at"]
    list_filter = ["year", "quarter"]
    list_select_related = ["closed_by"]
    search_fields = ["year", "note"]
    fields = readonly_fields = ("year", "quarter", "nth", "counted", "lacking", "note", "by", "at", "fingerprint")

    @admin.display(description=_("versions that count"))
    def counted(self, closing):
        return len(closing.versions)

    @admin.display(description=_("reports missing"))
    def lacking(self, closing):
        return len(closing.missing)

    def work_links(self, row):
        return [(_("Work page"), reverse("impact:closing", args=[row.year, row.quarter, row.number]))]


@admin.register(Paper)
class PaperAdmin(RecordAdmin):
    """What was built and kept, with its two hashes; the file itself is read on the page of what it is about."""

    readers = CASE_ROLES
    what = column("get_kind_display", _("document"), sorted_by=False)
    nth = column("number", _("number"))
    built = column("built_at", _("built on"))
    printed = column("facts_sha256", _("fingerprint of what is printed"))
    fingerprint = column("file__sha256", _("fingerprint of the file"))
    size = column("file__size", _("size in bytes"))
    list_display = ["what", "about", "nth", "built"]
    list_filter = ["kind"]
    list_select_related = ["version__report", "closing"]
    search_fields = ["version__report__partner__search_text", "version__report__project__code", "facts_sha256"]
    fields = readonly_fields = ("what", "about", "nth", "built", "printed", "fingerprint", "size")

    @admin.display(description=_("about"))
    def about(self, paper):
        return paper.version or paper.closing or paper.year

    def work_links(self, row):
        if row.version_id:
            return [(_("Review page"), reverse("impact:review", args=[row.version.report_id]))]
        if row.closing_id:
            closing = row.closing
            return [(_("Work page"), reverse("impact:closing", args=[closing.year, closing.quarter, closing.number]))]
        return [(_("Work page"), reverse("impact:annual_reports"))]


@admin.register(AxisCategory)
class AxisCategoryAdmin(RecordAdmin):
    """Reference data, from `reference/axes.csv` (`manage.py load_reference`): reports keep the codes."""

    readers = STAFF_ROLES
    indicators = column("families", _("indicators"))
    list_display = ["axis", "code", "name_fr", "name_en", "indicators"]
    list_filter = ["axis"]
    search_fields = ["axis", "code", "name_fr", "name_en"]
    fields = readonly_fields = ("axis", "code", "name_fr", "name_en", "indicators")
