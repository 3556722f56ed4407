"""How the directory holds as the network grows: fill a SQLite file with N invented partners, then time its pages.

    .venv/bin/python bench/directory.py 10000            (also 100000; a file in the temporary folder, kept for the next run)

Prints, for each address: the answer's time and the share of it that the database took (median of five, milliseconds),
and the number of queries.
"""

import os
import random
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNS = 5
SEED = 2026
TOWNS = ("Kolwezi", "Fungurume", "Likasi", "Lubumbashi", "Sakania", "Kasumbalesa", "Kisanfu", "Mutshatsha")
WORDS = (
    "Élan",
    "Mines",
    "Espoir",
    "Femmes",
    "Épargne",
    "Enfants",
    "Avenir",
    "Solidarité",
    "Terre",
    "Jeunes",
    "Paix",
    "Kesho",
)
ADDRESSES = (
    "/partenaires/",
    "/partenaires/?page=400",
    "/partenaires/?q=epargne",
    "/partenaires/?q=femmes+kolwezi",
    "/partenaires/?q=zzz",
    "/partenaires/?domaine=savings",
    "/partenaires/?lieu=kolwezi",
    "/partenaires/?lieu=lualaba&domaine=children&type=ngo",
    "/partenaires/?situation=approved",
    "/partenaires/?situation=not_assessed",
    "/partenaires/organisation-7/",
    "/",
)


def start(path):
    """Django on this file, before anything of the project is imported."""
    os.environ |= {"DATABASE_URL": f"sqlite:///{path}", "DJANGO_SETTINGS_MODULE": "ace_partners.settings"}
    os.environ |= {"DEBUG": "true", "SECRET_KEY": "bench"}
    sys.path.insert(0, str(ROOT))
    import django  # noqa: PLC0415

    django.setup()


def fill(count):
    """`count` partners with areas and places; every fifth has a decision."""
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    from partners.models import Partner  # noqa: PLC0415

    if Partner.objects.count() == count:
        return
    from django.db import transaction  # noqa: PLC0415

    with transaction.atomic():
        call_command("load_reference", verbosity=0, stdout=open(os.devnull, "w"))  # noqa: SIM115
        partners = _partners(count)
        _decisions(partners[::5])


def _partners(count):
    from ace_partners.core.search import fold_all  # noqa: PLC0415
    from partners.models import Area, OrganisationType, Partner, PartnerArea, PartnerPlace, Place  # noqa: PLC0415

    chance = random.Random(SEED)  # noqa: S311
    places = list(Place.objects.filter(name__in=TOWNS).order_by("pk"))
    chosen = [chance.choice(places) for _number in range(count)]
    rows = []
    for number, place in enumerate(chosen):
        name = f"{' '.join(chance.sample(WORDS, 3))} {number}"
        rows.append(
            Partner(
                name=name,
                slug=f"organisation-{number}",
                organisation_type=chance.choice(OrganisationType.values),
                is_published=True,
                summary="Une organisation inventée pour mesurer.",
                search_text=fold_all(name, "Une organisation inventée pour mesurer.", place.search_text, place.lineage),
            )
        )
    rows = Partner.objects.bulk_create(rows, batch_size=5000)
    areas = [
        PartnerArea(partner=row, area=area) for row in rows for area in chance.sample(Area.values, chance.randint(1, 2))
    ]
    PartnerArea.objects.bulk_create(areas, batch_size=5000)
    seats = [PartnerPlace(partner=row, place=place, kind="seat") for row, place in zip(rows, chosen, strict=True)]
    PartnerPlace.objects.bulk_create(seats, batch_size=5000)
    return rows


def _decisions(partners):
    from django.utils import timezone  # noqa: PLC0415

    from ace_partners.core.models import User  # noqa: PLC0415
    from vetting.models import Checklist, ConflictDeclaration, Decision, Dossier, Proposal  # noqa: PLC0415

    now, until = timezone.now(), timezone.localdate() + timedelta(days=300)
    people = [User.objects.create(email=f"bench{number}@example.org", name=f"Bench {number}") for number in range(2)]
    sent = {"status": "decided", "first_submitted_at": now, "last_submitted_at": now, "opened_by": people[0]}
    checklist = Checklist.objects.current()
    dossiers = Dossier.objects.bulk_create(
        [
            Dossier(partner=row, checklist=checklist, organisation_type=row.organisation_type, **sent)
            for row in partners
        ],
        batch_size=2000,
    )
    declared = [
        ConflictDeclaration.objects.bulk_create(
            [ConflictDeclaration(dossier=dossier, user=user, has_link=False) for dossier in dossiers], batch_size=2000
        )
        for user in people
    ]
    proposals = Proposal.objects.bulk_create(
        [
            Proposal(dossier=dossier, outcome="approved", letter="", proposed_by=people[0], approved_at=now)
            for dossier in dossiers
        ],
        batch_size=2000,
    )
    Decision.objects.bulk_create(
        [
            Decision(
                partner_id=dossier.partner_id,
                dossier=dossier,
                proposal=proposal,
                outcome="approved",
                decided_at=now,
                valid_until=until,
                proposed_by=people[0],
                approved_by=people[1],
                proposer_declaration=mine,
                approver_declaration=other,
                letter="",
                assessment={},
            )
            for dossier, proposal, mine, other in zip(dossiers, proposals, *declared, strict=True)
        ],
        batch_size=2000,
    )


def measure(address):
    """(answer ms, database ms, queries) of one address, medians over RUNS."""
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    spent = []

    def timed(execute, *args):
        begun = time.perf_counter()
        try:
            return execute(*args)
        finally:
            spent.append(time.perf_counter() - begun)

    answers, shares, queries = [], [], 0
    client = Client(headers={"host": "127.0.0.1"})
    client.get(address)
    for _run in range(RUNS):
        spent.clear()
        begun = time.perf_counter()
        with connection.execute_wrapper(timed):
            response = client.get(address)
        answers.append(1000 * (time.perf_counter() - begun))
        shares.append(1000 * sum(spent))
        queries = len(spent)
        if response.status_code != 200:
            raise SystemExit(f"{address}: {response.status_code}")
    return statistics.median(answers), statistics.median(shares), queries


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    start(Path(tempfile.gettempdir()) / f"ace-bench-{count}.sqlite3")
    fill(count)
    print(f"{count} partners\n{'address':58}{'answer ms':>10}{'db ms':>8}{'queries':>9}")
    for address in ADDRESSES:
        answer, share, queries = measure(address)
        print(f"{address:58}{answer:10.1f}{share:8.1f}{queries:9}")


if __name__ == "__main__":
    main()
