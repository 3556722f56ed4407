from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from ace_partners.core.errors import NotAllowed
from vetting import list_phrases
from vetting.actions import lists as actions
from vetting.lists import ListFileError, Source
from vetting.models import SanctionsList


class Command(BaseCommand):
    help = (
        "Import one edition of an official sanctions list from its files as they are published."
        " Nothing is changed when a file is bad; the same files twice are the same edition."
    )

    def add_arguments(self, parser):
        parser.add_argument("--list", required=True, choices=SanctionsList.values, dest="publisher")
        parser.add_argument(
            "files", nargs="+", type=Path, metavar="FILE", help="all files of the edition, in any order"
        )
        parser.add_argument(
            "--date",
            type=date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="day of the edition, where its files have none",
        )
        parser.add_argument(
            "--accept-shrink", default="", metavar="REASON", help="why the list may have lost most of its entries"
        )

    def handle(self, *args, publisher, files, date, accept_shrink, **options):
        for path in files:
            if not path.is_file():
                raise CommandError(_("There is no file %(path)s.") % {"path": path})
        try:
            done = actions.import_edition(
                publisher,
                [Source(path.name, path) for path in files],
                by=None,
                edition_on=date,
                shrink_reason=accept_shrink,
                progress=self.show,
            )
        except ListFileError as bad:
            raise CommandError(list_phrases.sentence(bad)) from bad
        except NotAllowed as refusal:
            raise CommandError(" ".join(str(reason) for reason in refusal.reasons)) from refusal
        self.stdout.write(list_phrases.done(done.edition, is_new=done.is_new))

    def show(self, done, total):
        """One line that counts up on a terminal; a log gets the end alone."""
        if self.stderr.isatty():
            self.stderr.write(f"\r{done}/{total}", ending="\n" if done == total else "")
