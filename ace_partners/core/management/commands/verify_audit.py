import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ace_partners.core import audit
from ace_partners.core.models import AuditEvent


class Command(BaseCommand):
    help = "Prove that the audit trail is whole: every hash follows from the one before, no tail is missing."

    def handle(self, *args, **options):
        path = Path(settings.ACE_AUDIT_ANCHOR)
        anchors = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
        faults = list(audit.faults(anchors))
        if faults:
            raise CommandError("The audit trail is broken.\n" + "\n".join(faults))
        events = AuditEvent.objects.count()
        self.stdout.write(f"The audit trail is whole: {events} events, {len(anchors)} anchors compared.")
