"""People who sign in. Rights come from ACE roles here and from memberships in `partners`, never from being an author."""

from functools import cached_property

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from ace_partners.core.rights import ACE_ROLE_CHOICES, STAFF_ROLES, Role


class UserQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Accounts are kept by the admin role and read by the direction."""
        return self if user.roles & {Role.ADMIN, Role.APPROVER} else self.none()


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        """Create an account that signs in with `email`; without a password it cannot sign in yet."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person's account. It is deactivated, never deleted: what it signed must stay attributable."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    language = models.CharField(_("language"), max_length=5, default="fr")
    wants_digest = models.BooleanField(
        _("mail of the day"), default=True, help_text=_("One mail a day with the work that nobody has taken yet.")
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager.from_queryset(UserQuerySet)()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["name", "pk"]

    def __str__(self):
        return self.name or self.email

    def get_full_name(self):
        return str(self)

    @cached_property
    def roles(self):
        """The ACE role codes of this account (one query per request)."""
        return frozenset(self.ace_roles.values_list("role", flat=True))

    def has_perm(self, perm, obj=None):
        """Django's own permissions open nothing: an admin page that does not ask our rules stays closed."""
        return False

    def has_module_perms(self, app_label):
        return False

    @property
    def is_staff(self):
        """Django admin's question; an auditor is not staff."""
        return bool(self.roles & STAFF_ROLES)

    @property
    def audit_chain(self):
        return "network"

    @property
    def audit_label(self):
        return f"compte {self.pk}"  # no name or address in a row that can never be changed


class AceRole(models.Model):
    """One of ACE's five roles, held by an account."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="ace_roles")
    role = models.CharField(_("role"), max_length=12, choices=ACE_ROLE_CHOICES)

    class Meta:
        verbose_name = _("ACE role")
        verbose_name_plural = _("ACE roles")
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], name="ace_role_once_per_account"),
            models.CheckConstraint(
                condition=models.Q(role__in=[code for code, label in ACE_ROLE_CHOICES]), name="ace_role_is_known"
            ),
        ]

    def __str__(self):
        return self.get_role_display()
