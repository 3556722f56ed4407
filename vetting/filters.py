"""Filters of the dossier list; they live in the query string, so that any list can be linked."""

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ace_partners.core.search import fold
from vetting.models import Dossier, DossierStatus


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
