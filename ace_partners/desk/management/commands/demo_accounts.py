from django.core.management.base import BaseCommand

from ace_partners.desk.demo import accounts


class Command(BaseCommand):
    help = "Print the demonstration's sign-ins and their password."

    def handle(self, *args, **options):
        self.stdout.write("Demonstration sign-ins:")
        for email, what in accounts.sign_ins():
            self.stdout.write(f"  {email:<32} {what}")
        self.stdout.write(
            "  <organisation>@example.org       signatory of a fictitious one, e.g. mutuelle-tujenge@example.org"
        )
        self.stdout.write(f"Password of all: {accounts.PASSWORD}")
