from django.core.management.base import BaseCommand

from ace_partners.core import digest


class Command(BaseCommand):
    help = "Queue the mail of the day for everybody for whom work is waiting. Once a morning is enough; twice sends nothing twice."

    def handle(self, *args, **options):
        self.stdout.write(f"{digest.send_digests()} mails queued.")
