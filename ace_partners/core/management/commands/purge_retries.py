from django.core.management.base import BaseCommand

from ace_partners.core import retries


class Command(BaseCommand):
    help = "Remove the uploads that waited a day for their form to be sent again."

    def handle(self, *args, **options):
        self.stdout.write(f"{retries.purge()} files removed.")
