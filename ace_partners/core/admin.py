"""Django's admin for records and reference data (design §6): closed by default, no delete, every save in the audit trail.

`RecordAdmin` replaces Django's permissions by our own doors: which rows from `visible_to`, which verbs from `rules`.
States are read-only here; they move on the work pages, in actions.
"""

from allauth.account.models import EmailAddress
from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ace_partners.core import audit, mail, rules
from ace_partners.core.dates import format_datetime
from ace_partners.core.errors import refuse
from ace_partners.core.forms import LinesField
from ace_partners.core.machine import claim_version
from ace_partners.core.models import AceRole, AuditEvent, User
from ace_partners.core.rights import STAFF_ROLES, Role
from ace_partners.core.search import fold

admin.site.enable_nav_sidebar = False


def to_the_account_pages(request, extra_context=None):
    """Passwords are changed in one place, with its rate limits."""
    return redirect("account_change_password")


admin.site.password_change = to_the_account_pages  # type: ignore[method-assign]


class RecordAdmin(admin.ModelAdmin):
    """The base of every admin page. A subclass names its `readers` and its two rules; without them it is read-only.

    The model's manager has `visible_to(user)`, its rows have `audit_chain`.
    """

    readers: frozenset[str] = frozenset()  # role codes that see this kind of record at all
    actions = None
    list_per_page = 50
    view_on_site = False
    show_full_result_count = False
    formfield_overrides = {models.TextField: {"form_class": LinesField}}
    object_history_template = "admin/record_history.html"

    # --- what a subclass says -----------------------------------------------------------------------------------

    def against_adding(self, user):
        """The reasons why `user` may add no record of this kind."""
        return [_("These records are not added here.")]

    def against_changing(self, row, user):
        """The reasons why `user` may not change `row`."""
        return [_("This record is not changed here.")]

    def work_links(self, row):
        """(label, address) of the pages where work on `row` is done."""
        return []

    # --- doors ----------------------------------------------------------------------------------------------------

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_view_permission(self, request, obj=None):
        """Whether the role sees this kind of record and, of a row, whether it is visible."""
        if not request.user.roles & self.readers:
            return False
        return obj is None or asked_once(
            request, "see", obj, lambda: self.model.objects.visible_to(request.user).filter(pk=obj.pk).exists()
        )

    def has_add_permission(self, request):
        return self.has_view_permission(request) and not self.against_adding(request.user)

    def has_change_permission(self, request, obj=None):
        if obj is None or not self.has_view_permission(request):
            return False
        return asked_once(request, "change", obj, lambda: not self.against_changing(obj, request.user))

    def has_delete_permission(self, request, obj=None):
        return False

    def get_object(self, request, object_id, from_field=None):
        """The row; 404 for one that does not exist or is not visible: the answer is the same."""
        found = super().get_object(request, object_id, from_field)
        if found is None or not self.has_view_permission(request):
            raise Http404
        return found

    def changelist_view(self, request, extra_context=None):
        self._refuse_strangers(request)
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def add_view(self, request, form_url="", extra_context=None):
        self._refuse_strangers(request)
        return super().add_view(request, form_url, extra_context)

    def _refuse_strangers(self, request):
        if not self.has_view_permission(request):
            raise Http404

    # --- pages ----------------------------------------------------------------------------------------------------

    def get_search_results(self, request, queryset, search_term):
        """Every word must be found; in a `…search_text` column it is looked for folded, elsewhere as typed."""
        for word in search_term.split():
            found = Q()
            for name in self.search_fields:
                folded = name.endswith("search_text")
                found |= Q(**{f"{name}__contains": fold(word)} if folded else {f"{name}__icontains": word})
            queryset = queryset.filter(found)
        return queryset, False

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Without the pop-up windows beside a choice: their answer is no redirect, so it would not be kept."""
        return without_popups(super().formfield_for_dbfield(db_field, request, **kwargs))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["work_links"] = self.work_links(obj) if obj else []
        context["reasons"] = self.against_changing(obj, request.user) if obj else []
        return super().render_change_form(request, context, add, change, form_url, obj)

    def history_view(self, request, object_id, extra_context=None):
        """The audit trail of one row, instead of Django's own log: who did what when, without values or reasons."""
        row = self.get_object(request, object_id)
        events = audit.history(row)
        if not request.user.roles & {Role.REVIEWER, Role.APPROVER, Role.ADMIN}:
            events = events.filter(actor=request.user)
        page_obj = self.get_paginator(request, events, self.list_per_page).get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %(record)s") % {"record": row},
            "module_name": capfirst(self.opts.verbose_name_plural),
            "opts": self.opts,
            "object": row,
            "page_obj": page_obj,
        }
        return TemplateResponse(request, self.object_history_template, context)

    # --- saving (Django wraps all of it in one transaction) ---------------------------------------------------------

    def save_model(self, request, obj, form, change):
        """Save after a last look: the record may be another organisation's, or have changed since the page was opened."""
        refuse(self.against_changing(obj, request.user))
        if change and hasattr(obj, "lock_version"):
            obj.lock_version = claim_version(obj, seen=seen_version(request)).lock_version
        super().save_model(request, obj, form, change)

    def construct_change_message(self, request, form, formsets, add=False):
        """The names of the fields and kinds of rows that changed, never their values: an event cannot be erased."""
        rows = [formset.model._meta.model_name for formset in formsets if formset.has_changed()]
        return [*form.changed_data, *rows]

    def log_addition(self, request, obj, message):
        """Django calls this once everything is saved; the event goes to our trail, not to Django's log."""
        audit.record(f"{self.opts.model_name}.added", obj, by=request.user, after={"fields": message})

    def log_change(self, request, obj, message):
        if message:
            audit.record(f"{self.opts.model_name}.edited", obj, by=request.user, after={"fields": message})


class RecordInline(admin.TabularInline):
    """Rows that are edited with their record and by the same rule. `readers` narrows who sees them at all."""

    readers: frozenset[str] = STAFF_ROLES
    extra = 0
    can_delete = True
    formfield_overrides = {models.TextField: {"form_class": LinesField, "widget": forms.Textarea(attrs={"rows": 3})}}

    def _record_admin(self):
        return self.admin_site.get_model_admin(self.parent_model)

    def has_view_permission(self, request, obj=None):
        return bool(request.user.roles & self.readers) and self._record_admin().has_view_permission(request)

    def has_change_permission(self, request, obj=None):
        if not self.has_view_permission(request):
            return False
        record_admin = self._record_admin()
        return record_admin.has_change_permission(request, obj) if obj else record_admin.has_add_permission(request)

    def has_add_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self.can_delete and self.has_change_permission(request, obj)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        return without_popups(super().formfield_for_dbfield(db_field, request, **kwargs))


def asked_once(request, verb, row, ask):
    """The answer to a question about a row, kept for this request: Django asks it again for every part of the page."""
    answers = request.__dict__.setdefault("admin_answers", {})
    key = (verb, row._meta.label, row.pk)
    if key not in answers:
        answers[key] = ask()
    return answers[key]


def without_popups(field):
    """The form field with a plain choice instead of Django's add, change and delete windows."""
    if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
        field.widget = field.widget.widget
    return field


def seen_version(request):
    """The lock version that the form showed; -1, which no row has, when the form does not say."""
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isdecimal() else -1


def column(name, label, sorted_by=True):
    """A column under a label that people read; `name` may follow relations, as in "report__partner".

    `sorted_by=False` for what the database does not know: a property, or a method of the row.
    """

    @admin.display(description=label, ordering=name if sorted_by else None)
    def show(self, row):
        for part in name.split("__"):
            row = getattr(row, part, None)
        return row() if callable(row) else row

    return show


# --- accounts -------------------------------------------------------------------------------------------------------


class AccountForm(forms.ModelForm):
    """An account without a password: its owner chooses one through the link on the sign-in page."""

    language = forms.ChoiceField(label=_("language"), choices=settings.LANGUAGES, initial="fr")

    class Meta:
        model = User
        fields = ["name", "email", "language", "is_active"]

    def clean_email(self):
        """Lower case, and used once: addresses are compared so when somebody signs in."""
        email = self.cleaned_data["email"].lower()
        if User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("There is an account with this address already."))
        return email


class AceRoleInline(RecordInline):
    model = AceRole


@admin.register(User)
class UserAdmin(RecordAdmin):
    readers = frozenset({Role.ADMIN, Role.APPROVER})
    form = AccountForm
    fields = ["name", "email", "language", "is_active", "password_help", "last_login"]
    readonly_fields = ["password_help", "last_login"]
    inlines = [AceRoleInline]
    list_display = ["name", "email", "role_names", "is_active", "last_login"]
    list_filter = ["is_active", "ace_roles__role"]
    search_fields = ["name", "email"]

    def against_adding(self, user):
        return rules.against_keeping_accounts(user)

    def against_changing(self, row, user):
        return rules.against_changing_account(row, user)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("ace_roles")

    @admin.display(description=_("ACE roles"))
    def role_names(self, account):
        return ", ".join(str(role) for role in account.ace_roles.all()) or "—"

    @admin.display(description=_("password"))
    def password_help(self, account):
        return _(
            "Nobody sets another person's password: its owner chooses it through “forgotten password” at %(url)s"
        ) % {"url": mail.link_to("account_reset_password")}

    def save_model(self, request, obj, form, change):
        if not change:
            obj.set_unusable_password()
        elif "email" in form.changed_data:
            EmailAddress.objects.filter(user=obj).delete()  # the old address opens nothing any more
        super().save_model(request, obj, form, change)

    def log_addition(self, request, obj, message):
        self._record("user.added", request, obj, message)
        mail.queue(
            "core/email/account_opened",
            to=[obj],
            context={"link": mail.link_to("account_reset_password")},
            dedupe=f"account-{obj.pk}-opened",
            by=request.user,
        )

    def log_change(self, request, obj, message):
        if message:
            self._record("user.edited", request, obj, message)

    @staticmethod
    def _record(action, request, obj, message):
        """Roles are rights, not personal data: the event keeps which ones the account has now."""
        held = sorted(AceRole.objects.filter(user=obj).values_list("role", flat=True))
        after = {"fields": message, "roles": held, "active": obj.is_active}
        audit.record(action, obj, by=request.user, after=after)


# --- audit trail ----------------------------------------------------------------------------------------------------


class WhenFilter(admin.DateFieldListFilter):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.title = _("date")


@admin.register(AuditEvent)
class AuditEventAdmin(RecordAdmin):
    """Read-only. The admin role sees that something happened; what exactly is for those who were there, and the direction."""

    readers = STAFF_ROLES
    list_display = ["moment", "what", "subject", "who"]
    list_filter = [("at", WhenFilter)]
    search_fields = ["action", "target_label", "actor_name"]
    facts = ("moment", "what", "subject", "who", "place_in_chain", "fingerprint")
    contents = ("was", "became", "why")

    what = column("action", _("action"))
    subject = column("target_label", _("about"))
    who = column("actor_name", _("who"))
    fingerprint = column("hash", _("fingerprint"))
    was = column("before", _("before"))
    became = column("after", _("after"))
    why = column("reason", _("reason"))

    @admin.display(description=_("date and time"), ordering="at")
    def moment(self, event):
        return format_datetime(event.at, get_language() or "fr")

    @admin.display(description=_("place in the chain"))
    def place_in_chain(self, event):
        return f"{event.chain} n° {event.number}"

    def get_readonly_fields(self, request, obj=None):
        return self.get_fields(request, obj)

    def get_fields(self, request, obj=None):
        whole = Role.APPROVER in request.user.roles or (obj is not None and obj.actor_id == request.user.pk)
        return [*self.facts, *self.contents] if whole else list(self.facts)

    def history_view(self, request, object_id, extra_context=None):
        raise Http404  # an event has no history
