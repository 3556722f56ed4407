"""A partner's accepted results on one sheet for a village board: a few sentences that a passer-by understands.

Which results are told is settled by their kind, people before money before shares, never by how well they went; what is
withheld on the public page is left out here. Deaths are never put on a wall.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.conf import settings
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy, override

from ace_partners.core.numbers import format_number, half_up, number_words
from impact.figures import partner_results, partner_spending
from impact.progress import Direction

CONCERN = "/signaler/"
LONG_NAME, VERY_LONG_NAME = 45, 90  # letters: then the name is set smaller, and then one result gives way
SET_LARGE, SET_DENSE = 45, 65  # letters per result that a sheet has room for: up to the one, from the other on


class Size(StrEnum):
    A6 = "A6"
    A5 = "A5"
    A4 = "A4"


MOST_RESULTS = {Size.A6: 3, Size.A5: 4, Size.A4: 5}

# By indicator code: what the figure means to those who walk past. `n` is the number as written, "75 %" for a share.
SENTENCES = {
    "ENF-01": ngettext_lazy(
        "%(n)s child at risk or at work was found and listened to.",
        "%(n)s children at risk or at work were found and listened to.",
        "count",
    ),
    "ENF-02": ngettext_lazy("%(n)s child went to school again.", "%(n)s children went to school again.", "count"),
    "ENF-03": gettext_lazy("%(n)s of the children still go to school after a year."),
    "ENF-04": gettext_lazy("The pupils were in class %(n)s of the time."),
    "ENF-05": gettext_lazy("%(n)s of the children we know of were visited within 30 days."),
    "ENF-06": ngettext_lazy("%(n)s child left work for good.", "%(n)s children left work for good.", "count"),
    "ENF-07": gettext_lazy("%(n)s of the surprise visits found no child at work."),
    "ENT-01": ngettext_lazy("%(n)s person finished a training.", "%(n)s people finished a training.", "count"),
    "ENT-02": ngettext_lazy("%(n)s small business has started.", "%(n)s small businesses have started.", "count"),
    "ENT-03": gettext_lazy("%(n)s of the small businesses still run after 6 months."),
    "ENT-04": ngettext_lazy("%(n)s person has paid work.", "%(n)s people have paid work.", "count"),
    "ENT-05": gettext_lazy("Half of the people earn at least %(n)s USD a month."),
    "ENT-06": gettext_lazy("%(n)s of the households have an income outside the mine."),
    "ENT-07": ngettext_lazy("%(n)s hectare is farmed.", "%(n)s hectares are farmed.", "count"),
    "ENV-01": gettext_lazy("%(n)s of the washing places keep their water and waste in check."),
    "EPA-01": ngettext_lazy("%(n)s savings group is active.", "%(n)s savings groups are active.", "count"),
    "EPA-02": ngettext_lazy("%(n)s person saves in a group.", "%(n)s people save together.", "count"),
    "EPA-03": gettext_lazy("%(n)s USD were saved together."),
    "EPA-04": gettext_lazy("Each member has saved %(n)s USD on average."),
    "EPA-05": gettext_lazy("%(n)s of the members come to the meetings."),
    "EPA-06": gettext_lazy("%(n)s of the members stayed until the end of the cycle."),
    "EPA-07": gettext_lazy("%(n)s of the loans are paid back on time."),
    "GEN-01": gettext_lazy("%(n)s of those who decide are women."),
    "MIN-01": ngettext_lazy(
        "%(n)s worker has complete protective equipment.", "%(n)s workers have complete protective equipment.", "count"
    ),
    "MIN-02": gettext_lazy("%(n)s of the workers wear their protective equipment."),
    "MIN-03": ngettext_lazy(
        "%(n)s accident kept somebody from work.", "%(n)s accidents kept somebody from work.", "count"
    ),
    "MIN-05": gettext_lazy("%(n)s of the pits are made safe."),
    "MIN-06": ngettext_lazy(
        "%(n)s safety captain watches over the pits.", "%(n)s safety captains watch over the pits.", "count"
    ),
    "MIN-07": gettext_lazy("The site has taken step %(n)s of 8 towards a well-run mine."),
}
KINDS = ("persons", "children", "groups", "jobs", "activities", "events", "USD", "ha", "USD/person", "step 0–8", "%")
NOT_ON_A_WALL = frozenset({"MIN-04"})


@dataclass(frozen=True)
class Told:
    """One result: a sentence, and what was aimed at ("" where the aim is no simple number)."""

    words: str
    aim: str


@dataclass(frozen=True)
class PosterFacts:
    """Everything a poster says, in French. `results_until` is None while no report is accepted."""

    name: str
    slug: str
    has_long_name: bool
    is_fictitious: bool
    size: Size
    results: tuple[Told, ...]
    results_until: date | None
    spent: str
    page_url: str
    concern_url: str

    @property
    def look(self):
        """ "large", "dense" or "": how the sheet is set, by how much there is to say."""
        letters = len(self.name) + sum(len(told.words) + len(told.aim) for told in self.results)
        if self.has_long_name or letters > SET_DENSE * MOST_RESULTS[self.size]:
            return "dense"
        return "large" if letters <= SET_LARGE * MOST_RESULTS[self.size] else ""

    @property
    def page_words(self):
        """The address as people type it."""
        return _typed(self.page_url)

    @property
    def concern_words(self):
        return _typed(self.concern_url)


def read_poster(partner, size):
    """PosterFacts of a published organisation, in French whatever the page's language."""
    with override("fr"):
        targets = [target for project in partner_results(partner) for target in project.targets]
        until = max((row.ends_on for target in targets for row in target.rows if row.source), default=None)
        spending = partner_spending(partner)
        room = MOST_RESULTS[size] - (len(partner.name) > VERY_LONG_NAME)
        return PosterFacts(
            name=partner.name,
            slug=partner.slug,
            has_long_name=len(partner.name) > LONG_NAME,
            is_fictitious=partner.is_fictitious,
            size=size,
            results=tuple(_told(target) for target in _chosen(targets)[:room]),
            results_until=until,
            spent=_spent(spending) if spending.sources else "",
            page_url=settings.SITE_URL + reverse("public:partner", args=[partner.slug]),
            concern_url=settings.SITE_URL + CONCERN if _is_there(CONCERN) else "",
        )


def _chosen(targets):
    """The targets with a figure that may be shown, each indicator once, in the order of KINDS."""
    shown = {}
    for target in targets:
        if target.code in NOT_ON_A_WALL or target.is_masked or target.shown.actual is None:
            continue
        shown.setdefault(target.code, target)
    rank = {unit: place for place, unit in enumerate(KINDS)}
    return sorted(shown.values(), key=lambda target: rank.get(target.unit, len(rank)))


def _told(target):
    sentence, actual = SENTENCES.get(target.code), target.shown.actual
    if sentence is None:
        unit = "" if target.unit == "%" else target.unit_label
        words = f"{target.name} : {target.actual_words} {unit}".rstrip()
    else:
        words = sentence % {"n": _written(target), "count": _grammatical(actual)}
    return Told(words, _aim(target))


def _written(target):
    """The figure; of a share only the whole per cent, which can be read in passing."""
    return number_words(half_up(target.shown.actual, 0), "%") if target.unit == "%" else target.actual_words


def _grammatical(number: Decimal):
    """French counts 0 and 1, and everything below 2, as one."""
    return int(number)


def _aim(target):
    if target.final_target is None:
        return ""
    if target.direction in (Direction.INCREASE, Direction.AT_LEAST):
        return _("Aim: %(final)s.") % {"final": target.final_words}
    return _("Limit: %(final)s.") % {"final": target.final_words} if target.direction == Direction.AT_MOST else ""


def _spent(spending):
    spent = format_number(half_up(spending.spent_usd.amount, 0))
    if spending.share is None or not spending.budget_usd.amount:
        return _("Spent so far: %(spent)s USD.") % {"spent": spent}
    budget = format_number(half_up(spending.budget_usd.amount, 0))
    return _("Spent so far: %(spent)s USD, of %(budget)s planned.") % {"spent": spent, "budget": budget}


def _is_there(address):
    try:
        resolve(address)
    except Resolver404:
        return False
    return True


def _typed(url):
    return url.partition("://")[2].rstrip("/")
