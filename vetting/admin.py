"""Due diligence in Django's admin: to search and to look up. Everything that moves does so on the work pages."""

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ace_partners.core.admin import RecordAdmin, RecordInline
from ace_partners.core.rights import CASE_ROLES, STAFF_ROLES, Role
from vetting.models import Checklist, Criterion, Decision, Dossier

DOSSIER_FACTS = (
    *("partner", "checklist", "round", "organisation_type", "areas", "status", "assigned_to", "due_on"),
    *("opened_by", "opened_at", "first_submitted_at", "last_submitted_at"),
)
DECISION_FACTS = (
    *("partner", "dossier", "outcome", "decided_at", "valid_until", "reapply_from", "proposed_by", "approved_by"),
    *("replaces", "letter", "letter_sha256", "assessment_sha256"),
)
CHECKLIST_FACTS = ("version", "status", "what_changes", "published_on", "sha256")


class CriterionInline(RecordInline):
    model = Criterion
    can_delete = False


@admin.register(Checklist)
class ChecklistAdmin(RecordAdmin):
    """To look up: versions are drafted and published on the pages under `equipe/grilles/`."""

    readers = STAFF_ROLES
    fields = readonly_fields = CHECKLIST_FACTS
    list_display = ["version", "status", "published_on"]
    inlines = [CriterionInline]


@admin.register(Dossier)
class DossierAdmin(RecordAdmin):
    readers = CASE_ROLES
    fields = readonly_fields = DOSSIER_FACTS
    list_display = ["reference", "partner", "round", "status", "assigned_to", "last_submitted_at"]
    list_filter = ["status", "round", "organisation_type", "last_submitted_at"]
    list_select_related = ["partner", "assigned_to"]
    search_fields = ["partner__search_text"]

    @admin.display(description=_("reference"))
    def reference(self, row):
        return row.reference

    def work_links(self, row):
        return [
            (_("Examination page"), reverse("vetting:assessment", args=[row.pk])),
            (_("The organisation's page"), reverse("vetting_space:dossier", args=[row.pk])),
        ]


@admin.register(Decision)
class DecisionAdmin(RecordAdmin):
    readers = CASE_ROLES | {Role.ADMIN}
    fields = readonly_fields = DECISION_FACTS
    list_display = ["reference", "partner", "outcome", "decided_at", "valid_until"]
    list_filter = ["outcome", "decided_at", "valid_until"]
    list_select_related = ["partner"]
    search_fields = ["partner__search_text"]

    @admin.display(description=_("reference"))
    def reference(self, row):
        return row.reference

    def work_links(self, row):
        return [(_("Decision and letter"), reverse("vetting:decision", args=[row.pk]))]
