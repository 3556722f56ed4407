"""Who gets a mail about an organisation: its members, and ACE's people who do not belong to it."""

from django.db.models import Q
from django.utils import timezone

from ace_partners.core.models import User
from ace_partners.core.rights import EDITING_ROLES, Role
from partners.models import Membership


def accounts(role):
    """The active accounts with this ACE role."""
    return User.objects.filter(is_active=True, ace_roles__role=role).order_by("pk")


def members(partner, roles=EDITING_ROLES):
    """The active accounts that hold one of `roles` in the organisation today."""
    today = timezone.localdate()
    live = Membership.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today), starts_on__lte=today, partner=partner, role__in=roles
    )
    return User.objects.filter(is_active=True, pk__in=live.values("user")).order_by("pk")


def members_of(partner_ids, roles=EDITING_ROLES):
    """{partner id: its `members`} of several organisations, in one query."""
    today, found = timezone.localdate(), {pk: {} for pk in partner_ids}
    live = Membership.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today), starts_on__lte=today, partner__in=partner_ids, role__in=roles
    )
    for access in live.filter(user__is_active=True).select_related("user").order_by("user"):
        found[access.partner_id][access.user_id] = access.user
    return {partner: list(people.values()) for partner, people in found.items()}


def colleagues(role, partner, *, but=()):
    """The active accounts with this ACE role that do not belong to the organisation."""
    inside = members(partner, [Role.VIEWER, *EDITING_ROLES]).values("pk")
    return accounts(role).exclude(pk__in=inside).exclude(pk__in=[user.pk for user in but])


def examiners_and_direction(partner, *, but=()):
    """Due-diligence officers and the direction, each once, without those who belong to the organisation."""
    people = {user.pk: user for role in (Role.REVIEWER, Role.APPROVER) for user in colleagues(role, partner, but=but)}
    return people.values()
