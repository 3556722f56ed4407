from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from ace_partners.core import audit
from ace_partners.core.mail import link_to
from ace_partners.core.models import AceRole, User
from ace_partners.core.rights import ACE_ROLE_CHOICES


class Command(BaseCommand):
    help = "Open an account from the server, above all the first one; afterwards /admin/ does it. It sets no password."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--name", required=True, help="as colleagues read it: “Aline Kabwe”")
        parser.add_argument(
            "--role",
            action="append",
            default=[],
            choices=[code for code, label in ACE_ROLE_CHOICES],
            help="an ACE role; may be repeated. An account of an organisation needs none: it gets an access in /admin/",
        )

    def handle(self, *args, email, name, role, **options):
        email = _usable(email)
        roles = sorted(set(role))
        with transaction.atomic():
            user = User.objects.create_user(email, name=name.strip())
            AceRole.objects.bulk_create(AceRole(user=user, role=code) for code in roles)
            audit.record("user.added", user, by=None, after={"roles": roles, "active": True})
        self.stdout.write(f"Account {email} is open, with {', '.join(roles) or 'no ACE role'}.")
        self.stdout.write(
            f"{user} now chooses a password through « Mot de passe oublié »: {link_to('account_reset_password')}"
        )


def _usable(email):
    """The address in lower case; CommandError when it is none, or has an account already."""
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as mistake:
        raise CommandError(f"“{email}” is not an e-mail address.") from mistake
    if User.objects.filter(email__iexact=email).exists():
        raise CommandError(f"There is an account {email} already; its roles are changed in /admin/.")
    return email
