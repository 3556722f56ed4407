"""Who may keep accounts. Every function returns the reasons against; [] means yes."""

from django.utils.translation import gettext as _

from ace_partners.core.rights import Role


def against_keeping_accounts(user):
    """Accounts and roles are kept by the admin role; the direction reads them."""
    return [] if Role.ADMIN in user.roles else [_("Only the accounts officer can open or change an account.")]


def against_changing_account(account, user):
    """Nobody gives rights to themselves."""
    reasons = against_keeping_accounts(user)
    if account.pk == user.pk:
        reasons.append(_("Nobody changes their own account here: another accounts officer has to do it."))
    return reasons
