from decimal import ROUND_HALF_UP, Decimal, localcontext

import pytest
from django.utils import translation
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ace_partners.core.numbers import (
    MAX_PLACES,
    MAX_WHOLE_DIGITS,
    MESSAGES,
    NumberError,
    format_for_input,
    format_number,
    format_percent,
    half_up,
    parse_number,
)

steady = settings(derandomize=True, deadline=None)

LARGEST = 10**MAX_WHOLE_DIGITS - 1


def decimals(max_places=MAX_PLACES):
    """Every number that can be stored: 15 digits before the mark, up to `max_places` after it."""
    return st.builds(
        lambda whole, fraction, places: Decimal(whole) + Decimal(fraction % 10**places).scaleb(-places),
        st.integers(-LARGEST, LARGEST - 1),
        st.integers(0, 10**MAX_PLACES - 1),
        st.integers(0, max_places),
    )


def code_of(text, **options):
    with pytest.raises(NumberError) as refused:
        parse_number(text, **options)
    return refused.value.code


# --- reading ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "0"),
        ("007", "7"),
        ("1500", "1500"),
        ("1,5", "1.5"),
        ("1.5", "1.5"),
        ("12,50", "12.50"),
        (",5", "0.5"),
        (".25", "0.25"),
        ("0,500", "0.500"),
        ("0.125", "0.125"),
        ("05.500", "5.500"),
        (",500", "0.500"),
        ("1234.567", "1234.567"),
        ("1234,567", "1234.567"),
        ("1,5000", "1.5000"),
        ("981 528", "981528"),
        ("981\u00a0528", "981528"),
        ("981\u202f528", "981528"),
        ("981\u2009528", "981528"),
        ("12 500\u202f000\u00a0000", "12500000000"),
        ("981'528", "981528"),
        ("981’528", "981528"),
        ("1'234’567.8", "1234567.8"),
        ("981 528,5", "981528.5"),
        ("981 528.5", "981528.5"),
        ("1 500,250", "1500.250"),
        ("1.500,25", "1500.25"),
        ("1,500.25", "1500.25"),
        ("1.500,250", "1500.250"),
        ("1,500.000", "1500.000"),
        ("1.500.000", "1500000"),
        ("1,500,000", "1500000"),
        ("1.500.000,75", "1500000.75"),
        ("+12", "12"),
        ("-12,5", "-12.5"),
        ("−12,5", "-12.5"),
        ("− 1 500", "-1500"),
        ("  42 \n", "42"),
        ("\u202f42\u00a0", "42"),
        ("999999999999999", "999999999999999"),
        ("000000000000000000001", "1"),
    ],
)
def test_reads(text, value):
    assert str(parse_number(text)) == value


@pytest.mark.parametrize("text", ["-0", "−0,00", "-.0"])
def test_never_minus_zero(text):
    value = parse_number(text)

    assert (value, value.is_signed()) == (0, False)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \u00a0\t\n", "empty"),
        ("abc", "not_a_number"),
        ("1500 USD", "not_a_number"),
        ("1500 $", "not_a_number"),
        ("NaN", "not_a_number"),
        ("Infinity", "not_a_number"),
        ("-inf", "not_a_number"),
        ("∞", "not_a_number"),
        ("1e5", "not_a_number"),
        ("1E-5", "not_a_number"),
        ("1_000", "not_a_number"),
        ("0x10", "not_a_number"),
        ("(500)", "not_a_number"),
        ("5-", "not_a_number"),
        ("1-2", "not_a_number"),
        ("--5", "not_a_number"),
        ("+-5", "not_a_number"),
        ("-", "not_a_number"),
        (".", "not_a_number"),
        ("1;5", "not_a_number"),
        ("1\u2003500", "not_a_number"),  # an em space is no separator we know
        ("12 %", "percent_sign"),
        ("12%", "percent_sign"),
        ("٪12", "percent_sign"),
        ("١٢٣", "foreign_digits"),
        ("१२", "foreign_digits"),
        ("１２", "foreign_digits"),
        ("5²", "foreign_digits"),
        ("½", "foreign_digits"),
        ("1\u200b500", "invisible_character"),
        ("\u202e123", "invisible_character"),
        ("123\u200f", "invisible_character"),
        ("\ufeff12", "invisible_character"),
        ("12\x0034", "invisible_character"),
        ("12\n34", "invisible_character"),
        ("12\t345", "invisible_character"),
        ("12\u202834", "invisible_character"),
        ("12 34", "grouping"),
        ("1234 567", "grouping"),
        ("1  500", "grouping"),
        ("0 500", "grouping"),
        ("012 345", "grouping"),
        ("1.5.2", "grouping"),
        ("1,500,25", "grouping"),
        ("1.500.00", "grouping"),
        ("1,5,000", "grouping"),
        ("1.500 000", "grouping"),
        ("1 500'000", "grouping"),
        ("1.500,250.5", "grouping"),
        ("1 500 ,5", "grouping"),
        ("5,", "grouping"),
        ("1 500.", "grouping"),
        ("1..5", "grouping"),
        ("1234.567,8", "grouping"),
        ("1000000000000000", "too_many_digits"),
        ("1" * 61, "too_many_digits"),
        ("0,12345678901", "too_many_places"),
    ],
)
def test_refuses(text, code):
    assert code_of(text) == code


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("981.528", ("981528", "981.528")),
        ("981,528", ("981528", "981.528")),
        ("1,500", ("1500", "1.500")),
        ("1.500", ("1500", "1.500")),
        ("12.000", ("12000", "12.000")),
        ("-981.528", ("-981528", "-981.528")),
        ("−1,500", ("-1500", "-1.500")),
        (" 981.528 ", ("981528", "981.528")),
    ],
)
def test_asks_back_one_separator_and_three_digits(text, candidates):
    with pytest.raises(NumberError) as asked:
        parse_number(text)

    assert asked.value.code == "ambiguous"
    assert asked.value.candidates == tuple(Decimal(candidate) for candidate in candidates)


@pytest.mark.parametrize("max_places", [0, 2, 3])
def test_asks_back_whatever_the_field_keeps(max_places):
    assert code_of("981.528", max_places=max_places) == "ambiguous"


@pytest.mark.parametrize(
    ("text", "max_places", "value"),
    [("12", 0, "12"), ("12,00", 0, "12"), ("1,50", 2, "1.50"), ("1,5000", 2, "1.50"), ("1,5000", 1, "1.5")],
)
def test_keeps_the_places_of_the_field(text, max_places, value):
    assert str(parse_number(text, max_places=max_places)) == value


@pytest.mark.parametrize(
    ("text", "max_places", "code"),
    [("1,5", 0, "whole_number"), ("1,55", 1, "too_many_places"), ("1 500,555", 2, "too_many_places")],
)
def test_refuses_more_places_than_the_field_keeps_rather_than_rounding(text, max_places, code):
    assert code_of(text, max_places=max_places) == code


# --- the sentence -----------------------------------------------------------------------------------------------


def message_of(text, **options):
    with translation.override(None), pytest.raises(NumberError) as refused:
        parse_number(text, **options)
    with translation.override(None):
        return refused.value.message


def test_the_question_shows_both_readings_and_how_to_write_them():
    assert message_of("981.528") == "981.528: do you mean 981\u202f528 or 981,528? Write 981\u202f528 or 981,5280."
    assert message_of("1,500") == "1,500: do you mean 1\u202f500 or 1,500? Write 1\u202f500 or 1,5."


def test_messages_name_the_limit():
    assert message_of("1,5", max_places=0) == "Give a whole number, without decimals."
    assert message_of("1,55", max_places=1) == "Give 1 decimal at most."
    assert message_of("1,5555", max_places=2) == "Give 2 decimals at most."
    assert message_of("1" * 16) == "This number is too large: 15 digits at most before the decimals."
    assert message_of("12 34") == (
        "“12 34”: the separators are out of place. "
        "Group by three digits (1\u202f234\u202f567), with one mark for decimals."
    )


@pytest.mark.parametrize("code", MESSAGES)
def test_every_code_has_a_sentence(code):
    error = NumberError(code, text="1,500", candidates=(Decimal(1500), Decimal("1.500")), n=2)

    with translation.override(None):
        assert error.message.endswith((".", "?"))
    assert str(error) == code


@steady
@given(st.integers(1, 999), st.integers(0, 999), st.sampled_from(".,"), st.sampled_from(["", "-"]))
def test_the_answer_to_the_question_is_understood(whole, rest, mark, sign):
    text = f"{sign}{whole}{mark}{rest:03d}"
    with pytest.raises(NumberError) as asked:
        parse_number(text)

    answers = [
        parse_number(format_for_input(candidate, lang=lang))
        for candidate in asked.value.candidates
        for lang in ("fr", "en")
    ]

    grouped, decimal = asked.value.candidates
    assert answers == [grouped, grouped, decimal, decimal]


# --- rounding ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        ("0.5", 0, "1"),
        ("1.5", 0, "2"),
        ("2.5", 0, "3"),
        ("-0.5", 0, "-1"),
        ("1.005", 2, "1.01"),
        ("1.0049999999", 2, "1.00"),
        ("-181.8181", 2, "-181.82"),
        ("-0.004", 2, "0.00"),
        ("3", 2, "3.00"),
        ("1E+3", 1, "1000.0"),
        ("99999999999999999999999999.995", 2, "100000000000000000000000000.00"),
    ],
)
def test_half_up(value, places, rounded):
    assert str(half_up(Decimal(value), places)) == rounded


def test_half_up_takes_whole_numbers_and_no_floats():
    assert str(half_up(7, 1)) == "7.0"
    with pytest.raises(TypeError):
        half_up(0.5, 0)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_half_up_refuses_what_is_not_finite(value):
    with pytest.raises(ValueError, match="not a finite number"):
        half_up(Decimal(value), 2)


@steady
@given(decimals(), st.integers(0, 6))
def test_half_up_ignores_the_context_of_the_thread(value, places):
    expected = half_up(value, places)
    with localcontext() as context:
        context.prec, context.rounding = 5, "ROUND_DOWN"
        assert half_up(value, places) == expected
    assert expected == value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


# --- showing ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "places", "fr", "en"),
    [
        (None, None, "—", "—"),
        (None, 2, "—", "—"),
        (0, None, "0", "0"),
        (Decimal("0.00"), None, "0", "0"),
        (Decimal("-0.001"), None, "0", "0"),
        (100, None, "100", "100"),
        (999, None, "999", "999"),
        (1000, None, "1\u202f000", "1,000"),
        (9999, None, "9\u202f999", "9,999"),
        (Decimal("1234.5"), None, "1\u202f234,5", "1,234.5"),
        (Decimal("1234.50"), 2, "1\u202f234,50", "1,234.50"),
        (Decimal("981528"), 2, "981\u202f528,00", "981,528.00"),
        (Decimal("1500000.50"), None, "1\u202f500\u202f000,5", "1,500,000.5"),
        (Decimal("1.005"), None, "1,01", "1.01"),
        (Decimal("1.004"), None, "1", "1"),
        (Decimal("-1234.5"), None, "−1\u202f234,5", "−1,234.5"),
        (Decimal("2.5"), 0, "3", "3"),
        (Decimal("1E+3"), None, "1\u202f000", "1,000"),
        (Decimal("1.2345"), 3, "1,235", "1.235"),
    ],
)
def test_format_number(value, places, fr, en):
    assert (format_number(value, places=places), format_number(value, places=places, lang="en")) == (fr, en)


def test_another_language_reads_french_figures():
    assert format_number(Decimal("1234.5"), lang="sw") == "1\u202f234,5"
    assert format_number(Decimal("1234.5"), lang="en-gb") == "1,234.5"


@pytest.mark.parametrize(
    ("value", "places", "fr", "en"),
    [
        (None, 1, "—", "—"),
        (Decimal("54.5454"), 1, "54,5\u202f%", "54.5%"),
        (54, 1, "54,0\u202f%", "54.0%"),
        (Decimal("99.95"), 1, "100,0\u202f%", "100.0%"),
        (Decimal("-12"), 0, "−12\u202f%", "−12%"),
        (Decimal("1234.56"), 1, "1\u202f234,6\u202f%", "1,234.6%"),
    ],
)
def test_format_percent(value, places, fr, en):
    assert (format_percent(value, places), format_percent(value, places, lang="en")) == (fr, en)


@pytest.mark.parametrize(
    ("value", "fr", "en"),
    [
        (None, "", ""),
        (0, "0", "0"),
        (Decimal("-0"), "0", "0"),
        (Decimal("1.50"), "1,5", "1.5"),
        (Decimal("1.125"), "1,1250", "1.1250"),
        (Decimal("-981.528"), "−981,5280", "−981.5280"),
        (Decimal("0.125"), "0,125", "0.125"),
        (Decimal("1234.567"), "1\u202f234,567", "1\u202f234.567"),
        (1500, "1\u202f500", "1\u202f500"),
    ],
)
def test_format_for_input(value, fr, en):
    assert (format_for_input(value), format_for_input(value, lang="en")) == (fr, en)


# --- what holds for every number --------------------------------------------------------------------------------


@steady
@given(decimals(max_places=2))
@example(Decimal("981528"))
@example(Decimal(-LARGEST))
def test_what_is_shown_in_french_is_read_back(value):
    assert parse_number(format_number(value)) == value
    assert parse_number(format_number(value, places=2)) == value


@steady
@given(decimals(), st.sampled_from(["fr", "en"]))
@example(Decimal("981.528"), "fr")
@example(Decimal("1.500"), "en")
def test_what_a_field_shows_is_read_back(value, lang):
    assert parse_number(format_for_input(value, lang=lang)) == value


@steady
@given(st.one_of(st.text(), st.text("0123456789 .,'’+-−%e\u00a0\u202f\u200e", max_size=25)))
def test_any_text_is_read_within_the_limits_or_refused(text):
    try:
        value = parse_number(text)
    except NumberError:
        return
    assert value.is_finite()
    assert abs(value) < 10**MAX_WHOLE_DIGITS
    assert value.as_tuple().exponent >= -MAX_PLACES
