"""The lists of reports and of lessons, narrowed by the query string."""

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ace_partners.core.search import fold
from impact.models import Lesson, LessonStatus, Report, ReportStatus


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


class LessonStateFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Words of the lesson"), method="search")
    statut = django_filters.ChoiceFilter(
        label=_("State"), field_name="status", choices=LessonStatus.choices, empty_label=_("All")
    )

    class Meta:
        model = Lesson
        fields: list[str] = []

    def search(self, lessons, name, value):
        return lessons.filter(search_text__contains=fold(value))
