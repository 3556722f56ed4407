"""How an organisation stands beside the others, without telling who they are: the median of the network, or nothing.

A median over few would be somebody's own figure. So there is one only where at least five organisations have a figure,
it never carries a name, and one that rests on 1 to 4 children is withheld (design §9: an achievement gives its figure
away). Pure: fractions in, fractions out, 1 means 100 %.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

FEWEST = 5  # organisations: below, the middle would tell about one of them


@dataclass(frozen=True)
class Standing:
    """The achievement of one target of one organisation. `few`: it rests on 1 to 4 children."""

    partner: int
    achievement: Fraction
    few: bool = False


@dataclass(frozen=True)
class Middle:
    """The median over `partners` organisations. `value` is None where it is withheld because it rests on few children."""

    value: Fraction | None
    partners: int


def network_median(standings: Iterable[Standing]) -> Middle | None:
    """The median of the organisations' achievements, in any order; None where fewer than five have one.

    An organisation counts once: with several targets on the indicator, by the median of its own. The median is withheld
    as soon as an organisation that stands at the middle, or beside it, rests on few children.
    """
    own = defaultdict(list)
    few = set()
    for standing in standings:
        own[standing.partner].append(standing.achievement)
        if standing.few:
            few.add(standing.partner)
    figures = {partner: median(values) for partner, values in own.items()}
    if len(figures) < FEWEST:
        return None
    ordered = sorted(figures.values())
    middle = {ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]}
    withheld = any(figure in middle and partner in few for partner, figure in figures.items())
    return Middle(None if withheld else Fraction(median(ordered)), len(figures))
