from django.core.management.base import BaseCommand, CommandError

from impact.loading import IndicatorFileError, load_indicators
from partners.loading import load_document_types, load_places
from partners.network_file import ReferenceFileError
from vetting.checklist_file import ChecklistError
from vetting.loading import load_checklist

# In this order: the checklist names document types.
KINDS = (
    ("places", load_places),
    ("document types", load_document_types),
    ("checklist", load_checklist),
    ("indicators", load_indicators),
)


class Command(BaseCommand):
    help = "Load the reference data: places, document types, criteria and checklist, indicators. Safe to repeat."

    def handle(self, *args, **options):
        for kind, load in KINDS:
            try:
                changes = load()
            except (ReferenceFileError, ChecklistError, IndicatorFileError) as refusal:
                raise CommandError(str(refusal)) from None
            self.stdout.write(f"{kind}: {len(changes)} loaded." if changes else f"{kind}: nothing new.")
