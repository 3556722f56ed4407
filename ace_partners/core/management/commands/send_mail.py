import time

from django.core.management.base import BaseCommand

from ace_partners.core import mail


class Command(BaseCommand):
    help = "Hand the queued mail that is due to the mail server, one by one. --loop keeps going, for a service."

    def add_arguments(self, parser):
        parser.add_argument("--loop", action="store_true", help="look again every --every seconds until stopped")
        parser.add_argument("--every", type=int, default=30, help="seconds between two looks (default 30)")

    def handle(self, *args, loop, every, **options):
        while True:
            sent = mail.send_due()
            if sent or not loop:
                self.stdout.write(f"{sent} sent.")
            if not loop:
                return
            time.sleep(every)
