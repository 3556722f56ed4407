"""The command that opens the first account of a new server."""

import io

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.urls import reverse

from ace_partners.core.models import AuditEvent, User
from ace_partners.core.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def create(*arguments):
    out = io.StringIO()
    call_command("create_account", *arguments, stdout=out)
    return out.getvalue()


def test_opens_an_account_with_its_roles_and_says_how_its_password_is_chosen(settings):
    settings.SITE_URL = "https://ace.example.org"

    said = create("Aline@Example.org", "--name", "Aline Kabwe", "--role", "admin", "--role", "approver")

    user = User.objects.get()
    assert (user.email, user.name, user.is_active, user.has_usable_password(), user.roles) == (
        "aline@example.org",
        "Aline Kabwe",
        True,
        False,
        {"admin", "approver"},
    )
    assert said == (
        "Account aline@example.org is open, with admin, approver.\n"
        "Aline Kabwe now chooses a password through « Mot de passe oublié »: "
        "https://ace.example.org/compte/mot-de-passe/oublie/\n"
    )


def test_leaves_an_event_without_name_or_address():
    create("aline@example.org", "--name", "Aline Kabwe", "--role", "admin")

    event = AuditEvent.objects.get()
    assert (event.action, event.actor, event.actor_name, event.target_label, event.after) == (
        "user.added",
        None,
        "ace_partners",
        f"compte {User.objects.get().pk}",
        {"roles": ["admin"], "active": True},
    )


def test_the_new_account_gets_the_link_that_it_asks_for(client):
    create("aline@example.org", "--name", "Aline Kabwe", "--role", "admin")

    client.post(reverse("account_reset_password"), {"email": "aline@example.org"})

    assert [(letter.to, "/compte/mot-de-passe/nouveau/" in letter.body) for letter in mail.outbox] == [
        (["aline@example.org"], True)
    ]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["aline", "--name", "A"], "“aline” is not an e-mail address."),
        (["TAKEN@example.org", "--name", "A"], "There is an account taken@example.org already; its roles are changed"),
        (["aline@example.org", "--name", "A", "--role", "boss"], "invalid choice: 'boss'"),
        (["aline@example.org"], "the following arguments are required: --name"),
    ],
)
def test_refuses_in_one_sentence_and_changes_nothing(arguments, sentence):
    UserFactory(email="taken@example.org")

    with pytest.raises(CommandError, match=sentence.replace(".", r"\.")):
        create(*arguments)

    assert (User.objects.count(), AuditEvent.objects.count()) == (1, 0)
