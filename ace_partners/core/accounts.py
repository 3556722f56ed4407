"""allauth's hooks: nobody signs up by themselves; allauth's own letters go through our outbox's templates and backend."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        """Accounts are made by ACE or by an organisation's signatory."""
        return False
