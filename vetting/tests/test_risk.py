"""The risk arithmetic: domain.md §3 by example, then as properties over all scores and facts."""

from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vetting import risk
from vetting.models import RiskBand
from vetting.risk import Band, Facts, Override

steady = settings(derandomize=True, deadline=None, max_examples=150)
some_scores = st.fixed_dictionaries({code: st.integers(0, 3) for code in risk.WEIGHTS})
some_facts = st.builds(
    Facts,
    home=st.booleans(),
    child_policy=st.booleans(),
    on_site_cooperative=st.booleans(),
    site_right=st.booleans(),
    months_old=st.none() | st.integers(0, 300),
    late_reports=st.none() | st.integers(0, 4),
    open_hit=st.booleans(),
)
CALM = Facts(months_old=60, late_reports=0)


def scores(value=0, **other):
    return {**dict.fromkeys(risk.WEIGHTS, value), **other}


def test_the_weights_make_a_hundred():
    assert list(risk.WEIGHTS.values()) == [15, 15, 20, 20, 15, 5, 10]
    assert sum(risk.WEIGHTS.values()) == 100


@pytest.mark.parametrize(
    ("given_scores", "points", "band"),
    [
        (scores(0), 0, "low"),
        (scores(3), 100, "high"),
        (scores(1), 33, "low"),  # 33.33
        (scores(1, R6=2), 35, "medium"),  # 35.00
        (scores(0, R1=3, R2=3, R6=2), 33, "low"),  # 33.33
        (scores(2, R6=0, R7=1), 60, "high"),  # 60.00
        (scores(2, R6=0, R7=1, R1=1, R2=2), 55, "medium"),
        (scores(0, R7=1), 3, "low"),  # 3.33 goes down
        (scores(0, R6=1), 2, "low"),  # 1.67 goes up
    ],
)
def test_score_and_band(given_scores, points, band):
    assert (risk.score(given_scores), risk.band_of(risk.score(given_scores))) == (points, band)


@pytest.mark.parametrize(("points", "band"), [(33, "low"), (34, "medium"), (59, "medium"), (60, "high")])
def test_the_limits_of_the_bands(points, band):
    assert risk.band_of(points) == band


@pytest.mark.parametrize("wrong", [scores(R1=4), scores(R1=-1), {"R1": 1}, {**scores(), "R8": 1}])
def test_seven_scores_from_0_to_3_are_needed(wrong):
    with pytest.raises(ValueError, match="seven factors"):
        risk.score(wrong)


@pytest.mark.parametrize(
    ("facts", "from_low", "from_medium", "rules"),
    [
        (CALM, "low", "medium", ()),
        (replace(CALM, home=True), "high", "high", ("home_without_policy",)),
        (replace(CALM, home=True, child_policy=True), "low", "medium", ()),
        (replace(CALM, on_site_cooperative=True), "medium", "medium", ("site_without_right",)),
        (replace(CALM, on_site_cooperative=True, site_right=True), "low", "medium", ()),
        (replace(CALM, months_old=23), "medium", "medium", ("young",)),
        (replace(CALM, months_old=24), "low", "medium", ()),
        (replace(CALM, months_old=None), "low", "medium", ()),
        (replace(CALM, late_reports=1), "low", "medium", ()),
        (replace(CALM, late_reports=2), "medium", "high", ("late_twice",)),
        (replace(CALM, months_old=3, late_reports=2), "high", "high", ("young", "late_twice")),
    ],
)
def test_what_raises_a_band(facts, from_low, from_medium, rules):
    low, medium = risk.rate(scores(0), facts), risk.rate(scores(1, R6=2), facts)

    assert (low.band, medium.band) == (from_low, from_medium)
    assert low.overrides == rules


def test_an_override_that_changes_nothing_is_not_named():
    assert risk.rate(scores(3), replace(CALM, home=True)).overrides == ()


def test_an_open_hit_blocks_and_is_no_band():
    assert risk.rate(scores(0), replace(CALM, open_hit=True)) == risk.Rating(0, Band.LOW, (), True)


def test_what_a_band_decides():
    assert [risk.review_months(band) for band in ("low", "medium", "high")] == [24, 12, 6]
    assert [risk.oversight(band) for band in ("low", "medium", "high")] == [
        ("desk", "visit_every_two_years", "two_tranches"),
        ("visit_every_year", "three_tranches"),
        ("visit_before_payment", "visit_every_half_year", "small_tranches", "vouchers"),
    ]


def test_the_codes_are_those_of_the_rows():
    assert [band.value for band in Band] == RiskBand.values


# --- properties ------------------------------------------------------------------------------------------------------


@steady
@given(some_scores)
def test_the_score_is_the_exact_sum_rounded_half_up(given_scores):
    exact = Fraction(sum(risk.WEIGHTS[code] * value for code, value in given_scores.items()), 3)

    assert 0 <= risk.score(given_scores) <= 100
    assert -Fraction(1, 2) <= exact - risk.score(given_scores) < Fraction(1, 2)


@steady
@given(some_scores, some_facts)
def test_a_higher_factor_never_lowers_score_or_band(given_scores, facts):
    before = risk.rate(given_scores, facts)

    for code, value in given_scores.items():
        if value < 3:
            after = risk.rate({**given_scores, code: value + 1}, facts)
            assert after.score >= before.score
            assert risk.LADDER.index(after.band) >= risk.LADDER.index(before.band)


@steady
@given(some_scores, some_facts)
def test_no_override_ever_lowers_a_band(given_scores, facts):
    rated = risk.rate(given_scores, facts)
    place = risk.LADDER.index(risk.band_of(rated.score))

    assert risk.LADDER.index(rated.band) >= place
    assert bool(rated.overrides) == (risk.LADDER.index(rated.band) > place)


@steady
@given(some_scores, some_facts)
def test_the_floors_hold(given_scores, facts):
    band = risk.rate(given_scores, facts).band

    if facts.home and not facts.child_policy:
        assert band is Band.HIGH
    if facts.on_site_cooperative and not facts.site_right:
        assert band is not Band.LOW


def test_every_rule_is_applied_by_somebody():
    every = {
        code
        for home, site, young, late in product((False, True), repeat=4)
        for code in risk.rate(
            scores(0), Facts(home=home, on_site_cooperative=site, months_old=1 if young else 99, late_reports=late * 2)
        ).overrides
    }
    assert every == set(Override)
