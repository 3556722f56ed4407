"""« Comment ce chiffre est calculé »: the rule in plain words, and the arithmetic written out with the very numbers used.

`steps_of` writes down what `impact.progress` did with one series, `network_steps` what `impact.across` did over partners.
Each step keeps its numbers beside its words, so that a test can do the sum again without reading a sentence.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ace_partners.core.charts import absence
from ace_partners.core.numbers import number_words
from impact import progress
from impact.figures.network_facts import ABSENT, NetworkResult, SpanState
from impact.progress import Calculation, Direction, Pair, has_value, number_of

CALCULATIONS = {
    Calculation.SUM: gettext_lazy(
        "Each period counts what is new in it. The values of all accepted periods are added up; a period without an"
        " accepted value adds nothing and is shown as missing, never as zero."
    ),
    Calculation.LATEST: gettext_lazy(
        "Each period says how things stand at its end. The figure is the one of the last accepted period; levels are"
        " never added up."
    ),
    Calculation.RUNNING: gettext_lazy(
        "Each period gives the total since the beginning. The figure is the one of the last accepted period: it already"
        " holds the earlier ones and is never added to them."
    ),
    Calculation.POOLED: gettext_lazy(
        "All accepted periods count together: the sum of the numerators over the sum of the denominators, never the"
        " mean of percentages."
    ),
    Calculation.MAX: gettext_lazy("The figure is the highest value of all accepted periods."),
}
DIRECTIONS = {
    Direction.INCREASE: gettext_lazy(
        "More is better. Achieved so far: the way from the starting point to the result, over the way from the starting"
        " point to the target. For new results that are added up the way starts at zero."
    ),
    Direction.DECREASE: gettext_lazy(
        "Less is better. Achieved so far: the way down from the starting point to the result, over the way down from the"
        " starting point to the target. For new results that are added up the starting point counts once for each period."
    ),
    Direction.AT_MOST: gettext_lazy("A limit not to be passed: it is kept or broken, and has no percentage."),
    Direction.AT_LEAST: gettext_lazy("A threshold to be held: it is kept or not, and has no percentage."),
    Direction.CONTEXT: gettext_lazy("A figure that describes the situation: it is not compared with a target."),
}
ACROSS = {
    "sum": gettext_lazy("Over several organisations the figures are added up."),
    "sum_net": gettext_lazy(
        "Over several organisations the figures are added up (gross). Work done together is then taken off once, where"
        " another organisation leads it and already counts it (net)."
    ),
    "pooled": gettext_lazy(
        "Over several organisations numerators and denominators are added up separately: the percentage of all, never"
        " the mean of their percentages."
    ),
    "none": gettext_lazy("Over several organisations this indicator is never added up: each stands by itself."),
}


@dataclass(frozen=True)
class Step:
    """One line of arithmetic. `terms` are the numbers that go in (None: withheld), `result` what comes out, rounded.

    `kind` says what was done with them: "sum", "last", "highest", "pooled" (numerators, then denominators), "share" (A, B,
    T: (A − B) / (T − B) in per cent) or "less" (first minus second).
    """

    kind: str
    label: str
    terms: tuple[Decimal | None, ...]
    result: Decimal | None
    words: str


def rule_of(calculation, direction, across=None):
    """The sentences of one indicator's rules, in the reader's language. With `across` those over partners are added."""
    sentences = [CALCULATIONS[Calculation(calculation)], ACROSS[across] if across else DIRECTIONS[Direction(direction)]]
    return tuple(str(sentence) for sentence in sentences)


# One target


def steps_of(series, shown, *, numbers=None, unit=""):
    """Steps from the values of a series to what is shown of it; () where there is no figure yet.

    `numbers`: what is shown of each period, None for a masked one; without it every number is shown.
    """
    if shown.actual is None:
        return ()
    values = [period.accepted for period in series.periods]
    counted = [
        (value, numbers is None or numbers[place] is not None) for place, value in enumerate(values) if has_value(value)
    ]
    steps = [_actual(series, counted, shown, unit)]
    steps += [step for step in (_achievement(series, shown, unit), _to_final(series, shown, unit)) if step]
    if not steps[1:] and (sentence := _kept(series, shown, unit)):
        steps.append(sentence)
    return tuple(steps)


def _actual(series, counted, shown, unit):
    label, pairs = _("To date"), isinstance(counted[0][0], Pair)
    if pairs and series.calc in (Calculation.POOLED, Calculation.SUM):
        return _pooled(label, [value if seen else None for value, seen in counted], shown.actual, unit)
    numbers = [_rounded(number_of(series.kind, value)) if seen else None for value, seen in counted]
    if series.calc == Calculation.SUM:
        return _sum(label, numbers, shown.actual, unit)
    if series.calc == Calculation.MAX:
        words = _("the highest of %(values)s: %(result)s") % {
            "values": " · ".join(_said(number, unit) for number in numbers),
            "result": number_words(shown.actual, unit),
        }
        return Step("highest", label, tuple(numbers), shown.actual, words)
    last, is_seen = counted[-1]
    if pairs and is_seen:
        return _pooled(label, [last], shown.actual, unit)
    return Step("last", label, (numbers[-1],), shown.actual, number_words(shown.actual, unit))


def _achievement(series, shown, unit):
    if shown.achievement is None:
        return None
    target, baseline = progress.like_for_like_target(series), progress.baseline_over(series, len(series.valued))
    actual = progress.actual_to_date(series)
    return _share(_("Achieved so far"), (actual, baseline, target), shown.achievement, unit)


def _to_final(series, shown, unit):
    if shown.progress is None:
        return None
    baseline, actual = progress.baseline_over(series, len(series.periods)), progress.actual_to_date(series)
    return _share(_("On the way to the final target"), (actual, baseline, series.final_target), shown.progress, unit)


def _share(label, numbers, result, unit):
    actual, baseline, target = (_rounded(number) for number in numbers)
    if baseline:
        words = "({} − {}) ÷ ({} − {})".format(*(_said(each, unit) for each in (actual, baseline, target, baseline)))
    else:
        words = f"{_said(actual, unit)} ÷ {_said(target, unit)}"
    return Step("share", label, (actual, baseline, target), result, f"{words} = {number_words(result, '%')}")


def _kept(series, shown, unit):
    """A limit or threshold against the figure: words, never a percentage."""
    target = progress.like_for_like_target(series)
    if shown.met is None or target is None:
        return None
    upward = series.direction in (Direction.INCREASE, Direction.AT_LEAST)
    relation = ("≥" if upward else "≤") if shown.met else ("<" if upward else ">")
    words = f"{number_words(shown.actual, unit)} {relation} {_said(_rounded(target), unit)}"
    verdict = _("reached") if shown.met else _("not reached")
    if series.direction in (Direction.AT_MOST, Direction.DECREASE):
        verdict = _("kept") if shown.met else _("broken")
    return Step("met", _("Against the target"), (shown.actual, _rounded(target)), None, f"{words}: {verdict}")


# Over partners


def network_steps(result: NetworkResult):
    """Steps from what each partner brings to the figure of the span; () where nothing is added or the total is withheld."""
    total, unit = result.total, result.unit
    if total.gross is None:
        return ()
    parts = [part for part in result.parts if part.state in (SpanState.VALUE, SpanState.MASKED)]
    if total.d is not None:
        pairs = [None if part.n is None or part.d is None else Pair(part.n, part.d) for part in parts]
        return (_pooled(_("All organisations"), pairs, total.gross, unit),)
    steps = [_sum(_("All organisations (gross)"), [part.value for part in parts], total.gross, unit)]
    if total.is_joint and total.net is not None:
        shared = total.gross - total.net
        words = f"{_said(total.gross, unit)} − {_said(shared, unit)} = {_said(total.net, unit)}"
        steps.append(Step("less", _("Without work counted twice (net)"), (total.gross, shared), total.net, words))
    return tuple(steps)


def state_words(part):
    """Why a part has no number, "" when it has one."""
    return "" if part.value is not None else absence(ABSENT[part.state])


# Words


def _sum(label, numbers, result, unit):
    words = " + ".join(_said(number, unit) for number in numbers)
    if len(numbers) > 1:
        words = f"{words} = {number_words(result, unit)}"
    return Step("sum", label, tuple(numbers), result, words)


def _pooled(label, pairs, result, unit):
    """Numerators, then denominators: (9 + 45) ÷ (10 + 90) = 54 %."""
    above, below = [pair and pair.n for pair in pairs], [pair and pair.d for pair in pairs]
    words = f"{_bracketed(above)} ÷ {_bracketed(below)} = {number_words(result, unit)}"
    return Step("pooled", label, (*above, *below), result, words)


def _bracketed(numbers):
    words = " + ".join(_said(number, "") for number in numbers)
    return f"({words})" if len(numbers) > 1 else words


def _said(number, unit):
    return _("withheld") if number is None else number_words(number, unit)


def _rounded(number):
    return progress.shown_number(progress.Fraction(number)) if number is not None else None
