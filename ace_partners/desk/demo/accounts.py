"""The demonstration's sign-ins. They exist in a demonstration only, and share one password that is printed."""

from ace_partners.core.models import AceRole, User
from ace_partners.core.rights import Role
from partners.models import Membership, Partner

PASSWORD = "kobalt-clair-2026"  # noqa: S105 (printed by `make demo`; production refuses the demonstration)

# (address, name, ACE role)
STAFF = [
    ("diligence@example.org", "Rachel Mwamba", Role.REVIEWER),
    ("diligence2@example.org", "Patient Kalala", Role.REVIEWER),
    ("suivi@example.org", "Suzanne Ilunga", Role.ME_OFFICER),
    ("direction@example.org", "Albert Tshibangu", Role.APPROVER),
    ("direction2@example.org", "Claudine Ngoy", Role.APPROVER),
    ("admin@example.org", "Aline Kazadi", Role.ADMIN),
    ("auditeur@example.org", "Paul Auditeur", Role.AUDITOR),
]
# (address, name, organisation, role)
MEMBERS = [
    ("afa@example.org", "Signataire A.F.A.", "afa", Role.SIGNATORY),
    ("afa-editeur@example.org", "Éditrice A.F.A.", "afa", Role.EDITOR),
    ("afa-lecteur@example.org", "Lecteur A.F.A.", "afa", Role.VIEWER),
    ("kwetu@example.org", "Signataire Maison Kwetu", "maison-kwetu", Role.SIGNATORY),
    ("cmds@example.org", "Signataire CMDS", "cmds", Role.SIGNATORY),
]


def account(email, name):
    """The account of this address, made when it is missing."""
    user = User.objects.filter(email=email).first()
    return user or User.objects.create_user(email, PASSWORD, name=name)


def load_staff():
    """Make the accounts of ACE's people."""
    for email, name, role in STAFF:
        AceRole.objects.get_or_create(user=account(email, name), role=role)


def load_members():
    """Make the accounts of the three real partners."""
    for email, name, slug, role in MEMBERS:
        join(email, name, Partner.objects.get(slug=slug), role)


def join(email, name, partner, role):
    """Give an account its access to an organisation, once; return the account."""
    user = account(email, name)
    if not Membership.objects.filter(user=user, partner=partner).exists():
        Membership.objects.create(user=user, partner=partner, role=role)
    return user


def sign_ins():
    """(address, what it is) of every demonstration account, for the lines that `make demo` prints."""
    staff = [(email, role.label) for email, name, role in STAFF]
    return staff + [(email, f"{slug} · {role.label}") for email, name, slug, role in MEMBERS]
