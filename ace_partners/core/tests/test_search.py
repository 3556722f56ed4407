import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ace_partners.core.search import fold, fold_all


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Épargne ET Crédit", "epargne et credit"),
        ("l’Œuvre", "l oeuvre"),
        ("l'œuvre", "l oeuvre"),
        ("Łódź Kraków", "lodz krakow"),
        ("Ørsted – Đakovo", "orsted dakovo"),
        ("A.F.A.", "a f a"),
        ("ISTANBUL ı", "istanbul i"),
        ("Straße", "strasse"),
        ("", ""),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded


@settings(derandomize=True)
@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


def test_fold_all_leaves_no_trace_of_empty_texts():
    assert fold_all("Kolwezi", "", None, "  ") == "kolwezi"
