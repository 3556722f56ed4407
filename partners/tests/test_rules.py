"""Every rule for every role, against the table of design §6 written out once more."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import UserFactory
from partners import rules
from partners.models import Relationship
from partners.tests.factories import (
    DocumentFactory,
    DocumentTypeFactory,
    GrantFactory,
    MembershipFactory,
    PartnerFactory,
)

EVERYBODY = ("stranger", *Role.values)
TODAY = timezone.localdate


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def allowed(rule, acting):
    """The roles against which `rule(user)` says nothing."""
    return {role for role in EVERYBODY if not rule(acting(role))}


# --- who holds which role on which organisation -----------------------------------------------------------------------


@pytest.mark.parametrize("role", Role.values)
def test_everyone_holds_the_role_they_act_in(partner, acting, role):
    assert rules.roles_on(acting(role), partner) == {role}


def test_a_membership_displaces_every_ace_role_on_that_organisation_alone(partner, reviewer):
    other = PartnerFactory()
    MembershipFactory(user=reviewer, partner=partner, role=Role.VIEWER)

    assert rules.roles_on(reviewer, partner) == {Role.VIEWER}
    assert rules.roles_on(reviewer, other) == {Role.REVIEWER}


@pytest.mark.parametrize(("starts", "ends"), [(-30, -1), (1, 30), (1, None)])
def test_a_membership_counts_only_between_its_dates(partner, reviewer, starts, ends):
    MembershipFactory(
        user=reviewer,
        partner=partner,
        starts_on=TODAY() + timedelta(days=starts),
        ends_on=None if ends is None else TODAY() + timedelta(days=ends),
    )

    assert rules.roles_on(reviewer, partner) == {Role.REVIEWER}


@pytest.mark.parametrize(
    "grant",
    [
        {"starts_on": TODAY() - timedelta(days=9), "ends_on": TODAY() - timedelta(days=1)},
        {"starts_on": TODAY() + timedelta(days=1)},
        {"revoked_at": timezone.now()},
    ],
    ids=["expired", "not yet", "revoked"],
)
def test_an_auditor_without_a_live_grant_holds_nothing(partner, auditor, grant):
    GrantFactory(user=auditor, partner=partner, **grant)

    assert rules.roles_on(auditor, partner) == set()


# --- the relationship -------------------------------------------------------------------------------------------------

MAY_MOVE = {"apply": {Role.REVIEWER, Role.APPROVER}, "activate": {Role.APPROVER}}


@pytest.mark.parametrize("name", MAY_MOVE)
def test_who_may_move_the_relationship(partner, acting, name):
    move = rules.RELATIONSHIP[name]

    assert allowed(lambda user: rules.against_moving_relationship(partner, move, user), acting) == MAY_MOVE[name]


def test_the_relationship_leads_from_contact_to_its_end():
    moves = {(source, move.name, move.target) for move in rules.RELATIONSHIP.moves for source in move.sources}

    assert moves == {
        ("prospect", "apply", "applicant"),
        ("applicant", "activate", "active"),
        ("active", "suspend", "suspended"),
        ("suspended", "lift", "active"),
        ("active", "end", "ended"),
        ("suspended", "end", "ended"),
    }
    assert rules.RELATIONSHIP.initial == Relationship.PROSPECT


# --- the other rules --------------------------------------------------------------------------------------------------


def test_who_may_add_a_document(partner, acting):
    rule = lambda user: rules.against_adding_document(partner, user)  # noqa: E731

    assert allowed(rule, acting) == {Role.EDITOR, Role.SIGNATORY, Role.REVIEWER, Role.ME_OFFICER}


def test_who_may_publish_a_document(partner, acting):
    document = DocumentFactory(partner=partner)

    assert allowed(lambda user: rules.against_publishing_document(document, user), acting) == rules.RECORD_KEEPERS
    assert allowed(lambda user: rules.against_unpublishing_document(document, user), acting) == rules.RECORD_KEEPERS


@pytest.mark.parametrize("confidentiality", ["internal", "restricted"])
def test_a_confidential_type_is_never_published(partner, reviewer, confidentiality):
    kind = DocumentTypeFactory(code="RIB", confidentiality=confidentiality)

    reasons = rules.against_publishing_document(DocumentFactory(partner=partner, type=kind), reviewer)

    assert reasons == ["This type of document is never public."]


def test_a_replaced_document_is_not_published(partner, reviewer):
    old = DocumentFactory(partner=partner)
    DocumentFactory(partner=partner, replaces=old)

    assert rules.against_publishing_document(old, reviewer) == [
        "A newer version replaces this document; publish that one."
    ]


def test_only_the_newest_own_version_is_replaced(partner):
    old = DocumentFactory(partner=partner)
    newer = DocumentFactory(partner=partner, replaces=old)
    foreign = DocumentFactory()

    assert rules.against_replacing_document(newer, partner) == []
    assert rules.against_replacing_document(old, partner) == [
        "This document was already replaced; replace its newest version."
    ]
    assert rules.against_replacing_document(foreign, partner) == [
        "The document to replace belongs to another organisation."
    ]


def test_who_may_keep_the_record(partner, acting):
    assert allowed(lambda user: rules.against_editing_record(partner, user), acting) == {Role.REVIEWER, Role.APPROVER}
    assert allowed(rules.against_adding_partner, acting) == {Role.REVIEWER, Role.APPROVER}


def test_who_may_manage_accesses(partner, acting):
    assert allowed(lambda user: rules.against_managing_members(partner, user), acting) == {Role.ADMIN, Role.SIGNATORY}
    assert allowed(rules.against_keeping_accesses, acting) == {Role.ADMIN}


def test_who_may_grant(partner, acting):
    assert allowed(lambda user: rules.against_granting(partner, user), acting) == {Role.ADMIN, Role.APPROVER}


def test_who_keeps_reference_data(acting, partner):
    assert allowed(rules.against_keeping_reference, acting) == {Role.ADMIN}
    assert allowed(rules.against_keeping_places, acting) == {Role.ADMIN, Role.REVIEWER}


def test_members_are_those_with_a_membership(partner, acting):
    members = {role for role in EVERYBODY if rules.is_member(acting(role), partner)}

    assert members == {Role.VIEWER, Role.EDITOR, Role.SIGNATORY}


def test_a_member_of_another_organisation_is_a_stranger(partner):
    user = MembershipFactory(role=Role.SIGNATORY).user

    assert rules.roles_on(user, partner) == set()


def test_several_roles_add_up(partner):
    user = UserFactory(roles=[Role.REVIEWER, Role.APPROVER])

    assert rules.roles_on(user, partner) == {Role.REVIEWER, Role.APPROVER}
