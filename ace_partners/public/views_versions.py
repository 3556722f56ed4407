"""An accepted version of a report, citable also after another one replaced it."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from ace_partners.public.answers import page, public
from impact.figures import read_version
from partners.models import Partner


@public
def report_version(request, slug, pk, number):
    """Values and spending as published; only versions that ACE accepted have an address."""
    partner = get_object_or_404(Partner.objects.published(), slug=slug)
    facts = read_version(partner, pk, number)
    if facts is None:
        raise Http404
    about = {"name": partner.name, "slug": partner.slug, "is_fictitious": partner.is_fictitious}
    return page(request, "public/report_version.html", {"facts": facts, "partner": about})
