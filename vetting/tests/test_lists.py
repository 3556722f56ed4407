"""The readers of the four official lists: what each field becomes, and what is refused with which line."""

import tracemalloc
from datetime import date
from pathlib import Path

import psutil
import pytest

from vetting import lists
from vetting.lists import ListedEntry, ListedName, ListFileError, Problem, Source, csv_rows
from vetting.tests import list_files

HERE = Path(__file__).parent / "lists"
OFAC_SET = ["sdn.csv", "alt.csv", "add.csv", "sdn_comments.csv"]


def fixture(*names):
    return [Source(name, HERE / name) for name in names]


def read(publisher, *names):
    return list(lists.entries(publisher, fixture(*names)))


def name(text, *, primary=False, weak=False):
    return ListedName(text, primary, weak)


def refused(publisher, sources):
    """The ListFileError of reading an edition as the import does."""
    with pytest.raises(ListFileError) as caught:
        read_all(publisher, sources)
    return caught.value


def read_all(publisher, sources):
    lists.published_on(publisher, sources)
    return list(lists.entries(publisher, sources))


# --- golden -------------------------------------------------------------------------------------------------------


def test_un():
    assert lists.published_on("un", fixture("un.xml")) == date(2026, 11, 20)
    assert read("un", "un.xml") == [
        ListedEntry(
            "CDi.901", "person", "DRC", "1971-03-02; ~1972", "2016-04-20",
            (
                name("KALÉMBO MWANGA WA ILUNGA TSHIMPUKA", primary=True),
                name("Kalembo Mwanga"),
                name("Tigre Noir", weak=True),
            ),
        ),
        ListedEntry("CDi.902", "person", "DRC", "1960-1965", "2012-12-31", (name("SABITI", primary=True),)),
        ListedEntry(
            "CDe.901", "entity", "DRC", "", "2007-03-29",
            (
                name("UNION DES CREUSEURS IMAGINAIRES", primary=True),
                name("UCI"),
                name("Comptoir du Lac Inventé"),
            ),
        ),
    ]  # fmt: skip


def test_ofac_xml_reads_any_namespace_and_the_american_day():
    assert lists.published_on("ofac", fixture("sdn.xml")) == date(2026, 11, 18)
    person, entity, ship = read("ofac", "sdn.xml")
    assert person == ListedEntry(
        "90001", "person", "DRCONGO; SDGT", "02 Mar 1971", "",
        (name("TSHIMPUKA, Kalembo Mwanga", primary=True), name("MWANGA, Kalembo"), name("TIGRE NOIR", weak=True)),
    )  # fmt: skip
    assert (entity.kind, entity.names) == ("entity", (name("UNION DES CREUSEURS IMAGINAIRES", primary=True),))
    assert (ship.kind, ship.reference) == ("other", "90003")


@pytest.mark.parametrize(
    "namespace", ["", ' xmlns="http://tempuri.org/sdnList.xsd"', ' xmlns="https://example.org/2031"']
)
def test_ofac_namespaces_come_and_go(tmp_path, namespace):
    text = (HERE / "sdn.xml").read_text()
    text = text.replace(
        ' xmlns="https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/XML"', namespace
    )

    found = list(lists.entries("ofac", [list_files.source(tmp_path, "sdn.xml", text)]))

    assert [entry.reference for entry in found] == ["90001", "90002", "90003"]


def test_ofac_csv_joins_its_files_in_any_order():
    assert lists.published_on("ofac", fixture(*OFAC_SET)) is None
    person, entity, ship = read("ofac", *OFAC_SET)
    assert person == ListedEntry(
        "90001", "person", "DRCONGO; SDGT", "02 Mar 1971; 1972", "",
        (
            name("TSHIMPUKA, Kalembo Mwanga", primary=True),
            name("MWANGA, Kalémbo"),  # latin-1
            name("TIGRE NOIR", weak=True),
            name('LE VIEUX" CREUSEUR', weak=True),  # from the overflow of the remarks
        ),
    )  # fmt: skip
    assert [row.text for row in entity.names] == [
        "UNION DES CREUSEURS IMAGINAIRES",
        "COMPTOIR DU LAC INVENTE",
        "UCI",
    ]
    assert (entity.kind, entity.born, ship.kind) == ("entity", "", "other")
    assert read("ofac", *reversed(OFAC_SET)) == [person, entity, ship]


def test_eu_xml():
    assert lists.published_on("eu", fixture("eu.xml")) == date(2026, 11, 19)
    person, entity = read("eu", "eu.xml")
    assert person == ListedEntry(
        "9001", "person", "COD", "1971-03-02; ~1972", "2016-05-01",
        (
            name("Kalémbo Mwanga Tshimpuka", primary=True),
            name("Tigre Noir", weak=True),
            name("Kalembo Mwanga"),  # no whole name: its parts
        ),
    )  # fmt: skip
    assert (entity.kind, entity.listed_on) == ("entity", "")


def test_eu_csv_groups_rows_that_are_not_neighbours_and_bears_sloppy_quotes():
    assert lists.published_on("eu", fixture("eu.csv")) == date(2026, 11, 19)
    person, entity = read("eu", "eu.csv")
    assert person == ListedEntry(
        "9001", "person", "COD", "1972; 1971-03-02", "2016-05-01",
        (name("Kalémbo Mwanga Tshimpuka", primary=True), name("Kalembo Mwanga")),
    )  # fmt: skip
    assert entity.kind == "entity"
    assert [row.text for row in entity.names] == ['Union des Creuseurs" Imaginaires"', "Comptoir du Lac Inventé"]


def test_eu_csv_with_the_older_column_names_and_one_column_twice():
    assert lists.published_on("eu", fixture("eu_1_0.csv")) == date(2026, 11, 19)
    person, entity = read("eu", "eu_1_0.csv")
    assert (person.reference, person.kind, person.born) == ("9001", "person", "1971-03-02")
    assert person.names == (name("Kalémbo Mwanga Tshimpuka", primary=True),)
    assert (entity.reference, entity.kind) == ("9002", "entity")


def test_uk():
    assert lists.published_on("uk", fixture("uk.csv")) == date(2026, 11, 20)
    person, entity, ship = read("uk", "uk.csv")
    regime = "The Democratic Republic of the Congo (Sanctions) (EU Exit) Regulations 2019"
    assert person == ListedEntry(
        "DRC9001", "person", regime, "1971-03-02; 00/00/1972", "2016-05-01",
        (
            name("Kalémbo Mwanga TSHIMPUKA", primary=True),
            name("Kalembo MWANGA"),
            name("TIGRE NOIR", weak=True),
        ),
    )  # fmt: skip
    assert entity.names == (name("UNION DES CREUSEURS, IMAGINAIRES", primary=True),)
    assert ship.kind == "other"


# --- small duties -------------------------------------------------------------------------------------------------


def un(tmp_path, text):
    return [list_files.source(tmp_path, "un.xml", text)]


def test_a_name_said_twice_is_one_as_strong_as_its_strongest_mention(tmp_path):
    text = (HERE / "un.xml").read_text().replace(">Tigre   Noir<", ">Kalembo Mwanga<")

    first = next(lists.entries("un", un(tmp_path, text)))

    assert [(row.text, row.weak) for row in first.names[1:]] == [("Kalembo Mwanga", False)]


def test_a_name_in_another_script_alone_is_better_than_none(tmp_path):
    text = (HERE / "un.xml").read_text().replace(">SABITI<", "><").replace(">na<", "><")
    bare = [
        *lists.entries(
            "un", un(tmp_path, text.replace("<THIRD_NAME/>", "<NAME_ORIGINAL_SCRIPT>ሳቢቲ</NAME_ORIGINAL_SCRIPT>"))
        )
    ]

    assert bare[1].names == (name("ሳቢቲ", primary=True),)
    refusal = refused("un", un(tmp_path, text))
    assert (refusal.problem, refusal.facts) == (Problem.NAME, {"reference": "CDi.902"})
    assert refusal.line == 25


def test_a_reference_used_twice_keeps_both_entries(tmp_path):
    text = (HERE / "un.xml").read_text().replace("CDi.902", "CDi.901")

    found = lists.entries("un", un(tmp_path, text))

    assert [entry.reference for entry in found] == ["CDi.901", "CDi.901 (2)", "CDe.901"]


# --- refusals -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wanted", ["un", "ofac", "eu", "uk"])
@pytest.mark.parametrize(
    ("publisher", "files"),
    [
        ("un", ["un.xml"]),
        ("ofac", ["sdn.xml"]),
        ("ofac", OFAC_SET),
        ("eu", ["eu.xml"]),
        ("eu", ["eu.csv"]),
        ("eu", ["eu_1_0.csv"]),
        ("uk", ["uk.csv"]),
    ],
)
def test_a_file_of_another_list(wanted, publisher, files):
    if wanted == publisher:
        return
    refusal = refused(wanted, fixture(*files))
    assert refusal.problem == Problem.WRONG_LIST
    assert refusal.facts == {"wanted_list": wanted, "found_list": publisher}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", Problem.EMPTY),
        (" \n\n ", Problem.EMPTY),
        ("<html><body>Service unavailable</body></html>", Problem.UNKNOWN),
        ("name;birth\nX;1970\n", Problem.UNKNOWN),
        ("36\n", Problem.UNKNOWN),
        ("<Sanctions/>", Problem.WRONG_FORMAT),
        ("<Designations/>", Problem.WRONG_FORMAT),
        ("<CONSOLIDATED_LIST dateGenerated='2026-11-20'><INDIVIDUALS/></CONSOLIDATED_LIST>", Problem.NOTHING_LISTED),
        ("<CONSOLIDATED_LIST><INDIVIDUALS/></CONSOLIDATED_LIST>", Problem.DATE),
        ("<CONSOLIDATED_LIST dateGenerated='soon'/>", Problem.DATE),
        ("<CONSOLIDATED_LIST dateGenerated='2026-13-40'/>", Problem.DATE),
        ("<CONSOLIDATED_LIST dateGenerated='2026-11-20'><INDIVIDUAL/></CONSOLIDATED_LIST>", Problem.REFERENCE),
        ("<CONSOLIDATED_LIST dateGenerated='2026-11-20'><a></b></CONSOLIDATED_LIST>", Problem.MALFORMED),
        ("<CONSOLIDATED_LIST dateGenerated='2026-11-20'><INDIVIDUALS>", Problem.CUT),
        (b"\x00\x01\x02", Problem.NUL),
    ],
)
def test_what_is_no_un_list(tmp_path, content, problem):
    assert refused("un", [list_files.source(tmp_path, "x", content)]).problem == problem


EU = list_files.eu_csv(3)
UK = list_files.uk_csv(3)
SDN, ALT = list_files.ofac_csv(3)


@pytest.mark.parametrize(
    ("publisher", "text", "problem", "line"),
    [
        ("eu", EU.split("\r\n")[0], Problem.NOTHING_LISTED, None),
        ("eu", EU.replace("NameAlias_WholeName", "Nom"), Problem.COLUMNS, 1),
        ("eu", EU.replace(";2;", ";;"), Problem.REFERENCE, 4),
        ("eu", EU.replace(";COD;", ";CO;D;", 1), Problem.MALFORMED, 2),
        ("eu", EU.replace("20/11/2026", "aujourd'hui"), Problem.DATE, None),
        ("eu", EU.encode().replace(b"Lukaka", b"Luk\xe9ka"), Problem.ENCODING, 2),
        ("eu", EU.replace("\r\n", "\r\n\0", 1), Problem.NUL, 2),
        ("uk", UK.replace("Unique ID", "Group"), Problem.COLUMNS, 2),
        ("uk", UK.replace(",DRC1,", ",,", 1), Problem.REFERENCE, 3),
        ("uk", UK.replace(",DRC1,", ',"DRC"1,', 1), Problem.MALFORMED, 3),
        ("uk", UK.replace("20-Nov-2026", "demain"), Problem.DATE, None),
        ("uk", UK.splitlines()[0] + "\n", Problem.NOTHING_LISTED, None),
        ("uk", (HERE / "conlist.csv").read_text(), Problem.OLD_UK_LIST, 1),
    ],
)
def test_bad_csv_files_say_the_line(tmp_path, publisher, text, problem, line):
    refusal = refused(publisher, [list_files.source(tmp_path, "x.csv", text)])

    assert (refusal.problem, refusal.file, refusal.line) == (problem, "x.csv", line)


def test_a_line_without_an_end(tmp_path):
    endless = UK + "16/04/2026,DRC9," + "x" * csv_rows.LONGEST_LINE

    assert refused("uk", [list_files.source(tmp_path, "x.csv", endless)]).problem == Problem.LONG_LINE


def test_a_quote_that_swallows_the_rest_of_the_file(tmp_path):
    swallowed = list_files.eu_csv(5000).replace(";COD;", ';"COD;', 1)

    refusal = refused("eu", [list_files.source(tmp_path, "x.csv", swallowed)])

    assert (refusal.problem, refusal.line) == (Problem.MALFORMED, 2)


def ofac(tmp_path, **files):
    return list_files.sources(tmp_path, **files)


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({"sdn_csv": SDN}, Problem.MISSING_FILE),
        ({"alt_csv": ALT}, Problem.MISSING_FILE),
        ({"sdn_csv": SDN, "again_csv": SDN, "alt_csv": ALT}, Problem.TWICE),
        ({"sdn_csv": SDN, "alt_csv": ALT, "sdn_xml": (HERE / "sdn.xml").read_text()}, Problem.TWICE),
        ({"sdn_csv": SDN, "alt_csv": ALT, "un_xml": (HERE / "un.xml").read_text()}, Problem.WRONG_LIST),
        ({"sdn_csv": SDN.split("\r\n")[0] + "\r\n", "alt_csv": ALT}, Problem.ORPHAN),
        ({"sdn_csv": SDN, "alt_csv": ALT, "add_csv": '9,1,-0- ,"Kolwezi","Congo",-0- \r\n'}, Problem.ORPHAN),
        ({"sdn_csv": SDN, "alt_csv": ALT, "sdn_comments_csv": '9,"more"\r\n'}, Problem.ORPHAN),
        ({"sdn_csv": SDN + '"x",' + SDN.split(",", 1)[1], "alt_csv": ALT}, Problem.REFERENCE),
        ({"sdn_csv": SDN, "alt_csv": ALT.replace('"aka"', '"a"ka"', 1)}, Problem.MALFORMED),
        ({"sdn_csv": SDN, "alt_csv": ALT.rstrip("\r\n")}, Problem.CUT),
    ],
)
def test_bad_ofac_sets(tmp_path, files, problem):
    assert refused("ofac", ofac(tmp_path, **files)).problem == problem


def test_two_files_of_a_list_that_is_one_file():
    assert refused("eu", fixture("eu.xml", "eu.csv")).problem == Problem.TWICE


def test_fewer_entries_than_the_file_announces(tmp_path):
    text = (HERE / "sdn.xml").read_text().replace("<Record_Count>3<", "<Record_Count>4<")

    refusal = refused("ofac", [list_files.source(tmp_path, "sdn.xml", text)])

    assert (refusal.problem, refusal.facts) == (Problem.FEWER, {"announced": 4, "found": 3})


def test_entity_expansion_is_off():
    refusal = refused("un", fixture("laughs.xml"))

    assert (refusal.problem, refusal.line) == (Problem.DOCTYPE, 11)


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE x SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE x [<!ENTITY day "2026-11-20">]>',
        '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]>',
    ],
)
@pytest.mark.parametrize("day", ["2026-11-20", "&day;"])
def test_any_doctype_is_refused_before_the_list_is_read(tmp_path, doctype, day):
    text = (HERE / "un.xml").read_text().replace("<CONSOLIDATED_LIST", f"{doctype}<CONSOLIDATED_LIST", 1)
    text = text.replace("2026-11-20T23:00:03.428Z", day)

    assert refused("un", un(tmp_path, text)).problem == Problem.DOCTYPE


def test_entities_in_an_attribute_are_not_blown_up(tmp_path):
    laughs = (HERE / "laughs.xml").read_text().replace('"2026-11-20"', '"&g;"').replace("&g;</", "x</")

    tracemalloc.start()
    refusal = refused("un", un(tmp_path, laughs))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert refusal.problem == Problem.DOCTYPE
    assert peak < 5_000_000


# --- cut anywhere -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("publisher", "file"), [("un", "un.xml"), ("ofac", "sdn.xml"), ("eu", "eu.xml")])
def test_xml_cut_anywhere_is_refused(tmp_path, publisher, file):
    whole = (HERE / file).read_bytes().rstrip()
    for end in range(0, len(whole), 3):
        assert refused(publisher, [list_files.source(tmp_path, file, whole[:end])]).problem in (
            Problem.EMPTY,
            Problem.CUT,
            Problem.UNKNOWN,  # the name of the root itself is cut
            Problem.DATE,  # its attributes are
        )


@pytest.mark.parametrize("cut", ["sdn.csv", "alt.csv"])
def test_an_ofac_set_cut_inside_a_line_is_refused(tmp_path, cut):
    contents = {"sdn.csv": SDN.encode(), "alt.csv": ALT.encode()}
    whole = contents[cut]
    for end in range(len(whole)):
        if whole[:end].endswith((b"\n", b"\r")) and (cut == "alt.csv" or end == len(whole) - 1):
            continue  # each line that is left is whole: fewer aliases, which only the next edition can tell
        contents[cut] = whole[:end]
        refused("ofac", [list_files.source(tmp_path, name, content) for name, content in contents.items()])


@pytest.mark.parametrize(("publisher", "text"), [("eu", EU), ("uk", UK)])
def test_a_csv_cut_inside_a_line_is_refused_or_loses_nothing_of_it(tmp_path, publisher, text):
    whole = text.encode()
    complete = {entry.reference: entry for entry in lists.entries(publisher, [list_files.source(tmp_path, "w", whole)])}
    taken = 0
    for end in range(len(whole)):
        sources = [list_files.source(tmp_path, "x.csv", whole[:end])]
        try:
            found = read_all(publisher, sources)
        except ListFileError:
            continue
        taken += 1
        # Taken only where a line ends, or in its last column, which holds no name: what is there is right.
        assert all(set(entry.names) <= set(complete[entry.reference].names) for entry in found)
    assert taken < len(whole) / 4


# --- memory -------------------------------------------------------------------------------------------------------


def test_twenty_thousand_xml_entries_leave_no_tree_behind(tmp_path):
    """The tree lives outside Python's own memory, so the size of the process is watched; whole, it takes over 100 MB."""
    sources = un(tmp_path, list_files.un_xml(20_000))
    process, count, largest = psutil.Process(), 0, 0
    before = process.memory_info().rss

    for count, _entry in enumerate(lists.entries("un", sources), 1):
        if count % 1000 == 0:
            largest = max(largest, process.memory_info().rss)

    assert count == 20_000
    assert largest - before < 25_000_000


def test_memory_follows_the_names_of_a_csv_and_not_its_length(tmp_path):
    text = list_files.uk_csv(1_000).replace("00/00/1970,", "00/00/1970," + "0" * 10_000)
    sources = [list_files.source(tmp_path, "uk.csv", text)]
    assert sources[0].path.stat().st_size > 20_000_000

    tracemalloc.start()
    count = sum(1 for _entry in lists.entries("uk", sources))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert count == 1_000
    assert peak < 5_000_000
