import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from partners.forms import ApproximateDateField


@pytest.mark.parametrize(
    ("typed", "code"),
    [("2011", "2011"), ("vers 2004", "~2004"), ("03/2017", "2017-03"), ("12 mars 2017", "2017-03-12"), ("", "")],
)
def test_an_approximate_date_is_read_to_its_code(typed, code):
    assert ApproximateDateField(required=False).clean(typed) == code


@pytest.mark.parametrize("typed", ["début 2000", "99/99/2017", "jamais"])
def test_what_is_no_date_is_asked_back(typed):
    with pytest.raises(ValidationError):
        ApproximateDateField().clean(typed)


def test_a_stored_date_is_shown_in_words_and_typed_text_stays():
    field = ApproximateDateField()

    with translation.override("fr"):
        assert [field.prepare_value(value) for value in ("~2004", "2013", "n’importe quoi", "", None)] == [
            "vers 2004",
            "2013",
            "n’importe quoi",
            "",
            None,
        ]


def test_saving_what_was_shown_changes_nothing():
    field = ApproximateDateField(required=False)

    assert not field.has_changed("~2004", "vers 2004")
    assert field.has_changed("~2004", "2004")
    assert not field.has_changed(None, "")
    assert field.has_changed("2004", "jamais")
