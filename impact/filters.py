"""The list of reports, narrowed by the query string."""

import django_filters
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ace_partners.core.search import fold
from impact.figures.quarters import AT_ACE, NOT_IN
from impact.models import Report, ReportStatus


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


class QuarterFilter(ReportFilter):
    """The matrix of a quarter: by organisation or project, and by what is wrong; the rows carry `due_day`."""

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
            "late": NOT_IN & Q(due_day__lt=timezone.localdate()),
            "missing": NOT_IN,
            "with_ace": Q(status__in=AT_ACE),
            "accepted": Q(accepted_version__isnull=False),
            "waived": Q(status=ReportStatus.WAIVED),
        }
        return reports.filter(states[value])
