"""The checks of a report as pure arithmetic (impact rules §c.5)."""

from decimal import Decimal as D
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from impact import checks, grid
from impact.checks import ExpenseFacts, Level, LineFacts, ReportFacts, ValueFacts
from impact.progress import NOT_APPLICABLE, Calculation, Kind, Pair

positive = st.fractions(min_value=Fraction(1, 100), max_value=10**6, max_denominator=100)
pasts = st.lists(positive, min_size=1, max_size=8)


def value(number=D(80), **facts):
    return ValueFacts(
        **{"target_id": 12, "kind": Kind.NUMBER, "calculation": Calculation.SUM, "is_reported": True, **facts},
        value=number,
    )


def fractions(*numbers):
    return tuple(Fraction(number) for number in numbers)


def codes(*facts, texts=()):
    return [(found.code, found.level.value) for each in facts for found in checks.of_value(each, texts)]


def keys(**facts):
    """Keys of a report in which nothing else is remarkable."""
    return [found.key for found in checks.find(ReportFacts(**facts))]


# --- one value -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "number", "code"),
    [
        (Kind.PERCENTAGE, Pair(D(11), D(10)), "numerator_out_of_range"),
        (Kind.PERCENTAGE, Pair(D(3), D(0)), "denominator_zero"),
        (Kind.RATIO, Pair(D(3), D(0)), "denominator_zero"),
        (Kind.NUMBER, D(-1), "negative"),
        (Kind.NUMBER, Pair(D(3), D(4)), "wrong_shape"),
    ],
)
def test_what_cannot_be_is_an_error(kind, number, code):
    found = list(checks.of_value(value(number, kind=kind)))

    assert [(each.key, each.level) for each in found] == [(f"{code}.v12", Level.ERROR)]


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        (Kind.RATIO, Pair(D(5700), D(190))),
        (Kind.PERCENTAGE, Pair(D(10), D(10))),
        (Kind.PERCENTAGE, NOT_APPLICABLE),
        (Kind.NUMBER, D(0)),
    ],
)
def test_what_can_be_is_none(kind, number):
    assert codes(value(number, kind=kind)) == []


def test_a_value_that_is_not_given_has_no_checks():
    assert codes(value(None, is_reported=False, earlier=fractions(80), has_evidence=False)) == []


@pytest.mark.parametrize(
    ("number", "earlier", "found"),
    [
        (31, (10,), ["spike"]),
        (30, (10,), []),
        (3, (10,), ["spike"]),
        (D("3.34"), (10,), []),
        (0, (10,), ["spike"]),
        (10, (10, 12), ["same"]),
        (0, (0, 0), []),  # zero again is no copy
        (7, (0, 0), []),  # nothing to measure by
        (31, (10, 11, 9, 10, 500, 500, 500), ["spike"]),  # only the last four count
    ],
)
def test_jumps_and_copies(number, earlier, found):
    assert [code for code, _level in codes(value(D(number), earlier=fractions(*earlier)))] == found


def test_a_running_total_never_falls():
    running = {"calculation": Calculation.RUNNING, "earlier": fractions(90)}

    assert codes(value(D(80), **running)) == [("falls", "warning")]
    assert codes(value(D(95), **running)) == []
    assert codes(value(D(80), earlier=fractions(90))) == []


def test_an_outlier_needs_five_values_and_a_spread():
    calm = fractions(100, 101, 99, 102, 98)

    assert codes(value(D(110), earlier=calm)) == [("outlier", "warning")]
    assert codes(value(D(103), earlier=calm)) == []
    assert codes(value(D(110), earlier=calm[:4])) == []
    assert codes(value(D(110), earlier=fractions(100, 100, 100, 100, 101))) == []


def test_deaths_need_their_account():
    deaths = {"counts_deaths": True}

    assert codes(value(D(1), **deaths)) == [("deaths", "warning")]
    assert codes(value(D(1), **deaths), texts=["Un creuseur est décédé dans un éboulement."]) == []
    assert codes(value(D(1), comment="Deux morts par noyade.", **deaths)) == []
    assert codes(value(D(1), **deaths), texts=["Le mortier a manqué."]) == [("deaths", "warning")]
    assert codes(value(D(0), **deaths)) == []


def test_the_shared_part_is_a_part():
    assert codes(value(D(80), shared=D(81))) == [("shared_over", "error")]
    assert codes(value(D(80), shared=D(80))) == []


# --- tables: the worked cases of §c.7 ----------------------------------------------------------------------------------


def by_sex(f, m):
    return {("sex",): {("F",): f, ("M",): m}}


def test_a_table_that_exceeds_its_total_is_an_error_naming_both():
    found = list(checks.of_value(value(D(189), tables=by_sex(D(130), D(69)))))

    assert [(each.key, each.level) for each in found] == [("table_over.sex.v12", Level.ERROR)]
    assert (found[0].params["sum"], found[0].params["total"]) == (199, 189)


def test_a_table_that_leaves_a_rest_is_a_warning():
    found = list(checks.of_value(value(D(189), tables=by_sex(D(120), D(60)))))

    assert [(each.key, each.level, each.params["rest"]) for each in found] == [("table_rest.sex.v12", Level.WARNING, 9)]
    assert codes(value(D(189), tables=by_sex(D(120), D(69)))) == []
    assert codes(value(D(189), tables={("sex",): {}})) == []  # not begun


def test_a_cell_of_a_fraction_is_a_fraction_itself():
    facts = value(Pair(D(10), D(20)), kind=Kind.PERCENTAGE, tables=by_sex(Pair(D(6), D(5)), Pair(D(4), D(15))))

    assert codes(facts) == [("bad_cell", "error")]


def test_cells_of_a_median_are_not_added():
    assert codes(value(D(100), tables=by_sex(D(120), D(90)), adds_up=False)) == []


cells = st.dictionaries(
    st.tuples(st.sampled_from("FM"), st.sampled_from(["u18", "18+", "NS"])), st.integers(0, 1000).map(D), min_size=1
)


@given(cells, st.integers(0, 3000).map(D))
def test_a_margin_above_the_total_is_always_found(table, total):
    over = any(margin > total for place in (0, 1) for margin in grid.margins(table, place).values())
    found = [code for code, _level in codes(value(total, tables={("sex", "age"): table}))]

    assert found in ([], ["table_over"], ["table_rest"])
    assert not over or found == ["table_over"]


# --- invariants --------------------------------------------------------------------------------------------------------


@given(positive, st.lists(positive, min_size=5, max_size=9), st.randoms(use_true_random=False))
def test_the_order_of_earlier_values_says_nothing_about_an_outlier(number, past, random):
    mixed = random.sample(past, len(past))

    assert checks.median(past) == checks.median(mixed)
    assert checks.is_outlier(number, past) == checks.is_outlier(number, mixed)
    assert checks.jumps(number, past[:4]) == checks.jumps(number, random.sample(past[:4], 4))


@given(positive, pasts, positive)
def test_another_unit_finds_the_same(number, past, factor):
    scaled = [factor * each for each in past]

    assert checks.jumps(number, past) == checks.jumps(factor * number, scaled)
    assert checks.is_outlier(number, past) == checks.is_outlier(factor * number, scaled)


@given(positive, st.lists(positive, min_size=1, max_size=4))
def test_the_median_itself_is_never_far(number, past):
    middle = checks.median(past)

    assert not checks.jumps(middle, past)
    assert min(past) <= middle <= max(past)
    assert checks.jumps(number, past) == (number / middle > 3 or middle / number > 3)


@given(st.booleans(), st.lists(st.text(), max_size=2))
def test_an_empty_report_has_no_check(is_over, texts):
    assert checks.find(ReportFacts(is_over=is_over, texts=tuple(texts))) == ()


numbers = st.integers(0, 1000).map(D)
values = st.builds(
    value,
    numbers,
    target_id=st.integers(1, 5),
    calculation=st.sampled_from([Calculation.SUM, Calculation.RUNNING, Calculation.LATEST]),
    tables=st.dictionaries(st.just(("sex",)), st.dictionaries(st.sampled_from([("F",), ("M",)]), numbers)),
    earlier=st.lists(positive, max_size=6).map(tuple),
    has_evidence=st.booleans(),
    counts_deaths=st.booleans(),
)


@given(st.lists(values, max_size=5, unique_by=lambda facts: facts.target_id), st.booleans())
def test_keys_are_unique_and_errors_come_first(facts, spent):
    expenses = (ExpenseFacts(1, in_francs=True, has_rate=False),) if spent else ()
    found = checks.find(ReportFacts(values=tuple(facts), expenses=expenses))
    levels = [each.level for each in found]

    assert len({each.key for each in found}) == len(found)
    assert levels == sorted(levels)  # "error" before "warning"
    assert all(len(each.key) <= 60 for each in found)


# --- the report as a whole -----------------------------------------------------------------------------------------------

SPENT = (ExpenseFacts(1, in_francs=False, has_rate=False),)


def test_one_remark_for_all_values_without_a_file():
    found = checks.find(
        ReportFacts(
            values=(value(target_id=1, has_evidence=False), value(target_id=2, has_evidence=False)), expenses=SPENT
        )
    )

    assert [(each.key, each.params["target_ids"]) for each in found] == [("unproven", (1, 2))]


def test_activity_and_spending_go_together():
    assert keys(values=(value(),)) == ["activity_unspent"]
    assert keys(values=(value(),), expenses=SPENT) == []
    assert keys(values=(value(D(0)),), expenses=SPENT) == ["spending_idle"]
    assert keys(values=(value(None, is_reported=False),), expenses=SPENT) == ["spending_idle"]
    assert keys(values=(value(D(0)),)) == []
    assert keys(expenses=SPENT) == []  # nothing is answered yet


def test_a_period_that_is_not_over_has_no_values():
    assert keys(values=(value(),), expenses=SPENT, is_over=False) == ["open_period"]


def test_francs_need_their_rate():
    assert keys(expenses=(ExpenseFacts(7, in_francs=True, has_rate=False),)) == ["no_rate.e7"]
    assert keys(expenses=(ExpenseFacts(7, in_francs=True, has_rate=True),)) == []


@pytest.mark.parametrize(
    ("budget", "before", "spent", "found"),
    [
        (1000, 1000, 100, []),
        (1000, 1000, D("100.01"), ["over.line3"]),
        (1000, 2000, 0, []),  # explained when it was spent
        (1000, 1200, -50, ["over.line3"]),  # a refund, and still over
        (0, 0, 300, ["unbudgeted.line3"]),
        (0, 300, -300, []),
    ],
)
def test_a_line_over_its_budget(budget, before, spent, found):
    assert keys(lines=(LineFacts(3, D(budget), D(before), D(spent)),)) == found


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_line_is_over_exactly_above_110_per_cent(budget, before, spent):
    assume(before + spent > 0)
    over = keys(lines=(LineFacts(3, D(budget), D(before), D(spent)),)) == ["over.line3"]

    assert over == (Fraction(before + spent, budget) > Fraction(11, 10))
