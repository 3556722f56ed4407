"""The list of reports, narrowed by the query string."""

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ace_partners.core.search import fold
from impact.models import Indicator, Report, ReportStatus
from impact.models.framework import ImpactArea


class ReportFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Organisation or project"), method="search")
    statut = django_filters.ChoiceFilter(
        label=_("State"), field_name="status", choices=ReportStatus.choices, empty_label=_("All")
    )

    class Meta:
        model = Report
        fields: list[str] = []

    def search(self, reports, name, value):
        """Words of the organisation (accent-blind) or of the project."""
        folded = Q(partner__search_text__contains=fold(value))
        return reports.filter(folded | Q(project__code__icontains=value) | Q(project__title__icontains=value))


def _choices(label, field, choices):
    return django_filters.ChoiceFilter(label=label, field_name=field, choices=choices, empty_label=_("All"))


class IndicatorFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Code or name"), method="search")
    domaine = _choices(_("Contribution area"), "area", Indicator._meta.get_field("area").choices)
    impact = _choices(_("Impact area"), "impact_area", ImpactArea.choices)
    portee = _choices(_("Scope"), "scope", Indicator._meta.get_field("scope").choices)
    nature = _choices(_("Nature"), "nature", Indicator._meta.get_field("nature").choices)

    class Meta:
        model = Indicator
        fields: list[str] = []

    def search(self, indicators, name, value):
        words = Q(code__icontains=value) | Q(name_fr__icontains=value) | Q(name_en__icontains=value)
        return indicators.filter(words)
