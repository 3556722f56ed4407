import datetime
from datetime import UTC, date

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from ace_partners.core.dates import (
    FIRST_YEAR,
    LAST_YEAR,
    MESSAGES,
    MONTHS,
    ApproxDate,
    DateError,
    add_months,
    days_late,
    days_left,
    format_date,
    format_datetime,
    local_day,
    parse_date,
    validity_state,
    whole_months,
)

steady = settings(derandomize=True, deadline=None)

days = st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))
approx_dates = st.builds(
    lambda day, precision, circa: ApproxDate(*(day.year, day.month, day.day)[:precision], circa=circa),
    days,
    st.integers(1, 3),
    st.booleans(),
)


def code_of(call, *args):
    with pytest.raises(DateError) as refused:
        call(*args)
    return refused.value.code


# --- reading ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2011", "2011"),
        (" 2011 ", "2011"),
        ("en 2011", "2011"),
        ("03/2017", "2017-03"),
        ("3/2017", "2017-03"),
        ("03-2017", "2017-03"),
        ("03 2017", "2017-03"),
        ("2017-03", "2017-03"),
        ("12/03/2017", "2017-03-12"),
        ("1/3/2017", "2017-03-01"),
        ("12-03-2017", "2017-03-12"),
        ("12.03.2017", "2017-03-12"),
        ("12 03 2017", "2017-03-12"),
        ("2017-03-12", "2017-03-12"),
        ("2017/3/12", "2017-03-12"),
        ("29/02/2016", "2016-02-29"),
        ("mars 2017", "2017-03"),
        ("Mars\u00a02017", "2017-03"),
        ("MARS 2017", "2017-03"),
        ("en mars 2017", "2017-03"),
        ("août 2020", "2020-08"),
        ("aout 2020", "2020-08"),
        ("fe\u0301vrier 2020", "2020-02"),
        ("décembre 2020", "2020-12"),
        ("déc. 2020", "2020-12"),
        ("juil. 2020", "2020-07"),
        ("janv 2020", "2020-01"),
        ("sept. 2020", "2020-09"),
        ("12 mars 2017", "2017-03-12"),
        ("le 12 mars 2017", "2017-03-12"),
        ("12-mars-2017", "2017-03-12"),
        ("1er mars 2017", "2017-03-01"),
        ("1ᵉʳ mars 2017", "2017-03-01"),
        ("March 2017", "2017-03"),
        ("12 March 2017", "2017-03-12"),
        ("1st March 2017", "2017-03-01"),
        ("March 12, 2017", "2017-03-12"),
        ("Mar 2nd 2017", "2017-03-02"),
        ("on 3 may 2017", "2017-05-03"),
        ("vers 2004", "~2004"),
        ("Vers 2004", "~2004"),
        ("environ 2004", "~2004"),
        ("autour de 2004", "~2004"),
        ("ca. 2004", "~2004"),
        ("circa 2004", "~2004"),
        ("about 2004", "~2004"),
        ("~2004", "~2004"),
        ("≈ 2004", "~2004"),
        ("vers mars 2004", "~2004-03"),
        ("vers 03/2004", "~2004-03"),
        ("vers le 12 mars 2004", "~2004-03-12"),
        ("vers le 1er mars 2004", "~2004-03-01"),
    ],
)
def test_reads(text, code):
    assert ApproxDate.parse(text).code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \n\u00a0", "empty"),
        ("début 2000", "vague"),
        ("Debut 2000", "vague"),
        ("fin mars 2010", "vague"),
        ("mi-2015", "vague"),
        ("années 2000", "vague"),
        ("vers le début des années 2000", "vague"),
        ("avant 2010", "vague"),
        ("depuis 2010", "vague"),
        ("early 2000", "vague"),
        ("2000s", "vague"),
        ("2010-2012", "vague"),
        ("2010/2012", "vague"),
        ("2010 – 2012", "vague"),
        ("2010 ou 2011", "vague"),
        ("entre 2010 et 2012", "vague"),
        ("12/03/17", "short_year"),
        ("03/17", "short_year"),
        ("12.03.17", "short_year"),
        ("mars 17", "short_year"),
        ("12 mars 17", "short_year"),
        ("0204", "year_out_of_range"),
        ("1799", "year_out_of_range"),
        ("2200", "year_out_of_range"),
        ("13/2017", "no_such_month"),
        ("00/2017", "no_such_month"),
        ("2017-13", "no_such_month"),
        ("03/25/2017", "no_such_month"),
        ("31/02/2017", "no_such_day"),
        ("29/02/2017", "no_such_day"),
        ("00/03/2017", "no_such_day"),
        ("32 mars 2017", "no_such_day"),
        ("٢٠١٧", "foreign_digits"),
        ("２０１７", "foreign_digits"),
        ("20\u200b17", "invisible_character"),
        ("\u202e2017", "invisible_character"),
        ("2017\x00", "invisible_character"),
        ("bientôt", "unreadable"),
        ("vers", "unreadable"),
        ("~", "unreadable"),
        ("20177", "unreadable"),
        ("1/2/3/2017", "unreadable"),
        ("12/03-2017", "unreadable"),
        ("jui 2017", "unreadable"),
        ("brumaire 2017", "unreadable"),
        ("2017 mars", "unreadable"),
        ("-2017", "unreadable"),
        ("+2017", "unreadable"),
        ("2017?", "unreadable"),
    ],
)
def test_refuses(text, code):
    assert code_of(ApproxDate.parse, text) == code


def test_an_exact_date_is_asked_for_where_it_is_needed():
    assert parse_date("1er mars 2017") == date(2017, 3, 1)
    assert code_of(parse_date, "mars 2017") == "day_needed"
    assert code_of(parse_date, "2017") == "day_needed"
    assert code_of(parse_date, "vers le 12 mars 2017") == "day_needed"
    assert code_of(parse_date, "31/02/2017") == "no_such_day"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "  début   2000 ",
            "“début 2000” is not one date. Write a year (2004) or “about 2004”, and tell the rest in the explanation.",
        ),
        ("12/03/17", "“12/03/17”: write the year with its four digits."),
        ("1700", "“1700”: the year must lie between 1800 and 2199."),
    ],
)
def test_the_sentence_repeats_what_was_typed(text, sentence):
    with pytest.raises(DateError) as refused:
        ApproxDate.parse(text)

    with translation.override(None):
        assert refused.value.message == sentence


@pytest.mark.parametrize("code", MESSAGES)
def test_every_code_has_a_sentence(code):
    error = DateError(code, "x" * 500)

    with translation.override(None):
        assert error.message.endswith(".")
        assert len(error.message) < 200
    assert str(error) == code


# --- keeping ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["2017", "2017-03", "2017-03-12", "~2004", "~2004-03", "~2004-03-12"])
def test_a_code_is_stored_and_read(code):
    assert ApproxDate.from_code(code).code == code
    assert str(ApproxDate.from_code(code)) == code


@pytest.mark.parametrize("code", ["", "2017-3", "17", "~", "2017-03-", "2017-03-12\n", " 2017", "٢٠١٧", "vers 2004"])
def test_from_code_reads_nothing_else(code):
    assert code_of(ApproxDate.from_code, code) == "unreadable"


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ((1799,), "year_out_of_range"),
        ((2017, 13), "no_such_month"),
        ((2017, 0), "no_such_month"),
        ((2017, None, 3), "no_such_month"),
        ((2017, 2, 29), "no_such_day"),
    ],
)
def test_no_date_outside_the_calendar(parts, code):
    assert code_of(ApproxDate, *parts) == code


@steady
@given(approx_dates)
def test_every_date_survives_its_code_and_its_words(value):
    assert ApproxDate.from_code(value.code) == value
    assert ApproxDate.parse(value.code) == value
    assert ApproxDate.parse(value.display("fr")) == value
    assert ApproxDate.parse(value.display("en")) == value


@steady
@given(st.one_of(st.text(), st.text("0123456789/-. ~eérsvmai", max_size=20)))
def test_any_text_is_read_or_refused(text):
    try:
        value = ApproxDate.parse(text)
    except DateError:
        return
    assert value.earliest() <= value.latest()


# --- bounds and order -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "earliest", "latest"),
    [
        ("2017", date(2017, 1, 1), date(2017, 12, 31)),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29)),
        ("2017-03-12", date(2017, 3, 12), date(2017, 3, 12)),
        ("~2004", date(2004, 1, 1), date(2004, 12, 31)),
    ],
)
def test_bounds(code, earliest, latest):
    value = ApproxDate.from_code(code)

    assert (value.earliest(), value.latest()) == (earliest, latest)


def test_sorted_by_the_earliest_day_the_more_precise_first():
    codes = ["2018", "~2017", "2017-01-02", "2017", "2017-01", "2017-01-01", "~2004", "2016-12-31"]

    ordered = sorted(ApproxDate.from_code(code) for code in codes)

    assert [value.code for value in ordered] == [
        "~2004",
        "2016-12-31",
        "2017-01-01",
        "2017-01",
        "2017",
        "~2017",
        "2017-01-02",
        "2018",
    ]


def test_not_compared_with_anything_else():
    with pytest.raises(TypeError):
        ApproxDate(2017) < date(2017, 1, 1)  # noqa: B015
    assert ApproxDate(2017) != "2017"


@steady
@given(approx_dates, approx_dates)
def test_order_and_equality_agree(one, other):
    assert [one < other, one == other, one > other].count(True) == 1
    assert one.earliest() <= other.earliest() or one > other


# --- showing ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "fr", "en"),
    [
        ("2017-03-12", "12 mars 2017", "12 March 2017"),
        ("2017-03-01", "1er mars 2017", "1 March 2017"),
        ("2017-03", "mars 2017", "March 2017"),
        ("2017", "2017", "2017"),
        ("~2004", "vers 2004", "about 2004"),
        ("~2004-08", "vers août 2004", "about August 2004"),
        ("~2004-08-01", "vers le 1er août 2004", "about 1 August 2004"),
    ],
)
def test_display(code, fr, en):
    value = ApproxDate.from_code(code)

    assert (value.display(), value.display("en")) == (fr, en)


def test_twelve_months_in_each_language():
    assert {lang: len(set(names)) for lang, names in MONTHS.items()} == {"fr": 12, "en": 12}
    assert [format_date(date(2026, month, 2)) for month in (1, 2, 8, 12)] == [
        "2 janvier 2026",
        "2 février 2026",
        "2 août 2026",
        "2 décembre 2026",
    ]


def test_format_date():
    assert format_date(date(2017, 3, 1)) == "1er mars 2017"
    assert format_date(date(2017, 3, 1), "en") == "1 March 2017"
    assert format_date(date(2017, 3, 1), "sw") == "1er mars 2017"
    assert format_date(None) == "—"


def test_a_moment_is_shown_in_the_hour_of_lualaba():
    moment = datetime.datetime(2026, 11, 24, 8, 42, tzinfo=UTC)

    assert format_datetime(moment) == "24 novembre 2026 à 10:42"
    assert format_datetime(moment, "en") == "24 November 2026 at 10:42"
    assert format_datetime(None) == "—"


def test_late_in_the_evening_in_utc_it_is_already_tomorrow():
    moment = datetime.datetime(2026, 12, 31, 22, 5, tzinfo=UTC)

    assert local_day(moment) == date(2027, 1, 1)
    assert format_date(moment) == "1er janvier 2027"
    assert format_datetime(moment) == "1er janvier 2027 à 00:05"


@pytest.mark.parametrize("show", [format_date, format_datetime, local_day])
def test_a_naive_moment_is_refused(show):
    with pytest.raises(ValueError, match="naive"):
        show(datetime.datetime(2026, 11, 24, 8, 42))  # noqa: DTZ001


# --- counting ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "late"), [(date(2026, 3, 30), 0), (date(2026, 3, 31), 0), (date(2026, 4, 1), 1), (date(2027, 3, 31), 365)]
)
def test_days_late(today, late):
    assert days_late(date(2026, 3, 31), today) == late


@pytest.mark.parametrize(
    ("until", "left", "state"),
    [
        (date(2026, 11, 23), -1, "expired"),
        (date(2026, 11, 24), 0, "due_soon"),
        (date(2027, 1, 23), 60, "due_soon"),
        (date(2027, 1, 24), 61, "valid"),
    ],
)
def test_validity(until, left, state):
    today = date(2026, 11, 24)

    assert (days_left(until, today), validity_state(until, today)) == (left, state)


def test_a_validity_without_end_is_not_called_valid():
    assert validity_state(None, date(2026, 11, 24)) == "no_end"


def test_soon_is_what_the_caller_says():
    assert validity_state(date(2026, 12, 24), date(2026, 11, 24), soon=29) == "valid"
    assert validity_state(date(2026, 12, 24), date(2026, 11, 24), soon=30) == "due_soon"


@pytest.mark.parametrize(
    ("start", "n", "result"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 11, 24), 6, date(2027, 5, 24)),
        (date(2026, 12, 31), 0, date(2026, 12, 31)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_add_months(start, n, result):
    assert add_months(start, n) == result


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2026, 1, 15), date(2026, 1, 15), 0),
        (date(2026, 1, 15), date(2026, 2, 14), 0),
        (date(2026, 1, 15), date(2026, 2, 15), 1),
        (date(2026, 1, 31), date(2026, 2, 28), 1),
        (date(2024, 2, 29), date(2025, 2, 28), 12),
        (date(2025, 11, 24), date(2027, 1, 1), 13),
    ],
)
def test_whole_months(start, end, months):
    assert whole_months(start, end) == months


def test_whole_months_do_not_run_backwards():
    with pytest.raises(ValueError, match="before"):
        whole_months(date(2026, 2, 1), date(2026, 1, 1))


@steady
@given(days, st.integers(0, 600))
def test_adding_months_and_counting_them_agree(start, n):
    assert whole_months(start, add_months(start, n)) == n
