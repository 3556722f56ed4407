from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from partners.models import DocumentType, Partner, Place


def run(command):
    out = StringIO()
    call_command(command, stdout=out)
    return out.getvalue().splitlines()


def test_the_reference_data_load_once(db):
    first, second = run("load_reference"), run("load_reference")

    assert [line.split(":")[0] for line in first] == ["places", "document types", "checklist", "indicators"]
    assert first[:2] == ["places: 29 loaded.", "document types: 78 loaded."]
    assert second == [f"{kind}: nothing new." for kind in ("places", "document types", "checklist", "indicators")]
    assert (Place.objects.count(), DocumentType.objects.count()) == (29, 78)


def test_the_network_loads_once(db):
    run("load_reference")

    assert (run("load_network"), run("load_network")) == (["partners: 3 loaded."], ["partners: nothing new."])
    assert list(Partner.objects.values_list("slug", flat=True)) == ["afa", "cmds", "maison-kwetu"]


def test_the_network_says_in_one_sentence_that_it_needs_the_places(db):
    with pytest.raises(CommandError) as stop:
        run("load_network")

    assert str(stop.value) == "seed_partners.yaml, line 21: unknown place “Kanina”; load the places first"
