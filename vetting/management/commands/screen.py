"""`manage.py screen`: screen one organisation or the whole network against the active sanctions lists."""

from django.core.management.base import BaseCommand, CommandError

from partners.models import Partner
from vetting.actions import listed_names
from vetting.actions.screening_runs import everybody, run
from vetting.models import ScreeningReason
from vetting.rules.screening import missing_lists

BAR = 40  # characters
LOG_EVERY = 250  # organisations


class Command(BaseCommand):
    help = "Screen organisations against the imported sanctions lists. Can be stopped at any moment and resumed."

    def add_arguments(self, parser):
        who = parser.add_mutually_exclusive_group(required=True)
        who.add_argument("--all", action="store_true", help="every organisation whose relationship has not ended")
        who.add_argument("--partner", metavar="SLUG", help="one organisation, by its name in addresses")
        parser.add_argument("--resume", action="store_true", help="skip those whose newest screening still counts")

    def handle(self, *args, **options):
        partners = everybody() if options["all"] else Partner.objects.filter(slug=options["partner"])
        if options["partner"] and not partners.exists():
            raise CommandError(f"No organisation is called {options['partner']!r} in addresses.")
        lists = listed_names.current()
        if not lists.editions:
            raise CommandError("No list is imported yet: run import_sanctions first.")
        missing = missing_lists({edition.publisher for edition in lists.editions})
        if missing:
            self.stderr.write(f"Not imported: {', '.join(str(label) for label in missing)}.")
        reason = ScreeningReason.IMPORT if options["all"] else ScreeningReason.MANUAL
        self.go(partners, reason, options["resume"])

    def go(self, partners, reason, resume):
        state = None
        steps = run(partners, reason=reason, resume=resume)
        try:
            for state in steps:
                self.draw(state)
        except KeyboardInterrupt:
            steps.close()
            self.stderr.write("")
            self.report(state)
            raise CommandError("Stopped. What is screened is kept; go on with --resume.") from None
        self.report(state)

    def draw(self, state):
        """A bar on a terminal; a line now and then in a log."""
        if not self.stderr.isatty():
            if state.done % LOG_EVERY == 0 or state.done == state.total:
                self.stderr.write(f"{state.done}/{state.total}, {state.new_hits} new matches")
            return
        full = BAR * state.done // state.total
        bar = "█" * full + "·" * (BAR - full)
        ending = "\n" if state.done == state.total else ""
        self.stderr.write(f"\r{bar} {state.done}/{state.total}, {state.new_hits} new matches", ending=ending)
        self.stderr.flush()

    def report(self, state):
        if state is None:
            self.stdout.write("Nothing to screen.")
            return
        self.stdout.write(
            f"{state.screened} screened, {state.skipped} skipped, "
            f"{state.with_hits} with matches, {state.new_hits} new matches."
        )
