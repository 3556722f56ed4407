import pytest

from ace_partners.core.rights import PARTNER_ROLES, Role
from ace_partners.core.tests.factories import UserFactory
from ace_partners.core.tests.fixtures import *  # noqa: F403
from partners.tests.factories import GrantFactory, MembershipFactory, PartnerFactory


@pytest.fixture
def partner(db):
    return PartnerFactory(name="Groupe Tumaini", slug="tumaini")


@pytest.fixture
def acting(partner):
    """An account acting on `partner` in a role: `acting("editor")`; "stranger" acts nowhere, an auditor holds a grant."""

    def make(role):
        if role == "stranger":
            return UserFactory()
        if role in PARTNER_ROLES:
            return MembershipFactory(partner=partner, role=role).user
        user = UserFactory(roles=[role])
        if role == Role.AUDITOR:
            GrantFactory(user=user, partner=partner)
        return user

    return make
