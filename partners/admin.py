"""The records of the partners' room in Django's admin: who sees which follows design §6, last paragraph."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from ace_partners.core.admin import RecordAdmin, RecordInline
from ace_partners.core.rights import CASE_ROLES, STAFF_ROLES, Role
from partners import actions, rules
from partners.forms import GrantForm, PartnerForm, PersonForm
from partners.models import (
    Document,
    DocumentType,
    Funder,
    Gap,
    Grant,
    Membership,
    Partner,
    PartnerArea,
    PartnerNote,
    PartnerPlace,
    Person,
    Place,
    ReachFigure,
)

STACKED = "admin/edit_inline/stacked.html"
ACCOUNT_KEEPERS = frozenset({Role.ADMIN, Role.APPROVER})


def work_page(partner):
    """The team's page on an organisation, as a labelled link."""
    return (_("Work page"), reverse("desk:partner", args=[partner.slug]))


class AreaInline(RecordInline):
    model = PartnerArea


class PlaceInline(RecordInline):
    model = PartnerPlace

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("place")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        field.choices = list(field.choices)  # read once, not once per row
        return field


class ReachFigureInline(RecordInline):
    model = ReachFigure
    template = STACKED  # five columns are wider than a page


class FunderInline(RecordInline):
    model = Funder


class GapInline(RecordInline):
    model = Gap


class NoteInline(RecordInline):
    """ACE's own notes: kept, not deleted, and closed to the admin role."""

    model = PartnerNote
    template = STACKED
    readers = CASE_ROLES
    can_delete = False


@admin.register(Partner)
class PartnerAdmin(RecordAdmin):
    readers = STAFF_ROLES
    form = PartnerForm
    inlines = [AreaInline, PlaceInline, ReachFigureInline, FunderInline, GapInline, NoteInline]
    list_display = ["name", "acronym", "organisation_type", "status", "is_published", "is_fictitious"]
    list_filter = ["organisation_type", "status", "areas__area", "is_published", "is_fictitious"]
    search_fields = ["search_text"]

    def get_fields(self, request, obj=None):
        return [*PartnerForm.Meta.fields, "status", "created_at"]

    def get_readonly_fields(self, request, obj=None):
        # The address of a public page lasts; the state moves on the work pages.
        return ["status", "created_at", *(["slug"] if obj else [])]

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["name"]}

    def against_adding(self, user):
        return rules.against_adding_partner(user)

    def against_changing(self, row, user):
        return rules.against_editing_record(row, user) if row.pk else rules.against_adding_partner(user)

    def work_links(self, row):
        public = [(_("Public page"), row.get_absolute_url())] if row.is_published else []
        return [work_page(row), *public]

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        actions.refresh_search(form.instance)


class OfPartnerAdmin(RecordAdmin):
    """Records that belong to one organisation, which is chosen once among those the rule allows."""

    list_select_related = ["partner"]
    search_fields = ["partner__search_text"]

    def partners_for(self, user):
        """The organisations for which `user` may add such a record."""
        raise NotImplementedError

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "partner":
            kwargs["queryset"] = self.partners_for(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def work_links(self, row):
        return [work_page(row.partner)]


@admin.register(Person)
class PersonAdmin(OfPartnerAdmin):
    readers = CASE_ROLES
    form = PersonForm
    list_display = ["surname", "post_name", "first_name", "office", "partner", "term_ends_on"]
    list_display_links = ["surname", "post_name", "first_name"]
    list_filter = ["binds", "term_ends_on"]
    search_fields = ["surname", "post_name", "first_name", "partner__search_text"]
    fields = [
        "partner",
        "surname",
        "post_name",
        "first_name",
        "office",
        "binds",
        "term_starts",
        "term_ends_on",
        "public_since",
        "note",
    ]

    def get_readonly_fields(self, request, obj=None):
        return ["partner"] if obj else []

    def partners_for(self, user):
        return Partner.objects.in_reach(user, *rules.RECORD_KEEPERS)

    def against_adding(self, user):
        return rules.against_adding_partner(user)

    def against_changing(self, row, user):
        return rules.against_editing_record(row.partner, user)


@admin.register(Document)
class DocumentAdmin(OfPartnerAdmin):
    """A list to search; documents are added and published on the work pages."""

    readers = CASE_ROLES
    list_display = ["__str__", "type", "partner", "expires_on", "published_at", "added_at"]
    list_filter = ["type__confidentiality", "published_at", "expires_on", "type"]
    list_select_related = ["partner", "type"]
    search_fields = ["title", "type__name_fr", "type__code", "partner__search_text"]
    fields = [
        "partner",
        "type",
        "title",
        "file_link",
        "issued_on",
        "expires_on",
        "replaces",
        "added_by",
        "on_behalf",
        "added_at",
        "published_at",
    ]

    def get_readonly_fields(self, request, obj=None):
        return self.fields

    @admin.display(description=_("file"))
    def file_link(self, document):
        return format_html('<a href="{}">{}</a>', reverse("partners:document", args=[document.pk]), document.file.name)


@admin.register(Membership)
class MembershipAdmin(OfPartnerAdmin):
    readers = ACCOUNT_KEEPERS
    list_display = ["user", "partner", "role", "starts_on", "ends_on"]
    list_filter = ["role", "ends_on"]
    list_select_related = ["user", "partner"]
    search_fields = ["user__name", "user__email", "partner__search_text"]
    fields = ["user", "partner", "role", "starts_on", "ends_on"]

    def get_readonly_fields(self, request, obj=None):
        # Another role is another access: this one ends, so that who could do what on which day stays known.
        return ["user", "partner", "role", "starts_on"] if obj else []

    def partners_for(self, user):
        return Partner.objects.in_reach(user, Role.ADMIN)

    def against_adding(self, user):
        return rules.against_keeping_accesses(user)

    def against_changing(self, row, user):
        return rules.against_managing_members(row.partner, user)


@admin.register(Grant)
class GrantAdmin(OfPartnerAdmin):
    readers = ACCOUNT_KEEPERS
    form = GrantForm
    list_display = ["user", "partner", "purpose", "starts_on", "ends_on", "revoked_at"]
    list_filter = ["ends_on", "revoked_at"]
    list_select_related = ["user", "partner"]
    search_fields = ["user__name", "user__email", "purpose", "partner__search_text"]

    def get_fields(self, request, obj=None):
        return [
            "user",
            "partner",
            "purpose",
            "starts_on",
            "ends_on",
            *(["granted_by", "revoked_at", "revoke"] if obj else []),
        ]

    def get_readonly_fields(self, request, obj=None):
        return ["user", "partner", "purpose", "starts_on", "ends_on", "granted_by", "revoked_at"] if obj else []

    def partners_for(self, user):
        return Partner.objects.in_reach(user, *ACCOUNT_KEEPERS)

    def against_adding(self, user):
        return rules.against_keeping_accesses(user, also=Role.APPROVER)

    def against_changing(self, row, user):
        return rules.against_granting(row.partner, user)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.granted_by = request.user
        super().save_model(request, obj, form, change)
        if form.cleaned_data.get("revoke"):
            actions.revoke_grant(obj, by=request.user)


@admin.register(Place)
class PlaceAdmin(RecordAdmin):
    readers = STAFF_ROLES
    list_display = ["name", "level", "parent", "aliases", "precision"]
    list_filter = ["level", "precision"]
    list_select_related = ["parent"]
    search_fields = ["search_text"]
    fields = ["name", "slug", "aliases", "level", "parent", "latitude", "longitude", "precision", "pcode", "note"]

    def get_readonly_fields(self, request, obj=None):
        return ["slug"] if obj else []

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["name"]}

    def against_adding(self, user):
        return rules.against_keeping_places(user)

    def against_changing(self, row, user):
        return rules.against_keeping_places(user)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        actions.refresh_search_at(obj)


@admin.register(DocumentType)
class DocumentTypeAdmin(RecordAdmin):
    readers = STAFF_ROLES
    list_display = ["code", "name_fr", "issuer", "validity", "months", "confidentiality", "is_key"]
    list_filter = ["validity", "confidentiality", "is_key"]
    search_fields = ["code", "name_fr", "name_en", "issuer"]

    def get_readonly_fields(self, request, obj=None):
        return ["code"] if obj else []  # the checklist names document types by code

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        actions.refresh_validity(obj)

    def against_adding(self, user):
        return rules.against_keeping_reference(user)

    def against_changing(self, row, user):
        return rules.against_keeping_reference(user)
