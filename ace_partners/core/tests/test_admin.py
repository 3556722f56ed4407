"""Accounts and the audit trail in Django's admin."""

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from ace_partners.core import audit
from ace_partners.core.models import AceRole, AuditEvent, OutgoingMail, User
from ace_partners.core.rights import STAFF_ROLES, Role
from ace_partners.core.tests.factories import UserFactory

pytestmark = pytest.mark.django_db

STAFF = sorted(STAFF_ROLES)
ACCOUNTS = reverse("admin:core_user_changelist")
ADD = reverse("admin:core_user_add")
EVENTS = reverse("admin:core_auditevent_changelist")


def account_page(user):
    return reverse("admin:core_user_change", args=[user.pk])


def event_page(event):
    return reverse("admin:core_auditevent_change", args=[event.pk])


def fields(*roles, **others):
    """The account form with its inline of roles."""
    rows = {f"ace_roles-{number}-role": role for number, role in enumerate(roles)}
    base = {"name": "Jeanne Kalonji", "email": "Jeanne@Example.org", "language": "fr", "is_active": "on"}
    return {**base, "ace_roles-TOTAL_FORMS": len(roles), "ace_roles-INITIAL_FORMS": 0, **rows, **others}


# --- accounts ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", STAFF)
def test_who_sees_and_keeps_accounts(login, role):
    other = UserFactory()
    client = login(UserFactory(roles=[role]))

    answers = [client.get(page) for page in (ACCOUNTS, ADD, account_page(other))]

    expected = {Role.ADMIN: [200, 200, 200], Role.APPROVER: [200, 403, 200]}.get(role, [404, 404, 404])
    assert [answer.status_code for answer in answers] == expected
    assert ('name="_save"' in answers[2].content.decode()) == (role == Role.ADMIN)


def test_an_account_is_opened_without_a_password_and_its_owner_is_told(login, ace_admin):
    answer = login(ace_admin).post(ADD, fields(Role.REVIEWER, password="volé"))

    user = User.objects.get(email="jeanne@example.org")
    assert answer.status_code == 302
    assert (user.name, user.roles, user.has_usable_password()) == ("Jeanne Kalonji", {Role.REVIEWER}, False)
    letter = OutgoingMail.objects.get()
    assert (letter.to_address, letter.caused_by) == ("jeanne@example.org", ace_admin)
    assert reverse("account_reset_password") in letter.body
    event = AuditEvent.objects.get()
    assert (event.action, event.target_label) == ("user.added", f"compte {user.pk}")
    assert event.after == {
        "fields": ["name", "email", "acerole"],
        "roles": ["reviewer"],
        "active": True,
    }


def test_a_second_tap_opens_one_account_and_sends_one_letter(login, ace_admin):
    client = login(ace_admin)
    for _tap in (1, 2):
        client.post(ADD, fields(), once="the-same")

    assert User.objects.filter(email="jeanne@example.org").count() == 1
    assert OutgoingMail.objects.count() == 1


def test_an_address_is_used_once_whatever_its_case(login, ace_admin):
    UserFactory(email="jeanne@example.org")

    answer = login(ace_admin).post(ADD, fields(email="JEANNE@example.org"))

    assert answer.status_code == 200
    assert User.objects.filter(email__iexact="jeanne@example.org").count() == 1


def test_nobody_gives_rights_to_themselves(login, ace_admin):
    answer = login(ace_admin).post(account_page(ace_admin), fields(Role.APPROVER))

    assert answer.status_code == 403
    assert list(AceRole.objects.filter(user=ace_admin).values_list("role", flat=True)) == [Role.ADMIN]


def test_another_address_closes_the_old_one(login, ace_admin):
    user = UserFactory(email="ancienne@example.org")
    EmailAddress.objects.create(user=user, email="ancienne@example.org", primary=True, verified=True)

    login(ace_admin).post(account_page(user), fields())

    user.refresh_from_db()
    assert user.email == "jeanne@example.org"
    assert EmailAddress.objects.count() == 0


def test_a_role_is_taken_away_and_recorded(login, ace_admin):
    user = UserFactory(roles=[Role.REVIEWER], name="Jeanne Kalonji", email="jeanne@example.org")
    row = user.ace_roles.get()
    rows = {"ace_roles-TOTAL_FORMS": 1, "ace_roles-INITIAL_FORMS": 1, "ace_roles-0-id": row.pk}
    rows |= {"ace_roles-0-user": user.pk, "ace_roles-0-role": "reviewer", "ace_roles-0-DELETE": "on"}

    login(ace_admin).post(account_page(user), {**fields(email=user.email), **rows})

    assert AceRole.objects.filter(user=user).count() == 0
    assert AuditEvent.objects.get().after == {"fields": ["acerole"], "roles": [], "active": True}


def test_a_deactivated_account_is_out_at_once(login, ace_admin, reviewer):
    inside = login(reviewer)
    assert inside.get(reverse("admin:index")).status_code == 200

    closed = fields(name=reviewer.name, email=reviewer.email)
    del closed["is_active"]
    login(ace_admin).post(account_page(reviewer), closed)

    assert inside.get(reverse("admin:index")).status_code == 302


def test_accounts_are_never_deleted(login, ace_admin, reviewer):
    answer = login(ace_admin).post(reverse("admin:core_user_delete", args=[reviewer.pk]), {"post": "yes"})

    assert answer.status_code == 403
    assert User.objects.filter(pk=reviewer.pk).exists()


def test_passwords_are_changed_on_the_account_pages_only(login, ace_admin):
    answer = login(ace_admin).get(reverse("admin:password_change"))

    assert (answer.status_code, answer["Location"]) == (302, reverse("account_change_password"))


@pytest.mark.parametrize("name", ["account_emailaddress", "mfa_authenticator", "auth_group"])
def test_what_asks_django_s_own_permissions_stays_closed(login, name):
    answer = login(UserFactory(roles=STAFF)).get(reverse(f"admin:{name}_changelist"))

    assert answer.status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count_of_the_accounts(login, ace_admin, rows, django_assert_num_queries):
    for _row in range(rows):
        UserFactory(roles=[Role.REVIEWER])
    client = login(ace_admin)

    with django_assert_num_queries(6):  # session, user, roles, count, accounts, their roles
        client.get(ACCOUNTS)


# --- the audit trail --------------------------------------------------------------------------------------------------


@pytest.fixture
def events(reviewer, approver):
    mine = audit.record("user.edited", approver, by=reviewer, after={"secret": "du réexamen"}, reason="Parce que.")
    other = audit.record("user.edited", reviewer, by=approver, after={"secret": "de la direction"}, reason="Autre.")
    return mine, other


@pytest.mark.parametrize(
    ("role", "listed"),
    [(Role.REVIEWER, 0), (Role.ME_OFFICER, 0), (Role.APPROVER, 2), (Role.ADMIN, 2)],
)
def test_who_sees_which_events(login, events, role, listed):
    answer = login(UserFactory(roles=[role])).get(EVENTS)

    assert len(answer.context["cl"].result_list) == listed


def test_an_officer_sees_their_own_events_whole_and_no_others(login, events, reviewer):
    mine, other = events
    client = login(reviewer)

    assert "du réexamen" in client.get(event_page(mine)).content.decode()
    assert client.get(event_page(other)).status_code == 404


def test_the_admin_role_sees_that_something_happened_not_what(login, events, ace_admin):
    page = login(ace_admin).get(event_page(events[0])).content.decode()

    assert "user.edited" in page
    assert "du réexamen" not in page
    assert "Parce que." not in page


def test_the_direction_sees_everything_and_changes_nothing(login, events, approver):
    client = login(approver)
    page = client.get(event_page(events[0])).content.decode()

    assert "du réexamen" in page
    assert "Parce que." in page
    assert 'name="_save"' not in page
    assert client.post(event_page(events[0]), {"reason": "réécrit"}).status_code == 403
    assert client.get(reverse("admin:core_auditevent_add")).status_code == 403
    assert client.post(reverse("admin:core_auditevent_delete", args=[events[0].pk])).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count_of_the_events(login, approver, rows, django_assert_num_queries):
    for _row in range(rows):
        audit.record("user.edited", approver, by=approver)
    client = login(approver)

    with django_assert_num_queries(5):  # session, user, roles, count, events
        client.get(EVENTS)
