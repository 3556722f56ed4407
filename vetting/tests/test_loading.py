"""The published checklist is loaded once and is frozen."""

import pytest
from django.db import IntegrityError

from partners.loading import load_document_types
from vetting.checklist_file import ChecklistError
from vetting.loading import REFERENCE, load_checklist
from vetting.models import Checklist, ChecklistItem

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _document_types(db):
    load_document_types()


def test_load_publishes_the_reference_once():
    first, second = load_checklist(), load_checklist()

    checklist = Checklist.objects.current()
    assert (first, second) == (["checklist v1: 4 criteria, 32 items"], [])
    assert (checklist.version, checklist.criteria.count(), ChecklistItem.objects.count()) == (1, 4, 32)
    item = ChecklistItem.objects.get(code="C1.8")
    assert (item.mandatory, item.plan_months, item.weight, item.section) == (True, 6, 3, "Sauvegarde")
    assert item.knock_out == ["cbo", "cso", "ngo", "ingo", "cooperative"]
    assert (item.suggested_months, item.suggested_document) == (6, "REG_FORM")
    assert item.suggested_step.startswith("Faire signer le code de conduite")
    without = ChecklistItem.objects.get(code="C1.3")
    assert (without.suggested_step, without.suggested_months, without.suggested_document) == ("", None, "")


def test_load_refuses_another_file_under_the_same_version(tmp_path):
    load_checklist()
    other = tmp_path / "grille.yaml"
    other.write_text(REFERENCE.read_text().replace("Sauvegarde", "Protection"))

    with pytest.raises(ChecklistError) as refused:
        load_checklist(other)

    assert str(refused.value) == (
        "The checklist: version 1 is published and frozen, and grille.yaml is not the file it came from:"
        " publish a changed wording as a new version."
    )
    assert load_checklist(other, version=2) == ["checklist v2: 4 criteria, 32 items"]
    assert Checklist.objects.current().version == 2


def test_load_refuses_an_unknown_document_code(tmp_path):
    other = tmp_path / "grille.yaml"
    other.write_text(REFERENCE.read_text().replace("[ENG_TRANSP]", "[ENG_TRANSPARENCE]"))

    with pytest.raises(ChecklistError, match=r"Line \d+ of the checklist: item C3.1, document code ENG_TRANSPARENCE"):
        load_checklist(other)

    assert Checklist.objects.count() == 0


def test_an_item_cannot_be_reworded():
    load_checklist()

    with pytest.raises(IntegrityError):
        ChecklistItem.objects.filter(code="C1.1").update(weight=1)
