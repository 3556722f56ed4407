"""The pages on the sanctions lists: who reads, who imports, what a bad file says, and that nothing happens twice."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from vetting.models import SanctionsEdition, SanctionsEntry
from vetting.tests import list_files
from vetting.tests.factories_lists import edition_of

pytestmark = pytest.mark.django_db
HERE = Path(__file__).parent / "lists"
INDEX, IMPORT = "vetting:list_index", "vetting:list_import"


@pytest.fixture(autouse=True)
def _english(english):
    """Sentences are compared as they are written in the code."""


def yesterday():
    return timezone.localdate() - timedelta(days=1)


def upload(name, content):
    return SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())


def un_upload(count=3, **more):
    return upload("consolidated.xml", list_files.un_xml(count, **{"day": yesterday().isoformat(), **more}))


def errors_of(response):
    return [str(error) for field in response.context["form"].errors.values() for error in field]


# --- reading ------------------------------------------------------------------------------------------------------


def test_each_list_says_how_old_its_edition_is(login, approver, settings):
    settings.ACE_LIST_STALE_DAYS = 30
    edition_of("un", edition_on=timezone.localdate() - timedelta(days=31))
    edition_of("eu", edition_on=timezone.localdate() - timedelta(days=400))
    edition_of("eu", edition_on=yesterday())

    response = login(approver).get(reverse(INDEX))

    states = {row["label"]: (bool(row["edition"]), row["stale"]) for row in response.context["lists"]}
    assert states == {
        "United Nations": (True, True),
        "United States (OFAC)": (False, False),
        "European Union": (True, False),
        "United Kingdom": (False, False),
    }
    page = response.content.decode()
    assert (page.count('data-code="stale"'), page.count('data-code="current"'), page.count('data-code="missing"')) == (
        1,
        1,
        2,
    )
    assert page.count("<tr><th") == 3 + 1


def test_the_approver_reads_and_is_told_who_imports(login, approver):
    edition_of("un")

    index = login(approver).get(reverse(INDEX)).content.decode()
    page = login(approver).get(reverse(IMPORT))

    assert reverse(IMPORT) not in index
    assert "Only a due-diligence officer or the administrator imports a list." in page.content.decode()
    assert b'<form method="post" enctype' not in page.content


@pytest.mark.parametrize("role", ["me_officer", "auditor"])
def test_other_roles_find_nothing(role, login, request):
    edition = edition_of("un")
    client = login(request.getfixturevalue(role))

    for address in (reverse(INDEX), reverse(IMPORT), reverse("vetting:list_edition", args=[edition.pk])):
        assert client.get(address).status_code == 404
    answer = client.post(reverse(IMPORT), {"publisher": "un", "files": [un_upload()]})
    assert (answer.status_code, SanctionsEdition.objects.count()) == (404, 1)


def test_an_edition_shows_its_files_and_who_imported_it(login, reviewer):
    edition = edition_of("un", imported_by=reviewer, files=[{"name": "<script>x.xml", "size": 5, "sha256": "ab" * 32}])
    edition_of("un")

    page = login(reviewer).get(reverse("vetting:list_edition", args=[edition.pk])).content.decode()

    assert "ab" * 32 in page.replace("<wbr>", "")
    assert "Rachel Revue" in page
    assert 'data-code="replaced"' in page
    assert "&lt;script&gt;x.xml" in page
    assert "<script>x" not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count(rows, login, reviewer, django_assert_num_queries):
    editions = [edition_of(publisher, imported_by=reviewer) for publisher in ("un", "eu", "uk")[:rows]]
    client = login(reviewer)
    client.get(reverse(INDEX))

    with django_assert_num_queries(7):
        client.get(reverse(INDEX))
    with django_assert_num_queries(8):
        client.get(reverse("vetting:list_edition", args=[editions[0].pk]))


# --- importing ----------------------------------------------------------------------------------------------------


def test_an_officer_imports_an_edition(login, reviewer):
    client = login(reviewer)
    assert client.get(reverse(IMPORT)).status_code == 200

    response = client.post(reverse(IMPORT), {"publisher": "un", "files": [un_upload()]}, follow=True)

    edition = SanctionsEdition.objects.get()
    assert response.redirect_chain[-1][0] == reverse("vetting:list_edition", args=[edition.pk])
    assert (edition.imported_by, edition.entries, edition.files[0]["name"]) == (reviewer, 3, "consolidated.xml")
    assert "3 entries (3 new, 0 changed, 0 delisted)" in response.content.decode()


def test_the_administrator_imports_several_files_with_their_day(login, ace_admin):
    files = [upload(name, (HERE / name).read_bytes()) for name in ("alt.csv", "sdn.csv", "add.csv")]

    response = login(ace_admin).post(
        reverse(IMPORT), {"publisher": "ofac", "files": files, "edition_on": yesterday().isoformat()}
    )

    edition = SanctionsEdition.objects.get()
    assert response.status_code == 302
    assert (edition.edition_on, edition.entries) == (yesterday(), 3)
    assert {file["name"] for file in edition.files} == {"alt.csv", "sdn.csv", "add.csv"}


def test_a_large_file_goes_through_the_disk(login, reviewer, settings, tmp_path):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 100
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)

    response = login(reviewer).post(reverse(IMPORT), {"publisher": "un", "files": [un_upload(50)]})

    assert (response.status_code, SanctionsEntry.objects.count()) == (302, 50)


def test_nothing_is_kept_of_the_files(login, reviewer, monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    for name in ("un.xml", "eu.xml"):
        login(reviewer).post(reverse(IMPORT), {"publisher": "un", "files": [upload(name, (HERE / name).read_bytes())]})

    assert list(tmp_path.iterdir()) == []


def test_a_second_tap_imports_once(login, reviewer):
    client = login(reviewer)
    first = client.post(reverse(IMPORT), {"publisher": "un", "files": [un_upload()]}, once="same")
    second = client.post(reverse(IMPORT), {"publisher": "un", "files": [un_upload()]}, once="same")
    third = client.post(reverse(IMPORT), {"publisher": "un", "files": [un_upload()]}, follow=True)

    assert first["Location"] == second["Location"] == third.redirect_chain[-1][0]
    assert SanctionsEdition.objects.count() == 1
    assert "already imported" in third.content.decode()


# --- refused ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "Choose the list."),
        ({"publisher": "un"}, "Choose the files of the edition."),
        ({"publisher": "fbi", "files": "un.xml"}, "Select a valid choice. fbi is not one of the available choices."),
        (
            {"publisher": "un", "files": "eu.xml"},
            "eu.xml: this is the list of: European Union. Choose that list, or the file of: United Nations.",
        ),
        (
            {"publisher": "un", "files": "laughs.xml"},
            "laughs.xml, line 11: the file declares entities, which no official list does. Do not use it; download it"
            " from its publisher.",
        ),
        (
            {"publisher": "ofac", "files": "sdn.csv"},
            "sdn.csv: alt.csv is missing beside it: without it, names would be lost.",
        ),
        ({"publisher": "un", "files": "un.xml", "edition_on": "demain"}, "Enter a valid date."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(login, reviewer, values, sentence):
    if name := values.get("files"):
        values = {**values, "files": [upload(name, (HERE / name).read_bytes())]}

    response = login(reviewer).post(reverse(IMPORT), values)

    assert response.status_code == 422
    assert sentence in errors_of(response)
    assert SanctionsEdition.objects.count() == 0


def test_a_cut_file_names_its_line(login, reviewer):
    text = list_files.un_xml(3, day=yesterday().isoformat())

    response = login(reviewer).post(reverse(IMPORT), {"publisher": "un", "files": [upload("un.xml", text[:-40])]})

    assert response.status_code == 422
    assert errors_of(response)[0].startswith("un.xml, line ")
    assert SanctionsEntry.objects.count() == 0


def test_an_empty_file_and_one_that_is_too_large(login, reviewer, settings):
    empty = login(reviewer).post(reverse(IMPORT), {"publisher": "un", "files": [upload("un.xml", b"")]})
    settings.ACE_LIST_MAX_BYTES = 1000
    large = login(reviewer).post(reverse(IMPORT), {"publisher": "un", "files": [un_upload()]})

    assert errors_of(empty) == ["The submitted file is empty."]
    assert errors_of(large) == ["consolidated.xml: the file is larger than 0 MB, the limit of this site."]
    assert (empty.status_code, large.status_code) == (422, 422)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"day": "2999-01-01"}, "in the future"),
        ({"day": "2001-01-01"}, "is already in force"),
        ({"count": 1}, "it may have been cut"),
    ],
)
def test_what_the_rules_refuse(login, reviewer, facts, reason):
    edition_of("un", edition_on=yesterday(), entries=10)

    response = login(reviewer).post(reverse(IMPORT), {"publisher": "un", "files": [un_upload(**{"count": 9, **facts})]})

    assert response.status_code == 403
    assert reason in errors_of(response)[0]
    assert (SanctionsEdition.objects.count(), SanctionsEntry.objects.count()) == (1, 0)


def test_a_list_may_shrink_with_a_reason(login, reviewer):
    edition_of("un", edition_on=yesterday(), entries=10)

    response = login(reviewer).post(
        reverse(IMPORT), {"publisher": "un", "files": [un_upload(1)], "shrink_reason": "Régime levé."}
    )

    assert (response.status_code, SanctionsEdition.objects.count()) == (302, 2)


def test_the_approver_cannot_post(login, approver):
    response = login(approver).post(reverse(IMPORT), {"publisher": "un", "files": [un_upload()]})

    assert response.status_code == 403
    assert SanctionsEdition.objects.count() == 0


def test_a_hostile_file_name_is_text(login, reviewer):
    response = login(reviewer).post(
        reverse(IMPORT), {"publisher": "un", "files": [upload("<script>alert(1)</script>.xml", "no list at all")]}
    )

    assert b"<script>alert" not in response.content
    assert response.status_code == 422
