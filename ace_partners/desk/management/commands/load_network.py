from django.core.management.base import BaseCommand, CommandError

from partners.loading import load_network
from partners.network_file import ReferenceFileError


class Command(BaseCommand):
    help = "Load ACE's first three partners: only facts of ACE's page, gaps marked, contradictions as notes. Safe to repeat."

    def handle(self, *args, **options):
        try:
            changes = load_network()
        except ReferenceFileError as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"partners: {len(changes)} loaded." if changes else "partners: nothing new.")
