import datetime
from dataclasses import FrozenInstanceError
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from ace_partners.core.money import (
    CDF,
    MESSAGES,
    USD,
    CurrencyMismatch,
    FrozenRate,
    Money,
    RateError,
    format_money,
    line_usd,
    share,
    total,
    usd_from_cdf,
)
from ace_partners.core.numbers import format_percent, half_up

steady = settings(derandomize=True, deadline=None)
amounts = st.decimals(-(10**15), 10**15, places=2)
rates = st.decimals("0.0001", 10**6, places=4)


def usd(amount):
    return Money(Decimal(amount), USD)


def cdf(amount):
    return Money(Decimal(amount), CDF)


def rate(value="2750"):
    return FrozenRate(Decimal(value), datetime.date(2026, 2, 19), "bcc")


# --- impact.md §c.8 ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "at", "result"),
    [
        ("12500000", "2750", "4545.45"),
        ("1000", "2750", "0.36"),
        ("-500000", "2750", "-181.82"),
        ("1000000", "2164.67", "461.96"),
        # The page says 439.07, but 1 000 000 / 2 277.57 is 439.0645: its printed rate must be a rounded one.
        ("1000000", "2277.57", "439.06"),
        ("0", "2750", "0.00"),
        ("-1", "2750", "0.00"),
        ("1", "200", "0.01"),
        ("-1", "200", "-0.01"),
    ],
)
def test_usd_from_cdf(amount, at, result):
    assert str(usd_from_cdf(Decimal(amount), Decimal(at))) == result


def test_a_total_is_the_sum_of_rounded_lines():
    lines = [usd(usd_from_cdf(Decimal(1000), Decimal(2750))) for _ in range(3)]

    assert total(lines, USD) == usd("1.08")
    assert usd_from_cdf(Decimal(3000), Decimal(2750)) == Decimal("1.09")


def test_share_and_remainder_of_a_budget():
    budget, spent = usd(45000), usd("24545.45")

    assert format_percent(share(spent.amount, budget.amount)) == "54,5\u202f%"
    assert budget - spent == usd("20454.55")


def test_no_share_of_a_budget_of_zero():
    assert share(Decimal(300), Decimal(0)) is None


def test_share_is_neither_clipped_nor_rounded():
    assert share(Decimal(150), Decimal(100)) == 150
    assert half_up(share(Decimal(1), Decimal(3)), 6) == Decimal("33.333333")


@steady
@given(amounts, rates)
def test_the_conversion_is_the_exact_quotient_rounded_half_up(amount, at):
    cents = Fraction(amount) / Fraction(at) * 100
    expected = int(abs(cents) + Fraction(1, 2)) * (1 if cents >= 0 else -1)

    assert usd_from_cdf(amount, at) * 100 == expected


@steady
@given(st.lists(amounts, max_size=20))
def test_a_total_does_not_depend_on_the_order(values):
    lines = [Money(value, CDF) for value in values]

    assert total(lines, CDF) == total(reversed(lines), CDF)
    assert total(lines, CDF).amount == sum(values)


# --- rates ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", ["0", "-1", "NaN", "Infinity"])
def test_a_rate_is_above_zero(bad):
    with pytest.raises(RateError) as refused:
        usd_from_cdf(Decimal(1), Decimal(bad))
    assert refused.value.code == "not_positive"

    with pytest.raises(RateError) as refused:
        rate(bad)
    assert refused.value.code == "not_positive"


@pytest.mark.parametrize(("date", "source"), [(None, "bcc"), (datetime.date(2026, 2, 19), " ")])
def test_a_rate_has_a_date_and_a_source(date, source):
    with pytest.raises(RateError) as refused:
        FrozenRate(Decimal(2750), date, source)

    assert refused.value.code == "missing"


def test_a_rate_is_frozen():
    with pytest.raises(FrozenInstanceError):
        rate().rate = Decimal(1)


def test_a_line_in_dollars_needs_no_rate():
    assert str(line_usd(usd("300"), None)) == "300.00"


def test_a_line_in_francs_needs_its_rate():
    assert line_usd(cdf(12500000), rate()) == Decimal("4545.45")
    with pytest.raises(RateError) as refused:
        line_usd(cdf(1000), None)
    assert refused.value.code == "missing"


@pytest.mark.parametrize("code", MESSAGES)
def test_every_code_has_a_sentence(code):
    with translation.override(None):
        assert RateError(code).message == MESSAGES[code]


# --- amounts ----------------------------------------------------------------------------------------------------


def test_amounts_of_one_currency_add_and_subtract():
    assert usd("1.10") + usd("2.20") == usd("3.30")
    assert usd(1) - usd(3) == -usd(2)


def test_two_currencies_are_never_added():
    for mix in (lambda: usd(1) + cdf(1), lambda: cdf(1) - usd(1), lambda: total([usd(1), cdf(1)], USD)):
        with pytest.raises(CurrencyMismatch):
            mix()


def test_an_empty_total_keeps_its_currency():
    assert total([], CDF) == cdf(0)
    with pytest.raises(CurrencyMismatch):
        total([usd(1)], CDF)


def test_money_adds_to_money_only():
    with pytest.raises(TypeError):
        usd(1) + 1
    with pytest.raises(TypeError):
        usd(1) - Decimal(1)


@pytest.mark.parametrize(
    ("amount", "currency", "error"),
    [
        (1.5, USD, TypeError),
        (1, USD, TypeError),
        (Decimal(1), "EUR", ValueError),
        (Decimal("NaN"), USD, ValueError),
        (Decimal("Infinity"), CDF, ValueError),
    ],
)
def test_money_is_a_finite_decimal_in_a_known_currency(amount, currency, error):
    with pytest.raises(error):
        Money(amount, currency)


@pytest.mark.parametrize(
    ("money", "fr", "en"),
    [
        (None, "—", "—"),
        (usd("1234.5"), "1\u202f234,50\u00a0USD", "1,234.50\u00a0USD"),
        (usd("0"), "0,00\u00a0USD", "0.00\u00a0USD"),
        (usd("-181.82"), "−181,82\u00a0USD", "−181.82\u00a0USD"),
        (cdf("12500000.00"), "12\u202f500\u202f000\u00a0CDF", "12,500,000\u00a0CDF"),
        (cdf("1500000.5"), "1\u202f500\u202f000,50\u00a0CDF", "1,500,000.50\u00a0CDF"),
        (cdf("0.001"), "0\u00a0CDF", "0\u00a0CDF"),
        (cdf("0.999"), "1\u00a0CDF", "1\u00a0CDF"),
    ],
)
def test_format_money(money, fr, en):
    assert (format_money(money), format_money(money, "en")) == (fr, en)
