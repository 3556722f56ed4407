from django.core.management.base import BaseCommand, CommandError

from impact.actions.papers import build_missing


class Command(BaseCommand):
    help = (
        "Build the papers of accepted reports that are not there yet. Safe to repeat; what is kept is never made anew."
    )

    def handle(self, *args, **options):
        built, failed = build_missing()
        self.stdout.write(f"papers: {built} built.")
        if failed:
            raise CommandError(f"papers: {failed} could not be built; the log says why.")
