"""Filters of the desk's lists; they live in the query string, so that any list can be linked."""

import django_filters
from django.utils.translation import gettext_lazy as _

from ace_partners.core.models import OutgoingMail
from ace_partners.core.models.mail import MailState
from ace_partners.core.search import fold
from partners.models import Area, OrganisationType, Partner, Relationship
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
