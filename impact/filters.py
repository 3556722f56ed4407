"""The work lists of this room, narrowed by the query string."""

import django_filters
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ace_partners.core.search import fold
from impact.figures.quarters import AT_ACE, NOT_IN, late
from impact.models import Disbursement, DisbursementStatus, Indicator, Lesson, LessonStatus, Report, ReportStatus
from impact.models.framework import ImpactArea
from impact.models.projects import TEAM_ROLES
from partners.models import Partner


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


def _paid_partners(request):
    """The organisations with an agreement, as far as the reader sees them."""
    return Partner.objects.in_reach(request.user, *TEAM_ROLES).filter(projects__agreement__isnull=False).distinct()


class DisbursementFilter(django_filters.FilterSet):
    statut = django_filters.ChoiceFilter(
        label=_("State"), field_name="status", choices=DisbursementStatus.choices, empty_label=_("All")
    )
    partenaire = django_filters.ModelChoiceFilter(
        label=_("Organisation"),
        field_name="installment__agreement__project__partner",
        queryset=_paid_partners,
        to_field_name="slug",
        empty_label=_("All"),
    )

    class Meta:
        model = Disbursement
        fields: list[str] = []


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


class QuarterFilter(ReportFilter):
    """The matrix of a quarter: by organisation or project, and by what is wrong."""

    STATES = (
        ("late", _("Late")),
        ("missing", _("Not in yet")),
        ("with_ace", _("With ACE")),
        ("accepted", _("Accepted")),
        ("waived", _("Not asked for")),
    )
    statut = django_filters.ChoiceFilter(label=_("State"), method="state", choices=STATES, empty_label=_("All"))

    def state(self, reports, name, value):
        """One of the states of STATES: a reopened report is accepted until its next version is."""
        states = {
            "late": late(timezone.localdate()),
            "missing": NOT_IN,
            "with_ace": Q(status__in=AT_ACE),
            "accepted": Q(accepted_version__isnull=False),
            "waived": Q(status=ReportStatus.WAIVED),
        }
        return reports.filter(states[value])
