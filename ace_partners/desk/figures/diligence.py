"""What stands around an organisation's dossiers, in one card of its page: holds, and the way to each room."""

from django.urls import reverse
from django.utils.translation import gettext as _

from ace_partners.core.rights import CASE_ROLES, Role
from vetting.holds import open_holds
from vetting.models import CapacityPlan, Passport

EXAMINERS = frozenset({Role.REVIEWER, Role.APPROVER, Role.AUDITOR})
READERS = CASE_ROLES | {Role.AUDITOR}


def holds_of(partner, roles):
    """The open holds, for those who work on the file."""
    return open_holds(partner) if roles & READERS else ()


def rooms_of(partner, user, roles):
    """Links to the organisation's follow-up, screenings, measures, plan and passport: those open to these roles."""
    links = [
        (READERS, _("Holds, flags, visits"), reverse("desk:following", args=[partner.slug])),
        (EXAMINERS, _("Screenings"), reverse("vetting:screening_list", args=[partner.slug])),
        (READERS, _("Measures"), reverse("vetting:measures", args=[partner.slug])),
    ]
    plan = CapacityPlan.objects.visible_to_team(user).filter(partner=partner).first() if roles & READERS else None
    if plan:
        links.append((READERS, _("Capacity plan"), reverse("vetting:plan", args=[plan.pk])))
    passport = Passport.objects.visible_to(user).filter(partner=partner).first() if roles & READERS else None
    if passport:
        links.append((READERS, _("Passport"), reverse("vetting:passport", args=[passport.pk])))
    return [{"label": label, "url": url} for who, label, url in links if who & roles]
