"""Where a person begins, and what the navigation offers; both cost next to nothing."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.test import RequestFactory

from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import UserFactory
from ace_partners.desk.context import navigation
from partners.tests.factories import MembershipFactory


@pytest.mark.parametrize(
    ("roles", "member", "where"),
    [
        ([Role.REVIEWER], False, "/equipe/"),
        ([Role.ADMIN], False, "/equipe/"),
        ([Role.ME_OFFICER], True, "/equipe/"),
        ([Role.AUDITOR], False, "/equipe/partenaires/"),
        ([Role.AUDITOR, Role.APPROVER], False, "/equipe/"),
        ([], True, "/espace/"),
        ([], False, "/espace/"),
    ],
)
def test_start(roles, member, where, db, login):
    user = UserFactory(roles=roles)
    if member:
        MembershipFactory(user=user)

    response = login(user).get("/debut/")

    assert (response.status_code, response["Location"]) == (302, where)


@pytest.mark.parametrize(
    ("role", "labels"),
    [
        (Role.REVIEWER, ["Organisations", "Dossiers", "Reports", "Dashboard", "Mail queue", "Records"]),
        (Role.ME_OFFICER, ["Organisations", "Reports", "Dashboard", "Mail queue", "Records"]),
        (Role.APPROVER, ["Organisations", "Dossiers", "Reports", "Dashboard", "Mail queue", "Records"]),
        (Role.ADMIN, ["Organisations", "Mail queue", "Records"]),
        (Role.AUDITOR, ["Organisations", "Dossiers", "Reports"]),
    ],
)
def test_work_lists_of_each_role(role, labels, db, login):
    user = UserFactory(roles=[role])
    request = RequestFactory().get("/")
    request.user = user

    links = navigation(request)["desk_links"]

    assert [str(link["label"]) for link in links] == labels
    client = login(user)
    assert {client.get(link["url"]).status_code for link in links} == {200}


def test_a_link_is_marked_on_its_own_pages_only(reviewer, login):
    html = login(reviewer).get("/equipe/partenaires/").content.decode()

    assert '<a href="/equipe/partenaires/" aria-current="page">Organisations</a>' in html
    assert '<a href="/equipe/" aria-current="true">My work</a>' in html
    assert '<a href="/partenaires/">Partners</a>' in html


def test_members_have_no_second_row(signatory, login):
    assert 'class="subnav' not in login(signatory).get("/espace/").content.decode()


def test_auditor_finds_the_way_to_work_from_any_page(auditor, login):
    html = login(auditor).get("/criteres/").content.decode()

    assert '<a href="/equipe/partenaires/">My work</a>' in html
    assert '<a href="/espace/">' not in html


def test_space_is_offered_to_members_only(signatory, reviewer, login):
    assert '<a href="/espace/">My space</a>' in login(signatory).get("/criteres/").content.decode()
    assert '<a href="/espace/">' not in login(reviewer).get("/criteres/").content.decode()


def test_navigation_costs_one_query_and_none_when_unused_or_anonymous(signatory, django_assert_num_queries):
    request = RequestFactory().get("/")
    request.user = signatory
    signatory.roles  # noqa: B018 (the account has read its ACE roles already)

    with django_assert_num_queries(0):
        context = navigation(request)
    with django_assert_num_queries(1):
        Template("{% if nav_space %}{% endif %}{% if nav_space %}{% endif %}{% if nav_reader %}{% endif %}").render(
            Context(context)
        )
        assert list(context["desk_links"]) == []

    request.user = AnonymousUser()
    with django_assert_num_queries(0):
        context = navigation(request)
        assert (bool(context["nav_space"]), bool(context["nav_reader"]), list(context["desk_links"])) == (
            False,
            False,
            [],
        )


def test_navigation_without_a_user_at_all():
    context = navigation(RequestFactory().get("/"))

    assert (bool(context["nav_space"]), list(context["desk_links"])) == (False, [])
