"""The import of an edition: everything or nothing, what it changes, who may, and the command."""

import hashlib
import time
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from ace_partners.core import audit
from ace_partners.core.errors import NotAllowed
from ace_partners.core.models import AuditEvent
from partners.tests.factories import PartnerFactory
from vetting import list_phrases, lists
from vetting.actions.lists import import_edition
from vetting.lists import ListFileError, Problem, Source
from vetting.models import HitStatus, SanctionsEdition, SanctionsEntry, SanctionsList, SanctionsName
from vetting.rules import lists as rules
from vetting.tests import factories_screening, list_files
from vetting.tests.factories_lists import edition_of

pytestmark = pytest.mark.django_db
HERE = Path(__file__).parent / "lists"
DAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _english(english):
    """Sentences are compared as they are written in the code."""


@pytest.fixture(autouse=True)
def _today():
    """The fixtures are of November 2026."""
    with time_machine.travel("2026-11-24 10:00 +0200", tick=True):
        yield


def fixture(*names):
    return [Source(name, HERE / name) for name in names]


def un(tmp_path, count=3, **more):
    return [list_files.source(tmp_path, "un.xml", list_files.un_xml(count, **more))]


def snapshot():
    """Everything an import may touch."""
    return (
        list(SanctionsEdition.objects.order_by("pk").values()),
        list(SanctionsEntry.objects.order_by("pk").values()),
        list(SanctionsName.objects.order_by("pk").values()),
        AuditEvent.objects.count(),
    )


def listed(publisher="un"):
    return {row.reference: row for row in SanctionsEntry.objects.filter(publisher=publisher)}


# --- a first edition ----------------------------------------------------------------------------------------------


def test_a_first_edition(reviewer):
    done = import_edition("un", fixture("un.xml"), by=reviewer)

    edition = done.edition
    assert done.is_new
    assert (edition.publisher, edition.edition_on, edition.imported_by) == ("un", DAY, reviewer)
    assert (edition.entries, edition.names) == (3, 7)
    assert (edition.added, edition.changed, edition.removed) == (3, 0, 0)
    content = (HERE / "un.xml").read_bytes()
    assert edition.sha256 == hashlib.sha256(content).hexdigest()
    assert edition.files == [{"name": "un.xml", "size": len(content), "sha256": edition.sha256}]
    entry = listed()["CDi.901"]
    assert (entry.kind, entry.programme, entry.born) == ("person", "DRC", "1971-03-02; ~1972")
    assert (entry.first_edition, entry.last_edition, entry.delisted_at) == (edition, edition, None)
    assert [(row.text, row.tokens, row.is_primary, row.is_weak) for row in entry.names.all()] == [
        ("KALÉMBO MWANGA WA ILUNGA TSHIMPUKA", "ilunga kalembo mwanga tshimpuka wa", True, False),
        ("Kalembo Mwanga", "kalembo mwanga", False, False),
        ("Tigre Noir", "noir tigre", False, True),
    ]


def test_the_import_is_in_the_audit_trail_without_a_name(reviewer):
    edition = import_edition("un", fixture("un.xml"), by=reviewer).edition

    event = audit.latest(edition)
    assert (event.action, event.actor) == ("sanctions.import", reviewer)
    assert event.after == {
        "list": "un", "edition_on": "2026-11-20", "sha256": edition.sha256, "entries": 3, "names": 7,
        "added": 3, "changed": 0, "relisted": 0, "removed": 0,
    }  # fmt: skip
    assert "MBO" not in str(event.after)


@pytest.mark.parametrize(
    ("publisher", "files", "entries"),
    [
        ("un", ["un.xml"], 3),
        ("ofac", ["sdn.xml"], 3),
        ("ofac", ["sdn.csv", "alt.csv", "add.csv", "sdn_comments.csv"], 3),
        ("eu", ["eu.xml"], 2),
        ("eu", ["eu.csv"], 2),
        ("uk", ["uk.csv"], 3),
    ],
)
def test_every_format(publisher, files, entries):
    given = DAY if "sdn.csv" in files else None

    edition = import_edition(publisher, fixture(*files), by=None, edition_on=given).edition

    assert edition.entries == entries == SanctionsEntry.objects.filter(publisher=publisher).count()
    assert not SanctionsEntry.objects.filter(names__isnull=True).exists()
    assert edition.imported_by is None


def test_long_names_and_tokens_fit_their_columns(tmp_path):
    text = list_files.un_xml(1).replace("Lukaka", "Nom " + " ".join(f"mot{n:03d}" for n in range(100)))

    import_edition("un", [list_files.source(tmp_path, "un.xml", text)], by=None)

    row = SanctionsName.objects.filter(is_primary=True).get()
    assert (len(row.text), len(row.tokens) <= 300) == (300, True)
    assert all(len(token) == 6 for token in row.tokens.split() if token.startswith("mot"))


# --- the same again, and the next one -----------------------------------------------------------------------------


def test_the_same_files_again_change_nothing(reviewer):
    names = ["sdn.csv", "alt.csv", "sdn_comments.csv"]
    first = import_edition("ofac", fixture(*names), by=reviewer, edition_on=DAY)
    before = snapshot()

    again = import_edition("ofac", fixture(*reversed(names)), by=reviewer, edition_on=DAY)

    assert (again.edition, again.is_new) == (first.edition, False)
    assert snapshot() == before
    assert "already imported" in list_phrases.done(again.edition, is_new=False)


def test_the_next_edition_adds_changes_delists_and_lists_again(tmp_path):
    import_edition("un", un(tmp_path, 10, day="2026-11-20"), by=None)
    first = listed()
    second = import_edition("un", un(tmp_path, 9, first=3, day="2026-11-21", alias="Patron"), by=None).edition

    assert (second.added, second.changed, second.removed) == (1, 8, 2)
    after = listed()
    assert after["CDi.1"].delisted_at is not None
    assert after["CDi.1"].last_edition != second
    assert (after["CDi.5"].pk, after["CDi.5"].last_edition) == (first["CDi.5"].pk, second)
    assert after["CDi.5"].first_edition == first["CDi.5"].first_edition
    assert after["CDi.5"].fingerprint != first["CDi.5"].fingerprint
    assert [row.text for row in after["CDi.5"].names.filter(is_weak=True)] == ["Patron 5"]

    third = import_edition("un", un(tmp_path, 11, day="2026-11-22", alias="Patron"), by=None).edition

    again = listed()
    assert (third.added, third.removed) == (0, 0)
    assert third.changed == 2  # the two that come back, with another alias
    assert audit.latest(third).after["relisted"] == 2
    assert (again["CDi.1"].delisted_at, again["CDi.1"].pk) == (None, first["CDi.1"].pk)


def test_an_unchanged_entry_keeps_its_names_and_its_fingerprint(tmp_path):
    import_edition("un", un(tmp_path, day="2026-11-20"), by=None)
    rows, names = listed(), list(SanctionsName.objects.values())

    edition = import_edition("un", un(tmp_path, day="2026-11-21"), by=None).edition

    assert (edition.added, edition.changed, edition.removed) == (0, 0, 0)
    assert list(SanctionsName.objects.values()) == names
    assert {row.fingerprint for row in listed().values()} == {row.fingerprint for row in rows.values()}
    assert {row.last_edition for row in listed().values()} == {edition}


def test_another_programme_is_taken_without_reopening_what_was_cleared(tmp_path):
    import_edition("un", un(tmp_path), by=None)
    before = listed()["CDi.1"]
    text = list_files.un_xml(3, day="2026-11-21").replace(">DRC<", ">DRC; CAR<")

    edition = import_edition("un", [list_files.source(tmp_path, "un.xml", text)], by=None).edition

    after = listed()["CDi.1"]
    assert (after.programme, after.fingerprint, edition.changed) == ("DRC; CAR", before.fingerprint, 0)
    assert after.names.count() == 3


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        (">1970<", ">1971<", True),
        (">Low<", ">Good<", True),
        ("<INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>", "", False),
        ("2016-04-20", "2016-04-21", False),
        ("invented ", "other remark ", False),
    ],
)
def test_what_counts_as_a_change(tmp_path, old, new, changes):
    import_edition("un", un(tmp_path, 1), by=None)
    text = list_files.un_xml(1, day="2026-11-21").replace(old, new)

    edition = import_edition("un", [list_files.source(tmp_path, "un.xml", text)], by=None).edition

    assert edition.changed == (1 if changes else 0)


def test_lists_do_not_touch_each_other(tmp_path):
    import_edition("un", un(tmp_path), by=None)
    import_edition("uk", fixture("uk.csv"), by=None)

    import_edition("un", un(tmp_path, 2, day="2026-11-21"), by=None)

    assert SanctionsEntry.objects.filter(publisher="uk", delisted_at__isnull=True).count() == 3
    assert set(SanctionsEdition.objects.active().values_list("publisher", flat=True)) == {"un", "uk"}


def test_a_hit_closes_when_its_entry_is_delisted(tmp_path):
    import_edition("un", un(tmp_path, 3), by=None)
    gone = listed()["CDi.3"]
    words = gone.names.get(is_primary=True).text.split()
    partner = PartnerFactory()
    hit = factories_screening.hit_on(partner)
    type(hit).objects.filter(pk=hit.pk).update(entry=gone)
    assert len(words) == 3

    import_edition("un", un(tmp_path, 2, day="2026-11-24"), by=None)

    hit.refresh_from_db()
    assert hit.status == HitStatus.CLOSED


# --- refused: nothing changes -------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["me_officer", "approver", "auditor"])
def test_other_roles_import_nothing(role, request):
    with pytest.raises(NotAllowed, match="Only a due-diligence officer or the administrator"):
        import_edition("un", fixture("un.xml"), by=request.getfixturevalue(role))
    assert SanctionsEdition.objects.count() == 0


def test_the_administrator_imports(ace_admin):
    assert import_edition("un", fixture("un.xml"), by=ace_admin).is_new


def refused(publisher, sources, match, **more):
    before = snapshot()
    with pytest.raises(NotAllowed, match=match):
        import_edition(publisher, sources, by=None, **more)
    assert snapshot() == before


def test_an_edition_of_the_future(tmp_path):
    refused("un", un(tmp_path, day="2026-11-25"), "dated 25 November 2026, in the future")


def test_the_day_of_today_is_not_the_future(tmp_path):
    assert import_edition("un", un(tmp_path, day="2026-11-24"), by=None).is_new


def test_an_older_edition_than_the_one_in_force(tmp_path):
    import_edition("un", un(tmp_path), by=None)

    refused("un", un(tmp_path, day="2026-11-19"), "a newer one, of 20 November 2026, is already in force")


def test_files_without_a_day_need_one():
    refused("ofac", fixture("sdn.csv", "alt.csv"), "give the date of the edition")


def test_a_day_that_contradicts_the_file():
    refused("un", fixture("un.xml"), "not of 19 November 2026", edition_on=DAY - timedelta(days=1))


def test_a_list_that_lost_more_than_half_its_entries(tmp_path):
    import_edition("un", un(tmp_path, 10), by=None)

    refused("un", un(tmp_path, 4, day="2026-11-21"), "holds 4 entries, the last edition held 10")
    refused("un", un(tmp_path, 4, day="2026-11-21"), "holds 4 entries", shrink_reason="  ")
    assert import_edition("un", un(tmp_path, 5, day="2026-11-21"), by=None).is_new


def test_a_reason_lets_a_list_shrink_and_stays_in_the_trail(tmp_path, reviewer):
    import_edition("un", un(tmp_path, 10), by=None)

    edition = import_edition("un", un(tmp_path, 2, day="2026-11-21"), by=reviewer, shrink_reason="Régime levé.").edition

    assert edition.removed == 8
    assert audit.latest(edition).reason == "Régime levé."


def test_a_file_over_the_limit(tmp_path, settings):
    settings.ACE_LIST_MAX_BYTES = 1_000

    with pytest.raises(ListFileError) as caught:
        import_edition("un", un(tmp_path), by=None)

    assert caught.value.problem == Problem.TOO_LARGE
    assert SanctionsEdition.objects.count() == 0


FORMATS = [
    ("un", {"un_xml": list_files.un_xml(40, day="2026-11-22")}),
    ("ofac", dict(zip(["sdn_csv", "alt_csv"], list_files.ofac_csv(40), strict=True))),
    ("eu", {"eu_xml": (HERE / "eu.xml").read_text()}),
    ("eu", {"eu_csv": list_files.eu_csv(40, day="22/11/2026")}),
    ("uk", {"uk_csv": list_files.uk_csv(40, day="22-Nov-2026")}),
]


@pytest.mark.parametrize(("publisher", "files"), FORMATS)
@pytest.mark.parametrize("tenth", range(1, 10))
def test_a_file_cut_anywhere_changes_nothing(tmp_path, publisher, files, tenth):
    """Either the import is refused and every row is as it was, or the cut fell between two lines and it is whole."""
    edition_of(publisher, edition_on=DAY, entries=41)
    before = snapshot()
    name, content = next(iter(files.items()))
    sources = list_files.sources(tmp_path, **{**files, name: list_files.tenths(content)[tenth - 1]})

    try:
        done = import_edition(
            publisher, sources, by=None, edition_on=date(2026, 11, 22) if publisher == "ofac" else None
        )
    except (ListFileError, NotAllowed):
        assert snapshot() == before
    else:
        assert done.edition.entries == SanctionsEntry.objects.filter(publisher=publisher).count()
        assert content.encode()[: len(content.encode()) * tenth // 10].endswith(b"\n")


def test_a_failure_while_writing_leaves_nothing(tmp_path, monkeypatch):
    import_edition("un", un(tmp_path, 10), by=None)
    before = snapshot()
    calls = []
    reading = lists.entries

    def breaks_the_second_time(*args):
        calls.append(args)
        for number, entry in enumerate(reading(*args)):
            if len(calls) == 2 and number == 7:
                raise OSError("the disk is gone")
            yield entry

    monkeypatch.setattr(lists, "entries", breaks_the_second_time)
    monkeypatch.setattr("vetting.actions.lists.BATCH", 5)

    with pytest.raises(OSError, match="disk"):
        import_edition("un", un(tmp_path, 12, day="2026-11-21"), by=None)

    assert snapshot() == before


# --- how much it costs --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [3, 300])
def test_query_count(tmp_path, count, django_assert_max_num_queries):
    """Entries, new or changed, are written in batches; the database may split a batch into a few statements."""
    import_edition("un", un(tmp_path, count), by=None)
    sources = un(tmp_path, count, day="2026-11-21", alias="Patron", first=2)

    with django_assert_max_num_queries(32):
        import_edition("un", sources, by=None)


def test_twenty_thousand_entries_in_less_than_a_minute(tmp_path):
    sources = [list_files.source(tmp_path, "uk.csv", list_files.uk_csv(20_000))]
    seen = []
    start = time.process_time()

    edition = import_edition("uk", sources, by=None, progress=lambda *numbers: seen.append(numbers)).edition

    assert time.process_time() - start < 60
    assert (edition.entries, edition.names, edition.added) == (20_000, 40_000, 20_000)
    assert (seen[0], seen[-1]) == ((500, 20_000), (20_000, 20_000))


# --- sentences ----------------------------------------------------------------------------------------------------

FACTS = {
    "wanted_list": "un",
    "found_list": "eu",
    "missing": "alt.csv",
    "megabytes": 200,
    "reference": "CDi.1",
    "sdn": "sdn.csv",
    "other": "x.xml",
    "announced": 4,
    "found": 3,
}


@pytest.mark.parametrize("problem", Problem)
@pytest.mark.parametrize("line", [7, None])
def test_every_problem_has_a_sentence(problem, line):
    text = list_phrases.sentence(ListFileError(problem, "liste.csv", line, **FACTS))

    assert text.startswith("liste.csv, line 7: " if line else "liste.csv: ")
    assert text.endswith(".")
    assert "%(" not in text


def test_a_wrong_list_is_named(tmp_path):
    with pytest.raises(ListFileError) as caught:
        import_edition("un", fixture("eu.xml"), by=None)

    assert list_phrases.sentence(caught.value) == (
        "eu.xml: this is the list of: European Union. Choose that list, or the file of: United Nations."
    )


def test_files_and_sites_are_given_for_every_list():
    assert set(list_phrases.FILES) == set(list_phrases.ADDRESSES) == set(SanctionsList)


# --- the command --------------------------------------------------------------------------------------------------


def run(*args):
    out = StringIO()
    call_command("import_sanctions", *map(str, args), stdout=out, stderr=StringIO())
    return out.getvalue().strip()


def test_the_command():
    first = run("--list", "un", HERE / "un.xml")
    again = run("--list", "un", HERE / "un.xml")

    assert first == "Imported: United Nations · 20/11/2026, 3 entries (3 new, 0 changed, 0 delisted)."
    assert again.startswith("These files are already imported")


def test_the_command_takes_a_date_and_several_files():
    run("--list", "ofac", "--date", "2026-11-18", *(HERE / name for name in ("alt.csv", "sdn.csv")))

    assert SanctionsEdition.objects.get().edition_on == date(2026, 11, 18)


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        (["--list", "un", "nowhere.xml"], "There is no file nowhere.xml"),
        (["--list", "un", HERE / "eu.csv"], "eu.csv: this is the list of: European Union"),
        (["--list", "un", HERE / "laughs.xml"], "laughs.xml, line 11: the file declares entities"),
        (["--list", "uk", HERE / "conlist.csv"], "conlist.csv, line 1: this is the old OFSI consolidated list"),
        (["--list", "ofac", HERE / "sdn.csv", HERE / "alt.csv"], "give the date of the edition"),
        (["--list", "ofac", HERE / "sdn.csv"], "alt.csv is missing"),
    ],
)
def test_the_command_refuses_with_one_sentence(arguments, match):
    with pytest.raises(CommandError, match=match):
        run(*arguments)
    assert SanctionsEdition.objects.count() == 0


def test_the_command_accepts_a_shrink_with_a_reason(tmp_path):
    run("--list", "un", un(tmp_path, 10)[0].path)
    short = un(tmp_path, 2, day="2026-11-21")[0].path

    with pytest.raises(CommandError, match="it may have been cut"):
        run("--list", "un", short)
    run("--list", "un", short, "--accept-shrink", "Regime lifted.")

    assert SanctionsEdition.objects.count() == 2


def test_staleness(settings):
    settings.ACE_LIST_STALE_DAYS = 30
    today = timezone.localdate()
    assert not rules.is_stale(edition_of("un", edition_on=today - timedelta(days=30)))
    assert rules.is_stale(edition_of("eu", edition_on=today - timedelta(days=31)))


def test_the_sentences_are_in_the_language_of_the_reader():
    with translation.override("fr"):
        assert list_phrases.sentence(ListFileError(Problem.EMPTY, "x.xml"))
