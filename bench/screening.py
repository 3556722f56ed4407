"""How screening holds: fill a SQLite file with invented entries and organisations, then time one name and a whole run.

    .venv/bin/python bench/screening.py 5000 20000       (organisations, entries; a file in the temporary folder)

Prints the time to build the index, of one name against all entries (median of twenty), of `manage.py screen --all`, of
the same resumed when there is nothing left to do, and the peak memory of the process.
"""

import os
import random
import resource
import statistics
import sys
import tempfile
import time
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SEED = 2026
NAMES_PER_ENTRY = (1, 2, 2, 4)  # main name and aliases: 2.25 on average, as on the four lists together
PEOPLE = 5  # in office, per organisation
SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvwz" for vowel in "aeiou"]
WORDS = ("Femmes", "Paix", "Espoir", "Jeunes", "Avenir", "Mineurs", "Terre", "Solidarité", "Développement", "Enfants")


def start(path):
    """Django on this file, before anything of the project is imported."""
    os.environ |= {"DATABASE_URL": f"sqlite:///{path}", "DJANGO_SETTINGS_MODULE": "ace_partners.settings"}
    os.environ |= {"DEBUG": "false", "SECRET_KEY": "bench" * 10, "ALLOWED_HOSTS": "localhost"}
    sys.path.insert(0, str(ROOT))
    import django  # noqa: PLC0415

    django.setup()


class Names:
    """Invented names of three words, out of words that some bear often and most rarely, as in life."""

    def __init__(self, chance):
        self.chance = chance
        self.words = ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _number in range(25_000)]

    def word(self):
        return self.words[int(len(self.words) * self.chance.random() ** 3)]

    def person(self):
        return [self.word().capitalize() for _number in range(3)]

    def organisation(self):
        return f"{' '.join(self.chance.sample(WORDS, 3))} {self.word().capitalize()}"


def fill(organisations, entries):
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import transaction  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    names = Names(random.Random(SEED))  # noqa: S311
    with transaction.atomic():
        _lists(entries, names)
        _organisations(organisations, names)


def _lists(count, names):
    from django.utils import timezone  # noqa: PLC0415

    from vetting.matching import tokens_of  # noqa: PLC0415
    from vetting.models import SanctionsEdition, SanctionsEntry, SanctionsName  # noqa: PLC0415

    for publisher in ("un", "ofac", "eu", "uk"):
        share = count // 4
        zeros = dict.fromkeys(["names", "added", "changed", "removed"], 0)
        edition = SanctionsEdition.objects.create(
            publisher=publisher,
            edition_on=timezone.localdate(),
            sha256=sha256(publisher.encode()).hexdigest(),
            entries=share,
            **zeros,
        )
        rows = [
            SanctionsEntry(
                publisher=publisher,
                reference=f"B.{number}",
                kind="person" if number % 4 else "entity",
                fingerprint=f"{number:064d}",
                first_edition=edition,
                last_edition=edition,
            )
            for number in range(share)
        ]
        rows = SanctionsEntry.objects.bulk_create(rows, batch_size=2000)
        SanctionsName.objects.bulk_create(
            (
                SanctionsName(entry=row, text=text, tokens=" ".join(tokens_of(text)), is_primary=number == 0)
                for position, row in enumerate(rows)
                for number, text in enumerate(_names_of(row, names, NAMES_PER_ENTRY[position % 4]))
            ),
            batch_size=2000,
        )


def _names_of(row, names, count):
    if row.kind == "entity":
        return [names.organisation() for _number in range(count)]
    return [" ".join(names.person()) for _number in range(count)]


def _organisations(count, names):
    from partners.models import Partner, Person  # noqa: PLC0415

    rows = Partner.objects.bulk_create(
        (
            Partner(name=f"{names.organisation()} {n}", slug=f"b-{n}", acronym=f"B{n}", search_text="")
            for n in range(count)
        ),
        batch_size=2000,
    )
    people = (
        Person(partner=row, surname=surname, post_name=post_name, first_name=first_name, office="Membre")
        for row in rows
        for surname, post_name, first_name in (names.person() for _number in range(PEOPLE))
    )
    Person.objects.bulk_create(people, batch_size=2000)


def timed(act):
    begin = time.perf_counter()
    result = act()
    return time.perf_counter() - begin, result


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # MB on Linux


def main():
    organisations, entries = (int(argument) for argument in (sys.argv[1:] or ["5000", "20000"]))
    with tempfile.TemporaryDirectory() as folder:
        start(Path(folder) / "screening.sqlite3")
        fill(organisations, entries)
        _measure(organisations, entries)


def _measure(organisations, entries):
    from django.core.management import call_command  # noqa: PLC0415

    from partners.models import Person  # noqa: PLC0415
    from vetting.actions import listed_names  # noqa: PLC0415
    from vetting.matching import tokens_of  # noqa: PLC0415
    from vetting.models import Screening, ScreeningHit  # noqa: PLC0415

    print(f"filled: peak {peak():.0f} MB")
    seconds, lists = timed(listed_names.current)
    print(f"index of {len(lists.index)} names of {entries} entries: {seconds * 1000:.0f} ms, peak {peak():.0f} MB")
    subjects = [tokens_of(person.full_name) for person in Person.objects.order_by("?")[:20]]
    ask = {"person": True, "review_from": 0.85, "strong_from": 0.92}
    times = [timed(lambda: lists.index.search(tokens, **ask))[0] * 1000 for tokens in subjects]  # noqa: B023
    print(f"one name: median {statistics.median(times):.1f} ms, worst {max(times):.1f} ms")
    seconds, _none = timed(lambda: call_command("screen", "--all"))
    print(f"screen --all, {organisations} organisations: {seconds:.0f} s, peak {peak():.0f} MB")
    print(f"{Screening.objects.count()} screenings, {ScreeningHit.objects.count()} matches")
    seconds, _none = timed(lambda: call_command("screen", "--all", "--resume"))
    print(f"the same resumed, nothing left: {seconds:.0f} s, peak {peak():.0f} MB")


if __name__ == "__main__":
    main()
