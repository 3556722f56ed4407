"""The filters of the results and of the spending. Everything is in the query string; what nobody knows gets a sentence."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ace_partners.public.filters import known
from partners.models import Area
from partners.models.places import TOWN_OR_WIDER


class SpendingFilter(forms.Form):
    """domaine, annee. `years`: those that have accepted reports, the newest first, which is the one shown unasked."""

    domaine = forms.ChoiceField(
        label=_("Contribution area"),
        required=False,
        error_messages=known(_("There is no area “%(value)s”: choose one from the list.")),
    )
    annee = forms.ChoiceField(
        label=_("Year"),
        required=False,
        error_messages=known(_("There is nothing for the year “%(value)s”: choose one from the list.")),
    )

    def __init__(self, data, *, years):
        data = data.copy()
        if not data.get("annee"):
            data["annee"] = str(years[0])
        super().__init__(data)
        self.fields["domaine"].choices = [("", _("All areas")), *Area.choices]
        self.fields["annee"].choices = [(str(year), str(year)) for year in years]

    @property
    def asked(self):
        """What the figures take: `year` and `area`."""
        return {"year": int(self.cleaned_data["annee"]), "area": self.cleaned_data["domaine"] or None}


class ResultsFilter(SpendingFilter):
    """domaine, lieu, annee. Places are towns and wider: nothing smaller tells where a few children are."""

    lieu = forms.ChoiceField(
        label=_("Place"),
        required=False,
        error_messages=known(_("We do not know the place “%(value)s”: choose one from the list.")),
    )
    field_order = ["domaine", "lieu", "annee"]

    def __init__(self, data, *, years, gazetteer):
        super().__init__(data, years=years)
        self.gazetteer = gazetteer
        wide = [(slug, name) for slug, name in gazetteer.choices() if gazetteer.by_slug[slug].level in TOWN_OR_WIDER]
        self.fields["lieu"].choices = [("", _("All places")), *wide]

    @property
    def asked(self):
        """What the figures take: `year`, `area` and `place`."""
        return {**super().asked, "place": self.gazetteer.by_slug.get(self.cleaned_data["lieu"])}
