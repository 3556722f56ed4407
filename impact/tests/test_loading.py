import csv
import shutil

import pytest
from django.db import IntegrityError, transaction

from impact.loading import METHOD, REFERENCE, IndicatorFileError, load_indicators
from impact.models import AxisCategory, Indicator
from impact.tests.factories import TargetFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    for name in ("indicators.csv", "axes.csv"):
        shutil.copy(REFERENCE / name, tmp_path / name)
    return tmp_path


def change(folder, old, new):
    path = folder / "indicators.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")


def test_load_indicators_loads_the_thirty_and_their_categories_once():
    first, second = load_indicators(), load_indicators()

    assert len(first) == Indicator.objects.count() + AxisCategory.objects.count()
    assert Indicator.objects.count() == 30
    assert second == []


def test_load_indicators_publishes_a_new_version_and_keeps_the_old_one(folder):
    load_indicators(folder)
    TargetFactory(indicator=Indicator.objects.get(code="EPA-01"))
    change(folder, "AVEC actives", "AVEC en activité")

    assert load_indicators(folder) == ["indicator EPA-01: version 2 (name_fr)"]
    assert Indicator.objects.get(code="EPA-01", version=1).name_fr == "AVEC actives"
    assert Indicator.objects.current().get(code="EPA-01").version == 2


def test_every_indicator_comes_with_its_method_sheet():
    load_indicators()

    sheets = {row.code: [getattr(row, column) for column in METHOD] for row in Indicator.objects.all()}
    assert [code for code, sheet in sheets.items() if not all(sheet)] == []
    assert sheets["EPA-01"] == [
        "Registres des AVEC",
        "Fiche de suivi de groupe",
        "Animateur du partenaire",
        "Chaque mois",
        "Copie du registre ou photo de la page de la réunion",
    ]


def test_the_columns_of_the_method_sheet_may_be_missing(folder):
    path = folder / "indicators.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [{name: row[name] for name in row if name not in METHOD} for row in csv.DictReader(file)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)

    load_indicators(folder)

    assert set(Indicator.objects.values_list("method_source", flat=True)) == {""}


def test_a_published_indicator_never_changes():
    load_indicators()

    with pytest.raises(IntegrityError), transaction.atomic():
        Indicator.objects.filter(code="EPA-01").update(name_fr="Autre chose")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("MIN-01,mine_sites", "MIN-01,mines", "indicators.csv, line 2: unknown area “mines”"),
        (",persons,number,", ",persons,nombre,", "indicators.csv, line 2: unknown kind “nombre”"),
        ("MIN-02,mine_sites", "MIN-01,mine_sites", "indicators.csv, line 3: the code MIN-01 is there twice"),
        ("sex site work", "sex cite work", "indicators.csv, line 2: unknown disaggregation “cite”"),
        ("percentage,pooled", "percentage,sum", "indicators.csv, line 3: a percentage has no calculation sum"),
        ("at_most,0,", "at_most,zéro,", "indicators.csv, line 5: the threshold “zéro” is not a number"),
    ],
)
def test_load_indicators_refuses_a_wrong_file_with_its_line(folder, old, new, sentence):
    change(folder, old, new)

    with pytest.raises(IndicatorFileError) as refusal:
        load_indicators(folder)

    assert str(refusal.value) == sentence
    assert not Indicator.objects.exists()


def test_counts_children_leaves_visits_and_pupil_days_out():
    load_indicators()

    counted = {row.code for row in Indicator.objects.all() if row.counts_children}

    assert counted == {"ENF-01", "ENF-02", "ENF-03", "ENF-05", "ENF-06"}
