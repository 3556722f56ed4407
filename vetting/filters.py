"""Filters of the dossier list; they live in the query string, so that any list can be linked."""

import django_filters
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ace_partners.core.search import fold
from vetting.models import CapacityPlan, Dossier, DossierStatus, Flag, FlagStatus, HitStatus, ScreeningHit


class DossierFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Organisation"), method="search")
    status = django_filters.ChoiceFilter(label=_("State"), choices=DossierStatus, empty_label=_("all"))
    mine = django_filters.ChoiceFilter(
        label=_("Examiner"),
        method="whose",
        choices=[("me", _("me")), ("nobody", _("nobody yet"))],
        empty_label=_("all"),
    )

    class Meta:
        model = Dossier
        fields = ("q", "status", "mine")

    def search(self, queryset, name, value):
        return queryset.filter(Q(partner__search_text__contains=fold(value)))

    def whose(self, queryset, name, value):
        return queryset.filter(assigned_to=self.request.user if value == "me" else None)


class PlanFilter(django_filters.FilterSet):
    """Capacity plans; the view annotates them with what each of their steps waits for."""

    q = django_filters.CharFilter(label=_("Organisation"), method="search")
    state = django_filters.ChoiceFilter(
        label=_("State"),
        method="which",
        choices=[
            ("late", _("a step is late")),
            ("waiting", _("evidence waits for ACE")),
            ("history", _("replaced by a newer decision")),
        ],
        empty_label=_("in force"),
    )

    class Meta:
        model = CapacityPlan
        fields = ("q", "state")

    def filter_queryset(self, queryset):
        """Without a state, the plans in force: those of replaced decisions are history, found when looked for."""
        queryset = super().filter_queryset(queryset)
        return queryset if self.form.cleaned_data.get("state") == "history" else queryset.in_force()

    def search(self, queryset, name, value):
        return queryset.filter(partner__search_text__contains=fold(value))

    def which(self, queryset, name, value):
        if value == "history":
            return queryset.filter(decision__replaced_by__isnull=False)
        return queryset.filter(**{f"steps_{value}__gt": 0})


class FlagFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Organisation"), method="search")
    status = django_filters.ChoiceFilter(label=_("State"), choices=FlagStatus, empty_label=_("all"))
    todo = django_filters.ChoiceFilter(
        label=_("To do"),
        method="waiting",
        choices=[("tell", _("the organisation is to be told")), ("late", _("the reply is late"))],
        empty_label=_("all"),
    )

    class Meta:
        model = Flag
        fields = ("q", "status", "todo")

    def search(self, queryset, name, value):
        return queryset.filter(partner__search_text__contains=fold(value))

    def waiting(self, queryset, name, value):
        """The same as `rules.flags.is_to_tell` and `is_reply_late`, asked of the database."""
        today = timezone.localdate()
        if value == "late":
            return queryset.filter(status=FlagStatus.NOTIFIED, reply_due_on__lt=today)
        silence_over = Q(silent_until__isnull=True) | Q(silent_until__lt=today)
        told_of = (FlagStatus.RAISED, FlagStatus.SUBSTANTIATED)
        return queryset.filter(silence_over, notified_at__isnull=True, status__in=told_of)


class HitFilter(django_filters.FilterSet):
    """Matches with sanctions lists; without a state, those that wait for somebody."""

    q = django_filters.CharFilter(label=_("Organisation"), method="search")
    status = django_filters.ChoiceFilter(label=_("State"), choices=HitStatus, empty_label=_("to be settled"))

    class Meta:
        model = ScreeningHit
        fields = ("q", "status")

    def filter_queryset(self, queryset):
        queryset = super().filter_queryset(queryset)
        if self.form.cleaned_data.get("status"):
            return queryset
        return queryset.filter(status__in=[HitStatus.OPEN, HitStatus.PROPOSED])

    def search(self, queryset, name, value):
        return queryset.filter(partner__search_text__contains=fold(value))
