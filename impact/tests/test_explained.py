"""The arithmetic that is shown is the arithmetic that was done: every step can be done again from its own numbers."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impact import progress
from impact.figures.explained import ACROSS, CALCULATIONS, DIRECTIONS, network_steps, rule_of, steps_of
from impact.figures.network import network_results
from impact.models.framework import AcrossPartners, Calculation, Direction
from impact.progress import Kind, Pair, PeriodInput, Phase, Series
from impact.tests import factories
from impact.tests.factories_network import accepted_value, children, target_of
from impact.tests.test_network import YEAR

steady = settings(derandomize=True, database=None, deadline=None, max_examples=150)
whole = st.integers(0, 500).map(Decimal)
amounts = st.none() | whole
fractions = st.none() | st.tuples(whole, whole).filter(lambda pair: pair[1]).map(
    lambda pair: Pair(min(pair), max(pair))
)


@st.composite
def series_drawn(draw):
    kind = draw(st.sampled_from([Kind.NUMBER, Kind.PERCENTAGE]))
    calcs = {Kind.NUMBER: ["sum", "latest", "running", "max"], Kind.PERCENTAGE: ["latest", "pooled"]}[kind]
    values = amounts if kind == Kind.NUMBER else fractions
    periods = draw(st.lists(st.tuples(amounts, values), min_size=1, max_size=5))
    return Series(
        kind=kind,
        calc=draw(st.sampled_from(calcs)),
        direction=draw(st.sampled_from(list(progress.Direction))),
        baseline=draw(amounts),
        final_target=draw(amounts),
        periods=tuple(PeriodInput(target=aim, value=value, phase=Phase.DUE) for aim, value in periods),
    )


def again(step):
    """A step done again from its terms alone."""
    terms = [Fraction(term) for term in step.terms]
    if step.kind == "sum":
        return progress.shown_number(sum(terms))
    if step.kind == "less":
        return progress.shown_number(terms[0] - terms[1])
    if step.kind == "highest":
        return progress.shown_number(max(terms))
    if step.kind == "last":
        return progress.shown_number(terms[-1])
    if step.kind == "pooled":
        half = len(terms) // 2
        return sum(terms[:half]) / sum(terms[half:])
    assert step.kind == "share"
    actual, baseline, target = terms
    return progress.shown_percent((actual - baseline) / (target - baseline))


@steady
@given(series_drawn())
def test_steps_lead_to_the_figure(series):
    shown = progress.shown(progress.progress_of(series))

    steps = steps_of(series, shown)

    assert bool(steps) == (shown.actual is not None)
    for step in steps:
        if step.kind == "pooled":
            scale = 100 if series.kind == Kind.PERCENTAGE else 1
            assert progress.shown_number(scale * again(step)) == step.result == shown.actual
        elif step.kind == "share" and series.kind == Kind.NUMBER:
            assert again(step) == step.result
        elif step.kind not in ("met", "share"):
            assert again(step) == step.result == shown.actual
    shares = [step.result for step in steps if step.kind == "share"]
    assert shares == [share for share in (shown.achievement, shown.progress) if share is not None]


def series(kind, calc, direction, periods, *, baseline=None, final=None):
    return Series(
        kind=kind,
        calc=calc,
        direction=direction,
        baseline=baseline,
        final_target=final,
        periods=tuple(PeriodInput(target=aim, value=value, phase=Phase.DUE) for aim, value in periods),
    )


d = Decimal


@pytest.mark.parametrize(
    ("given_series", "words"),
    [
        (
            series("number", "sum", "increase", [(d(100), d(80)), (d(100), d(120))], baseline=d(0), final=d(400)),
            ["80 + 120 = 200", "200 ÷ 200 = 100%", "200 ÷ 400 = 50%"],
        ),
        (
            series("number", "latest", "increase", [(d(30), d(28)), (d(40), d(35))], baseline=d(20), final=d(60)),
            ["35", "(35 − 20) ÷ (40 − 20) = 75%", "(35 − 20) ÷ (60 − 20) = 37.5%"],
        ),
        (
            series("percentage", "pooled", "at_least", [(d(80), Pair(d(9), d(10))), (d(80), Pair(d(45), d(90)))]),
            ["(9 + 45) ÷ (10 + 90) = 54", "54 < 80: not reached"],
        ),
        (series("number", "sum", "at_most", [(d(0), d(0)), (d(0), d(1))]), ["0 + 1 = 1", "1 > 0: broken"]),
    ],
)
def test_arithmetic_is_written_out(english, given_series, words):
    shown = progress.shown(progress.progress_of(given_series))

    assert [step.words for step in steps_of(given_series, shown)] == words


def test_a_masked_period_is_withheld_in_the_arithmetic(english):
    given_series = series("number", "sum", "increase", [(None, d(3)), (None, d(40)), (None, d(12))])
    shown = progress.shown(progress.progress_of(given_series))

    (step,) = steps_of(given_series, shown, numbers=[None, d(40), None])

    assert (step.words, step.terms) == ("withheld + 40 + withheld = 55", (None, 40, None))


def test_nothing_told_has_no_steps():
    given_series = series("number", "sum", "increase", [(d(100), None)])

    assert steps_of(given_series, progress.shown(progress.progress_of(given_series))) == ()


def test_every_rule_has_its_sentence(english):
    assert set(CALCULATIONS) == set(Calculation.values)
    assert set(DIRECTIONS) == set(Direction.values)
    assert set(ACROSS) == set(AcrossPartners.values)
    assert len(rule_of("sum", "increase")) == len(rule_of("sum", "increase", "sum_net")) == 2


@pytest.mark.django_db
def test_network_steps_lead_to_gross_and_net():
    indicator = factories.IndicatorFactory(across_partners="sum_net")
    one, other = target_of(indicator), target_of(indicator)
    accepted_value(one, 120, shared=Decimal(30), shared_with=other.project.partner)
    accepted_value(other, 80)

    (result,) = network_results(**YEAR)
    gross, net = network_steps(result)

    assert (again(gross), gross.result, gross.words) == (200, result.total.gross, "120 + 80 = 200")
    assert (again(net), net.result, net.words) == (170, result.total.net, "200 − 30 = 170")


@pytest.mark.django_db
def test_network_steps_pool_fractions():
    indicator = factories.PercentageFactory()
    accepted_value(target_of(indicator), (9, 10))
    accepted_value(target_of(indicator), (45, 90))

    (result,) = network_results(**YEAR)
    (step,) = network_steps(result)

    assert (100 * again(step), step.result, step.words) == (54, result.total.gross, "(9 + 45) ÷ (10 + 90) = 54%")


@pytest.mark.django_db
def test_a_withheld_total_has_no_steps():
    accepted_value(target_of(children()), 3)

    (result,) = network_results(**YEAR)

    assert network_steps(result) == ()
