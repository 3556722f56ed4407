"""Filters of the desk's lists; they live in the query string, so that any list can be linked."""

from urllib.parse import urlencode

import django_filters
from django import forms
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ace_partners.core.models import OutgoingMail
from ace_partners.core.models.mail import MailState
from ace_partners.core.search import fold
from impact.figures.scope import Scope
from impact.models import Period
from impact.quarters import Quarter, days_of_year
from partners.models import Area, OrganisationType, Partner, Place, Relationship
from vetting.standing import STANDING_CHOICES


class PartnerFilter(django_filters.FilterSet):
    """Over partners annotated by `vetting.standing.with_standing`."""

    q = django_filters.CharFilter(label=_("Name, acronym or place"), method="search")
    type = django_filters.ChoiceFilter(
        label=_("Type"), field_name="organisation_type", choices=OrganisationType.choices, empty_label=_("All")
    )
    domaine = django_filters.ChoiceFilter(
        label=_("Area"), field_name="areas__area", choices=Area.choices, empty_label=_("All")
    )
    relation = django_filters.ChoiceFilter(
        label=_("Relationship"), field_name="status", choices=Relationship.choices, empty_label=_("All")
    )
    situation = django_filters.ChoiceFilter(
        label=_("Standing"), field_name="standing_code", choices=STANDING_CHOICES, empty_label=_("All")
    )

    class Meta:
        model = Partner
        fields: list[str] = []

    def search(self, partners, name, value):
        """Every word must occur, whatever its accents, case or apostrophes."""
        for word in fold(value).split():
            partners = partners.filter(search_text__contains=word)
        return partners


class MailFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Address"), field_name="to_address", lookup_expr="icontains")
    state = django_filters.ChoiceFilter(label=_("State"), choices=MailState.choices, empty_label=_("All"))

    class Meta:
        model = OutgoingMail
        fields: list[str] = []


ALL_YEARS = ""
FIRST_YEAR = 2025  # of the network's reports: a link to a year in which nothing was due opens, and says so


class SpanForm(forms.Form):
    """What a dashboard looks at: a year or one of its quarters, and for ACE an area and a place. It lives in the address.

    `partners` are those whose figures may be read. Where the address says no year, it is `default_year` ("" for all).
    """

    annee = forms.ChoiceField(label=_("Year"), required=False)
    trimestre = forms.ChoiceField(
        label=pgettext_lazy("three months", "Quarter"),
        required=False,
        choices=[("", _("The whole year")), *((str(n), str(n)) for n in range(1, 5))],
    )
    domaine = forms.ChoiceField(
        label=_("Contribution area"), required=False, choices=[("", _("All areas")), *Area.choices]
    )
    lieu = forms.ModelChoiceField(
        label=_("Place"),
        queryset=Place.objects.order_by("lineage"),
        to_field_name="slug",
        required=False,
        empty_label=_("All places"),
    )
    refused = False  # nothing to refuse: it only asks

    def __init__(self, data, *, partners, default_year=ALL_YEARS, narrow=True):
        super().__init__({"annee": default_year, **data.dict()})
        self.partners, self.years = partners, _years(partners)
        self.fields["annee"].choices = [(ALL_YEARS, _("All years")), *((str(y), str(y)) for y in self.years)]
        for field in self.fields.values():
            field.error_messages["invalid_choice"] = _("This is not on the list: choose again.")
        if not narrow:
            del self.fields["domaine"], self.fields["lieu"]

    def clean(self):
        values = super().clean()
        if values.get("trimestre") and values.get("annee") == ALL_YEARS:
            self.add_error("annee", _("Choose the year of the quarter too."))
        return values

    @property
    def scope(self):
        """The `impact.figures.scope.Scope` asked for; only for a valid form."""
        values = self.cleaned_data
        narrower = {"area": values.get("domaine", ""), "place": values.get("lieu")}
        if not values["annee"]:
            (start, _end), (_start, end) = days_of_year(self.years[-1]), days_of_year(self.years[0])
            return Scope(self.partners, start, end, **narrower)
        quarter = self._quarter
        days = (quarter.starts_on, quarter.ends_on) if quarter else days_of_year(int(values["annee"]))
        return Scope(self.partners, *days, **narrower)

    @property
    def _quarter(self):
        year, number = self.cleaned_data["annee"], self.cleaned_data["trimestre"]
        return Quarter(int(year), int(number)) if number else None

    @property
    def query(self):
        """The query string of what is chosen, for links and exports; the year is always in it."""
        kept = {name: self.data.get(name, "") for name in self.fields}
        return urlencode({name: value for name, value in kept.items() if value or name == "annee"})

    @property
    def chosen(self):
        """What is looked at, in words: "T2 2026 · Kolwezi"."""
        values = self.cleaned_data
        words = [values["annee"] or str(_("All years"))]
        if values["trimestre"]:
            words = [str(self._quarter)]
        if values.get("domaine"):
            words.append(str(Area(values["domaine"]).label))
        if values.get("lieu"):
            words.append(str(values["lieu"]))
        return " · ".join(words)


def _years(partners):
    """The years from the first in which a period of these organisations can end to the last, the newest first."""
    ends = Period.objects.filter(project__partner__in=partners).aggregate(first=Min("ends_on"), last=Max("ends_on"))
    this_year = timezone.localdate().year
    first, last = (ends[end].year if ends[end] else this_year for end in ("first", "last"))
    return range(max(last, this_year), min(first, this_year, FIRST_YEAR) - 1, -1)
