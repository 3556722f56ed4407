"""Due diligence in Django's admin: to search and to look up. Everything that moves does so on the work pages."""

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ace_partners.core.admin import RecordAdmin, RecordInline, column
from ace_partners.core.rights import CASE_ROLES, STAFF_ROLES, Role
from vetting.models import (
    CapacityPlan,
    Checklist,
    Criterion,
    Decision,
    DecisionReview,
    Dossier,
    Flag,
    Hold,
    Measure,
    Passport,
    RiskRating,
    Screening,
    ScreeningHit,
    Visit,
)

EXAMINERS = frozenset({Role.REVIEWER, Role.APPROVER})  # screening and risk: not the monitoring officers (design §6)

DOSSIER_FACTS = (
    *("partner", "checklist", "round", "organisation_type", "areas", "status", "assigned_to", "due_on"),
    *("opened_by", "opened_at", "first_submitted_at", "last_submitted_at"),
)
DECISION_FACTS = (
    *("partner", "dossier", "outcome", "decided_at", "valid_until", "reapply_from", "proposed_by", "approved_by"),
    *("replaces", "letter", "letter_sha256", "assessment_sha256"),
)
CHECKLIST_FACTS = ("version", "status", "what_changes", "published_on", "sha256")


class InForceFilter(admin.SimpleListFilter):
    title = _("in force")
    parameter_name = "in_force"

    def lookups(self, request, model_admin):
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request, queryset):
        if self.value() == "yes":
            return queryset.open()
        return queryset.exclude(pk__in=queryset.open()) if self.value() == "no" else queryset


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


@admin.register(Flag)
class FlagAdmin(RecordAdmin):
    """Without ACE's internal notes: those are on the work page, for the team alone."""

    readers = CASE_ROLES
    organisation = column("partner", _("organisation"))
    raiser = column("raised_by", _("raised by"))
    raised = column("raised_at", _("raised on"))
    told = column("notified_at", _("organisation told on"))
    replied = column("replied_at", _("answered on"))
    closer = column("closed_by", _("closed by"))
    closed = column("closed_at", _("closed on"))
    list_display = ["organisation", "category", "severity", "status", "raised", "reply_due_on"]
    list_filter = ["status", "severity", "category"]
    list_select_related = ["partner"]
    search_fields = ["partner__search_text"]
    fields = readonly_fields = (
        *("organisation", "category", "tone", "severity", "status", "text", "raiser", "raised", "told"),
        *("reply_due_on", "reply", "replied", "conclusion", "closer", "closed"),
    )

    def work_links(self, row):
        return [(_("Work page"), reverse("vetting:flag", args=[row.pk]))]


@admin.register(Hold)
class HoldAdmin(RecordAdmin):
    """The holds that people set. Those that dates bring about are no rows: the follow-up page computes them."""

    readers = CASE_ROLES
    organisation = column("partner", _("organisation"))
    setter = column("set_by", _("set by"))
    since = column("set_at", _("set on"))
    lifter = column("lifted_by", _("lifted by"))
    lifted = column("lifted_at", _("lifted on"))
    list_display = ["organisation", "kind", "since", "ends_on", "lifted"]
    list_filter = ["kind", InForceFilter]
    list_select_related = ["partner"]
    search_fields = ["partner__search_text"]
    fields = readonly_fields = (
        *("organisation", "kind", "reason", "setter", "since", "ends_on", "lifter", "lifted", "lift_reason"),
    )

    def work_links(self, row):
        return [(_("Work page"), reverse("desk:following", args=[row.partner.slug]))]


@admin.register(Visit)
class VisitAdmin(RecordAdmin):
    readers = CASE_ROLES
    organisation = column("partner", _("organisation"))
    where = column("place", _("place"))
    planner = column("added_by", _("planned by"))
    list_display = ["organisation", "purpose", "planned_on", "held_on", "status"]
    list_filter = ["status", "planned_on"]
    list_select_related = ["partner"]
    search_fields = ["partner__search_text", "purpose"]
    fields = readonly_fields = (
        *("organisation", "where", "purpose", "visitors", "planned_on", "planner", "status", "held_on", "account"),
    )

    def work_links(self, row):
        return [(_("Work page"), reverse("vetting:visit", args=[row.pk]))]


@admin.register(Screening)
class ScreeningAdmin(RecordAdmin):
    """That an organisation was screened, and how it ended; the names are on the page of the screening."""

    readers = EXAMINERS
    organisation = column("partner", _("organisation"))
    which = column("reference", _("reference"), sorted_by=False)
    by = column("screened_by", _("screened by"))
    strong = column("strong_from", _("strong from"))
    likely = column("review_from", _("looked at from"))
    list_display = ["which", "organisation", "reason", "result", "screened_at"]
    list_filter = ["result", "reason", "screened_at"]
    list_select_related = ["partner"]
    search_fields = ["partner__search_text"]
    fields = readonly_fields = ("which", "organisation", "reason", "result", "by", "screened_at", "strong", "likely")

    def work_links(self, row):
        return [(_("Work page"), reverse("vetting:screening", args=[row.pk]))]


@admin.register(ScreeningHit)
class ScreeningHitAdmin(RecordAdmin):
    readers = EXAMINERS
    organisation = column("partner", _("organisation"))
    screened_name = column("subject_text", _("name screened"))
    listed_name = column("matched_name", _("name on the list"))
    listed_entry = column("entry", _("entry of the list"))
    likeness = column("score", _("likeness"))
    which_verdict = column("get_verdict_display", _("verdict"), sorted_by=False)
    why_verdict = column("verdict_reason", _("reason"))
    proposer = column("proposed_by", _("proposed by"))
    decider = column("decided_by", _("settled by"))
    decided = column("decided_at", _("settled on"))
    list_display = ["screened_name", "listed_name", "organisation", "likeness", "status"]
    list_filter = ["status"]
    list_select_related = ["partner"]
    search_fields = ["partner__search_text", "subject_text", "matched_name"]
    fields = readonly_fields = (
        *("organisation", "screened_name", "listed_name", "listed_entry", "likeness", "status"),
        *("which_verdict", "why_verdict", "proposer", "decider", "decided"),
    )

    def work_links(self, row):
        return [(_("Work page"), reverse("vetting:hit", args=[row.pk]))]


@admin.register(RiskRating)
class RiskRatingAdmin(RecordAdmin):
    readers = EXAMINERS
    organisation = column("partner", _("organisation"))
    of_dossier = column("dossier__reference", _("dossier"), sorted_by=False)
    by = column("rated_by", _("rated by"))
    rated = column("rated_at", _("rated on"))
    list_display = ["organisation", "of_dossier", "band", "score", "agrees", "rated"]
    list_filter = ["band", "agrees"]
    list_select_related = ["partner", "dossier"]
    search_fields = ["partner__search_text"]
    fields = readonly_fields = (
        *("organisation", "of_dossier", "suggested_band", "suggested_score", "agrees", "comment", "band", "score"),
        *("by", "rated"),
    )

    def work_links(self, row):
        return [(_("Examination page"), reverse("vetting:assessment", args=[row.dossier_id]))]


@admin.register(Passport)
class PassportAdmin(RecordAdmin):
    readers = CASE_ROLES
    organisation = column("partner", _("organisation"))
    which = column("reference", _("reference"), sorted_by=False)
    of_decision = column("decision__reference", _("decision"), sorted_by=False)
    by = column("issued_by", _("issued by"))
    fingerprint = column("sha256", _("fingerprint"))
    revoked = column("revocation__at", _("revoked on"))
    list_display = ["which", "organisation", "code", "valid_until", "issued_at", "revoked"]
    list_filter = ["valid_until"]
    list_select_related = ["partner", "revocation"]
    search_fields = ["code", "partner__search_text"]
    fields = readonly_fields = (
        *("which", "organisation", "code", "of_decision", "valid_until", "by", "issued_at", "fingerprint", "revoked"),
    )

    def work_links(self, row):
        return [(_("Work page"), reverse("vetting:passport", args=[row.pk]))]


@admin.register(CapacityPlan)
class CapacityPlanAdmin(RecordAdmin):
    readers = CASE_ROLES
    organisation = column("partner", _("organisation"))
    which = column("reference", _("reference"), sorted_by=False)
    of_decision = column("decision__reference", _("decision"), sorted_by=False)
    list_display = ["which", "organisation", "of_decision", "opened_at"]
    list_filter = ["opened_at"]
    list_select_related = ["partner", "decision"]
    search_fields = ["partner__search_text"]
    fields = readonly_fields = ("which", "organisation", "of_decision", "opened_at")

    def work_links(self, row):
        return [(_("Work page"), reverse("vetting:plan", args=[row.pk]))]


@admin.register(DecisionReview)
class DecisionReviewAdmin(RecordAdmin):
    readers = CASE_ROLES
    organisation = column("decision__partner", _("organisation"))
    of_decision = column("decision__reference", _("decision"), sorted_by=False)
    asker = column("asked_by", _("asked by"))
    asked = column("asked_at", _("asked on"))
    hearer = column("heard_by", _("heard by"))
    closed = column("closed_at", _("closed on"))
    new = column("new_decision__reference", _("new decision"), sorted_by=False)
    list_display = ["of_decision", "organisation", "status", "asked", "closed"]
    list_filter = ["status"]
    list_select_related = ["decision__partner"]
    search_fields = ["decision__partner__search_text"]
    fields = readonly_fields = (
        *("of_decision", "organisation", "status", "grounds", "asker", "asked", "hearer", "conclusion"),
        *("closed", "new"),
    )

    def work_links(self, row):
        return [(_("Work page"), reverse("vetting:review", args=[row.pk]))]


@admin.register(Measure)
class MeasureAdmin(RecordAdmin):
    readers = CASE_ROLES
    organisation = column("partner", _("organisation"))
    proposer = column("proposed_by", _("proposed by"))
    proposed = column("proposed_at", _("proposed on"))
    decider = column("decided_by", _("answered by"))
    decided = column("decided_at", _("answered on"))
    list_display = ["organisation", "kind", "status", "proposed", "decided"]
    list_filter = ["kind", "status"]
    list_select_related = ["partner"]
    search_fields = ["partner__search_text"]
    fields = readonly_fields = (
        *("organisation", "kind", "reason", "review_on", "status", "proposer", "proposed", "decider", "decided"),
    )

    def work_links(self, row):
        return [(_("Work page"), reverse("vetting:measure", args=[row.pk]))]
