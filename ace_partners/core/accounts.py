"""allauth's hooks: nobody signs up by themselves, and the sign-in form speaks of phones."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from django.utils.translation import gettext_lazy as _


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        """Accounts are made by ACE or by an organisation's signatory."""
        return False


class SignInForm(LoginForm):
    """E-mail and password; ticked, the session lasts thirty days, otherwise until the browser closes."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["remember"].label = _("This is my own phone or computer: stay signed in for 30 days")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
