"""The filters of the directory and of the lessons. Everything is in the query string; a value nobody knows is answered with a sentence."""

from itertools import groupby

import django_filters
from django import forms
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from ace_partners.core.search import fold
from impact.models import Lesson
from partners.models import Area, OrganisationType, Partner, PartnerArea, PartnerPlace
from partners.models.organisations import PlaceKind
from partners.models.places import TOWN_OR_WIDER
from vetting.models import Decision
from vetting.standing import IN_PROGRESS, NOT_ASSESSED, STANDING_CHOICES, with_standing

LONGEST_SEARCH = 100


def words_of(text):
    """The folded words of a search; letters that stand alone in a row are an acronym ("A.F.A." is one word, "afa")."""
    words = []
    for single, run in groupby(fold(text).split(), key=lambda word: len(word) == 1):
        together = list(run)
        words += ["".join(together)] if single else together
    return words


def known(words):
    """The message for a value that is not on the list: what to do, and what was asked."""
    return {"invalid_choice": words}


class DirectoryFilter(django_filters.FilterSet):
    """q, domaine, type, lieu, situation. `gazetteer` holds the places, which the page reads anyway."""

    q = django_filters.CharFilter(
        method="search",
        label=_("Name, acronym or place"),
        max_length=LONGEST_SEARCH,
        error_messages={"max_length": _("This search is too long: a few words are enough.")},
    )
    domaine = django_filters.ChoiceFilter(
        method="in_area",
        label=_("Contribution area"),
        choices=Area.choices,
        empty_label=_("All areas"),
        error_messages=known(_("There is no area “%(value)s”: choose one from the list.")),
    )
    type = django_filters.ChoiceFilter(
        field_name="organisation_type",
        label=_("Organisation type"),
        choices=OrganisationType.choices,
        empty_label=_("All types"),
        error_messages=known(_("There is no organisation type “%(value)s”: choose one from the list.")),
    )
    lieu = django_filters.ChoiceFilter(
        method="at_place",
        label=_("Place"),
        empty_label=_("All places"),
        error_messages=known(_("We do not know the place “%(value)s”: choose one from the list.")),
    )
    situation = django_filters.ChoiceFilter(
        method="in_standing",
        label=_("Standing"),
        choices=STANDING_CHOICES,
        empty_label=_("All standings"),
        error_messages=known(_("There is no standing “%(value)s”: choose one from the list.")),
    )

    class Meta:
        model = Partner
        fields: list[str] = []

    def __init__(self, data, *, queryset, gazetteer):
        super().__init__(data, queryset=queryset)
        self.gazetteer = gazetteer
        self.form.fields["lieu"].choices = list(gazetteer.choices())

    def search(self, partners, name, value):
        """Every word somewhere in the published names, summary and places; accents, case and apostrophes do not count."""
        for word in words_of(value):
            partners = partners.filter(search_text__contains=word)
        return partners

    def in_area(self, partners, name, value):
        return partners.filter(pk__in=PartnerArea.objects.filter(area=value).values("partner"))

    def at_place(self, partners, name, value):
        return partners.at(self.gazetteer.by_slug[value])

    def in_standing(self, partners, name, value):
        # Only these two come without a decision; who has one is found by index, before any standing is worked out.
        decided = Decision.objects.in_force().values("partner")
        without = value in (NOT_ASSESSED, IN_PROGRESS)
        narrowed = partners.exclude(pk__in=decided) if without else partners.filter(pk__in=decided)
        return with_standing(narrowed).filter(standing_code=value)

    @property
    def chosen(self):
        """(label, words) of each filter in use, for a sentence above the list and on the PDF; () when one is wrong."""
        if not self.is_valid():
            return ()
        return tuple(
            (str(field.label), self._words(field, value))
            for name, field in self.form.fields.items()
            if (value := self.form.cleaned_data.get(name))
        )

    @staticmethod
    def _words(field, value):
        if isinstance(field, forms.ChoiceField):
            return str(dict(field.choices)[value]).strip("\u00a0")
        return value


class LessonFilter(django_filters.FilterSet):
    """q, domaine, lieu. `gazetteer` holds the places, which the page reads anyway."""

    q = django_filters.CharFilter(
        method="search",
        label=_("Words of the lesson"),
        max_length=LONGEST_SEARCH,
        error_messages={"max_length": _("This search is too long: a few words are enough.")},
    )
    domaine = django_filters.ChoiceFilter(
        field_name="area",
        label=_("Contribution area"),
        choices=Area.choices,
        empty_label=_("All areas"),
        error_messages=known(_("There is no area “%(value)s”: choose one from the list.")),
    )
    lieu = django_filters.ChoiceFilter(
        method="at_place",
        label=_("Place"),
        empty_label=_("All places"),
        error_messages=known(_("We do not know the place “%(value)s”: choose one from the list.")),
    )

    class Meta:
        model = Lesson
        fields: list[str] = []

    def __init__(self, data, *, queryset, gazetteer):
        super().__init__(data, queryset=queryset)
        self.gazetteer = gazetteer
        self.form.fields["lieu"].choices = list(gazetteer.choices())

    def search(self, lessons, name, value):
        """Every word somewhere in the title, the text or the advice; accents, case and apostrophes do not count."""
        for word in words_of(value):
            lessons = lessons.filter(search_text__contains=word)
        return lessons

    def at_place(self, lessons, name, value):
        """Learned there or below. Where the organisation keeps a home, its town alone is found (design §9)."""
        place = self.gazetteer.by_slug[value]
        here = lessons.filter(place__lineage__startswith=place.lineage)
        if place.level in TOWN_OR_WIDER:
            return here
        home = PartnerPlace.objects.filter(kind=PlaceKind.HOME, partner=OuterRef("partner"), place=OuterRef("place"))
        return here.filter(~Exists(home))
